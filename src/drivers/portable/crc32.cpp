// SPDX-License-Identifier: BSD-3-Clause
//
// Eight bytes a step with eight tables; table n advances a byte over n further ones.
#include "drivers/portable/crc32.hpp"

#include <new>

namespace kcapi::portable {

namespace {

using tables = std::array<std::array<std::uint32_t, 256>, 8>;

/// `polynomial` with its bits reversed, as the register has them.
constexpr tables make_tables(std::uint32_t polynomial) noexcept {
    tables t{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t r = i;
        for (int bit = 0; bit < 8; ++bit)
            r = (r >> 1) ^ (polynomial & (0U - (r & 1)));
        t[0][i] = r;
    }
    for (std::size_t n = 1; n < t.size(); ++n)
        for (std::size_t i = 0; i < 256; ++i)
            t[n][i] = (t[n - 1][i] >> 8) ^ t[0][t[n - 1][i] & 0xff];
    return t;
}

constexpr tables ieee = make_tables(0xedb88320U);
constexpr tables castagnoli = make_tables(0x82f63b78U);

constexpr std::uint32_t load(const std::uint8_t *p) noexcept {
    return static_cast<std::uint32_t>(p[0]) | static_cast<std::uint32_t>(p[1]) << 8 |
           static_cast<std::uint32_t>(p[2]) << 16 | static_cast<std::uint32_t>(p[3]) << 24;
}

std::uint32_t advance(const tables &t, std::uint32_t r, base::bytes data) noexcept {
    while (data.size() >= 8) {
        const std::uint32_t low = r ^ load(data.data());
        const std::uint32_t high = load(data.data() + 4);
        r = t[7][low & 0xff] ^ t[6][low >> 8 & 0xff] ^ t[5][low >> 16 & 0xff] ^ t[4][low >> 24] ^
            t[3][high & 0xff] ^ t[2][high >> 8 & 0xff] ^ t[1][high >> 16 & 0xff] ^ t[0][high >> 24];
        data = data.subspan(8);
    }
    for (const std::uint8_t b : data)
        r = (r >> 8) ^ t[0][(r ^ b) & 0xff];
    return r;
}

class crc_context final : public local::hash_context {
  public:
    crc_context(const tables &t, std::uint32_t start, std::uint32_t last_xor) noexcept
        : tables_(t), start_(start), last_xor_(last_xor), register_(start) {}

    int update(base::bytes data) noexcept override {
        register_ = advance(tables_, register_, data);
        return 0;
    }

    int finish(std::uint8_t *digest) noexcept override {
        const std::uint32_t value = register_ ^ last_xor_;
        for (unsigned i = 0; i < 4; ++i)
            digest[i] = static_cast<std::uint8_t>(value >> (8 * i));
        register_ = start_;
        return 0;
    }

    int restart() noexcept override {
        register_ = start_;
        return 0;
    }

    std::unique_ptr<local::hash_context> clone() const noexcept override {
        return std::unique_ptr<local::hash_context>(new (std::nothrow) crc_context(*this));
    }

  private:
    const tables &tables_;
    const std::uint32_t start_;
    const std::uint32_t last_xor_;
    std::uint32_t register_;
};

class crc_key final : public local::hash_key {
  public:
    crc_key(const tables &t, std::uint32_t start, std::uint32_t last_xor) noexcept
        : tables_(t), start_(start), last_xor_(last_xor) {}

    std::unique_ptr<local::hash_context> open() const noexcept override {
        return std::unique_ptr<local::hash_context>(new (std::nothrow)
                                                        crc_context(tables_, start_, last_xor_));
    }

  private:
    const tables &tables_;
    const std::uint32_t start_;
    const std::uint32_t last_xor_;
};

int make(const tables &t, std::uint32_t start, std::uint32_t last_xor, base::bytes key,
         std::unique_ptr<local::hash_key> &out) noexcept {
    if (!key.empty() && key.size() != 4)
        return EINVAL;
    out.reset(new (std::nothrow) crc_key(t, key.empty() ? start : load(key.data()), last_xor));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace

int make_crc32(const local::driver &, base::bytes key, std::unique_ptr<local::hash_key> &out) noexcept {
    return make(ieee, 0, 0, key, out);
}

int make_crc32c(const local::driver &, base::bytes key, std::unique_ptr<local::hash_key> &out) noexcept {
    return make(castagnoli, 0xffffffffU, 0xffffffffU, key, out);
}

} // namespace kcapi::portable
