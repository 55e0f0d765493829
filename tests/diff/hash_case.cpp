// SPDX-License-Identifier: BSD-3-Clause
// Messages of a hash: whole or in pieces, with copies of the running state, and receives of every size.
#include "diff/case_source.hpp"

namespace kcapi::diff {

namespace {

using oracle::call;

constexpr std::size_t nhpoly1305_key = 1088;

class hash_case final : public case_source {
  public:
    hash_case(std::uint64_t seed, const test::name_record &about)
        : case_source(seed, about), digest_(number_of(about, "digest")), messages_(1 + random_.below(3)) {
        plan_open();
        std::vector<std::size_t> keys = sizes_of(about, "keys");
        if (about.name == "nhpoly1305")
            keys = {nhpoly1305_key};
        // Without one: what needs a key refuses the rest, and what has none refuses the key.
        if (keys.empty() ? random_.one_in(20) : !random_.one_in(12))
            plan_key(random_.bytes(size_like(keys)));
        plan_accept("o", "t");
    }

  protected:
    bool more() override {
        if (messages_ == 0)
            return false;
        --messages_;
        std::size_t pieces = random_.one_in(3) ? 1 : 2 + random_.below(4);
        const std::size_t copied_after = random_.one_in(2) ? random_.below(pieces) : pieces;
        std::string copy;
        std::size_t left = random_.length(1);
        for (std::size_t i = 0; i < pieces; ++i) {
            const std::size_t part = i + 1 == pieces ? left : random_.below(left + 1);
            left -= part;
            call c = send_of("o", part);
            c.more = i + 1 < pieces || random_.one_in(4);
            plan(c);
            if (!copy.empty() && random_.one_in(2)) {
                call other = send_of(copy, random_.below(300));
                other.more = random_.one_in(2);
                plan(std::move(other));
            }
            if (i == copied_after) {
                copy = "c" + std::to_string(++copies_);
                plan_accept(copy, "o");
            }
        }
        plan_receive("o", room());
        if (!copy.empty()) {
            plan_receive(copy, room());
            plan_close(copy);
        }
        if (random_.one_in(8))
            plan_receive("o", room());
        return true;
    }

  private:
    std::vector<oracle::room> room() {
        const std::size_t size = random_.one_in(5) ? random_.below(digest_ + 10) : digest_;
        return random_.rooms(size);
    }

    std::size_t digest_;
    std::size_t messages_;
    std::size_t copies_ = 0;
};

} // namespace

std::unique_ptr<case_source> make_hash_case(std::uint64_t seed, const test::name_record &about) {
    return std::make_unique<hash_case>(seed, about);
}

} // namespace kcapi::diff
