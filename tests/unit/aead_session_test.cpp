// SPDX-License-Identifier: BSD-3-Clause
//
// Streamed aead messages through the C functions, over a toy with all of AF_ALG's traps.
#include "capi/watched_thread.hpp"
#include "support/toy_runtime.hpp"

#include <kcapi.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <thread>
#include <vector>

using kcapi::test::plan;
using kcapi::test::toy_seal;
using kcapi::test::watched_thread;
using byte_string = std::vector<std::uint8_t>;

namespace {

constexpr std::size_t assoc_len = 20;
constexpr std::size_t text_len = 40;
constexpr std::size_t tag_len = 16;
/// What fits into an aead message, and with it the tag into the output.
constexpr std::size_t longest = 421888;

byte_string pattern(std::size_t n, std::uint8_t first) {
    byte_string b(n);
    for (std::size_t i = 0; i < n; ++i)
        b[i] = static_cast<std::uint8_t>(first + 7 * i);
    return b;
}

class aead_session_test : public testing::Test {
  protected:
    aead_session_test() {
        plan.reset();
        EXPECT_EQ(kcapi_aead_init(&handle_, "toy-aead", 0), 0);
        EXPECT_EQ(kcapi_aead_setkey(handle_, key_.data(), static_cast<std::uint32_t>(key_.size())), 0);
        kcapi_aead_setassoclen(handle_, assoc_len);
    }
    ~aead_session_test() override { kcapi_aead_destroy(handle_); }

    long begin(bool encrypt, const byte_string &first = {}) { return begin(handle_, encrypt, first); }
    long begin(kcapi_handle *h, bool encrypt, const byte_string &first = {}) {
        iovec v{const_cast<std::uint8_t *>(first.data()), first.size()};
        return encrypt ? kcapi_aead_stream_init_enc(h, iv_.data(), &v, first.empty() ? 0 : 1)
                       : kcapi_aead_stream_init_dec(h, iv_.data(), &v, first.empty() ? 0 : 1);
    }
    long update(const byte_string &data) { return update(handle_, data); }
    static long update(kcapi_handle *h, const byte_string &data) {
        iovec v{const_cast<std::uint8_t *>(data.data()), data.size()};
        return kcapi_aead_stream_update(h, &v, 1);
    }
    long end() { return end(handle_); }
    static long end(kcapi_handle *h) { return kcapi_aead_stream_update_last(h, nullptr, 0); }
    long collect(std::size_t room) { return collect(handle_, room); }
    long collect(kcapi_handle *h, std::size_t room) {
        out_.assign(room, 0xee);
        iovec v{out_.data(), room};
        return kcapi_aead_stream_op(h, &v, 1);
    }
    [[nodiscard]] byte_string sealed(std::size_t tag_size = tag_len) const {
        return toy_seal(key_, iv_, assoc_, text_, tag_size);
    }
    [[nodiscard]] byte_string opened() const {
        byte_string b = assoc_;
        b.insert(b.end(), text_.begin(), text_.end());
        return b;
    }
    void encrypt_well() {
        EXPECT_EQ(begin(true, opened()), assoc_len + text_len);
        EXPECT_EQ(end(), 0);
        EXPECT_EQ(collect(sealed().size()), sealed().size());
        EXPECT_EQ(out_, sealed());
    }
    static bool only(const byte_string &b, std::uint8_t value) {
        return std::all_of(b.begin(), b.end(), [value](std::uint8_t x) { return x == value; });
    }

    kcapi_handle *handle_ = nullptr;
    const byte_string key_ = pattern(16, 1);
    byte_string iv_ = pattern(12, 0xa0);
    const byte_string assoc_ = pattern(assoc_len, 0x31);
    const byte_string text_ = pattern(text_len, 0x62);
    byte_string out_;
};

} // namespace

TEST_F(aead_session_test, pieces_of_any_size_are_one_message) {
    ASSERT_EQ(begin(true), 0);
    for (const std::uint8_t b : opened())
        ASSERT_EQ(update({b}), 1);
    ASSERT_EQ(end(), 0);
    ASSERT_EQ(collect(assoc_len + text_len + tag_len), assoc_len + text_len + tag_len);
    EXPECT_EQ(out_, sealed());

    ASSERT_EQ(begin(false, assoc_), assoc_len);
    const byte_string message = sealed();
    ASSERT_EQ(update({message.begin() + assoc_len, message.end() - tag_len}), text_len);
    ASSERT_EQ(update({message.end() - tag_len, message.end()}), tag_len);
    ASSERT_EQ(end(), 0);
    ASSERT_EQ(collect(assoc_len + text_len), assoc_len + text_len);
    EXPECT_EQ(out_, opened());
}

TEST_F(aead_session_test, room_to_spare_is_left_alone_and_not_waited_for) {
    ASSERT_EQ(begin(true, opened()), assoc_len + text_len);
    ASSERT_EQ(end(), 0);
    ASSERT_EQ(collect(1000), assoc_len + text_len + tag_len);
    EXPECT_EQ(byte_string(out_.begin(), out_.begin() + 76), sealed());
    EXPECT_TRUE(only({out_.begin() + 76, out_.end()}, 0xee));
}

TEST_F(aead_session_test, output_goes_to_several_buffers) {
    ASSERT_EQ(begin(true, opened()), assoc_len + text_len);
    ASSERT_EQ(end(), 0);
    byte_string a(assoc_len), b(1), c(100);
    iovec v[4] = {{a.data(), a.size()}, {nullptr, 0}, {b.data(), b.size()}, {c.data(), c.size()}};
    ASSERT_EQ(kcapi_aead_stream_op(handle_, v, 4), 76);
    const byte_string all = sealed();
    EXPECT_EQ(a, assoc_);
    EXPECT_EQ(b[0], all[20]);
    EXPECT_TRUE(std::equal(all.begin() + 21, all.end(), c.begin()));
}

TEST_F(aead_session_test, short_buffer_is_refused_and_the_message_stays) {
    ASSERT_EQ(begin(true, opened()), assoc_len + text_len);
    ASSERT_EQ(end(), 0);
    for (const std::size_t room : {std::size_t{1}, assoc_len + tag_len, assoc_len + text_len + tag_len - 1}) {
        EXPECT_EQ(collect(room), -EINVAL) << room;
        EXPECT_TRUE(only(out_, 0xee)) << "a prefix of the message was encrypted";
    }
    EXPECT_EQ(collect(76), 76);
    EXPECT_EQ(out_, sealed());

    ASSERT_EQ(begin(false, sealed()), 76);
    ASSERT_EQ(end(), 0);
    EXPECT_EQ(collect(59), -EINVAL);
    EXPECT_EQ(collect(60), 60);
    EXPECT_EQ(out_, opened());
}

TEST_F(aead_session_test, message_shorter_than_its_parts_is_discarded) {
    ASSERT_EQ(begin(true, pattern(assoc_len - 1, 0)), assoc_len - 1);
    ASSERT_EQ(end(), 0);
    EXPECT_EQ(collect(1000), -EINVAL);
    // The kernel's operation would be stuck for good; here the next message is the collector's.
    watched_thread reader([&] { return collect(1000); });
    ASSERT_TRUE(reader.wait_until_asleep());
    ASSERT_EQ(begin(true, opened()), 60);
    ASSERT_EQ(end(), 0);
    EXPECT_EQ(reader.result(), 76);
    ASSERT_EQ(begin(false, pattern(assoc_len + tag_len - 1, 0)), assoc_len + tag_len - 1);
    ASSERT_EQ(end(), 0);
    EXPECT_EQ(collect(1000), -EINVAL);
    EXPECT_EQ(update({1}), -EINVAL) << "there is no message any more";
    encrypt_well();
}

TEST_F(aead_session_test, wrong_tag_is_ebadmsg_and_what_was_written_is_wiped) {
    byte_string message = sealed();
    message.back() ^= 1;
    ASSERT_EQ(begin(false, message), 76);
    ASSERT_EQ(end(), 0);
    EXPECT_EQ(collect(100), -EBADMSG);
    EXPECT_TRUE(only({out_.begin(), out_.begin() + 60}, 0)) << "unverified plaintext";
    EXPECT_TRUE(only({out_.begin() + 60, out_.end()}, 0xee)) << "not the engine's to write, not ours to wipe";
    encrypt_well();
}

TEST_F(aead_session_test, message_without_output_is_verified) {
    kcapi_aead_setassoclen(handle_, 0);
    byte_string tag = toy_seal(key_, iv_, {}, {}, tag_len);
    ASSERT_EQ(begin(false, tag), tag_len);
    ASSERT_EQ(end(), 0);
    EXPECT_EQ(collect(1), 0);
    EXPECT_EQ(out_[0], 0xee);
    tag[3] ^= 0x80;
    for (const std::size_t room : {1U, 0U}) {
        ASSERT_EQ(begin(false, tag), tag_len);
        ASSERT_EQ(end(), 0);
        EXPECT_EQ(collect(room), -EBADMSG) << room;
    }
    ASSERT_EQ(begin(true), 0);
    ASSERT_EQ(end(), 0);
    EXPECT_EQ(collect(16), 16) << "encrypting nothing gives a tag";
}

TEST_F(aead_session_test, no_room_gets_nothing_and_loses_nothing) {
    iovec none{nullptr, 0};
    EXPECT_EQ(kcapi_aead_stream_op(handle_, nullptr, 0), -EINVAL);
    ASSERT_EQ(begin(true, opened()), 60);
    EXPECT_EQ(kcapi_aead_stream_op(handle_, &none, 0), 0) << "and does not wait for the end";
    ASSERT_EQ(end(), 0);
    EXPECT_EQ(kcapi_aead_stream_op(handle_, &none, 0), 0);
    EXPECT_EQ(kcapi_aead_stream_op(handle_, &none, 1), 0);
    EXPECT_EQ(collect(76), 76);
    EXPECT_EQ(out_, sealed());
}

TEST_F(aead_session_test, bad_arguments_leave_the_message) {
    ASSERT_EQ(begin(true, opened()), 60);
    iovec bad{nullptr, 5};
    std::vector<iovec> many(1025, iovec{out_.data(), 0});
    EXPECT_EQ(kcapi_aead_stream_update(handle_, &bad, 1), -EFAULT);
    EXPECT_EQ(kcapi_aead_stream_update(handle_, nullptr, 1), -EINVAL);
    EXPECT_EQ(kcapi_aead_stream_update(handle_, many.data(), many.size()), -EMSGSIZE);
    ASSERT_EQ(end(), 0);
    EXPECT_EQ(kcapi_aead_stream_op(handle_, &bad, 1), -EFAULT);
    EXPECT_EQ(kcapi_aead_stream_op(handle_, many.data(), many.size()), -EMSGSIZE);
    EXPECT_EQ(collect(76), 76);
    EXPECT_EQ(out_, sealed());
}

TEST_F(aead_session_test, message_that_nobody_began_is_refused) {
    EXPECT_EQ(update({1, 2, 3}), -EINVAL);
    EXPECT_EQ(end(), -EINVAL);
    encrypt_well();
    EXPECT_EQ(update({1, 2, 3}), -EINVAL) << "it would run under the IV of the last one";
    EXPECT_EQ(end(), -EINVAL);
    ASSERT_EQ(begin(true), 0);
    ASSERT_EQ(end(), 0);
    EXPECT_EQ(update({1}), -EINVAL) << "the message has ended";
}

TEST_F(aead_session_test, beginning_discards_a_message_in_any_state) {
    ASSERT_EQ(begin(true, pattern(100, 9)), 100);
    encrypt_well();
    ASSERT_EQ(begin(true, pattern(100, 9)), 100);
    ASSERT_EQ(end(), 0);
    encrypt_well();
    kcapi_aead_setassoclen(handle_, 0);
    ASSERT_EQ(begin(true), 0);
    ASSERT_EQ(end(), 0);
    kcapi_aead_setassoclen(handle_, assoc_len);
    encrypt_well();
}

TEST_F(aead_session_test, longest_message_passes_whole) {
    const byte_string text = pattern(longest - assoc_len, 3);
    ASSERT_EQ(begin(true, assoc_), assoc_len);
    ASSERT_EQ(update(text), text.size());
    ASSERT_EQ(end(), 0);
    ASSERT_EQ(collect(longest + tag_len), longest + tag_len);
    EXPECT_EQ(out_, toy_seal(key_, iv_, assoc_, text, tag_len));
}

TEST_F(aead_session_test, longer_message_is_emsgsize_and_discarded) {
    // Nothing can be collected to make room: waiting for it would be waiting for ever.
    ASSERT_EQ(begin(true, pattern(longest - 10, 0)), longest - 10);
    EXPECT_EQ(update(pattern(11, 0)), -EMSGSIZE);
    EXPECT_EQ(end(), -EINVAL);
    encrypt_well();
    EXPECT_EQ(begin(true, pattern(longest + 1, 0)), -EMSGSIZE);
    EXPECT_EQ(end(), -EINVAL);
    encrypt_well();
}

TEST_F(aead_session_test, engine_that_makes_two_messages_of_one_is_found_out) {
    plan.keep_buffer_sizes = true;
    ASSERT_EQ(begin(true, pattern(212992, 5)), 212992);
    ASSERT_EQ(end(), 0);
    EXPECT_EQ(collect(212992 + tag_len), -EMSGSIZE);
    EXPECT_TRUE(only(out_, 0));
    encrypt_well();
}

TEST_F(aead_session_test, collector_sleeps_until_the_message_has_ended) {
    watched_thread reader([&] { return collect(1000); });
    ASSERT_TRUE(reader.wait_until_asleep());
    ASSERT_EQ(begin(true, opened()), 60);
    EXPECT_TRUE(reader.wait_until_asleep()) << "there is no output before the end";
    ASSERT_EQ(end(), 0);
    EXPECT_EQ(reader.result(), 76);
}

TEST_F(aead_session_test, destroying_wakes_the_collector) {
    ASSERT_EQ(begin(true, opened()), 60);
    watched_thread reader([&] { return collect(1000); });
    ASSERT_TRUE(reader.wait_until_asleep());
    kcapi_aead_destroy(handle_);
    handle_ = nullptr;
    EXPECT_EQ(reader.result(), -ECANCELED);
}

TEST_F(aead_session_test, two_collectors_get_one_message_each) {
    std::atomic<long> sum{0};
    std::vector<std::thread> readers;
    for (int i = 0; i < 2; ++i)
        readers.emplace_back([&] {
            byte_string own(1000);
            iovec v{own.data(), own.size()};
            const long n = kcapi_aead_stream_op(handle_, &v, 1);
            own.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
            EXPECT_EQ(own, sealed());
            sum += n;
        });
    for (int i = 1; i <= 2; ++i) {
        ASSERT_EQ(begin(true, opened()), 60);
        ASSERT_EQ(end(), 0);
        while (sum < 76 * i)
            std::this_thread::yield();
    }
    for (std::thread &t : readers)
        t.join();
}

TEST_F(aead_session_test, without_key_nobody_sleeps) {
    kcapi_handle *fresh = nullptr;
    ASSERT_EQ(kcapi_aead_init(&fresh, "toy-aead", 0), 0);
    EXPECT_EQ(collect(fresh, 100), -ENOKEY);
    EXPECT_EQ(begin(fresh, true, assoc_), -ENOKEY);
    ASSERT_EQ(kcapi_aead_setkey(fresh, key_.data(), 16), 0);
    EXPECT_EQ(begin(fresh, true, assoc_), assoc_len) << "the key came in time";
    EXPECT_EQ(kcapi_aead_setkey(fresh, key_.data(), 16), -EBUSY);
    kcapi_aead_destroy(fresh);
}

TEST_F(aead_session_test, length_of_associated_data_is_not_cut) {
    kcapi_aead_setassoclen(handle_, (std::size_t{1} << 32) + assoc_len);
    EXPECT_EQ(begin(true), -EINVAL);
    kcapi_aead_setassoclen(handle_, std::size_t{1} << 31);
    EXPECT_EQ(begin(true), -EINVAL);
    EXPECT_EQ(end(), -EINVAL) << "no message was begun";
    kcapi_aead_setassoclen(handle_, assoc_len);
    encrypt_well();
}

TEST_F(aead_session_test, tag_length_holds_for_all_handles_of_a_key) {
    ASSERT_EQ(kcapi_aead_settaglen(handle_, 8), 0);
    kcapi_handle *second = nullptr;
    ASSERT_EQ(kcapi_handle_reinit(&second, handle_, 0), 0);
    ASSERT_EQ(begin(second, true, text_), text_len);
    ASSERT_EQ(end(second), 0);
    ASSERT_EQ(collect(second, 48), 48);
    EXPECT_EQ(out_, toy_seal(key_, iv_, {}, text_, 8)) << "and its length of associated data is 0";
    EXPECT_EQ(begin(true, opened()), 60);
    EXPECT_EQ(end(), 0);
    EXPECT_EQ(collect(68), 68);
    EXPECT_EQ(out_, sealed(8));
    kcapi_aead_destroy(second);
}

TEST_F(aead_session_test, tag_length_set_on_a_second_handle_reaches_the_first) {
    kcapi_handle *second = nullptr;
    ASSERT_EQ(kcapi_handle_reinit(&second, handle_, 0), 0);
    ASSERT_EQ(kcapi_aead_settaglen(second, 12), 0);
    EXPECT_EQ(begin(true, opened()), 60);
    EXPECT_EQ(end(), 0);
    EXPECT_EQ(collect(71), -EINVAL);
    EXPECT_EQ(collect(72), 72);
    EXPECT_EQ(out_, sealed(12));
    kcapi_aead_destroy(second);
}

TEST_F(aead_session_test, refused_tag_length_is_einval_and_not_stored) {
    ASSERT_EQ(kcapi_aead_settaglen(handle_, 8), 0);
    for (const std::uint32_t wrong : {0U, 3U, 17U, 0x80000000U})
        EXPECT_EQ(kcapi_aead_settaglen(handle_, wrong), -EINVAL) << wrong;
    ASSERT_EQ(begin(true, opened()), 60);
    EXPECT_EQ(kcapi_aead_settaglen(handle_, 12), -EINVAL) << "an operation was begun";
    ASSERT_EQ(end(), 0);
    EXPECT_EQ(collect(68), 68);
    EXPECT_EQ(out_, sealed(8));
}
