// SPDX-License-Identifier: BSD-3-Clause
//
// afalg_faults_test.cpp for aead and hash: in a life from open to the last message, the n-th system call
// fails. Its number comes back, nothing leaks or sleeps, and the messages after it are right.
#include "afalg/engine.hpp"
#include "support/fake_sys.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cerrno>

namespace {

using namespace kcapi;
using test::byte_vector;

constexpr std::size_t assoc_len = 20;
constexpr std::uint32_t tag_len = 12;
const std::array<std::uint8_t, 12> iv{9, 8, 7, 6};

byte_vector message_of(std::size_t size) {
    byte_vector m(size);
    for (std::size_t i = 0; i < size; ++i)
        m[i] = static_cast<std::uint8_t>(i * 7 + (i >> 9));
    return m;
}

/// The number of a result, which has `wanted` bytes or is an error.
int number_of(const result<std::size_t> &r, std::size_t wanted) {
    if (!r)
        return r.error().code;
    EXPECT_EQ(*r, wanted);
    return 0;
}

class kind {
  public:
    virtual ~kind() = default;
    [[nodiscard]] virtual result<std::shared_ptr<alg::transform>> open(alg::engine &engine) const = 0;
    /// A message in one call, or by sends and a receive. 0, or the number of the first error; right
    /// otherwise.
    [[nodiscard]] virtual int message(alg::operation &op, bool in_calls) const = 0;
};

class aead_kind final : public kind {
  public:
    explicit aead_kind(std::size_t size, alg::transfer how = alg::transfer::any)
        : plain_(message_of(size)), sealed_(plain_.begin(), plain_.begin() + assoc_len), how_(how) {
        const byte_vector text = test::toy_crypt(true, iv, base::bytes(plain_).subspan(assoc_len));
        sealed_.insert(sealed_.end(), text.begin(), text.end());
        const byte_vector tag = test::toy_tag(iv, sealed_, tag_len);
        sealed_.insert(sealed_.end(), tag.begin(), tag.end());
    }

    result<std::shared_ptr<alg::transform>> open(alg::engine &engine) const override {
        result<std::shared_ptr<alg::transform>> t = engine.open(alg::kind::aead, "gcm(aes)");
        if (!t)
            return t;
        if (const auto r = (*t)->set(alg::parameter::key, message_of(16)); !r)
            return r.error();
        if (const auto r = (*t)->set_tag_size(tag_len); !r)
            return r.error();
        return t;
    }

    int message(alg::operation &op, bool in_calls) const override {
        const alg::control header{alg::op_code::decrypt, iv, assoc_len};
        byte_vector out(plain_.size());
        const iovec from = base::to_iovec(base::bytes(sealed_));
        const iovec to = base::to_iovec(base::mutable_bytes(out));
        int code = 0;
        if (!in_calls) {
            code = number_of(op.crypt({{&from, 1}, {&to, 1}, &header, how_}), out.size());
        } else {
            const iovec first{from.iov_base, 50};
            const iovec last{static_cast<std::uint8_t *>(from.iov_base) + 50, from.iov_len - 50};
            code = number_of(op.send({&first, 1}, &header, {.more = true, .dont_wait = true}), 50);
            if (code == 0)
                code = number_of(op.send({&last, 1}, nullptr, {.more = false, .dont_wait = true}),
                                 from.iov_len - 50);
            if (code == 0)
                code = number_of(op.receive({&to, 1}, {.more = false, .dont_wait = true}), out.size());
        }
        if (code == 0) {
            EXPECT_TRUE(out == plain_);
        }
        return code;
    }

  private:
    const byte_vector plain_;
    byte_vector sealed_;
    const alg::transfer how_;
};

class hash_kind final : public kind {
  public:
    explicit hash_kind(std::size_t size) : message_(message_of(size)) {}

    result<std::shared_ptr<alg::transform>> open(alg::engine &engine) const override {
        return engine.open(alg::kind::hash, "sha256");
    }

    int message(alg::operation &op, bool in_calls) const override {
        std::array<std::uint8_t, 32> out{};
        const iovec from = base::to_iovec(base::bytes(message_));
        const iovec to = base::to_iovec(base::mutable_bytes(out));
        int code = 0;
        if (!in_calls) {
            code = number_of(op.crypt({.in = {&from, 1}, .out = {&to, 1}}), out.size());
        } else {
            code = number_of(op.send({&from, 1}, nullptr, {.more = false, .dont_wait = true}), from.iov_len);
            if (code == 0)
                code = number_of(op.receive({&to, 1}, {.more = false, .dont_wait = true}), out.size());
        }
        if (code == 0) {
            EXPECT_TRUE(byte_vector(out.begin(), out.end()) == test::toy_tag({}, message_, 32));
        }
        return code;
    }

  private:
    const byte_vector message_;
};

/// A life whose n-th system call fails. How many results were failures.
std::size_t run_life(const kind &k, bool in_calls, test::fake_world &world, std::size_t n) {
    const auto engine = afalg::make_engine();
    const auto t = k.open(*engine);
    if (!t) {
        EXPECT_EQ(t.error().code, EDOM) << n;
        EXPECT_TRUE(world.failed());
        return 1;
    }
    std::size_t failures = 0;
    auto op = (*t)->accept();
    if (!op) {
        EXPECT_EQ(op.error().code, EDOM) << n;
        ++failures;
        op = (*t)->accept();
    }
    EXPECT_TRUE(op) << n;
    for (int i = 0; op && i < 3; ++i) {
        const bool past = world.failed();
        const int code = k.message(**op, in_calls);
        // Where calls are made one by one, what to make of a failure is the caller's: a new operation.
        if (code != 0 && in_calls)
            op = (*t)->accept();
        EXPECT_TRUE(code == 0 || !past) << n << ": errno " << code << " though nothing fails any more";
        EXPECT_TRUE(code == 0 || code == EDOM || code == EMSGSIZE) << n << ": errno " << code;
        failures += code != 0;
    }
    return failures;
}

void sweep(const kind &k, bool in_calls, std::size_t at_least) {
    bool reached = true;
    std::size_t failures = 0;
    std::size_t n = 0;
    while (reached) {
        ASSERT_LT(++n, 300U);
        test::fake_world world;
        world.kernel.algorithms = {test::toy_aead_algorithm(), test::toy_hash_algorithm()};
        world.kernel.may_force = true;
        world.fail_nth(n, EDOM);
        failures += run_life(k, in_calls, world, n);
        reached = world.failed();
        EXPECT_EQ(world.kernel.open_descriptors(), 0U) << n;
        EXPECT_EQ(world.kernel.sleeps, 0) << n;
        if (testing::Test::HasFailure())
            return;
    }
    EXPECT_GE(failures, at_least);
    EXPECT_LT(failures, n) << "not every call is one that nothing can do without";
}

} // namespace

TEST(nth_call_of_aead, small_message) { sweep(aead_kind(60), false, 6); }

TEST(nth_call_of_aead, message_in_calls) { sweep(aead_kind(600), true, 10); }

TEST(nth_call_of_aead, message_that_needs_larger_buffers) { sweep(aead_kind(300000), false, 6); }

TEST(nth_call_of_aead, spliced_message) { sweep(aead_kind(65536, alg::transfer::splice), false, 6); }

TEST(nth_call_of_hash, message) { sweep(hash_kind(100000), false, 6); }

TEST(nth_call_of_hash, message_in_calls) { sweep(hash_kind(100), true, 6); }
