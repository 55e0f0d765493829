// SPDX-License-Identifier: BSD-3-Clause
//
// Random numbers.
#pragma once

#include <kcapi/algorithm.hpp>

namespace kcapi {

struct rng_options {
    std::optional<engine> on{};
    /// What the generator is seeded with. A DRBG takes its entropy itself and mixes this in; it may be empty.
    bytes seed{};
};

/// A generator: "stdrng", the best there is, or one by its driver's name such as "drbg_nopr_hmac_sha512". It
/// is seeded when it is made.
class rng : public detail::object {
  public:
    /// Errors as hash::create; also EINVAL (a seed that the generator does not take).
    [[nodiscard]] static result<rng> create(std::string_view name = "stdrng", rng_options o = {}) noexcept {
        result<detail::handle> h = detail::handle::open("rng", name, o.on);
        if (!h)
            return h.error();
        if (!detail::fits_32(o.seed.size()))
            return error{EINVAL, "the length of the seed"};
        // The C function reads it only.
        auto *const seed = const_cast<std::uint8_t *>(o.seed.data());
        if (const int r = kcapi_rng_seed(h->get(), seed, static_cast<std::uint32_t>(o.seed.size())); r < 0)
            return error{-r, "seeding the generator"};
        return rng(std::move(*h));
    }

    /// generate fills `out`, or wipes it and fails.
    result<void> generate(mutable_bytes out) noexcept {
        return detail::done_or_error(kcapi_rng_generate(get(), out.data(), out.size()), "generating");
    }

  private:
    explicit rng(detail::handle h) noexcept : object(std::move(h)) {}
};

/// random_bytes fills `out` from a generator of its own, "stdrng".
inline result<void> random_bytes(mutable_bytes out) noexcept {
    return detail::done_or_error(kcapi_rng_get_bytes(out.data(), out.size()), "generating");
}

} // namespace kcapi
