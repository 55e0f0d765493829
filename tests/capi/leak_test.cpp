// SPDX-License-Identifier: BSD-3-Clause
//
// Nothing grows: memory and descriptors after thousands of handles.
#include "capi/support.hpp"

#include <unistd.h>

#include <fstream>

using namespace kcapi::test;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool memory_is_the_sanitizers = true; // it keeps freed memory, and finds leaks itself
#else
constexpr bool memory_is_the_sanitizers = false;
#endif

std::size_t resident_bytes() {
    std::size_t pages = 0;
    std::ifstream file("/proc/self/statm");
    file >> pages >> pages;
    return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

/// The life of a handle, errors and unfinished messages included.
void live(std::size_t i) {
    static const char *const names[] = {"cbc(aes)", "ctr(aes)", "xts(aes)", "ecb(aes)", "cts(cbc(aes))"};
    const char *const name = names[i % 5];
    const octets iv = i % 5 == 3 ? octets() : iv_16();
    const octets data = pattern(i % 50 == 0 ? 70000 : 320);
    octets out;
    cipher c(name, i % 5 == 2 ? key_64() : key_32());
    EXPECT_EQ(c.encrypt(data, iv, out), static_cast<ssize_t>(data.size()));
    EXPECT_EQ(c.encrypt(pattern(7), iv, out), i % 5 == 1 ? 7 : -EINVAL);
    EXPECT_EQ(c.start_encrypt(iv, data), static_cast<ssize_t>(data.size()));
    EXPECT_EQ(c.update({{nullptr, 1}}), -EFAULT);
    if (i % 3 != 0) {
        EXPECT_EQ(c.end(), 0);
        EXPECT_EQ(c.collect(data.size(), out), static_cast<ssize_t>(data.size()));
    }
    const cipher second(c, 0);
    if (i % 50 == 0) { // now and then: the kernel starts modprobe for it
        kcapi_handle *none = nullptr;
        EXPECT_LT(kcapi_cipher_init(&none, "no-such-cipher", 0), 0);
    }
}

} // namespace

TEST(leak, memory_and_descriptors_stay_flat) {
    const std::size_t rounds = scaled(2000, 100);
    for (std::size_t i = 0; i < rounds / 2; ++i)
        live(i);
    const std::size_t descriptors = open_descriptors();
    const std::size_t memory = resident_bytes();
    for (std::size_t i = 0; i < rounds; ++i)
        live(i);
    EXPECT_EQ(open_descriptors(), descriptors);
    if (!memory_is_the_sanitizers) {
        EXPECT_LE(resident_bytes(), memory + 256 * 1024) << "in " << rounds << " rounds";
    }
}

TEST(leak, a_stream_of_any_length_needs_no_more_memory_than_a_short_one) {
    const octets piece = pattern(150000);
    cipher c("ctr(aes)", key_16());
    octets out(200000);
    ASSERT_EQ(c.start_encrypt(iv_16()), 0);
    const auto pass = [&](std::size_t times) {
        for (std::size_t i = 0; i < times; ++i) {
            ASSERT_EQ(c.update(piece), 150000);
            ASSERT_EQ(c.collect(pieces(out)), 150000);
        }
    };
    pass(20);
    const std::size_t memory = resident_bytes();
    pass(scaled(1000, 30));
    if (!memory_is_the_sanitizers) {
        EXPECT_LE(resident_bytes(), memory + 256 * 1024);
    }
    ASSERT_EQ(c.end(), 0);
    EXPECT_EQ(c.collect(pieces(out)), 0);
}
