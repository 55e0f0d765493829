// SPDX-License-Identifier: BSD-3-Clause
//
// What the stream calls refuse, by number, and what is left of the stream then.
#include "capi/differences.hpp"
#include "capi/reference.hpp"
#include "capi/support.hpp"
#include "capi/watched_thread.hpp"

#include <kcapi_ext.h>

#include <random>

using namespace kcapi::test;

namespace {

constexpr std::size_t most_iovecs = 1024;

/// As many bytes as pieces.
pieces single_bytes(const octets &from) {
    pieces list;
    for (const std::uint8_t &b : from)
        list.add(&b, 1);
    return list;
}

class stream_errors : public testing::Test {
  protected:
    octets expected(const octets &plain) const {
        return reference("cbc(aes)", way::encrypt, key_16(), iv_16(), plain);
    }

    cipher cipher_{"cbc(aes)", key_16()};
    const octets plain_ = pattern(64);
    octets out_;
};

} // namespace

TEST_F(stream_errors, a_thousand_and_24_buffers_are_taken_and_one_more_is_emsgsize) {
    const octets many = pattern(most_iovecs);
    const octets too_many = pattern(most_iovecs + 1);
    ASSERT_EQ(cipher_.start_encrypt(iv_16(), single_bytes(many)), 1024);
    EXPECT_EQ(cipher_.update(single_bytes(too_many)), -EMSGSIZE);
    EXPECT_EQ(cipher_.update_last(single_bytes(too_many)), -EMSGSIZE);
    octets room(most_iovecs + 1);
    EXPECT_EQ(cipher_.collect(single_bytes(room)), -EMSGSIZE);
    ASSERT_EQ(cipher_.update_last(single_bytes(many)), 1024) << "and nothing was changed";
    octets got(most_collecting_buffers());
    const std::size_t whole = got.size() / 16 * 16;
    ASSERT_EQ(cipher_.collect(single_bytes(got)), static_cast<ssize_t>(whole));
    EXPECT_EQ(slice(got, 0, whole) + cipher_.collect_all(2048 - whole), expected(many + many));
}

TEST_F(stream_errors, a_start_with_too_many_buffers_leaves_the_stream_as_it_was) {
    ASSERT_EQ(cipher_.start_encrypt(iv_16(), plain_), 64);
    EXPECT_EQ(cipher_.start_encrypt(pattern(16, 3), single_bytes(pattern(most_iovecs + 1))), -EMSGSIZE);
    ASSERT_EQ(cipher_.end(), 0);
    EXPECT_EQ(cipher_.collect_all(64), expected(plain_));
}

TEST_F(stream_errors, lengths_that_add_up_to_too_much_are_einval_and_change_nothing) {
    octets b = pattern(16);
    const pieces endless{{b.data(), SIZE_MAX / 2}, {b.data(), SIZE_MAX / 2}, {b.data(), 16}};
    ASSERT_EQ(cipher_.start_encrypt(iv_16(), plain_), 64);
    EXPECT_EQ(cipher_.start_encrypt(pattern(16, 3), endless), -EINVAL);
    EXPECT_EQ(cipher_.update(endless), -EINVAL);
    EXPECT_EQ(cipher_.update_last(endless), -EINVAL);
    EXPECT_EQ(cipher_.collect(endless), -EINVAL);
    ASSERT_EQ(cipher_.end(), 0);
    EXPECT_EQ(cipher_.collect_all(64), expected(plain_));
}

TEST_F(stream_errors, null_buffers_are_efault_and_change_nothing) {
    octets b = pattern(16);
    const pieces bad{{b.data(), 16}, {nullptr, 16}};
    ASSERT_EQ(cipher_.start_encrypt(iv_16(), plain_), 64);
    EXPECT_EQ(cipher_.start_encrypt(pattern(16, 3), bad), -EFAULT);
    EXPECT_EQ(cipher_.start_decrypt(pattern(16, 3), bad), -EFAULT);
    EXPECT_EQ(cipher_.update(bad), -EFAULT);
    EXPECT_EQ(cipher_.update_last(bad), -EFAULT);
    EXPECT_EQ(cipher_.collect(bad), -EFAULT);
    EXPECT_EQ(b, pattern(16));
    ASSERT_EQ(cipher_.end(), 0);
    EXPECT_EQ(cipher_.collect_all(64), expected(plain_));
}

TEST_F(stream_errors, a_null_list_with_a_count_is_einval_and_changes_nothing) {
    ASSERT_EQ(cipher_.start_encrypt(iv_16(), plain_), 64);
    kcapi_handle *const h = cipher_.get();
    EXPECT_EQ(kcapi_cipher_stream_init_enc(h, iv_16().data(), nullptr, 1), -EINVAL);
    EXPECT_EQ(kcapi_cipher_stream_init_dec(h, iv_16().data(), nullptr, 1), -EINVAL);
    EXPECT_EQ(kcapi_cipher_stream_update(h, nullptr, 1), -EINVAL);
    EXPECT_EQ(kcapi_cipher_stream_update_last(h, nullptr, 1), -EINVAL);
    EXPECT_EQ(kcapi_cipher_stream_op(h, nullptr, 1), -EINVAL);
    EXPECT_EQ(kcapi_cipher_stream_op(h, nullptr, 0), -EINVAL);
    iovec some{out_.data(), 0};
    EXPECT_EQ(kcapi_cipher_stream_op(h, &some, 0), -EINVAL);
    ASSERT_EQ(cipher_.end(), 0);
    EXPECT_EQ(cipher_.collect_all(64), expected(plain_));
}

TEST_F(stream_errors, room_for_less_than_a_block_is_einval_and_the_data_stay) {
    ASSERT_EQ(cipher_.start_encrypt(iv_16(), plain_), 64);
    for (const std::size_t room : {1U, 8U, 15U})
        EXPECT_EQ(cipher_.collect(room, out_), -EINVAL) << room;
    octets got = cipher_.collect_all(48);
    ASSERT_EQ(cipher_.end(), 0);
    for (const std::size_t room : {1U, 15U})
        EXPECT_EQ(cipher_.collect(room, out_), -EINVAL) << "ended, " << room;
    EXPECT_EQ(got + cipher_.collect_all(16), expected(plain_));
}

TEST_F(stream_errors, a_refused_collect_does_not_cost_the_iv_of_the_next_message) {
    ASSERT_EQ(cipher_.start_encrypt(iv_16(), slice(plain_, 0, 32)), 32);
    ASSERT_EQ(cipher_.end(), 0);
    EXPECT_EQ(cipher_.collect(8, out_), -EINVAL);
    octets got = cipher_.collect_all(32);
    ASSERT_EQ(cipher_.start_encrypt({}, slice(plain_, 32, 32)), 32)
        << "all of the message before was collected";
    ASSERT_EQ(cipher_.end(), 0);
    EXPECT_EQ(got + cipher_.collect_all(32), expected(plain_));
}

TEST_F(stream_errors, data_after_the_end_are_einval_until_all_is_collected) {
    ASSERT_EQ(cipher_.start_encrypt(iv_16(), slice(plain_, 0, 48)), 48);
    ASSERT_EQ(cipher_.end(), 0);
    EXPECT_EQ(cipher_.update(slice(plain_, 48, 16)), -EINVAL);
    EXPECT_EQ(cipher_.update_last(slice(plain_, 48, 16)), -EINVAL);
    octets got = cipher_.collect_all(32);
    EXPECT_EQ(cipher_.update(slice(plain_, 48, 16)), -EINVAL) << "16 bytes are still there";
    got = got + cipher_.collect_all(16);
    ASSERT_EQ(cipher_.update_last(slice(plain_, 48, 16)), 16);
    EXPECT_EQ(got + cipher_.collect_all(16), expected(plain_));
}

TEST_F(stream_errors, an_end_in_the_middle_of_a_block_is_einval_and_the_rest_is_gone) {
    ASSERT_EQ(cipher_.start_encrypt(iv_16(), slice(plain_, 0, 40)), 40);
    ASSERT_EQ(cipher_.end(), 0);
    octets got;
    ASSERT_EQ(cipher_.collect(32, got), 32);
    EXPECT_EQ(got, slice(expected(plain_), 0, 32));
    EXPECT_EQ(cipher_.collect(32, out_), -EINVAL);
    ASSERT_EQ(cipher_.start_encrypt(iv_16(), plain_), 64) << "and the stream can be started again";
    ASSERT_EQ(cipher_.end(), 0);
    EXPECT_EQ(cipher_.collect_all(64), expected(plain_));
}

TEST_F(stream_errors, reader_that_was_told_of_a_failure_waits_for_the_next_message) {
    ASSERT_EQ(cipher_.start_encrypt(iv_16(), slice(plain_, 0, 17)), 17);
    ASSERT_EQ(cipher_.end(), 0);
    EXPECT_EQ(cipher_.collect(64, out_), -EINVAL);
    octets room(64);
    iovec v{room.data(), room.size()};
    EXPECT_EQ(kcapi_ext_stream_try_op(cipher_.get(), &v, 1), -EAGAIN) << "told once";
    watched_thread reader([&] { return kcapi_cipher_stream_op(cipher_.get(), &v, 1); });
    ASSERT_TRUE(reader.wait_until_asleep());
    ASSERT_EQ(cipher_.start_encrypt(iv_16(), plain_), 64);
    EXPECT_EQ(reader.result(), 64);
    EXPECT_EQ(room, expected(plain_));
}

TEST_F(stream_errors, one_shot_works_after_a_message_that_failed) {
    ASSERT_EQ(cipher_.start_encrypt(iv_16(), slice(plain_, 0, 17)), 17);
    ASSERT_EQ(cipher_.end(), 0);
    EXPECT_EQ(cipher_.collect(64, out_), -EINVAL);
    EXPECT_EQ(cipher_.encrypted(plain_, iv_16()), expected(plain_)) << "nothing is left to collect";
}

TEST_F(stream_errors, update_works_after_a_message_that_failed) {
    ASSERT_EQ(cipher_.start_encrypt(iv_16(), slice(plain_, 0, 17)), 17);
    ASSERT_EQ(cipher_.end(), 0);
    EXPECT_EQ(cipher_.collect(64, out_), -EINVAL);
    ASSERT_EQ(cipher_.update_last(plain_), 64);
    EXPECT_EQ(cipher_.collect(64, out_), 64);
}

TEST_F(stream_errors, an_empty_message_of_a_mode_that_has_none_is_einval) {
    cipher c("xts(aes)", key_32());
    ASSERT_EQ(c.start_encrypt(iv_16()), 0);
    ASSERT_EQ(c.end(), 0);
    EXPECT_EQ(c.collect(64, out_), -EINVAL);
    EXPECT_EQ(c.encrypted(plain_, iv_16()), reference("xts(aes)", way::encrypt, key_32(), iv_16(), plain_));
}

TEST_F(stream_errors, a_missing_key_is_enokey_everywhere_and_may_come_later) {
    cipher c("cbc(aes)");
    EXPECT_EQ(c.start_encrypt(iv_16(), plain_), -ENOKEY);
    EXPECT_EQ(c.start_decrypt(iv_16()), -ENOKEY);
    EXPECT_EQ(c.update(plain_), -ENOKEY);
    EXPECT_EQ(c.update_last(plain_), -ENOKEY);
    EXPECT_EQ(c.end(), -ENOKEY);
    EXPECT_EQ(c.collect(64, out_), -ENOKEY);
    ASSERT_EQ(c.set_key(key_16()), 0);
    ASSERT_EQ(c.start_encrypt(iv_16(), plain_), 64);
    ASSERT_EQ(c.end(), 0);
    EXPECT_EQ(c.collect_all(64), expected(plain_));
}

TEST_F(stream_errors, random_wrong_calls_never_stop_a_handle_for_good) {
    std::mt19937 random(31431);
    octets room(4096);
    for (std::size_t i = 0; i < scaled(3000, 300); ++i) {
        const octets data = pattern(random() % 200, static_cast<std::uint32_t>(i));
        switch (random() % 8) {
        case 0:
            (void)cipher_.start_encrypt(random() % 2 == 0 ? iv_16() : octets(), data);
            break;
        case 1:
            (void)cipher_.update(data);
            break;
        case 2:
            (void)cipher_.update_last(data);
            break;
        case 3:
            (void)cipher_.encrypt(data, iv_16(), out_);
            break;
        case 4:
            (void)cipher_.update({{nullptr, 1}});
            break;
        case 5:
            // A collect only where there surely is something, since it would sleep else.
            (void)cipher_.start_encrypt({}, pattern(16));
            EXPECT_EQ(cipher_.collect({{room.data(), 1 + random() % 15}}), -EINVAL);
            break;
        default:
            (void)cipher_.start_encrypt(iv_16(), data);
            (void)cipher_.end();
            (void)cipher_.collect(pieces(room));
        }
    }
    ASSERT_EQ(cipher_.start_encrypt(iv_16(), plain_), 64);
    ASSERT_EQ(cipher_.end(), 0);
    EXPECT_EQ(cipher_.collect_all(64), expected(plain_));
    EXPECT_EQ(cipher_.encrypted(plain_, iv_16()), expected(plain_));
}
