// SPDX-License-Identifier: BSD-3-Clause
//
// The pool of managers: one owner at a time, more threads than managers, and the child of a fork.
#include "drivers/ipsecmb/managers.hpp"
#include "drivers/ipsecmb/module.hpp"
#include "support/driver_under_test.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <latch>
#include <mutex>
#include <set>
#include <thread>

using namespace kcapi;
using namespace kcapi::test;
using ipsecmb::lease;
using local::direction;

namespace {

constexpr std::size_t managers = 16;

/// Runs `body` in each of `count` threads.
template <class Body>
void in_threads(std::size_t count, Body body) {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < count; ++i)
        threads.emplace_back(body, i);
    for (std::thread &t : threads)
        t.join();
}

} // namespace

TEST(driver_ipsecmb_managers, each_has_one_owner_at_a_time) {
    std::mutex mutex;
    std::set<const IMB_MGR *> owned;
    std::set<const IMB_MGR *> seen;
    in_threads(4 * managers, [&](std::size_t) {
        for (int i = 0; i < 50; ++i) {
            const lease mine;
            {
                const std::lock_guard held(mutex);
                EXPECT_TRUE(owned.insert(mine.manager()).second);
                seen.insert(mine.manager());
            }
            std::this_thread::yield();
            const std::lock_guard held(mutex);
            owned.erase(mine.manager());
        }
    });
    EXPECT_LE(seen.size(), managers);
    EXPECT_EQ(seen.count(nullptr), 0U);
}

/// Both kinds of lanes, and the numbers of messages at which one takes over from the other.
TEST(driver_ipsecmb_managers, batches_of_any_number_are_right_whatever_the_lanes) {
    const IMB_MGR *const wide = lease().manager();
    const IMB_MGR *const narrow = lease(ipsecmb::lanes::sha_instructions).manager();
    ASSERT_NE(wide, nullptr);
    ASSERT_NE(narrow, nullptr);
    EXPECT_NE(wide, narrow);
    const auto by_sha_instructions = static_cast<std::uint32_t>(IMB_ARCH_SSE);
    EXPECT_EQ(narrow->used_arch,
              (wide->features & IMB_FEATURE_SHANI) != 0 ? by_sha_instructions : wide->used_arch);
    constexpr std::size_t most = 40;
    std::vector<byte_vector> texts;
    for (std::size_t i = 0; i < most; ++i)
        texts.push_back(pattern_message(1 + 37 * i));
    for (const local::driver &d : kcapi_driver_module_ipsecmb()->drivers) {
        if (d.type != local::driver_kind::hash_batch)
            continue;
        const bool is_keyed = d.sizes.max_key_size != 0;
        std::unique_ptr<local::hash_batch_key> key;
        ASSERT_EQ(d.make_hash_batch(d, is_keyed ? pattern_key(20) : byte_vector{}, key), 0) << d.driver_name;
        std::vector<byte_vector> alone(most, byte_vector(d.sizes.digest_size));
        for (std::size_t i = 0; i < most; ++i) {
            local::hash_message one{.in = texts[i], .digest = alone[i].data()};
            key->digest({&one, 1});
            EXPECT_EQ(one.code, 0);
        }
        if (!is_keyed) {
            byte_vector expected(d.sizes.digest_size);
            ASSERT_EQ(::EVP_Digest(texts[most - 1].data(), texts[most - 1].size(), expected.data(), nullptr,
                                   ::EVP_get_digestbyname(d.name), nullptr),
                      1);
            EXPECT_EQ(alone[most - 1], expected) << d.driver_name;
        }
        for (std::size_t n = 2; n <= most; ++n) {
            std::vector<byte_vector> digests(n, byte_vector(d.sizes.digest_size));
            std::vector<local::hash_message> messages;
            for (std::size_t i = 0; i < n; ++i)
                messages.push_back({.in = texts[i], .digest = digests[i].data(), .code = -1});
            key->digest(messages);
            for (std::size_t i = 0; i < n; ++i) {
                EXPECT_EQ(messages[i].code, 0);
                EXPECT_EQ(digests[i], alone[i]) << d.driver_name << ", message " << i << " of " << n;
            }
        }
    }
}

TEST(driver_ipsecmb_managers, more_threads_than_managers_get_right_results) {
    const local::driver &cbc = find_driver(*kcapi_driver_module_ipsecmb(), "cbc(aes)");
    in_threads(3 * managers, [&](std::size_t n) {
        byte_vector key = pattern_key(16 + n % 3 * 8);
        key[0] = static_cast<std::uint8_t>(n);
        const byte_vector in = pattern_message(80000);
        const byte_vector expected = by_evp("cbc(aes)", direction::encrypt, key, pattern_iv(), in);
        keyed_driver keyed(cbc, key);
        for (int i = 0; i < 20; ++i) {
            EXPECT_TRUE(keyed.message(direction::encrypt, pattern_iv(), in) == expected);
            EXPECT_TRUE(keyed.message(direction::decrypt, pattern_iv(), expected) == in);
        }
    });
}

/// Their owners are not in the child, and would never give them back.
TEST(driver_ipsecmb_managers, child_of_a_fork_does_not_wait_for_threads_of_its_parent) {
    std::latch taken(managers);
    std::atomic<bool> done{false};
    std::thread owners([&] {
        in_threads(managers, [&](std::size_t) {
            const lease mine;
            taken.count_down();
            done.wait(false);
        });
    });
    taken.wait();
    const pid_t child = ::fork();
    if (child == 0) {
        ::alarm(60);
        std::size_t missing = 0;
        for (std::size_t i = 0; i < 3 * managers; ++i) {
            const lease mine;
            missing += mine.manager() == nullptr ? 1U : 0U;
        }
        ::_exit(missing == 0 ? 0 : 1);
    }
    int status = -1;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    done = true;
    done.notify_all();
    owners.join();
}
