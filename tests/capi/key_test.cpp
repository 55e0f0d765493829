// SPDX-License-Identifier: BSD-3-Clause
//
// Keys: their lengths, when they may be set, and handles that share one.
#include "capi/reference.hpp"
#include "capi/support.hpp"

#include <thread>

using namespace kcapi::test;

namespace {

const octets &plain() {
    static const octets bytes = pattern(64);
    return bytes;
}

octets expected(const char *name, const octets &key) {
    return reference(name, way::encrypt, key, iv_16(), plain());
}

} // namespace

TEST(key, sizes_of_iv_and_block_are_those_of_the_mode) {
    const struct {
        const char *name;
        std::uint32_t iv_size;
        std::uint32_t block_size;
    } modes[] = {{"ecb(aes)", 0, 16},
                 {"cbc(aes)", 16, 16},
                 {"ctr(aes)", 16, 1},
                 {"xts(aes)", 16, 16},
                 {"cts(cbc(aes))", 16, 16}};
    for (const auto &m : modes) {
        const cipher c(m.name);
        EXPECT_EQ(kcapi_cipher_ivsize(c.get()), m.iv_size) << m.name;
        EXPECT_EQ(kcapi_cipher_blocksize(c.get()), m.block_size) << m.name;
    }
}

TEST(key, only_lengths_of_the_cipher_are_taken) {
    for (std::uint32_t size = 0; size <= 70; ++size) {
        cipher c("cbc(aes)");
        EXPECT_EQ(c.set_key(pattern(size)), size == 16 || size == 24 || size == 32 ? 0 : -EINVAL) << size;
        cipher x("xts(aes)");
        EXPECT_EQ(x.set_key(pattern(size)), size == 32 || size == 48 || size == 64 ? 0 : -EINVAL) << size;
    }
}

TEST(key, outside_all_lengths_leaves_the_old_one) {
    cipher c("cbc(aes)", key_24());
    for (const std::size_t size : {0U, 1U, 15U, 33U, 64U, 100000U})
        EXPECT_LT(c.set_key(pattern(size)), 0) << size;
    EXPECT_EQ(c.encrypted(plain(), iv_16()), expected("cbc(aes)", key_24()));
}

TEST(key, between_two_lengths_leaves_none) {
    for (const std::size_t size : {17U, 23U, 25U, 31U}) {
        cipher c("cbc(aes)", key_16());
        EXPECT_EQ(c.set_key(pattern(size)), -EINVAL);
        octets out;
        EXPECT_EQ(c.encrypt(plain(), iv_16(), out), -ENOKEY) << size;
        ASSERT_EQ(c.set_key(key_16()), 0);
        EXPECT_EQ(c.encrypted(plain(), iv_16()), expected("cbc(aes)", key_16()));
    }
}

TEST(key, longer_than_the_kernel_has_memory_for_is_enomem) {
    cipher c("cbc(aes)", key_16());
    EXPECT_EQ(c.set_key(pattern(1U << 20)), -ENOMEM);
    EXPECT_EQ(c.encrypted(plain(), iv_16()), expected("cbc(aes)", key_16()));
}

TEST(key, null_is_efault_with_a_length_and_einval_without) {
    cipher c("cbc(aes)", key_16());
    EXPECT_EQ(kcapi_cipher_setkey(c.get(), nullptr, 16), -EFAULT);
    EXPECT_EQ(kcapi_cipher_setkey(c.get(), nullptr, 0), -EINVAL);
    EXPECT_EQ(c.encrypted(plain(), iv_16()), expected("cbc(aes)", key_16()));
}

TEST(key, may_be_replaced_until_the_first_operation_and_then_is_ebusy) {
    for (const char *const name : {"cbc(aes)", "ctr(aes)"}) {
        cipher c(name, key_16());
        ASSERT_EQ(c.set_key(key_32()), 0);
        EXPECT_EQ(c.encrypted(plain(), iv_16()), expected(name, key_32()));
        EXPECT_EQ(c.set_key(key_16()), -EBUSY);
        EXPECT_EQ(c.set_key(pattern(5)), -EBUSY) << "before the length is looked at";
        EXPECT_EQ(c.encrypted(plain(), iv_16()), expected(name, key_32()));
    }
}

TEST(key, is_fixed_by_a_stream_too) {
    cipher c("cbc(aes)", key_16());
    ASSERT_EQ(c.start_encrypt(iv_16()), 0);
    EXPECT_EQ(c.set_key(key_32()), -EBUSY);
    ASSERT_EQ(c.update_last(plain()), 64);
    EXPECT_EQ(c.set_key(key_32()), -EBUSY);
    EXPECT_EQ(c.collect_all(64), expected("cbc(aes)", key_16()));
    EXPECT_EQ(c.set_key(key_32()), -EBUSY);
}

TEST(key, is_copied) {
    octets key = key_16();
    cipher c("cbc(aes)", key);
    std::fill(key.begin(), key.end(), std::uint8_t{0});
    EXPECT_EQ(c.encrypted(plain(), iv_16()), expected("cbc(aes)", key_16()));
}

TEST(key, xts_takes_equal_halves) {
    const octets half = pattern(16, 5);
    cipher c("xts(aes)");
    ASSERT_EQ(c.set_key(half + half), 0);
    const octets encrypted = c.encrypted(plain(), iv_16());
    EXPECT_NE(encrypted, plain());
    EXPECT_EQ(c.decrypted(encrypted, iv_16()), plain());
}

TEST(reinit, shares_the_key_whenever_it_is_set) {
    cipher first("cbc(aes)");
    cipher second(first, 0);
    octets out;
    EXPECT_EQ(second.encrypt(plain(), iv_16(), out), -ENOKEY);
    ASSERT_EQ(second.set_key(key_16()), 0);
    EXPECT_EQ(first.encrypted(plain(), iv_16()), expected("cbc(aes)", key_16()));
    EXPECT_EQ(second.set_key(key_32()), -EBUSY) << "the other handle uses it";
    EXPECT_EQ(second.encrypted(plain(), iv_16()), expected("cbc(aes)", key_16()));
    cipher third(second, KCAPI_INIT_AIO);
    EXPECT_EQ(third.encrypted(plain(), iv_16()), expected("cbc(aes)", key_16()));
}

TEST(reinit, has_an_iv_and_a_stream_of_its_own) {
    cipher first("ctr(aes)", key_16());
    (void)first.encrypted(plain(), iv_16());
    cipher second(first, 0);
    EXPECT_EQ(second.encrypted(plain(), {}),
              reference("ctr(aes)", way::encrypt, key_16(), octets(16), plain()))
        << "zeros, not what the other left";
    ASSERT_EQ(first.start_encrypt(iv_16(), slice(plain(), 0, 32)), 32);
    ASSERT_EQ(second.start_encrypt(iv_16(), slice(plain(), 0, 16)), 16);
    ASSERT_EQ(second.update_last(slice(plain(), 16, 48)), 48);
    ASSERT_EQ(first.update_last(slice(plain(), 32, 32)), 32);
    EXPECT_EQ(second.collect_all(64), expected("ctr(aes)", key_16()));
    EXPECT_EQ(first.collect_all(64), expected("ctr(aes)", key_16()));
}

TEST(reinit, handles_may_be_destroyed_in_any_order) {
    cipher first("cbc(aes)", key_16());
    cipher second(first, 0);
    first.destroy();
    EXPECT_EQ(second.encrypted(plain(), iv_16()), expected("cbc(aes)", key_16()));
    cipher third(second, 0);
    third.destroy();
    EXPECT_EQ(second.encrypted(plain(), iv_16()), expected("cbc(aes)", key_16()));
}

TEST(reinit, needs_both_handles) {
    const cipher c("cbc(aes)", key_16());
    EXPECT_EQ(kcapi_handle_reinit(nullptr, c.get(), 0), -EINVAL);
    auto *const untouched = reinterpret_cast<kcapi_handle *>(&errno);
    kcapi_handle *made = untouched;
    EXPECT_EQ(kcapi_handle_reinit(&made, nullptr, 0), -EINVAL);
    EXPECT_EQ(made, untouched);
}

TEST(shared_key, is_used_by_many_threads_at_once) {
    constexpr std::size_t number = 6;
    const octets data = pattern(50000 / 16 * 16);
    const octets right = reference("cbc(aes)", way::encrypt, key_32(), iv_16(), data);
    cipher first("cbc(aes)", key_32());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < number; ++i)
        threads.emplace_back([&, i] {
            cipher own(first, 0);
            for (std::size_t round = 0; round < scaled(100, 5); ++round) {
                if (i % 3 == 0) {
                    EXPECT_TRUE(own.encrypted(data, iv_16()) == right);
                } else if (i % 3 == 1) {
                    EXPECT_TRUE(own.decrypted(right, iv_16()) == data);
                } else {
                    EXPECT_EQ(own.start_encrypt(iv_16(), data), static_cast<ssize_t>(data.size()));
                    EXPECT_EQ(own.end(), 0);
                    EXPECT_TRUE(own.collect_all(data.size()) == right);
                }
            }
        });
    for (std::thread &t : threads)
        t.join();
}

TEST(shared_handle, takes_one_shot_calls_of_many_threads) {
    const octets data = pattern(8192);
    const octets right = reference("cbc(aes)", way::encrypt, key_16(), iv_16(), data);
    cipher c("cbc(aes)", key_16());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < 4; ++i)
        threads.emplace_back([&, i] {
            for (std::size_t round = 0; round < scaled(300, 20); ++round) {
                if (i % 2 == 0) {
                    EXPECT_TRUE(c.encrypted(data, iv_16()) == right);
                } else {
                    EXPECT_TRUE(c.decrypted(right, iv_16()) == data);
                }
            }
        });
    for (std::thread &t : threads)
        t.join();
}

TEST(shared_handle, is_made_and_destroyed_by_many_threads) {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < 4; ++i)
        threads.emplace_back([] {
            for (std::size_t round = 0; round < scaled(200, 10); ++round) {
                cipher c(round % 2 == 0 ? "cbc(aes)" : "ctr(aes)", key_16());
                EXPECT_EQ(c.encrypted(plain(), iv_16()),
                          expected(round % 2 == 0 ? "cbc(aes)" : "ctr(aes)", key_16()));
            }
        });
    for (std::thread &t : threads)
        t.join();
}
