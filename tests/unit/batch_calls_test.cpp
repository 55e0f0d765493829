// SPDX-License-Identifier: BSD-3-Clause
//
// Many calls at once through the kernel that the tests run on, over datagram sockets.
#include "base/call_ring.hpp"
#include "base/read_queue.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <vector>

namespace {

using namespace kcapi;

struct pair {
    base::unique_fd a;
    base::unique_fd b;
};

pair socket_pair() {
    int fds[2];
    if (::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, fds) != 0)
        throw std::system_error(errno, std::generic_category());
    return {base::unique_fd(fds[0]), base::unique_fd(fds[1])};
}

struct message {
    std::string text;
    iovec element{};
    msghdr header{};
    explicit message(std::string t) : text(std::move(t)) {
        element = {text.data(), text.size()};
        header.msg_iov = &element;
        header.msg_iovlen = 1;
    }
    message(const message &) = delete;
    message &operator=(const message &) = delete;
};

using kind = base::message_call::kind;

TEST(call_ring, makes_calls_in_their_order) {
    const pair s = socket_pair();
    result<base::call_ring> ring = base::call_ring::open();
    ASSERT_TRUE(ring) << ring.error().where;
    message first("first");
    message second("next");
    message to_first(std::string(5, ' '));
    message to_second(std::string(4, ' '));
    std::array<base::message_call, 4> calls{{{kind::send, s.a.get(), &first.header, MSG_DONTWAIT, 0},
                                             {kind::receive, s.b.get(), &to_first.header, MSG_DONTWAIT, 0},
                                             {kind::send, s.a.get(), &second.header, MSG_DONTWAIT, 0},
                                             {kind::receive, s.b.get(), &to_second.header, MSG_DONTWAIT, 0}}};
    for (int round = 0; round < 100; ++round) {
        to_first.text.assign(5, ' ');
        to_second.text.assign(4, ' ');
        ASSERT_TRUE(ring->run(calls));
        EXPECT_EQ(calls[0].outcome, 5);
        EXPECT_EQ(calls[1].outcome, 5);
        EXPECT_EQ(calls[2].outcome, 4);
        EXPECT_EQ(calls[3].outcome, 4);
        ASSERT_EQ(to_first.text, "first");
        ASSERT_EQ(to_second.text, "next");
    }
}

TEST(call_ring, makes_no_call_after_one_that_failed) {
    const pair s = socket_pair();
    result<base::call_ring> ring = base::call_ring::open();
    ASSERT_TRUE(ring);
    message text("text");
    message to(std::string(4, ' '));
    std::array<base::message_call, 3> calls{{{kind::receive, s.b.get(), &to.header, MSG_DONTWAIT, 0},
                                             {kind::send, s.a.get(), &text.header, MSG_DONTWAIT, 0},
                                             {kind::receive, s.b.get(), &to.header, MSG_DONTWAIT, 0}}};
    ASSERT_TRUE(ring->run(calls));
    EXPECT_EQ(calls[0].outcome, -EAGAIN);
    EXPECT_EQ(calls[1].outcome, -ECANCELED);
    EXPECT_EQ(calls[2].outcome, -ECANCELED);
    ASSERT_TRUE(ring->run(std::span(calls).subspan(1)));
    EXPECT_EQ(calls[1].outcome, 4);
    EXPECT_EQ(calls[2].outcome, 4);
    EXPECT_EQ(to.text, "text");
}

TEST(call_ring, is_full_at_its_capacity) {
    const pair s = socket_pair();
    result<base::call_ring> ring = base::call_ring::open();
    ASSERT_TRUE(ring);
    message text("t");
    message to(" ");
    std::vector<base::message_call> calls;
    for (std::size_t i = 0; i <= base::call_ring::capacity; ++i)
        calls.push_back(i % 2 == 0
                            ? base::message_call{kind::send, s.a.get(), &text.header, MSG_DONTWAIT, 0}
                            : base::message_call{kind::receive, s.b.get(), &to.header, MSG_DONTWAIT, 0});
    EXPECT_EQ(ring->run(calls).error().code, EINVAL);
    calls.pop_back();
    ASSERT_TRUE(ring->run(calls));
    for (const base::message_call &c : calls)
        EXPECT_EQ(c.outcome, 1);
    EXPECT_TRUE(ring->run({}));
}

TEST(call_ring, is_not_for_a_child) {
    result<base::call_ring> ring = base::call_ring::open();
    ASSERT_TRUE(ring);
    EXPECT_TRUE(ring->made_here());
    const ::pid_t child = ::fork();
    if (child == 0)
        ::_exit(!ring->made_here() && !ring->run({}) ? 0 : 1);
    int status = 1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
}

TEST(read_queue, reads_each_its_own) {
    std::vector<pair> sockets;
    std::vector<std::string> buffers;
    std::vector<iovec> elements;
    result<base::read_queue> queue = base::read_queue::open();
    ASSERT_TRUE(queue) << queue.error().where;
    std::vector<base::read_call> calls;
    for (std::size_t i = 0; i < base::read_queue::capacity; ++i) {
        sockets.push_back(socket_pair());
        buffers.emplace_back(i + 1, ' ');
        const std::string text(i + 1, static_cast<char>('0' + i));
        ASSERT_EQ(::write(sockets[i].a.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
    }
    for (std::string &b : buffers)
        elements.push_back({b.data(), b.size()});
    for (std::size_t i = 0; i < sockets.size(); ++i)
        calls.push_back({sockets[i].b.get(), {&elements[i], 1}, 0});
    ASSERT_TRUE(queue->run(calls));
    for (std::size_t i = 0; i < calls.size(); ++i) {
        EXPECT_EQ(calls[i].outcome, static_cast<long>(i + 1));
        EXPECT_EQ(buffers[i], std::string(i + 1, static_cast<char>('0' + i)));
    }
}

TEST(read_queue, failure_of_one_leaves_the_others) {
    const pair s = socket_pair();
    const pair t = socket_pair();
    result<base::read_queue> queue = base::read_queue::open();
    ASSERT_TRUE(queue);
    ASSERT_EQ(::write(s.a.get(), "one", 3), 3);
    ASSERT_EQ(::write(t.a.get(), "two", 3), 3);
    ASSERT_EQ(::fcntl(s.b.get(), F_SETFL, O_NONBLOCK), 0);
    std::array<char, 3> to{};
    const iovec element{to.data(), to.size()};
    // A descriptor that is none is refused at once, and the second read of `s` finds nothing.
    std::array<base::read_call, 4> calls{{{s.b.get(), {&element, 1}, 0},
                                          {-1, {&element, 1}, 0},
                                          {s.b.get(), {&element, 1}, 0},
                                          {t.b.get(), {&element, 1}, 0}}};
    ASSERT_TRUE(queue->run(calls));
    EXPECT_EQ(calls[0].outcome, 3);
    EXPECT_EQ(calls[1].outcome, -EBADF);
    EXPECT_EQ(calls[2].outcome, -EAGAIN);
    EXPECT_EQ(calls[3].outcome, 3);
}

TEST(read_queue, that_can_begin_nothing_fails) {
    result<base::read_queue> queue = base::read_queue::open();
    ASSERT_TRUE(queue);
    std::array<char, 3> to{};
    const iovec element{to.data(), to.size()};
    base::read_call call{-1, {&element, 1}, 0};
    EXPECT_EQ(queue->run({&call, 1}).error().code, EBADF);
}

} // namespace
