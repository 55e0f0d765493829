// SPDX-License-Identifier: BSD-3-Clause
//
// Signals all the time, whose handler has no SA_RESTART: whatever a call was doing, its result is right or it
// is -EINTR and can be made again, and no byte is lost.
#include "capi/family_lives.hpp"
#include "capi/reference.hpp"
#include "capi/watched_thread.hpp"

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <ctime>
#include <thread>

using namespace kcapi::test;

namespace {

constexpr int storm_signal = SIGUSR1;

/// Signals to the thread that makes it, every 100 microseconds, or what an emulated processor can bear.
class storm {
  public:
    storm() {
        sigevent to{};
        to.sigev_notify = SIGEV_THREAD_ID;
        to.sigev_signo = storm_signal;
        to._sigev_un._tid = ::gettid();
        EXPECT_EQ(::timer_create(CLOCK_MONOTONIC, &to, &timer_), 0);
        const timespec period{0, slow() ? 5000000 : 100000};
        const itimerspec when{period, period};
        EXPECT_EQ(::timer_settime(timer_, 0, &when, nullptr), 0);
    }
    ~storm() { (void)::timer_delete(timer_); }
    storm(const storm &) = delete;
    storm &operator=(const storm &) = delete;

  private:
    timer_t timer_{};
};

class signal_storm : public testing::Test {
  protected:
    const counting_handler handler_{storm_signal, false};
};

/// Feeds `data` to `h`; the number of interruptions that the writer was told of, or -1.
long feed(kcapi_handle *h, const octets &data) {
    const storm around;
    long told = 0;
    std::size_t done = 0;
    std::size_t piece = 1;
    while (done < data.size()) {
        piece = piece * 7 % 70001;
        const std::size_t n = std::min(piece, data.size() - done);
        iovec v{const_cast<std::uint8_t *>(data.data()) + done, n};
        const ssize_t r = done + n == data.size() ? kcapi_cipher_stream_update_last(h, &v, 1)
                                                  : kcapi_cipher_stream_update(h, &v, 1);
        if (r == -EINTR)
            ++told;
        else if (r < 0)
            return -1;
        else
            done += static_cast<std::size_t>(r);
    }
    return told;
}

} // namespace

TEST_F(signal_storm, over_a_life_of_each_family_leaves_every_result_right) {
    const auto duration = std::chrono::milliseconds(300);
    for (const family_life &life : family_lives()) {
        const ssize_t usual = life.run();
        if (engine_under_test() != "kernel") {
            EXPECT_EQ(usual, 0) << life.name;
        }
        const int before = counting_handler::count();
        const storm around;
        const auto end = std::chrono::steady_clock::now() + duration;
        std::size_t lives = 0;
        do {
            ASSERT_EQ(life.run(), usual) << life.name << ", life " << lives;
            ++lives;
        } while (std::chrono::steady_clock::now() < end);
        EXPECT_GT(counting_handler::count(), before) << "there was no storm";
    }
}

TEST_F(signal_storm, over_both_ends_of_a_stream_loses_no_byte) {
    const octets plain = pattern(scaled(16, 1) << 20);
    const octets expected = reference("ctr(aes)", way::encrypt, key_32(), iv_16(), plain);
    cipher c("ctr(aes)", key_32());
    EXPECT_EQ(c.start_encrypt(iv_16()), 0);
    long told_to_writer = 0;
    std::thread writer([&] { told_to_writer = feed(c.get(), plain); });
    octets out(plain.size());
    std::size_t done = 0;
    std::size_t told = 0;
    {
        const storm around;
        while (done < out.size()) {
            iovec room{out.data() + done, std::min<std::size_t>(50000, out.size() - done)};
            const ssize_t r = kcapi_cipher_stream_op(c.get(), &room, 1);
            if (r == -EINTR) {
                ++told;
                continue;
            }
            if (r <= 0) {
                ADD_FAILURE() << r << " after " << done << " bytes";
                break;
            }
            done += static_cast<std::size_t>(r);
        }
    }
    writer.join();
    EXPECT_GE(told_to_writer, 0);
    EXPECT_TRUE(out == expected);
    EXPECT_GT(counting_handler::count(), 0);
}

TEST_F(signal_storm, ends_the_sleep_of_a_reader_with_eintr_and_the_message_comes_later) {
    cipher c("ctr(aes)", key_32());
    const octets plain = pattern(32);
    EXPECT_EQ(c.start_encrypt(iv_16()), 0);
    octets out;
    std::size_t told = 0;
    {
        const storm around;
        while (told < 20) {
            ASSERT_EQ(c.collect(32, out), -EINTR);
            ++told;
        }
    }
    EXPECT_EQ(c.update_last(plain), 32);
    EXPECT_EQ(c.collect(32, out), 32);
    EXPECT_EQ(out, reference("ctr(aes)", way::encrypt, key_32(), iv_16(), plain));
}

TEST_F(signal_storm, ends_the_sleep_of_a_reader_of_an_aead_and_the_message_comes_later) {
    kcapi_handle *h = nullptr;
    ASSERT_EQ(kcapi_aead_init(&h, "gcm(aes)", 0), 0);
    ASSERT_EQ(kcapi_aead_setkey(h, key_32().data(), 32), 0);
    octets plain = pattern(100);
    octets out(116);
    octets once(116);
    ASSERT_EQ(kcapi_aead_encrypt(h, plain.data(), 100, iv_16().data(), once.data(), 116, 0), 116);
    iovec v{plain.data(), plain.size()};
    EXPECT_EQ(kcapi_aead_stream_init_enc(h, iv_16().data(), &v, 1), 100);
    iovec room{out.data(), out.size()};
    {
        const storm around;
        for (int told = 0; told < 20; ++told)
            EXPECT_EQ(kcapi_aead_stream_op(h, &room, 1), -EINTR);
    }
    EXPECT_EQ(kcapi_aead_stream_update_last(h, nullptr, 0), 0);
    EXPECT_EQ(kcapi_aead_stream_op(h, &room, 1), 116);
    EXPECT_EQ(out, once);
    kcapi_aead_destroy(h);
}
