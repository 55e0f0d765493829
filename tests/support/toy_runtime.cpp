// SPDX-License-Identifier: BSD-3-Clause
#include "support/toy_runtime.hpp"

#include "runtime/runtime.hpp"

#include <cerrno>

namespace kcapi::test {

toy_plan plan;

namespace {

std::shared_ptr<alg::transform> make_toy(alg::kind type, std::string_view name) {
    if (type == alg::kind::aead && name == "toy-aead")
        return make_toy_aead(1);
    if (type == alg::kind::aead && name == "toy-aead-16")
        return make_toy_aead(16);
    if (type == alg::kind::aead && name == "toy-aead-0")
        return make_toy_aead(0);
    if (type == alg::kind::hash)
        return make_toy_hash(name);
    if (type == alg::kind::rng && name == "toy-rng")
        return make_toy_rng("toy-rng", 0);
    if (type == alg::kind::rng && name == "stdrng" && plan.seed_size != no_stdrng)
        return make_toy_rng("stdrng", plan.seed_size);
    return nullptr;
}

} // namespace

} // namespace kcapi::test

namespace kcapi::runtime {

result<opened> open(alg::kind type, std::string_view name, std::optional<engine_choice>) {
    ++test::plan.opens;
    std::shared_ptr<alg::transform> t = test::make_toy(type, name);
    if (t == nullptr)
        return error{ENOENT, "toy"};
    return opened{std::move(t), "toy"};
}

const char *advice(int) noexcept { return "toys have none"; }

int default_engine_mark() noexcept { return 0; }

void set_default_engine(engine_choice) noexcept {}

} // namespace kcapi::runtime
