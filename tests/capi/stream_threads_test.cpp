// SPDX-License-Identifier: BSD-3-Clause
//
// Streams between threads: who sleeps, who wakes whom, and that nothing is lost, torn or exchanged.
#include "capi/differences.hpp"
#include "capi/reference.hpp"
#include "capi/support.hpp"
#include "capi/watched_thread.hpp"

#include <sys/mman.h>

#include <chrono>
#include <csignal>

using namespace kcapi::test;

namespace {

constexpr std::size_t page = 4096;

class stream_threads : public testing::Test {
  protected:
    octets expected(const octets &plain) const {
        return reference("ctr(aes)", way::encrypt, key_16(), iv_16(), plain);
    }
    /// A collecting thread that takes what there is, until `total` bytes have come.
    ssize_t collect_into(octets &all, std::size_t total, std::size_t room) {
        octets part;
        while (all.size() < total) {
            const ssize_t n = cipher_.collect(room, part);
            if (n <= 0)
                return n;
            all.insert(all.end(), part.begin(), part.end());
        }
        return static_cast<ssize_t>(all.size());
    }
    void fill_up() {
        ASSERT_EQ(cipher_.start_encrypt(iv_16()), 0);
        ASSERT_EQ(cipher_.update(pattern(capacity_)), static_cast<ssize_t>(capacity_));
    }

    const std::size_t capacity_ = stream_capacity();
    cipher cipher_{"ctr(aes)", key_16()};
    octets out_;
};

} // namespace

TEST_F(stream_threads, reader_sleeps_and_is_woken_by_an_update) {
    ASSERT_EQ(cipher_.start_encrypt(iv_16()), 0);
    watched_thread reader([&] { return cipher_.collect(100, out_); });
    ASSERT_TRUE(reader.wait_until_asleep());
    ASSERT_EQ(cipher_.update(pattern(48)), 48);
    EXPECT_EQ(reader.result(), 48);
    EXPECT_EQ(out_, expected(pattern(48)));
}

TEST_F(stream_threads, reader_sleeps_before_the_first_message_and_is_woken_by_a_start) {
    watched_thread reader([&] { return cipher_.collect(100, out_); });
    ASSERT_TRUE(reader.wait_until_asleep());
    ASSERT_EQ(cipher_.start_encrypt(iv_16(), pattern(32)), 32);
    EXPECT_EQ(reader.result(), 32);
    EXPECT_EQ(out_, expected(pattern(32)));
}

TEST_F(stream_threads, reader_sleeps_while_there_is_less_than_a_block) {
    ASSERT_EQ(cipher_.start_encrypt(iv_16(), pattern(15)), 15);
    watched_thread reader([&] { return cipher_.collect(100, out_); });
    ASSERT_TRUE(reader.wait_until_asleep());
    ASSERT_EQ(cipher_.update(slice(pattern(16), 15, 1)), 1);
    EXPECT_EQ(reader.result(), 16);
    EXPECT_EQ(out_, expected(pattern(16)));
}

TEST_F(stream_threads, reader_is_woken_by_the_end_with_and_without_data) {
    for (const std::size_t size : {5U, 0U}) {
        ASSERT_EQ(cipher_.start_encrypt(iv_16(), pattern(size)), static_cast<ssize_t>(size));
        watched_thread reader([&] { return cipher_.collect(100, out_); });
        ASSERT_TRUE(reader.wait_until_asleep());
        ASSERT_EQ(cipher_.end(), 0);
        EXPECT_EQ(reader.result(), static_cast<ssize_t>(size));
        EXPECT_EQ(out_, expected(pattern(size)));
    }
}

TEST_F(stream_threads, reader_sleeps_after_an_end_until_the_next_message) {
    ASSERT_EQ(cipher_.start_encrypt(iv_16(), pattern(16)), 16);
    ASSERT_EQ(cipher_.end(), 0);
    ASSERT_EQ(cipher_.collect(100, out_), 16);
    watched_thread reader([&] { return cipher_.collect(100, out_); });
    ASSERT_TRUE(reader.wait_until_asleep());
    ASSERT_EQ(cipher_.start_encrypt(iv_16(), pattern(16)), 16);
    EXPECT_EQ(reader.result(), 16);
    EXPECT_EQ(out_, expected(pattern(16)));
}

TEST_F(stream_threads, sleeping_reader_is_woken_by_an_update_larger_than_the_buffer) {
    const octets plain = pattern(2 * capacity_ + 5000);
    ASSERT_EQ(cipher_.start_encrypt(iv_16()), 0);
    octets all;
    watched_thread reader([&] { return collect_into(all, plain.size(), 30000); });
    ASSERT_TRUE(reader.wait_until_asleep());
    EXPECT_EQ(cipher_.update_last(plain), static_cast<ssize_t>(plain.size()));
    EXPECT_EQ(reader.result(), static_cast<ssize_t>(plain.size()));
    EXPECT_TRUE(all == expected(plain));
}

TEST_F(stream_threads, sleeping_reader_is_woken_by_a_start_larger_than_the_buffer) {
    const octets plain = pattern(capacity_ + 5000);
    octets all;
    watched_thread reader([&] { return collect_into(all, plain.size(), 30000); });
    ASSERT_TRUE(reader.wait_until_asleep());
    EXPECT_EQ(cipher_.start_encrypt(iv_16(), plain), static_cast<ssize_t>(plain.size()));
    ASSERT_EQ(cipher_.end(), 0);
    EXPECT_EQ(reader.result(), static_cast<ssize_t>(plain.size()));
    EXPECT_TRUE(all == expected(plain));
}

TEST_F(stream_threads, writer_sleeps_while_the_buffer_is_full_and_is_woken_by_a_reader) {
    fill_up();
    watched_thread writer([&] { return cipher_.update(pattern(page, 2)); });
    ASSERT_TRUE(writer.wait_until_asleep());
    octets all = cipher_.collect_all(page);
    EXPECT_EQ(writer.result(), static_cast<ssize_t>(page));
    ASSERT_EQ(cipher_.end(), 0);
    all = std::move(all) + cipher_.collect_all(capacity_);
    EXPECT_TRUE(all == expected(pattern(capacity_) + pattern(page, 2)));
}

TEST_F(stream_threads, end_without_data_does_not_sleep_though_the_buffer_is_full) {
    fill_up();
    EXPECT_EQ(cipher_.end(), 0);
    EXPECT_TRUE(cipher_.collect_all(capacity_) == expected(pattern(capacity_)));
}

TEST_F(stream_threads, a_start_waits_for_a_writer_that_sleeps) {
    fill_up();
    watched_thread writer([&] { return cipher_.update(pattern(page, 2)); });
    ASSERT_TRUE(writer.wait_until_asleep());
    watched_thread restart([&] { return cipher_.start_encrypt(iv_16(), pattern(32, 3)); });
    ASSERT_TRUE(restart.wait_until_asleep());
    (void)cipher_.collect_all(page);
    EXPECT_EQ(writer.result(), static_cast<ssize_t>(page));
    EXPECT_EQ(restart.result(), 32);
    ASSERT_EQ(cipher_.end(), 0);
    EXPECT_EQ(cipher_.collect_all(32), expected(pattern(32, 3))) << "the message before is gone";
}

TEST_F(stream_threads, megabytes_pass_through_with_unlike_pieces) {
    const octets plain = pattern(scaled(20U << 20, 2U << 20) + 7);
    ASSERT_EQ(cipher_.start_encrypt(iv_16()), 0);
    watched_thread writer([&]() -> ssize_t {
        std::size_t at = 0;
        for (std::size_t n = 1; at < plain.size(); n = n * 5 % 300007 + 1) {
            const std::size_t size = std::min(n, plain.size() - at);
            const ssize_t r = cipher_.update({{const_cast<std::uint8_t *>(plain.data()) + at, size}});
            if (r != static_cast<ssize_t>(size))
                return r;
            at += size;
        }
        return cipher_.end();
    });
    octets all;
    EXPECT_EQ(collect_into(all, plain.size(), 77777), static_cast<ssize_t>(plain.size()));
    EXPECT_EQ(writer.result(), 0);
    EXPECT_TRUE(all == expected(plain));
}

TEST_F(stream_threads, a_reader_that_is_interrupted_returns_eintr_and_loses_nothing) {
    ASSERT_EQ(cipher_.start_encrypt(iv_16(), pattern(8)), 8);
    {
        const counting_handler handler(SIGUSR1, false);
        watched_thread reader([&] { return cipher_.collect(100, out_); });
        ASSERT_TRUE(reader.wait_until_asleep());
        reader.signal(SIGUSR1);
        EXPECT_EQ(reader.result(), -EINTR);
        EXPECT_EQ(counting_handler::count(), 1);
    }
    ASSERT_EQ(cipher_.update_last(slice(pattern(16), 8, 8)), 8);
    ASSERT_EQ(cipher_.collect(100, out_), 16);
    EXPECT_EQ(out_, expected(pattern(16)));
}

TEST_F(stream_threads, a_handler_with_sa_restart_is_not_noticed) {
    fill_up();
    const counting_handler handler(SIGUSR1, true);
    watched_thread writer([&] { return cipher_.update(pattern(page, 2)); });
    for (int i = 1; i <= 5; ++i) {
        ASSERT_TRUE(writer.wait_until_asleep());
        writer.signal(SIGUSR1);
        while (counting_handler::count() < i)
            std::this_thread::yield();
    }
    ASSERT_TRUE(writer.wait_until_asleep());
    octets all = cipher_.collect_all(capacity_);
    EXPECT_EQ(writer.result(), static_cast<ssize_t>(page));
    all = std::move(all) + cipher_.collect_all(page);

    watched_thread reader([&] { return cipher_.collect(100, out_); });
    ASSERT_TRUE(reader.wait_until_asleep());
    reader.signal(SIGUSR1);
    while (counting_handler::count() < 6)
        std::this_thread::yield();
    ASSERT_TRUE(reader.wait_until_asleep());
    ASSERT_EQ(cipher_.update_last(pattern(16, 3)), 16);
    EXPECT_EQ(reader.result(), 16);
    EXPECT_TRUE(all + out_ == expected(pattern(capacity_) + pattern(page, 2) + pattern(16, 3)));
}

TEST_F(stream_threads, a_writer_that_is_interrupted_returns_what_was_taken) {
    const octets plain = pattern(capacity_ + 3 * page);
    ASSERT_EQ(cipher_.start_encrypt(iv_16()), 0);
    {
        const counting_handler handler(SIGUSR1, false);
        watched_thread writer([&] { return cipher_.update_last(plain); });
        ASSERT_TRUE(writer.wait_until_asleep());
        writer.signal(SIGUSR1);
        ASSERT_EQ(writer.result(), static_cast<ssize_t>(capacity_));

        watched_thread again([&] { return cipher_.update_last(slice(plain, capacity_, page)); });
        ASSERT_TRUE(again.wait_until_asleep());
        again.signal(SIGUSR1);
        EXPECT_EQ(again.result(), -EINTR) << "nothing was taken";
    }
    octets all = cipher_.collect_all(capacity_);
    ASSERT_EQ(cipher_.update(slice(plain, capacity_, page)), static_cast<ssize_t>(page))
        << "the message has not ended";
    ASSERT_EQ(cipher_.update_last(slice(plain, capacity_ + page, 2 * page)), static_cast<ssize_t>(2 * page));
    all = std::move(all) + cipher_.collect_all(3 * page);
    EXPECT_TRUE(all == expected(plain));
}

TEST_F(stream_threads, a_turn_that_is_waited_for_can_be_interrupted) {
    fill_up();
    const counting_handler handler(SIGUSR1, false);
    watched_thread first([&] { return cipher_.update(pattern(page, 2)); });
    ASSERT_TRUE(first.wait_until_asleep());
    watched_thread second([&] { return cipher_.update(pattern(page, 3)); });
    ASSERT_TRUE(second.wait_until_asleep());
    second.signal(SIGUSR1);
    EXPECT_EQ(second.result(), -EINTR);
    octets all = cipher_.collect_all(capacity_);
    EXPECT_EQ(first.result(), static_cast<ssize_t>(page));
    ASSERT_EQ(cipher_.end(), 0);
    all = std::move(all) + cipher_.collect_all(page);
    EXPECT_TRUE(all == expected(pattern(capacity_) + pattern(page, 2))) << "and took nothing";
}

TEST_F(stream_threads, destroy_wakes_whoever_sleeps_with_ecanceled) {
    const std::size_t descriptors = open_descriptors();
    for (std::size_t round = 0; round < scaled(200, 30); ++round) {
        cipher c("ctr(aes)", key_16());
        ASSERT_EQ(c.start_encrypt(iv_16()), 0);
        const bool reading = round % 2 == 0;
        if (!reading) {
            ASSERT_EQ(c.update(pattern(capacity_)), static_cast<ssize_t>(capacity_));
        }
        octets out(64, 0xee);
        const auto call = [&] { return reading ? c.collect(pieces(out)) : c.update(pattern(64)); };
        watched_thread one(call);
        watched_thread two(call);
        ASSERT_TRUE(one.wait_until_asleep());
        ASSERT_TRUE(two.wait_until_asleep());
        kcapi_cipher_destroy(c.get());
        EXPECT_EQ(one.result(), -ECANCELED);
        EXPECT_EQ(two.result(), -ECANCELED);
        EXPECT_EQ(out, octets(64, 0xee));
        c.forget();
    }
    EXPECT_EQ(open_descriptors(), descriptors);
}

TEST_F(stream_threads, destroy_wakes_a_writer_that_was_already_partly_served) {
    cipher c("ctr(aes)", key_16());
    ASSERT_EQ(c.start_encrypt(iv_16()), 0);
    const octets plain = pattern(2 * capacity_);
    watched_thread writer([&] { return c.update(plain); });
    ASSERT_TRUE(writer.wait_until_asleep());
    kcapi_cipher_destroy(c.get());
    EXPECT_EQ(writer.result(), -ECANCELED);
    c.forget();
}

TEST_F(stream_threads, restarts_under_a_busy_reader_leave_nothing_behind) {
    // What a reader takes of a message that is just being discarded must not count for the next one.
    const counting_handler handler(SIGUSR1, false);
    std::atomic<bool> stop{false};
    watched_thread reader([&]() -> ssize_t {
        octets part;
        for (;;) {
            const ssize_t n = cipher_.collect(4096, part);
            if (n == -EINTR && stop)
                return 0;
            if (n < 0 && n != -EINTR)
                return n;
        }
    });
    for (std::size_t round = 0; round < scaled(300, 20); ++round) {
        for (std::size_t i = 0; i < 10; ++i)
            ASSERT_EQ(cipher_.start_encrypt(iv_16(), pattern(2048)), 2048);
        ASSERT_TRUE(reader.wait_until_asleep()) << "all is collected";
        EXPECT_EQ(cipher_.encrypted(pattern(100), iv_16()), expected(pattern(100))) << "round " << round;
        if (HasFailure())
            break;
    }
    stop = true;
    reader.signal(SIGUSR1);
    EXPECT_EQ(reader.result(), 0);
}
