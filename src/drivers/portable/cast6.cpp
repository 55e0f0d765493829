// SPDX-License-Identifier: BSD-3-Clause
//
// The names are those of RFC 2612: a quad-round changes the words C, B, A, D in turn, an octave of the key
// schedule G, F, E, D, C, B, A, H.
#include "drivers/portable/cast6.hpp"

#include "base/secret.hpp"
#include "drivers/portable/block.hpp"
#include "drivers/portable/cast_boxes.hpp"
#include "drivers/portable/words.hpp"

#include <bit>

namespace kcapi::portable {

namespace {

using std::uint32_t;
using std::uint8_t;

/// The three kinds of round function; `rotation` is 0 to 31.
uint32_t f1(uint32_t data, unsigned rotation, uint32_t mask) noexcept {
    const uint32_t i = std::rotl(mask + data, static_cast<int>(rotation));
    return ((cast_boxes[0][i >> 24] ^ cast_boxes[1][i >> 16 & 0xff]) - cast_boxes[2][i >> 8 & 0xff]) +
           cast_boxes[3][i & 0xff];
}
uint32_t f2(uint32_t data, unsigned rotation, uint32_t mask) noexcept {
    const uint32_t i = std::rotl(mask ^ data, static_cast<int>(rotation));
    return ((cast_boxes[0][i >> 24] - cast_boxes[1][i >> 16 & 0xff]) + cast_boxes[2][i >> 8 & 0xff]) ^
           cast_boxes[3][i & 0xff];
}
uint32_t f3(uint32_t data, unsigned rotation, uint32_t mask) noexcept {
    const uint32_t i = std::rotl(mask - data, static_cast<int>(rotation));
    return ((cast_boxes[0][i >> 24] + cast_boxes[1][i >> 16 & 0xff]) ^ cast_boxes[2][i >> 8 & 0xff]) -
           cast_boxes[3][i & 0xff];
}

using octet_words = std::array<uint32_t, 8>;
using block_words = std::array<uint32_t, 4>;

/// The constants of the key schedule, made as it goes.
class schedule {
  public:
    void octave(octet_words &k) noexcept {
        auto &[a, b, c, d, e, f, g, h] = k;
        next();
        g ^= f1(h, rotation_[0], mask_[0]);
        f ^= f2(g, rotation_[1], mask_[1]);
        e ^= f3(f, rotation_[2], mask_[2]);
        d ^= f1(e, rotation_[3], mask_[3]);
        c ^= f2(d, rotation_[4], mask_[4]);
        b ^= f3(c, rotation_[5], mask_[5]);
        a ^= f1(b, rotation_[6], mask_[6]);
        h ^= f2(a, rotation_[7], mask_[7]);
    }

  private:
    void next() noexcept {
        for (std::size_t i = 0; i < mask_.size(); ++i) {
            mask_[i] = next_mask_;
            next_mask_ += 0x6ed9eba1;
            rotation_[i] = next_rotation_;
            next_rotation_ = (next_rotation_ + 17) % 32;
        }
    }

    uint32_t next_mask_ = 0x5a827999;
    unsigned next_rotation_ = 19;
    octet_words mask_{};
    std::array<unsigned, 8> rotation_{};
};

struct round_keys {
    std::array<unsigned, 4> rotation;
    block_words mask;
};

class cast6 {
  public:
    static constexpr std::size_t block_size = 16;

    cast6() = default;
    ~cast6() { base::wipe(rounds_.data(), sizeof rounds_); }
    cast6(const cast6 &) = delete;
    cast6 &operator=(const cast6 &) = delete;

    [[nodiscard]] bool expand(base::bytes key) noexcept {
        if (key.size() < 16 || key.size() > 32 || key.size() % 4 != 0)
            return false;
        octet_words k{};
        for (std::size_t i = 0; i < key.size() / 4; ++i)
            k[i] = load_be<uint32_t>(key.data() + 4 * i);
        schedule s;
        for (round_keys &r : rounds_) {
            s.octave(k);
            s.octave(k);
            const auto &[a, b, c, d, e, f, g, h] = k;
            r = {{a & 31, c & 31, e & 31, g & 31}, {h, f, d, b}};
        }
        base::wipe(k.data(), sizeof k);
        return true;
    }

    void encrypt(const uint8_t *in, uint8_t *out) const noexcept {
        block_words b = load(in);
        for (std::size_t i = 0; i < 6; ++i)
            forward(b, rounds_[i]);
        for (std::size_t i = 6; i < 12; ++i)
            reverse(b, rounds_[i]);
        store(b, out);
    }

    void decrypt(const uint8_t *in, uint8_t *out) const noexcept {
        block_words b = load(in);
        for (std::size_t i = 12; i-- > 6;)
            forward(b, rounds_[i]);
        for (std::size_t i = 6; i-- > 0;)
            reverse(b, rounds_[i]);
        store(b, out);
    }

  private:
    static block_words load(const uint8_t *in) noexcept {
        block_words b;
        for (std::size_t i = 0; i < b.size(); ++i)
            b[i] = load_be<uint32_t>(in + 4 * i);
        return b;
    }
    static void store(const block_words &b, uint8_t *out) noexcept {
        for (std::size_t i = 0; i < b.size(); ++i)
            store_be(b[i], out + 4 * i);
    }
    static void forward(block_words &block, const round_keys &k) noexcept {
        auto &[a, b, c, d] = block;
        c ^= f1(d, k.rotation[0], k.mask[0]);
        b ^= f2(c, k.rotation[1], k.mask[1]);
        a ^= f3(b, k.rotation[2], k.mask[2]);
        d ^= f1(a, k.rotation[3], k.mask[3]);
    }
    /// Undoes forward.
    static void reverse(block_words &block, const round_keys &k) noexcept {
        auto &[a, b, c, d] = block;
        d ^= f1(a, k.rotation[3], k.mask[3]);
        a ^= f3(b, k.rotation[2], k.mask[2]);
        b ^= f2(c, k.rotation[1], k.mask[1]);
        c ^= f1(d, k.rotation[0], k.mask[0]);
    }

    std::array<round_keys, 12> rounds_{};
};

} // namespace

int make_cast6(const local::driver &, base::bytes key, std::unique_ptr<local::cipher_key> &out) noexcept {
    return make_block<cast6>(key, out);
}

} // namespace kcapi::portable
