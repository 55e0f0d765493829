// SPDX-License-Identifier: BSD-3-Clause
#include "diff/hash_generator.hpp"

#include <algorithm>
#include <array>

namespace kcapi::diff {

namespace {

using oracle::call;
using oracle::pattern;
using oracle::verb;

/// What every kernel has.
constexpr std::array names{"md5",          "sha1",         "sha256",         "sha512",     "sha3-256",
                           "crc32",        "crc32c",       "hmac(md5)",      "hmac(sha1)", "hmac(sha256)",
                           "hmac(sha384)", "hmac(sha512)", "hmac(sha3-384)", "cmac(aes)"};
/// Around blocks, paddings and batches.
constexpr std::array<std::size_t, 20> sizes{0,  1,  3,   15,  16,  17,  55,  56,  63,   64,
                                            65, 71, 103, 111, 112, 127, 128, 129, 1000, 4097};
constexpr std::array<std::size_t, 4> large_sizes{65535, 65536, 65537, 200000};
constexpr std::array<std::size_t, 12> key_sizes{0, 1, 4, 8, 16, 16, 24, 32, 64, 65, 129, 145};
constexpr std::array<std::size_t, 10> rooms{0, 1, 4, 16, 20, 31, 32, 64, 64, 100};

} // namespace

std::size_t hash_generator::size() {
    if (one_in(60))
        return large_sizes[below(large_sizes.size())];
    return one_in(4) ? below(300) : sizes[below(sizes.size())];
}

oracle::step hash_generator::next() {
    oracle::step s;
    const std::size_t kind = below(100);
    if (!has_transform_)
        s.what = open();
    else if (operations_.empty() || (operations_.size() < 3 && kind < 8))
        s.what = operations_.empty() && kind < 40 ? key() : accept();
    else if (kind < 50)
        s.what = send();
    else if (kind < 86)
        s.what = receive();
    else if (kind < 89)
        s.what = key();
    else if (kind < 91)
        s.what = on_operation(verb::poll);
    else if (kind < 92) {
        s.what = on_operation(one_in(2) ? verb::send_buffer : verb::receive_buffer);
        s.what.size = 4096;
    } else
        s.what = on_operation(verb::close);
    if (s.what.what == verb::accept && operations_.empty() && one_in(6)) {
        s.what = {};
        s.what.what = verb::close;
        s.what.object = "t";
    }
    return s;
}

call hash_generator::open() {
    call c;
    c.what = verb::open;
    c.object = "t";
    c.type = "hash";
    c.name = names[below(names.size())];
    return c;
}

call hash_generator::key() {
    call c;
    c.what = verb::key;
    c.object = "t";
    c.value = pattern(pattern::source::key, below(64), key_sizes[below(key_sizes.size())]);
    return c;
}

/// Of the transform, or a copy.
call hash_generator::accept() {
    call c;
    c.what = verb::accept;
    c.object = "o" + std::to_string(next_name_++);
    c.parent = operations_.empty() || one_in(3) ? "t" : operations_[below(operations_.size())];
    return c;
}

call hash_generator::on_operation(verb what) {
    call c;
    c.what = what;
    c.object = operations_[below(operations_.size())];
    return c;
}

call hash_generator::send() {
    call c = on_operation(verb::send);
    if (one_in(8)) {
        c.head.op = static_cast<std::uint32_t>(below(3));
        if (one_in(2))
            c.head.iv = pattern(pattern::source::iv, 0, below(20));
    }
    for (std::size_t parts = one_in(4) ? below(4) : 1; parts > 0; --parts) {
        const std::size_t length = size();
        c.segments.emplace_back(pattern::source::message, offset_, length);
        offset_ = (offset_ + length) % 65536;
    }
    c.more = one_in(2);
    c.dont_wait = one_in(4);
    return c;
}

call hash_generator::receive() {
    call c = on_operation(verb::receive);
    for (std::size_t parts = one_in(4) ? 2 + below(3) : 1; parts > 0; --parts)
        c.rooms.push_back({rooms[below(rooms.size())], false});
    c.dont_wait = one_in(2);
    return c;
}

void hash_generator::observe(const oracle::step &s, const std::string &result) {
    const call &c = s.what;
    if (c.what == verb::open)
        has_transform_ = true;
    else if (c.what == verb::close && c.object == "t")
        has_transform_ = false;
    else if (c.what == verb::close)
        std::erase(operations_, c.object);
    else if (c.what == verb::accept && value_of(result) == 0)
        operations_.push_back(c.object);
}

} // namespace kcapi::diff
