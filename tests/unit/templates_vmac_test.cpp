// SPDX-License-Identifier: BSD-3-Clause
//
// vmac64: its arithmetic against plain big numbers, and what it refuses.
#include "local/vmac.hpp"
#include "support/vectors.hpp"
#include "templates_fixture.hpp"

#include <openssl/bn.h>

using namespace kcapi;
using namespace kcapi::test;

namespace {

/// As much of a big number as the definition needs.
class number {
  public:
    explicit number(std::uint64_t v = 0) : n_(BN_new(), BN_free) {
        std::uint8_t bytes[8];
        for (std::size_t i = 0; i < 8; ++i)
            bytes[i] = static_cast<std::uint8_t>(v >> (56 - 8 * i));
        BN_bin2bn(bytes, 8, n_.get());
    }
    number(number &&) = default;
    number &operator=(number &&) = default;
    friend number operator+(const number &a, const number &b) {
        number sum;
        BN_add(sum.n_.get(), a.n_.get(), b.n_.get());
        return sum;
    }
    friend number operator*(const number &a, const number &b) {
        number product;
        BN_mul(product.n_.get(), a.n_.get(), b.n_.get(), context());
        return product;
    }
    friend number operator%(const number &a, const number &b) {
        number rest;
        BN_mod(rest.n_.get(), a.n_.get(), b.n_.get(), context());
        return rest;
    }
    friend number operator/(const number &a, const number &b) {
        number quotient;
        BN_div(quotient.n_.get(), nullptr, a.n_.get(), b.n_.get(), context());
        return quotient;
    }
    friend number operator-(const number &a, const number &b) {
        number difference;
        BN_sub(difference.n_.get(), a.n_.get(), b.n_.get());
        return difference;
    }
    [[nodiscard]] static number power_of_two(int bits) {
        number n;
        BN_set_bit(n.n_.get(), bits);
        return n;
    }
    [[nodiscard]] std::uint64_t value() const {
        std::uint8_t bytes[8];
        BN_bn2binpad(n_.get(), bytes, sizeof bytes);
        std::uint64_t v = 0;
        for (const std::uint8_t b : bytes)
            v = v << 8 | b;
        return v;
    }

  private:
    static BN_CTX *context() {
        static BN_CTX *const c = BN_CTX_new();
        return c;
    }
    std::unique_ptr<BIGNUM, void (*)(BIGNUM *)> n_;
};

/// By the draft, one line for each of its formulas.
std::uint64_t reference(const local::vhash_key &key, const byte_vector &message) {
    const number p127 = number::power_of_two(127) - number(1);
    const number p64 = number::power_of_two(64) - number(257);
    const number k = number(key.second[0]) * number::power_of_two(64) + number(key.second[1]);
    number y(1);
    std::size_t at = 0;
    do {
        const std::size_t n = std::min<std::size_t>(128, message.size() - at);
        byte_vector block((n + 15) / 16 * 16);
        std::copy_n(message.begin() + static_cast<std::ptrdiff_t>(at), n, block.begin());
        const auto word = [&](std::size_t i) {
            std::uint64_t v = 0;
            for (std::size_t b = 8; b-- > 0;)
                v = v << 8 | block[8 * i + b];
            return v;
        };
        number sum;
        for (std::size_t i = 0; i < block.size() / 8; i += 2)
            sum = sum + number(word(i) + key.first[i]) * number(word(i + 1) + key.first[i + 1]);
        y = (y * k + sum % number::power_of_two(126)) % p127;
        at += n;
    } while (at < message.size());
    y = (y + number(8 * (message.size() % 128)) * number::power_of_two(64)) % p127;
    const number divisor = number::power_of_two(64) - number::power_of_two(32);
    const number first = (y / divisor + number(key.third[0])) % p64;
    const number second = (y % divisor + number(key.third[1])) % p64;
    return ((first * second) % p64).value();
}

std::uint64_t ours(const local::vhash_key &key, const byte_vector &message, std::mt19937 &random) {
    local::vhash h(key);
    base::bytes rest(message);
    while (!rest.empty()) {
        const std::size_t n = std::min<std::size_t>(rest.size(), random() % 300);
        h.update(rest.first(n));
        rest = rest.subspan(n);
    }
    return h.finish();
}

/// Words of ones and zeros among the random ones: where carries run far.
std::uint64_t extreme_word(std::mt19937 &random) {
    const std::uint64_t any = std::uint64_t{random()} << 32 | random();
    const std::uint64_t choices[] = {any, any, ~std::uint64_t{0}, 0, any | 0xffffffff00000000U, any >> 60};
    return choices[random() % 6];
}

int digest_of(const byte_vector &key, const byte_vector &message, byte_vector &digest) {
    const result<const local::driver *> d = drivers().find(local::driver_kind::hash, "vmac64(aes)");
    std::unique_ptr<local::hash_key> k;
    if (!d || (*d)->make_hash(**d, key, k) != 0)
        return EKEYREJECTED;
    const auto context = k->open();
    digest.assign(8, 0);
    return context->update(message) == 0 ? context->finish(digest.data()) : EIO;
}

} // namespace

TEST(templates_vmac, arithmetic_is_that_of_the_draft) {
    std::mt19937 random(5);
    for (int round = 0; round < 400; ++round) {
        local::vhash_key key;
        for (std::uint64_t &w : key.first)
            w = extreme_word(random);
        for (std::uint64_t &w : key.second)
            w = extreme_word(random) & local::vhash_key::second_mask;
        for (std::uint64_t &w : key.third)
            w = std::min(extreme_word(random), local::vhash_key::prime - 1);
        byte_vector message(random() % 600);
        for (std::size_t i = 0; i < message.size(); i += 8) {
            const std::uint64_t w = extreme_word(random);
            std::memcpy(message.data() + i, &w, std::min<std::size_t>(8, message.size() - i));
        }
        ASSERT_EQ(reference(key, message), ours(key, message, random))
            << round << ", " << message.size() << " bytes";
    }
}

TEST(templates_vmac, every_length_up_to_two_blocks_is_that_of_the_draft) {
    std::mt19937 random(6);
    local::vhash_key key;
    for (std::uint64_t &w : key.first)
        w = extreme_word(random);
    key.second = {local::vhash_key::second_mask, local::vhash_key::second_mask};
    key.third = {local::vhash_key::prime - 1, local::vhash_key::prime - 1};
    for (std::size_t n = 0; n <= 257; ++n) {
        const byte_vector message(n, 0xff);
        ASSERT_EQ(reference(key, message), ours(key, message, random)) << n;
    }
}

TEST(templates_vmac, the_quotient_is_right_where_its_remainder_is_at_the_edge) {
    std::mt19937 random(7);
    for (const std::uint64_t sum : {0xfffffffeULL, 0xffffffffULL, 0x100000000ULL, 0x1fffffffdULL,
                                    0x1fffffffeULL, 0x1ffffffffULL, 0x200000000ULL}) {
        // The polynomial's key is 0, so that its value is the inner product: high * 2^64 + low, whose three
        // upper quarters have this sum.
        const std::uint64_t upper = random() % (1U << 30);
        const std::uint64_t least = sum - upper > 0xffffffff ? sum - upper - 0xffffffff : 0;
        const std::uint64_t middle =
            least + random() % (std::min<std::uint64_t>(sum - upper, 0xffffffff) - least + 1);
        const std::uint64_t high = upper << 32 | middle, low = (sum - upper - middle) << 32 | random();
        local::vhash_key key;
        key.first = {std::uint64_t{1} << 63, 2 * high, low, 1};
        key.third = {random(), random()};
        const byte_vector message(128);
        ASSERT_EQ(reference(key, message), ours(key, message, random)) << std::hex << sum;
    }
}

TEST(templates_vmac, a_message_begins_with_a_whole_nonce_of_127_bits) {
    const byte_vector key = pattern(16, 7);
    byte_vector digest;
    for (const std::size_t n : {0U, 3U, 15U})
        EXPECT_EQ(EINVAL, digest_of(key, byte_vector(n), digest)) << n;
    byte_vector message(16);
    EXPECT_EQ(0, digest_of(key, message, digest));
    message[0] = 0x80;
    EXPECT_EQ(EINVAL, digest_of(key, message, digest));
    message[0] = 0x7f;
    EXPECT_EQ(0, digest_of(key, message, digest));
    for (std::size_t n = 0; n <= 40; ++n)
        EXPECT_EQ(n == 16 ? 0 : EKEYREJECTED, digest_of(pattern(n, 7), message, digest)) << n;
}

TEST(templates_vmac, after_a_refused_message_the_next_one_is_right) {
    const result<const local::driver *> d = drivers().find(local::driver_kind::hash, "vmac64(aes)");
    ASSERT_TRUE(d);
    std::unique_ptr<local::hash_key> key;
    ASSERT_EQ(0, (*d)->make_hash(**d, from_hex("6162636465666768696a6b6c6d6e6f70"), key));
    const auto context = key->open();
    std::uint8_t digest[8];
    const byte_vector bad(200, 0xff);
    EXPECT_EQ(0, context->update(bad));
    EXPECT_EQ(EINVAL, context->finish(digest));
    EXPECT_EQ(0, context->update(from_hex("00000000000000006263646566676869616263")));
    EXPECT_EQ(0, context->finish(digest));
    EXPECT_EQ("2d376cf5b1813ce5", to_hex(digest, sizeof digest));
}
