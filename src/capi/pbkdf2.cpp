// SPDX-License-Identifier: BSD-3-Clause
#include "capi/pbkdf2.hpp"

#include "base/secret.hpp"

#include <array>
#include <cerrno>

namespace kcapi::capi {

namespace {

constexpr std::uint64_t default_threshold = 1U << 27; // nanoseconds, about 0.134 s
constexpr std::uint32_t fewest_iterations = 1U << 16;
constexpr std::uint64_t most_iterations = 1ULL << 31; // the last power of two that a count can be

constexpr alg::call_flags whole_message{.more = false, .dont_wait = true};

/// Bytes on their way through the derivation.
struct prf_block {
    std::array<std::uint8_t, max_prf_size> bytes{};
    prf_block() = default;
    ~prf_block() { base::wipe(bytes); }
    prf_block(const prf_block &) = delete;
    prf_block &operator=(const prf_block &) = delete;
};

/// out = PRF(input).
result<void> apply(alg::operation &prf, base::iov_list input, base::mutable_bytes out) {
    const result<std::size_t> sent = prf.send(input, nullptr, whole_message);
    if (!sent)
        return sent.error();
    if (*sent != base::total_length(input))
        return error{EIO, "pbkdf: the hash took a part"};
    const iovec to = base::to_iovec(out);
    const result<std::size_t> received = prf.receive({&to, 1}, whole_message);
    if (!received)
        return received.error();
    if (*received != out.size())
        return error{EIO, "pbkdf: the digest is short"};
    return {};
}

/// T_i = U_1 ^ U_2 ^ ... ^ U_count.
result<void> derive_block(alg::operation &prf, base::bytes salt, std::uint32_t index, std::uint32_t count,
                          base::mutable_bytes t) {
    const std::array<std::uint8_t, 4> big_endian{
        static_cast<std::uint8_t>(index >> 24), static_cast<std::uint8_t>(index >> 16),
        static_cast<std::uint8_t>(index >> 8), static_cast<std::uint8_t>(index)};
    const std::array<iovec, 2> first{base::to_iovec(salt), base::to_iovec(base::bytes(big_endian))};
    if (const result<void> r = apply(prf, first, t); !r)
        return r;
    prf_block block;
    const base::mutable_bytes u(block.bytes.data(), t.size());
    std::copy(t.begin(), t.end(), u.begin());
    // Two calls an iteration is what the seam has for a hash.
    const iovec again = base::to_iovec(base::bytes(u));
    for (std::uint32_t i = 1; i < count; ++i) {
        if (const result<void> r = apply(prf, {&again, 1}, u); !r)
            return r;
        for (std::size_t j = 0; j < t.size(); ++j)
            t[j] ^= u[j];
    }
    return {};
}

} // namespace

result<void> pbkdf2(alg::transform &prf, base::bytes salt, std::uint32_t count, base::mutable_bytes key) {
    // An engine may do all of it in one go, without a call for each iteration.
    if (result<void> r = prf.pbkdf2(salt, count, key); r || r.error().code != EOPNOTSUPP)
        return r;
    const std::size_t size = prf.info().digest_size;
    const result<std::unique_ptr<alg::operation>> operation = prf.accept();
    if (!operation)
        return operation.error();
    prf_block block;
    const base::mutable_bytes t(block.bytes.data(), size);
    std::uint32_t index = 0;
    for (std::size_t done = 0; done < key.size(); done += size) {
        if (const result<void> r = derive_block(**operation, salt, ++index, count, t); !r)
            return r;
        const std::size_t n = std::min(size, key.size() - done);
        std::copy_n(t.begin(), n, key.begin() + static_cast<std::ptrdiff_t>(done));
    }
    return {};
}

result<std::uint32_t> iterations_for(std::uint64_t threshold, const measure_iterations &measure) {
    if (threshold == 0)
        threshold = default_threshold;
    bool exceeded = false;
    for (std::uint64_t count = 1; count <= most_iterations;) {
        const result<std::uint64_t> elapsed = measure(static_cast<std::uint32_t>(count));
        if (!elapsed)
            return elapsed.error();
        if (*elapsed <= threshold) {
            exceeded = false;
            count *= 2;
        } else if (exceeded) {
            return std::max(static_cast<std::uint32_t>(count), fewest_iterations);
        } else {
            exceeded = true;
        }
    }
    return error{ERANGE, "pbkdf: no iteration count takes so long"};
}

} // namespace kcapi::capi
