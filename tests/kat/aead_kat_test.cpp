// SPDX-License-Identifier: BSD-3-Clause
//
// Known answers of aeads at the seam, on the engine under test (KCAPI_TEST_ENGINE: local or kernel): as one
// message, in pieces, scattered, and by the shortcut crypt where the engine is the local one; what is not
// authentic has to be refused and to leave no plaintext.
#include "support/aead_vectors.hpp"

#include "afalg/engine.hpp"
#include "local/engine.hpp"
#include "local/modules.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>

using namespace kcapi;
using namespace kcapi::test;

namespace {

using octets = std::vector<std::uint8_t>;

std::string from_environment(const char *name, const char *otherwise) {
    const char *const value = std::getenv(name);
    return value == nullptr ? otherwise : value;
}

bool is_local() { return from_environment("KCAPI_TEST_ENGINE", "local") == "local"; }

alg::engine &engine() {
    static const std::unique_ptr<alg::engine> one =
        is_local() ? local::make_engine(local::linked_modules()) : afalg::make_engine();
    return *one;
}

octets joined(const octets &a, const octets &b, const octets &c = {}) {
    octets all = a;
    all.insert(all.end(), b.begin(), b.end());
    all.insert(all.end(), c.begin(), c.end());
    return all;
}

/// Up to three pieces over `data`.
std::vector<iovec> cut(octets &data, std::mt19937 &random) {
    const std::size_t first = random() % (data.size() + 1);
    const std::size_t second = random() % (data.size() - first + 1);
    return {{data.data(), first},
            {data.data() + first, second},
            {data.data() + first + second, data.size() - first - second}};
}

struct job {
    alg::operation &on;
    const alg::control &header;
    octets in;
    std::size_t out_size;
    std::mt19937 &random;
};

struct outcome {
    int code = 0;
    octets out;
};

outcome outcome_of(const result<std::size_t> &r, octets &&out) {
    if (!r)
        return {r.error().code, std::move(out)};
    return {*r == out.size() ? 0 : EIO, std::move(out)};
}

constexpr alg::call_flags whole{.more = false, .dont_wait = true};

/// One byte at least: a receive of nothing does nothing.
outcome collected(job &j, bool scattered) {
    octets out(std::max<std::size_t>(j.out_size, 1), 0xee);
    const std::vector<iovec> room =
        scattered ? cut(out, j.random) : std::vector<iovec>{{out.data(), out.size()}};
    const result<std::size_t> r = j.on.receive(room, whole);
    out.resize(j.out_size);
    return outcome_of(r, std::move(out));
}

outcome as_one(job &j) {
    const iovec v{j.in.data(), j.in.size()};
    if (const result<std::size_t> sent = j.on.send({&v, 1}, &j.header, whole); !sent || *sent != j.in.size())
        return {EIO, {}};
    return collected(j, false);
}

outcome in_pieces(job &j) {
    std::vector<iovec> pieces = cut(j.in, j.random);
    const alg::control *header = &j.header;
    for (std::size_t i = 0; i < pieces.size(); ++i, header = nullptr) {
        const alg::call_flags flags{.more = i + 1 < pieces.size(), .dont_wait = true};
        const result<std::size_t> sent = j.on.send({&pieces[i], 1}, header, flags);
        if (!sent || *sent != pieces[i].iov_len)
            return {EIO, {}};
    }
    return collected(j, true);
}

outcome by_crypt(job &j) {
    octets out(j.out_size, 0xee);
    const iovec from{j.in.data(), j.in.size()};
    const iovec to{out.data(), out.size()};
    const result<std::size_t> r = j.on.crypt({.in = {&from, 1}, .out = {&to, 1}, .header = &j.header});
    return outcome_of(r, std::move(out));
}

outcome by_crypt_in_place(job &j) {
    octets data = j.in;
    data.resize(std::max(j.in.size(), j.out_size));
    const iovec from{data.data(), j.in.size()};
    const iovec to{data.data(), j.out_size};
    const result<std::size_t> r = j.on.crypt({.in = {&from, 1}, .out = {&to, 1}, .header = &j.header});
    data.resize(j.out_size);
    return outcome_of(r, std::move(data));
}

outcome by_scattered_crypt(job &j) {
    octets out(j.out_size, 0xee);
    const std::vector<iovec> from = cut(j.in, j.random);
    const std::vector<iovec> to = cut(out, j.random);
    const result<std::size_t> r = j.on.crypt({.in = from, .out = to, .header = &j.header});
    return outcome_of(r, std::move(out));
}

struct path {
    const char *name;
    outcome (*run)(job &j);
};

std::vector<path> paths() {
    std::vector<path> all{{"one message", as_one}, {"pieces", in_pieces}};
    if (is_local()) {
        all.push_back({"crypt", by_crypt});
        all.push_back({"crypt in place", by_crypt_in_place});
        all.push_back({"scattered crypt", by_scattered_crypt});
    }
    return all;
}

/// A vector in both directions through all paths; how many runs that were.
std::size_t check_vector(const std::string &name, const aead_answer &v, std::mt19937 &random) {
    SCOPED_TRACE(v.where);
    const result<std::shared_ptr<alg::transform>> t = engine().open(alg::kind::aead, name);
    if (!t || !(*t)->set(alg::parameter::key, v.key) ||
        !(*t)->set_tag_size(static_cast<std::uint32_t>(v.tag.size()))) {
        ADD_FAILURE() << name << " cannot be opened, or refuses key or tag size";
        return 0;
    }
    const std::unique_ptr<alg::operation> on = *(*t)->accept();
    const octets plain = joined(v.assoc, v.plaintext);
    const octets sealed = joined(v.assoc, v.ciphertext, v.tag);
    const auto header = [&](alg::op_code op) {
        return alg::control{
            .op = op, .iv = base::bytes(v.iv), .assoc_len = static_cast<std::uint32_t>(v.assoc.size())};
    };
    const alg::control encrypt = header(alg::op_code::encrypt);
    const alg::control decrypt = header(alg::op_code::decrypt);
    std::size_t runs = 0;
    for (const path &p : paths()) {
        SCOPED_TRACE(p.name);
        job opens{*on, decrypt, sealed, sealed.size() - v.tag.size(), random};
        const outcome opened = p.run(opens);
        ++runs;
        if (!v.authentic) {
            EXPECT_EQ(opened.code, EBADMSG);
            continue;
        }
        EXPECT_EQ(opened.code, 0);
        EXPECT_EQ(opened.out, plain);
        job seals{*on, encrypt, plain, sealed.size(), random};
        const outcome closed = p.run(seals);
        ++runs;
        EXPECT_EQ(closed.code, 0);
        EXPECT_EQ(closed.out, sealed);
    }
    return runs;
}

std::size_t check_all(const std::string &name, const std::vector<aead_answer> &all) {
    std::mt19937 random(1);
    std::size_t runs = 0;
    for (const aead_answer &v : all) {
        runs += check_vector(name, v, random);
        if (testing::Test::HasFailure())
            break;
    }
    std::printf("[ COUNTED  ] %s: %zu vectors, %zu runs\n", name.c_str(), all.size(), runs);
    EXPECT_GT(runs, 0U);
    return runs;
}

/// The hash that authenc(hash,cipher) is made with.
std::string hash_of(const std::string &name) {
    const std::size_t begin = name.find('(') + 1;
    return name.substr(begin, name.find(',') - begin);
}

/// Which of them serves by the algorithm's name depends on the machine.
constexpr std::pair<const char *, const char *> named_drivers[] = {
    {"gcm(aes)", "gcm-aes-openssl"},
    {"ccm(aes)", "ccm-aes-openssl"},
    {"rfc7539(chacha20,poly1305)", "rfc7539-chacha20-poly1305-openssl"},
    {"rfc7539esp(chacha20,poly1305)", "rfc7539esp-chacha20-poly1305-openssl"},
    {"rfc4106(gcm(aes))", "rfc4106(gcm-aes-openssl)"},
    {"rfc4309(ccm(aes))", "rfc4309(ccm-aes-openssl)"},
    {"rfc4543(gcm(aes))", "rfc4543(gcm-aes-openssl)"},
#ifdef KCAPI_TEST_IPSECMB
    {"gcm(aes)", "gcm-aes-ipsecmb"},
    {"rfc4106(gcm(aes))", "rfc4106(gcm-aes-ipsecmb)"},
    {"rfc4543(gcm(aes))", "rfc4543(gcm-aes-ipsecmb)"},
#endif
};

bool serves(alg::kind kind, const std::string &name) { return bool(engine().open(kind, name)); }

} // namespace

TEST(aead_kat, own_vectors) {
    std::size_t algorithms = 0;
    for (const auto &[name, all] :
         own_aead_answers(from_environment("KCAPI_VECTORS_DIR", KCAPI_VECTOR_DIR))) {
        // authenc is there if its hash is; which of them a kernel has depends on how it was built.
        const bool composed = name.substr(0, 8) == "authenc(";
        if (composed && !serves(alg::kind::hash, hash_of(name))) {
            EXPECT_FALSE(serves(alg::kind::aead, name)) << name;
            continue;
        }
        // Newer than Linux 6.12.
        if (!is_local() && name.substr(0, 8) == "krb5enc(" && !serves(alg::kind::aead, name)) {
            std::printf("[ COUNTED  ] %s is not in this kernel\n", name.c_str());
            continue;
        }
        (void)check_all(name, all);
        ++algorithms;
    }
    EXPECT_GE(algorithms, 7U);
}

TEST(aead_kat, public_vectors) {
    const std::size_t least = is_local() ? 5 : 1;
    for (const auto &[name, all] : public_aead_answers(KCAPI_PUBLIC_VECTOR_DIR))
        EXPECT_GT(check_all(name, all), least * all.size()) << name;
}

TEST(aead_kat, driver_names_serve_too) {
    if (!is_local())
        return;
    const aead_answers all = own_aead_answers(KCAPI_VECTOR_DIR);
    for (const auto &[name, driver] : named_drivers) {
        const auto one = engine().open(alg::kind::aead, driver);
        ASSERT_TRUE(one) << driver;
        EXPECT_EQ((*one)->info().driver_name, driver);
        EXPECT_EQ((*one)->info().name, name);
        const auto by_name = engine().open(alg::kind::aead, name);
        ASSERT_TRUE(by_name);
        EXPECT_EQ((*by_name)->info().name, name);
        (void)check_all(driver, all.at(name));
    }
}
