// SPDX-License-Identifier: BSD-3-Clause
//
// A Feistel network of 16 rounds. The round function looks each byte of a half up in a table of its own; the
// bytes found, taken as 32 bits, are rotated to the left as a whole.
#include "drivers/portable/fcrypt.hpp"

#include "base/secret.hpp"
#include "drivers/portable/block.hpp"
#include "drivers/portable/fcrypt_boxes.hpp"
#include "drivers/portable/words.hpp"

#include <bit>

namespace kcapi::portable {

namespace {

using std::uint32_t;
using std::uint8_t;

uint32_t round_function(uint32_t half) noexcept {
    const uint32_t found =
        uint32_t{fcrypt_boxes[3][half & 0xff]} << 16 | uint32_t{fcrypt_boxes[2][half >> 8 & 0xff]} << 8 |
        uint32_t{fcrypt_boxes[0][half >> 24]} | uint32_t{fcrypt_boxes[1][half >> 16 & 0xff]} << 24;
    return std::rotl(found, 3);
}

class fcrypt {
  public:
    static constexpr std::size_t block_size = 8;

    fcrypt() = default;
    ~fcrypt() { base::wipe(rounds_.data(), sizeof rounds_); }
    fcrypt(const fcrypt &) = delete;
    fcrypt &operator=(const fcrypt &) = delete;

    /// The round keys are the low words of a 56-bit number that turns by 11 bits to the right.
    [[nodiscard]] bool expand(base::bytes key) noexcept {
        if (key.size() != 8)
            return false;
        std::uint64_t bits = 0;
        for (const uint8_t b : key)
            bits = bits << 7 | b >> 1;
        for (uint32_t &round : rounds_) {
            round = static_cast<uint32_t>(bits);
            bits = (bits >> 11 | bits << 45) & 0xffffffffffffff;
        }
        base::wipe(&bits, sizeof bits);
        return true;
    }

    void encrypt(const uint8_t *in, uint8_t *out) const noexcept {
        uint32_t left = load_be<uint32_t>(in);
        uint32_t right = load_be<uint32_t>(in + 4);
        for (std::size_t i = 0; i < rounds_.size(); i += 2) {
            left ^= round_function(right ^ rounds_[i]);
            right ^= round_function(left ^ rounds_[i + 1]);
        }
        store_be(left, out);
        store_be(right, out + 4);
    }

    void decrypt(const uint8_t *in, uint8_t *out) const noexcept {
        uint32_t left = load_be<uint32_t>(in);
        uint32_t right = load_be<uint32_t>(in + 4);
        for (std::size_t i = rounds_.size(); i != 0; i -= 2) {
            right ^= round_function(left ^ rounds_[i - 1]);
            left ^= round_function(right ^ rounds_[i - 2]);
        }
        store_be(left, out);
        store_be(right, out + 4);
    }

  private:
    std::array<uint32_t, 16> rounds_{};
};

} // namespace

int make_fcrypt(const local::driver &, base::bytes key, std::unique_ptr<local::cipher_key> &out) noexcept {
    return make_block<fcrypt>(key, out);
}

} // namespace kcapi::portable
