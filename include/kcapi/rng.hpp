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
    /// Takes the place of the system's entropy, so that a DRBG gives published answers. For tests only: who
    /// knows it knows all that comes.
    bytes entropy{};
};

/// A generator: "stdrng", the best there is, or one by its driver's name such as "drbg_nopr_hmac_sha512". It
/// is seeded when it is made.
class rng : public detail::object {
  public:
    /// Errors as hash::create; also EINVAL (a seed that the generator does not take) and, with `entropy`,
    /// ENOPROTOOPT (the generator or the kernel takes none), EACCES, EMSGSIZE (more than 128 bytes).
    [[nodiscard]] static result<rng> create(std::string_view name = "stdrng", rng_options o = {}) noexcept {
        result<detail::handle> h = detail::handle::open("rng", name, o.on);
        if (!h)
            return h.error();
        if (!detail::fits_32(o.seed.size()) || !detail::fits_32(o.entropy.size()))
            return error{EINVAL, "the length of the seed or entropy"};
        if (!o.entropy.empty())
            if (const int r = give(*h, kcapi_rng_setentropy, o.entropy); r < 0)
                return error{-r, "setting the entropy"};
        if (const int r = give(*h, kcapi_rng_seed, o.seed); r < 0)
            return error{-r, "seeding the generator"};
        return rng(std::move(*h));
    }

    /// generate fills `out`, or wipes it and fails.
    result<void> generate(mutable_bytes out) noexcept {
        return detail::done_or_error(kcapi_rng_generate(get(), out.data(), out.size()), "generating");
    }

    /// This one has additional input, for a generator that was made with `entropy`. An engine may use it for
    /// the first 128 bytes of `out` only. EOPNOTSUPP: no entropy was set; EMSGSIZE: more than 128 bytes of
    /// it.
    result<void> generate(mutable_bytes out, bytes additional) noexcept {
        if (!detail::fits_32(additional.size()))
            return error{EMSGSIZE, "the length of the additional input"};
        if (const int r = give(owned(), kcapi_rng_setaddtl, additional); r < 0) {
            kcapi_memset_secure(out.data(), 0, out.size());
            return error{-r, "giving additional input"};
        }
        return generate(out);
    }

  private:
    explicit rng(detail::handle h) noexcept : object(std::move(h)) {}

    /// For C functions that only read what they are given.
    static int give(const detail::handle &h, int (*function)(kcapi_handle *, std::uint8_t *, std::uint32_t),
                    bytes b) noexcept {
        return function(h.get(), const_cast<std::uint8_t *>(b.data()), static_cast<std::uint32_t>(b.size()));
    }
};

/// random_bytes fills `out` from a generator of its own, "stdrng".
inline result<void> random_bytes(mutable_bytes out) noexcept {
    return detail::done_or_error(kcapi_rng_get_bytes(out.data(), out.size()), "generating");
}

} // namespace kcapi
