// SPDX-License-Identifier: BSD-3-Clause
//
// What the tests of crypt on the kernel engine share: a fake kernel with five ciphers, and a message that
// knows what must come out of it.
#pragma once

#include "afalg/engine.hpp"
#include "support/fake_sys.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

namespace kcapi::test {

/// What an operation takes by default.
inline constexpr std::size_t buffer = 212992;

/// Cuts memory into elements of uneven size, some of them empty.
inline std::vector<iovec> elements(byte_vector &v, std::size_t size, std::size_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::vector<iovec> list;
    std::size_t at = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t left = size - at;
        const std::size_t average = left / (count - i);
        std::size_t n =
            i + 1 == count ? left : std::min(left, average == 0 ? 0 : random() % (2 * average + 1));
        if (random() % 7 == 0 && i + 1 != count)
            n = 0;
        list.push_back({v.data() + at, n});
        at += n;
    }
    return list;
}

inline byte_vector pattern(std::size_t size) {
    byte_vector v(size);
    for (std::size_t i = 0; i < size; ++i)
        v[i] = static_cast<std::uint8_t>(i * 31 + (i >> 8));
    return v;
}

class crypt_fixture : public ::testing::Test {
  protected:
    crypt_fixture() {
        world.kernel.algorithms = {toy_cipher("cbc(aes)", "cbc-aes-fast", 400, 16, 16, 16, true),
                                   toy_cipher("ctr(aes)", "ctr-aes-fast", 400, 1, 16, 16, true),
                                   toy_cipher("ecb(aes)", "ecb-aes-fast", 400, 16, 16, 0, true),
                                   toy_cipher("xts(aes)", "xts-aes-fast", 400, 16, 16, 16, false),
                                   toy_cipher("chacha20", "chacha20-fast", 300, 1, 64, 16, false)};
        world.kernel.algorithms[3].whole_blocks = false;
    }
    std::unique_ptr<alg::operation> accept(std::string_view name) {
        transform = *engine->open(alg::kind::skcipher, name);
        EXPECT_TRUE(transform->set(alg::parameter::key, key));
        auto op = std::move(*transform->accept());
        world.relax();
        return op;
    }
    /// Runs one message and compares with what one pass gives. Returns the number of bytes or the negative
    /// errno.
    long run(alg::operation &op, const alg::control *header, std::size_t size, std::size_t in_count = 1,
             std::size_t out_count = 1, alg::transfer how = alg::transfer::any, std::size_t spare = 0,
             std::uint64_t position = 0) {
        byte_vector in = pattern(size);
        byte_vector out(size + spare + 32, 0xcc);
        const auto in_list = elements(in, size, in_count, 1);
        const auto out_list = elements(out, size + spare, out_count, 2);
        const alg::request message{in_list, out_list, header, how};
        const result<std::size_t> r = op.crypt(message);
        EXPECT_EQ(world.kernel.sleeps, 0);
        if (!r)
            return -r.error().code;
        const bool encrypting = header == nullptr || header->op == alg::op_code::encrypt;
        const byte_vector expected = test::toy_crypt(
            encrypting, transform->info().iv_size ? base::bytes(iv) : base::bytes{}, in, position);
        EXPECT_TRUE(std::equal(expected.begin(), expected.end(), out.begin()));
        for (std::size_t i = size; i < out.size(); ++i)
            if (out[i] != 0xcc) {
                ADD_FAILURE() << "written beyond the output";
                break;
            }
        return static_cast<long>(*r);
    }

    test::fake_world world;
    std::unique_ptr<alg::engine> engine = afalg::make_engine();
    std::shared_ptr<alg::transform> transform;
    std::array<std::uint8_t, 16> key{1, 2, 3};
    std::array<std::uint8_t, 16> iv{9, 8, 7, 6, 5, 4, 3, 2, 1};
    alg::control encrypt{alg::op_code::encrypt, iv, 0};
    alg::control decrypt{alg::op_code::decrypt, iv, 0};
    alg::control go_on{alg::op_code::encrypt, std::nullopt, 0};
};

} // namespace kcapi::test
