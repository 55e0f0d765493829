// SPDX-License-Identifier: BSD-3-Clause
//
// Key derivation from passwords.
#include "capi/boundary.hpp"
#include "capi/open.hpp"
#include "capi/output_guard.hpp"
#include "capi/pbkdf2.hpp"

#include <array>
#include <chrono>

using namespace kcapi;
using namespace kcapi::capi;

namespace {

/// The answer where no derivation can be timed.
constexpr std::uint32_t iterations_unmeasured = 1U << 18;

/// A hash under `password`, ready for pbkdf2().
result<std::shared_ptr<alg::transform>> open_prf(const char *hash_name, base::bytes password) {
    if (hash_name == nullptr)
        return error{EINVAL, "pbkdf: the name of the hash is NULL"};
    result<runtime::opened> o = open_algorithm(alg::kind::hash, hash_name);
    if (!o)
        return o.error();
    const std::size_t size = o->transform->info().digest_size;
    if (size == 0 || size > max_prf_size)
        return error{EFAULT, "pbkdf: the size of the digest"};
    if (const result<std::uint32_t> r = o->transform->set(alg::parameter::key, password); !r)
        return r.error();
    return std::move(o->transform);
}

/// Text as bytes, without the final NUL.
template <std::size_t N>
base::bytes text_bytes(const char (&text)[N]) noexcept {
    return {reinterpret_cast<const std::uint8_t *>(text), N - 1};
}

/// What a derivation of a short key from a short password costs, opening the hash included.
result<std::uint64_t> measure(const char *hash_name, std::uint32_t count) {
    using clock = std::chrono::steady_clock;
    std::array<std::uint8_t, 16> key{};
    const clock::time_point start = clock::now();
    const result<std::shared_ptr<alg::transform>> prf = open_prf(hash_name, text_bytes("passwordpassword"));
    if (!prf)
        return prf.error();
    if (const result<void> r = pbkdf2(**prf, text_bytes("salt"), count, key); !r)
        return r.error();
    const auto elapsed = std::chrono::duration_cast<std::chrono::nanoseconds>(clock::now() - start);
    return static_cast<std::uint64_t>(elapsed.count());
}

} // namespace

KCAPI_EXPORT ssize_t kcapi_pbkdf(const char *hashname, const uint8_t *pw, uint32_t pw_len,
                                 const uint8_t *salt, size_t salt_len, uint32_t count, uint8_t *key,
                                 size_t key_len) {
    return guarded([&]() -> result<void> {
        if (key_len > INT_MAX)
            return error{EMSGSIZE, "pbkdf: keylen is above INT_MAX"};
        const base::mutable_bytes output(key, key == nullptr ? 0 : key_len);
        output_guard guard(output);
        if (count == 0)
            return error{EINVAL, "pbkdf: no iterations"};
        if (salt_len > INT_MAX)
            return error{EMSGSIZE, "pbkdf: saltlen is above INT_MAX"};
        if ((pw == nullptr && pw_len != 0) || (salt == nullptr && salt_len != 0) || output.size() != key_len)
            return error{EFAULT, "NULL buffer with a length"};
        const result<std::shared_ptr<alg::transform>> prf = open_prf(hashname, {pw, pw_len});
        if (!prf)
            return prf.error();
        result<void> r = pbkdf2(**prf, {salt, salt_len}, count, output);
        if (r)
            guard.complete();
        return r;
    });
}

KCAPI_EXPORT uint32_t kcapi_pbkdf_iteration_count(const char *hashname, uint64_t timeshresh) {
    std::uint32_t count = iterations_unmeasured;
    (void)guarded([&]() -> result<void> {
        const result<std::uint32_t> found =
            iterations_for(timeshresh, [&](std::uint32_t n) { return measure(hashname, n); });
        if (!found)
            return found.error();
        count = *found;
        return {};
    });
    return count;
}
