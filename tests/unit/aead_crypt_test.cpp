// SPDX-License-Identifier: BSD-3-Clause
//
// Whole aead messages through the C functions, alone and in batches, over a toy that leaves unverified
// plaintext behind.
#include "support/toy_runtime.hpp"

#include <kcapi.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <vector>

using kcapi::test::plan;
using kcapi::test::toy_seal;
using byte_string = std::vector<std::uint8_t>;

namespace {

constexpr std::size_t assoc_len = 20;
constexpr std::size_t text_len = 40;
constexpr std::size_t tag_len = 16;
constexpr std::size_t beyond_int = static_cast<std::size_t>(INT_MAX) + 1;

byte_string pattern(std::size_t n, std::uint8_t first) {
    byte_string b(n);
    for (std::size_t i = 0; i < n; ++i)
        b[i] = static_cast<std::uint8_t>(first + 7 * i);
    return b;
}

class aead_crypt_test : public testing::Test {
  protected:
    aead_crypt_test() {
        plan.reset();
        EXPECT_EQ(kcapi_aead_init(&handle_, "toy-aead", 0), 0);
        EXPECT_EQ(kcapi_aead_setkey(handle_, key_.data(), 16), 0);
        kcapi_aead_setassoclen(handle_, assoc_len);
    }
    ~aead_crypt_test() override { kcapi_aead_destroy(handle_); }

    long encrypt(const byte_string &in, std::size_t room) {
        out_.assign(room, 0xee);
        return kcapi_aead_encrypt(handle_, in.data(), in.size(), iv_.data(), out_.data(), room, 0);
    }
    long decrypt(const byte_string &in, std::size_t room) {
        out_.assign(room, 0xee);
        return kcapi_aead_decrypt(handle_, in.data(), in.size(), iv_.data(), out_.data(), room, 0);
    }
    [[nodiscard]] byte_string sealed(std::size_t tag_size = tag_len) const {
        return toy_seal(key_, iv_, assoc_, text_, tag_size);
    }
    [[nodiscard]] byte_string opened() const {
        byte_string b = assoc_;
        b.insert(b.end(), text_.begin(), text_.end());
        return b;
    }
    static bool only(const byte_string &b, std::uint8_t value) {
        return std::all_of(b.begin(), b.end(), [value](std::uint8_t x) { return x == value; });
    }

    kcapi_handle *handle_ = nullptr;
    const byte_string key_ = pattern(16, 1);
    const byte_string iv_ = pattern(12, 0xa0);
    const byte_string assoc_ = pattern(assoc_len, 0x31);
    const byte_string text_ = pattern(text_len, 0x62);
    byte_string out_;
};

/// Messages of an aio call, with their own input and output each.
struct batch {
    std::vector<byte_string> in, out;
    std::vector<iovec> from, to;

    void add(const byte_string &message, std::size_t room) {
        in.push_back(message);
        out.emplace_back(room, std::uint8_t{0xee});
    }
    void list() {
        from.clear();
        to.clear();
        for (byte_string &b : in)
            from.push_back({b.data(), b.size()});
        for (byte_string &b : out)
            to.push_back({b.data(), b.size()});
    }
};

} // namespace

TEST_F(aead_crypt_test, message_there_and_back) {
    for (const int access : {KCAPI_ACCESS_HEURISTIC, KCAPI_ACCESS_VMSPLICE, KCAPI_ACCESS_SENDMSG, 77}) {
        byte_string out(76), back(60);
        ASSERT_EQ(kcapi_aead_encrypt(handle_, opened().data(), 60, iv_.data(), out.data(), 76, access), 76);
        EXPECT_EQ(out, sealed());
        ASSERT_EQ(kcapi_aead_decrypt(handle_, out.data(), 76, iv_.data(), back.data(), 60, access), 60);
        EXPECT_EQ(back, opened());
    }
}

TEST_F(aead_crypt_test, message_may_be_processed_in_place) {
    byte_string b = opened();
    b.resize(76);
    ASSERT_EQ(kcapi_aead_encrypt(handle_, b.data(), 60, iv_.data(), b.data(), 76, 0), 76);
    EXPECT_EQ(b, sealed());
    ASSERT_EQ(kcapi_aead_decrypt(handle_, b.data(), 76, iv_.data(), b.data(), 60, 0), 60);
    b.resize(60);
    EXPECT_EQ(b, opened());
}

TEST_F(aead_crypt_test, room_to_spare_is_left_alone) {
    ASSERT_EQ(encrypt(opened(), 100), 76);
    EXPECT_EQ(byte_string(out_.begin(), out_.begin() + 76), sealed());
    EXPECT_TRUE(only({out_.begin() + 76, out_.end()}, 0xee));
    ASSERT_EQ(decrypt(sealed(), 100), 60);
    EXPECT_TRUE(only({out_.begin() + 60, out_.end()}, 0xee));
}

TEST_F(aead_crypt_test, wrong_tag_is_ebadmsg_and_its_plaintext_is_wiped) {
    byte_string wrong = sealed();
    wrong[30] ^= 1;
    EXPECT_EQ(decrypt(wrong, 100), -EBADMSG);
    EXPECT_TRUE(only({out_.begin(), out_.begin() + 60}, 0)) << "unverified plaintext";
    EXPECT_TRUE(only({out_.begin() + 60, out_.end()}, 0xee));
    EXPECT_EQ(decrypt(sealed(), 60), 60) << "the handle stays usable";
    EXPECT_EQ(kcapi_aead_decrypt(handle_, wrong.data(), 76, iv_.data(), wrong.data(), 76, 0), -EBADMSG);
    EXPECT_TRUE(only({wrong.begin(), wrong.begin() + 60}, 0)) << "in place";
}

TEST_F(aead_crypt_test, short_output_is_refused_and_nothing_is_written) {
    for (const std::size_t room : {0U, 15U, 16U, 59U, 75U}) {
        EXPECT_EQ(encrypt(opened(), room), -EINVAL) << room;
        EXPECT_TRUE(only(out_, 0xee));
    }
    EXPECT_EQ(decrypt(sealed(), 59), -EINVAL);
    EXPECT_EQ(decrypt(sealed(), 0), -EINVAL);
    EXPECT_EQ(kcapi_aead_encrypt(handle_, opened().data(), 60, iv_.data(), nullptr, 0, 0), -EINVAL);
}

TEST_F(aead_crypt_test, output_below_the_tag_that_was_set_is_e2big) {
    ASSERT_EQ(kcapi_aead_settaglen(handle_, 12), 0);
    for (const std::size_t room : {0U, 11U})
        EXPECT_EQ(encrypt(opened(), room), -E2BIG) << room;
    EXPECT_EQ(encrypt(opened(), 12), -EINVAL);
    EXPECT_EQ(encrypt(opened(), 72), 72);
    EXPECT_EQ(out_, sealed(12));
    EXPECT_EQ(decrypt(sealed(12), 0), -EINVAL) << "of encryption only";
    EXPECT_EQ(decrypt(sealed(12), 60), 60);
}

TEST_F(aead_crypt_test, message_that_lacks_its_parts_is_refused) {
    EXPECT_EQ(encrypt(pattern(assoc_len - 1, 0), 100), -EINVAL);
    EXPECT_EQ(decrypt(pattern(assoc_len + tag_len - 1, 0), 100), -EINVAL);
    EXPECT_EQ(encrypt({}, 100), -EINVAL);
    EXPECT_EQ(encrypt(assoc_, assoc_len + tag_len), assoc_len + tag_len) << "no text is a message";
    EXPECT_EQ(out_, toy_seal(key_, iv_, assoc_, {}, tag_len));
}

TEST_F(aead_crypt_test, tag_alone_is_verified) {
    kcapi_aead_setassoclen(handle_, 0);
    byte_string tag = toy_seal(key_, iv_, {}, {}, tag_len);
    ASSERT_EQ(kcapi_aead_encrypt(handle_, nullptr, 0, iv_.data(), out_.data(), 0, 0), -EINVAL);
    out_.resize(16);
    ASSERT_EQ(kcapi_aead_encrypt(handle_, nullptr, 0, iv_.data(), out_.data(), 16, 0), 16);
    EXPECT_EQ(out_, tag);
    EXPECT_EQ(kcapi_aead_decrypt(handle_, tag.data(), 16, iv_.data(), nullptr, 0, 0), 0);
    tag[5] ^= 2;
    EXPECT_EQ(kcapi_aead_decrypt(handle_, tag.data(), 16, iv_.data(), nullptr, 0, 0), -EBADMSG);
}

TEST_F(aead_crypt_test, errors_come_in_their_order) {
    std::uint8_t b[100] = {};
    const auto enc = [&](const std::uint8_t *in, std::size_t in_len, std::uint8_t *out, std::size_t out_len) {
        return kcapi_aead_encrypt(handle_, in, in_len, iv_.data(), out, out_len, 0);
    };
    EXPECT_EQ(enc(nullptr, 1, b, beyond_int), -EMSGSIZE);
    EXPECT_EQ(enc(b, beyond_int, nullptr, 1), -EMSGSIZE);
    EXPECT_EQ(enc(b, SIZE_MAX, b, SIZE_MAX), -EMSGSIZE);
    EXPECT_EQ(enc(nullptr, 60, b, 1), -EFAULT);
    EXPECT_EQ(enc(b, 60, nullptr, 1), -EFAULT);
    EXPECT_EQ(enc(b, 1, b, 1), -EINVAL);
    EXPECT_EQ(kcapi_aead_encrypt(nullptr, b, 60, iv_.data(), b, 76, 0), -EINVAL);
    EXPECT_EQ(kcapi_aead_decrypt(nullptr, b, 60, iv_.data(), b, 76, 0), -EINVAL);
    kcapi_aead_setassoclen(handle_, std::size_t{1} << 31);
    EXPECT_EQ(enc(b, 60, b, 76), -EINVAL);
    kcapi_aead_setassoclen(handle_, (std::size_t{1} << 32) + 20);
    EXPECT_EQ(enc(b, 60, b, 76), -EINVAL) << "a length is not cut";
}

TEST_F(aead_crypt_test, without_key_is_enokey) {
    kcapi_handle *fresh = nullptr;
    ASSERT_EQ(kcapi_aead_init(&fresh, "toy-aead", 0), 0);
    std::uint8_t b[76] = {};
    EXPECT_EQ(kcapi_aead_encrypt(fresh, b, 60, iv_.data(), b, 76, 0), -ENOKEY);
    kcapi_aead_destroy(fresh);
}

TEST_F(aead_crypt_test, streamed_message_under_way_refuses_it) {
    iovec v{const_cast<std::uint8_t *>(text_.data()), text_len};
    ASSERT_EQ(kcapi_aead_stream_init_enc(handle_, iv_.data(), nullptr, 0), 0);
    EXPECT_EQ(encrypt(opened(), 76), -EINVAL) << "begun, though nothing is in it";
    ASSERT_EQ(kcapi_aead_stream_update_last(handle_, &v, 1), text_len);
    EXPECT_EQ(encrypt(opened(), 76), -EINVAL);
    out_.resize(100);
    iovec to{out_.data(), 100};
    ASSERT_EQ(kcapi_aead_stream_op(handle_, &to, 1), 56);
    EXPECT_EQ(encrypt(opened(), 76), 76);
    EXPECT_EQ(out_, sealed());
}

TEST_F(aead_crypt_test, batch_is_of_independent_messages) {
    batch b;
    for (std::size_t i = 0; i < 150; ++i)
        b.add(pattern(assoc_len + i, static_cast<std::uint8_t>(i)), assoc_len + i + tag_len + i % 3);
    b.list();
    const std::size_t sum = 150 * (assoc_len + tag_len) + 149 * 75;
    ASSERT_EQ(kcapi_aead_encrypt_aio(handle_, b.from.data(), b.to.data(), 150, iv_.data(), 0), sum);
    EXPECT_EQ(plan.batches, 3) << "64 at a time";
    batch back;
    for (std::size_t i = 0; i < 150; ++i) {
        const byte_string &m = b.in[i];
        const byte_string expected =
            toy_seal(key_, iv_, {m.data(), assoc_len}, {m.data() + assoc_len, i}, tag_len);
        EXPECT_TRUE(std::equal(expected.begin(), expected.end(), b.out[i].begin())) << i;
        EXPECT_TRUE(only({b.out[i].begin() + static_cast<long>(expected.size()), b.out[i].end()}, 0xee));
        back.add(expected, assoc_len + i);
    }
    back.list();
    ASSERT_EQ(kcapi_aead_decrypt_aio(handle_, back.from.data(), back.to.data(), 150, iv_.data(), 0),
              150 * assoc_len + 149 * 75);
    EXPECT_EQ(back.out, b.in);
}

TEST_F(aead_crypt_test, batch_goes_on_after_a_failure_and_gives_the_first) {
    batch b;
    for (std::size_t i = 0; i < 70; ++i) {
        byte_string m = sealed();
        if (i == 3 || i == 66)
            m.back() ^= 1;
        b.add(m, 60);
    }
    b.list();
    EXPECT_EQ(kcapi_aead_decrypt_aio(handle_, b.from.data(), b.to.data(), 70, iv_.data(), 0), -EBADMSG);
    for (std::size_t i = 0; i < 70; ++i)
        EXPECT_TRUE(i == 3 || i == 66 ? only(b.out[i], 0) : b.out[i] == opened()) << i;
    EXPECT_EQ(decrypt(sealed(), 60), 60) << "nothing is left behind";
    EXPECT_EQ(kcapi_aead_decrypt_aio(handle_, b.from.data(), b.to.data(), 3, iv_.data(), 0), 180);
}

TEST_F(aead_crypt_test, batch_that_cannot_work_is_not_begun) {
    batch b;
    b.add(opened(), 76);
    b.add(opened(), 75);
    b.list();
    const auto enc = [&](std::size_t n) {
        return kcapi_aead_encrypt_aio(handle_, b.from.data(), b.to.data(), n, iv_.data(), 0);
    };
    EXPECT_EQ(enc(2), -EINVAL);
    EXPECT_TRUE(only(b.out[0], 0xee));
    EXPECT_EQ(kcapi_aead_encrypt_aio(handle_, nullptr, b.to.data(), 1, iv_.data(), 0), -EINVAL);
    EXPECT_EQ(kcapi_aead_encrypt_aio(handle_, b.from.data(), nullptr, 1, iv_.data(), 0), -EINVAL);
    EXPECT_EQ(kcapi_aead_encrypt_aio(handle_, nullptr, nullptr, 0, nullptr, 0), 0);
    EXPECT_EQ(kcapi_aead_encrypt_aio(nullptr, b.from.data(), b.to.data(), 1, iv_.data(), 0), -EINVAL);
    b.from[0].iov_base = nullptr;
    EXPECT_EQ(enc(1), -EFAULT);
    b.from[0].iov_len = INT_MAX;
    b.from[1].iov_len = 1;
    EXPECT_EQ(enc(2), -EOVERFLOW);
    b.from[0].iov_len = b.from[1].iov_len = SIZE_MAX;
    EXPECT_EQ(enc(2), -EOVERFLOW);
    // The inputs fit, the outputs with their tags do not.
    b.list();
    b.from.assign(2, iovec{b.in[0].data(), INT_MAX / 2});
    b.to.assign(2, iovec{b.out[0].data(), INT_MAX});
    EXPECT_EQ(enc(2), -EOVERFLOW);
    EXPECT_EQ(plan.batches, 0);
}
