// SPDX-License-Identifier: BSD-3-Clause
//
// The hash drivers over libcrypto, directly: published vectors, NIST's Monte Carlo test, clones, PBKDF2, and
// what FIPS mode asks.
#include "drivers/openssl/digest.hpp"
#include "drivers/openssl/module.hpp"
#include "kat/hash_answers.hpp"
#include "support/driver_under_test.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

#include <cstring>

using namespace kcapi;
using namespace kcapi::test;

namespace {

const local::driver &driver_for(const std::string &algorithm) {
    const local::driver &d = find_driver(*kcapi_driver_module_openssl(), algorithm);
    EXPECT_TRUE(d.available(d, false)) << algorithm;
    return d;
}

std::unique_ptr<local::hash_key> key_of(const local::driver &d, base::bytes key) {
    std::unique_ptr<local::hash_key> out;
    EXPECT_EQ(0, d.make_hash(d, key, out)) << d.name;
    return out;
}

byte_vector finish(local::hash_context &c, std::size_t size) {
    byte_vector out(size);
    EXPECT_EQ(0, c.finish(out.data()));
    return out;
}

byte_vector digest_of(const std::string &algorithm, base::bytes key, base::bytes message) {
    const local::driver &d = driver_for(algorithm);
    const auto context = key_of(d, key)->open();
    EXPECT_EQ(0, context->update(message));
    return finish(*context, d.sizes.digest_size);
}

byte_vector text(const char *s) { return {s, s + std::strlen(s)}; }

byte_vector counting(std::size_t n) {
    byte_vector out(n);
    for (std::size_t i = 0; i < n; ++i)
        out[i] = static_cast<std::uint8_t>(31 * i + i / 256);
    return out;
}

/// SHA-1 and SHA-2 hash the last three digests, SHA-3 the last one.
byte_vector checkpoint(local::hash_context &context, const byte_vector &seed, bool three) {
    byte_vector a = seed;
    byte_vector b = seed;
    byte_vector c = seed;
    for (int i = 0; i < 1000; ++i) {
        if (three) {
            EXPECT_EQ(0, context.update(a));
            EXPECT_EQ(0, context.update(b));
        }
        EXPECT_EQ(0, context.update(c));
        byte_vector next = finish(context, seed.size());
        a = std::move(b);
        b = std::move(c);
        c = std::move(next);
    }
    return c;
}

} // namespace

TEST(driver_openssl_hash, published_vectors_in_one_and_in_two_pieces) {
    std::size_t count = 0;
    for (const auto &[algorithm, vectors] : published_hash_answers(KCAPI_HASH_VECTOR_DIR)) {
        const local::driver &d = driver_for(algorithm);
        for (const hash_answer &v : vectors) {
            SCOPED_TRACE(v.where);
            const auto key = key_of(d, v.key.value_or(byte_vector()));
            const auto context = key->open();
            for (const std::size_t first : {std::size_t{0}, v.message.size() / 3}) {
                ASSERT_EQ(0, context->update(base::bytes(v.message).first(first)));
                ASSERT_EQ(0, context->update(base::bytes(v.message).subspan(first)));
                byte_vector digest = finish(*context, d.sizes.digest_size);
                digest.resize(std::min(digest.size(), v.digest.size()));
                EXPECT_EQ(v.digest, digest);
                ++count;
            }
        }
    }
    EXPECT_GE(count, 3000U);
}

TEST(driver_openssl_hash, monte_carlo) {
    std::size_t checkpoints = 0;
    for (const monte_carlo &m : monte_carlo_tests(KCAPI_HASH_VECTOR_DIR)) {
        SCOPED_TRACE(m.algorithm);
        ASSERT_EQ(100U, m.checkpoints.size());
        const auto context = key_of(driver_for(m.algorithm), {})->open();
        byte_vector seed = m.seed;
        for (const byte_vector &expected : m.checkpoints) {
            seed = checkpoint(*context, seed, !m.algorithm.starts_with("sha3-"));
            ASSERT_EQ(expected, seed);
            ++checkpoints;
        }
    }
    EXPECT_EQ(900U, checkpoints);
}

TEST(driver_openssl_hash, a_clone_and_its_original_know_nothing_of_each_other) {
    const byte_vector message = counting(500);
    for (const char *const algorithm :
         {"sha256", "sha3-384", "md5", "hmac(sha512)", "cmac(aes)", "blake2b-512"}) {
        SCOPED_TRACE(algorithm);
        const local::driver &d = driver_for(algorithm);
        const byte_vector raw = d.sizes.key == local::key_use::required ? counting(16) : byte_vector();
        const auto key = key_of(d, raw);
        for (const std::size_t first : {0U, 1U, 64U, 129U, 500U}) {
            const auto original = key->open();
            ASSERT_EQ(0, original->update(base::bytes(message).first(first)));
            const auto copy = original->clone();
            ASSERT_EQ(0, original->update(text("other")));
            ASSERT_EQ(0, copy->update(base::bytes(message).subspan(first)));
            EXPECT_EQ(digest_of(algorithm, raw, message), finish(*copy, d.sizes.digest_size));
            byte_vector other(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(first));
            const byte_vector tail = text("other");
            other.insert(other.end(), tail.begin(), tail.end());
            EXPECT_EQ(digest_of(algorithm, raw, other), finish(*original, d.sizes.digest_size));
        }
    }
}

TEST(driver_openssl_hash, a_context_forgets_its_message_when_told) {
    for (const char *const algorithm : {"sha1", "hmac(sha256)", "cmac(aes)"}) {
        SCOPED_TRACE(algorithm);
        const local::driver &d = driver_for(algorithm);
        const byte_vector raw = d.sizes.key == local::key_use::required ? counting(16) : byte_vector();
        const auto context = key_of(d, raw)->open();
        ASSERT_EQ(0, context->update(text("forget me")));
        ASSERT_EQ(0, context->restart());
        const auto copy = context->clone();
        ASSERT_EQ(0, context->update(text("abc")));
        EXPECT_EQ(digest_of(algorithm, raw, text("abc")), finish(*context, d.sizes.digest_size));
        EXPECT_EQ(digest_of(algorithm, raw, {}), finish(*copy, d.sizes.digest_size));
    }
}

TEST(driver_openssl_hash, a_context_outlives_its_key) {
    for (const char *const algorithm : {"hmac(sha256)", "cmac(aes)", "sha256"}) {
        const local::driver &d = driver_for(algorithm);
        const byte_vector raw = d.sizes.key == local::key_use::required ? counting(16) : byte_vector();
        auto key = key_of(d, raw);
        const auto context = key->open();
        key.reset();
        EXPECT_EQ(digest_of(algorithm, raw, {}), finish(*context, d.sizes.digest_size)) << algorithm;
    }
}

TEST(driver_openssl_hash, the_tables_sizes_are_libcryptos) {
    std::size_t count = 0;
    for (const local::driver &d : kcapi_driver_module_openssl()->drivers) {
        if (d.type != local::driver_kind::hash)
            continue;
        const byte_vector raw = counting(d.sizes.key == local::key_use::required ? 24 : 0);
        byte_vector out(local::max_digest_size + 8, 0xee);
        EXPECT_TRUE(d.available(d, false)) << d.name;
        ASSERT_EQ(0, key_of(d, raw)->open()->finish(out.data()));
        for (std::size_t i = d.sizes.digest_size; i < out.size(); ++i)
            ASSERT_EQ(0xee, out[i]) << d.name;
        EXPECT_NE(byte_vector(4, 0xee),
                  byte_vector(out.begin() + d.sizes.digest_size - 4, out.begin() + d.sizes.digest_size))
            << d.name;
        ++count;
    }
    EXPECT_GE(count, 30U);
}

TEST(driver_openssl_hash, hmac_takes_keys_of_any_length) {
    const byte_vector message = counting(100);
    for (const std::size_t n : {0U, 1U, 63U, 64U, 65U, 127U, 128U, 129U, 1000U}) {
        const byte_vector raw = counting(n);
        byte_vector expected(32);
        std::size_t size = 0;
        const std::uint8_t none = 0;
        ASSERT_NE(nullptr,
                  EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, n == 0 ? &none : raw.data(), n,
                            message.data(), message.size(), expected.data(), expected.size(), &size));
        EXPECT_EQ(expected, digest_of("hmac(sha256)", raw, message)) << n;
    }
}

TEST(driver_openssl_hash, cmac_takes_keys_of_its_cipher_only) {
    for (const auto &[algorithm, good] : {std::pair("cmac(aes)", std::vector<std::size_t>{16, 24, 32}),
                                          std::pair("cmac(des3_ede)", std::vector<std::size_t>{24})}) {
        const local::driver &d = driver_for(algorithm);
        for (std::size_t n = 0; n <= 64; ++n) {
            std::unique_ptr<local::hash_key> key;
            const bool fits = std::find(good.begin(), good.end(), n) != good.end();
            EXPECT_EQ(fits ? 0 : EINVAL, d.make_hash(d, counting(n), key)) << algorithm << ' ' << n;
        }
    }
}

TEST(driver_openssl_hash, pbkdf2_gives_what_libcrypto_gives) {
    const EVP_MD *const md = EVP_sha256();
    for (const char *const password :
         {"", "password", "a password that is longer than the block of sha256, all of its 64 bytes"})
        for (const std::uint32_t count : {1U, 2U, 1000U})
            for (const std::size_t length : {1U, 31U, 32U, 33U, 100U}) {
                byte_vector expected(length);
                const byte_vector salt = text("salt");
                ASSERT_EQ(1, PKCS5_PBKDF2_HMAC(password, static_cast<int>(std::strlen(password)), salt.data(),
                                               static_cast<int>(salt.size()), static_cast<int>(count), md,
                                               static_cast<int>(length), expected.data()));
                byte_vector out(length);
                ASSERT_EQ(0, key_of(driver_for("hmac(sha256)"), text(password))->pbkdf2(salt, count, out));
                EXPECT_EQ(expected, out) << password << ' ' << count << ' ' << length;
            }
    byte_vector out(16);
    EXPECT_EQ(EOPNOTSUPP, key_of(driver_for("cmac(aes)"), counting(16))->pbkdf2({}, 1, out));
}

/// A suite that wants services only, as in FIPS mode, but from whatever provider there is.
TEST(driver_openssl_hash, hmac_as_a_service_agrees_and_refuses_short_keys) {
    openssl::hash_suite services = openssl::ordinary_hashes();
    services.own_paths = false;
    const byte_vector message = counting(300);
    for (const std::size_t n : {0U, 1U, 13U, 14U, 64U, 200U}) {
        std::unique_ptr<local::hash_key> key;
        const int code = openssl::make_hmac(services, openssl::digest::sha384, counting(n), key);
        ASSERT_EQ(n < 14 ? EINVAL : 0, code) << n;
        if (code != 0)
            continue;
        const auto context = key->open();
        for (int i = 0; i < 2; ++i) {
            ASSERT_EQ(0, context->update(message));
            EXPECT_EQ(digest_of("hmac(sha384)", counting(n), message), finish(*context, 48));
        }
        byte_vector out(16);
        EXPECT_EQ(EOPNOTSUPP, key->pbkdf2({}, 1, out));
    }
}

TEST(driver_openssl_hash, fips_mode_offers_approved_services_only) {
    // Here no provider is approved, so nothing may be offered; md5 is nowhere, ever.
    const bool approved = openssl::approved_hashes()[openssl::digest::sha256] != nullptr;
    for (const local::driver &d : kcapi_driver_module_openssl()->drivers) {
        if (d.type == local::driver_kind::hash && !approved) {
            EXPECT_FALSE(d.available(d, true)) << d.name;
        }
    }
    const local::driver &md5 = driver_for("md5");
    EXPECT_FALSE(md5.available(md5, true));
    (void)driver_for("sha256"); // back to the ordinary suite
}
