// SPDX-License-Identifier: BSD-3-Clause
#include "machine_limit.hpp"

#include <string_view>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace bench {

#if defined(__x86_64__)

namespace {

#define VAES_ON_512_BITS [[gnu::target("avx512f,avx512dq,avx512bw,vaes,vpclmulqdq")]]

constexpr std::size_t middle_rounds = 13;
/// So many independent registers hide the latency of a round.
constexpr std::size_t lanes = 8;
constexpr std::size_t lane_size = 64;

using lane_values = __m512i[lanes];
using round_keys = __m512i[middle_rounds + 2];

/// Anything, as long as the compiler does not know it.
VAES_ON_512_BITS void fill(round_keys &keys) noexcept {
    for (std::size_t i = 0; i < middle_rounds + 2; ++i)
        keys[i] = _mm512_set1_epi64(static_cast<long long>(i * 0x9e3779b97f4a7c15U));
    asm volatile("" : : "r"(&keys[0]) : "memory");
}

/// Makes the compiler believe that somebody looks at them.
VAES_ON_512_BITS void use(lane_values &b) noexcept {
    asm volatile(""
                 : "+v"(b[0]), "+v"(b[1]), "+v"(b[2]), "+v"(b[3]), "+v"(b[4]), "+v"(b[5]), "+v"(b[6]),
                   "+v"(b[7]));
}

VAES_ON_512_BITS void encrypt(lane_values &b, const round_keys &keys) noexcept {
    for (std::size_t i = 0; i < lanes; ++i)
        b[i] = _mm512_xor_si512(b[i], keys[0]);
    for (std::size_t round = 1; round <= middle_rounds; ++round)
        for (std::size_t i = 0; i < lanes; ++i)
            b[i] = _mm512_aesenc_epi128(b[i], keys[round]);
    for (std::size_t i = 0; i < lanes; ++i)
        b[i] = _mm512_aesenclast_epi128(b[i], keys[middle_rounds + 1]);
}

VAES_ON_512_BITS void decrypt(lane_values &b, const round_keys &keys) noexcept {
    for (std::size_t i = 0; i < lanes; ++i)
        b[i] = _mm512_xor_si512(b[i], keys[0]);
    for (std::size_t round = 1; round <= middle_rounds; ++round)
        for (std::size_t i = 0; i < lanes; ++i)
            b[i] = _mm512_aesdec_epi128(b[i], keys[round]);
    for (std::size_t i = 0; i < lanes; ++i)
        b[i] = _mm512_aesdeclast_epi128(b[i], keys[middle_rounds + 1]);
}

/// A counter per block, and the key stream added to what would be the message.
VAES_ON_512_BITS void ctr_like(std::size_t size) noexcept {
    round_keys keys;
    fill(keys);
    const __m512i step = _mm512_set1_epi32(4);
    const __m512i message = keys[1];
    __m512i counter = keys[2];
    for (std::size_t done = 0; done < size; done += lanes * lane_size) {
        lane_values b;
        for (__m512i &one : b) {
            one = counter;
            counter = _mm512_add_epi32(counter, step);
        }
        encrypt(b, keys);
        for (__m512i &one : b)
            one = _mm512_xor_si512(one, message);
        use(b);
    }
}

/// The block before is added to each that was decrypted.
VAES_ON_512_BITS void cbc_decrypt_like(std::size_t size) noexcept {
    round_keys keys;
    fill(keys);
    __m512i before = keys[2];
    for (std::size_t done = 0; done < size; done += lanes * lane_size) {
        lane_values b;
        for (__m512i &one : b)
            one = before;
        use(b);
        decrypt(b, keys);
        for (__m512i &one : b)
            one = _mm512_xor_si512(one, before);
        before = b[lanes - 1];
        use(b);
    }
}

/// Tweaks of a lane, as many blocks on as all lanes hold together: each times x^32 in GF(2^128).
VAES_ON_512_BITS __m512i next_tweaks(__m512i tweaks) noexcept {
    const __m512i polynomial = _mm512_set1_epi64(0x87);
    const __m512i carried = _mm512_clmulepi64_epi128(_mm512_bsrli_epi128(tweaks, 12), polynomial, 0);
    return _mm512_xor_si512(_mm512_bslli_epi128(tweaks, 4), carried);
}

/// A tweak per block, added before and after.
VAES_ON_512_BITS void xts_like(std::size_t size) noexcept {
    round_keys keys;
    fill(keys);
    const __m512i message = keys[1];
    lane_values tweaks;
    for (std::size_t i = 0; i < lanes; ++i)
        tweaks[i] = keys[i + 2];
    for (std::size_t done = 0; done < size; done += lanes * lane_size) {
        lane_values b;
        for (std::size_t i = 0; i < lanes; ++i)
            b[i] = _mm512_xor_si512(message, tweaks[i]);
        encrypt(b, keys);
        for (std::size_t i = 0; i < lanes; ++i) {
            b[i] = _mm512_xor_si512(b[i], tweaks[i]);
            tweaks[i] = next_tweaks(tweaks[i]);
        }
        use(b);
    }
}

#undef VAES_ON_512_BITS

using loop = void (*)(std::size_t size) noexcept;

loop loop_of(const subject &s) noexcept {
    const std::string_view name = s.algorithm;
    if (name == "ctr(aes)")
        return ctr_like;
    if (name == "cbc(aes)" && !s.encrypt)
        return cbc_decrypt_like;
    if (name == "xts(aes)")
        return xts_like;
    return nullptr;
}

} // namespace

const char *no_machine_limit() noexcept {
    // Clang 14 does not know these two by name.
    constexpr unsigned vaes = 1U << 9;
    constexpr unsigned vpclmulqdq = 1U << 10;
    unsigned a = 0, b = 0, c = 0, d = 0;
    const bool all = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                     __builtin_cpu_supports("avx512bw") && __get_cpuid_count(7, 0, &a, &b, &c, &d) == 1 &&
                     (c & vaes) != 0 && (c & vpclmulqdq) != 0;
    return all ? "" : "this processor has no VAES and VPCLMULQDQ on 512 bits";
}

std::optional<contender> machine_limit(const bench_case &c) {
    const loop one = loop_of(*c.what);
    if (one == nullptr || c.how != path::one_shot || c.size != limit_size || *no_machine_limit() != '\0')
        return std::nullopt;
    return contender{limit_name, [one, size = c.size](std::size_t calls) { one(size * calls); }};
}

#else

const char *no_machine_limit() noexcept { return "this processor is no x86-64"; }
std::optional<contender> machine_limit(const bench_case &) { return std::nullopt; }

#endif

} // namespace bench
