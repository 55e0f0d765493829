// SPDX-License-Identifier: BSD-3-Clause
//
// The aead operation of the local engine, over a toy driver: layout, lengths that do not fit, what an error
// consumes, the shortcut crypt.
#include "local/transforms.hpp"
#include "support/toy_aead_driver.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

using namespace kcapi;
using namespace kcapi::test;
using octets = std::vector<std::uint8_t>;

namespace {

constexpr std::size_t tag_size = toy_longest_tag;
constexpr std::size_t capacity = 212992;
constexpr alg::call_flags final_now{.more = false, .dont_wait = true};
constexpr alg::call_flags more_now{.more = true, .dont_wait = true};

octets pattern(std::size_t n) {
    octets b(n);
    for (std::size_t i = 0; i < n; ++i)
        b[i] = static_cast<std::uint8_t>(31 * i + i / 256);
    return b;
}

class local_aead_test : public testing::Test {
  protected:
    local_aead_test() : driver_(toy_aead_driver()), transform_(*local::make_aead_transform(driver_)) {
        const std::uint8_t key[] = {0x55, 1};
        EXPECT_TRUE(transform_->set(alg::parameter::key, key));
        operation_ = *transform_->accept();
    }

    /// The count, or minus the error number.
    static long number(const result<std::size_t> &r) {
        return r ? static_cast<long>(*r) : -static_cast<long>(r.error().code);
    }
    static long number(const result<void> &r) { return r ? 0 : -static_cast<long>(r.error().code); }
    long send(const octets &data, const alg::control *header = nullptr, alg::call_flags flags = final_now) {
        const iovec v = base::to_iovec(base::bytes(data));
        return number(operation_->send({&v, 1}, header, flags));
    }
    long receive(std::size_t n, alg::call_flags flags = final_now) {
        received_.assign(n, 0xee);
        const iovec v{received_.data(), n};
        return number(operation_->receive({&v, 1}, flags));
    }
    [[nodiscard]] octets sealed(const octets &message, std::size_t assoc) const {
        return toy_sealed(0x55, iv_, message, assoc, tag_size);
    }
    [[nodiscard]] alg::control header(alg::op_code op, std::uint32_t assoc) const {
        return {.op = op, .iv = base::bytes(iv_), .assoc_len = assoc};
    }
    [[nodiscard]] alg::control encrypt(std::uint32_t assoc) const {
        return header(alg::op_code::encrypt, assoc);
    }
    [[nodiscard]] alg::control decrypt(std::uint32_t assoc) const {
        return header(alg::op_code::decrypt, assoc);
    }

    const local::driver driver_;
    std::shared_ptr<alg::transform> transform_;
    std::unique_ptr<alg::operation> operation_;
    octets received_;
    const octets iv_ = octets(toy_aead_iv, 0x20);
};

} // namespace

TEST_F(local_aead_test, output_is_associated_data_ciphertext_and_tag) {
    const alg::control h = encrypt(20);
    ASSERT_EQ(send(pattern(60), &h), 60);
    ASSERT_EQ(receive(76), 76);
    EXPECT_EQ(received_, sealed(pattern(60), 20));
    const alg::control d = decrypt(20);
    ASSERT_EQ(send(sealed(pattern(60), 20), &d), 76);
    ASSERT_EQ(receive(61), 60);
    EXPECT_EQ(received_[60], 0xee);
    received_.pop_back();
    EXPECT_EQ(received_, pattern(60));
}

TEST_F(local_aead_test, the_iv_stays_and_the_associated_data_length_does_not) {
    const alg::control h = encrypt(20);
    ASSERT_EQ(send(pattern(60), &h), 60);
    ASSERT_EQ(receive(76), 76);
    ASSERT_EQ(send(pattern(60)), 60);
    ASSERT_EQ(receive(76), 76);
    EXPECT_EQ(received_, sealed(pattern(60), 20)) << "the same IV and associated data again";
    const alg::control op_only{.op = alg::op_code::encrypt, .iv = std::nullopt, .assoc_len = 0};
    ASSERT_EQ(send(pattern(60), &op_only), 60);
    ASSERT_EQ(receive(76), 76);
    EXPECT_EQ(received_, sealed(pattern(60), 0));
}

TEST_F(local_aead_test, nothing_comes_before_the_end) {
    const alg::control h = encrypt(4);
    ASSERT_EQ(send(pattern(100), &h, more_now), 100);
    EXPECT_EQ(receive(116), -EAGAIN);
    EXPECT_TRUE(operation_->poll().readable);
    ASSERT_EQ(send({}), 0);
    EXPECT_EQ(receive(116), 116);
    EXPECT_EQ(received_, sealed(pattern(100), 4));
}

TEST_F(local_aead_test, a_message_that_is_too_short_sticks) {
    for (const auto &[h, n] : {std::pair{encrypt(20), 19}, std::pair{decrypt(20), 35}}) {
        operation_ = *transform_->accept();
        ASSERT_EQ(send(pattern(static_cast<std::size_t>(n)), &h), n);
        for (int i = 0; i < 3; ++i)
            EXPECT_EQ(receive(100), -EINVAL);
        EXPECT_EQ(receive(0), 0);
        EXPECT_EQ(send(pattern(100)), -EINVAL);
        EXPECT_EQ(send({}, &h), -EINVAL);
    }
}

TEST_F(local_aead_test, little_room_cuts_the_plaintext) {
    const alg::control h = encrypt(20);
    ASSERT_EQ(send(pattern(60), &h), 60);
    EXPECT_EQ(receive(35), -EINVAL) << "not even associated data and tag";
    ASSERT_EQ(receive(60), 60);
    EXPECT_EQ(received_, sealed(pattern(44), 20));
    EXPECT_EQ(receive(100), -EINVAL) << "what is left is shorter than the associated data";
    EXPECT_EQ(send(pattern(1)), -EINVAL);
}

TEST_F(local_aead_test, little_room_spoils_a_decryption) {
    const alg::control h = decrypt(20);
    ASSERT_EQ(send(sealed(pattern(60), 20), &h), 76);
    EXPECT_EQ(receive(19), -EINVAL);
    EXPECT_EQ(receive(40), -EBADMSG);
    EXPECT_EQ(receive(100), -EINVAL) << "20 bytes are left";
}

TEST_F(local_aead_test, a_wrong_tag_consumes_the_message_and_tells_no_plaintext) {
    octets wrong = sealed(pattern(60), 20);
    wrong.back() ^= 1;
    const alg::control h = decrypt(20);
    ASSERT_EQ(send(wrong, &h), 76);
    EXPECT_EQ(receive(60), -EBADMSG);
    EXPECT_EQ(octets(received_.begin() + 20, received_.end()), octets(40, 0));
    EXPECT_EQ(receive(60), -EAGAIN);
    // The same through scattered room.
    ASSERT_EQ(send(wrong, &h), 76);
    octets room(60, 0xee);
    const iovec parts[] = {{room.data(), 30}, {room.data() + 30, 30}};
    EXPECT_EQ(number(operation_->receive(parts, final_now)), -EBADMSG);
    EXPECT_EQ(room, octets(60, 0xee));
    ASSERT_EQ(send(sealed(pattern(60), 20), &h), 76);
    EXPECT_EQ(receive(60), 60);
}

TEST_F(local_aead_test, a_wrong_tag_after_a_good_message_replaces_the_count) {
    const alg::control h = decrypt(0);
    octets wrong = sealed(pattern(16), 0);
    wrong.back() ^= 1;
    ASSERT_EQ(send(sealed(pattern(16), 0), &h), 32);
    long got = 0;
    std::thread receiver([&] { got = receive(64, {.more = false, .dont_wait = false}); });
    // The second message is taken as soon as the first is collected.
    long sent = -EINVAL;
    while (sent == -EINVAL) {
        std::this_thread::yield();
        sent = send(wrong);
    }
    receiver.join();
    EXPECT_EQ(sent, 32);
    EXPECT_EQ(got, -EBADMSG);
}

TEST_F(local_aead_test, empty_messages_make_a_tag_and_check_one) {
    const alg::control e = encrypt(0);
    ASSERT_EQ(send({}, &e), 0);
    ASSERT_EQ(receive(16), 16);
    EXPECT_EQ(received_, sealed({}, 0));
    const alg::control d = decrypt(0);
    ASSERT_EQ(send(sealed({}, 0), &d), 16);
    EXPECT_EQ(receive(0), 0) << "does nothing";
    EXPECT_EQ(receive(1), 0);
    EXPECT_EQ(receive(1), -EAGAIN);
    ASSERT_EQ(send(octets(16, 1), &d), 16);
    EXPECT_EQ(receive(1), -EBADMSG);
    EXPECT_EQ(receive(1), -EAGAIN);
}

TEST_F(local_aead_test, scattered_room_gets_the_same) {
    for (const std::size_t first : {1U, 19U, 20U, 21U, 59U, 60U, 61U, 75U}) {
        const alg::control h = encrypt(20);
        ASSERT_EQ(send(pattern(60), &h), 60);
        octets room(76);
        const iovec parts[] = {{room.data(), first}, {nullptr, 0}, {room.data() + first, 76 - first}};
        ASSERT_EQ(number(operation_->receive(parts, final_now)), 76);
        EXPECT_EQ(room, sealed(pattern(60), 20)) << first;
    }
}

TEST_F(local_aead_test, a_full_queue_leaves_no_room_for_the_tag) {
    const alg::control h = encrypt(0);
    ASSERT_EQ(send(pattern(capacity), &h), static_cast<long>(capacity));
    EXPECT_EQ(receive(capacity), static_cast<long>(capacity));
    EXPECT_EQ(received_, sealed(pattern(capacity - 16), 0)) << "so it is cut";
    EXPECT_EQ(receive(100), 32) << "and what was cut off is a message of its own";
}

TEST_F(local_aead_test, tag_sizes_are_those_of_the_algorithm_and_fixed_by_an_operation) {
    EXPECT_EQ(number(transform_->set_tag_size(8)), -EBUSY);
    operation_.reset();
    for (std::uint32_t n = 0; n <= 65; ++n)
        EXPECT_EQ(number(transform_->set_tag_size(n)), n == 4 || n == 8 || n == 16 ? 0 : -EINVAL) << n;
    ASSERT_TRUE(transform_->set_tag_size(8));
    const std::uint8_t key[] = {0x66, 1};
    ASSERT_TRUE(transform_->set(alg::parameter::key, key)) << "and a key does not reset it";
    operation_ = *transform_->accept();
    const alg::control h = encrypt(3);
    ASSERT_EQ(send(pattern(10), &h), 10);
    ASSERT_EQ(receive(100), 18);
    received_.resize(18);
    EXPECT_EQ(received_, toy_sealed(0x66, iv_, pattern(10), 3, 8));
}

TEST_F(local_aead_test, a_refused_key_leaves_none) {
    operation_.reset();
    const std::uint8_t key[] = {1, 2, 3};
    EXPECT_EQ(number(transform_->set_tag_size(8)), 0);
    EXPECT_FALSE(transform_->set(alg::parameter::key, key));
    operation_ = *transform_->accept();
    EXPECT_EQ(send({}), -ENOKEY);
    EXPECT_EQ(receive(16), -ENOKEY);
    EXPECT_EQ(number(transform_->set_tag_size(4)), 0) << "an operation without key does not count";
    const std::uint8_t good[] = {0x55, 1};
    ASSERT_TRUE(transform_->set(alg::parameter::key, good));
    const alg::control h = encrypt(0);
    ASSERT_EQ(send(pattern(1), &h), 1);
    EXPECT_EQ(receive(16), 5) << "it uses the tag size of the moment when it got its key";
    EXPECT_EQ(number(transform_->set_tag_size(8)), -EBUSY);
}

TEST_F(local_aead_test, bad_headers_change_nothing) {
    alg::control h = encrypt(0);
    h.op = alg::op_code::sign;
    EXPECT_EQ(send({}, &h), -EINVAL);
    h = encrypt(0);
    h.iv = base::bytes(iv_).first(11);
    EXPECT_EQ(send({}, &h), -EINVAL);
    h = encrypt(0x80000000);
    EXPECT_EQ(send({}, &h), -EINVAL);
    EXPECT_EQ(receive(16), -EAGAIN);
}

TEST_F(local_aead_test, crypt_works_from_any_buffers_to_any_buffers) {
    const alg::control e = encrypt(20);
    const alg::control d = decrypt(20);
    const octets plain = pattern(60);
    const octets cipher = sealed(plain, 20);
    enum class shape { apart, in_place, overlapping, scattered };
    for (const shape s : {shape::apart, shape::in_place, shape::overlapping, shape::scattered})
        for (const bool encrypts : {true, false}) {
            const octets &in = encrypts ? plain : cipher;
            const octets &wanted = encrypts ? cipher : plain;
            octets buffer(200, 0xee);
            const std::size_t to = s == shape::in_place ? 0 : s == shape::overlapping ? 7 : 100;
            std::copy(in.begin(), in.end(), buffer.begin());
            std::vector<iovec> from{{buffer.data(), in.size()}};
            std::vector<iovec> into{{buffer.data() + to, wanted.size()}};
            if (s == shape::scattered) {
                from = {{buffer.data(), 10}, {buffer.data() + 10, in.size() - 10}};
                into = {{buffer.data() + to, 25}, {buffer.data() + to + 25, wanted.size() - 25}};
            }
            EXPECT_EQ(number(operation_->crypt({.in = from, .out = into, .header = encrypts ? &e : &d})),
                      static_cast<long>(wanted.size()));
            EXPECT_EQ(octets(buffer.data() + to, buffer.data() + to + wanted.size()), wanted)
                << static_cast<int>(s) << encrypts;
            if (s == shape::apart || s == shape::scattered) {
                EXPECT_EQ(buffer[to + wanted.size()], 0xee);
            }
        }
}

TEST_F(local_aead_test, crypt_refuses_what_does_not_fit_and_stays_usable) {
    octets in = sealed(pattern(60), 20);
    octets out(76, 0xee);
    const iovec from{in.data(), in.size()};
    const iovec into{out.data(), 59};
    const iovec enough{out.data(), 60};
    const iovec little{in.data(), 35};
    const alg::control d = decrypt(20);
    EXPECT_EQ(number(operation_->crypt({.in = {&from, 1}, .out = {&into, 1}, .header = &d})), -EINVAL);
    EXPECT_EQ(number(operation_->crypt({.in = {&little, 1}, .out = {&enough, 1}, .header = &d})), -EINVAL);
    in[30] ^= 1;
    EXPECT_EQ(number(operation_->crypt({.in = {&from, 1}, .out = {&enough, 1}, .header = &d})), -EBADMSG);
    EXPECT_EQ(octets(out.begin() + 20, out.begin() + 60), octets(40, 0));
    in[30] ^= 1;
    EXPECT_EQ(number(operation_->crypt({.in = {&from, 1}, .out = {&enough, 1}, .header = &d})), 60);
    ASSERT_EQ(send(pattern(1), &d, more_now), 1);
    EXPECT_EQ(number(operation_->crypt({.in = {&from, 1}, .out = {&enough, 1}, .header = &d})), -EINVAL);
}

TEST_F(local_aead_test, a_batch_has_an_outcome_for_each_message) {
    octets good = sealed(pattern(30), 4);
    octets bad = good;
    bad.back() ^= 0x80;
    octets out[3] = {octets(30), octets(30), octets(30)};
    const iovec from[] = {{good.data(), good.size()}, {bad.data(), bad.size()}, {good.data(), good.size()}};
    const iovec into[] = {{out[0].data(), 30}, {out[1].data(), 30}, {out[2].data(), 30}};
    const alg::control d = decrypt(4);
    std::vector<alg::request> batch;
    for (int i = 0; i < 3; ++i)
        batch.push_back({.in = {&from[i], 1}, .out = {&into[i], 1}, .header = &d});
    operation_->submit(batch);
    EXPECT_EQ(number(batch[0].outcome), 30);
    EXPECT_EQ(number(batch[1].outcome), -EBADMSG);
    EXPECT_EQ(number(batch[2].outcome), 30);
    EXPECT_EQ(out[2], pattern(30));
}
