// SPDX-License-Identifier: BSD-3-Clause
// Up to three messages on one operation: each in one send or in pieces, with receives between them or not,
// with an IV of its own or the one that the last message left, and sometimes back again.
#include "diff/case_source.hpp"

#include <algorithm>

namespace kcapi::diff {

namespace {

using oracle::call;
using oracle::pattern;
using oracle::verb;

class skcipher_case final : public case_source {
  public:
    skcipher_case(std::uint64_t seed, const test::name_record &about, bool separate)
        : case_source(seed, about), iv_size_(number_of(about, "iv")), block_(number_of(about, "block")),
          chunk_(std::max<std::size_t>(number_of(about, "chunk"), 1)), messages_(1 + random_.below(3)),
          hides_iv_(about.name.starts_with("kw(")), separate_(separate) {
        plan_open();
        plan_key(random_.bytes(size_like(sizes_of(about, "keys"))));
        plan_accept("o", "t");
    }

    void observe(const call &c, const oracle::outcome &o) override {
        if (c.what == verb::receive && o.value > 0)
            received_.insert(received_.end(), o.received.begin(), o.received.end());
    }

  protected:
    bool more() override {
        if (back_ && !received_.empty()) {
            back_ = false;
            plan(way_back());
            plan_receives(received_.size());
            return true;
        }
        back_ = false;
        if (messages_ == 0)
            return false;
        --messages_;
        message();
        return true;
    }

  private:
    void message() {
        received_.clear();
        back_ = random_.one_in(2);
        op_ = static_cast<std::uint32_t>(random_.below(2));
        iv_.reset();
        if (separate_ || !random_.one_in(4))
            iv_ = random_.iv(!separate_ && random_.one_in(40) ? random_.below(34) : iv_size_);
        const std::size_t size = random_.length(block_);
        const std::size_t pieces = random_.one_in(2) ? 1 : 2 + random_.below(4);
        std::size_t left = size;
        for (std::size_t i = 1; i <= pieces; ++i) {
            const std::size_t part = i == pieces ? left : random_.below(left + 1);
            left -= part;
            call c = send_of("o", part);
            if (i == 1)
                c.head = header();
            c.more = i < pieces;
            plan(std::move(c));
            if (i < pieces && !separate_ && random_.one_in(2))
                plan_receive("o", random_.rooms(room(size)));
        }
        plan_receives(size);
    }

    oracle::header header() {
        oracle::header h;
        if (!separate_ && random_.one_in(12)) {
            iv_.reset();
            return h;
        }
        h.op = !separate_ && random_.one_in(50) ? 2 : op_;
        h.iv = iv_;
        return h;
    }

    /// What came back, with the IV it began with, or with what the message left.
    call way_back() {
        call c;
        c.what = verb::send;
        c.object = "o";
        c.head.op = op_ ^ 1;
        if (iv_ && !hides_iv_)
            c.head.iv = iv_;
        const std::string text = oracle::to_hex(received_.data(), received_.size());
        c.segments.push_back(pattern::parse(text).value_or(pattern()));
        c.dont_wait = true;
        return c;
    }

    std::size_t room(std::size_t size) {
        const std::size_t n = random_.below(size + 20);
        return random_.one_in(2) ? n / chunk_ * chunk_ : n;
    }

    /// All of it at once, or a part first. The last one leaves nothing behind.
    void plan_receives(std::size_t size) {
        for (std::size_t i = !separate_ && random_.one_in(3) ? 1 + random_.below(3) : 0; i > 0; --i)
            plan_receive("o", random_.rooms(room(size)));
        plan_receive("o", random_.rooms(std::max<std::size_t>(size, 1) + (random_.one_in(3) ? 16 : 0)));
        if (random_.one_in(20)) {
            call c;
            c.object = "o";
            plan(std::move(c));
        }
    }

    std::size_t iv_size_;
    std::size_t block_;
    std::size_t chunk_;
    std::size_t messages_;
    bool hides_iv_;
    bool separate_;
    bool back_ = false;
    std::uint32_t op_ = 0;
    std::optional<pattern> iv_;
    std::vector<std::uint8_t> received_;
};

} // namespace

std::unique_ptr<case_source> make_skcipher_case(std::uint64_t seed, const test::name_record &about,
                                                const kernel_ways &ways) {
    return std::make_unique<skcipher_case>(seed, about, ways.separate_messages);
}

} // namespace kcapi::diff
