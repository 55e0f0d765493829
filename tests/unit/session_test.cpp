// SPDX-License-Identifier: BSD-3-Clause
//
// What libkcapi's callers are kept from, over the local engine's operation with a toy cipher.
#include "capi/session.hpp"

#include "local/transforms.hpp"
#include "support/toy_driver.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

using namespace kcapi;
using kcapi::test::toy_driver;

namespace {

void pause_briefly() { std::this_thread::sleep_for(std::chrono::milliseconds(50)); }

class session_test : public testing::Test {
  protected:
    session_test()
        : driver_(toy_driver("toy", "toy-1", 1)), transform_(*local::make_skcipher_transform(driver_)) {
        const std::uint8_t key[] = {0x55, 1};
        EXPECT_TRUE(transform_->set(alg::parameter::key, key));
    }
    static long number(const result<std::size_t> &r) {
        return r ? static_cast<long>(*r) : -static_cast<long>(r.error().code);
    }
    long start(std::size_t n = 0, bool with_iv = true) {
        std::vector<std::uint8_t> data(n, 0x11);
        const iovec v{data.data(), n};
        alg::control h{.op = alg::op_code::encrypt, .iv = std::nullopt, .assoc_len = 0};
        if (with_iv)
            h.iv = base::bytes(iv_);
        return number(session_.start(h, {&v, n == 0 ? 0U : 1U}));
    }
    long update(std::size_t n, bool more = true, std::uint8_t value = 0x11) {
        std::vector<std::uint8_t> data(n, value);
        const iovec v{data.data(), n};
        return number(session_.update({&v, 1}, more));
    }
    long collect(std::size_t n) {
        out_.assign(n, 0xee);
        const iovec v{out_.data(), n};
        return number(session_.collect({&v, 1}));
    }

    const local::driver driver_;
    std::shared_ptr<alg::transform> transform_;
    capi::session session_{transform_};
    const std::vector<std::uint8_t> iv_ = std::vector<std::uint8_t>(16, 0x20);
    std::vector<std::uint8_t> out_;
};

} // namespace

TEST_F(session_test, reader_gets_what_there_is_whatever_the_size_of_its_buffer) {
    ASSERT_EQ(start(), 0);
    ASSERT_EQ(update(40), 40);
    EXPECT_EQ(collect(1000000), 32);
    ASSERT_EQ(update(0, false), 0);
    EXPECT_EQ(collect(1000000), -EINVAL) << "8 bytes are no block of the toy cipher";
}

TEST_F(session_test, reader_sleeps_only_while_there_is_nothing) {
    ASSERT_EQ(start(), 0);
    std::atomic<long> got{0};
    std::thread reader([&] { got = collect(4096); });
    pause_briefly();
    EXPECT_EQ(got.load(), 0);
    ASSERT_EQ(update(15), 15);
    pause_briefly();
    EXPECT_EQ(got.load(), 0) << "less than a block is nothing";
    ASSERT_EQ(update(1), 1);
    reader.join();
    EXPECT_EQ(got.load(), 16);
}

TEST_F(session_test, sleeping_reader_is_served_by_the_writer) {
    // All that is given in, then more than there is room for, then with a rest that is no block, then the
    // end.
    struct step {
        std::size_t room, data;
        bool more;
        long got;
    };
    ASSERT_EQ(start(), 0);
    for (const auto [room, data, more, got] : {step{4096, 160, true, 160}, step{32, 160, true, 32},
                                               step{4096, 21, true, 16}, step{4096, 32, false, 32}}) {
        std::atomic<long> n{0};
        std::thread reader([&, size = room] { n = collect(size); });
        pause_briefly();
        ASSERT_EQ(update(data, more), static_cast<long>(data));
        reader.join();
        EXPECT_EQ(n.load(), got) << room << ' ' << data;
        EXPECT_EQ(out_[0], out_[15]) << "one block under one counter";
        EXPECT_NE(out_[0], 0xee);
        if (room == 32) {
            EXPECT_EQ(collect(4096), 128) << "the rest was copied";
        }
        if (data == 21) {
            ASSERT_EQ(update(11), 11);
            EXPECT_EQ(collect(4096), 16);
        }
    }
}

TEST_F(session_test, sleeping_reader_is_not_given_what_would_spoil_the_rest) {
    std::vector<std::uint8_t> shared(96);
    for (std::size_t i = 0; i < shared.size(); ++i)
        shared[i] = static_cast<std::uint8_t>(i);
    ASSERT_EQ(start(), 0);
    std::atomic<long> n{0};
    std::thread reader([&] {
        const iovec room{shared.data() + 16, 32};
        n = number(session_.collect({&room, 1}));
    });
    pause_briefly();
    const iovec v{shared.data(), 64};
    ASSERT_EQ(number(session_.update({&v, 1}, true)), 64);
    reader.join();
    ASSERT_EQ(n.load(), 32);
    ASSERT_EQ(collect(100), 32);
    for (std::size_t i = 0; i < 32; ++i)
        ASSERT_EQ(out_[i], static_cast<std::uint8_t>((32 + i) ^ 0x55 ^ (0x22 + i / 16))) << i;
}

TEST_F(session_test, sleeping_reader_hears_what_the_cipher_says) {
    ASSERT_EQ(start(), 0);
    std::atomic<long> n{0};
    std::thread reader([&] { n = collect(100); });
    pause_briefly();
    EXPECT_EQ(update(20, false), 20) << "the writer has done its part";
    reader.join();
    EXPECT_EQ(n.load(), -EINVAL) << "4 bytes are no block";
    EXPECT_EQ(start(), 0);
    EXPECT_EQ(update(16), 16);
    EXPECT_EQ(collect(100), 16) << "what failed is not in the way";
}

TEST_F(session_test, update_larger_than_the_buffer_waits_for_readers_and_stays_one_message) {
    constexpr std::size_t total = 1000000;
    ASSERT_EQ(start(), 0);
    std::thread writer([&] { EXPECT_EQ(update(total, false), static_cast<long>(total)); });
    std::size_t got = 0;
    while (got < total) {
        const long n = collect(10000);
        ASSERT_GT(n, 0);
        for (long i = 0; i < n; ++i)
            ASSERT_EQ(
                out_[static_cast<std::size_t>(i)],
                static_cast<std::uint8_t>(0x11 ^ 0x55 ^ (0x20 + (got + static_cast<std::size_t>(i)) / 16)));
        got += static_cast<std::size_t>(n);
    }
    writer.join();
}

TEST_F(session_test, first_data_larger_than_the_buffer_do_not_end_the_message) {
    // A raw client's short first send would leave the message finished.
    std::thread writer([&] { EXPECT_EQ(start(400000), 400000); });
    std::size_t got = 0;
    while (got < 400000) {
        const long n = collect(100000);
        ASSERT_GT(n, 0);
        got += static_cast<std::size_t>(n);
    }
    writer.join();
    EXPECT_EQ(update(16, false), 16) << "the message is still open";
    EXPECT_EQ(collect(100), 16);
}

TEST_F(session_test, bytes_of_one_update_stay_together) {
    constexpr int writers = 4;
    constexpr int rounds = 200;
    constexpr std::size_t piece = 3000;
    ASSERT_EQ(start(), 0);
    std::vector<std::thread> threads;
    for (int w = 0; w < writers; ++w)
        threads.emplace_back([&, w] {
            for (int i = 0; i < rounds; ++i)
                ASSERT_EQ(update(piece, true, static_cast<std::uint8_t>(w)), static_cast<long>(piece));
        });
    std::vector<std::uint8_t> all;
    while (all.size() < writers * rounds * piece) {
        const long n = collect(50000);
        ASSERT_GT(n, 0);
        all.insert(all.end(), out_.begin(), out_.begin() + n);
    }
    for (std::thread &t : threads)
        t.join();
    const auto plain = [&](std::size_t i) {
        return static_cast<std::uint8_t>(all[i] ^ 0x55 ^ (0x20 + i / 16));
    };
    for (std::size_t i = 0; i < all.size(); i += piece)
        for (std::size_t j = 1; j < piece; ++j)
            ASSERT_EQ(plain(i + j), plain(i)) << i << '+' << j;
}

TEST_F(session_test, closing_wakes_a_reader_with_ecanceled) {
    ASSERT_EQ(start(), 0);
    std::atomic<long> got{0};
    std::thread reader([&] { got = collect(16); });
    pause_briefly();
    session_.close();
    reader.join();
    EXPECT_EQ(got.load(), -ECANCELED);
}

/// One that just misses the word that wakes: nobody would wake it again, nor who waits for it to leave.
TEST_F(session_test, a_reader_that_comes_after_closing_does_not_sleep) {
    ASSERT_EQ(start(), 0);
    session_.close();
    EXPECT_EQ(collect(16), -ECANCELED);
}

TEST_F(session_test, closing_wakes_writers_with_ecanceled) {
    ASSERT_EQ(start(), 0);
    std::atomic<int> cancelled{0};
    std::vector<std::thread> writers;
    for (int i = 0; i < 3; ++i)
        writers.emplace_back([&] {
            if (update(500000) == -ECANCELED)
                ++cancelled;
        });
    pause_briefly();
    session_.close();
    for (std::thread &w : writers)
        w.join();
    EXPECT_EQ(cancelled.load(), 3);
}

TEST_F(session_test, a_writer_that_comes_after_closing_does_not_sleep) {
    ASSERT_EQ(start(), 0);
    session_.close();
    EXPECT_EQ(update(500000), -ECANCELED);
    EXPECT_EQ(start(16), -ECANCELED);
}

TEST_F(session_test, start_discards_what_nobody_collected) {
    ASSERT_EQ(start(100), 100);
    ASSERT_EQ(start(16), 16);
    EXPECT_EQ(collect(1000), 16);
    EXPECT_EQ(out_[0], 0x11 ^ 0x55 ^ 0x20);
    ASSERT_EQ(update(32, false), 32);
    ASSERT_EQ(start(16), 16) << "also of a finished message, which would block the next for good";
    EXPECT_EQ(collect(1000), 16);
}

TEST_F(session_test, start_without_iv_goes_on_from_a_collected_message) {
    ASSERT_EQ(start(16), 16);
    ASSERT_EQ(collect(16), 16);
    ASSERT_EQ(start(16, false), 16);
    ASSERT_EQ(collect(16), 16);
    EXPECT_EQ(out_[0], 0x11 ^ 0x55 ^ 0x21);
}

TEST_F(session_test, message_goes_on_after_its_end_was_collected) {
    ASSERT_EQ(start(), 0);
    ASSERT_EQ(update(16, false), 16);
    EXPECT_EQ(update(16), -EINVAL) << "not before";
    ASSERT_EQ(collect(16), 16);
    ASSERT_EQ(update(300, true), 300);
    EXPECT_EQ(collect(1000), 288);
    EXPECT_EQ(out_[0], 0x11 ^ 0x55 ^ 0x21);
}

TEST_F(session_test, one_shot_refuses_to_mix_with_an_uncollected_stream) {
    std::vector<std::uint8_t> b(16);
    const iovec v{b.data(), 16};
    const alg::control h{.op = alg::op_code::encrypt, .iv = base::bytes(iv_), .assoc_len = 0};
    ASSERT_EQ(start(16), 16);
    EXPECT_EQ(number(session_.crypt({.in = {&v, 1}, .out = {&v, 1}, .header = &h})), -EINVAL);
    ASSERT_EQ(collect(16), 16);
    EXPECT_EQ(number(session_.crypt({.in = {&v, 1}, .out = {&v, 1}, .header = &h})), 16);
}

TEST_F(session_test, too_many_iovecs_are_refused) {
    const std::vector<iovec> many(1025, iovec{out_.data(), 0});
    ASSERT_EQ(start(), 0);
    EXPECT_EQ(number(session_.update(many, true)), -EMSGSIZE);
    EXPECT_EQ(number(session_.collect(many)), -EMSGSIZE);
}
