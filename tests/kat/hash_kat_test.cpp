// SPDX-License-Identifier: BSD-3-Clause
//
// Known answers of hashes through the seam: every way to hand a message over, on every driver of the engine
// under test (KCAPI_TEST_ENGINE: local or kernel).
#include "afalg/engine.hpp"
#include "kat/hash_answers.hpp"
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

/// What kernels are built without, or no longer have.
const std::vector<std::string> rare_in_kernels{
    "sm3",         "hmac(sm3)",         "blake2s-128",       "blake2s-160",       "blake2s-224",
    "blake2s-256", "hmac(blake2s-256)", "blake2b-160",       "blake2b-256",       "blake2b-384",
    "blake2b-512", "hmac(blake2b-160)", "hmac(blake2b-256)", "hmac(blake2b-384)", "hmac(blake2b-512)",
    "hmac(md4)",   "michael_mic",       "xxhash64",          "crct10dif",         "crc64-rocksoft",
    "ghash",       "poly1305",          "nhpoly1305",        "vmac64(aes)",       "cbcmac(cipher_null)"};

std::string from_environment(const char *name, const char *otherwise) {
    const char *const value = std::getenv(name);
    return value == nullptr ? otherwise : value;
}

bool is_local() { return from_environment("KCAPI_TEST_ENGINE", "local") == "local"; }

alg::engine &engine_under_test() {
    static const std::unique_ptr<alg::engine> engine =
        is_local() ? local::make_engine(local::linked_modules()) : afalg::make_engine();
    return *engine;
}

std::size_t send(alg::operation &op, base::bytes data, bool more) {
    const iovec v = base::to_iovec(data);
    const result<std::size_t> sent = op.send({&v, 1}, nullptr, {.more = more, .dont_wait = false});
    EXPECT_TRUE(sent && *sent == data.size());
    return sent ? *sent : 0;
}

octets receive(alg::operation &op, std::size_t size) {
    octets out(size);
    const iovec v = base::to_iovec(base::mutable_bytes(out));
    const result<std::size_t> n = op.receive({&v, 1}, {});
    EXPECT_TRUE(n) << (n ? 0 : n.error().code);
    out.resize(n ? *n : 0);
    return out;
}

std::unique_ptr<alg::operation> accepted(result<std::unique_ptr<alg::operation>> r) {
    if (!r)
        throw std::runtime_error("no operation: " + std::to_string(r.error().code));
    return std::move(*r);
}

using path = octets (*)(alg::transform &t, const octets &message, std::mt19937 &random);

octets in_one_call(alg::transform &t, const octets &message, std::mt19937 &) {
    octets out(t.info().digest_size);
    const iovec from = base::to_iovec(base::bytes(message));
    const iovec to = base::to_iovec(base::mutable_bytes(out));
    const result<std::size_t> n =
        accepted(t.accept())->crypt({.in = {&from, 1}, .out = {&to, 1}, .header = nullptr});
    EXPECT_TRUE(n && *n == out.size()) << (n ? 0 : n.error().code);
    return out;
}

octets in_one_send(alg::transform &t, const octets &message, std::mt19937 &) {
    const std::unique_ptr<alg::operation> op = accepted(t.accept());
    send(*op, message, false);
    return receive(*op, 100);
}

octets in_pieces(alg::transform &t, const octets &message, std::mt19937 &random) {
    const std::unique_ptr<alg::operation> op = accepted(t.accept());
    for (std::size_t at = 0; at < message.size();) {
        const std::size_t n = 1 + random() % (message.size() - at);
        at += send(*op, base::bytes(message).subspan(at, n), true);
    }
    return receive(*op, 100);
}

/// The copy ends the message; the original, which goes on with other bytes, must not feel it.
octets in_a_clone(alg::transform &t, const octets &message, std::mt19937 &random) {
    const std::unique_ptr<alg::operation> op = accepted(t.accept());
    const std::size_t first = random() % (message.size() + 1);
    send(*op, base::bytes(message).first(first), true);
    const std::unique_ptr<alg::operation> copy = accepted(op->clone());
    send(*op, octets{1, 2, 3}, true);
    send(*copy, base::bytes(message).subspan(first), false);
    return receive(*copy, 100);
}

/// The second message of an operation whose first one was another.
octets as_a_later_message(alg::transform &t, const octets &message, std::mt19937 &) {
    const std::unique_ptr<alg::operation> op = accepted(t.accept());
    send(*op, octets(77, 5), false);
    (void)receive(*op, 100);
    send(*op, message, false);
    return receive(*op, 100);
}

/// The kernel engine has no call of one go for hashes.
std::vector<path> paths() {
    std::vector<path> all{in_one_send, in_pieces, in_a_clone, as_a_later_message};
    if (is_local())
        all.push_back(in_one_call);
    return all;
}

/// The local engine's names for an algorithm: its own, its drivers', and the templates over each part.
std::vector<std::string> servers_of(const std::string &algorithm) {
    std::vector<std::string> names{algorithm};
    if (!is_local())
        return names;
    const std::size_t open = algorithm.find('(');
    EXPECT_TRUE(open == std::string::npos || algorithm.ends_with(")"));
    const std::string part =
        open == std::string::npos ? "" : algorithm.substr(open + 1, algorithm.size() - open - 2);
    for (const local::module *const m : local::linked_modules())
        for (const local::driver &d : m->drivers)
            if (d.type == local::driver_kind::hash && d.name == algorithm)
                names.emplace_back(d.driver_name);
            else if (d.name == part &&
                     (d.type == local::driver_kind::cipher || d.type == local::driver_kind::hash))
                names.push_back(algorithm.substr(0, open + 1) + d.driver_name + ')');
    EXPECT_GT(names.size(), 1U) << algorithm;
    return names;
}

bool is_missing_rightly(const std::string &name, int code) {
    return !is_local() && code == ENOENT &&
           std::find(rare_in_kernels.begin(), rare_in_kernels.end(), name) != rare_in_kernels.end();
}

/// How many runs one vector was.
std::size_t check(alg::transform &t, const hash_answer &v, std::mt19937 &random) {
    SCOPED_TRACE(v.where);
    if (v.key) {
        const result<std::uint32_t> r = t.set(alg::parameter::key, *v.key);
        EXPECT_TRUE(r) << (r ? 0 : r.error().code);
    }
    const std::vector<path> all = paths();
    for (std::size_t i = 0; i < all.size(); ++i) {
        octets digest = all[i](t, v.message, random);
        EXPECT_EQ(digest.size(), t.info().digest_size);
        digest.resize(std::min(digest.size(), v.digest.size()));
        EXPECT_TRUE(digest == v.digest) << "path " << i;
    }
    return all.size();
}

std::size_t check_all(const hash_answers &all) {
    std::mt19937 random(1);
    std::size_t total = 0;
    for (const auto &[algorithm, vectors] : all)
        for (const std::string &name : servers_of(algorithm)) {
            std::size_t runs = 0;
            for (const hash_answer &v : vectors) {
                // A key stays, so a vector without one needs a transform of its own.
                result<std::shared_ptr<alg::transform>> t = engine_under_test().open(alg::kind::hash, name);
                if (!t && is_missing_rightly(name, t.error().code))
                    break;
                EXPECT_TRUE(t) << name << ": " << (t ? 0 : t.error().code);
                if (!t)
                    return 0;
                EXPECT_EQ((*t)->info().name, algorithm);
                if (name != algorithm) {
                    EXPECT_EQ((*t)->info().driver_name, name);
                }
                runs += check(**t, v, random);
                if (testing::Test::HasFailure())
                    return 0;
            }
            std::printf("[ COUNTED  ] %s: %zu vectors, %zu runs\n", name.c_str(), vectors.size(), runs);
            total += runs;
        }
    return total;
}

} // namespace

TEST(hash_kat, own_vectors) {
    const std::size_t runs =
        check_all(own_hash_answers(from_environment("KCAPI_VECTORS_DIR", KCAPI_VECTOR_DIR)));
    std::printf("[ COUNTED  ] %zu runs in all\n", runs);
    EXPECT_GE(runs, 400U);
}

TEST(hash_kat, published_vectors) {
    const hash_answers all =
        published_hash_answers(from_environment("KCAPI_HASH_VECTORS_DIR", KCAPI_HASH_VECTOR_DIR));
    EXPECT_EQ(all.at("sha256").size(), 129U);
    EXPECT_EQ(all.at("sha512").size(), 257U);
    EXPECT_GE(all.at("sha3-256").size(), 200U);
    EXPECT_EQ(all.at("cmac(aes)").size(), 12U);
    EXPECT_EQ(all.at("hmac(sha256)").size(), 6U);
    const std::size_t runs = check_all(all);
    std::printf("[ COUNTED  ] %zu runs in all\n", runs);
    // A kernel has one driver for a name, and none for some names.
    EXPECT_GE(runs, is_local() ? 10000U : 5000U);
}
