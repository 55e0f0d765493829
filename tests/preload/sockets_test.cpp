// SPDX-License-Identifier: BSD-3-Clause
// socket, bind, setsockopt, accept and the calls that AF_ALG does not have.
#include "client.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>

using namespace client;

TEST(sockets, types_and_protocols_other_than_its_own_are_refused) {
    EXPECT_EQ(told(::socket(AF_ALG, SOCK_STREAM, 0)), -ESOCKTNOSUPPORT);
    EXPECT_EQ(told(::socket(AF_ALG, SOCK_DGRAM, 0)), -ESOCKTNOSUPPORT);
    EXPECT_EQ(told(::socket(AF_ALG, SOCK_RAW, 0)), -ESOCKTNOSUPPORT);
    EXPECT_EQ(told(::socket(AF_ALG, SOCK_SEQPACKET, 1)), -EPROTONOSUPPORT);
    int pair[2];
    EXPECT_EQ(told(::socketpair(AF_ALG, SOCK_SEQPACKET, 0, pair)), -EOPNOTSUPP);
}

TEST(sockets, flags_given_at_creation_are_the_descriptors) {
    const descriptor fd(::socket(AF_ALG, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::fcntl(fd, F_GETFL), O_RDWR | O_NONBLOCK);
    EXPECT_EQ(::fcntl(fd, F_GETFD), FD_CLOEXEC);
    const descriptor plain = open("hash", "sha256");
    EXPECT_EQ(::fcntl(plain, F_GETFL), O_RDWR);
    EXPECT_EQ(::fcntl(plain, F_GETFD), 0);
    struct stat is {};
    EXPECT_EQ(::fstat(plain, &is), 0);
    EXPECT_EQ(is.st_mode, S_IFSOCK | 0777U);
}

TEST(sockets, say_which_family_they_are) {
    const descriptor tfm = open("skcipher", "cbc(aes)");
    EXPECT_EQ(set_key(tfm, some_key()), 0);
    const descriptor op = accept(tfm);
    for (const int fd : {static_cast<int>(tfm), static_cast<int>(op)}) {
        const auto option = [&](int number) {
            int value = -1;
            socklen_t size = sizeof value;
            return ::getsockopt(fd, SOL_SOCKET, number, &value, &size) == 0 && size == sizeof value ? value
                                                                                                    : -1;
        };
        EXPECT_EQ(option(SO_TYPE), SOCK_SEQPACKET);
        EXPECT_EQ(option(SO_DOMAIN), AF_ALG);
        EXPECT_EQ(option(SO_PROTOCOL), 0);
        EXPECT_EQ(option(SO_ERROR), 0);
        EXPECT_EQ(option(SO_ACCEPTCONN), 0);
        EXPECT_EQ(option(SO_SNDBUF), 212992);
        EXPECT_EQ(option(SO_RCVBUF), 212992);
    }
}

TEST(sockets, calls_that_are_not_offered_say_so) {
    const descriptor tfm = open("skcipher", "cbc(aes)");
    EXPECT_EQ(set_key(tfm, some_key()), 0);
    const descriptor op = accept(tfm);
    sockaddr_storage a{};
    a.ss_family = AF_ALG;
    auto *const at = reinterpret_cast<sockaddr *>(&a);
    for (const int fd : {static_cast<int>(tfm), static_cast<int>(op)}) {
        socklen_t size = sizeof a;
        EXPECT_EQ(told(::listen(fd, 1)), -EOPNOTSUPP);
        EXPECT_EQ(told(::connect(fd, at, sizeof a)), -EOPNOTSUPP);
        EXPECT_EQ(told(::getsockname(fd, at, &size)), -EOPNOTSUPP);
        EXPECT_EQ(told(::getpeername(fd, at, &size)), -EOPNOTSUPP);
        EXPECT_EQ(told(::shutdown(fd, SHUT_RDWR)), -EOPNOTSUPP);
        EXPECT_EQ(told(::getsockopt(fd, SOL_ALG, ALG_SET_KEY, at, &size)), -EOPNOTSUPP);
        int n = 0;
        EXPECT_EQ(told(::ioctl(fd, FIONREAD, &n)), -EOPNOTSUPP);
        EXPECT_EQ(told(::lseek(fd, 0, SEEK_SET)), -ESPIPE);
        EXPECT_EQ(told(::pread(fd, &n, sizeof n, 0)), -ESPIPE);
        EXPECT_EQ(told(::ftruncate(fd, 0)), -EINVAL);
        EXPECT_EQ(told(::fsync(fd)), -EINVAL);
        EXPECT_EQ(::mmap(nullptr, 4096, PROT_READ, MAP_SHARED, fd, 0), MAP_FAILED);
        EXPECT_EQ(errno, ENODEV);
    }
    EXPECT_EQ(bind_to(op, "skcipher", "cbc(aes)"), -EOPNOTSUPP);
    EXPECT_EQ(set_key(op, some_key()), -EOPNOTSUPP);
    EXPECT_EQ(told(::accept(op, nullptr, nullptr)), -EOPNOTSUPP);
}

TEST(sockets, a_transform_neither_sends_nor_receives) {
    const descriptor fd = open("hash", "sha256");
    char byte = 0;
    EXPECT_EQ(told(::send(fd, &byte, 1, 0)), -EOPNOTSUPP);
    EXPECT_EQ(told(::recv(fd, &byte, 1, 0)), -EOPNOTSUPP);
    EXPECT_EQ(told(::read(fd, &byte, 1)), -EOPNOTSUPP);
    EXPECT_EQ(told(::write(fd, &byte, 1)), -EOPNOTSUPP);
    EXPECT_EQ(told(::read(fd, &byte, 0)), 0);
}

TEST(bind, length_of_the_address_has_limits) {
    for (const std::size_t size : {0U, 16U, 24U, 129U}) {
        const descriptor fd(::socket(AF_ALG, SOCK_SEQPACKET, 0));
        EXPECT_EQ(bind_to(fd, address("hash", "sha256", size)), -EINVAL) << size;
    }
    for (const std::size_t size : {31U, 88U, 128U}) {
        const descriptor fd(::socket(AF_ALG, SOCK_SEQPACKET, 0));
        EXPECT_EQ(bind_to(fd, address("hash", "sha256", size)), 0) << size;
    }
    const descriptor fd(::socket(AF_ALG, SOCK_SEQPACKET, 0));
    EXPECT_EQ(told(::bind(fd, nullptr, 88)), -EFAULT);
}

TEST(bind, a_name_without_terminator_loses_its_last_character) {
    const descriptor fd(::socket(AF_ALG, SOCK_SEQPACKET, 0));
    EXPECT_EQ(bind_to(fd, address("hash", "sha256", 24 + 6)), -ENOENT);
    EXPECT_EQ(bind_to(fd, address("hash", "sha256x", 24 + 7)), 0);
}

TEST(bind, the_family_in_the_address_is_not_looked_at) {
    text a = address("hash", "sha256");
    a[0] = AF_INET;
    a[1] = 0;
    const descriptor fd(::socket(AF_ALG, SOCK_SEQPACKET, 0));
    EXPECT_EQ(bind_to(fd, a), 0);
}

TEST(bind, of_the_feature_bits_only_one_passes) {
    for (const std::size_t word : {16U, 20U}) {
        text a = address("hash", "sha256");
        const descriptor fd(::socket(AF_ALG, SOCK_SEQPACKET, 0));
        a[word] = 1;
        EXPECT_EQ(bind_to(fd, a), -EINVAL);
        a[word] = 0;
        a[word + 1] = 0x10;
        EXPECT_EQ(bind_to(fd, a), 0);
    }
}

TEST(bind, unknown_types_and_names_are_not_found) {
    const descriptor fd(::socket(AF_ALG, SOCK_SEQPACKET, 0));
    for (const char *const type :
         {"HASH", "hash ", "", "akcipher", "kpp", "cipher", "skcipher", "hashhashhashhash"})
        EXPECT_EQ(bind_to(fd, type, "sha256"), -ENOENT) << type;
    EXPECT_EQ(bind_to(fd, "hash", "nosuch"), -ENOENT);
    EXPECT_EQ(bind_to(fd, "hash", "cbc(aes)"), -EINVAL);
    EXPECT_EQ(bind_to(fd, "skcipher", "cbc(ecb(aes))"), -ELOOP);
    EXPECT_EQ(bind_to(fd, "skcipher", "cbc(aes)x"), -EEXIST);
}

TEST(bind, a_socket_is_bound_again_and_again) {
    const descriptor fd = open("hash", "sha256");
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(bind_to(fd, "skcipher", "cbc(aes)"), 0);
        EXPECT_EQ(set_key(fd, some_key()), 0);
        EXPECT_EQ(bind_to(fd, "hash", "sha256"), 0);
    }
    EXPECT_EQ(hex(receive(accept(fd), 32)), digest_of_nothing);
}

TEST(bind, a_failed_one_leaves_the_old_binding_and_its_key) {
    const descriptor fd = open("skcipher", "cbc(aes)");
    EXPECT_EQ(set_key(fd, some_key()), 0);
    EXPECT_EQ(bind_to(fd, "skcipher", "nosuch"), -ENOENT);
    const descriptor op = accept(fd);
    EXPECT_EQ(send(op, encryption(), message(16)), 16);
    EXPECT_EQ(hex(receive(op, 16)), "1fe8d836d5c013778ca77245d34c3951");
}

TEST(bind, is_busy_while_any_operation_lives) {
    const descriptor fd = open("skcipher", "cbc(aes)");
    descriptor without_key = accept(fd);
    EXPECT_EQ(bind_to(fd, "skcipher", "ecb(aes)"), -EBUSY);
    EXPECT_EQ(bind_to(fd, "skcipher", "nosuch"), -ENOENT);
    without_key.close();
    EXPECT_EQ(bind_to(fd, "skcipher", "ecb(aes)"), 0);
}

TEST(setsockopt, before_bind_there_is_nothing_to_set) {
    const descriptor fd(::socket(AF_ALG, SOCK_SEQPACKET, 0));
    EXPECT_EQ(set_key(fd, some_key()), -ENOPROTOOPT);
    EXPECT_EQ(told(::setsockopt(fd, SOL_ALG, 99, nullptr, 0)), -ENOPROTOOPT);
    const int on = 1;
    EXPECT_EQ(told(::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on)), 0);
    EXPECT_EQ(told(::accept(fd, nullptr, nullptr)), -EINVAL);
}

TEST(setsockopt, the_tag_size_is_the_length_of_the_option) {
    const descriptor fd = open("aead", "gcm(aes)");
    EXPECT_EQ(told(::setsockopt(fd, SOL_ALG, ALG_SET_AEAD_AUTHSIZE, nullptr, 12)), 0);
    EXPECT_EQ(told(::setsockopt(fd, SOL_ALG, ALG_SET_AEAD_AUTHSIZE, nullptr, 3)), -EINVAL);
    EXPECT_EQ(set_key(fd, some_key()), 0);
    const descriptor op = accept(fd);
    const header h{.op = encrypt, .iv = some_iv(12), .assoc_len = 0, .raw = {}};
    EXPECT_EQ(send(op, h, message(16)), 16);
    EXPECT_EQ(receive(op, 100).size(), 28U);
}

TEST(setsockopt, options_a_type_does_not_have_are_unknown) {
    const descriptor cipher = open("skcipher", "cbc(aes)");
    const descriptor digest = open("hash", "sha256");
    for (const int fd : {static_cast<int>(cipher), static_cast<int>(digest)}) {
        EXPECT_EQ(told(::setsockopt(fd, SOL_ALG, ALG_SET_AEAD_AUTHSIZE, nullptr, 12)), -ENOPROTOOPT);
        for (const int option : {0, ALG_SET_IV, ALG_SET_OP, ALG_SET_AEAD_ASSOCLEN, 6, 99})
            EXPECT_EQ(told(::setsockopt(fd, SOL_ALG, option, "12345678", 8)), -ENOPROTOOPT) << option;
    }
    EXPECT_EQ(set_key(digest, some_key()), -ENOSYS);
    EXPECT_EQ(told(::setsockopt(cipher, SOL_TCP, TCP_NODELAY, "1234", 4)), -ENOPROTOOPT);
}

TEST(setsockopt, is_busy_for_everything_while_a_keyed_operation_lives) {
    const descriptor fd = open("skcipher", "cbc(aes)");
    EXPECT_EQ(set_key(fd, some_key()), 0);
    descriptor op = accept(fd);
    EXPECT_EQ(set_key(fd, some_key()), -EBUSY);
    EXPECT_EQ(told(::setsockopt(fd, SOL_ALG, 99, nullptr, 0)), -EBUSY);
    EXPECT_EQ(told(::setsockopt(fd, SOL_TCP, TCP_NODELAY, "1234", 4)), -EBUSY);
    const descriptor copy(::dup(op));
    op.close();
    EXPECT_EQ(set_key(fd, some_key()), -EBUSY);
    const_cast<descriptor &>(copy).close();
    EXPECT_EQ(set_key(fd, some_key()), 0);
}

TEST(setsockopt, keys_of_wrong_length_or_nowhere_are_refused) {
    const descriptor fd = open("skcipher", "cbc(aes)");
    EXPECT_EQ(set_key(fd, some_key(7)), -EINVAL);
    EXPECT_EQ(told(::setsockopt(fd, SOL_ALG, ALG_SET_KEY, nullptr, 16)), -EFAULT);
    EXPECT_EQ(told(::setsockopt(fd, SOL_ALG, ALG_SET_KEY, "", static_cast<socklen_t>(-1))), -EINVAL);
    const descriptor mac = open("hash", "hmac(sha256)");
    EXPECT_EQ(told(::setsockopt(mac, SOL_ALG, ALG_SET_KEY, nullptr, 0)), 0);
    EXPECT_EQ(set_key(mac, message(100000)), 0);
    EXPECT_EQ(set_key(mac, message(131072)), -ENOMEM);
}

TEST(setsockopt, sizes_of_buffers_read_back_doubled) {
    const descriptor op = cbc();
    const auto effective = [&](int option, int value) {
        EXPECT_EQ(::setsockopt(op, SOL_SOCKET, option, &value, sizeof value), 0);
        socklen_t size = sizeof value;
        EXPECT_EQ(::getsockopt(op, SOL_SOCKET, option, &value, &size), 0);
        return value;
    };
    EXPECT_EQ(effective(SO_SNDBUF, 1), 4608);
    EXPECT_EQ(effective(SO_SNDBUF, 5000), 10000);
    EXPECT_EQ(effective(SO_RCVBUF, 5000), 10000);
    EXPECT_EQ(send(op, encryption(), message(100000), MSG_DONTWAIT), 8192);
}

TEST(accept, with_room_for_a_name_fails_and_leaks_nothing) {
    const descriptor fd = open("skcipher", "cbc(aes)");
    sockaddr_storage a{};
    socklen_t size = sizeof a;
    EXPECT_EQ(told(::accept(fd, reinterpret_cast<sockaddr *>(&a), &size)), -ECONNABORTED);
    EXPECT_EQ(size, sizeof a);
    EXPECT_EQ(set_key(fd, some_key()), 0);
    EXPECT_EQ(told(::accept(fd, reinterpret_cast<sockaddr *>(&a), &size)), -ECONNABORTED);
    EXPECT_EQ(set_key(fd, some_key()), 0) << "an operation was left behind";
}

TEST(accept, takes_flags_and_inherits_none) {
    const descriptor fd(::socket(AF_ALG, SOCK_SEQPACKET | SOCK_NONBLOCK, 0));
    EXPECT_EQ(bind_to(fd, "skcipher", "cbc(aes)"), 0);
    EXPECT_EQ(set_key(fd, some_key()), 0);
    EXPECT_EQ(told(::accept4(fd, nullptr, nullptr, 1)), -EINVAL);
    EXPECT_EQ(::fcntl(accept(fd), F_GETFL), O_RDWR);
    const descriptor op = accept(fd, SOCK_NONBLOCK | SOCK_CLOEXEC);
    EXPECT_EQ(::fcntl(op, F_GETFL), O_RDWR | O_NONBLOCK);
    EXPECT_EQ(::fcntl(op, F_GETFD), FD_CLOEXEC);
    EXPECT_EQ(receive_count(op, 16, 0), -EAGAIN);
    char byte = 0;
    EXPECT_EQ(told(::read(op, &byte, 1)), -EAGAIN);
}

TEST(accept, an_operation_made_without_key_works_once_there_is_one) {
    const descriptor fd = open("skcipher", "cbc(aes)");
    const descriptor op = accept(fd);
    char byte = 0;
    EXPECT_EQ(send(op, message(16)), -ENOKEY);
    EXPECT_EQ(receive_count(op, 16), -ENOKEY);
    EXPECT_EQ(receive_count(op, 0), -ENOKEY);
    EXPECT_EQ(told(::read(op, &byte, 0)), 0);
    EXPECT_EQ(told(::write(op, &byte, 0)), -ENOKEY);
    EXPECT_EQ(set_key(fd, some_key()), 0);
    EXPECT_EQ(send(op, encryption(), message(16)), 16);
    EXPECT_EQ(receive_count(op, 16), 16);
    EXPECT_EQ(set_key(fd, some_key()), -EBUSY);
}

TEST(accept, an_operation_goes_on_when_its_transform_is_closed) {
    descriptor fd = open("skcipher", "cbc(aes)");
    EXPECT_EQ(set_key(fd, some_key()), 0);
    const descriptor op = accept(fd);
    fd.close();
    EXPECT_EQ(send(op, encryption(), message(16)), 16);
    EXPECT_EQ(hex(receive(op, 16)), "1fe8d836d5c013778ca77245d34c3951");
}

TEST(accept, on_a_hash_operation_copies_its_running_state) {
    const descriptor op = hash();
    EXPECT_EQ(send(op, {'a'}, MSG_MORE), 1);
    const descriptor copy = accept(op);
    EXPECT_EQ(send(copy, {'b', 'c'}), 2);
    EXPECT_EQ(hex(receive(copy, 32)), digest_of_abc);
    EXPECT_EQ(send(op, {'b', 'c'}), 2);
    const descriptor fresh = accept(op);
    EXPECT_EQ(hex(receive(fresh, 32)), digest_of_nothing);
    EXPECT_EQ(hex(receive(op, 32)), digest_of_abc);
}
