// SPDX-License-Identifier: BSD-3-Clause
//
// Makes up calls on one transform and one operation, from a seed. It keeps count of what the operation holds,
// as far as answers tell, so that a call without MSG_DONTWAIT is made up only where it cannot sleep.
#pragma once

#include "oracle/script.hpp"

#include <random>

namespace kcapi::diff {

/// What two implementations of a mode have to agree on.
enum class scope : std::uint8_t {
    everything,
    /// What Linux 6.1 shares with later ones: an xts message leaves another tweak there, and passes end
    /// elsewhere.
    linux_6_1,
    /// Of xts and cts only messages that bring an IV and are collected at once: what a pass leaves for the
    /// next one is each implementation's own affair there.
    defined
};

/// Where made-up calls come from.
class call_source {
  public:
    virtual ~call_source() = default;
    [[nodiscard]] virtual oracle::step next() = 0;
    /// How the step that next() gave has ended, as text. To be told before the next one is asked for.
    virtual void observe(const oracle::step &s, const std::string &result) = 0;
};

class generator final : public call_source {
  public:
    generator(std::uint64_t seed, scope what);

    [[nodiscard]] oracle::step next() override;
    void observe(const oracle::step &s, const std::string &result) override;

  private:
    [[nodiscard]] std::size_t below(std::size_t limit);
    [[nodiscard]] bool one_in(std::size_t n) { return below(n) == 0; }
    [[nodiscard]] std::size_t size();
    [[nodiscard]] std::vector<std::size_t> parts_of(std::size_t total);
    [[nodiscard]] bool keeps_messages_whole() const;

    [[nodiscard]] oracle::call open();
    [[nodiscard]] oracle::call key();
    [[nodiscard]] oracle::call accept() const;
    [[nodiscard]] oracle::call send();
    [[nodiscard]] oracle::call whole_message();
    [[nodiscard]] oracle::header header();
    [[nodiscard]] oracle::call receive();
    [[nodiscard]] std::size_t room();
    [[nodiscard]] oracle::call buffer();
    [[nodiscard]] oracle::call poll() const;
    [[nodiscard]] oracle::call close(const char *object) const;

    // generator_aead.cpp
    [[nodiscard]] bool offers_aead() const { return scope_ != scope::defined; }
    [[nodiscard]] oracle::call open_aead();
    [[nodiscard]] oracle::call key_aead();
    [[nodiscard]] oracle::call tag();
    [[nodiscard]] oracle::step next_aead();
    [[nodiscard]] oracle::header header_aead();
    [[nodiscard]] oracle::call send_aead();
    [[nodiscard]] oracle::call send_sealed();
    [[nodiscard]] oracle::call receive_aead();
    void observe_aead(const oracle::call &c, const std::string &result);

    void sent(const oracle::call &c, long value);
    void received(const oracle::call &c, long value);
    void forget_queue();

    std::mt19937_64 random_;
    scope scope_;
    std::string mode_;
    bool has_transform_ = false;
    bool has_operation_ = false;
    bool keyed_ = false;
    bool poll_next_ = false;
    std::size_t offset_ = 0; ///< of the next message byte in the pattern

    // What the operation holds.
    std::size_t capacity_ = 0;
    std::size_t queued_ = 0;
    bool more_ = false;
    bool certain_ = true;

    /// What an aead's next message is made of, and the last that was encrypted: the two together decrypt.
    struct aead_state {
        bool on = false;
        std::size_t iv_size = 0;
        std::size_t tag_size = 0;
        std::uint32_t assoc_len = 0;
        bool encrypts = false;
        bool pending = false; ///< a finished message is to be collected
        bool stuck = false;
        std::optional<oracle::pattern> iv;
        std::optional<oracle::pattern> sealed;
        std::optional<oracle::pattern> sealed_iv;
        std::uint32_t sealed_assoc_len = 0;
    };
    aead_state aead_;
};

/// The number a result begins with; -1 if it is an error.
[[nodiscard]] long value_of(const std::string &result);

} // namespace kcapi::diff
