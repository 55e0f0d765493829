// SPDX-License-Identifier: BSD-3-Clause
//
// The names are those of the paper: q, h, g, MDS, RS. The S-boxes of a key are expanded together with the MDS
// matrix into four tables of words.
#include "drivers/portable/twofish.hpp"

#include "base/secret.hpp"
#include "drivers/portable/block.hpp"
#include "drivers/portable/words.hpp"

#include <bit>

namespace kcapi::portable {

namespace {

using std::uint32_t;
using std::uint8_t;

using permutation = std::array<uint8_t, 256>;
using nibbles = std::array<std::array<uint8_t, 16>, 4>;

constexpr unsigned ror4(unsigned x) noexcept { return (x >> 1 | x << 3) & 15; }

/// Section 4.3.5.
constexpr permutation make_q(const nibbles &t) noexcept {
    permutation q{};
    for (unsigned x = 0; x < 256; ++x) {
        unsigned a = x >> 4;
        unsigned b = x & 15;
        for (std::size_t i = 0; i < 4; i += 2) {
            const unsigned mixed = a ^ b;
            const unsigned turned = (a ^ ror4(b) ^ a << 3) & 15;
            a = t[i][mixed];
            b = t[i + 1][turned];
        }
        q[x] = static_cast<uint8_t>(b << 4 | a);
    }
    return q;
}

constexpr std::array<permutation, 2> q{
    make_q({{{0x8, 0x1, 0x7, 0xd, 0x6, 0xf, 0x3, 0x2, 0x0, 0xb, 0x5, 0x9, 0xe, 0xc, 0xa, 0x4},
             {0xe, 0xc, 0xb, 0x8, 0x1, 0x2, 0x3, 0x5, 0xf, 0x4, 0xa, 0x6, 0x7, 0x0, 0x9, 0xd},
             {0xb, 0xa, 0x5, 0xe, 0x6, 0xd, 0x9, 0x0, 0xc, 0x8, 0xf, 0x3, 0x2, 0x4, 0x7, 0x1},
             {0xd, 0x7, 0xf, 0x4, 0x1, 0x2, 0x6, 0xe, 0x9, 0xb, 0x3, 0x0, 0x8, 0x5, 0xc, 0xa}}}),
    make_q({{{0x2, 0x8, 0xb, 0xd, 0xf, 0x7, 0x6, 0xe, 0x3, 0x1, 0x9, 0x4, 0x0, 0xa, 0xc, 0x5},
             {0x1, 0xe, 0x2, 0xb, 0x4, 0xc, 0x3, 0x7, 0x6, 0xd, 0xa, 0x5, 0xf, 0x9, 0x0, 0x8},
             {0x4, 0xc, 0x7, 0x5, 0x1, 0x6, 0x9, 0xa, 0x0, 0xe, 0xd, 0x8, 0x2, 0xb, 0x3, 0xf},
             {0xb, 0x9, 0x5, 0x1, 0xc, 0x3, 0xd, 0xe, 0x6, 0x4, 0x7, 0xf, 0x2, 0x0, 0x8, 0xa}}})};

/// Which q each byte goes through, from the layer of a fourth key word (keys of 32 bytes) to the last.
constexpr uint8_t layers[5][4] = {{1, 0, 0, 1}, {1, 1, 0, 0}, {0, 1, 0, 1}, {0, 0, 1, 1}, {1, 0, 1, 0}};

constexpr uint8_t mds[4][4] = {
    {0x01, 0xef, 0x5b, 0x5b}, {0x5b, 0xef, 0xef, 0x01}, {0xef, 0x5b, 0x01, 0xef}, {0xef, 0x01, 0xef, 0x5b}};
constexpr unsigned mds_polynomial = 0x169;

constexpr uint8_t rs[4][8] = {{0x01, 0xa4, 0x55, 0x87, 0x5a, 0x58, 0xdb, 0x9e},
                              {0xa4, 0x56, 0x82, 0xf3, 0x1e, 0xc6, 0x68, 0xe5},
                              {0x02, 0xa1, 0xfc, 0xc1, 0x47, 0xae, 0x3d, 0x19},
                              {0xa4, 0x55, 0x87, 0x5a, 0x58, 0xdb, 0x9e, 0x03}};
constexpr unsigned rs_polynomial = 0x14d;

constexpr unsigned multiply(unsigned a, unsigned b, unsigned polynomial) noexcept {
    unsigned product = 0;
    for (; b != 0; b >>= 1) {
        product ^= a & (0U - (b & 1));
        a = a << 1 ^ (polynomial & (0U - (a >> 7 & 1)));
    }
    return product;
}

/// Column `i` of the MDS matrix times `x`.
constexpr uint32_t mds_column(std::size_t i, unsigned x) noexcept {
    uint32_t column = 0;
    for (std::size_t row = 0; row < 4; ++row)
        column |= multiply(mds[row][i], x, mds_polynomial) << (8 * row);
    return column;
}

using key_words = std::array<uint32_t, 4>;

/// One byte of h before the MDS matrix; `list` has `count` words, the first of them used last.
unsigned substitute(std::size_t i, unsigned x, const key_words &list, std::size_t count) noexcept {
    for (std::size_t n = count; n-- > 0;)
        x = q[layers[3 - n][i]][x] ^ (list[n] >> (8 * i) & 0xff);
    return q[layers[4][i]][x];
}

uint32_t h(unsigned x, const key_words &list, std::size_t count) noexcept {
    uint32_t word = 0;
    for (std::size_t i = 0; i < 4; ++i)
        word ^= mds_column(i, substitute(i, x, list, count));
    return word;
}

class twofish {
  public:
    static constexpr std::size_t block_size = 16;

    twofish() = default;
    ~twofish() {
        base::wipe(subkeys_.data(), sizeof subkeys_);
        base::wipe(boxes_.data(), sizeof boxes_);
    }
    twofish(const twofish &) = delete;
    twofish &operator=(const twofish &) = delete;

    [[nodiscard]] bool expand(base::bytes key) noexcept {
        if (key.size() != 16 && key.size() != 24 && key.size() != 32)
            return false;
        const std::size_t count = key.size() / 8;
        key_words even{};
        key_words odd{};
        key_words s{};
        for (std::size_t i = 0; i < count; ++i) {
            even[i] = load_le<uint32_t>(key.data() + 8 * i);
            odd[i] = load_le<uint32_t>(key.data() + 8 * i + 4);
            for (std::size_t row = 0; row < 4; ++row)
                for (std::size_t j = 0; j < 8; ++j)
                    s[count - 1 - i] ^= multiply(rs[row][j], key[8 * i + j], rs_polynomial) << (8 * row);
        }
        for (unsigned i = 0; i < subkeys_.size(); i += 2) {
            const uint32_t a = h(i, even, count);
            const uint32_t b = std::rotl(h(i + 1, odd, count), 8);
            subkeys_[i] = a + b;
            subkeys_[i + 1] = std::rotl(a + 2 * b, 9);
        }
        for (std::size_t i = 0; i < 4; ++i)
            for (unsigned x = 0; x < 256; ++x)
                boxes_[i][x] = mds_column(i, substitute(i, x, s, count));
        for (key_words *const secret : {&even, &odd, &s})
            base::wipe(secret->data(), sizeof *secret);
        return true;
    }

    void encrypt(const uint8_t *in, uint8_t *out) const noexcept {
        key_words r = load(in, 0);
        for (std::size_t round = 0; round < rounds; round += 2) {
            forward(r[0], r[1], r[2], r[3], round);
            forward(r[2], r[3], r[0], r[1], round + 1);
        }
        store({r[2], r[3], r[0], r[1]}, 4, out);
    }

    void decrypt(const uint8_t *in, uint8_t *out) const noexcept {
        const key_words c = load(in, 4);
        key_words r{c[2], c[3], c[0], c[1]};
        for (std::size_t round = rounds; round != 0; round -= 2) {
            backward(r[2], r[3], r[0], r[1], round - 1);
            backward(r[0], r[1], r[2], r[3], round - 2);
        }
        store(r, 0, out);
    }

  private:
    static constexpr std::size_t rounds = 16;

    [[nodiscard]] key_words load(const uint8_t *in, std::size_t whitening) const noexcept {
        key_words r;
        for (std::size_t i = 0; i < 4; ++i)
            r[i] = load_le<uint32_t>(in + 4 * i) ^ subkeys_[whitening + i];
        return r;
    }
    void store(const key_words &r, std::size_t whitening, uint8_t *out) const noexcept {
        for (std::size_t i = 0; i < 4; ++i)
            store_le(r[i] ^ subkeys_[whitening + i], out + 4 * i);
    }

    [[nodiscard]] uint32_t g(uint32_t x) const noexcept {
        return boxes_[0][x & 0xff] ^ boxes_[1][x >> 8 & 0xff] ^ boxes_[2][x >> 16 & 0xff] ^
               boxes_[3][x >> 24];
    }
    void forward(uint32_t a, uint32_t b, uint32_t &c, uint32_t &d, std::size_t round) const noexcept {
        const uint32_t t0 = g(a);
        const uint32_t t1 = g(std::rotl(b, 8));
        c = std::rotr(c ^ (t0 + t1 + subkeys_[8 + 2 * round]), 1);
        d = std::rotl(d, 1) ^ (t0 + 2 * t1 + subkeys_[9 + 2 * round]);
    }
    void backward(uint32_t a, uint32_t b, uint32_t &c, uint32_t &d, std::size_t round) const noexcept {
        const uint32_t t0 = g(a);
        const uint32_t t1 = g(std::rotl(b, 8));
        c = std::rotl(c, 1) ^ (t0 + t1 + subkeys_[8 + 2 * round]);
        d = std::rotr(d ^ (t0 + 2 * t1 + subkeys_[9 + 2 * round]), 1);
    }

    std::array<uint32_t, 40> subkeys_{};
    std::array<std::array<uint32_t, 256>, 4> boxes_{};
};

} // namespace

int make_twofish(const local::driver &, base::bytes key, std::unique_ptr<local::cipher_key> &out) noexcept {
    return make_block<twofish>(key, out);
}

} // namespace kcapi::portable
