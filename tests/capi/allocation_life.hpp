// SPDX-License-Identifier: BSD-3-Clause
//
// A handle's life while memory is short, one allocation after the other.
#pragma once

#include "capi/failing_malloc.hpp"
#include "capi/support.hpp"

#include <cstdio>
#include <optional>

namespace kcapi::test {

/// Calls made while memory is short. Each may fail for want of memory, and must succeed when it is made
/// again, unless memory stays short. Nothing is asserted before end(): that would need memory.
class scarce_calls {
  public:
    scarce_calls(std::size_t n, shortage kind) : number_(n), kind_(kind) { memory_.emplace(n, kind); }

    /// Whether `f` returned `success`.
    template <class F>
    bool operator()(const char *name, ssize_t success, F f) {
        ssize_t r = f();
        if (r == -ENOMEM && kind_ == shortage::once)
            r = f();
        const bool right = r == success || (r == -ENOMEM && kind_ == shortage::from_then_on);
        if (!right && wrong_ == nullptr) {
            wrong_ = name;
            wrong_result_ = r;
        }
        return r == success;
    }

    /// There is memory again. Returns whether it had run out.
    bool end() {
        const bool felt = memory_->was_felt();
        memory_.reset();
        EXPECT_EQ(wrong_, nullptr) << wrong_ << " returned " << wrong_result_ << ", allocation " << number_;
        return felt;
    }

  private:
    std::optional<memory_shortage> memory_;
    const std::size_t number_;
    const shortage kind_;
    const char *wrong_ = nullptr;
    ssize_t wrong_result_ = 0;
};

/// Runs `body` with n = 0, 1, ... until memory does not run out any more. How many times that was.
template <class Body>
std::size_t sweep(shortage kind, Body body) {
    constexpr std::size_t enough = 100000; // more allocations than any life has
    for (std::size_t n = 0; n < enough; ++n)
        if (!body(n, kind) || testing::Test::HasFailure())
            return n;
    ADD_FAILURE() << "no end";
    return enough;
}

/// Whether the life leaves more behind each time that it runs. What a library caches or drops while memory is
/// short counts once at the most. `felt`: whether memory ran out.
template <class Life>
bool leaks(Life life, bool &felt) {
    for (int i = 0; i < 3; ++i) {
        const long before = live_allocations();
        felt = life();
        if (live_allocations() <= before)
            return false;
    }
    return true;
}

/// Sweeps over a life, which says whether memory ran out; it takes at least so many allocations.
template <class Life>
void expect_no_leak(shortage kind, std::size_t at_least, Life life) {
    // First without a look at leaks: libcrypto has room for the texts of 16 errors, and a sweep brings a few.
    for (int i = 0; i < 2; ++i)
        (void)sweep(kind, life);
    const std::size_t count = sweep(kind, [&](std::size_t n, shortage k) {
        const std::size_t descriptors = open_descriptors();
        bool felt = false;
        EXPECT_FALSE(leaks([&] { return life(n, k); }, felt)) << "allocation " << n;
        EXPECT_EQ(open_descriptors(), descriptors) << "allocation " << n;
        return felt;
    });
    std::printf("[ COUNTED  ] %zu allocations\n", count);
    EXPECT_GT(count, at_least);
}

/// A test for both kinds of shortage.
class allocation : public testing::TestWithParam<shortage> {};

} // namespace kcapi::test
