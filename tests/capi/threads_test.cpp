// SPDX-License-Identifier: BSD-3-Clause
//
// Several threads on one message: the same bytes and the same chain as by one, with every library; and who is
// there when.
#include "capi/child.hpp"
#include "capi/environment.hpp"
#include "capi/support.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

using namespace kcapi::test;

namespace {

constexpr std::size_t large = std::size_t{3} << 20;

std::size_t threads_here() {
    std::size_t n = 0;
    for ([[maybe_unused]] const auto &entry : std::filesystem::directory_iterator("/proc/self/task"))
        ++n;
    return n;
}

void set_threads(std::size_t count) { ASSERT_EQ(kcapi_ext_set_threads(count), 0); }

struct mode {
    const char *name;
    std::size_t key_size;
    std::size_t iv_size;
    bool takes_tails; ///< lengths that are no multiple of the block
};
const mode modes[] = {{"ctr(aes)", 32, 16, true},
                      {"cbc(aes)", 32, 16, false},
                      {"xts(aes)", 64, 16, true},
                      {"ecb(aes)", 16, 0, false}};

/// A message, one that goes on where it ended, and one in place; both directions.
octets conversation(const mode &m, const octets &plain) {
    cipher c(m.name, pattern(m.key_size, 3));
    const octets iv = pattern(m.iv_size, 4);
    octets all;
    for (const bool encrypts : {true, false}) {
        const auto call = encrypts ? kcapi_cipher_encrypt : kcapi_cipher_decrypt;
        octets out(plain.size());
        const auto size = static_cast<ssize_t>(plain.size());
        EXPECT_EQ(call(c.get(), plain.data(), plain.size(), iv.data(), out.data(), out.size(), 0), size);
        all = std::move(all) + out;
        EXPECT_EQ(call(c.get(), plain.data(), plain.size(), nullptr, out.data(), out.size(), 0), size);
        all = std::move(all) + out;
        out = plain;
        EXPECT_EQ(call(c.get(), out.data(), out.size(), iv.data(), out.data(), out.size(), 0), size);
        all = std::move(all) + out;
    }
    return all;
}

void compare_one_and_many() {
    for (const mode &m : modes)
        for (const std::size_t tail : {0U, 16U, 4080U, 1U, 17U}) {
            if (tail % 16 != 0 && !m.takes_tails)
                continue;
            const octets plain = pattern(large + tail, 5);
            set_threads(1);
            const octets alone = conversation(m, plain);
            for (const std::size_t threads : {2U, 3U, 8U}) {
                set_threads(threads);
                EXPECT_TRUE(conversation(m, plain) == alone)
                    << m.name << ", " << plain.size() << " bytes, " << threads << " threads";
            }
        }
}

} // namespace

TEST(threads, give_what_one_gives_with_every_library) {
    for (const char *const driver : {"", "openssl", "gcrypt"})
        EXPECT_TRUE(passes_in_child([&] {
            set_environment("KCAPI_ENGINE", "local");
            if (*driver == '\0') {
                compare_one_and_many();
                return;
            }
            set_environment("KCAPI_DRIVER", driver);
            kcapi_handle *h = nullptr;
            if (kcapi_cipher_init(&h, "ecb(aes)", 0) == 0) { // libgcrypt has no driver for it
                kcapi_cipher_destroy(h);
                compare_one_and_many();
                return;
            }
            EXPECT_STREQ(driver, "gcrypt");
            for (const mode &m : modes)
                if (m.iv_size != 0) {
                    const octets plain = pattern(large + 32, 6);
                    set_threads(1);
                    const octets alone = conversation(m, plain);
                    set_threads(4);
                    EXPECT_TRUE(conversation(m, plain) == alone) << m.name;
                }
        })) << driver;
}

TEST(threads, are_there_from_the_first_long_message_on_and_not_before) {
    EXPECT_TRUE(passes_in_child([] {
        set_environment("KCAPI_ENGINE", "local");
        set_threads(4);
        cipher c("ctr(aes)", pattern(32));
        (void)c.encrypted(pattern(65536), iv_16());
        EXPECT_EQ(threads_here(), 1U) << "a small message";
        (void)c.encrypted(pattern(large), iv_16());
        EXPECT_EQ(threads_here(), 4U);
        (void)c.encrypted(pattern(large), iv_16());
        EXPECT_EQ(threads_here(), 4U) << "the same ones";
    }));
}

TEST(threads, are_none_where_one_is_asked_for) {
    EXPECT_TRUE(passes_in_child([] {
        set_environment("KCAPI_ENGINE", "local");
        set_environment("KCAPI_THREADS", "1");
        cipher c("ctr(aes)", pattern(32));
        (void)c.encrypted(pattern(large), iv_16());
        EXPECT_EQ(threads_here(), 1U);
    }));
}

TEST(threads, variable_that_is_no_number_is_enoent) {
    for (const char *const value : {"many", "2x", "-1", " 2"})
        EXPECT_TRUE(passes_in_child([&] {
            set_environment("KCAPI_THREADS", value);
            kcapi_handle *h = nullptr;
            EXPECT_EQ(kcapi_cipher_init(&h, "ctr(aes)", 0), -ENOENT) << value;
        }));
}

TEST(threads, of_the_parent_are_not_missed_by_a_forked_child) {
    EXPECT_TRUE(passes_in_child([] {
        set_environment("KCAPI_ENGINE", "local");
        set_threads(3);
        const octets plain = pattern(large);
        cipher c("ctr(aes)", pattern(32));
        const octets expected = c.encrypted(plain, iv_16());
        EXPECT_TRUE(passes_in_child([&] {
            EXPECT_EQ(threads_here(), 1U);
            EXPECT_TRUE(c.encrypted(plain, iv_16()) == expected);
            EXPECT_EQ(threads_here(), 3U) << "its own";
        }));
        EXPECT_TRUE(c.encrypted(plain, iv_16()) == expected);
    }));
}

TEST(threads, help_one_message_at_a_time_and_no_message_waits_for_them) {
    EXPECT_TRUE(passes_in_child([] {
        set_environment("KCAPI_ENGINE", "local");
        set_threads(4);
        const octets plain = pattern(large);
        cipher first("xts(aes)", pattern(64));
        const octets expected = first.encrypted(plain, iv_16());
        std::vector<std::thread> callers;
        for (int i = 0; i < 4; ++i)
            callers.emplace_back([&] {
                cipher c("xts(aes)", pattern(64));
                for (int k = 0; k < 8; ++k)
                    EXPECT_TRUE(c.encrypted(plain, iv_16()) == expected);
            });
        for (std::thread &t : callers)
            t.join();
        // A thread that was joined is in the list for a moment yet.
        for (int i = 0; i < 2000 && threads_here() != 4; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        EXPECT_EQ(threads_here(), 4U);
    }));
}
