// SPDX-License-Identifier: BSD-3-Clause
//
// Buffer lengths and IVs: arithmetic of the aead functions.
#include "support/toy_runtime.hpp"

#include <kcapi.h>

#include <gtest/gtest.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <limits>

namespace {

constexpr std::size_t largest = std::numeric_limits<std::size_t>::max();

class aead_layout_test : public testing::Test {
  protected:
    ~aead_layout_test() override { kcapi_aead_destroy(handle_); }
    void open(const char *name) {
        kcapi_aead_destroy(handle_);
        handle_ = nullptr;
        ASSERT_EQ(kcapi_aead_init(&handle_, name, 0), 0);
    }
    kcapi_handle *handle_ = nullptr;
};

} // namespace

TEST_F(aead_layout_test, lengths_are_those_given_not_those_set) {
    struct row {
        const char *name;
        std::size_t in_len, assoc_len, tag_len, in_enc, in_dec, out_enc, out_dec;
    };
    const row table[] = {
        {"toy-aead", 32, 20, 16, 52, 68, 68, 52},    {"toy-aead", 33, 20, 16, 53, 69, 69, 53},
        {"toy-aead", 0, 0, 0, 0, 0, 1, 1},           {"toy-aead", 0, 0, 16, 0, 16, 16, 1},
        {"toy-aead", 0, 20, 0, 20, 20, 20, 20},      {"toy-aead-16", 32, 20, 16, 52, 68, 68, 52},
        {"toy-aead-16", 33, 20, 16, 53, 69, 84, 68}, {"toy-aead-16", 1, 0, 4, 1, 5, 20, 16},
        {"toy-aead-16", 0, 0, 0, 0, 0, 1, 1},        {"toy-aead-16", 15, 1, 12, 16, 28, 29, 17},
        {"toy-aead-0", 33, 20, 16, 53, 69, 69, 53}, // as if the block size were 1
    };
    for (const row &r : table) {
        open(r.name);
        ASSERT_EQ(kcapi_aead_settaglen(handle_, 12), 0);
        kcapi_aead_setassoclen(handle_, 999);
        const auto text = testing::Message()
                          << r.name << ' ' << r.in_len << ' ' << r.assoc_len << ' ' << r.tag_len;
        EXPECT_EQ(kcapi_aead_inbuflen_enc(handle_, r.in_len, r.assoc_len, r.tag_len), r.in_enc) << text;
        EXPECT_EQ(kcapi_aead_inbuflen_dec(handle_, r.in_len, r.assoc_len, r.tag_len), r.in_dec) << text;
        EXPECT_EQ(kcapi_aead_outbuflen_enc(handle_, r.in_len, r.assoc_len, r.tag_len), r.out_enc) << text;
        EXPECT_EQ(kcapi_aead_outbuflen_dec(handle_, r.in_len, r.assoc_len, r.tag_len), r.out_dec) << text;
    }
}

TEST_F(aead_layout_test, sum_that_does_not_fit_is_the_largest_number) {
    open("toy-aead-16");
    EXPECT_EQ(kcapi_aead_inbuflen_enc(handle_, largest, 1, 0), largest);
    EXPECT_EQ(kcapi_aead_inbuflen_enc(handle_, largest - 1, 1, 0), largest);
    EXPECT_EQ(kcapi_aead_inbuflen_dec(handle_, largest - 20, 20, 16), largest);
    EXPECT_EQ(kcapi_aead_outbuflen_enc(handle_, largest - 3, 0, 0), largest);
    EXPECT_EQ(kcapi_aead_outbuflen_enc(handle_, 16, largest - 16, 1), largest);
    EXPECT_EQ(kcapi_aead_outbuflen_dec(handle_, largest - 3, 20, 0), largest);
}

TEST_F(aead_layout_test, invalid_handle_has_no_sizes) {
    EXPECT_EQ(kcapi_aead_inbuflen_enc(nullptr, 1, 2, 3), 0U);
    EXPECT_EQ(kcapi_aead_inbuflen_dec(nullptr, 1, 2, 3), 0U);
    EXPECT_EQ(kcapi_aead_outbuflen_enc(nullptr, 1, 2, 3), 0U);
    EXPECT_EQ(kcapi_aead_outbuflen_dec(nullptr, 1, 2, 3), 0U);
    EXPECT_EQ(kcapi_aead_blocksize(nullptr), 0U);
    iovec none{nullptr, 0};
    EXPECT_EQ(kcapi_aead_stream_init_enc(nullptr, nullptr, &none, 0), -EINVAL);
    EXPECT_EQ(kcapi_aead_stream_init_dec(nullptr, nullptr, &none, 0), -EINVAL);
    EXPECT_EQ(kcapi_aead_stream_update(nullptr, &none, 0), -EINVAL);
    EXPECT_EQ(kcapi_aead_stream_update_last(nullptr, &none, 0), -EINVAL);
    EXPECT_EQ(kcapi_aead_stream_op(nullptr, &none, 0), -EINVAL);
    EXPECT_EQ(kcapi_aead_setkey(nullptr, nullptr, 0), -EINVAL);
    EXPECT_EQ(kcapi_aead_settaglen(nullptr, 16), -EINVAL);
    kcapi_aead_setassoclen(nullptr, 1);
    kcapi_aead_destroy(nullptr);
}

TEST_F(aead_layout_test, init_says_what_is_wrong_and_writes_nothing) {
    EXPECT_EQ(kcapi_aead_init(&handle_, "toy-unknown", 0), -ENOENT);
    EXPECT_EQ(kcapi_aead_init(&handle_, "hmac(sha256)", 0), -ENOENT) << "the name of a hash";
    EXPECT_EQ(kcapi_aead_init(&handle_, nullptr, 0), -EINVAL);
    EXPECT_EQ(kcapi_aead_init(nullptr, "toy-aead", 0), -EINVAL);
    EXPECT_EQ(handle_, nullptr);
    open("toy-aead-16");
    EXPECT_EQ(kcapi_aead_blocksize(handle_), 16U);
    EXPECT_EQ(kcapi_aead_setkey(handle_, nullptr, 16), -EFAULT);
    EXPECT_EQ(kcapi_aead_setkey(handle_, nullptr, 0), -EINVAL) << "the toy's number for a key of no bytes";
}

TEST_F(aead_layout_test, tag_length_is_a_matter_of_aead) {
    kcapi_handle *generator = nullptr;
    ASSERT_EQ(kcapi_rng_init(&generator, "toy-rng", 0), 0);
    EXPECT_EQ(kcapi_aead_settaglen(generator, 16), -EINVAL);
    kcapi_rng_destroy(generator);
}

TEST_F(aead_layout_test, ccm_nonce_becomes_an_iv) {
    const std::uint8_t nonce[15] = {11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25};
    for (std::uint32_t n = 0; n <= 14; ++n) {
        std::uint8_t *iv = nullptr;
        std::uint32_t iv_len = 0;
        ASSERT_EQ(kcapi_aead_ccm_nonce_to_iv(n == 0 ? nullptr : nonce, n, &iv, &iv_len), 0) << n;
        ASSERT_EQ(iv_len, 16U);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(iv) % 16, 0U);
        EXPECT_EQ(iv[0], 14 - n);
        EXPECT_EQ(std::memcmp(iv + 1, nonce, n), 0) << n;
        for (std::uint32_t i = 1 + n; i < 16; ++i)
            EXPECT_EQ(iv[i], 0) << n << ' ' << i;
        std::free(iv);
    }
}

TEST_F(aead_layout_test, ccm_nonce_that_cannot_be_one) {
    const std::uint8_t nonce[15] = {};
    std::uint8_t *iv = nullptr;
    std::uint32_t iv_len = 77;
    EXPECT_EQ(kcapi_aead_ccm_nonce_to_iv(nonce, 15, &iv, &iv_len), -EINVAL);
    EXPECT_EQ(kcapi_aead_ccm_nonce_to_iv(nonce, 0xffffffff, &iv, &iv_len), -EINVAL);
    EXPECT_EQ(kcapi_aead_ccm_nonce_to_iv(nullptr, 7, &iv, &iv_len), -EFAULT);
    EXPECT_EQ(kcapi_aead_ccm_nonce_to_iv(nonce, 7, nullptr, &iv_len), -EINVAL);
    EXPECT_EQ(kcapi_aead_ccm_nonce_to_iv(nonce, 7, &iv, nullptr), -EINVAL);
    EXPECT_EQ(iv, nullptr);
    EXPECT_EQ(iv_len, 77U);
}

TEST_F(aead_layout_test, parts_of_a_buffer) {
    struct row {
        bool output;
        int enc;
        std::size_t length, assoc_len;
        std::uint32_t tag_len;
        int assoc_at; // -1: not there
        std::size_t assoc;
        int data_at;
        std::size_t data;
        int tag_at;
        std::size_t tag;
    };
    const row table[] = {
        {false, 0, 68, 20, 16, 0, 20, 20, 32, 52, 16}, {false, 1, 68, 20, 16, 0, 20, 20, 48, -1, 0},
        {false, 1, 10, 20, 16, -1, 0, 0, 10, -1, 0},   {false, 0, 10, 20, 16, -1, 0, -1, 0, -1, 0},
        {false, 0, 18, 20, 16, -1, 0, 0, 2, 2, 16},    {false, 0, 36, 20, 16, 0, 20, 20, 0, 20, 16},
        {false, 0, 35, 20, 16, 0, 20, -1, 0, -1, 0},   {false, 0, 68, 20, 0, 0, 20, 20, 48, -1, 0},
        {false, 0, 0, 0, 0, 0, 0, 0, 0, -1, 0},        {true, 1, 20, 20, 16, 0, 20, -1, 0, -1, 0},
        {true, 1, 68, 20, 16, 0, 20, 20, 32, 52, 16},  {true, 1, 68, 20, 0, 0, 20, 20, 48, 68, 0},
        {true, 0, 52, 20, 16, 0, 20, 20, 32, -1, 0},   {true, 0, 10, 20, 16, -1, 0, 0, 10, -1, 0},
        {true, 0, 52, 20, 0, 0, 20, 20, 32, -1, 0},
    };
    std::uint8_t buffer[100] = {};
    const auto at = [&](int offset) { return offset < 0 ? nullptr : buffer + offset; };
    for (const row &r : table) {
        open("toy-aead");
        kcapi_aead_setassoclen(handle_, r.assoc_len);
        if (r.tag_len != 0) {
            ASSERT_EQ(kcapi_aead_settaglen(handle_, r.tag_len), 0);
        }
        const auto f = r.output ? kcapi_aead_getdata_output : kcapi_aead_getdata_input;
        const auto text = testing::Message() << (r.output ? "output " : "input ") << r.enc << ' ' << r.length
                                             << " tag " << r.tag_len;
        std::uint8_t *assoc = buffer + 99, *data = buffer + 99, *tag = buffer + 99;
        std::size_t assoc_length = 99, data_length = 99, tag_length = 99;
        f(handle_, buffer, r.length, r.enc, &assoc, &assoc_length, &data, &data_length, &tag, &tag_length);
        EXPECT_EQ(assoc, at(r.assoc_at)) << text;
        EXPECT_EQ(data, at(r.data_at)) << text;
        EXPECT_EQ(tag, at(r.tag_at)) << text;
        const std::size_t lengths[] = {assoc_length, data_length, tag_length};
        EXPECT_EQ(lengths[0], r.assoc) << text;
        EXPECT_EQ(lengths[1], r.data) << text;
        EXPECT_EQ(lengths[2], r.tag) << text;

        // Lengths without pointers, and without a buffer.
        assoc_length = data_length = tag_length = 99;
        f(handle_, nullptr, r.length, r.enc, &assoc, &assoc_length, nullptr, &data_length, nullptr,
          &tag_length);
        EXPECT_EQ(assoc, at(r.assoc_at)) << "no buffer, no pointer: left as it was";
        EXPECT_TRUE(assoc_length == r.assoc && data_length == r.data && tag_length == r.tag) << text;
        // Pointers without lengths.
        assoc = data = tag = buffer + 99;
        f(handle_, buffer, r.length, r.enc, &assoc, nullptr, &data, nullptr, &tag, nullptr);
        EXPECT_TRUE(assoc == at(r.assoc_at) && data == at(r.data_at) && tag == at(r.tag_at)) << text;
        f(handle_, buffer, r.length, r.enc, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr);
    }
}

TEST_F(aead_layout_test, parts_of_anything_for_an_invalid_handle_are_not_told) {
    std::uint8_t buffer[10] = {};
    std::uint8_t *data = nullptr;
    std::size_t length = 99;
    kcapi_aead_getdata_input(nullptr, buffer, 10, 1, &data, &length, &data, &length, &data, &length);
    kcapi_aead_getdata_output(nullptr, buffer, 10, 1, &data, &length, &data, &length, &data, &length);
    EXPECT_EQ(data, nullptr);
    EXPECT_EQ(length, 99U);
}

TEST_F(aead_layout_test, sizes_of_the_algorithm) {
    open("toy-aead-16");
    EXPECT_EQ(kcapi_aead_ivsize(handle_), 12U);
    EXPECT_EQ(kcapi_aead_authsize(handle_), 16U);
    ASSERT_EQ(kcapi_aead_settaglen(handle_, 4), 0);
    EXPECT_EQ(kcapi_aead_authsize(handle_), 16U) << "the longest, whatever was chosen";
    EXPECT_EQ(kcapi_aead_ivsize(nullptr), 0U);
    EXPECT_EQ(kcapi_aead_authsize(nullptr), 0U);
}
