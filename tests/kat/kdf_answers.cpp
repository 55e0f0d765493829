// SPDX-License-Identifier: BSD-3-Clause
#include "kat/kdf_answers.hpp"

#include "support/vectors.hpp"

#include <fstream>
#include <map>
#include <sstream>

namespace kcapi::test {

namespace {

/// The name of a pseudorandom function in NIST's file, as ours.
std::string prf_name(const std::string &text) {
    static const std::map<std::string, std::string> names{
        {"CMAC_AES128", "cmac(aes)"},     {"CMAC_AES192", "cmac(aes)"},     {"CMAC_AES256", "cmac(aes)"},
        {"CMAC_TDES2", "cmac(des3_ede)"}, {"CMAC_TDES3", "cmac(des3_ede)"}, {"HMAC_SHA1", "hmac(sha1)"},
        {"HMAC_SHA224", "hmac(sha224)"},  {"HMAC_SHA256", "hmac(sha256)"},  {"HMAC_SHA384", "hmac(sha384)"},
        {"HMAC_SHA512", "hmac(sha512)"},
    };
    return names.at(text);
}

/// The file without its intermediate values, which are indented and stand several times in a record.
std::istringstream without_steps(const std::string &path) {
    std::ifstream in(path);
    if (!in)
        throw vector_error(path + ":0: cannot be opened");
    std::string kept;
    for (std::string line; std::getline(in, line);)
        kept += (line.starts_with('\t') ? "#" : line) + '\n';
    return std::istringstream(kept);
}

counter_answer read_counter_answer(record &r) {
    counter_answer a{r.where(), prf_name(r.text("PRF")), r.bytes("KI"), r.bytes("FixedInputData"),
                     r.bytes("KO")};
    if (r.number("L") != 8 * a.out.size() || r.number("FixedInputDataByteLen") != a.fixed.size())
        throw vector_error(r.where() + ": a length");
    for (const char *const name : {"COUNT", "CTRLOCATION", "RLEN"})
        r.ignore(name);
    // Two keys stand for three, of which the third is the first.
    if (a.prf == "cmac(des3_ede)" && a.key.size() == 16)
        a.key.insert(a.key.end(), a.key.begin(), a.key.begin() + 8);
    return a;
}

std::string hash_name(const std::string &text) {
    static const std::map<std::string, std::string> names{{"SHA-1", "sha1"}, {"SHA-256", "sha256"}};
    return names.at(text);
}

/// An answer stands in several records, the last of which has the key.
void read_hkdf_part(record &r, hkdf_answer &a) {
    if (r.has("COUNT")) {
        r.ignore("COUNT");
        a = {};
        a.where = r.where();
    }
    if (r.has("Hash")) {
        a.hash = hash_name(r.text("Hash"));
        a.material = r.bytes("IKM");
        a.salt = r.bytes("salt");
        a.info = r.bytes("info");
        a.out.resize(r.number("L"));
    }
    if (r.has("PRK"))
        a.extracted = r.bytes("PRK");
}

/// Text in which \0 stands for a NUL.
std::string unescaped(std::string text) {
    for (std::size_t at = 0; (at = text.find("\\0", at)) != std::string::npos; ++at)
        text.replace(at, 2, 1, '\0');
    return text;
}

struct known_pbkdf {
    const char *where;
    const char *hash;
    const char *password;
    const char *salt;
    std::uint32_t iterations;
    const char *out;
};
constexpr known_pbkdf known[] = {
    {"RFC 3962, 1", "hmac(sha1)", "password", "ATHENA.MIT.EDUraeburn", 1,
     "cdedb5281bb2f801565a1122b25635150ad1f7a04bb9f3a333ecc0e2e1f70837"},
    {"RFC 3962, 2", "hmac(sha1)", "password", "ATHENA.MIT.EDUraeburn", 2,
     "01dbee7f4a9e243e988b62c73cda935da05378b93244ec8f48a99e61ad799d86"},
    {"RFC 3962, 1200", "hmac(sha1)", "password", "ATHENA.MIT.EDUraeburn", 1200,
     "5c08eb61fdf71e4e4ec3cf6ba1f5512ba7e52ddbc5e5142f708a31e2e62b1e13"},
    {"RFC 7914, 1", "hmac(sha256)", "passwd", "salt", 1,
     "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
     "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"},
    {"RFC 7914, 80000", "hmac(sha256)", "Password", "NaCl", 80000,
     "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"
     "a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d"},
};

} // namespace

counter_answers read_counter_answers(const std::string &folder) {
    counter_answers all;
    const std::string path = folder + "/nist-800-108-KBKDF-CTR.txt";
    std::istringstream in = without_steps(path);
    all.total = for_each_record(in, path, [&](record &r) {
        if (r.text("CTRLOCATION") == "BEFORE_FIXED" && r.text("RLEN") == "32_BITS")
            all.usable.push_back(read_counter_answer(r));
        else
            r.ignore_all();
    });
    return all;
}

std::vector<hkdf_answer> read_hkdf_answers(const std::string &folder) {
    std::vector<hkdf_answer> all;
    for (const char *const file :
         {"rfc-5869-HKDF-SHA1.txt", "rfc-5869-HKDF-SHA256.txt", "hkdf-generated.txt"}) {
        hkdf_answer a;
        (void)for_each_record(folder + '/' + file, [&](record &r) {
            read_hkdf_part(r, a);
            if (!r.has("OKM"))
                return;
            const std::vector<std::uint8_t> out = r.bytes("OKM");
            if (out.size() != a.out.size())
                throw vector_error(r.where() + ": L is another length");
            a.out = out;
            all.push_back(a);
        });
    }
    return all;
}

std::vector<pbkdf_answer> read_pbkdf_answers(const std::string &folder) {
    std::vector<pbkdf_answer> all;
    (void)for_each_record(folder + "/rfc-6070-PBKDF2-SHA1.txt", [&](record &r) {
        r.ignore("COUNT");
        pbkdf_answer a{r.where(),
                       "hmac(sha1)",
                       unescaped(r.text("PASSWORD")),
                       unescaped(r.text("SALT")),
                       static_cast<std::uint32_t>(r.number("ITERATIONS")),
                       r.bytes("DERIVED_KEY")};
        if (r.number("LENGTH") != a.out.size())
            throw vector_error(r.where() + ": LENGTH");
        all.push_back(std::move(a));
    });
    for (const known_pbkdf &k : known)
        all.push_back({k.where, k.hash, k.password, k.salt, k.iterations, from_hex(k.out)});
    return all;
}

} // namespace kcapi::test
