// SPDX-License-Identifier: BSD-3-Clause
//
// Makes up one case of an algorithm: the calls on a transform with one key, from open to the last receive.
// All of them without waiting, and of at most 8 KiB at a time. Everything follows from the seed and from what
// the calls answered.
#pragma once

#include "diff/choices.hpp"
#include "oracle/session.hpp"

#include <deque>
#include <memory>
#include <optional>

namespace kcapi::diff {

/// What both sides must give in a receive besides the count.
enum class given_bytes : std::uint8_t {
    same,
    any,           ///< each has its own random numbers
    same_decrypted ///< each its own in what was encrypted; and in what was decrypted the hole is nobody's
                   ///< affair
};

struct case_call {
    oracle::call what;
    given_bytes bytes = given_bytes::same;
    std::size_t hole_at = 0;
    std::size_t hole_size = 0;
};

/// What a kernel does in its own way, and the local engine in that of the reference.
struct kernel_ways {
    bool separate_messages = false; ///< what a message leaves for the next one; each brings its own IV
    bool too_little_room = false;   ///< a receive with room for less than a chunk may be 0 and not EINVAL
    bool too_little_moves = false;  ///< and if it is, the IV has moved; the case ends there
    bool fewer_keys = false;        ///< refuses key sizes that the reference takes; the case ends there
    bool refused_digest = false;    ///< what follows a message that a hash refuses; the case ends there
};

class case_source {
  public:
    case_source(std::uint64_t seed, const test::name_record &about) : random_(seed), about_(about) {}
    virtual ~case_source() = default;
    case_source(const case_source &) = delete;
    case_source &operator=(const case_source &) = delete;

    /// Nothing when the case is over.
    [[nodiscard]] std::optional<case_call> next();
    /// How the call that next() gave ended on the reference.
    virtual void observe(const oracle::call &, const oracle::outcome &) {}

  protected:
    /// Adds the calls of one more message; false: there is none.
    virtual bool more() = 0;

    void plan(oracle::call c) { planned_.push_back({.what = std::move(c)}); }
    [[nodiscard]] case_call &last_planned() { return planned_.back(); }
    void plan_open();
    void plan_key(oracle::pattern value);
    void plan_accept(const std::string &object, const std::string &parent);
    void plan_close(const std::string &object);
    void plan_receive(const std::string &object, std::vector<oracle::room> rooms);
    /// A send with the text cut into elements.
    [[nodiscard]] oracle::call send_of(const std::string &object, std::size_t size);

    /// A size that `property` lists, mostly; else any up to the longest one and some more.
    [[nodiscard]] std::size_t size_like(const std::vector<std::size_t> &good);

    choices random_;
    const test::name_record &about_;

  private:
    std::deque<case_call> planned_;
};

/// By the type of the name.
[[nodiscard]] std::unique_ptr<case_source>
make_case_source(std::uint64_t seed, const test::name_record &about, const kernel_ways &ways);

// One per type.
[[nodiscard]] std::unique_ptr<case_source> make_skcipher_case(std::uint64_t seed, const test::name_record &,
                                                              const kernel_ways &ways);
[[nodiscard]] std::unique_ptr<case_source> make_aead_case(std::uint64_t seed, const test::name_record &);
[[nodiscard]] std::unique_ptr<case_source> make_hash_case(std::uint64_t seed, const test::name_record &);
[[nodiscard]] std::unique_ptr<case_source> make_rng_case(std::uint64_t seed, const test::name_record &);

} // namespace kcapi::diff
