// SPDX-License-Identifier: BSD-3-Clause
// Blocking calls, several threads on one descriptor or many, signals, cancellation.
#include "client.hpp"

#include <csignal>
#include <cstdio>
#include <ctime>
#include <fcntl.h>
#include <pthread.h>
#include <sys/time.h>

#include <atomic>
#include <thread>

using namespace client;

namespace {

void later(int milliseconds) { ::usleep(static_cast<useconds_t>(milliseconds) * 1000); }

/// Returns when a thread of this process sleeps, as it does in a call that blocks.
void until_asleep(pid_t thread) {
    const std::string path = "/proc/self/task/" + std::to_string(thread) + "/stat";
    for (int seen = 0; seen < 5;) {
        char text[256] = {};
        std::FILE *const file = std::fopen(path.c_str(), "r");
        if (file == nullptr)
            return;
        (void)!std::fread(text, 1, sizeof text - 1, file);
        (void)std::fclose(file);
        const char *const state = std::strrchr(text, ')');
        seen = state != nullptr && state[2] == 'S' ? seen + 1 : 0;
        later(5);
    }
}

std::atomic<int> handled{0};
void count_signal(int) { handled.fetch_add(1); }

void handle_alarm(int flags, void (*handler)(int) = count_signal) {
    struct sigaction a {};
    a.sa_handler = handler;
    a.sa_flags = flags;
    ASSERT_EQ(::sigaction(SIGALRM, &a, nullptr), 0);
}

void alarm_after(suseconds_t span, suseconds_t again = 0) {
    const itimerval t{{0, again}, {0, span}};
    ASSERT_EQ(::setitimer(ITIMER_REAL, &t, nullptr), 0);
}

int written_to = -1;
void write_a_block(int) {
    const int saved_errno = errno;
    const text block(16);
    if (::write(written_to, block.data(), block.size()) != -2)
        handled.fetch_add(1);
    errno = saved_errno;
}

std::array<int, 2> pipe_ends;
void write_to_the_pipe(int) {
    const int saved_errno = errno;
    if (::write(pipe_ends[1], "x", 1) == 1)
        handled.fetch_add(1);
    errno = saved_errno;
}

} // namespace

TEST(blocking, a_receive_waits_until_its_room_is_full) {
    const descriptor op = cbc();
    EXPECT_EQ(send(op, encryption(), message(16)), 16);
    std::thread sender([&] {
        until_asleep(::getpid());
        EXPECT_EQ(send(op, message(16)), 16);
    });
    EXPECT_EQ(receive_count(op, 32, 0), 32);
    sender.join();
}

TEST(blocking, a_signal_ends_it_with_what_there_is) {
    handle_alarm(0);
    const descriptor op = cbc();
    // Again and again: the first may come before the call sleeps.
    alarm_after(200000, 200000);
    EXPECT_EQ(receive_count(op, 16, 0), -EINTR);
    EXPECT_EQ(send(op, encryption(), message(16)), 16);
    EXPECT_EQ(receive_count(op, 32, 0), 16);
    EXPECT_EQ(send(op, encryption(), {}, MSG_MORE), 0);
    EXPECT_EQ(send(op, message(300000), MSG_MORE), 212992);
    EXPECT_EQ(send(op, message(16), MSG_MORE), -EINTR);
    alarm_after(0);
}

TEST(blocking, a_restarting_handler_does_not_end_it) {
    handle_alarm(SA_RESTART);
    handled = 0;
    const descriptor op = cbc();
    std::thread sender([&] {
        later(400);
        EXPECT_EQ(send(op, encryption(), message(16)), 16);
    });
    alarm_after(50000, 50000);
    EXPECT_EQ(receive_count(op, 16, 0), 16);
    alarm_after(0);
    sender.join();
    EXPECT_GE(handled, 1);
}

TEST(blocking, timeouts_of_the_socket_are_ignored) {
    handle_alarm(0);
    const descriptor op = cbc();
    const timeval short_time{0, 50000};
    EXPECT_EQ(::setsockopt(op, SOL_SOCKET, SO_RCVTIMEO, &short_time, sizeof short_time), 0);
    timeval back{};
    socklen_t size = sizeof back;
    EXPECT_EQ(::getsockopt(op, SOL_SOCKET, SO_RCVTIMEO, &back, &size), 0);
    EXPECT_NEAR(static_cast<double>(back.tv_usec), 50000, 4000);
    alarm_after(300000, 300000);
    EXPECT_EQ(receive_count(op, 16, 0), -EINTR);
    alarm_after(0);
}

TEST(blocking, a_second_sender_is_told_that_one_waits) {
    const descriptor op = cbc();
    EXPECT_EQ(send(op, encryption(), {}, MSG_MORE), 0);
    const text data = message(300000);
    std::atomic<pid_t> thread{0};
    std::thread sender([&] {
        thread = ::gettid();
        EXPECT_EQ(send(op, data), 300000);
    });
    while (thread == 0)
        std::this_thread::yield();
    until_asleep(thread);
    EXPECT_EQ(send(op, message(16), MSG_DONTWAIT), -EBUSY);
    long got = 0;
    while (got < 300000) {
        const long n = receive_count(op, 300000 - static_cast<std::size_t>(got));
        if (n > 0)
            got += n;
        else
            std::this_thread::yield();
    }
    sender.join();
    EXPECT_EQ(got, 300000);
}

TEST(blocking, close_of_a_copy_does_not_wake) {
    const descriptor op = cbc();
    descriptor copy(::dup(op));
    std::thread closer([&] {
        until_asleep(::getpid());
        copy.close();
        until_asleep(::getpid());
        EXPECT_EQ(send(op, encryption(), message(16)), 16);
    });
    EXPECT_EQ(receive_count(copy, 16, 0), 16);
    closer.join();
}

TEST(signals, a_handler_may_write_to_anything_else) {
    ASSERT_EQ(::pipe2(pipe_ends.data(), O_NONBLOCK), 0);
    handle_alarm(SA_RESTART, write_to_the_pipe);
    handled = 0;
    const descriptor op = cbc();
    alarm_after(1000, 1000);
    for (unsigned i = 0; handled < 50; ++i) {
        EXPECT_EQ(send(op, encryption(), message(4096, i)), 4096);
        EXPECT_EQ(receive_count(op, 4096, 0), 4096);
    }
    alarm_after(0);
    EXPECT_GE(handled, 50);
    ::close(pipe_ends[0]);
    ::close(pipe_ends[1]);
}

TEST(signals, a_handler_may_write_to_an_operation) {
    const descriptor other = cbc();
    handle_alarm(SA_RESTART, write_a_block);
    handled = 0;
    EXPECT_EQ(send(other, encryption(), text(16)), 16); // what an operation needs to begin with
    EXPECT_EQ(receive_count(other, 16), 16);
    written_to = other;
    const descriptor op = cbc();
    alarm_after(2000, 2000);
    for (unsigned i = 0; handled < 30; ++i) {
        EXPECT_EQ(send(op, encryption(), message(4096, i)), 4096);
        EXPECT_EQ(receive_count(op, 4096, 0), 4096);
        char block[16];
        (void)::recv(other, block, sizeof block, MSG_DONTWAIT);
    }
    alarm_after(0);
}

TEST(signals, a_handler_feeds_the_receive_it_interrupts) {
    const descriptor op = cbc();
    written_to = op;
    handle_alarm(SA_RESTART, write_a_block);
    alarm_after(100000, 100000);
    EXPECT_EQ(receive_count(op, 16, 0), 16);
    alarm_after(0);
}

TEST(cancellation, a_cancelled_thread_holds_nothing) {
    const descriptor op = cbc();
    std::atomic<bool> ready{false};
    pthread_t thread{};
    struct context {
        int fd;
        std::atomic<bool> &ready;
    } given{op, ready};
    ASSERT_EQ(::pthread_create(
                  &thread, nullptr,
                  [](void *p) -> void * {
                      auto &c = *static_cast<context *>(p);
                      int before = 0;
                      ::pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
                      c.ready = true;
                      while (c.ready)
                          std::this_thread::yield();
                      ::pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &before);
                      char block[16];
                      (void)::recv(c.fd, block, sizeof block, 0);
                      return nullptr;
                  },
                  &given),
              0);
    while (!ready)
        std::this_thread::yield();
    ASSERT_EQ(::pthread_cancel(thread), 0);
    ready = false;
    void *value = nullptr;
    ASSERT_EQ(::pthread_join(thread, &value), 0);
    EXPECT_EQ(value, PTHREAD_CANCELED);
    EXPECT_EQ(send(op, encryption(), message(16)), 16);
    EXPECT_EQ(receive_count(op, 16), 16);
}

TEST(threads, many_work_on_descriptors_of_their_own) {
    std::vector<std::thread> all;
    for (unsigned t = 0; t < 4; ++t)
        all.emplace_back([t] {
            for (unsigned i = 0; i < 50; ++i) {
                const descriptor op = cbc();
                const text data = message(1024, t * 1000 + i);
                EXPECT_EQ(send(op, encryption(), data), 1024);
                const text cipher = receive(op, 1024, 0);
                const header back{.op = decrypt, .iv = some_iv(), .assoc_len = {}, .raw = {}};
                EXPECT_EQ(send(op, back, cipher), 1024);
                EXPECT_EQ(receive(op, 1024, 0), data);
            }
        });
    for (std::thread &t : all)
        t.join();
}

TEST(threads, calls_race_with_close_and_reuse) {
    std::atomic<int> shared{-1};
    std::atomic<bool> over{false};
    const descriptor zero(::open("/dev/zero", O_RDWR));
    std::vector<std::thread> users;
    for (int t = 0; t < 3; ++t)
        users.emplace_back([&] {
            char block[64] = {};
            while (!over) {
                const int fd = shared;
                (void)::send(fd, block, 16, MSG_DONTWAIT);
                (void)::recv(fd, block, sizeof block, MSG_DONTWAIT);
                const descriptor copy(::dup(fd));
                (void)::send(copy, block, 16, MSG_DONTWAIT);
            }
        });
    const descriptor tfm = open("skcipher", "cbc(aes)");
    EXPECT_EQ(set_key(tfm, some_key()), 0);
    for (int i = 0; i < 500; ++i) {
        descriptor op = accept(tfm);
        shared = op;
        if (i % 3 == 0)
            (void)::dup2(zero, op);
        op.close();
    }
    over = true;
    for (std::thread &t : users)
        t.join();
    EXPECT_EQ(set_key(tfm, some_key()), 0) << "an operation is still counted";
}

TEST(threads, fork_while_others_work_leaves_a_working_child) {
    std::atomic<bool> over{false};
    std::thread busy([&] {
        while (!over) {
            const descriptor op = cbc();
            EXPECT_EQ(send(op, encryption(), message(4096)), 4096);
            EXPECT_EQ(receive_count(op, 4096, 0), 4096);
        }
    });
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(in_child([] {
                      ::alarm(10);
                      const descriptor op = hash();
                      return send(op, {'a', 'b', 'c'}) == 3 && hex(receive(op, 32)) == digest_of_abc;
                  }),
                  0);
    over = true;
    busy.join();
}
