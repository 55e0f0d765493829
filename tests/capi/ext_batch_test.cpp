// SPDX-License-Identifier: BSD-3-Clause
//
// kcapi_ext.h: batches of whole messages, and streams that do not sleep.
#include "capi/reference.hpp"
#include "capi/support.hpp"

#include <array>
#include <cstring>

using namespace kcapi::test;

namespace {

kcapi_ext_message message_of(const octets &iv, const octets &in, octets &out) {
    kcapi_ext_message m{};
    m.iv = iv.data();
    m.iv_len = iv.size();
    m.in = in.data();
    m.in_len = in.size();
    m.out = out.data();
    m.out_len = out.size();
    m.result = 1234;
    return m;
}

} // namespace

TEST(ext_batch, gives_each_message_its_own_iv_and_result) {
    const cipher c("cbc(aes)", key_16());
    const octets first(64, 1);
    const octets second(32, 2);
    const octets uneven(17, 3);
    const octets other_iv(16, 9);
    octets out_first(64), out_second(32), out_uneven(17), expected_first(64), expected_second(32);
    std::array<kcapi_ext_message, 3> batch{message_of(iv_16(), first, out_first),
                                           message_of(iv_16(), uneven, out_uneven),
                                           message_of(other_iv, second, out_second)};
    ASSERT_EQ(kcapi_ext_batch(c.get(), KCAPI_EXT_ENCRYPT, batch.data(), sizeof batch[0], batch.size()), 2);
    EXPECT_EQ(batch[0].result, 64);
    EXPECT_EQ(batch[1].result, -EINVAL);
    EXPECT_EQ(batch[2].result, 32);
    ASSERT_EQ(kcapi_cipher_encrypt(c.get(), first.data(), 64, iv_16().data(), expected_first.data(), 64, 0),
              64);
    ASSERT_EQ(
        kcapi_cipher_encrypt(c.get(), second.data(), 32, other_iv.data(), expected_second.data(), 32, 0), 32);
    EXPECT_EQ(out_first, expected_first);
    EXPECT_EQ(out_second, expected_second);
}

TEST(ext_batch, decrypts_in_place_and_walks_by_the_callers_size) {
    const cipher c("ctr(aes)", key_16());
    const octets text(100, 7);
    octets data(100);
    ASSERT_EQ(kcapi_cipher_encrypt(c.get(), text.data(), 100, iv_16().data(), data.data(), 100, 0), 100);
    struct longer {
        kcapi_ext_message known;
        std::array<std::uint8_t, 24> later;
    };
    octets again = data;
    std::array<longer, 2> batch{};
    batch[0].known = message_of(iv_16(), data, data);
    batch[1].known = message_of(iv_16(), again, again);
    ASSERT_EQ(kcapi_ext_batch(c.get(), KCAPI_EXT_DECRYPT, &batch[0].known, sizeof(longer), 2), 2);
    EXPECT_EQ(data, text);
    EXPECT_EQ(again, text);
}

TEST(ext_batch, refuses_what_does_not_fit) {
    const cipher c("cbc(aes)", key_16());
    const octets text(16, 1);
    octets out(16);
    const auto alone = [&](auto change) {
        kcapi_ext_message m = message_of(iv_16(), text, out);
        change(m);
        const ssize_t succeeded = kcapi_ext_batch(c.get(), KCAPI_EXT_ENCRYPT, &m, sizeof m, 1);
        EXPECT_EQ(succeeded, m.result < 0 ? 0 : 1);
        return m.result;
    };
    EXPECT_EQ(alone([](kcapi_ext_message &m) { m.iv_len = 12; }), -EINVAL);
    EXPECT_EQ(alone([](kcapi_ext_message &m) { m.out_len = 15; }), -EINVAL);
    EXPECT_EQ(alone([](kcapi_ext_message &m) { m.assoc = m.in, m.assoc_len = 1; }), -EINVAL);
    EXPECT_EQ(alone([](kcapi_ext_message &m) { m.tag = m.out, m.tag_len = 16; }), -EINVAL);
    EXPECT_EQ(alone([](kcapi_ext_message &m) { m.in = nullptr; }), -EFAULT);
    EXPECT_EQ(alone([](kcapi_ext_message &m) { m.out = nullptr; }), -EFAULT);
    EXPECT_EQ(alone([](kcapi_ext_message &m) { m.iv = nullptr; }), -EFAULT);
    EXPECT_EQ(alone([](kcapi_ext_message &m) { m.in_len = 0; }), 0);
    EXPECT_EQ(alone([](kcapi_ext_message &) {}), 16);
    kcapi_ext_message m = message_of(iv_16(), text, out);
    EXPECT_EQ(kcapi_ext_batch(c.get(), KCAPI_EXT_DIGEST, &m, sizeof m, 1), -EINVAL);
    EXPECT_EQ(kcapi_ext_batch(c.get(), KCAPI_EXT_ENCRYPT, &m, sizeof m - 1, 1), -EINVAL);
    EXPECT_EQ(kcapi_ext_batch(c.get(), KCAPI_EXT_ENCRYPT, nullptr, sizeof m, 1), -EINVAL);
    EXPECT_EQ(kcapi_ext_batch(c.get(), KCAPI_EXT_ENCRYPT, nullptr, sizeof m, 0), 0);
    EXPECT_EQ(kcapi_ext_batch(nullptr, KCAPI_EXT_ENCRYPT, &m, sizeof m, 1), -EINVAL);
    const cipher keyless("cbc(aes)");
    EXPECT_EQ(kcapi_ext_batch(keyless.get(), KCAPI_EXT_ENCRYPT, &m, sizeof m, 1), 0);
    EXPECT_EQ(m.result, -ENOKEY);
}

TEST(ext_stream, try_op_says_eagain_while_there_is_nothing) {
    const cipher c("ctr(aes)", key_16());
    octets text(40, 5);
    octets out(64);
    iovec room{out.data(), out.size()};
    EXPECT_EQ(kcapi_ext_stream_try_op(c.get(), &room, 1), -EAGAIN);
    ASSERT_EQ(kcapi_cipher_stream_init_enc(c.get(), iv_16().data(), nullptr, 0), 0);
    EXPECT_EQ(kcapi_ext_stream_try_op(c.get(), &room, 1), -EAGAIN);
    iovec piece{text.data(), 40};
    ASSERT_EQ(kcapi_ext_stream_update_borrowed(c.get(), &piece, 1, 0), 40);
    EXPECT_EQ(kcapi_ext_stream_try_op(c.get(), &room, 1), 32) << "whole blocks until the end";
    EXPECT_EQ(kcapi_ext_stream_try_op(c.get(), &room, 1), -EAGAIN);
    ASSERT_EQ(kcapi_ext_stream_update_borrowed(c.get(), nullptr, 0, 1), 0);
    EXPECT_EQ(kcapi_ext_stream_try_op(c.get(), &room, 1), 8);
    EXPECT_EQ(kcapi_ext_stream_try_op(c.get(), &room, 1), -EAGAIN);
    EXPECT_EQ(kcapi_ext_stream_try_op(c.get(), nullptr, 0), -EINVAL);
    EXPECT_EQ(kcapi_ext_stream_try_op(nullptr, &room, 1), -EINVAL);
    EXPECT_EQ(kcapi_ext_stream_update_borrowed(nullptr, &piece, 1, 0), -EINVAL);
}

TEST(ext_md_clone, refuses_what_is_no_hash) {
    const cipher c("ctr(aes)", key_16());
    kcapi_handle *copy = nullptr;
    EXPECT_EQ(kcapi_ext_md_clone(&copy, c.get()), -EINVAL);
    EXPECT_EQ(kcapi_ext_md_clone(&copy, nullptr), -EINVAL);
    EXPECT_EQ(kcapi_ext_md_clone(nullptr, c.get()), -EINVAL);
    EXPECT_EQ(copy, nullptr);
}
