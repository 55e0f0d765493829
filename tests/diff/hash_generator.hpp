// SPDX-License-Identifier: BSD-3-Clause
//
// Makes up calls on one hash transform and up to three of its operations, from a seed. A hash never sleeps,
// so any call may be made at any time.
#pragma once

#include "diff/generator.hpp"

namespace kcapi::diff {

class hash_generator final : public call_source {
  public:
    explicit hash_generator(std::uint64_t seed) : random_(seed) {}

    [[nodiscard]] oracle::step next() override;
    void observe(const oracle::step &s, const std::string &result) override;

  private:
    [[nodiscard]] std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }
    [[nodiscard]] bool one_in(std::size_t n) { return below(n) == 0; }
    [[nodiscard]] std::size_t size();
    [[nodiscard]] oracle::call open();
    [[nodiscard]] oracle::call key();
    [[nodiscard]] oracle::call accept();
    [[nodiscard]] oracle::call send();
    [[nodiscard]] oracle::call receive();
    [[nodiscard]] oracle::call on_operation(oracle::verb what);

    std::mt19937_64 random_;
    bool has_transform_ = false;
    std::vector<std::string> operations_;
    std::size_t next_name_ = 0; ///< of operations; a name is not used twice
    std::size_t offset_ = 0;    ///< of the next message byte in the pattern
};

} // namespace kcapi::diff
