// SPDX-License-Identifier: BSD-3-Clause
// poll, select and epoll on descriptors that are ready, become ready, or never are.
#include "client.hpp"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <thread>

using namespace client;

namespace {

constexpr short everything = POLLIN | POLLOUT | POLLPRI | POLLRDHUP;

short ready(int fd, short events = everything) {
    pollfd one{fd, events, 0};
    EXPECT_GE(::poll(&one, 1, 0), 0);
    return one.revents;
}

/// A queue with MORE and nothing free.
void fill(int op) {
    EXPECT_EQ(send(op, encryption(), {}, MSG_MORE), 0);
    EXPECT_EQ(send(op, message(300000), MSG_MORE | MSG_DONTWAIT), 212992);
}

void later(int milliseconds) { ::usleep(static_cast<useconds_t>(milliseconds) * 1000); }

} // namespace

TEST(readiness, follows_the_queue) {
    const descriptor op = cbc();
    EXPECT_EQ(ready(op), POLLIN | POLLOUT) << "fresh";
    EXPECT_EQ(send(op, encryption(), {}, MSG_MORE), 0);
    EXPECT_EQ(ready(op), POLLOUT) << "a message begins";
    EXPECT_EQ(send(op, message(5), MSG_MORE), 5);
    EXPECT_EQ(ready(op), POLLIN | POLLOUT) << "five bytes";
    EXPECT_EQ(send(op, message(300000), MSG_MORE | MSG_DONTWAIT), 212987);
    EXPECT_EQ(ready(op), POLLIN) << "full";
    EXPECT_EQ(receive_count(op, 212992), 212992);
    EXPECT_EQ(ready(op), POLLOUT) << "drained";
    EXPECT_EQ(send(op, message(16)), 16);
    EXPECT_EQ(receive_count(op, 16), 16);
    EXPECT_EQ(ready(op), POLLIN | POLLOUT) << "over";
    EXPECT_EQ(ready(op, POLLIN), POLLIN);
    EXPECT_EQ(ready(op, POLLRDNORM | POLLWRNORM | POLLWRBAND), POLLRDNORM | POLLWRNORM | POLLWRBAND);
}

TEST(readiness, is_asked_for_the_first_time_in_any_state) {
    const descriptor op = cbc();
    fill(op);
    EXPECT_EQ(ready(op), POLLIN);
}

TEST(readiness, transforms_hashes_and_generators_have_none) {
    const descriptor tfm = open("skcipher", "cbc(aes)");
    const descriptor digest = hash();
    const descriptor generator = open("rng", "stdrng");
    EXPECT_EQ(set_key(generator, {}), 0);
    const descriptor random = accept(generator);
    for (const int fd : {static_cast<int>(tfm), static_cast<int>(digest), static_cast<int>(random)})
        EXPECT_EQ(ready(fd), 0);
    EXPECT_EQ(hex(receive(digest, 32)), digest_of_nothing);
    EXPECT_EQ(send(digest, {'a', 'b', 'c'}), 3);
    EXPECT_EQ(ready(digest), 0);
    EXPECT_EQ(hex(receive(digest, 32)), digest_of_abc);
    EXPECT_EQ(receive(random, 16).size(), 16U);
}

TEST(readiness, an_operation_without_key_says_both) {
    const descriptor fd = open("skcipher", "cbc(aes)");
    EXPECT_EQ(ready(accept(fd)), POLLIN | POLLOUT);
}

TEST(readiness, select_sees_the_same) {
    const descriptor op = cbc();
    const descriptor digest = hash();
    const auto selected = [&](int fd) {
        fd_set in;
        fd_set out;
        FD_ZERO(&in);
        FD_ZERO(&out);
        FD_SET(fd, &in);
        FD_SET(fd, &out);
        timeval none{};
        EXPECT_GE(::select(fd + 1, &in, &out, nullptr, &none), 0);
        return (FD_ISSET(fd, &in) ? 1 : 0) + (FD_ISSET(fd, &out) ? 2 : 0);
    };
    EXPECT_EQ(selected(op), 3);
    EXPECT_EQ(selected(digest), 0);
    fill(op);
    EXPECT_EQ(selected(op), 1);
    timespec none{};
    fd_set out;
    FD_ZERO(&out);
    FD_SET(op, &out);
    EXPECT_EQ(::pselect(op + 1, nullptr, &out, nullptr, &none, nullptr), 0);
}

TEST(readiness, wakes_a_sleeping_poll) {
    const descriptor op = cbc();
    EXPECT_EQ(send(op, encryption(), {}, MSG_MORE), 0);
    pollfd one{op, POLLIN | POLLRDNORM, 0};
    std::thread sender([&] {
        later(100);
        EXPECT_EQ(send(op, message(16)), 16);
    });
    EXPECT_EQ(::poll(&one, 1, 5000), 1);
    sender.join();
    EXPECT_EQ(hex(receive(op, 16)), "1fe8d836d5c013778ca77245d34c3951");
}

TEST(readiness, of_a_full_queue_is_seen_while_its_sender_sleeps) {
    const descriptor op = cbc();
    EXPECT_EQ(send(op, encryption(), {}, MSG_MORE), 0);
    EXPECT_EQ(ready(op), POLLOUT);
    const text data = message(700000);
    std::thread sender([&] { EXPECT_EQ(send(op, data, MSG_MORE), 700000); });
    std::size_t got = 0;
    while (got < 699999) {
        pollfd one{op, POLLIN | POLLRDNORM, 0};
        ASSERT_EQ(::poll(&one, 1, 5000), 1) << got;
        const long n = receive_count(op, 100000);
        ASSERT_GT(n, 0);
        got += static_cast<std::size_t>(n);
    }
    sender.join();
}

TEST(readiness, epoll_tells_of_each_message_on_an_edge) {
    const descriptor op = cbc();
    const descriptor set(::epoll_create1(EPOLL_CLOEXEC));
    epoll_event wanted{};
    wanted.events = EPOLLIN | EPOLLRDNORM | EPOLLET;
    wanted.data.u32 = 7;
    EXPECT_EQ(send(op, encryption(), {}, MSG_MORE), 0);
    ASSERT_EQ(::epoll_ctl(set, EPOLL_CTL_ADD, op, &wanted), 0);
    epoll_event got{};
    EXPECT_EQ(::epoll_wait(set, &got, 1, 0), 0);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(send(op, message(16)), 16);
        EXPECT_EQ(::epoll_wait(set, &got, 1, 1000), 1) << i;
        EXPECT_EQ(got.data.u32, 7U);
        EXPECT_EQ(::epoll_wait(set, &got, 1, 0), 0) << i;
        EXPECT_EQ(receive_count(op, 16), 16);
    }
}

TEST(readiness, epoll_takes_a_hash_and_never_tells_of_it) {
    const descriptor digest = hash();
    const descriptor set(::epoll_create1(EPOLL_CLOEXEC));
    epoll_event wanted{};
    wanted.events = EPOLLIN | EPOLLOUT;
    ASSERT_EQ(::epoll_ctl(set, EPOLL_CTL_ADD, digest, &wanted), 0);
    EXPECT_EQ(send(digest, {'a', 'b', 'c'}), 3);
    epoll_event got{};
    EXPECT_EQ(::epoll_wait(set, &got, 1, 50), 0);
    EXPECT_EQ(hex(receive(digest, 32)), digest_of_abc);
}

TEST(readiness, a_watched_descriptor_goes_on_working) {
    const descriptor op = cbc();
    const descriptor plain = cbc();
    for (unsigned i = 0; i < 20; ++i) {
        (void)ready(op);
        EXPECT_EQ(send(op, encryption(), message(4096, i)), 4096);
        EXPECT_EQ(send(plain, encryption(), message(4096, i)), 4096);
        (void)ready(op);
        EXPECT_EQ(receive(op, 4096), receive(plain, 4096));
    }
}
