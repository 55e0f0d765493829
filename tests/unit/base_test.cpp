// SPDX-License-Identifier: BSD-3-Clause
#include "base/bytes.hpp"
#include "base/event_count.hpp"
#include "base/log.hpp"
#include "base/mutex.hpp"
#include "base/secret.hpp"
#include "base/sys.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <pthread.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <mutex>
#include <string>
#include <thread>
#include <time.h>
#include <vector>

using namespace kcapi;
using namespace kcapi::base;

namespace {

std::vector<std::uint8_t> counted(std::size_t n) {
    std::vector<std::uint8_t> v(n);
    for (std::size_t i = 0; i < n; ++i)
        v[i] = static_cast<std::uint8_t>(i + 1);
    return v;
}

} // namespace

TEST(result_test, value_throws_the_number_unchanged) {
    const result<int> good = 7;
    EXPECT_TRUE(good);
    EXPECT_EQ(*good, 7);
    result<int> bad = error{EBADMSG, "here"};
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().code, EBADMSG);
    EXPECT_STREQ(bad.error().where, "here");
    try {
        (void)bad.value();
        FAIL() << "value() of a failure did not throw";
    } catch (const exception &e) {
        EXPECT_EQ(e.code().value(), EBADMSG);
    }
    EXPECT_THROW(result<void>(error{EINVAL, "x"}).value(), std::system_error);
    EXPECT_NO_THROW(result<void>().value());
}

TEST(bytes_test, total_length_refuses_what_ssize_t_cannot_tell) {
    const iovec two[] = {{nullptr, 5}, {nullptr, 7}};
    EXPECT_EQ(total_length(two), 12U);
    EXPECT_EQ(total_length({}), 0U);
    const iovec most[] = {{nullptr, static_cast<std::size_t>(PTRDIFF_MAX)}, {nullptr, 1}};
    EXPECT_EQ(total_length({most, 1}), static_cast<std::size_t>(PTRDIFF_MAX));
    EXPECT_EQ(total_length(most), std::nullopt);
}

TEST(bytes_test, cursor_passes_over_empty_elements) {
    std::vector<std::uint8_t> a(3);
    std::vector<std::uint8_t> b(4);
    const iovec list[] = {{nullptr, 0}, {a.data(), 3}, {nullptr, 0}, {b.data(), 4}, {nullptr, 0}};
    iov_cursor to(list);
    EXPECT_EQ(to.current().size(), 3U);
    const std::vector<std::uint8_t> data = counted(9);
    EXPECT_EQ(to.put({data.data(), 2}), 2U);
    EXPECT_EQ(to.current().size(), 1U);
    EXPECT_EQ(to.put({data.data() + 2, 7}), 5U);
    EXPECT_TRUE(to.at_end());
    EXPECT_EQ(a, (std::vector<std::uint8_t>{1, 2, 3}));
    EXPECT_EQ(b, (std::vector<std::uint8_t>{4, 5, 6, 7}));
    iov_cursor from(list);
    std::vector<std::uint8_t> back(9, 0xee);
    EXPECT_EQ(from.take(back), 7U);
    EXPECT_EQ(back, (std::vector<std::uint8_t>{1, 2, 3, 4, 5, 6, 7, 0xee, 0xee}));
}

TEST(secret_test, ct_equal_compares_all_bytes_and_the_length) {
    const std::vector<std::uint8_t> a = counted(33);
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::vector<std::uint8_t> b = a;
        EXPECT_TRUE(ct_equal(a, b));
        b[i] = static_cast<std::uint8_t>(b[i] ^ 0x80);
        EXPECT_FALSE(ct_equal(a, b)) << i;
    }
    EXPECT_FALSE(ct_equal(a, bytes(a).first(32)));
    EXPECT_TRUE(ct_equal({}, {}));
}

TEST(secret_test, wipe_overwrites) {
    std::vector<std::uint8_t> v = counted(100);
    wipe(v);
    EXPECT_EQ(v, std::vector<std::uint8_t>(100, 0));
    wipe(nullptr, 0);
}

TEST(secret_test, moved_from_buffer_is_empty_and_clone_is_deep) {
    for (const std::size_t size :
         {std::size_t{1}, std::size_t{100}, std::size_t{16384}, std::size_t{100000}}) {
        const std::vector<std::uint8_t> data = counted(size);
        result<secret_buffer> made = secret_buffer::copy_of(data);
        ASSERT_TRUE(made);
        secret_buffer a = std::move(*made);
        result<secret_buffer> b = a.clone();
        ASSERT_TRUE(b);
        secret_buffer c = std::move(a);
        EXPECT_TRUE(a.empty()); // NOLINT(bugprone-use-after-move): a moved-from buffer answers "empty"
        EXPECT_EQ(a.data(), nullptr);
        EXPECT_TRUE(ct_equal(c.view(), b->view()));
        c.span()[0] = 0xff;
        EXPECT_FALSE(ct_equal(c.view(), b->view()));
        c.clear();
        EXPECT_TRUE(c.empty());
    }
    EXPECT_TRUE(secret_buffer::make(0)->empty());
    const result<secret_buffer> impossible = secret_buffer::make(SIZE_MAX / 2);
    ASSERT_FALSE(impossible);
    EXPECT_EQ(impossible.error().code, ENOMEM);
}

TEST(log_test, level_decides_and_errno_is_left_as_found) {
    std::vector<std::pair<int, std::string>> lines;
    set_log_sink(
        [](void *c, int level, const char *m) {
            static_cast<std::vector<std::pair<int, std::string>> *>(c)->emplace_back(level, m);
        },
        &lines);
    errno = EXDEV;
    log(log_level::error, "silent by default");
    EXPECT_TRUE(lines.empty());
    set_log_level(log_level::warn);
    log(log_level::warn, "a %d", 5);
    log(log_level::verbose, "not this");
    log(log_level::error, "%s", std::string(1000, 'x').c_str());
    set_log_level(log_level::none);
    set_log_sink(nullptr, nullptr);
    EXPECT_EQ(errno, EXDEV);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0], (std::pair<int, std::string>{2, "a 5"}));
    EXPECT_EQ(lines[1].second.size(), 511U) << "a long line is cut";
}

TEST(sys_test, descriptors_are_close_on_exec_and_errors_keep_errno) {
    errno = EXDEV;
    const result<sys::pipe_pair> p = sys::pipe();
    ASSERT_TRUE(p);
    EXPECT_TRUE(::fcntl(p->read_end.get(), F_GETFD) & FD_CLOEXEC);
    EXPECT_TRUE(::fcntl(p->write_end.get(), F_GETFD) & FD_CLOEXEC);
    const result<unique_fd> s = sys::socket(AF_UNIX, SOCK_STREAM, 0);
    ASSERT_TRUE(s);
    EXPECT_TRUE(::fcntl(s->get(), F_GETFD) & FD_CLOEXEC);
    errno = EXDEV;
    EXPECT_EQ(sys::socket(-1, SOCK_STREAM, 0).error().code, EAFNOSUPPORT);
    EXPECT_EQ(sys::set_pipe_size(p->write_end.get(), SIZE_MAX).error().code, EINVAL);
    EXPECT_EQ(sys::read_file("/nowhere/at/all", 10).error().code, ENOENT);
    EXPECT_EQ(errno, EXDEV);
}

TEST(sys_test, unique_fd_closes_once_and_zero_is_a_descriptor) {
    int number = -1;
    {
        result<sys::pipe_pair> p = sys::pipe();
        ASSERT_TRUE(p);
        number = p->read_end.get();
        unique_fd moved = std::move(p->read_end);
        EXPECT_FALSE(p->read_end.is_open());
        EXPECT_TRUE(moved.is_open());
    }
    EXPECT_EQ(::fcntl(number, F_GETFD), -1);
    EXPECT_FALSE(unique_fd().is_open());
}

TEST(sys_test, read_file_stops_at_the_limit) {
    const result<std::string> text = sys::read_file("/proc/self/status", 5);
    ASSERT_TRUE(text);
    EXPECT_EQ(*text, "Name:");
}

TEST(mutex_test, holds_others_off_and_lets_every_sleeper_go_on) {
    base::mutex m;
    unsigned long counter = 0; // of no atomic type: only the lock makes the sum right
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 20000; ++i) {
                const std::lock_guard held(m);
                const unsigned long seen = counter;
                // Now and then somebody is interrupted with the lock held, and the others come to sleep.
                if (i % 4096 == 0)
                    std::this_thread::sleep_for(std::chrono::milliseconds(1));
                counter = seen + 1;
            }
        });
    for (std::thread &t : threads)
        t.join();
    EXPECT_EQ(counter, 80000u);
}

TEST(mutex_test, try_lock_does_not_wait) {
    base::mutex m;
    ASSERT_TRUE(m.try_lock());
    EXPECT_FALSE(m.try_lock());
    m.unlock();
    EXPECT_TRUE(m.try_lock());
    m.unlock();
}

TEST(mutex_test, sleepers_sleep_and_each_goes_on_in_its_turn) {
    base::mutex m;
    m.lock();
    std::atomic<int> passed{0};
    std::atomic<long> busy{0}; // nanoseconds of processor time
    std::vector<std::thread> waiters;
    for (int t = 0; t < 3; ++t)
        waiters.emplace_back([&] {
            m.lock();
            timespec used{};
            ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
            busy += used.tv_sec * 1000000000L + used.tv_nsec;
            ++passed;
            // The others are asleep by now and have to be woken by whoever was asleep itself.
            m.unlock();
        });
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    EXPECT_EQ(passed, 0);
    m.unlock();
    for (std::thread &t : waiters)
        t.join();
    EXPECT_EQ(passed, 3);
    EXPECT_LT(busy, 50000000) << "of 300 ms that they waited";
}

TEST(event_count_test, a_notify_between_look_and_wait_is_not_lost) {
    event_count e;
    const std::uint32_t seen = e.current();
    e.notify_all();
    EXPECT_TRUE(e.wait(seen)) << "must return at once";
}

TEST(event_count_test, sleeper_is_woken) {
    event_count e;
    std::atomic<bool> ready{false};
    std::thread sleeper([&] {
        while (!ready.load()) {
            const std::uint32_t seen = e.current();
            if (!ready.load())
                (void)e.wait(seen);
        }
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    ready = true;
    e.notify_all();
    sleeper.join();
}

TEST(event_count_test, signal_without_restart_ends_the_sleep_with_eintr) {
    struct sigaction action {};
    action.sa_handler = [](int) {};
    struct sigaction before {};
    ASSERT_EQ(::sigaction(SIGUSR1, &action, &before), 0);
    event_count e;
    std::atomic<int> code{0};
    std::thread sleeper([&] {
        for (int i = 0; i < 1000; ++i) {
            const result<void> r = e.wait(e.current());
            if (!r) {
                code = r.error().code;
                return;
            }
        }
    });
    while (code.load() == 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        (void)::pthread_kill(sleeper.native_handle(), SIGUSR1);
    }
    sleeper.join();
    EXPECT_EQ(code.load(), EINTR);
    ::sigaction(SIGUSR1, &before, nullptr);
}
