// SPDX-License-Identifier: BSD-3-Clause
//
// RSA by libcrypto: published vectors, and keys and lengths that must be refused.
#include "drivers/openssl/module.hpp"
#include "local/selftest_public_key.hpp"
#include "support/listed_values.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <cerrno>

using namespace kcapi;
using namespace kcapi::test;
using alg::op_code;

namespace {

const std::string folder = std::string(KCAPI_ASYMMETRIC_DIR) + "/RSA/";

const local::driver &find(const std::string &name) {
    for (const local::driver &d : kcapi_driver_module_openssl()->drivers)
        if (d.name == name && d.type == local::driver_kind::akcipher)
            return d;
    throw std::runtime_error("no driver for " + name);
}

int try_key(const std::string &name, const octets &der, bool is_private,
            std::unique_ptr<local::akcipher_key> &key) {
    const local::driver &d = find(name);
    if (!d.available(d, false))
        throw std::runtime_error(name + " is not available");
    return d.make_akcipher(d, der, is_private, key);
}

std::unique_ptr<local::akcipher_key> make(const std::string &name, const octets &der, bool is_private) {
    std::unique_ptr<local::akcipher_key> key;
    if (const int code = try_key(name, der, is_private, key); code != 0)
        throw std::runtime_error("the key is refused: " + std::to_string(code));
    return key;
}

struct outcome {
    int code;
    octets output;
    bool operator==(const outcome &) const = default;
};

outcome run(const local::akcipher_key &key, op_code op, const octets &in) {
    octets out(key.output_size(), 0xee);
    std::size_t n = 0;
    const int code = key.crypt(op, in, out, n);
    out.resize(code == 0 ? n : 0);
    return {code, out};
}

octets digest(const char *name, const octets &message) {
    octets out(EVP_MAX_MD_SIZE);
    unsigned int n = 0;
    if (EVP_Digest(message.data(), message.size(), out.data(), &n, EVP_get_digestbyname(name), nullptr) != 1)
        throw std::runtime_error("digest");
    out.resize(n);
    return out;
}

/// One key of RSA Laboratories' files and what belongs to it.
struct key_material {
    octets private_der;
    octets public_der;
    std::vector<std::map<std::string, octets>> examples;
};

std::vector<key_material> read_keys(const std::string &path) {
    std::vector<key_material> keys;
    std::vector<octets> numbers;
    for (const auto &[name, value] : read_titled_values(path)) {
        if (name == "Modulus" && numbers.size() != 1)
            numbers = {value};
        else if (name == "Public exponent" || (name == "Exponent" && numbers.size() == 2) ||
                 name.starts_with("Prime") || name == "Coefficient")
            numbers.push_back(value);
        if (name == "Coefficient") {
            if (numbers.size() != 8)
                throw std::runtime_error("a key of " + std::to_string(numbers.size()) + " numbers");
            std::vector<octets> with_version = numbers;
            with_version.insert(with_version.begin(), octets{0});
            keys.push_back({der_numbers(with_version), der_numbers({numbers[0], numbers[1]}), {}});
        }
        if (name.starts_with("Message"))
            keys.back().examples.push_back({{"message", value}});
        if (name == "Signature" || name == "Encryption")
            keys.back().examples.back()["output"] = value;
    }
    return keys;
}

const key_material &some_key() {
    static const key_material key = read_keys(folder + "pkcs1v15sign-vectors.txt").at(14);
    return key;
}

} // namespace

TEST(driver_openssl_rsa, signs_as_rsa_laboratories_vectors_do) {
    std::size_t examples = 0;
    for (const key_material &k : read_keys(folder + "pkcs1v15sign-vectors.txt")) {
        const auto key = make("pkcs1pad(rsa,sha1)", k.private_der, true);
        const auto public_key = make("pkcs1pad(rsa,sha1)", k.public_der, false);
        for (const auto &example : k.examples) {
            const octets hash = digest("SHA1", example.at("message"));
            EXPECT_EQ(run(*key, op_code::sign, hash), (outcome{0, example.at("output")}));
            EXPECT_EQ(run(*public_key, op_code::verify, example.at("output")), (outcome{0, hash}));
            ++examples;
        }
    }
    EXPECT_EQ(examples, 300U);
}

TEST(driver_openssl_rsa, decrypts_rsa_laboratories_vectors) {
    std::size_t examples = 0;
    for (const key_material &k : read_keys(folder + "pkcs1v15crypt-vectors.txt")) {
        const auto key = make("pkcs1pad(rsa)", k.private_der, true);
        for (const auto &example : k.examples) {
            EXPECT_EQ(run(*key, op_code::decrypt, example.at("output")), (outcome{0, example.at("message")}));
            ++examples;
        }
    }
    EXPECT_EQ(examples, 300U);
}

TEST(driver_openssl_rsa, verifies_nists_signatures_of_every_hash_and_no_other) {
    octets modulus;
    octets exponent;
    std::map<std::string, int> seen;
    (void)for_each_record(folder + "FIPS_186-2/SigGen15_186-3.rsp", [&](record &r) {
        if (r.has("mod"))
            r.ignore("mod");
        if (r.has("n")) {
            modulus = r.bytes("n");
            const std::string digits = r.text("e");
            exponent = from_hex(digits.size() % 2 == 0 ? digits : "0" + digits);
            if (!r.has("Msg"))
                return;
        }
        const std::string hash = r.text("SHAAlg");
        const std::string name = "pkcs1pad(rsa,sha" + hash.substr(3) + ")";
        octets signature = r.bytes("S");
        const octets wanted = digest(hash.c_str(), r.bytes("Msg"));
        const auto key = make(name, der_numbers({modulus, exponent}), false);
        EXPECT_EQ(run(*key, op_code::verify, signature), (outcome{0, wanted})) << r.where();
        signature.back() ^= 1;
        EXPECT_EQ(run(*key, op_code::verify, signature).code, EBADMSG) << r.where();
        ++seen[hash];
    });
    EXPECT_EQ(seen.size(), 5U);
    for (const auto &[hash, count] : seen)
        EXPECT_EQ(count, 50) << hash;
}

TEST(driver_openssl_rsa, primitive_takes_numbers_below_the_modulus_in_any_length) {
    const auto key = make("rsa", some_key().private_der, true);
    ASSERT_EQ(key->output_size(), 256U);
    octets three(256);
    three.back() = 3;
    const outcome encrypted = run(*key, op_code::encrypt, {3});
    ASSERT_EQ(encrypted.code, 0);
    EXPECT_EQ(encrypted.output.size(), 256U);
    EXPECT_EQ(run(*key, op_code::encrypt, {0, 0, 3}), encrypted);
    EXPECT_EQ(run(*key, op_code::verify, three), encrypted);
    EXPECT_EQ(run(*key, op_code::decrypt, encrypted.output), (outcome{0, three}));
    EXPECT_EQ(run(*key, op_code::sign, encrypted.output), (outcome{0, three}));
    octets longer(300);
    longer.back() = 3;
    EXPECT_EQ(run(*key, op_code::encrypt, longer), encrypted);
    EXPECT_EQ(run(*key, op_code::encrypt, octets(256, 0xff)).code, EINVAL) << "above the modulus";
    EXPECT_EQ(run(*key, op_code::encrypt, octets(257, 1)).code, EINVAL);
    EXPECT_EQ(run(*key, op_code::encrypt, {}).code, EINVAL);
}

TEST(driver_openssl_rsa, padding_leaves_eleven_bytes) {
    const auto key = make("pkcs1pad(rsa)", some_key().private_der, true);
    for (const op_code op : {op_code::encrypt, op_code::sign}) {
        const op_code back = op == op_code::encrypt ? op_code::decrypt : op_code::verify;
        for (const std::size_t size : {1U, 20U, 245U}) {
            const octets message(size, 0x5a);
            const outcome there = run(*key, op, message);
            EXPECT_EQ(run(*key, back, there.output), (outcome{0, message})) << size;
        }
        EXPECT_EQ(run(*key, op, octets(246, 1)).code, EINVAL);
    }
    EXPECT_NE(run(*key, op_code::encrypt, {1}), run(*key, op_code::encrypt, {1})) << "random padding";
}

TEST(driver_openssl_rsa, broken_ciphertexts_all_fail_with_one_number_and_no_plaintext) {
    const auto key = make("pkcs1pad(rsa)", some_key().private_der, true);
    const auto raw = make("rsa", some_key().private_der, true);
    octets blocks[] = {octets(256, 5), octets(256, 5), octets(256, 5)};
    blocks[0][0] = 0, blocks[0][1] = 1;                   // a signature's padding
    blocks[1][0] = 0, blocks[1][1] = 2;                   // no end of the padding
    blocks[2][0] = 0, blocks[2][1] = 2, blocks[2][6] = 0; // too little padding
    for (const octets &block : blocks) {
        const octets ciphertext = run(*raw, op_code::encrypt, block).output;
        octets out(256, 0xee);
        std::size_t n = 0;
        EXPECT_EQ(key->crypt(op_code::decrypt, ciphertext, out, n), EINVAL);
        EXPECT_EQ(out, octets(256));
    }
    EXPECT_EQ(run(*key, op_code::decrypt, octets(256, 0xff)).code, EINVAL);
    EXPECT_EQ(run(*key, op_code::decrypt, octets(255, 1)).code, EINVAL);
}

TEST(driver_openssl_rsa, digests_have_their_size_and_signatures_the_keys) {
    const struct {
        const char *name;
        std::size_t size;
    } hashes[] = {{"pkcs1pad(rsa,sha1)", 20},
                  {"pkcs1pad(rsa,sha224)", 28},
                  {"pkcs1pad(rsa,sha256)", 32},
                  {"pkcs1pad(rsa,sha384)", 48},
                  {"pkcs1pad(rsa,sha512)", 64}};
    for (const auto &h : hashes) {
        const auto key = make(h.name, some_key().private_der, true);
        const outcome signature = run(*key, op_code::sign, octets(h.size, 1));
        ASSERT_EQ(signature.code, 0) << h.name;
        EXPECT_EQ(run(*key, op_code::sign, octets(h.size - 1, 1)).code, EINVAL);
        EXPECT_EQ(run(*key, op_code::sign, octets(h.size + 1, 1)).code, EINVAL);
        EXPECT_EQ(run(*key, op_code::verify, octets(255, 1)).code, EINVAL);
        EXPECT_EQ(run(*key, op_code::verify, octets(256, 1)).code, EBADMSG);
        for (const auto &other : hashes)
            if (other.size != h.size) {
                EXPECT_EQ(
                    run(*make(other.name, some_key().public_der, false), op_code::verify, signature.output)
                        .code,
                    EBADMSG)
                    << h.name << " under " << other.name;
            }
    }
}

TEST(driver_openssl_rsa, public_key_does_not_decrypt_or_sign) {
    for (const char *const name : {"rsa", "pkcs1pad(rsa)", "pkcs1pad(rsa,sha256)"}) {
        const auto key = make(name, some_key().public_der, false);
        EXPECT_EQ(run(*key, op_code::decrypt, octets(256, 1)).code, EINVAL) << name;
        EXPECT_EQ(run(*key, op_code::sign, octets(32, 1)).code, EINVAL) << name;
        EXPECT_EQ(run(*key, op_code::encrypt, octets(32, 1)).code, 0) << name;
        EXPECT_EQ(run(*key, op_code::keygen, octets(32, 1)).code, EINVAL) << name;
    }
}

TEST(driver_openssl_rsa, only_strict_der_of_two_prime_keys_is_a_key) {
    ERR_clear_error();
    std::unique_ptr<local::akcipher_key> key;
    const octets &good = some_key().private_der;
    for (std::size_t size = 0; size < good.size(); ++size)
        ASSERT_EQ(
            try_key("rsa", octets(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)), true, key),
            EINVAL)
            << size;
    octets longer = good;
    longer.push_back(0);
    EXPECT_EQ(try_key("rsa", longer, true, key), EINVAL);
    EXPECT_EQ(try_key("rsa", some_key().public_der, true, key), EINVAL);
    EXPECT_EQ(try_key("rsa", good, false, key), EINVAL);
    octets version = good;
    version[6] = 1;
    ASSERT_EQ(good[6], 0) << "the version";
    EXPECT_EQ(try_key("rsa", version, true, key), EINVAL);
    octets negative = some_key().public_der;
    ASSERT_EQ(negative[8], 0) << "before the modulus's first bit";
    negative.erase(negative.begin() + 8);
    EXPECT_EQ(try_key("rsa", negative, false, key), EINVAL);
    EXPECT_EQ(key, nullptr);
    EXPECT_EQ(ERR_peek_error(), 0UL);
}

TEST(driver_openssl_rsa, sizes_and_numbers_that_are_no_key_are_refused) {
    std::unique_ptr<local::akcipher_key> key;
    const auto with = [&](const octets &n, const octets &e) {
        return try_key("rsa", der_numbers({n, e}), false, key);
    };
    octets odd(64, 0x91);
    EXPECT_EQ(with(odd, {3}), 0) << "512 bits";
    octets short_one(63, 0x91);
    EXPECT_EQ(with(short_one, {3}), EINVAL);
    EXPECT_EQ(with(octets(2048, 0x91), {3}), 0) << "16384 bits";
    EXPECT_EQ(with(octets(2049, 0x91), {3}), EINVAL);
    octets even = odd;
    even.back() = 0x90;
    EXPECT_EQ(with(even, {3}), EINVAL);
    EXPECT_EQ(with(odd, {1}), EINVAL);
    EXPECT_EQ(with(odd, {4}), EINVAL);
    EXPECT_EQ(with(odd, {0}), EINVAL);
    EXPECT_EQ(with(odd, octets(65, 0x11)), EINVAL);
}

TEST(driver_openssl_rsa, every_driver_passes_its_self_test_and_no_other) {
    ERR_clear_error();
    std::size_t count = 0;
    for (const local::driver &d : kcapi_driver_module_openssl()->drivers) {
        if (d.type != local::driver_kind::akcipher)
            continue;
        ASSERT_TRUE(d.available(d, false));
        EXPECT_TRUE(local::passes_akcipher_self_test(d)) << d.name;
        local::driver wrong = d;
        wrong.name = std::string_view(d.name) == "rsa" ? "pkcs1pad(rsa)" : "rsa";
        EXPECT_FALSE(local::passes_akcipher_self_test(wrong)) << d.name;
        wrong.name = "unknown";
        EXPECT_FALSE(local::passes_akcipher_self_test(wrong));
        ++count;
    }
    EXPECT_EQ(count, 7U);
    EXPECT_EQ(ERR_peek_error(), 0UL);
}
