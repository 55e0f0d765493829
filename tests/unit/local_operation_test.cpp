// SPDX-License-Identifier: BSD-3-Clause
//
// The operation of the local engine, over a toy cipher: the rules of AF_ALG that do not depend on an
// algorithm.
#include "local/transforms.hpp"

#include "support/toy_driver.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <random>
#include <thread>
#include <vector>

using namespace kcapi;
using kcapi::test::toy_driver;

namespace {

constexpr std::size_t capacity = 212992;
constexpr alg::call_flags final_now{.more = false, .dont_wait = true};
constexpr alg::call_flags more_now{.more = true, .dont_wait = true};

class local_operation_test : public testing::Test {
  protected:
    local_operation_test()
        : driver_(toy_driver("toy", "toy-1", 1)), transform_(*local::make_skcipher_transform(driver_)) {
        const std::uint8_t key[] = {0x55, 1};
        EXPECT_TRUE(transform_->set(alg::parameter::key, key));
        operation_ = *transform_->accept();
    }

    /// The count, or minus the error number.
    static long number(const result<std::size_t> &r) {
        return r ? static_cast<long>(*r) : -static_cast<long>(r.error().code);
    }
    long send(std::size_t n, alg::call_flags flags, const alg::control *header = nullptr) {
        std::vector<std::uint8_t> data(n, 0x11);
        const iovec v{data.data(), n};
        return number(operation_->send({&v, 1}, header, flags));
    }
    long receive(std::size_t n, alg::call_flags flags = final_now) {
        received_.assign(n, 0xee);
        const iovec v{received_.data(), n};
        return number(operation_->receive({&v, 1}, flags));
    }
    bool readable() { return operation_->poll().readable; }
    bool writable() { return operation_->poll().writable; }

    const local::driver driver_;
    std::shared_ptr<alg::transform> transform_;
    std::unique_ptr<alg::operation> operation_;
    std::vector<std::uint8_t> received_;
    const std::vector<std::uint8_t> iv_ = std::vector<std::uint8_t>(16, 0x20);
    const alg::control encrypt_{.op = alg::op_code::encrypt, .iv = base::bytes(iv_), .assoc_len = 0};
};

} // namespace

TEST_F(local_operation_test, fresh_operation_polls_ready_and_has_nothing) {
    EXPECT_TRUE(readable());
    EXPECT_TRUE(writable());
    EXPECT_EQ(receive(16), -EAGAIN);
    EXPECT_EQ(receive(0), 0);
}

TEST_F(local_operation_test, small_buffers_get_whole_blocks_or_einval) {
    ASSERT_EQ(send(64, final_now, &encrypt_), 64);
    EXPECT_EQ(receive(1), -EINVAL);
    EXPECT_EQ(receive(15), -EINVAL);
    EXPECT_EQ(receive(17), 16);
    EXPECT_EQ(received_[16], 0xee);
    EXPECT_EQ(receive(40), 32);
    EXPECT_EQ(receive(16), 16);
    EXPECT_EQ(receive(16), -EAGAIN);
}

TEST_F(local_operation_test, partial_block_waits_for_more) {
    ASSERT_EQ(send(20, more_now, &encrypt_), 20);
    EXPECT_EQ(receive(20), 16);
    EXPECT_EQ(receive(4), -EAGAIN);
    EXPECT_TRUE(readable());
    EXPECT_EQ(send(12, final_now), 12);
    EXPECT_EQ(receive(16), 16);
}

TEST_F(local_operation_test, final_odd_length_is_consumed_by_the_error) {
    ASSERT_EQ(send(17, final_now, &encrypt_), 17);
    EXPECT_EQ(receive(17), -EINVAL);
    EXPECT_EQ(receive(17), -EAGAIN);
    EXPECT_EQ(send(16, final_now), 16);
    EXPECT_EQ(receive(16), 16);
    EXPECT_EQ(received_[0], 0x11 ^ 0x55 ^ 0x21) << "the chain moved over the whole block before the odd end";
}

TEST_F(local_operation_test, finished_message_blocks_the_next_until_collected) {
    ASSERT_EQ(send(16, final_now, &encrypt_), 16);
    EXPECT_EQ(send(16, final_now), -EINVAL);
    EXPECT_EQ(send(0, final_now, &encrypt_), -EINVAL);
    EXPECT_EQ(receive(16), 16);
    EXPECT_EQ(send(16, final_now), 16);
}

TEST_F(local_operation_test, header_replaces_operation_code_but_keeps_the_iv) {
    ASSERT_EQ(send(16, final_now, &encrypt_), 16);
    ASSERT_EQ(receive(16), 16);
    EXPECT_EQ(received_[0], 0x11 ^ 0x55 ^ 0x20);
    const alg::control op_only{.op = alg::op_code::decrypt, .iv = std::nullopt, .assoc_len = 0};
    ASSERT_EQ(send(16, final_now, &op_only), 16);
    ASSERT_EQ(receive(16), 16);
    EXPECT_EQ(received_[0], 0x11 ^ 0x55 ^ 0x21) << "the IV goes on";
}

TEST_F(local_operation_test, bad_headers_change_nothing) {
    alg::control h = encrypt_;
    h.op = alg::op_code::sign;
    EXPECT_EQ(send(16, final_now, &h), -EINVAL);
    h = encrypt_;
    h.iv = base::bytes(iv_).first(15);
    EXPECT_EQ(send(16, final_now, &h), -EINVAL);
    h = encrypt_;
    h.assoc_len = 0x80000000;
    EXPECT_EQ(send(16, final_now, &h), -EINVAL);
    h.assoc_len = 0x7fffffff;
    EXPECT_EQ(send(16, final_now, &h), 16);
}

TEST_F(local_operation_test, capacity_and_short_sends) {
    // A short first send leaves MORE off: the message counts as finished.
    EXPECT_EQ(send(capacity + 100, more_now, &encrypt_), static_cast<long>(capacity));
    EXPECT_TRUE(readable());
    EXPECT_FALSE(writable());
    EXPECT_EQ(send(1, more_now), -EINVAL);
    EXPECT_EQ(receive(4096), 4096);
    EXPECT_TRUE(writable());
    EXPECT_EQ(receive(capacity), static_cast<long>(capacity - 4096));
    // With MORE announced before, it stays on.
    ASSERT_EQ(send(0, more_now, &encrypt_), 0);
    EXPECT_EQ(send(capacity + 100, final_now), static_cast<long>(capacity));
    EXPECT_EQ(send(1, more_now), -EAGAIN);
    EXPECT_EQ(receive(4095), 4080);
    EXPECT_EQ(send(1, more_now), -EAGAIN) << "less than a page is free";
    EXPECT_EQ(receive(16), 16);
    EXPECT_EQ(send(1, more_now), 1);
}

TEST_F(local_operation_test, many_small_sends_fill_the_last_page) {
    ASSERT_EQ(send(0, more_now, &encrypt_), 0);
    for (int i = 0; i < 212; ++i)
        ASSERT_EQ(send(1000, more_now), 1000) << i;
    EXPECT_EQ(send(1000, more_now), 992);
    EXPECT_EQ(send(1000, more_now), -EAGAIN);
}

TEST_F(local_operation_test, buffer_sizes_follow_the_sockets_rules) {
    const std::pair<int, long> cases[] = {{1, 4096},       {4096, 8192},     {5000, 8192},
                                          {65536, 131072}, {212992, 425984}, {1000000, 425984}};
    for (const auto &[value, room] : cases) {
        operation_ = *transform_->accept();
        ASSERT_TRUE(operation_->set_buffers(value, std::nullopt));
        EXPECT_EQ(send(2000000, more_now), room) << value;
    }
}

TEST_F(local_operation_test, zero_length_message_returns_zero_once) {
    ASSERT_EQ(send(0, final_now, &encrypt_), 0);
    EXPECT_EQ(receive(16), 0);
    EXPECT_EQ(receive(16), -EAGAIN);
}

TEST_F(local_operation_test, null_buffers_fault_and_the_operation_stays_usable) {
    const iovec null{nullptr, 16};
    EXPECT_EQ(number(operation_->send({&null, 1}, &encrypt_, final_now)), -EFAULT);
    EXPECT_EQ(receive(16), 0) << "as in the kernel the failed send began an empty message";
    ASSERT_EQ(send(16, final_now), 16);
    EXPECT_EQ(number(operation_->receive({&null, 1}, final_now)), -EFAULT);
    EXPECT_EQ(receive(16), 16);
    const std::vector<iovec> many(1025, iovec{received_.data(), 0});
    EXPECT_EQ(number(operation_->send(many, nullptr, final_now)), -EMSGSIZE);
    EXPECT_EQ(number(operation_->receive(many, final_now)), -EMSGSIZE);
}

TEST_F(local_operation_test, scatter_on_both_sides_gives_the_same_bytes) {
    std::vector<std::uint8_t> in(48);
    for (std::size_t i = 0; i < in.size(); ++i)
        in[i] = static_cast<std::uint8_t>(i);
    const iovec in_list[] = {{in.data(), 5}, {in.data() + 5, 0}, {in.data() + 5, 30}, {in.data() + 35, 13}};
    std::vector<std::uint8_t> out(48);
    const iovec out_list[] = {{out.data(), 1}, {out.data() + 1, 31}, {out.data() + 32, 16}};
    ASSERT_EQ(number(operation_->send(in_list, &encrypt_, final_now)), 48);
    ASSERT_EQ(number(operation_->receive(out_list, final_now)), 48);
    std::vector<std::uint8_t> by_crypt(48);
    const iovec crypt_list[] = {{by_crypt.data(), 20}, {by_crypt.data() + 20, 28}};
    ASSERT_EQ(number(operation_->crypt({.in = in_list, .out = crypt_list, .header = &encrypt_})), 48);
    EXPECT_EQ(out, by_crypt);
    EXPECT_EQ(out[47], 47 ^ 0x55 ^ 0x22);
}

/// Whatever is lent and whatever copied, in whichever pieces it goes in and comes out.
TEST_F(local_operation_test, borrowed_bytes_are_received_as_copied_ones) {
    std::mt19937 random(2);
    for (int round = 0; round < 300; ++round) {
        std::vector<std::uint8_t> in(16 * (1 + random() % 40));
        for (std::uint8_t &b : in)
            b = static_cast<std::uint8_t>(random());
        std::vector<std::uint8_t> expected(in.size());
        const iovec whole_in{in.data(), in.size()};
        const iovec whole_out{expected.data(), expected.size()};
        ASSERT_EQ(
            number(operation_->crypt({.in = {&whole_in, 1}, .out = {&whole_out, 1}, .header = &encrypt_})),
            static_cast<long>(in.size()));
        std::vector<std::uint8_t> out;
        ASSERT_EQ(number(operation_->send({}, &encrypt_, more_now)), 0);
        std::size_t put = 0;
        while (out.size() < in.size()) {
            const std::size_t n = std::min<std::size_t>(random() % 200, in.size() - put);
            const iovec piece{in.data() + put, n};
            ASSERT_EQ(
                number(operation_->send({&piece, 1}, nullptr,
                                        {.more = true, .dont_wait = true, .borrowed = random() % 2 == 0})),
                static_cast<long>(n));
            put += n;
            if (random() % 4 == 0) {
                ASSERT_TRUE(operation_->keep_borrowed());
            }
            std::vector<std::uint8_t> room(16 + random() % 200);
            const std::size_t half = random() % room.size();
            const iovec parts[] = {{room.data(), half}, {room.data() + half, room.size() - half}};
            const long got = number(operation_->receive(parts, more_now));
            if (got == -EAGAIN)
                continue;
            ASSERT_GT(got, 0);
            out.insert(out.end(), room.begin(), room.begin() + got);
        }
        EXPECT_EQ(out, expected) << round;
        ASSERT_EQ(number(operation_->send({}, nullptr, final_now)), 0);
        ASSERT_EQ(receive(16), 0);
    }
}

TEST_F(local_operation_test, borrowed_bytes_are_read_where_they_are_and_never_written) {
    std::vector<std::uint8_t> in(48, 1);
    const iovec v{in.data(), in.size()};
    const alg::call_flags borrowed{.more = false, .dont_wait = true, .borrowed = true};
    ASSERT_EQ(number(operation_->send({&v, 1}, &encrypt_, borrowed)), 48);
    in[40] = 2; // which its owner must not do: the only way to see that there is no copy
    ASSERT_EQ(receive(48), 48);
    EXPECT_EQ(received_[40], 2 ^ 0x55 ^ 0x22);
    const std::vector<std::uint8_t> before = in;
    ASSERT_EQ(number(operation_->send({&v, 1}, &encrypt_, borrowed)), 48);
    std::vector<std::uint8_t> out(48);
    const iovec parts[] = {{out.data(), 20}, {out.data() + 20, 28}};
    ASSERT_EQ(number(operation_->receive(parts, final_now)), 48);
    EXPECT_EQ(out, received_);
    EXPECT_EQ(in, before);
    // Into the same place, and into one that overlaps.
    ASSERT_EQ(number(operation_->send({&v, 1}, &encrypt_, borrowed)), 48);
    ASSERT_EQ(number(operation_->receive({&v, 1}, final_now)), 48);
    EXPECT_EQ(in, received_);
    std::vector<std::uint8_t> room(64);
    std::copy(before.begin(), before.end(), room.begin());
    const iovec low{room.data(), 48};
    const iovec high{room.data() + 16, 48};
    ASSERT_EQ(number(operation_->send({&low, 1}, &encrypt_, borrowed)), 48);
    ASSERT_EQ(number(operation_->receive({&high, 1}, final_now)), 48);
    EXPECT_EQ(std::vector<std::uint8_t>(room.begin() + 16, room.end()), received_);
}

TEST_F(local_operation_test, borrowed_bytes_count_as_copied_ones) {
    std::vector<std::uint8_t> in(capacity + 100);
    const iovec v{in.data(), in.size()};
    const alg::call_flags borrowed{.more = true, .dont_wait = true, .borrowed = true};
    ASSERT_EQ(number(operation_->send({}, &encrypt_, more_now)), 0);
    EXPECT_EQ(number(operation_->send({&v, 1}, nullptr, borrowed)), static_cast<long>(capacity));
    EXPECT_EQ(number(operation_->send({&v, 1}, nullptr, borrowed)), -EAGAIN);
    EXPECT_FALSE(writable());
    EXPECT_EQ(receive(capacity, more_now), static_cast<long>(capacity));
    EXPECT_TRUE(writable());
}

TEST_F(local_operation_test, crypt_in_place_and_overlapping) {
    std::vector<std::uint8_t> buffer(64);
    for (std::size_t i = 0; i < 64; ++i)
        buffer[i] = static_cast<std::uint8_t>(i);
    const iovec in{buffer.data(), 32};
    const iovec shifted{buffer.data() + 8, 40};
    ASSERT_EQ(number(operation_->crypt({.in = {&in, 1}, .out = {&shifted, 1}, .header = &encrypt_})), 32);
    for (std::size_t i = 0; i < 32; ++i)
        EXPECT_EQ(buffer[8 + i], i ^ 0x55 ^ (0x20 + i / 16)) << i;
    EXPECT_EQ(buffer[40], 40);
}

TEST_F(local_operation_test, crypt_needs_room_and_an_idle_operation) {
    std::vector<std::uint8_t> b(32);
    const iovec in{b.data(), 32};
    const iovec small{b.data(), 31};
    EXPECT_EQ(number(operation_->crypt({.in = {&in, 1}, .out = {&small, 1}, .header = &encrypt_})), -EINVAL);
    ASSERT_EQ(send(20, more_now, &encrypt_), 20);
    EXPECT_EQ(number(operation_->crypt({.in = {&in, 1}, .out = {&in, 1}, .header = &encrypt_})), -EINVAL);
    EXPECT_EQ(receive(16), 16);
}

TEST_F(local_operation_test, submit_gives_each_message_its_outcome) {
    std::vector<std::uint8_t> b(48);
    const iovec good{b.data(), 16};
    const iovec odd{b.data() + 16, 15};
    const iovec also{b.data() + 32, 16};
    alg::request batch[] = {{.in = {&good, 1}, .out = {&good, 1}, .header = &encrypt_},
                            {.in = {&odd, 1}, .out = {&odd, 1}, .header = &encrypt_},
                            {.in = {&also, 1}, .out = {&also, 1}, .header = &encrypt_}};
    operation_->submit(batch);
    EXPECT_EQ(number(batch[0].outcome), 16);
    EXPECT_EQ(number(batch[1].outcome), -EINVAL);
    EXPECT_EQ(number(batch[2].outcome), 16);
    EXPECT_EQ(b[0], b[32]);
}

TEST_F(local_operation_test, key_rules) {
    const std::vector<std::uint8_t> key(9, 1);
    const auto set = [&](std::size_t n) {
        const auto r = transform_->set(alg::parameter::key, base::bytes(key).first(n));
        return r ? 0 : r.error().code;
    };
    EXPECT_EQ(set(2), EBUSY);
    EXPECT_EQ(transform_->set_tag_size(16).error().code, EBUSY);
    operation_.reset();
    EXPECT_EQ(transform_->set_tag_size(16).error().code, ENOPROTOOPT);
    EXPECT_EQ(transform_->set(alg::parameter::public_key, key).error().code, ENOPROTOOPT);
    EXPECT_EQ(set(9), EINVAL) << "above the maximum: the old key stays";
    EXPECT_EQ(set(1), EINVAL) << "below the minimum: the old key stays";
    operation_ = *transform_->accept();
    EXPECT_EQ(send(16, final_now), 16);
    operation_.reset();
    EXPECT_EQ(set(3), EINVAL) << "refused by the cipher: no key any more";
    operation_ = *transform_->accept();
    EXPECT_EQ(send(16, final_now), -ENOKEY);
    EXPECT_EQ(receive(0), -ENOKEY);
    EXPECT_EQ(set(4), 0) << "an operation without key does not hold the key";
    EXPECT_EQ(send(16, final_now), 16) << "and is promoted by its first use";
    EXPECT_EQ(set(4), EBUSY);
    EXPECT_EQ(operation_->clone().error().code, EOPNOTSUPP);
}

TEST_F(local_operation_test, blocked_reader_fills_its_buffer_over_messages) {
    ASSERT_EQ(send(16, final_now, &encrypt_), 16);
    std::atomic<long> got{0};
    std::vector<std::uint8_t> out(32);
    std::thread reader([&] {
        const iovec v{out.data(), 32};
        got = number(operation_->receive({&v, 1}, {}));
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_EQ(got.load(), 0) << "AF_ALG waits until the buffer is full";
    EXPECT_EQ(send(16, final_now), 16);
    reader.join();
    EXPECT_EQ(got.load(), 32);
}

TEST_F(local_operation_test, blocked_writer_keeps_others_out_and_is_woken_by_a_reader) {
    ASSERT_EQ(send(0, more_now, &encrypt_), 0);
    std::atomic<long> sent{0};
    std::thread writer([&] { sent = send(300000, {.more = false, .dont_wait = false}); });
    while (writable())
        std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_EQ(send(16, more_now), -EBUSY);
    std::size_t total = 0;
    while (total < 300000) {
        std::vector<std::uint8_t> out(5000);
        const iovec v{out.data(), out.size()};
        const long n = number(operation_->receive({&v, 1}, final_now));
        if (n > 0)
            total += static_cast<std::size_t>(n);
        else
            std::this_thread::yield();
    }
    writer.join();
    EXPECT_EQ(sent.load(), 300000);
    EXPECT_EQ(total, 300000U);
}
