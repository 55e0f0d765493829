// SPDX-License-Identifier: BSD-3-Clause
//
// Makes calls of bytes, on two drivers of one algorithm at once: every count, number and byte has to agree.
// The first byte chooses the two; a key of 32 bytes follows from the second; then each call takes two bytes,
// what it is and how much.
#include "local/engine.hpp"
#include "local/modules.hpp"
#include "oracle/session.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

using namespace kcapi;
using oracle::call;
using oracle::pattern;
using oracle::verb;

struct two {
    const char *type;
    const char *left;
    const char *right;
    std::size_t key_size;
    std::size_t iv_size;
};

constexpr two pairs[] = {{"skcipher", "cbc-aes-openssl", "cbc(aes-openssl)", 32, 16},
                         {"skcipher", "ctr-aes-openssl", "ctr(aes-openssl)", 16, 16},
                         {"skcipher", "ecb-aes-openssl", "ecb(aes-openssl)", 24, 0},
                         {"skcipher", "ctr-camellia-openssl", "ctr(camellia-gcrypt)", 32, 16},
                         {"skcipher", "cbc-blowfish-openssl", "cbc(blowfish-gcrypt)", 16, 8},
                         {"aead", "gcm-aes-openssl", "gcm(aes-openssl)", 32, 12},
                         {"aead", "ccm-aes-openssl", "ccm(aes-openssl)", 16, 16},
                         {"hash", "sha256-openssl", "sha256-gcrypt", 0, 0},
                         {"hash", "sha3-384-openssl", "sha3-384-gcrypt", 0, 0},
                         {"hash", "hmac-sha512-openssl", "hmac(sha512-gcrypt)", 32, 0},
                         {"hash", "cmac-aes-openssl", "cmac(aes-openssl)", 16, 0}};

/// The bytes that calls are made of; zeros after the last.
class input {
  public:
    input(const std::uint8_t *data, std::size_t size) : data_(data), size_(size) {}
    [[nodiscard]] bool empty() const noexcept { return at_ >= size_; }
    std::uint8_t take() noexcept { return empty() ? 0 : data_[at_++]; }

  private:
    const std::uint8_t *data_;
    std::size_t size_;
    std::size_t at_ = 0;
};

/// Short ones one by one, then in steps, up to 8 KiB.
std::size_t length_of(std::uint8_t b) noexcept { return b < 128 ? b : std::size_t{64} * (b - 127U); }

class comparison {
  public:
    explicit comparison(const two &pair) : left_(engine()), right_(engine()), pair_(pair) {}

    oracle::outcome perform(call c) {
        call other = c;
        if (c.what == verb::open) {
            c.name = pair_.left;
            other.name = pair_.right;
        }
        text_ += to_text(c) + '\n';
        const oracle::outcome a = left_.perform(c);
        const oracle::outcome b = right_.perform(other);
        if (a == b)
            return a;
        std::fprintf(stderr, "%s and %s disagree:\n%s= %s\nand %s\n", pair_.left, pair_.right, text_.c_str(),
                     to_text(a).c_str(), to_text(b).c_str());
        std::abort();
    }

  private:
    static oracle::backend &engine() {
        static const std::unique_ptr<oracle::backend> local =
            oracle::make_seam_backend(local::make_engine(local::linked_modules(), {}));
        return *local;
    }

    oracle::session left_;
    oracle::session right_;
    const two &pair_;
    std::string text_;
};

call on(verb what, const char *object) {
    call c;
    c.what = what;
    c.object = object;
    c.dont_wait = true;
    return c;
}

call send_of(const two &pair, input &in, std::uint8_t what) {
    call c = on(verb::send, "o");
    const std::size_t length = length_of(in.take());
    c.segments.emplace_back(pattern::source::message, what, length / 2);
    c.segments.emplace_back(pattern::source::random, what, length - length / 2);
    c.more = (what & 8) != 0;
    if ((what & 16) == 0)
        return c;
    c.head.op = what >> 5 & 1;
    c.head.iv = pattern(pattern::source::iv, what >> 6, pair.iv_size);
    // A CCM IV begins with the size of a length field.
    if (std::string_view(pair.left).starts_with("ccm"))
        c.head.iv = pattern(pattern::source::fill, 1 + (what >> 6), pair.iv_size);
    if (std::string_view(pair.type) == "aead")
        c.head.assoc_len = in.take() % 80;
    return c;
}

void run(const two &pair, input in) {
    comparison both(pair);
    call c = on(verb::open, "t");
    c.type = pair.type;
    if (both.perform(c).value != 0) {
        std::fprintf(stderr, "there is no %s\n", pair.left);
        std::abort();
    }
    c = on(verb::key, "t");
    c.value = pattern(pattern::source::key, in.take(), pair.key_size);
    if (pair.key_size != 0)
        (void)both.perform(c);
    c = on(verb::accept, "o");
    c.parent = "t";
    (void)both.perform(c);
    bool copied = false;
    while (!in.empty()) {
        const std::uint8_t what = in.take();
        switch (what & 7) {
        case 0:
        case 1:
        case 2:
            (void)both.perform(send_of(pair, in, what));
            break;
        case 3:
        case 4:
            c = on(verb::receive, copied && (what & 8) != 0 ? "p" : "o");
            c.rooms.push_back({length_of(in.take()), false});
            if ((what & 16) != 0)
                c.rooms.push_back({length_of(in.take()), false});
            (void)both.perform(c);
            break;
        case 5:
            (void)both.perform(on(verb::close, "o"));
            c = on(verb::accept, "o");
            c.parent = "t";
            (void)both.perform(c);
            break;
        case 6:
            if (copied)
                (void)both.perform(on(verb::close, "p"));
            c = on(verb::accept, "p");
            c.parent = "o";
            copied = both.perform(c).value == 0;
            break;
        default:
            c = on(verb::tag, "t");
            c.size = in.take() % 20;
            (void)both.perform(c);
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    input in(data, size);
    const two &pair = pairs[in.take() % std::size(pairs)];
    run(pair, in);
    return 0;
}
