// SPDX-License-Identifier: BSD-3-Clause
//
// Known answers on the drivers over libcrypto, directly: our own vector files and NIST's CAVP files as Debian
// ships them (package python3-cryptography-vectors).
#include "drivers/openssl/module.hpp"
#include "kat/hash_answers.hpp"
#include "support/driver_under_test.hpp"
#include "support/vectors.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>

using namespace kcapi;
using namespace kcapi::test;
using local::direction;

namespace {

const std::string own_vectors = KCAPI_VECTOR_DIR;
const std::string cavp_vectors = KCAPI_CAVP_DIR;

const local::driver &driver_for(const std::string &algorithm) {
    return find_driver(*kcapi_driver_module_openssl(), algorithm);
}

const local::driver *driver_or_null(const std::string &algorithm) {
    for (const local::driver &d : kcapi_driver_module_openssl()->drivers)
        if (algorithm == d.name)
            return &d;
    return nullptr;
}

struct known_answer {
    byte_vector key;
    byte_vector iv;
    byte_vector plaintext;
    byte_vector ciphertext;
};

void check_skcipher(const std::string &algorithm, const known_answer &v) {
    keyed_driver d(driver_for(algorithm), v.key);
    EXPECT_EQ(v.ciphertext, d.message(direction::encrypt, v.iv, v.plaintext));
    EXPECT_EQ(v.plaintext, d.message(direction::decrypt, v.iv, v.ciphertext));
    byte_vector data = v.plaintext;
    d.set_iv(v.iv);
    ASSERT_EQ(0, d.pass(direction::encrypt, data.data(), data.data(), data.size()));
    EXPECT_EQ(v.ciphertext, data);
    d.set_iv(v.iv);
    ASSERT_EQ(0, d.pass(direction::decrypt, data.data(), data.data(), data.size()));
    EXPECT_EQ(v.plaintext, data);
}

void check_block_cipher(const local::driver &d, const known_answer &v) {
    std::unique_ptr<local::cipher_key> key;
    ASSERT_EQ(0, d.make_cipher(d, v.key, key));
    const std::unique_ptr<local::cipher_context> context = key->open();
    ASSERT_NE(nullptr, context);
    byte_vector data = v.plaintext;
    ASSERT_EQ(0, context->crypt(direction::encrypt, data.data(), data.data(), data.size()));
    EXPECT_EQ(v.ciphertext, data);
    ASSERT_EQ(0, context->crypt(direction::decrypt, data.data(), data.data(), data.size()));
    EXPECT_EQ(v.plaintext, data);
}

void check_own_record(record &r, std::size_t &checked) {
    if (r.has("Tag")) {
        r.ignore_all(); // driver_openssl_aead_test's
        return;
    }
    SCOPED_TRACE(r.where());
    // Those of hashes are driver_openssl_hash_test's.
    if (read_hash_record(r, nullptr))
        return;
    EXPECT_FALSE(r.text("Origin").empty());
    if (r.has("Selftest")) {
        EXPECT_EQ("yes", r.text("Selftest"));
    }
    const std::string algorithm = r.text("Cipher");
    const known_answer v{r.bytes("Key"), r.has("IV") ? r.bytes("IV") : byte_vector(), r.bytes("Plaintext"),
                         r.bytes("Ciphertext")};
    // Templates and other modules have vectors too; those run where they are served (tests/kat).
    const local::driver *const d = driver_or_null(algorithm);
    if (d == nullptr)
        return;
    ++checked;
    if (d->type == local::driver_kind::cipher)
        check_block_cipher(*d, v);
    else
        check_skcipher(algorithm, v);
}

std::vector<std::string> files_below(const std::string &folder, const std::string &extension) {
    std::vector<std::string> files;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.path().extension() == extension)
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

/// All records of a mode's folder; how many there were.
std::size_t check_cavp(const std::string &algorithm, const std::string &folder,
                       const std::string &extension) {
    std::size_t count = 0;
    for (const std::string &file : files_below(cavp_vectors + '/' + folder, extension))
        count += for_each_record(file, [&](record &r) {
            SCOPED_TRACE(r.where());
            EXPECT_TRUE(r.flag("ENCRYPT") || r.flag("DECRYPT"));
            r.ignore("COUNT");
            check_skcipher(algorithm, {r.bytes("KEY"), r.has("IV") ? r.bytes("IV") : byte_vector(),
                                       r.bytes("PLAINTEXT"), r.bytes("CIPHERTEXT")});
        });
    return count;
}

byte_vector data_unit_iv(std::uint64_t number) {
    byte_vector iv(16);
    for (std::size_t i = 0; i < 8; ++i, number >>= 8)
        iv[i] = static_cast<std::uint8_t>(number);
    return iv;
}

} // namespace

TEST(driver_openssl_kat, own_vectors_in_both_directions_and_in_place) {
    std::size_t checked = 0;
    for (const std::string &file : files_below(own_vectors, ".vec"))
        (void)for_each_record(file, [&](record &r) { check_own_record(r, checked); });
    EXPECT_GE(checked, 100U);
}

TEST(driver_openssl_kat, cavp_ecb) { EXPECT_EQ(2138U, check_cavp("ecb(aes)", "ECB", ".rsp")); }
TEST(driver_openssl_kat, cavp_cbc) { EXPECT_EQ(2138U, check_cavp("cbc(aes)", "CBC", ".rsp")); }
TEST(driver_openssl_kat, cavp_ctr) { EXPECT_EQ(9U, check_cavp("ctr(aes)", "CTR", ".txt")); }

TEST(driver_openssl_kat, cavp_xts) {
    std::size_t checked = 0;
    std::size_t parts_of_bytes = 0;
    for (const std::string &file : files_below(cavp_vectors + "/XTS", ".rsp"))
        for_each_record(file, [&](record &r) {
            SCOPED_TRACE(r.where());
            EXPECT_TRUE(r.flag("ENCRYPT") || r.flag("DECRYPT"));
            r.ignore("COUNT");
            const std::uint64_t bits = r.number("DataUnitLen");
            const known_answer v{r.bytes("Key"),
                                 r.has("i") ? r.bytes("i") : data_unit_iv(r.number("DataUnitSeqNumber")),
                                 r.bytes("PT"), r.bytes("CT")};
            // The standard cuts data units at any bit; neither AF_ALG nor libcrypto does.
            if (bits % 8 != 0) {
                ++parts_of_bytes;
                return;
            }
            EXPECT_EQ(bits / 8, v.plaintext.size());
            check_skcipher("xts(aes)", v);
            ++checked;
        });
    EXPECT_EQ(2800U, checked);
    EXPECT_EQ(1200U, parts_of_bytes);
}
