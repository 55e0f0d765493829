// SPDX-License-Identifier: BSD-3-Clause
#include "client.hpp"

#include <sys/wait.h>

namespace client {

const char *const digest_of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const char *const digest_of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

text address(std::string_view type, std::string_view name, std::size_t size) {
    text a(256);
    const std::uint16_t family = AF_ALG;
    std::memcpy(a.data(), &family, sizeof family);
    std::memcpy(a.data() + 2, type.data(), std::min<std::size_t>(type.size(), 14));
    std::memcpy(a.data() + 24, name.data(), std::min<std::size_t>(name.size(), 128));
    a.resize(size);
    return a;
}

long bind_to(int fd, const text &address) {
    return told(::bind(fd, reinterpret_cast<const sockaddr *>(address.data()),
                       static_cast<socklen_t>(address.size())));
}

long bind_to(int fd, std::string_view type, std::string_view name) {
    return bind_to(fd, address(type, name));
}

descriptor open(std::string_view type, std::string_view name) {
    descriptor fd(::socket(AF_ALG, SOCK_SEQPACKET, 0));
    EXPECT_GE(fd, 0) << strerror(errno);
    EXPECT_EQ(bind_to(fd, type, name), 0) << name;
    return fd;
}

long set_key(int fd, const text &key) {
    return told(::setsockopt(fd, SOL_ALG, ALG_SET_KEY, key.data(), static_cast<socklen_t>(key.size())));
}

descriptor accept(int fd, int flags) {
    descriptor op(::accept4(fd, nullptr, nullptr, flags));
    EXPECT_GE(op, 0) << strerror(errno);
    return op;
}

descriptor operation(std::string_view type, std::string_view name, const text &key, int flags) {
    const descriptor fd = open(type, name);
    EXPECT_EQ(set_key(fd, key), 0);
    return accept(fd, flags);
}

descriptor cbc(int flags) { return operation("skcipher", "cbc(aes)", some_key(), flags); }

descriptor hash(std::string_view name) { return accept(open("hash", name)); }

text control_of(const header &h) {
    text out = h.raw;
    const auto add = [&](int type, const void *value, std::size_t size) {
        const std::size_t at = out.size();
        out.resize(at + CMSG_SPACE(size));
        cmsghdr head{};
        head.cmsg_len = CMSG_LEN(size);
        head.cmsg_level = SOL_ALG;
        head.cmsg_type = type;
        std::memcpy(out.data() + at, &head, sizeof head);
        std::memcpy(out.data() + at + CMSG_LEN(0), value, size);
    };
    if (h.op)
        add(ALG_SET_OP, &*h.op, sizeof *h.op);
    if (h.iv) {
        const auto length = static_cast<std::uint32_t>(h.iv->size());
        text value(sizeof length + h.iv->size());
        std::memcpy(value.data(), &length, sizeof length);
        std::memcpy(value.data() + sizeof length, h.iv->data(), h.iv->size());
        add(ALG_SET_IV, value.data(), value.size());
    }
    if (h.assoc_len)
        add(ALG_SET_AEAD_ASSOCLEN, &*h.assoc_len, sizeof *h.assoc_len);
    return out;
}

long send(int fd, const text &data, int flags) { return told(::send(fd, data.data(), data.size(), flags)); }

long send(int fd, const header &h, const text &data, int flags) {
    text control = control_of(h);
    iovec one{const_cast<std::uint8_t *>(data.data()), data.size()};
    msghdr m{};
    m.msg_iov = &one;
    m.msg_iovlen = 1;
    m.msg_control = control.empty() ? nullptr : control.data();
    m.msg_controllen = control.size();
    return told(::sendmsg(fd, &m, flags));
}

text receive(int fd, std::size_t size, int flags) {
    text out(size);
    const long n = told(::recv(fd, out.data(), size, flags));
    EXPECT_GE(n, 0) << strerror(static_cast<int>(-n));
    out.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
    return out;
}

long receive_count(int fd, std::size_t size, int flags) {
    text out(size);
    return told(::recv(fd, out.data(), size, flags));
}

text message(std::size_t size, unsigned seed) {
    text m(size);
    for (std::size_t i = 0; i < size; ++i)
        m[i] = static_cast<std::uint8_t>(31 * i + i / 256 + seed);
    return m;
}

text some_key(std::size_t size) {
    text k(size);
    for (std::size_t i = 0; i < size; ++i)
        k[i] = static_cast<std::uint8_t>(7 * i + 1);
    return k;
}

text some_iv(std::size_t size) {
    text v(size);
    for (std::size_t i = 0; i < size; ++i)
        v[i] = static_cast<std::uint8_t>(0xa0 + i);
    return v;
}

header encryption() { return {.op = encrypt, .iv = some_iv(), .assoc_len = {}, .raw = {}}; }

std::string hex(const text &t) {
    static const char digits[] = "0123456789abcdef";
    std::string out;
    for (const std::uint8_t b : t)
        out += {digits[b >> 4], digits[b & 15]};
    return out;
}

int finish_child(pid_t child) {
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

} // namespace client
