// SPDX-License-Identifier: BSD-3-Clause
#include "kat/answers.hpp"

#include "kat/hash_answers.hpp"
#include "support/vectors.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace kcapi::test {

namespace {

std::string from_environment(const char *name, const std::string &otherwise) {
    const char *const value = std::getenv(name);
    return value == nullptr ? otherwise : value;
}

std::vector<std::string> files_below(const std::string &folder, const std::string &extension) {
    if (!std::filesystem::is_directory(folder))
        throw std::runtime_error("no folder " + folder);
    std::vector<std::string> files;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.path().extension() == extension)
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    if (files.empty())
        throw std::runtime_error("no *" + extension + " in " + folder);
    return files;
}

octets iv_of(record &r, const std::string &name) { return r.has(name) ? r.bytes(name) : octets(); }

bool is_bare(const std::string &cipher) {
    return cipher.find('(') == std::string::npos && cipher.find("chacha") == std::string::npos;
}

void read_own(record &r, answers &to) {
    // Those of hashes are hash_kat_test's.
    if (read_hash_record(r, nullptr))
        return;
    if (r.has("Tag")) {
        r.ignore_all(); // aead_kat_test's
        return;
    }
    r.ignore("Origin");
    if (r.has("Selftest"))
        r.ignore("Selftest");
    const std::string cipher = r.text("Cipher");
    // A bare cipher cannot be asked for; its blocks are ecb's.
    to[is_bare(cipher) ? "ecb(" + cipher + ")" : cipher].push_back(
        {r.where(), r.bytes("Key"), iv_of(r, "IV"), r.bytes("Plaintext"), r.bytes("Ciphertext")});
}

/// The direction that NIST means; every vector is used in both.
void check_direction(record &r) {
    if (!r.flag("ENCRYPT") && !r.flag("DECRYPT"))
        throw vector_error(r.where() + ": no direction");
    r.ignore("COUNT");
}

void read_cavp(record &r, std::vector<known_answer> &to) {
    check_direction(r);
    to.push_back({r.where(), r.bytes("KEY"), iv_of(r, "IV"), r.bytes("PLAINTEXT"), r.bytes("CIPHERTEXT")});
}

/// IEEE 1619: the number of the data unit, little-endian.
octets data_unit_iv(std::uint64_t number) {
    octets iv(16);
    for (std::size_t i = 0; i < 8; ++i, number >>= 8)
        iv[i] = static_cast<std::uint8_t>(number);
    return iv;
}

void read_cavp_xts(record &r, std::vector<known_answer> &to) {
    check_direction(r);
    const std::uint64_t bits = r.number("DataUnitLen");
    known_answer v{r.where(), r.bytes("Key"),
                   r.has("i") ? r.bytes("i") : data_unit_iv(r.number("DataUnitSeqNumber")), r.bytes("PT"),
                   r.bytes("CT")};
    // The standard cuts data units at any bit; AF_ALG counts bytes.
    if (bits % 8 == 0)
        to.push_back(std::move(v));
}

} // namespace

answers own_answers() {
    answers all;
    for (const std::string &file :
         files_below(from_environment("KCAPI_VECTORS_DIR", KCAPI_VECTOR_DIR), ".vec"))
        (void)for_each_record(file, [&](record &r) { read_own(r, all); });
    return all;
}

answers cavp_answers() {
    const std::string folder = from_environment("KCAPI_CAVP_DIR", KCAPI_CAVP_DIR);
    answers all;
    const auto read = [&](const char *algorithm, const char *below, const char *extension, auto reader) {
        for (const std::string &file : files_below(folder + '/' + below, extension))
            (void)for_each_record(file, [&](record &r) { reader(r, all[algorithm]); });
    };
    read("ecb(aes)", "ECB", ".rsp", read_cavp);
    read("cbc(aes)", "CBC", ".rsp", read_cavp);
    read("ctr(aes)", "CTR", ".txt", read_cavp);
    read("xts(aes)", "XTS", ".rsp", read_cavp_xts);
    return all;
}

} // namespace kcapi::test
