// SPDX-License-Identifier: BSD-3-Clause
#include "drivers/portable/aegis128.hpp"

#include "base/secret.hpp"
#include "drivers/portable/words.hpp"

#include <new>

namespace kcapi::portable {

namespace {

using std::uint8_t;

constexpr std::size_t block_size = 16;
using block = std::array<uint8_t, block_size>;

constexpr block constant0{0x00, 0x01, 0x01, 0x02, 0x03, 0x05, 0x08, 0x0d,
                          0x15, 0x22, 0x37, 0x59, 0x90, 0xe9, 0x79, 0x62};
constexpr block constant1{0xdb, 0x3d, 0x18, 0x55, 0x6d, 0xc2, 0x2f, 0xf1,
                          0x20, 0x11, 0x31, 0x42, 0x73, 0xb5, 0x28, 0xdd};

/// Times x in the field of AES.
constexpr unsigned twice(unsigned a) noexcept { return (a << 1 ^ (0x11b & (0U - (a >> 7)))) & 0xff; }

/// FIPS 197, 5.1.1: by powers of the generator 3, whose inverses are the powers from the other end.
constexpr std::array<uint8_t, 256> make_sbox() noexcept {
    std::array<unsigned, 256> power{};
    unsigned p = 1;
    for (std::size_t i = 0; i < 255; ++i) {
        power[i] = p;
        p = twice(p) ^ p;
    }
    std::array<uint8_t, 256> s{};
    s[0] = 0x63;
    for (std::size_t i = 0; i < 255; ++i) {
        const unsigned inverse = power[(255 - i) % 255];
        unsigned mixed = inverse;
        for (unsigned turn = 1; turn < 5; ++turn)
            mixed ^= (inverse << turn | inverse >> (8 - turn)) & 0xff;
        s[power[i]] = static_cast<uint8_t>(mixed ^ 0x63);
    }
    return s;
}
constexpr std::array<uint8_t, 256> sbox = make_sbox();

block operator^(const block &a, const block &b) noexcept {
    block sum;
    for (std::size_t i = 0; i < block_size; ++i)
        sum[i] = static_cast<uint8_t>(a[i] ^ b[i]);
    return sum;
}
block operator&(const block &a, const block &b) noexcept {
    block both;
    for (std::size_t i = 0; i < block_size; ++i)
        both[i] = static_cast<uint8_t>(a[i] & b[i]);
    return both;
}

/// One round of AES without a key.
block aes_round(const block &in) noexcept {
    block out;
    for (std::size_t column = 0; column < 4; ++column) {
        std::array<unsigned, 4> s;
        for (std::size_t row = 0; row < 4; ++row)
            s[row] = sbox[in[(4 * (column + row) + row) % block_size]];
        for (std::size_t row = 0; row < 4; ++row)
            out[4 * column + row] =
                static_cast<uint8_t>(twice(s[row]) ^ twice(s[(row + 1) % 4]) ^ s[(row + 1) % 4] ^
                                     s[(row + 2) % 4] ^ s[(row + 3) % 4]);
    }
    return out;
}

/// What is there of a block, and zeros.
block load(const uint8_t *from, std::size_t size) noexcept {
    block b{};
    std::copy_n(from, size, b.begin());
    return b;
}

class aegis_state {
  public:
    aegis_state(const block &key, const block &iv) noexcept
        : s_{key ^ iv, constant1, constant0, key ^ constant0, key ^ constant1} {
        for (int i = 0; i < 5; ++i) {
            update(key);
            update(key ^ iv);
        }
    }
    ~aegis_state() { base::wipe(s_.data(), sizeof s_); }
    aegis_state(const aegis_state &) = delete;
    aegis_state &operator=(const aegis_state &) = delete;

    void add_assoc(base::bytes assoc) noexcept {
        for (std::size_t at = 0; at < assoc.size(); at += block_size)
            update(load(assoc.data() + at, std::min(block_size, assoc.size() - at)));
    }

    void crypt(local::direction d, const uint8_t *in, uint8_t *out, std::size_t length) noexcept {
        for (std::size_t at = 0; at < length; at += block_size) {
            const std::size_t n = std::min(block_size, length - at);
            const block given = load(in + at, n);
            const block made = given ^ s_[1] ^ s_[4] ^ (s_[2] & s_[3]);
            std::copy_n(made.begin(), n, out + at);
            update(d == local::direction::encrypt ? given : load(made.data(), n));
        }
    }

    [[nodiscard]] block tag(std::size_t assoc_length, std::size_t length) noexcept {
        block lengths;
        store_le(std::uint64_t{assoc_length} * 8, lengths.data());
        store_le(std::uint64_t{length} * 8, lengths.data() + 8);
        const block last = s_[3] ^ lengths;
        for (int i = 0; i < 7; ++i)
            update(last);
        return s_[0] ^ s_[1] ^ s_[2] ^ s_[3] ^ s_[4];
    }

  private:
    void update(const block &message) noexcept {
        const block first = aes_round(s_[4]) ^ s_[0] ^ message;
        for (std::size_t i = 4; i > 0; --i)
            s_[i] = aes_round(s_[i - 1]) ^ s_[i];
        s_[0] = first;
    }

    std::array<block, 5> s_;
};

class aegis_context final : public local::aead_context {
  public:
    explicit aegis_context(const block &key) noexcept : key_(key) {}

    int encrypt(const local::aead_message &m, base::mutable_bytes tag) noexcept override {
        const block made = run(local::direction::encrypt, m);
        std::copy_n(made.begin(), tag.size(), tag.begin());
        return 0;
    }
    int decrypt(const local::aead_message &m, base::bytes tag) noexcept override {
        const block made = run(local::direction::decrypt, m);
        if (base::ct_equal({made.data(), tag.size()}, tag))
            return 0;
        base::wipe(m.out, m.length);
        return EBADMSG;
    }

  private:
    [[nodiscard]] block run(local::direction d, const local::aead_message &m) const noexcept {
        aegis_state state(key_, load(m.iv, block_size));
        state.add_assoc(m.assoc);
        state.crypt(d, m.in, m.out, m.length);
        return state.tag(m.assoc.size(), m.length);
    }

    const block &key_; ///< of the aegis_key, which outlives it
};

class aegis_key final : public local::aead_key {
  public:
    explicit aegis_key(base::bytes key) noexcept : key_(load(key.data(), block_size)) {}
    ~aegis_key() override { base::wipe(key_); }

    std::unique_ptr<local::aead_context> open() const noexcept override {
        return std::unique_ptr<local::aead_context>(new (std::nothrow) aegis_context(key_));
    }

  private:
    block key_;
};

} // namespace

int make_aegis128(const local::driver &, base::bytes key, std::unique_ptr<local::aead_key> &out) noexcept {
    if (key.size() != block_size)
        return EINVAL;
    out.reset(new (std::nothrow) aegis_key(key));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace kcapi::portable
