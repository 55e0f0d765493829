// SPDX-License-Identifier: BSD-3-Clause
// Seeds and receives of a generator. What comes out is nobody's but its own, so only errors and sizes count;
// ansi_cprng gives what its seed says.
#include "diff/case_source.hpp"

namespace kcapi::diff {

namespace {

class rng_case final : public case_source {
  public:
    rng_case(std::uint64_t seed, const test::name_record &about)
        : case_source(seed, about), receives_(1 + random_.below(3)) {
        plan_open();
        if (!random_.one_in(8))
            plan_key(random_.bytes(size_like(sizes_of(about, "keys"))));
        plan_accept("o", "t");
        if (random_.one_in(10))
            plan(send_of("o", random_.below(20)));
    }

  protected:
    bool more() override {
        if (receives_ == 0)
            return false;
        --receives_;
        plan_receive("o", random_.rooms(random_.one_in(8) ? random_.below(1000) : random_.below(140)));
        if (about_.name != "ansi_cprng")
            last_planned().bytes = given_bytes::any;
        return true;
    }

  private:
    std::size_t receives_;
};

} // namespace

std::unique_ptr<case_source> make_rng_case(std::uint64_t seed, const test::name_record &about) {
    return std::make_unique<rng_case>(seed, about);
}

} // namespace kcapi::diff
