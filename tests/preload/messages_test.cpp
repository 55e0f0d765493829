// SPDX-License-Identifier: BSD-3-Clause
// Headers, messages and their ends, by every call that sends or receives.
#include "client.hpp"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/mman.h>
#include <sys/uio.h>

#include <array>

using namespace client;

namespace {

const char *const first_block = "1fe8d836d5c013778ca77245d34c3951";

text cmsg(int level, int type, const text &payload, std::size_t length = 0) {
    text out(CMSG_SPACE(payload.size()));
    cmsghdr head{};
    head.cmsg_len = length != 0 ? length : CMSG_LEN(payload.size());
    head.cmsg_level = level;
    head.cmsg_type = type;
    std::memcpy(out.data(), &head, sizeof head);
    if (!payload.empty())
        std::memcpy(out.data() + CMSG_LEN(0), payload.data(), payload.size());
    return out;
}

long send_raw(int fd, const text &control, const text &data, int flags = 0) {
    return send(fd, header{.op = {}, .iv = {}, .assoc_len = {}, .raw = control}, data, flags);
}

} // namespace

TEST(header, iv_alone_makes_it_a_decryption) {
    const descriptor op = cbc();
    EXPECT_EQ(send(op, encryption(), message(16)), 16);
    const text cipher = receive(op, 16);
    EXPECT_EQ(send(op, {.op = {}, .iv = some_iv(), .assoc_len = {}, .raw = {}}, cipher), 16);
    EXPECT_EQ(receive(op, 16), message(16));
}

TEST(header, op_alone_keeps_the_iv) {
    const descriptor op = cbc();
    EXPECT_EQ(send(op, {.op = {}, .iv = some_iv(), .assoc_len = {}, .raw = {}}, {}, MSG_MORE), 0);
    EXPECT_EQ(send(op, {.op = encrypt, .iv = {}, .assoc_len = {}, .raw = {}}, message(16)), 16);
    EXPECT_EQ(hex(receive(op, 16)), first_block);
}

TEST(header, a_message_of_a_foreign_level_replaces_it_too) {
    const descriptor op = operation("skcipher", "ecb(aes)", some_key());
    const header enc{.op = encrypt, .iv = {}, .assoc_len = {}, .raw = {}};
    EXPECT_EQ(send(op, enc, message(16)), 16);
    const text cipher = receive(op, 16);
    EXPECT_EQ(send_raw(op, cmsg(SOL_TCP, 2, {1, 2, 3, 4}), cipher), 16);
    EXPECT_EQ(receive(op, 16), message(16));
    EXPECT_EQ(send(op, enc, message(16)), 16);
    EXPECT_EQ(receive(op, 16), cipher);
    EXPECT_EQ(send_raw(op, {0, 0, 0, 0}, cipher), 16);
    EXPECT_EQ(receive(op, 16), message(16));
}

TEST(header, without_one_it_is_decryption_from_a_zero_iv) {
    const descriptor op = cbc();
    EXPECT_EQ(send(op, {.op = encrypt, .iv = text(16), .assoc_len = {}, .raw = {}}, message(16)), 16);
    const text cipher = receive(op, 16);
    const descriptor other = cbc();
    EXPECT_EQ(send(other, cipher), 16);
    EXPECT_EQ(receive(other, 16), message(16));
}

TEST(header, can_come_alone_before_the_data) {
    const descriptor op = cbc();
    EXPECT_EQ(send(op, encryption(), {}, MSG_MORE), 0);
    EXPECT_EQ(send(op, message(16)), 16);
    EXPECT_EQ(hex(receive(op, 16)), first_block);
}

TEST(header, malformed_control_messages_are_refused) {
    const descriptor op = cbc();
    EXPECT_EQ(send_raw(op, cmsg(SOL_ALG, ALG_SET_OP, {}), message(16)), -EINVAL);
    EXPECT_EQ(send_raw(op, cmsg(SOL_ALG, ALG_SET_OP, {1, 0}), message(16)), -EINVAL);
    EXPECT_EQ(send_raw(op, cmsg(SOL_ALG, 9, {1, 0, 0, 0}), message(16)), -EINVAL);
    EXPECT_EQ(send_raw(op, cmsg(SOL_ALG, ALG_SET_OP, {1, 0, 0, 0}, 5), message(16)), -EINVAL);
    EXPECT_EQ(send_raw(op, cmsg(SOL_ALG, ALG_SET_OP, {1, 0, 0, 0}, 500), message(16)), -EINVAL);
    EXPECT_EQ(send_raw(op, cmsg(SOL_ALG, ALG_SET_OP, {2, 0, 0, 0}), message(16)), -EINVAL);
    EXPECT_EQ(send_raw(op, cmsg(SOL_ALG, ALG_SET_IV, {16, 0, 0, 0, 1, 2, 3, 4}), message(16)), -EINVAL);
    EXPECT_EQ(send_raw(op, cmsg(SOL_ALG, ALG_SET_IV, {255, 255, 255, 255, 1, 2, 3, 4}), message(16)),
              -EINVAL);
    EXPECT_EQ(send_raw(op, cmsg(SOL_ALG, ALG_SET_AEAD_ASSOCLEN, {0, 0, 0, 128}), message(16)), -EINVAL);
    EXPECT_EQ(send(op, {.op = encrypt, .iv = some_iv(8), .assoc_len = {}, .raw = {}}, message(16)), -EINVAL);
    msghdr m{};
    m.msg_controllen = 24;
    EXPECT_EQ(told(::sendmsg(op, &m, 0)), -EFAULT);
    EXPECT_EQ(receive_count(op, 16), -EAGAIN);
}

TEST(header, of_a_hash_is_not_read_at_all) {
    const descriptor op = hash();
    EXPECT_EQ(send_raw(op, cmsg(SOL_ALG, 9, {7}), {'a', 'b', 'c'}), 3);
    EXPECT_EQ(hex(receive(op, 32)), digest_of_abc);
}

TEST(message, a_finished_one_has_to_be_collected_first) {
    const descriptor op = cbc();
    EXPECT_EQ(send(op, encryption(), message(16)), 16);
    EXPECT_EQ(send(op, message(16)), -EINVAL);
    EXPECT_EQ(receive_count(op, 16), 16);
    EXPECT_EQ(receive_count(op, 16), -EAGAIN);
    EXPECT_EQ(send(op, message(16)), 16);
}

TEST(message, an_odd_length_fails_only_when_it_is_collected) {
    const descriptor op = cbc();
    EXPECT_EQ(send(op, encryption(), message(17)), 17);
    EXPECT_EQ(receive_count(op, 32), -EINVAL);
    EXPECT_EQ(receive_count(op, 32), -EAGAIN);
    EXPECT_EQ(send(op, encryption(), message(16)), 16);
    EXPECT_EQ(hex(receive(op, 16)), first_block);
}

TEST(message, room_for_less_than_a_block_is_refused_and_loses_nothing) {
    const descriptor op = cbc();
    EXPECT_EQ(send(op, encryption(), message(64)), 64);
    EXPECT_EQ(receive_count(op, 15), -EINVAL);
    EXPECT_EQ(hex(receive(op, 17)), first_block);
    EXPECT_EQ(receive_count(op, 40), 32);
    EXPECT_EQ(receive_count(op, 16), 16);
    EXPECT_EQ(receive_count(op, 16), -EAGAIN);
}

TEST(message, a_full_queue_takes_what_fits) {
    const descriptor op = cbc();
    EXPECT_EQ(send(op, encryption(), {}, MSG_MORE), 0);
    EXPECT_EQ(send(op, message(300000), MSG_MORE | MSG_DONTWAIT), 212992);
    EXPECT_EQ(send(op, message(1), MSG_DONTWAIT), -EAGAIN);
    EXPECT_EQ(receive_count(op, 300000), 212992);
    EXPECT_EQ(send(op, message(16)), 16);
    EXPECT_EQ(receive_count(op, 100), 16);
}

TEST(message, sendmmsg_stops_at_the_first_that_fails) {
    const descriptor op = cbc();
    text data = message(16);
    iovec one{data.data(), data.size()};
    std::array<mmsghdr, 3> list{};
    for (mmsghdr &m : list) {
        m.msg_hdr.msg_iov = &one;
        m.msg_hdr.msg_iovlen = 1;
    }
    EXPECT_EQ(told(::sendmmsg(op, list.data(), 3, 0)), 1);
    EXPECT_EQ(list[0].msg_len, 16U);
    EXPECT_EQ(receive_count(op, 16), 16);
    EXPECT_EQ(told(::sendmmsg(op, list.data(), 2, MSG_MORE)), 2);
    EXPECT_EQ(told(::recvmmsg(op, list.data(), 3, MSG_DONTWAIT, nullptr)), 2);
}

TEST(message, recvmsg_says_that_there_is_neither_name_nor_control_data) {
    const descriptor op = cbc();
    EXPECT_EQ(send(op, encryption(), message(16)), 16);
    text room(16);
    iovec one{room.data(), room.size()};
    std::array<std::uint8_t, 64> name{};
    std::array<std::uint8_t, 64> control{};
    msghdr m{};
    m.msg_iov = &one;
    m.msg_iovlen = 1;
    m.msg_name = name.data();
    m.msg_namelen = name.size();
    m.msg_control = control.data();
    m.msg_controllen = control.size();
    m.msg_flags = -1;
    EXPECT_EQ(told(::recvmsg(op, &m, MSG_PEEK | MSG_WAITALL)), 16);
    EXPECT_EQ(m.msg_namelen, 0U);
    EXPECT_EQ(m.msg_controllen, 0U);
    EXPECT_EQ(m.msg_flags, 0);
    EXPECT_EQ(hex(room), first_block);
    EXPECT_EQ(receive_count(op, 16), -EAGAIN) << "MSG_PEEK has to be ignored";
    EXPECT_EQ(send(op, encryption(), message(16)), 16);
    socklen_t size = name.size();
    EXPECT_EQ(told(::recvfrom(op, room.data(), 16, 0, reinterpret_cast<sockaddr *>(name.data()), &size)), 16);
    EXPECT_EQ(size, 0U);
}

TEST(message, lists_have_1024_elements_at_most) {
    const descriptor op = cbc();
    text data = message(1025);
    std::vector<iovec> list(1025);
    for (std::size_t i = 0; i < list.size(); ++i)
        list[i] = {&data[i], 1};
    msghdr m{};
    m.msg_iov = list.data();
    m.msg_iovlen = 1025;
    EXPECT_EQ(told(::sendmsg(op, &m, 0)), -EMSGSIZE);
    EXPECT_EQ(told(::recvmsg(op, &m, MSG_DONTWAIT)), -EMSGSIZE);
    EXPECT_EQ(told(::writev(op, list.data(), 1025)), -EINVAL);
    EXPECT_EQ(told(::readv(op, list.data(), 1025)), -EINVAL);
    EXPECT_EQ(send(op, encryption(), {}, MSG_MORE), 0);
    m.msg_iovlen = 1024;
    EXPECT_EQ(told(::sendmsg(op, &m, 0)), 1024);
    text out(1024);
    for (std::size_t i = 0; i < out.size(); ++i)
        list[i] = {&out[i], 1};
    EXPECT_EQ(told(::recvmsg(op, &m, 0)), 1024);
    const descriptor whole = cbc();
    EXPECT_EQ(send(whole, encryption(), message(1024)), 1024);
    EXPECT_EQ(receive(whole, 1024), out);
}

TEST(message, write_and_read_are_messages_without_header) {
    const descriptor op = hash();
    EXPECT_EQ(told(::write(op, "abc", 3)), 3);
    text room(32);
    EXPECT_EQ(told(::read(op, room.data(), 32)), 32);
    EXPECT_EQ(hex(room), digest_of_abc);
    char a[] = "a";
    char bc[] = "bc";
    const iovec list[] = {{a, 1}, {bc, 2}};
    EXPECT_EQ(told(::writev(op, list, 2)), 3);
    const iovec halves[] = {{room.data(), 7}, {room.data() + 7, 25}};
    EXPECT_EQ(told(::readv(op, halves, 2)), 32);
    EXPECT_EQ(hex(room), digest_of_abc);
    EXPECT_EQ(told(::sendto(op, "abc", 3, 0, nullptr, 0)), 3);
    EXPECT_EQ(hex(receive(op, 32)), digest_of_abc);
}

TEST(hash, a_receive_without_end_finishes_it) {
    const descriptor op = hash();
    EXPECT_EQ(send(op, {'a', 'b'}, MSG_MORE), 2);
    EXPECT_EQ(send(op, {'c'}, MSG_MORE), 1);
    EXPECT_EQ(hex(receive(op, 32)), digest_of_abc);
    EXPECT_EQ(hex(receive(op, 32)), digest_of_nothing);
}

TEST(hash, a_short_receive_truncates_and_the_rest_is_lost) {
    const descriptor op = hash();
    EXPECT_EQ(send(op, {'a', 'b', 'c'}), 3);
    text room(20);
    iovec one{room.data(), room.size()};
    msghdr m{};
    m.msg_iov = &one;
    m.msg_iovlen = 1;
    EXPECT_EQ(told(::recvmsg(op, &m, 0)), 20);
    EXPECT_EQ(m.msg_flags, MSG_TRUNC);
    EXPECT_EQ(hex(room), std::string(digest_of_abc).substr(0, 40));
    EXPECT_EQ(hex(receive(op, 100)), digest_of_nothing);
    EXPECT_EQ(send(op, {'a', 'b', 'c'}), 3);
    EXPECT_EQ(told(::read(op, room.data(), 0)), 0);
    EXPECT_EQ(hex(receive(op, 32)), digest_of_abc);
    EXPECT_EQ(send(op, {'a', 'b', 'c'}), 3);
    EXPECT_EQ(receive_count(op, 0), 0);
    EXPECT_EQ(hex(receive(op, 32)), digest_of_nothing);
}

TEST(aead, op_alone_takes_the_associated_data_away) {
    const descriptor op = operation("aead", "gcm(aes)", some_key());
    const header h{.op = encrypt, .iv = some_iv(12), .assoc_len = 20, .raw = {}};
    EXPECT_EQ(send(op, h, message(60)), 60);
    const text whole = receive(op, 76);
    EXPECT_EQ(hex(whole).substr(40),
              "a7e335fd9ee7050d2f7245b74d13e4bcfd276523fc7fa8ef44a0afb6dfca2439ebefbcea68eb378b"
              "42f50bbc5b89ddcf01078275da534d64");
    EXPECT_EQ(text(whole.begin(), whole.begin() + 20), message(20));
    EXPECT_EQ(send(op, {.op = encrypt, .iv = {}, .assoc_len = {}, .raw = {}}, message(60)), 60);
    EXPECT_NE(receive(op, 76), whole);
    EXPECT_EQ(send(op, {.op = decrypt, .iv = some_iv(12), .assoc_len = 20, .raw = {}}, whole), 76);
    EXPECT_EQ(receive(op, 60), message(60));
    text changed = whole;
    changed[75] ^= 1;
    EXPECT_EQ(send(op, {.op = decrypt, .iv = some_iv(12), .assoc_len = 20, .raw = {}}, changed), 76);
    EXPECT_EQ(receive_count(op, 60), -EBADMSG);
    EXPECT_EQ(send(op, {.op = decrypt, .iv = some_iv(12), .assoc_len = 20, .raw = {}}, whole), 76);
    EXPECT_EQ(receive(op, 60), message(60));
}

TEST(rng, gives_128_bytes_at_most_and_takes_none) {
    const descriptor fd = open("rng", "stdrng");
    EXPECT_EQ(set_key(fd, {}), 0);
    const descriptor op = accept(fd);
    EXPECT_EQ(receive_count(op, 1000, 0), 128);
    const text first = receive(op, 64, 0);
    EXPECT_NE(first, receive(op, 64, 0));
    EXPECT_EQ(receive_count(op, 0), 0);
    EXPECT_EQ(send(op, message(16)), -EOPNOTSUPP);
    EXPECT_EQ(told(::accept(op, nullptr, nullptr)), -EOPNOTSUPP);
}
