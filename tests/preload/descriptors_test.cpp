// SPDX-License-Identifier: BSD-3-Clause
// Numbers: copies, closing, fork, vfork, exec, descriptors in messages.
#include "client.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cstdio>

using namespace client;

namespace {

/// Whether the number is an operation that hashes.
bool hashes(int fd) { return send(fd, {'a', 'b', 'c'}) == 3 && hex(receive(fd, 32)) == digest_of_abc; }

/// Whether /dev/zero under the number is /dev/zero.
bool is_zero_device(int fd) {
    char byte = 1;
    return ::read(fd, &byte, 1) == 1 && byte == 0;
}

} // namespace

TEST(descriptors, copies_name_the_same_operation) {
    const descriptor op = hash();
    const descriptor one(::dup(op));
    const descriptor two(::fcntl(op, F_DUPFD, 50));
    const descriptor three(::fcntl(op, F_DUPFD_CLOEXEC, 60));
    const descriptor four(::dup3(op, 70, O_CLOEXEC));
    EXPECT_EQ(::dup2(op, 71), 71);
    const descriptor five(71);
    EXPECT_GE(two, 50);
    EXPECT_EQ(::fcntl(four, F_GETFD), FD_CLOEXEC);
    EXPECT_EQ(told(::dup2(op, op)), op);
    EXPECT_EQ(told(::dup3(op, op, 0)), -EINVAL);
    EXPECT_EQ(send(op, {'a'}, MSG_MORE), 1);
    EXPECT_EQ(send(one, {'b'}, MSG_MORE), 1);
    EXPECT_EQ(send(two, {'c'}, 0), 1);
    EXPECT_EQ(hex(receive(three, 32)), digest_of_abc);
    for (const int fd : {static_cast<int>(one), static_cast<int>(four), static_cast<int>(five)})
        EXPECT_TRUE(hashes(fd));
}

TEST(descriptors, non_blocking_belongs_to_all_copies) {
    const descriptor op = cbc();
    const descriptor copy(::dup(op));
    EXPECT_EQ(::fcntl(copy, F_SETFL, O_NONBLOCK), 0);
    EXPECT_EQ(receive_count(op, 16, 0), -EAGAIN);
    int off = 0;
    EXPECT_EQ(::ioctl(op, FIONBIO, &off), 0);
    EXPECT_EQ(::fcntl(copy, F_GETFL), O_RDWR);
    EXPECT_EQ(send(op, encryption(), message(16)), 16);
    EXPECT_EQ(receive_count(op, 16, 0), 16);
}

TEST(descriptors, a_closed_number_is_nobodys_and_then_somebody_elses) {
    descriptor op = hash();
    const int number = op;
    op.close();
    EXPECT_EQ(told(::send(number, "abc", 3, 0)), -EBADF);
    EXPECT_EQ(told(::close(number)), -EBADF);
    const descriptor lower(::open("/dev/null", O_RDONLY));
    const descriptor file(::open("/dev/zero", O_RDONLY));
    EXPECT_EQ(file, number);
    EXPECT_TRUE(is_zero_device(file));
}

TEST(descriptors, a_number_that_is_replaced_is_the_new_file) {
    const descriptor file(::open("/dev/zero", O_RDWR));
    descriptor op = hash();
    EXPECT_EQ(::dup2(file, op), static_cast<int>(op));
    EXPECT_TRUE(is_zero_device(op));
    const descriptor other = hash();
    EXPECT_EQ(::dup2(other, file), static_cast<int>(file));
    EXPECT_TRUE(hashes(file));
}

TEST(descriptors, a_range_is_closed) {
    const descriptor file(::open("/dev/zero", O_RDONLY));
    const int first = 200;
    const int last = 230;
    const descriptor op = hash();
    for (int fd = first; fd <= last; ++fd)
        ASSERT_EQ(::dup2(op, fd), fd);
    EXPECT_EQ(::close_range(first + 1, last - 1, 0), 0);
    EXPECT_EQ(told(::send(first + 1, "abc", 3, 0)), -EBADF);
    EXPECT_TRUE(hashes(first));
    EXPECT_TRUE(hashes(last));
    EXPECT_EQ(::dup2(file, first + 1), first + 1);
    EXPECT_TRUE(is_zero_device(first + 1));
    EXPECT_EQ(::close_range(first, last, CLOSE_RANGE_CLOEXEC), 0);
    EXPECT_TRUE(hashes(first));
    EXPECT_EQ(in_child([&] {
                  ::closefrom(first);
                  return ::send(last, "abc", 3, 0) < 0 && errno == EBADF && hashes(op);
              }),
              0);
    EXPECT_EQ(::close_range(first, last, 0), 0);
}

TEST(descriptors, high_numbers_are_numbers_too) {
    const descriptor op = hash();
    const descriptor far(::fcntl(op, F_DUPFD, 900));
    ASSERT_GE(far, 900);
    EXPECT_TRUE(hashes(far));
    EXPECT_EQ(told(::send(1 << 28, "abc", 3, 0)), -EBADF);
    EXPECT_EQ(told(::send(-5, "abc", 3, 0)), -EBADF);
}

TEST(descriptors, numbers_run_out_as_ever) {
    EXPECT_EQ(in_child([] {
                  const descriptor tfm = open("hash", "sha256");
                  while (::dup(tfm) >= 0)
                      ;
                  return told(::socket(AF_ALG, SOCK_SEQPACKET, 0)) == -EMFILE &&
                         told(::accept(tfm, nullptr, nullptr)) == -EMFILE;
              }),
              0);
}

TEST(fork, the_child_goes_on_with_a_running_hash) {
    const descriptor op = hash();
    EXPECT_EQ(send(op, {'a'}, MSG_MORE), 1);
    EXPECT_EQ(in_child([&] {
                  return send(op, {'b', 'c'}) == 2 && hex(receive(op, 32)) == digest_of_abc &&
                         hashes(hash()) && hashes(accept(open("hash", "sha256")));
              }),
              0);
}

TEST(fork, what_the_child_closes_stays_open_in_the_parent) {
    const descriptor op = hash();
    EXPECT_EQ(in_child([&] { return ::close(op) == 0; }), 0);
    EXPECT_TRUE(hashes(op));
}

TEST(fork, the_child_of_a_vfork_leaves_the_parents_numbers_alone) {
    const descriptor op = hash();
    const descriptor other = cbc();
    const descriptor file(::open("/dev/null", O_RDWR));
    const pid_t child = ::vfork();
    if (child == 0) {
        ::close(op);
        if (::open("/dev/null", O_RDWR) != op)
            ::_exit(1);
        ::dup2(file, other);
        ::execl("/bin/true", "true", static_cast<char *>(nullptr));
        ::_exit(127);
    }
    EXPECT_EQ(finish_child(child), 0);
    EXPECT_TRUE(hashes(op));
    EXPECT_EQ(send(other, encryption(), message(16)), 16);
    EXPECT_EQ(receive_count(other, 16), 16);
}

TEST(fork, a_spawned_program_runs) {
    const descriptor op = hash();
    char name[] = "true";
    char *arguments[] = {name, nullptr};
    pid_t child = -1;
    ASSERT_EQ(::posix_spawn(&child, "/bin/true", nullptr, nullptr, arguments, environ), 0);
    EXPECT_EQ(finish_child(child), 0);
    EXPECT_TRUE(hashes(op));
    EXPECT_EQ(WEXITSTATUS(::system("exit 3")), 3);
    EXPECT_TRUE(hashes(op));
}

TEST(fork, nothing_is_left_after_exec) {
    const descriptor op = hash(); // not close-on-exec
    EXPECT_EQ(in_child([&] {
                  const std::string fd = std::to_string(static_cast<int>(op));
                  ::execl("/bin/sh", "sh", "-c", ("echo abc 2>/dev/null >&" + fd + "; true").c_str(),
                          static_cast<char *>(nullptr));
                  return false;
              }),
              0);
    EXPECT_TRUE(hashes(op));
}

TEST(passing, a_descriptor_that_came_in_a_message_is_the_same_operation) {
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    const descriptor one(ends[0]);
    const descriptor two(ends[1]);
    const descriptor op = hash();
    char byte = 'x';
    iovec data{&byte, 1};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    msghdr m{};
    m.msg_iov = &data;
    m.msg_iovlen = 1;
    m.msg_control = control;
    m.msg_controllen = sizeof control;
    cmsghdr *const c = CMSG_FIRSTHDR(&m);
    c->cmsg_len = CMSG_LEN(sizeof(int));
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    const int number = op;
    std::memcpy(CMSG_DATA(c), &number, sizeof number);
    ASSERT_EQ(::sendmsg(one, &m, 0), 1);
    ASSERT_EQ(::recvmsg(two, &m, 0), 1);
    int got = -1;
    std::memcpy(&got, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof got);
    const descriptor passed(got);
    EXPECT_NE(got, number);
    EXPECT_EQ(send(passed, {'a'}, MSG_MORE), 1);
    EXPECT_EQ(send(op, {'b', 'c'}), 2);
    EXPECT_EQ(hex(receive(passed, 32)), digest_of_abc);
}

TEST(numbers, the_calls_work_by_their_numbers_too) {
    const long fd = ::syscall(SYS_socket, AF_ALG, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    ASSERT_GE(fd, 0);
    const text a = address("hash", "sha256");
    EXPECT_EQ(::syscall(SYS_bind, fd, a.data(), a.size()), 0);
    const long op = ::syscall(SYS_accept4, fd, nullptr, nullptr, 0);
    ASSERT_GE(op, 0);
    EXPECT_EQ(told(::syscall(SYS_setsockopt, fd, SOL_ALG, ALG_SET_KEY, "k", 1)), -EBUSY);
    EXPECT_EQ(::syscall(SYS_sendto, op, "a", 1, MSG_MORE, nullptr, 0), 1);
    EXPECT_EQ(::syscall(SYS_write, op, "bc", 2), 2);
    const long copy = ::syscall(SYS_dup, op);
    text got(32);
    EXPECT_EQ(::syscall(SYS_read, copy, got.data(), 32), 32);
    EXPECT_EQ(hex(got), digest_of_abc);
    EXPECT_EQ(::syscall(SYS_close, copy), 0);
    EXPECT_EQ(::syscall(SYS_close, op), 0);
    EXPECT_EQ(told(::syscall(SYS_sendto, op, "a", 1, 0, nullptr, 0)), -EBADF);
    EXPECT_EQ(::syscall(SYS_close, fd), 0);
}
