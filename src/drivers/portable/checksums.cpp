// SPDX-License-Identifier: BSD-3-Clause
#include "drivers/portable/checksums.hpp"

#include "drivers/portable/state_hash.hpp"
#include "drivers/portable/words.hpp"

namespace kcapi::portable {

namespace {

template <class Word>
using table = std::array<Word, 256>;

/// The first bit on the wire is the highest of the register.
constexpr table<std::uint16_t> make_high_first(std::uint16_t polynomial) noexcept {
    table<std::uint16_t> t{};
    for (unsigned i = 0; i < t.size(); ++i) {
        unsigned r = i << 8;
        for (int bit = 0; bit < 8; ++bit)
            r = r << 1 ^ (polynomial & (0U - (r >> 15 & 1)));
        t[i] = static_cast<std::uint16_t>(r);
    }
    return t;
}

/// The first bit on the wire is the lowest; `polynomial` has its bits reversed.
constexpr table<std::uint64_t> make_low_first(std::uint64_t polynomial) noexcept {
    table<std::uint64_t> t{};
    for (std::uint64_t i = 0; i < t.size(); ++i) {
        std::uint64_t r = i;
        for (int bit = 0; bit < 8; ++bit)
            r = r >> 1 ^ (polynomial & (std::uint64_t{0} - (r & 1)));
        t[i] = r;
    }
    return t;
}

constexpr table<std::uint16_t> t10dif = make_high_first(0x8bb7);
constexpr table<std::uint64_t> rocksoft = make_low_first(0x9a6c9329ac4bc9b5);

struct crct10dif {
    unsigned value = 0;

    void update(base::bytes data) noexcept {
        for (const std::uint8_t b : data)
            value = (value << 8 & 0xffff) ^ t10dif[value >> 8 ^ b];
    }
    void finish(std::uint8_t *digest) noexcept {
        digest[0] = static_cast<std::uint8_t>(value);
        digest[1] = static_cast<std::uint8_t>(value >> 8);
    }
};

struct crc64 {
    std::uint64_t value = ~std::uint64_t{0};

    void update(base::bytes data) noexcept {
        for (const std::uint8_t b : data)
            value = value >> 8 ^ rocksoft[(value ^ b) & 0xff];
    }
    void finish(std::uint8_t *digest) noexcept { store_le(~value, digest); }
};

struct nothing {
    void update(base::bytes) noexcept {}
    void finish(std::uint8_t *) noexcept {}
};

} // namespace

int make_crct10dif(const local::driver &, base::bytes, std::unique_ptr<local::hash_key> &out) noexcept {
    return make_state_hash(crct10dif{}, out);
}

int make_crc64(const local::driver &, base::bytes, std::unique_ptr<local::hash_key> &out) noexcept {
    return make_state_hash(crc64{}, out);
}

int make_digest_null(const local::driver &, base::bytes, std::unique_ptr<local::hash_key> &out) noexcept {
    return make_state_hash(nothing{}, out);
}

} // namespace kcapi::portable
