// SPDX-License-Identifier: BSD-3-Clause
// Calls on aeads. All of them without waiting: what a message needs is not known well enough to sleep for it.
#include "diff/generator.hpp"

#include <algorithm>
#include <array>

namespace kcapi::diff {

namespace {

using oracle::call;
using oracle::pattern;
using oracle::verb;

struct algorithm {
    const char *name;
    std::size_t iv_size;
    std::size_t salt_size;
    bool one_key_size; ///< 32 bytes and the salt
};

constexpr std::array algorithms{algorithm{"gcm(aes)", 12, 0, false},
                                algorithm{"ccm(aes)", 16, 0, false},
                                algorithm{"rfc4106(gcm(aes))", 8, 4, false},
                                algorithm{"rfc4309(ccm(aes))", 8, 3, false},
                                algorithm{"rfc4543(gcm(aes))", 8, 4, false},
                                algorithm{"rfc7539(chacha20,poly1305)", 12, 0, true},
                                algorithm{"rfc7539esp(chacha20,poly1305)", 8, 4, true}};

const algorithm &algorithm_of(const std::string &name) {
    return *std::find_if(algorithms.begin(), algorithms.end(),
                         [&](const algorithm &a) { return name == a.name; });
}

/// What stands in a result behind the count: all bytes, if they are few.
std::optional<pattern> bytes_of(const std::string &result) {
    const std::size_t space = result.find(' ');
    if (space == std::string::npos || result.find(' ', space + 1) != std::string::npos ||
        result.find(':') != std::string::npos)
        return std::nullopt;
    return pattern::parse(std::string_view(result).substr(space + 1));
}

} // namespace

call generator::open_aead() {
    const algorithm &a = algorithms[below(algorithms.size())];
    aead_ = {};
    aead_.on = true;
    aead_.iv_size = a.iv_size;
    aead_.tag_size = 16;
    call c;
    c.what = verb::open;
    c.object = "t";
    c.type = "aead";
    c.name = mode_ = a.name;
    return c;
}

call generator::key_aead() {
    static constexpr std::array<std::size_t, 3> good{16, 24, 32};
    const algorithm &a = algorithm_of(mode_);
    const std::size_t right = (a.one_key_size ? 32 : good[below(good.size())]) + a.salt_size;
    call c;
    c.what = verb::key;
    c.object = "t";
    c.value = pattern(pattern::source::key, below(64), one_in(6) ? below(40) : right);
    return c;
}

call generator::tag() {
    call c;
    c.what = verb::tag;
    c.object = "t";
    c.size = static_cast<int>(one_in(3) ? below(20) : 8 + 4 * below(3));
    return c;
}

oracle::step generator::next_aead() {
    oracle::step s;
    if (!has_operation_ && !keyed_ && !one_in(12))
        s.what = key_aead();
    else if (!has_operation_ && one_in(3))
        s.what = one_in(2) ? tag() : key_aead();
    else if (!has_operation_)
        s.what = one_in(5) ? close("t") : accept();
    else if (poll_next_ && one_in(3))
        s.what = poll();
    else if (aead_.stuck && !one_in(3))
        s.what = close("o");
    else if (!keyed_ && one_in(2))
        s.what = key_aead();
    else if (aead_.pending && !one_in(6))
        s.what = receive_aead();
    else if (const std::size_t kind = below(100); kind < 35)
        s.what = send_sealed();
    else if (kind < 70)
        s.what = send_aead();
    else if (kind < 90)
        s.what = receive_aead();
    else if (kind < 94)
        s.what = buffer();
    else if (kind < 97)
        s.what = one_in(2) ? tag() : key_aead();
    else
        s.what = close("o");
    return s;
}

/// Mostly one that the algorithm takes.
oracle::header generator::header_aead() {
    static constexpr std::array<std::uint32_t, 8> lengths{16, 20, 16, 20, 0, 8, 12, 33};
    oracle::header h;
    if (!one_in(10))
        h.op = one_in(60) ? 2U : static_cast<std::uint32_t>(!one_in(4));
    if (!one_in(10))
        h.assoc_len = lengths[below(lengths.size())];
    if (one_in(5))
        return h;
    const std::size_t size = one_in(40) ? below(20) : aead_.iv_size;
    h.iv = pattern(pattern::source::iv, below(64), size);
    if (mode_ == "ccm(aes)" && size == aead_.iv_size) {
        // Length fields of 3 bytes and more: with 2 the longest texts are a matter of their own.
        static constexpr std::array<const char *, 6> first{"02", "03", "03", "04", "07", "09"};
        const char *const rest =
            one_in(2) ? "a1a2a3a4a5a6a7a8a9aaabacadaeaf" : "5152535455565758595a5b5c5d5e5f";
        h.iv = pattern::parse(std::string(first[below(first.size())]) + rest);
    }
    return h;
}

call generator::send_aead() {
    call c;
    c.what = verb::send;
    c.object = "o";
    if (!more_ || one_in(6))
        c.head = header_aead();
    const std::size_t assoc_len = one_in(6) ? 0 : c.head.assoc_len.value_or(0);
    const std::size_t length = assoc_len + (one_in(3) ? std::min<std::size_t>(size(), 65537) : below(30));
    for (const std::size_t part : parts_of(length)) {
        c.segments.emplace_back(pattern::source::message, offset_, part);
        offset_ = (offset_ + part) % 65536;
    }
    c.more = one_in(4);
    c.dont_wait = true;
    return c;
}

/// Decrypts what was encrypted last, or something near it.
call generator::send_sealed() {
    if (!aead_.sealed || more_)
        return send_aead();
    call c;
    c.what = verb::send;
    c.object = "o";
    c.head.op = 0;
    c.head.iv = aead_.sealed_iv;
    c.head.assoc_len = aead_.sealed_assoc_len + (one_in(8) ? 4 : 0);
    c.segments.push_back(*aead_.sealed);
    if (one_in(8))
        c.segments.emplace_back(pattern::source::message, 0, 1 + below(3));
    c.dont_wait = true;
    return c;
}

call generator::receive_aead() {
    static constexpr std::array<long, 10> around{0, 0, 0, 0, 1, 16, 40, -1, -16, -20};
    const long tag_size = static_cast<long>(aead_.tag_size);
    const long output = static_cast<long>(queued_) + (aead_.encrypts ? tag_size : -tag_size);
    const long wanted = std::max(output + around[below(around.size())], one_in(20) ? 0L : 1L);
    call c;
    c.what = verb::receive;
    c.object = "o";
    for (const std::size_t part : parts_of(one_in(12) ? size() : static_cast<std::size_t>(wanted)))
        c.rooms.push_back({part, false});
    c.dont_wait = true;
    return c;
}

void generator::observe_aead(const call &c, const std::string &result) {
    const long value = value_of(result);
    if (c.what == verb::accept || c.what == verb::close) {
        aead_.pending = aead_.stuck = aead_.encrypts = false;
        aead_.assoc_len = 0;
        aead_.iv.reset();
        if (c.object == "t")
            aead_.sealed.reset();
    } else if (c.what == verb::key && value == 0) {
        aead_.sealed.reset();
    } else if (c.what == verb::tag && value == 0) {
        aead_.tag_size = static_cast<std::size_t>(c.size);
        aead_.sealed.reset();
    } else if (c.what == verb::send && value >= 0) {
        if (c.head.any()) {
            aead_.encrypts = c.head.op.value_or(0) == 1;
            aead_.assoc_len = c.head.assoc_len.value_or(0);
            if (c.head.iv)
                aead_.iv = c.head.iv;
        }
        aead_.pending = !c.more;
    } else if (c.what == verb::send && result == "-EINVAL") {
        aead_.pending = true; // perhaps something is left
    } else if (c.what == verb::receive) {
        if (value > 0 && aead_.encrypts && aead_.iv) {
            aead_.sealed = bytes_of(result);
            aead_.sealed_iv = aead_.iv;
            aead_.sealed_assoc_len = aead_.assoc_len;
        }
        if (result == "-EINVAL")
            aead_.stuck = true;
        if (value > 0 || result == "-EBADMSG" || result == "-EAGAIN") {
            aead_.pending = false;
            if (!more_)
                forget_queue();
        }
    }
}

} // namespace kcapi::diff
