// SPDX-License-Identifier: BSD-3-Clause
#include "kat/hash_answers.hpp"

#include "support/vectors.hpp"

#include <algorithm>
#include <filesystem>

namespace kcapi::test {

namespace {

struct published {
    const char *algorithm;
    const char *file;
};

constexpr published messages[] = {
    {"sha1", "hashes/SHA1/SHA1ShortMsg.rsp"},
    {"sha1", "hashes/SHA1/SHA1LongMsg.rsp"},
    {"sha224", "hashes/SHA2/SHA224ShortMsg.rsp"},
    {"sha224", "hashes/SHA2/SHA224LongMsg.rsp"},
    {"sha256", "hashes/SHA2/SHA256ShortMsg.rsp"},
    {"sha256", "hashes/SHA2/SHA256LongMsg.rsp"},
    {"sha384", "hashes/SHA2/SHA384ShortMsg.rsp"},
    {"sha384", "hashes/SHA2/SHA384LongMsg.rsp"},
    {"sha512", "hashes/SHA2/SHA512ShortMsg.rsp"},
    {"sha512", "hashes/SHA2/SHA512LongMsg.rsp"},
    {"sha3-224", "hashes/SHA3/SHA3_224ShortMsg.rsp"},
    {"sha3-224", "hashes/SHA3/SHA3_224LongMsg.rsp"},
    {"sha3-256", "hashes/SHA3/SHA3_256ShortMsg.rsp"},
    {"sha3-256", "hashes/SHA3/SHA3_256LongMsg.rsp"},
    {"sha3-384", "hashes/SHA3/SHA3_384ShortMsg.rsp"},
    {"sha3-384", "hashes/SHA3/SHA3_384LongMsg.rsp"},
    {"sha3-512", "hashes/SHA3/SHA3_512ShortMsg.rsp"},
    {"sha3-512", "hashes/SHA3/SHA3_512LongMsg.rsp"},
    {"md5", "hashes/MD5/rfc-1321.txt"},
    {"rmd160", "hashes/ripemd160/ripevectors.txt"},
    {"sm3", "hashes/SM3/oscca.txt"},
    {"blake2b-512", "hashes/blake2/blake2b.txt"},
    {"blake2s-256", "hashes/blake2/blake2s.txt"},
    {"hmac(md5)", "HMAC/rfc-2202-md5.txt"},
    {"hmac(sha1)", "HMAC/rfc-2202-sha1.txt"},
    {"hmac(rmd160)", "HMAC/rfc-2286-ripemd160.txt"},
    {"hmac(sha224)", "HMAC/rfc-4231-sha224.txt"},
    {"hmac(sha256)", "HMAC/rfc-4231-sha256.txt"},
    {"hmac(sha384)", "HMAC/rfc-4231-sha384.txt"},
    {"hmac(sha512)", "HMAC/rfc-4231-sha512.txt"},
    {"cmac(aes)", "CMAC/nist-800-38b-aes128.txt"},
    {"cmac(aes)", "CMAC/nist-800-38b-aes192.txt"},
    {"cmac(aes)", "CMAC/nist-800-38b-aes256.txt"},
    {"cmac(des3_ede)", "CMAC/nist-800-38b-3des.txt"},
};

constexpr published monte_files[] = {
    {"sha1", "hashes/SHA1/SHA1Monte.rsp"},         {"sha224", "hashes/SHA2/SHA224Monte.rsp"},
    {"sha256", "hashes/SHA2/SHA256Monte.rsp"},     {"sha384", "hashes/SHA2/SHA384Monte.rsp"},
    {"sha512", "hashes/SHA2/SHA512Monte.rsp"},     {"sha3-224", "hashes/SHA3/SHA3_224Monte.rsp"},
    {"sha3-256", "hashes/SHA3/SHA3_256Monte.rsp"}, {"sha3-384", "hashes/SHA3/SHA3_384Monte.rsp"},
    {"sha3-512", "hashes/SHA3/SHA3_512Monte.rsp"},
};

void ignore_if_there(record &r, const char *name) {
    if (r.has(name))
        r.ignore(name);
}

/// The names differ from file to file.
hash_answer read_published(record &r) {
    hash_answer v{r.where(), std::nullopt, {}, {}};
    for (const char *const name : {"L", "COUNT"})
        ignore_if_there(r, name);
    if (r.has("KEY1")) {
        v.key.emplace();
        for (const char *const name : {"KEY1", "KEY2", "KEY3"}) {
            const std::vector<std::uint8_t> part = r.bytes(name);
            v.key->insert(v.key->end(), part.begin(), part.end());
        }
    }
    for (const char *const name : {"Key", "KEY"})
        if (r.has(name))
            v.key = r.bytes(name);
    v.message = r.bytes(r.has("Msg") ? "Msg" : "MESSAGE");
    v.digest = r.bytes(r.has("MD") ? "MD" : "OUTPUT");
    if (r.has("Len")) {
        const std::uint64_t bits = r.number("Len");
        if (bits == 0)
            v.message.clear();
        if (bits != 8 * v.message.size())
            throw vector_error(r.where() + ": the message has another length");
    }
    return v;
}

} // namespace

bool read_hash_record(record &r, hash_answers *to) {
    if (!r.has("Hash"))
        return false;
    r.ignore("Origin");
    ignore_if_there(r, "Selftest");
    const std::string name = r.text("Hash");
    hash_answer v{r.where(), std::nullopt, r.bytes("Message"), r.bytes("Digest")};
    if (r.has("Key"))
        v.key = r.bytes("Key");
    if (to != nullptr)
        (*to)[name].push_back(std::move(v));
    return true;
}

hash_answers own_hash_answers(const std::string &folder) {
    hash_answers all;
    for (const char *const file : {"digest.vec", "mac.vec", "crc.vec"})
        (void)for_each_record(folder + '/' + file, [&](record &r) {
            if (!read_hash_record(r, &all))
                throw vector_error(r.where() + ": not a hash");
        });
    return all;
}

hash_answers published_hash_answers(const std::string &folder) {
    hash_answers all;
    for (const published &p : messages)
        (void)for_each_record(folder + '/' + p.file,
                              [&](record &r) { all[p.algorithm].push_back(read_published(r)); });
    return all;
}

std::vector<monte_carlo> monte_carlo_tests(const std::string &folder) {
    std::vector<monte_carlo> all;
    for (const published &p : monte_files) {
        monte_carlo m{p.algorithm, {}, {}};
        (void)for_each_record(folder + '/' + p.file, [&](record &r) {
            ignore_if_there(r, "L");
            if (r.has("Seed"))
                m.seed = r.bytes("Seed");
            if (r.has("COUNT")) {
                r.ignore("COUNT");
                m.checkpoints.push_back(r.bytes("MD"));
            }
        });
        all.push_back(std::move(m));
    }
    return all;
}

} // namespace kcapi::test
