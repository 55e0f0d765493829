// SPDX-License-Identifier: BSD-3-Clause
#include "kat/paths.hpp"

#include "support/guard.hpp"

#include <algorithm>
#include <cstring>

namespace kcapi::test {

namespace {

constexpr std::size_t block = 16;

const std::uint8_t *or_null(const octets &iv) { return iv.empty() ? nullptr : iv.data(); }

/// The result of a call that must have processed everything.
octets checked(ssize_t r, const job &j, const std::uint8_t *out) {
    if (r != static_cast<ssize_t>(j.in.size())) {
        ADD_FAILURE() << "returned " << r << ", " << kcapi_ext_last_error();
        return {};
    }
    return {out, out + j.in.size()};
}

ssize_t one_shot(const job &j, const std::uint8_t *in, std::uint8_t *out, std::size_t room, int access) {
    const auto call = j.encrypts ? kcapi_cipher_encrypt : kcapi_cipher_decrypt;
    return call(j.handle, in, j.in.size(), or_null(j.iv), out, room, access);
}

template <int Access>
octets by_access(const job &j) {
    octets out(j.in.size());
    return checked(one_shot(j, j.in.data(), out.data(), out.size(), Access), j, out.data());
}

octets in_place(const job &j) {
    octets data = j.in;
    return checked(one_shot(j, data.data(), data.data(), data.size(), KCAPI_ACCESS_HEURISTIC), j,
                   data.data());
}

octets unaligned(const job &j) {
    octets in(j.in.size() + 16);
    octets out(j.in.size() + 16);
    const std::size_t in_offset = 1 + j.random() % 15;
    const std::size_t out_offset = 1 + j.random() % 15;
    std::copy(j.in.begin(), j.in.end(), in.begin() + static_cast<std::ptrdiff_t>(in_offset));
    return checked(
        one_shot(j, in.data() + in_offset, out.data() + out_offset, j.in.size(), KCAPI_ACCESS_HEURISTIC), j,
        out.data() + out_offset);
}

/// Input, IV and output each touch a page that nobody may access.
template <guard_side Side>
octets guarded(const job &j) {
    const guarded_buffer in(j.in.size(), Side);
    const guarded_buffer iv(j.iv.size(), Side);
    const guarded_buffer out(j.in.size(), Side);
    std::memcpy(in.data(), j.in.data(), j.in.size());
    std::copy(j.iv.begin(), j.iv.end(), iv.data());
    const auto call = j.encrypts ? kcapi_cipher_encrypt : kcapi_cipher_decrypt;
    return checked(call(j.handle, in.data(), j.in.size(), j.iv.empty() ? nullptr : iv.data(), out.data(),
                        j.in.size(), KCAPI_ACCESS_HEURISTIC),
                   j, out.data());
}

octets by_aio(const job &j) {
    octets in = j.in;
    octets out(j.in.size());
    iovec in_iov{in.data(), in.size()};
    iovec out_iov{out.data(), out.size()};
    const auto call = j.encrypts ? kcapi_cipher_encrypt_aio : kcapi_cipher_decrypt_aio;
    return checked(call(j.handle, &in_iov, &out_iov, 1, or_null(j.iv), KCAPI_ACCESS_HEURISTIC), j,
                   out.data());
}

/// A list of up to three pieces over `size` bytes at `data`.
std::vector<iovec> cut(const std::uint8_t *data, std::size_t size, std::mt19937 &random) {
    std::vector<iovec> list;
    auto *at = const_cast<std::uint8_t *>(data);
    for (int i = 0; i < 2 && size != 0; ++i) {
        const std::size_t n = random() % (size + 1);
        list.push_back({at, n});
        at += n;
        size -= n;
    }
    list.push_back({at, size});
    return list;
}

/// Random pieces in; out as soon as there is a block, if the mode allows that, else all at the end.
octets streamed(const job &j) {
    const std::size_t size = j.in.size();
    octets out(size);
    std::size_t given = 0;
    std::size_t got = 0;
    const auto collect = [&](std::size_t room) {
        std::vector<iovec> list = cut(out.data() + got, std::min(room, size - got), j.random);
        const ssize_t n = kcapi_cipher_stream_op(j.handle, list.data(), list.size());
        if (n < 0)
            return false;
        got += static_cast<std::size_t>(n);
        return true;
    };
    const auto begin = j.encrypts ? kcapi_cipher_stream_init_enc : kcapi_cipher_stream_init_dec;
    const std::size_t first = j.random() % (size + 1);
    std::vector<iovec> list = cut(j.in.data(), first, j.random);
    bool right = begin(j.handle, or_null(j.iv), list.data(), list.size()) == static_cast<ssize_t>(first);
    given = first;
    while (right && given < size) {
        const std::size_t n = 1 + j.random() % (size - given);
        list = cut(j.in.data() + given, n, j.random);
        right = kcapi_cipher_stream_update(j.handle, list.data(), list.size()) == static_cast<ssize_t>(n);
        given += n;
        if (right && j.chains && given - got >= block && j.random() % 2 == 0)
            right = collect(block + j.random() % 64);
    }
    right = right && kcapi_cipher_stream_update_last(j.handle, nullptr, 0) == 0;
    while (right && got < size)
        right = collect(j.chains && size - got > block ? block + j.random() % size : size);
    if (!right)
        ADD_FAILURE() << "stream: " << kcapi_ext_last_error();
    return right ? out : octets();
}

} // namespace

const std::vector<path> &all_paths() {
    static const std::vector<path> paths{{"heuristic", by_access<KCAPI_ACCESS_HEURISTIC>},
                                         {"sendmsg", by_access<KCAPI_ACCESS_SENDMSG>},
                                         {"vmsplice", by_access<KCAPI_ACCESS_VMSPLICE>},
                                         {"in place", in_place},
                                         {"unaligned", unaligned},
                                         {"guard page after", guarded<guard_side::end>},
                                         {"guard page before", guarded<guard_side::start>},
                                         {"aio", by_aio},
                                         {"stream", streamed}};
    return paths;
}

} // namespace kcapi::test
