// SPDX-License-Identifier: BSD-3-Clause
//
// What the cases of a name are drawn from: a random source that gives the same everywhere, and lengths, keys
// and cuts at which something happens.
#pragma once

#include "names/probe.hpp"
#include "oracle/script.hpp"

#include <array>
#include <random>

namespace kcapi::diff {

inline constexpr std::size_t longest_text = 8192;

class choices {
  public:
    explicit choices(std::uint64_t seed) : random_(seed) {}

    // Not the distributions of the library: those differ between implementations, and a seed shall not.
    [[nodiscard]] std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }
    [[nodiscard]] bool one_in(std::size_t n) { return below(n) == 0; }
    template <class List>
    [[nodiscard]] auto any_of(const List &list) {
        return list[below(list.size())];
    }

    /// 0 to longest_text, mostly short, mostly near a block, a page or a batch; with a block above 1 mostly a
    /// multiple of it.
    [[nodiscard]] std::size_t length(std::size_t block);
    /// Random bytes; now and then all the same, and mostly 0 or ff then.
    [[nodiscard]] oracle::pattern bytes(std::size_t size);
    /// A counter near its end at some width, as often as random bytes.
    [[nodiscard]] oracle::pattern iv(std::size_t size);
    /// Cuts a length at random places, mostly not at all.
    [[nodiscard]] std::vector<std::size_t> parts_of(std::size_t total);
    [[nodiscard]] std::vector<oracle::room> rooms(std::size_t total);

  private:
    std::mt19937_64 random_;
};

/// The sizes that a recorded property such as "4,8,12-16" or "0-*300" lists; "none" is none.
[[nodiscard]] std::vector<std::size_t> sizes_of(const test::name_record &r, const std::string &property);
/// The one number that a property is; 0 if it is not recorded.
[[nodiscard]] std::size_t number_of(const test::name_record &r, const std::string &property);

} // namespace kcapi::diff
