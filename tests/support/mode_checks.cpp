// SPDX-License-Identifier: BSD-3-Clause
#include "support/mode_checks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace kcapi::test {

namespace {

using local::direction;

constexpr direction both_ways[] = {direction::encrypt, direction::decrypt};
constexpr std::size_t lengths[] = {16,   32,   48,   64,    240,   256,   272,   1008,   2032,
                                   2048, 2064, 4096, 16384, 65520, 65536, 65552, 131072, 200000};
constexpr std::size_t odd_lengths[] = {1, 15, 17, 100, 2047, 2049, 65537};

void check_message(const local::driver &d, keyed_driver &keyed, const byte_vector &key, std::size_t length) {
    const byte_vector in = pattern_message(length);
    for (const direction way : both_ways) {
        SCOPED_TRACE(std::string(d.driver_name) + ", key of " + std::to_string(key.size()) + ", length " +
                     std::to_string(length) + (way == direction::encrypt ? ", encrypt" : ", decrypt"));
        const byte_vector expected = by_evp(d.name, way, key, pattern_iv(), in);
        EXPECT_TRUE(keyed.message(way, pattern_iv(), in) == expected);
        byte_vector data = in;
        keyed.set_iv(pattern_iv());
        EXPECT_EQ(keyed.pass(way, data.data(), data.data(), length), 0);
        EXPECT_TRUE(data == expected) << "in place";
    }
}

void expect_wrap(keyed_driver &keyed, const byte_vector &key, const byte_vector &counter,
                 std::size_t length) {
    const byte_vector in = pattern_message(length);
    const byte_vector expected = by_evp("ctr(aes)", direction::encrypt, key, counter, in);
    EXPECT_TRUE(keyed.message(direction::encrypt, counter, in) == expected) << length;
    // What is carried goes on behind the wrap.
    const byte_vector next = keyed.pass(direction::encrypt, base::bytes(in).first(16));
    byte_vector longer((length + 15) / 16 * 16 + 16, 0);
    std::copy_n(in.begin(), 16, longer.end() - 16);
    const byte_vector all = by_evp("ctr(aes)", direction::encrypt, key, counter, longer);
    EXPECT_TRUE(std::equal(next.begin(), next.end(), all.end() - 16)) << length << ", the next pass";
}

} // namespace

void check_messages(const local::driver &d, std::initializer_list<std::size_t> key_sizes, std::size_t unit) {
    for (const std::size_t key_size : key_sizes) {
        const byte_vector key = pattern_key(key_size);
        keyed_driver keyed(d, key);
        for (const std::size_t length : lengths)
            check_message(d, keyed, key, length);
        if (unit == 1)
            for (const std::size_t length : odd_lengths)
                check_message(d, keyed, key, length);
    }
}

void check_passes(const local::driver &d, std::size_t key_size, std::size_t unit) {
    const byte_vector key = pattern_key(key_size);
    keyed_driver keyed(d, key);
    const byte_vector in = pattern_message(150016);
    std::mt19937 random(1);
    for (const direction way : both_ways) {
        const byte_vector expected = keyed.message(way, pattern_iv(), in);
        const auto carried = keyed.carried().iv;
        for (int round = 0; round < 20; ++round) {
            keyed.set_iv(pattern_iv());
            byte_vector out = in;
            for (std::size_t done = 0; done < in.size();) {
                const std::size_t limit = random() % 2 == 0 ? 1000 : 80000;
                const std::size_t n = std::min(unit + random() % limit / unit * unit, in.size() - done);
                ASSERT_EQ(keyed.pass(way, out.data() + done, out.data() + done, n), 0);
                done += n;
            }
            EXPECT_TRUE(out == expected) << d.driver_name;
            EXPECT_TRUE(keyed.carried().iv == carried) << d.driver_name;
        }
    }
}

void check_counters(const local::driver &d) {
    const byte_vector key = pattern_key(32);
    keyed_driver keyed(d, key);
    for (const std::size_t ones : {4U, 8U, 16U})
        for (const std::size_t before : {0U, 1U, 3U, 15U, 16U, 130U}) {
            SCOPED_TRACE(std::to_string(ones) + " bytes of ones, less " + std::to_string(before));
            byte_vector counter = pattern_iv();
            std::fill(counter.end() - static_cast<std::ptrdiff_t>(ones), counter.end(), 0xff);
            counter.back() = static_cast<std::uint8_t>(counter.back() - before);
            const std::size_t wrap = (before + 1) * 16;
            for (const std::size_t length : {wrap - 1, wrap, wrap + 1, wrap + 16, wrap + 2048, wrap + 5000,
                                             std::size_t{16}, std::size_t{70000}})
                expect_wrap(keyed, key, counter, length);
        }
}

void check_refusals(const local::driver &d, std::initializer_list<std::size_t> key_sizes, std::size_t unit) {
    std::unique_ptr<local::skcipher_key> made;
    for (std::size_t n = 0; n <= 80; ++n) {
        const bool fits = std::find(key_sizes.begin(), key_sizes.end(), n) != key_sizes.end();
        EXPECT_EQ(d.make_skcipher(d, pattern_key(n), made), fits ? 0 : EINVAL) << d.driver_name << ", " << n;
    }
    keyed_driver keyed(d, pattern_key(*key_sizes.begin()));
    byte_vector data(4096);
    for (const std::size_t n : {1U, 15U, 17U, 2049U, 4095U}) {
        keyed.set_iv(pattern_iv());
        // xts takes any length from a block on, as the kernel's driver does below the socket.
        const bool fits = unit == 1 || (std::string_view(d.name) == "xts(aes)" && n > 16);
        EXPECT_EQ(keyed.pass(direction::encrypt, data.data(), data.data(), n), fits ? 0 : EINVAL)
            << d.driver_name << ", " << n;
    }
}

} // namespace kcapi::test
