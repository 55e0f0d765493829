// SPDX-License-Identifier: BSD-3-Clause
#include "diff/generator.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>

namespace kcapi::diff {

namespace {

using oracle::call;
using oracle::pattern;
using oracle::verb;

constexpr std::size_t page = 4096;
constexpr std::size_t default_capacity = 212992;
constexpr std::size_t chunk = 16;
constexpr std::array modes{"ecb(aes)", "cbc(aes)", "ctr(aes)", "xts(aes)", "cts(cbc(aes))"};
/// Around these something happens: a block, a page, what fits into a buffer.
constexpr std::array<std::size_t, 14> small_sizes{0, 1, 15, 16, 17, 31, 32, 33, 48, 64, 100, 255, 256, 1000};
constexpr std::array<std::size_t, 6> middle_sizes{4080, 4095, 4096, 4097, 8192, 12289};
constexpr std::array<std::size_t, 8> large_sizes{65535, 65536, 65537, 208896, 212976, 212991, 212992, 212993};
/// Up to wmem_max of every kernel.
constexpr std::array<int, 9> buffer_sizes{1, 2048, 4096, 5000, 8192, 16384, 65536, 106496, 212992};

/// What SO_SNDBUF makes of a value.
std::size_t capacity_of(int value) noexcept {
    return std::max(2 * static_cast<std::size_t>(value) / page * page, page);
}

} // namespace

long value_of(const std::string &result) {
    long value = 0;
    const auto [end, failure] = std::from_chars(result.data(), result.data() + result.size(), value);
    return failure == std::errc() && value >= 0 ? value : -1;
}

generator::generator(std::uint64_t seed, scope what) : random_(seed), scope_(what) {}

bool generator::keeps_messages_whole() const {
    const bool cts = mode_ == "cts(cbc(aes))" && scope_ == scope::defined;
    return cts || (mode_ == "xts(aes)" && scope_ != scope::everything);
}

std::size_t generator::below(std::size_t limit) {
    // Not a distribution of the library: those differ between implementations, and a seed shall not.
    return static_cast<std::size_t>(random_() % limit);
}

std::size_t generator::size() {
    const std::size_t kind = below(40);
    if (kind == 0)
        return large_sizes[below(large_sizes.size())];
    if (kind < 5)
        return middle_sizes[below(middle_sizes.size())];
    if (kind < 12)
        return below(300);
    return small_sizes[below(small_sizes.size())];
}

/// Cuts a length at random places, mostly not at all.
std::vector<std::size_t> generator::parts_of(std::size_t total) {
    const std::size_t parts = one_in(3) ? 1 + below(4) : 1;
    std::vector<std::size_t> cuts{0, total};
    for (std::size_t i = 1; i < parts; ++i)
        cuts.push_back(below(total + 1));
    std::sort(cuts.begin(), cuts.end());
    std::adjacent_difference(cuts.begin(), cuts.end(), cuts.begin());
    return {cuts.begin() + 1, cuts.end()};
}

oracle::step generator::next() {
    oracle::step s;
    if (has_transform_ && aead_.on)
        return next_aead();
    if (!has_transform_)
        s.what = offers_aead() && one_in(2) ? open_aead() : open();
    else if (!has_operation_ && (!keyed_ || one_in(4)) && !one_in(12))
        s.what = key();
    else if (!has_operation_)
        s.what = one_in(10) ? close("t") : accept();
    else if (poll_next_)
        s.what = poll();
    else if (keeps_messages_whole() && !one_in(20))
        s.what = whole_message();
    else if (!more_ && (queued_ != 0 || !certain_) && !one_in(4))
        s.what = receive(); // what is finished has to be collected before anything else goes on
    else if (const std::size_t kind = keeps_messages_whole() ? 93 + below(7) : below(100); kind < 60)
        s.what = send();
    else if (kind < 93)
        s.what = receive();
    else if (kind < 95)
        s.what = buffer();
    else if (kind < 97)
        s.what = key();
    else
        s.what = close("o");
    return s;
}

call generator::open() {
    call c;
    aead_.on = false;
    c.what = verb::open;
    c.object = "t";
    c.type = "skcipher";
    c.name = mode_ = modes[below(modes.size())];
    return c;
}

call generator::key() {
    const bool xts = mode_ == "xts(aes)";
    static constexpr std::array<std::size_t, 3> good{16, 24, 32};
    static constexpr std::array<std::size_t, 8> bad{0, 1, 15, 17, 31, 33, 40, 65};
    const std::size_t length = one_in(4) ? bad[below(bad.size())] : good[below(good.size())] * (xts ? 2 : 1);
    call c;
    c.what = verb::key;
    c.object = "t";
    c.value = pattern(pattern::source::key, below(64), length);
    return c;
}

call generator::accept() const {
    call c;
    c.what = verb::accept;
    c.object = "o";
    c.parent = "t";
    return c;
}

oracle::header generator::header() {
    oracle::header h;
    if (!one_in(8))
        h.op = one_in(40) ? 2U : static_cast<std::uint32_t>(below(2));
    const bool has_iv = mode_ != "ecb(aes)";
    if (has_iv ? !one_in(4) : one_in(8)) {
        const std::size_t right = has_iv ? 16 : 0;
        h.iv = pattern(pattern::source::iv, below(64), one_in(30) ? below(33) : right);
    }
    if (one_in(30))
        h.assoc_len = static_cast<std::uint32_t>(below(100));
    return h;
}

call generator::send() {
    call c;
    c.what = verb::send;
    c.object = "o";
    if (one_in(3))
        c.head = header();
    const std::size_t length = size();
    for (const std::size_t part : parts_of(length)) {
        c.segments.emplace_back(pattern::source::message, offset_, part);
        offset_ = (offset_ + part) % 65536;
    }
    c.more = !one_in(3);
    // A page to spare: the last page in use may be partly lost to the count.
    const bool fits = certain_ && queued_ + length + page <= capacity_;
    c.dont_wait = !(fits && one_in(2));
    return c;
}

/// Either sends one, with its IV, or collects all there is.
call generator::whole_message() {
    call c;
    if (queued_ != 0 || !certain_) {
        c = receive();
        c.rooms = {{large_sizes.back() * 2, false}};
        c.dont_wait = true;
        return c;
    }
    c = send();
    c.head = {static_cast<std::uint32_t>(below(2)), pattern(pattern::source::iv, below(64), 16),
              std::nullopt};
    c.more = false;
    return c;
}

std::size_t generator::room() {
    if (certain_ && one_in(2)) {
        static constexpr std::array<long, 7> around{0, 0, 0, -1, 1, 16, -16};
        const long wanted = static_cast<long>(queued_) + around[below(around.size())];
        const std::size_t whole = queued_ / chunk * chunk;
        return one_in(3) ? whole : static_cast<std::size_t>(std::max(wanted, 0L));
    }
    return size();
}

call generator::receive() {
    call c;
    c.what = verb::receive;
    c.object = "o";
    // Linux 6.1 ends a pass where less than a page of its receive buffer is left and a segment ends, and may
    // put more than the buffer into one; what does not chain shows where passes end.
    const std::size_t most = scope_ == scope::linux_6_1 ? default_capacity - page : SIZE_MAX;
    const std::size_t length = std::min(room(), most);
    for (const std::size_t part : parts_of(length))
        c.rooms.push_back({part, false});
    const std::size_t sure = more_ ? queued_ / chunk * chunk : queued_;
    const bool filled = length == 0 || (certain_ && length <= sure);
    c.dont_wait = !(filled && one_in(2));
    return c;
}

call generator::buffer() {
    call c;
    const bool receives = scope_ == scope::everything && one_in(3);
    c.what = receives ? verb::receive_buffer : verb::send_buffer;
    c.object = "o";
    // With the largest a queue may exceed SO_RCVBUF, and is collected in several passes.
    c.size = buffer_sizes[below(buffer_sizes.size() - (scope_ == scope::everything ? 0 : 1))];
    return c;
}

call generator::poll() const {
    call c;
    c.what = verb::poll;
    c.object = "o";
    return c;
}

call generator::close(const char *object) const {
    call c;
    c.what = verb::close;
    c.object = object;
    return c;
}

void generator::forget_queue() {
    queued_ = 0;
    more_ = false;
    certain_ = true;
}

void generator::observe(const oracle::step &s, const std::string &result) {
    const call &c = s.what;
    const long value = value_of(result);
    poll_next_ = c.what != verb::poll && (has_operation_ || c.what == verb::accept);
    if (aead_.on)
        observe_aead(c, result);
    switch (c.what) {
    case verb::open:
        has_transform_ = true;
        keyed_ = false;
        break;
    case verb::key:
        keyed_ = keyed_ || value == 0;
        break;
    case verb::accept:
        has_operation_ = true;
        capacity_ = default_capacity;
        forget_queue();
        break;
    case verb::close:
        poll_next_ = false;
        (c.object == "o" ? has_operation_ : has_transform_) = false;
        break;
    case verb::send:
        sent(c, value);
        break;
    case verb::receive:
        received(c, value);
        if (result == "-EAGAIN" && !more_)
            forget_queue();
        break;
    case verb::send_buffer:
        capacity_ = capacity_of(c.size);
        break;
    case verb::tag:
    case verb::poll:
    case verb::receive_buffer:
        break;
    }
}

void generator::sent(const call &c, long value) {
    if (value < 0)
        return;
    std::size_t length = 0;
    for (const pattern &segment : c.segments)
        length += segment.size();
    queued_ += static_cast<std::size_t>(value);
    if (static_cast<std::size_t>(value) == length)
        more_ = c.more;
}

/// A failure may or may not have used up what was queued, and a short count may hide one.
void generator::received(const call &c, long value) {
    std::size_t length = 0;
    for (const oracle::room &r : c.rooms)
        length += r.length;
    const std::size_t taken = value < 0 ? 0 : static_cast<std::size_t>(value);
    queued_ -= std::min(taken, queued_);
    if (length != 0 && !more_ && queued_ != 0 && taken < length)
        certain_ = false;
    // A message whose all is asked for is gone, whatever became of it.
    if (keeps_messages_whole())
        forget_queue();
}

} // namespace kcapi::diff
