// SPDX-License-Identifier: BSD-3-Clause
//
// The aio calls: independent messages, with and without KCAPI_INIT_AIO.
#include "capi/reference.hpp"
#include "capi/support.hpp"

#include <climits>

using namespace kcapi::test;

namespace {

class aio : public testing::TestWithParam<std::uint32_t> {
  protected:
    static kcapi_handle *open() {
        kcapi_handle *h = nullptr;
        EXPECT_EQ(kcapi_cipher_init(&h, "cbc(aes)", GetParam()), 0);
        EXPECT_EQ(kcapi_cipher_setkey(h, key_16().data(), 16), 0);
        return h;
    }

    kcapi_handle *const handle_ = open();
    ~aio() override { kcapi_cipher_destroy(handle_); }
};

INSTANTIATE_TEST_SUITE_P(flags, aio,
                         testing::Values(0U, static_cast<std::uint32_t>(KCAPI_INIT_AIO), 0xffffffffU),
                         [](const auto &flags) { return "flags_" + std::to_string(flags.param); });

} // namespace

TEST_P(aio, each_message_starts_from_the_iv) {
    constexpr std::size_t count = 70;
    std::vector<octets> in;
    std::vector<octets> out;
    pieces in_list;
    pieces out_list;
    std::size_t total = 0;
    for (std::size_t i = 0; i < count; ++i) {
        in.push_back(pattern(16 * (1 + i * i), static_cast<std::uint32_t>(i)));
        out.emplace_back(in.back().size() + 16 * (i % 2), 0xee);
        total += in.back().size();
    }
    for (std::size_t i = 0; i < count; ++i) {
        in_list.add(in[i].data(), in[i].size());
        out_list.add(out[i].data(), out[i].size());
    }
    ASSERT_EQ(kcapi_cipher_encrypt_aio(handle_, in_list.data(), out_list.data(), count, iv_16().data(), 0),
              static_cast<ssize_t>(total));
    for (std::size_t i = 0; i < count; ++i) {
        EXPECT_TRUE(slice(out[i], 0, in[i].size()) ==
                    reference("cbc(aes)", way::encrypt, key_16(), iv_16(), in[i]));
        EXPECT_EQ(slice(out[i], in[i].size(), 16 * (i % 2)), octets(16 * (i % 2), 0xee));
    }
    pieces room;
    std::vector<octets> back = in;
    for (octets &b : back) {
        b.assign(b.size(), 0);
        room.add(b.data(), b.size());
    }
    pieces encrypted;
    for (std::size_t i = 0; i < count; ++i)
        encrypted.add(out[i].data(), in[i].size());
    ASSERT_EQ(kcapi_cipher_decrypt_aio(handle_, encrypted.data(), room.data(), count, iv_16().data(), 0),
              static_cast<ssize_t>(total));
    EXPECT_TRUE(back == in);
}

TEST_P(aio, without_iv_each_message_goes_on_from_the_one_before) {
    const octets in = pattern(96);
    octets out = in;
    pieces list{{out.data(), 16}, {out.data() + 16, 48}, {out.data() + 64, 32}};
    ASSERT_EQ(kcapi_cipher_encrypt_aio(handle_, list.data(), list.data(), 3, nullptr, 0), 96) << "in place";
    EXPECT_EQ(out, reference("cbc(aes)", way::encrypt, key_16(), octets(16), in));
}

TEST_P(aio, every_message_is_tried_and_the_first_failure_is_returned) {
    octets in = pattern(64);
    octets out(64, 0xee);
    pieces in_list{{in.data(), 16}, {in.data() + 16, 17}, {in.data() + 48, 16}};
    pieces out_list{{out.data(), 16}, {out.data() + 16, 17}, {out.data() + 48, 16}};
    EXPECT_EQ(kcapi_cipher_encrypt_aio(handle_, in_list.data(), out_list.data(), 3, iv_16().data(), 0),
              -EINVAL);
    EXPECT_EQ(slice(out, 0, 16), reference("cbc(aes)", way::encrypt, key_16(), iv_16(), slice(in, 0, 16)));
    EXPECT_EQ(slice(out, 48, 16), reference("cbc(aes)", way::encrypt, key_16(), iv_16(), slice(in, 48, 16)));
    pieces one_in{{in.data(), 64}};
    pieces one_out{{out.data(), 64}};
    EXPECT_EQ(kcapi_cipher_encrypt_aio(handle_, one_in.data(), one_out.data(), 1, iv_16().data(), 0), 64);
    EXPECT_EQ(out, reference("cbc(aes)", way::encrypt, key_16(), iv_16(), in));
}

TEST_P(aio, wrong_arguments_have_their_numbers) {
    octets b = pattern(64);
    pieces list{{b.data(), 64}};
    EXPECT_EQ(kcapi_cipher_encrypt_aio(handle_, nullptr, list.data(), 1, nullptr, 0), -EINVAL);
    EXPECT_EQ(kcapi_cipher_encrypt_aio(handle_, list.data(), nullptr, 1, nullptr, 0), -EINVAL);
    EXPECT_EQ(kcapi_cipher_decrypt_aio(handle_, nullptr, nullptr, 1, nullptr, 0), -EINVAL);
    EXPECT_EQ(kcapi_cipher_encrypt_aio(handle_, list.data(), list.data(), 0, nullptr, 0), 0);
    EXPECT_EQ(kcapi_cipher_encrypt_aio(handle_, nullptr, nullptr, 0, nullptr, 0), 0);
    pieces huge{{b.data(), INT_MAX}, {b.data(), 16}};
    EXPECT_EQ(kcapi_cipher_encrypt_aio(handle_, huge.data(), huge.data(), 2, nullptr, 0), -EOVERFLOW);
    pieces endless{{b.data(), SIZE_MAX}, {b.data(), SIZE_MAX}};
    EXPECT_EQ(kcapi_cipher_encrypt_aio(handle_, endless.data(), endless.data(), 2, nullptr, 0), -EOVERFLOW);
    EXPECT_EQ(b, pattern(64)) << "nothing is processed";
    pieces null_buffer{{nullptr, 16}};
    EXPECT_EQ(kcapi_cipher_encrypt_aio(handle_, null_buffer.data(), list.data(), 1, nullptr, 0), -EFAULT);
    pieces too_small{{b.data(), 32}};
    EXPECT_EQ(kcapi_cipher_encrypt_aio(handle_, list.data(), too_small.data(), 1, nullptr, 0), -EINVAL);
    pieces good_then_small{{b.data(), 32}, {b.data() + 32, 16}};
    pieces good_then_large{{b.data(), 32}, {b.data() + 32, 32}};
    EXPECT_EQ(kcapi_cipher_encrypt_aio(handle_, good_then_large.data(), good_then_small.data(), 2,
                                       iv_16().data(), 0),
              -EINVAL);
    EXPECT_EQ(b, pattern(64)) << "what can be refused is refused before anything is processed";
}

TEST_P(aio, messages_without_length_are_passed_over) {
    const octets in = pattern(32);
    octets out = in;
    pieces list{{out.data(), 16}, {nullptr, 0}, {out.data() + 16, 16}};
    EXPECT_EQ(kcapi_cipher_encrypt_aio(handle_, list.data(), list.data(), 3, iv_16().data(), 0), 32);
    EXPECT_EQ(slice(out, 16, 16), reference("cbc(aes)", way::encrypt, key_16(), iv_16(), slice(in, 16, 16)));
}
