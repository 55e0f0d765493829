// SPDX-License-Identifier: BSD-3-Clause
//
// Ciphers and hashes of several libraries and of our own against each other, and the keys that they take.
#include "local/modules.hpp"
#include "support/primitives.hpp"

#include <gcrypt.h>

using namespace kcapi;
using namespace kcapi::local;
using namespace kcapi::test;

namespace {

octets crypt(const driver &d, const octets &key, direction way, const octets &in) {
    std::unique_ptr<cipher_key> made;
    if (const int code = d.make_cipher(d, key, made); code != 0)
        throw std::runtime_error(std::string(d.driver_name) + ": key refused: " + std::to_string(code));
    octets out(in.size());
    EXPECT_EQ(made->open()->crypt(way, in.data(), out.data(), in.size()), 0);
    return out;
}

int key_code(const driver &d, const octets &key) {
    std::unique_ptr<cipher_key> cipher;
    std::unique_ptr<hash_key> hash;
    std::unique_ptr<aead_key> aead;
    return d.type == driver_kind::cipher ? d.make_cipher(d, key, cipher)
           : d.type == driver_kind::hash ? d.make_hash(d, key, hash)
                                         : d.make_aead(d, key, aead);
}

/// "16,24,32"
std::string lengths_taken(const driver &d, std::size_t longest) {
    std::string list;
    for (std::size_t n = 0; n <= longest; ++n)
        if (key_code(d, octets(n, 0x5b)) == 0)
            list += (list.empty() ? "" : ",") + std::to_string(n);
    return list;
}

octets digest_of(const driver &d, const octets &key, const octets &message, std::size_t cut) {
    std::unique_ptr<hash_key> made;
    EXPECT_EQ(d.make_hash(d, key, made), 0);
    const std::unique_ptr<hash_context> context = made->open();
    octets out(d.sizes.digest_size);
    const base::bytes all(message);
    EXPECT_EQ(context->update(all.first(cut)), 0);
    const std::unique_ptr<hash_context> copy = context->clone();
    EXPECT_EQ(context->update(octets{9, 9}), 0);
    EXPECT_EQ(context->restart(), 0);
    EXPECT_EQ(copy->update(all.subspan(cut)), 0);
    EXPECT_EQ(copy->finish(out.data()), 0);
    octets again(out.size());
    EXPECT_EQ(context->update(message), 0);
    EXPECT_EQ(context->finish(again.data()), 0);
    EXPECT_EQ(out, again) << d.driver_name << ", after a restart";
    return out;
}

} // namespace

TEST(primitives, drivers_of_one_cipher_agree) {
    std::mt19937 random(1);
    for (const auto &[name, sizes] : std::initializer_list<std::pair<std::string, std::vector<std::size_t>>>{
             {"camellia", {16, 24, 32}}, {"seed", {16}}, {"sm4", {16}}, {"blowfish", {4, 5, 16, 31, 56}}})
        for (const std::size_t size : sizes) {
            const octets key = random_octets(size, random);
            const octets text = random_octets(160, random);
            const octets by_gcrypt = crypt(part(name + "-gcrypt"), key, direction::encrypt, text);
            EXPECT_EQ(by_gcrypt, crypt(part(name + "-openssl"), key, direction::encrypt, text)) << name;
            EXPECT_EQ(crypt(part(name + "-gcrypt"), key, direction::decrypt, by_gcrypt), text) << name;
        }
}

/// libgcrypt has it for two lengths of keys.
TEST(primitives, twofish_is_that_of_libgcrypt) {
    std::mt19937 random(2);
    ASSERT_NE(gcry_check_version(nullptr), nullptr);
    const driver &ours = part("twofish-portable");
    for (const std::size_t size : {16U, 24U, 32U})
        for (int i = 0; i < 50; ++i) {
            const octets key = random_octets(size, random);
            const octets text = random_octets(64, random);
            const octets made = crypt(ours, key, direction::encrypt, text);
            EXPECT_EQ(crypt(ours, key, direction::decrypt, made), text);
            if (size == 24)
                continue;
            gcry_cipher_hd_t handle = nullptr;
            ASSERT_EQ(gcry_cipher_open(&handle, size == 16 ? GCRY_CIPHER_TWOFISH128 : GCRY_CIPHER_TWOFISH,
                                       GCRY_CIPHER_MODE_ECB, 0),
                      0U);
            octets theirs = text;
            ASSERT_EQ(gcry_cipher_setkey(handle, key.data(), key.size()), 0U);
            ASSERT_EQ(gcry_cipher_encrypt(handle, theirs.data(), theirs.size(), nullptr, 0), 0U);
            gcry_cipher_close(handle);
            EXPECT_EQ(made, theirs);
        }
}

TEST(primitives, keys_have_the_lengths_of_the_kernel) {
    EXPECT_EQ(lengths_taken(part("serpent-gcrypt"), 40),
              "0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32");
    EXPECT_EQ(lengths_taken(part("twofish-portable"), 40), "16,24,32");
    EXPECT_EQ(lengths_taken(part("cast6-portable"), 40), "16,20,24,28,32");
    EXPECT_EQ(lengths_taken(part("camellia-gcrypt"), 40), "16,24,32");
    EXPECT_EQ(lengths_taken(part("seed-gcrypt"), 40), "16");
    EXPECT_EQ(lengths_taken(part("sm4-gcrypt"), 40), "16");
    const std::string blowfish = lengths_taken(part("blowfish-gcrypt"), 60);
    EXPECT_TRUE(blowfish.starts_with("4,5,") && blowfish.ends_with(",55,56")) << blowfish;
    EXPECT_EQ(lengths_taken(served(driver_kind::aead, "aegis128"), 40), "16");
    EXPECT_EQ(lengths_taken(served(driver_kind::hash, "michael_mic"), 40), "8");
    EXPECT_EQ(lengths_taken(served(driver_kind::hash, "ghash"), 40), "16");
    EXPECT_EQ(lengths_taken(served(driver_kind::hash, "nhpoly1305"), 1200), "1088");
    EXPECT_EQ(lengths_taken(served(driver_kind::hash, "xxhash64"), 40), "0,8");
}

TEST(primitives, blocks_are_whole) {
    for (const char *const name : {"serpent-gcrypt", "twofish-portable", "cast6-portable"}) {
        std::unique_ptr<cipher_key> key;
        ASSERT_EQ(part(name).make_cipher(part(name), octets(16, 1), key), 0);
        octets data(33);
        const std::unique_ptr<cipher_context> context = key->open();
        EXPECT_EQ(context->crypt(direction::encrypt, data.data(), data.data(), 33), EINVAL) << name;
        EXPECT_EQ(context->crypt(direction::encrypt, data.data(), data.data(), 0), 0) << name;
        EXPECT_EQ(data, octets(33)) << name;
    }
}

/// Every driver of a name that has several gives the same digests, whatever the length and the pieces.
TEST(primitives, drivers_of_one_hash_agree) {
    std::mt19937 random(3);
    std::size_t compared = 0;
    for (const module *const m : linked_modules())
        for (const driver &d : m->drivers) {
            if (d.type != driver_kind::hash || std::string_view(d.provider) != "gcrypt" ||
                d.sizes.key == key_use::required)
                continue;
            const driver &other = served(driver_kind::hash, d.name);
            for (std::size_t length = 0; length <= 300; length += 1 + length / 20) {
                const octets message = random_octets(length, random);
                const octets key =
                    d.sizes.key == key_use::optional ? random_octets(length % 20, random) : octets();
                EXPECT_EQ(digest_of(d, key, message, random() % (length + 1)),
                          digest_of(other, key, message, random() % (length + 1)))
                    << d.driver_name << " and " << other.driver_name << ", " << length;
                compared += &d != &other ? 1 : 0;
            }
        }
    EXPECT_GT(compared, 500U);
}

TEST(primitives, whirlpool_is_cut_for_the_shorter_names) {
    const octets message(100, 7);
    const octets whole = digest_of(served(driver_kind::hash, "wp512"), {}, message, 50);
    for (const auto &[name, size] : {std::pair{"wp384", 48}, std::pair{"wp256", 32}})
        EXPECT_EQ(digest_of(served(driver_kind::hash, name), {}, message, 9),
                  octets(whole.begin(), whole.begin() + size));
}

TEST(primitives, poly1305_needs_room_for_its_key) {
    const driver &d = served(driver_kind::hash, "poly1305");
    std::unique_ptr<hash_key> key;
    ASSERT_EQ(d.make_hash(d, {}, key), 0);
    const std::unique_ptr<hash_context> context = key->open();
    octets out(16);
    EXPECT_EQ(context->finish(out.data()), ENOKEY);
    EXPECT_EQ(context->update(octets(31, 1)), 0);
    EXPECT_EQ(context->finish(out.data()), ENOKEY);
    octets message(32, 0);
    message.back() = 0x80;
    EXPECT_EQ(context->update(message), 0) << "a failure ends the message";
    EXPECT_EQ(context->finish(out.data()), 0);
    EXPECT_EQ(out, octets(message.begin() + 16, message.end()));
}

TEST(primitives, nothing_unvalidated_serves_in_fips_mode) {
    for (const module *const m : linked_modules())
        for (const driver &d : m->drivers) {
            const std::string_view name = d.name;
            const bool checksum = name.starts_with("crc") || name == "xxhash64" || name == "digest_null";
            if (std::string_view(d.provider) != "openssl" && !checksum) {
                ASSERT_NE(d.available, nullptr) << d.driver_name;
                EXPECT_FALSE(d.available(d, true)) << d.driver_name;
                EXPECT_TRUE(d.available(d, false)) << d.driver_name;
            }
        }
}
