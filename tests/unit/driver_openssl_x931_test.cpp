// SPDX-License-Identifier: BSD-3-Clause
//
// The generator of X9.31: what NIST published, what Linux gave, and the rules of its seed.
#include "drivers/openssl/x931.hpp"
#include "local/selftest_rng.hpp"
#include "support/vectors.hpp"

#include <gtest/gtest.h>

using namespace kcapi;
using namespace kcapi::test;

namespace {

using byte_vector = std::vector<std::uint8_t>;

class generator {
  public:
    explicit generator(const byte_vector &seed) {
        EXPECT_EQ(0, openssl::make_x931(openssl::x931_drivers[0], state_));
        EXPECT_EQ(0, state_->seed(seed));
    }
    byte_vector give(std::size_t size) {
        byte_vector out(size);
        EXPECT_EQ(0, state_->generate({}, out));
        return out;
    }
    local::rng_state &operator*() { return *state_; }

  private:
    std::unique_ptr<local::rng_state> state_;
};

byte_vector pattern(std::size_t size) {
    byte_vector v(size);
    for (std::size_t i = 0; i < size; ++i)
        v[i] = static_cast<std::uint8_t>(7 * i + 1);
    return v;
}

} // namespace

TEST(x931, gives_the_answers_of_nist) {
    const std::tuple<const char *, const char *, const char *> cases[] = {
        // V, DT, output; RNGVS, variable seed test.
        {"80000000000000000000000000000000", "e6b3be782a23fa62d71d4afbb0e922f9",
         "59531ed13bb0c05584796685c12f7641"},
        {"c0000000000000000000000000000000", "e6b3be782a23fa62d71d4afbb0e922fa",
         "7c222cf4ca8fa24c1c9cb641a9f3220d"},
        {"e0000000000000000000000000000000", "e6b3be782a23fa62d71d4afbb0e922fb",
         "8aaa003966675be529142881a94d4ec7"},
        {"f0000000000000000000000000000000", "e6b3be782a23fa62d71d4afbb0e922fc",
         "88dda456302423e5f69da57e7b95c73a"},
    };
    for (const auto &[v, dt, output] : cases) {
        const std::string seed = std::string(v) + "f3b1666d13607242ed061cabb8d46202" + dt;
        EXPECT_EQ(from_hex(output), generator(from_hex(seed)).give(16)) << v;
    }
}

TEST(x931, is_the_kernels) {
    EXPECT_EQ(from_hex("f795bd4a52e29ed713d313fa20e98dbcc8d1e5115952f7fa3738b4c5ceb2b09a"),
              generator(byte_vector(48)).give(32));
    EXPECT_EQ(from_hex("4e3cdbf244d904ca90449550c16d7eaf33e9780f97141f5cae8a77ddcfdec297"),
              generator(pattern(48)).give(32));
}

TEST(x931, output_is_one_stream_however_it_is_cut) {
    const byte_vector whole = generator(pattern(48)).give(256);
    generator cut(pattern(48));
    byte_vector all;
    for (const std::size_t n : {10U, 54U, 0U, 1U, 15U, 16U, 17U, 143U}) {
        const byte_vector part = cut.give(n);
        all.insert(all.end(), part.begin(), part.end());
    }
    EXPECT_EQ(whole, all);
    ASSERT_EQ(0, (*cut).seed(pattern(48)));
    EXPECT_EQ(whole, cut.give(256)) << "a new seed begins a new stream";
}

TEST(x931, seed_is_v_key_and_date) {
    std::unique_ptr<local::rng_state> state;
    ASSERT_EQ(0, openssl::make_x931(openssl::x931_drivers[0], state));
    byte_vector out(16);
    EXPECT_EQ(EINVAL, state->generate({}, out)) << "no seed yet";
    for (const std::size_t n : {0U, 1U, 16U, 31U})
        EXPECT_EQ(EINVAL, state->seed(pattern(n))) << n;
    EXPECT_EQ(EINVAL, state->generate({}, out)) << "nor after a bad one";
    const byte_vector without = generator(pattern(32)).give(16);
    EXPECT_EQ(without, generator(pattern(47)).give(16)) << "less than a date is none";
    const byte_vector with = generator(pattern(48)).give(16);
    EXPECT_NE(without, with);
    EXPECT_EQ(with, generator(pattern(512)).give(16)) << "what follows plays no part";
    EXPECT_EQ(ENOPROTOOPT, state->set_entropy(pattern(32)));
}

TEST(x931, date_counts_over_its_whole_width) {
    // By the definition, with another implementation of AES: the date goes from all ones to 0.
    EXPECT_EQ(from_hex("b61f39300de3682212bd700f777aee738a7202a666efc160192fae8a8553851b"),
              generator(byte_vector(48, 0xff)).give(32));
}

TEST(x931, self_test_sees_a_wrong_stream) {
    EXPECT_TRUE(local::passes_rng_self_test(openssl::x931_drivers[0]));
    EXPECT_TRUE(local::passes_rng_self_test(openssl::x931_drivers[1]));
    local::driver wrong = openssl::x931_drivers[0];
    wrong.make_rng = [](const local::driver &self, std::unique_ptr<local::rng_state> &out) noexcept {
        class off final : public local::rng_state {
          public:
            explicit off(std::unique_ptr<local::rng_state> right) noexcept : right_(std::move(right)) {}
            int seed(base::bytes seed) noexcept override { return right_->seed(seed); }
            int generate(base::bytes, base::mutable_bytes to) noexcept override {
                const int code = right_->generate({}, to);
                to.back() ^= 1;
                return code;
            }

          private:
            std::unique_ptr<local::rng_state> right_;
        };
        std::unique_ptr<local::rng_state> right;
        const int code = openssl::make_x931(self, right);
        out = std::make_unique<off>(std::move(right));
        return code;
    };
    EXPECT_FALSE(local::passes_rng_self_test(wrong));
}
