// SPDX-License-Identifier: BSD-3-Clause
//
// The parser of NETLINK_CRYPTO's answers: whatever the bytes are, nothing is read beyond them.
#include "afalg/listing.hpp"
#include "afalg/uapi.h"
#include "support/fake_kernel.hpp"

#include <linux/netlink.h>

#include <gtest/gtest.h>

#include <cerrno>
#include <cstring>
#include <random>

namespace {

using namespace kcapi;
using namespace kcapi::afalg;
using test::byte_vector;

constexpr std::uint32_t sequence = 7;
constexpr std::size_t attributes_at = sizeof(nlmsghdr) + sizeof(uapi::user_alg);

test::toy_algorithm cbc() { return test::toy_cipher("cbc(toy)", "cbc-toy-fast", 400, 16, 16, 16, true); }

result<bool> parse(const byte_vector &datagram, std::vector<record> &out) {
    return parse_reply(datagram, sequence, out);
}

int parse_error(const byte_vector &datagram) {
    std::vector<record> out;
    const result<bool> r = parse(datagram, out);
    EXPECT_TRUE(out.empty());
    return r ? 0 : r.error().code;
}

template <class T>
void overwrite(byte_vector &v, std::size_t at, T value) {
    ASSERT_LE(at + sizeof value, v.size());
    std::memcpy(v.data() + at, &value, sizeof value);
}

TEST(report, of_a_cipher_is_read) {
    std::vector<record> out;
    test::toy_algorithm a = cbc();
    a.async = true;
    const result<bool> r = parse(test::algorithm_message(a, sequence, false), out);
    ASSERT_TRUE(r);
    EXPECT_TRUE(*r);
    ASSERT_EQ(out.size(), 1u);
    const alg::properties &p = out[0].info;
    EXPECT_EQ(p.type, alg::kind::skcipher);
    EXPECT_EQ(p.name, "cbc(toy)");
    EXPECT_EQ(p.driver_name, "cbc-toy-fast");
    EXPECT_EQ(p.priority, 400);
    EXPECT_EQ(p.block_size, 16u);
    EXPECT_EQ(p.iv_size, 16u);
    EXPECT_EQ(p.min_key_size, 16u);
    EXPECT_EQ(p.max_key_size, 32u);
    EXPECT_FALSE(p.hardware);
    EXPECT_TRUE(out[0].async);
    EXPECT_TRUE(out[0].tested);
    EXPECT_FALSE(out[0].internal);
}

TEST(report, of_each_other_kind_is_read) {
    test::toy_algorithm aead;
    aead.info.type = alg::kind::aead;
    aead.info.name = "gcm(toy)";
    aead.info.driver_name = "gcm-toy";
    aead.info.block_size = 1;
    aead.info.iv_size = 12;
    aead.info.max_tag_size = 16;
    test::toy_algorithm hash;
    hash.info.type = alg::kind::hash;
    hash.info.name = "toy256";
    hash.info.driver_name = "toy256-lib";
    hash.info.block_size = 64;
    hash.info.digest_size = 32;
    test::toy_algorithm rng;
    rng.info.type = alg::kind::rng;
    rng.info.name = "stdrng";
    rng.info.driver_name = "drbg_toy";
    rng.info.seed_size = 48;
    std::vector<record> out;
    for (const auto &a : {aead, hash, rng})
        ASSERT_TRUE(parse(test::algorithm_message(a, sequence, false), out));
    ASSERT_EQ(out.size(), 3u);
    EXPECT_EQ(out[0].info.type, alg::kind::aead);
    EXPECT_EQ(out[0].info.iv_size, 12u);
    EXPECT_EQ(out[0].info.max_tag_size, 16u);
    EXPECT_EQ(out[1].info.type, alg::kind::hash);
    EXPECT_EQ(out[1].info.digest_size, 32u);
    EXPECT_EQ(out[1].info.block_size, 64u);
    EXPECT_EQ(out[2].info.type, alg::kind::rng);
    EXPECT_EQ(out[2].info.seed_size, 48u);
}

TEST(report, of_a_device_tells_so) {
    test::toy_algorithm a = cbc();
    a.info.hardware = true;
    a.internal = true;
    a.tested = false;
    std::vector<record> out;
    ASSERT_TRUE(parse(test::algorithm_message(a, sequence, false), out));
    EXPECT_TRUE(out.at(0).info.hardware);
    EXPECT_TRUE(out[0].internal);
    EXPECT_FALSE(out[0].tested);
}

TEST(report, of_a_device_that_does_not_say_so_tells_by_what_it_needs) {
    // virtio_crypto, a wrapper around instructions, and a template over the former.
    const auto hardware = [](bool async, bool allocates, bool instance) {
        test::toy_algorithm a = cbc();
        a.async = async;
        a.allocates = allocates;
        a.instance = instance;
        std::vector<record> out;
        EXPECT_TRUE(parse(test::algorithm_message(a, sequence, false), out));
        return out.at(0).info.hardware;
    };
    EXPECT_TRUE(hardware(true, true, false));
    EXPECT_FALSE(hardware(true, false, false));
    EXPECT_FALSE(hardware(false, true, false));
    EXPECT_FALSE(hardware(true, true, true));
}

TEST(report, list_ends_with_its_end_only) {
    std::vector<record> out;
    byte_vector datagram = test::algorithm_message(cbc(), sequence, true);
    const byte_vector second = test::algorithm_message(cbc(), sequence, true);
    datagram.insert(datagram.end(), second.begin(), second.end());
    result<bool> r = parse(datagram, out);
    ASSERT_TRUE(r);
    EXPECT_FALSE(*r);
    EXPECT_EQ(out.size(), 2u);
    r = parse(test::done_message(sequence), out);
    ASSERT_TRUE(r);
    EXPECT_TRUE(*r);
}

TEST(report, of_another_query_is_passed_over) {
    std::vector<record> out;
    const result<bool> r = parse(test::algorithm_message(cbc(), sequence + 1, false), out);
    ASSERT_TRUE(r);
    EXPECT_FALSE(*r);
    EXPECT_TRUE(out.empty());
    const result<bool> e = parse(test::error_message(ENOENT, sequence + 1), out);
    ASSERT_TRUE(e);
    EXPECT_FALSE(*e);
}

TEST(report, error_keeps_its_number) {
    EXPECT_EQ(parse_error(test::error_message(ENOENT, sequence)), ENOENT);
    EXPECT_EQ(parse_error(test::error_message(EPERM, sequence)), EPERM);
    // An acknowledgement nobody asked for, a positive number, and one that no errno has.
    EXPECT_EQ(parse_error(test::error_message(0, sequence)), EPROTO);
    EXPECT_EQ(parse_error(test::error_message(-5, sequence)), EPROTO);
    EXPECT_EQ(parse_error(test::error_message(4096, sequence)), EPROTO);
    byte_vector tiny = test::error_message(ENOENT, sequence);
    tiny.resize(sizeof(nlmsghdr) + 2);
    overwrite(tiny, 0, static_cast<std::uint32_t>(tiny.size()));
    EXPECT_EQ(parse_error(tiny), EPROTO);
}

TEST(report, of_an_unknown_message_type_is_refused) {
    byte_vector d = test::algorithm_message(cbc(), sequence, false);
    overwrite(d, 4, std::uint16_t{0x10});
    EXPECT_EQ(parse_error(d), EPROTO);
}

/// Well-formed, and yet nothing that one could use.
bool is_left_out(const byte_vector &datagram) {
    std::vector<record> out;
    const result<bool> r = parse(datagram, out);
    return r && *r && out.empty();
}

TEST(report, of_a_type_that_is_not_known_is_left_out) {
    byte_vector d = test::algorithm_message(cbc(), sequence, false);
    const std::size_t type_text = attributes_at + 8 + 4;
    ASSERT_EQ(std::memcmp(d.data() + type_text, "skcipher", 9), 0);
    byte_vector other = d;
    std::memcpy(other.data() + type_text, "aead\0", 5);
    EXPECT_TRUE(is_left_out(other));
    byte_vector endless = d;
    std::memset(endless.data() + type_text, 's', uapi::max_name);
    EXPECT_TRUE(is_left_out(endless));
    byte_vector linear = d;
    std::memcpy(linear.data() + type_text, "lskcipher", 10);
    EXPECT_FALSE(is_left_out(linear));
}

TEST(report, of_a_kind_without_sockets_is_skipped) {
    // The report's attribute becomes one of the kind "cipher" (8), which nobody can bind.
    byte_vector d = test::algorithm_message(cbc(), sequence, false);
    overwrite(d, attributes_at + 8 + 2, std::uint16_t{8});
    std::vector<record> out;
    const result<bool> r = parse(d, out);
    ASSERT_TRUE(r);
    EXPECT_TRUE(*r);
    EXPECT_TRUE(out.empty());
}

TEST(report, with_senseless_sizes_is_left_out) {
    test::toy_algorithm a = cbc();
    a.info.block_size = 0;
    EXPECT_TRUE(is_left_out(test::algorithm_message(a, sequence, false)));
    a = cbc();
    a.info.min_key_size = 33;
    EXPECT_TRUE(is_left_out(test::algorithm_message(a, sequence, false)));
    a = cbc();
    a.info.iv_size = 0x80000000;
    EXPECT_TRUE(is_left_out(test::algorithm_message(a, sequence, false)));
    a = cbc();
    a.info.type = alg::kind::aead;
    a.info.block_size = 0;
    EXPECT_TRUE(is_left_out(test::algorithm_message(a, sequence, false)));
}

TEST(report, of_a_hash_without_blocks_is_read) {
    // As kernels tell of nhpoly1305.
    test::toy_algorithm a = cbc();
    a.info.type = alg::kind::hash;
    a.info.block_size = 0;
    a.info.digest_size = 16;
    std::vector<record> out;
    ASSERT_TRUE(parse(test::algorithm_message(a, sequence, false), out));
    EXPECT_EQ(out.size(), 1u);
    EXPECT_EQ(parse_proc_crypto(test::proc_text({a})).size(), 1u);
}

TEST(report, that_is_left_out_does_not_spoil_the_list) {
    test::toy_algorithm odd = cbc();
    odd.info.block_size = 0;
    byte_vector d = test::algorithm_message(odd, sequence, true);
    const byte_vector good = test::algorithm_message(cbc(), sequence, true);
    d.insert(d.end(), good.begin(), good.end());
    std::vector<record> out;
    ASSERT_TRUE(parse(d, out));
    EXPECT_EQ(out.size(), 1u);
}

TEST(report, names_must_end_and_be_there) {
    const byte_vector good = test::algorithm_message(cbc(), sequence, false);
    for (const std::size_t field : {sizeof(nlmsghdr), sizeof(nlmsghdr) + uapi::max_name}) {
        byte_vector endless = good;
        std::memset(endless.data() + field, 'a', uapi::max_name);
        EXPECT_EQ(parse_error(endless), EPROTO);
        byte_vector empty = good;
        empty[field] = 0;
        EXPECT_EQ(parse_error(empty), EPROTO);
    }
}

TEST(report, attribute_lengths_are_checked) {
    const byte_vector good = test::algorithm_message(cbc(), sequence, false);
    const std::size_t report_at = attributes_at + 8;
    for (const std::uint16_t length : std::initializer_list<std::uint16_t>{0, 3, 147, 149, 0xffff}) {
        byte_vector d = good;
        overwrite(d, report_at, length);
        EXPECT_EQ(parse_error(d), EPROTO) << length;
    }
    for (const std::uint16_t length : std::initializer_list<std::uint16_t>{0, 3, 7}) {
        byte_vector d = good;
        overwrite(d, attributes_at, length);
        EXPECT_EQ(parse_error(d), EPROTO) << length;
    }
}

TEST(report, message_lengths_are_checked) {
    const byte_vector good = test::algorithm_message(cbc(), sequence, false);
    for (const std::uint32_t length : {0u, 15u, static_cast<std::uint32_t>(good.size()) + 1, 0xffffffffu}) {
        byte_vector d = good;
        overwrite(d, 0, length);
        EXPECT_EQ(parse_error(d), EPROTO) << length;
    }
}

TEST(report, first_of_two_counts) {
    byte_vector d = test::algorithm_message(cbc(), sequence, false);
    test::toy_algorithm other = cbc();
    other.info.iv_size = 5;
    other.info.priority = 1;
    const byte_vector second = test::algorithm_message(other, sequence, false);
    d.insert(d.end(), second.begin() + attributes_at, second.end());
    overwrite(d, 0, static_cast<std::uint32_t>(d.size()));
    std::vector<record> out;
    ASSERT_TRUE(parse(d, out));
    EXPECT_EQ(out.at(0).info.iv_size, 16u);
    EXPECT_EQ(out[0].info.priority, 400);
}

/// The bytes at the very end of a heap block: a read beyond it is seen by the sanitizer.
int parse_exact(base::bytes bytes) {
    const std::unique_ptr<std::uint8_t[]> copy(new std::uint8_t[bytes.size()]);
    std::copy(bytes.begin(), bytes.end(), copy.get());
    std::vector<record> out;
    const result<bool> r = parse_reply({copy.get(), bytes.size()}, sequence, out);
    for (const record &x : out) {
        EXPECT_FALSE(x.info.name.empty());
        EXPECT_FALSE(x.info.driver_name.empty());
        EXPECT_LT(x.info.name.size(), uapi::max_name);
        EXPECT_LE(x.info.iv_size, 65536u);
        EXPECT_LE(x.info.min_key_size, x.info.max_key_size);
        if (x.info.type == alg::kind::skcipher || x.info.type == alg::kind::aead) {
            EXPECT_NE(x.info.block_size, 0u);
        }
    }
    return r ? 0 : r.error().code;
}

TEST(report, cut_anywhere_is_refused) {
    const byte_vector good = test::algorithm_message(cbc(), sequence, false);
    for (std::size_t n = 1; n < good.size(); ++n)
        ASSERT_EQ(parse_exact(base::bytes(good).first(n)), EPROTO) << n;
    // Cut in the same way, with a message length that hides it.
    for (std::size_t n = sizeof(nlmsghdr); n < good.size(); ++n) {
        byte_vector d(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(n));
        overwrite(d, 0, static_cast<std::uint32_t>(n));
        const int code = parse_exact(d);
        // Without a report there is nothing to be told; all else is damage.
        if (n != attributes_at && n != attributes_at + 8) {
            ASSERT_EQ(code, EPROTO) << n;
        }
    }
}

TEST(report, any_mutation_is_survived) {
    std::mt19937 random(20240607);
    byte_vector seed = test::algorithm_message(cbc(), sequence, true);
    for (const byte_vector &more :
         {test::algorithm_message(cbc(), sequence, true), test::done_message(sequence)})
        seed.insert(seed.end(), more.begin(), more.end());
    int refused = 0;
    for (int i = 0; i < 200000; ++i) {
        byte_vector d = seed;
        for (unsigned k = 1 + random() % 8; k != 0; --k) {
            // Lengths and types are where it hurts: most changes go to the headers.
            const std::size_t at = random() % 4 != 0
                                       ? random() % 16 + (random() % 3) * (seed.size() / 3) / 4 * 4
                                       : random() % d.size();
            d[at % d.size()] = static_cast<std::uint8_t>(random() % 3 == 0 ? random() : random() % 20);
        }
        d.resize(random() % 5 == 0 ? random() % d.size() + 1 : d.size());
        refused += parse_exact(d) == EPROTO;
    }
    EXPECT_GT(refused, 1000);
    EXPECT_LT(refused, 200000);
}

TEST(report, any_noise_is_survived) {
    std::mt19937 random(5);
    for (int i = 0; i < 50000; ++i) {
        byte_vector d(random() % 400 + 1);
        for (std::uint8_t &b : d)
            b = static_cast<std::uint8_t>(random());
        if (d.size() >= 16 && random() % 2 == 0) {
            overwrite(d, 0, static_cast<std::uint32_t>(d.size()));
            overwrite(d, 4, uapi::get_alg);
            overwrite(d, 8, sequence);
        }
        (void)parse_exact(d);
    }
}

} // namespace
