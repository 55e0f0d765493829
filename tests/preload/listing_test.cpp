// SPDX-License-Identifier: BSD-3-Clause
// Where programs look up what there is: /proc/crypto and NETLINK_CRYPTO.
#include "client.hpp"

#include <fcntl.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/syscall.h>

#include <array>
#include <cstdio>

using namespace client;

namespace {

std::string contents(int fd) {
    std::string out;
    char part[1000];
    for (ssize_t n = 0; (n = ::read(fd, part, sizeof part)) > 0;)
        out.append(part, static_cast<std::size_t>(n));
    return out;
}

/// The record of the first implementation of a name.
std::string record_of(const std::string &list, const std::string &name) {
    const std::size_t at = list.find("name         : " + name + "\n");
    return at == std::string::npos ? "" : list.substr(at, list.find("\n\n", at) - at);
}

constexpr std::uint16_t get_algorithm = 0x13;

class netlink : public testing::Test {
  protected:
    void SetUp() override {
        (void)accept(open("skcipher", "cbc(aes)")); // Nobody is told of what nobody used.
        fd_ = descriptor(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 21));
        ASSERT_GE(fd_, 0) << strerror(errno);
        sockaddr_nl any{};
        any.nl_family = AF_NETLINK;
        ASSERT_EQ(::bind(fd_, reinterpret_cast<const sockaddr *>(&any), sizeof any), 0);
    }
    /// A request for a name; an empty one asks for the list.
    long ask(std::string_view name) {
        struct {
            nlmsghdr head;
            char name[64];
            char rest[144];
        } request{};
        static_assert(sizeof request == NLMSG_LENGTH(208));
        request.head = {sizeof request, get_algorithm, NLM_F_REQUEST, 5, 0};
        if (name.empty())
            request.head.nlmsg_flags |= NLM_F_DUMP;
        std::memcpy(request.name, name.data(), name.size());
        sockaddr_nl kernel{};
        kernel.nl_family = AF_NETLINK;
        return told(::sendto(fd_, &request, sizeof request, 0, reinterpret_cast<const sockaddr *>(&kernel),
                             sizeof kernel));
    }
    static nlmsghdr head_of(const text &t) {
        nlmsghdr h{};
        std::memcpy(&h, t.data(), std::min(sizeof h, t.size()));
        return h;
    }

    descriptor fd_;
};

} // namespace

TEST(proc_crypto, lists_an_algorithm_that_is_in_use) {
    (void)accept(open("hash", "sha256"));
    const descriptor fd(::open("/proc/crypto", O_RDONLY | O_CLOEXEC));
    ASSERT_GE(fd, 0);
    EXPECT_EQ(::fcntl(fd, F_GETFD), FD_CLOEXEC);
    const std::string record = record_of(contents(fd), "sha256");
    for (const char *const line : {"\nselftest     : passed\n", "\ntype         : shash\n",
                                   "\nblocksize    : 64\n", "\ndigestsize   : 32"})
        EXPECT_NE(record.find(line), std::string::npos) << line << record;
    EXPECT_EQ(::lseek(fd, 0, SEEK_SET), 0);
    EXPECT_NE(record_of(contents(fd), "sha256"), "");
}

TEST(proc_crypto, can_be_opened_in_every_way) {
    (void)accept(open("hash", "sha256"));
    const descriptor at(::openat(AT_FDCWD, "/proc/crypto", O_RDONLY));
    EXPECT_EQ(::fcntl(at, F_GETFD), 0);
    EXPECT_NE(record_of(contents(at), "sha256"), "");
    FILE *const stream = std::fopen("/proc/crypto", "r");
    ASSERT_NE(stream, nullptr);
    char line[200];
    int records = 0;
    while (std::fgets(line, sizeof line, stream) != nullptr)
        records += std::string_view(line).substr(0, 6) == "driver" ? 1 : 0;
    EXPECT_GT(records, 5);
    EXPECT_EQ(std::fclose(stream), 0);
    EXPECT_EQ(told(::open(reinterpret_cast<const char *>(0x10), O_RDONLY)), -EFAULT);
}

TEST_F(netlink, answers_a_question) {
    ASSERT_EQ(ask("cbc(aes)"), NLMSG_LENGTH(208));
    pollfd one{fd_, POLLIN, 0};
    EXPECT_EQ(::poll(&one, 1, 1000), 1);
    text room(16);
    EXPECT_EQ(told(::recv(fd_, room.data(), room.size(), MSG_PEEK | MSG_TRUNC)), 380);
    room.resize(4096);
    iovec buffer{room.data(), room.size()};
    sockaddr_nl from{};
    from.nl_pid = 99;
    msghdr m{};
    m.msg_iov = &buffer;
    m.msg_iovlen = 1;
    m.msg_name = &from;
    m.msg_namelen = sizeof from;
    ASSERT_EQ(told(::recvmsg(fd_, &m, 0)), 380);
    EXPECT_EQ(m.msg_namelen, sizeof from);
    EXPECT_EQ(from.nl_family, AF_NETLINK);
    EXPECT_EQ(from.nl_pid, 0U);
    const nlmsghdr head = head_of(room);
    EXPECT_EQ(head.nlmsg_type, get_algorithm);
    EXPECT_EQ(head.nlmsg_seq, 5U);
    EXPECT_STREQ(reinterpret_cast<const char *>(room.data() + sizeof head), "cbc(aes)");
    EXPECT_EQ(told(::recv(fd_, room.data(), room.size(), MSG_DONTWAIT)), -EAGAIN);
}

TEST_F(netlink, does_not_know_what_there_is_not) {
    ASSERT_EQ(ask("nosuch"), NLMSG_LENGTH(208));
    const text reply = receive(fd_, 4096);
    ASSERT_GE(reply.size(), sizeof(nlmsghdr) + sizeof(nlmsgerr));
    EXPECT_EQ(head_of(reply).nlmsg_type, NLMSG_ERROR);
    std::int32_t code = 0;
    std::memcpy(&code, reply.data() + sizeof(nlmsghdr), sizeof code);
    EXPECT_EQ(code, -ENOENT);
}

TEST_F(netlink, lists_all_and_says_when_it_is_done) {
    ASSERT_EQ(ask(""), NLMSG_LENGTH(208));
    int algorithms = 0;
    bool done = false;
    while (!done) {
        const text part = receive(fd_, 70000, 0);
        ASSERT_FALSE(part.empty());
        for (std::size_t at = 0; at < part.size();) {
            const nlmsghdr head = head_of(text(part.begin() + static_cast<std::ptrdiff_t>(at), part.end()));
            ASSERT_GE(head.nlmsg_len, sizeof head);
            done = done || head.nlmsg_type == NLMSG_DONE;
            algorithms += head.nlmsg_type == get_algorithm ? 1 : 0;
            at += NLMSG_ALIGN(head.nlmsg_len);
        }
    }
    EXPECT_GT(algorithms, 5);
    EXPECT_EQ(receive_count(fd_, 100), -EAGAIN);
}

TEST_F(netlink, has_a_name_of_its_own) {
    sockaddr_nl own{};
    socklen_t size = sizeof own;
    ASSERT_EQ(::getsockname(fd_, reinterpret_cast<sockaddr *>(&own), &size), 0);
    EXPECT_EQ(size, sizeof own);
    EXPECT_EQ(own.nl_family, AF_NETLINK);
    EXPECT_NE(own.nl_pid, 0U);
    int value = 0;
    socklen_t length = sizeof value;
    ASSERT_EQ(::getsockopt(fd_, SOL_SOCKET, SO_DOMAIN, &value, &length), 0);
    EXPECT_EQ(value, AF_NETLINK);
}
