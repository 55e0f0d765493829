// SPDX-License-Identifier: BSD-3-Clause
#include "drivers/portable/michael_mic.hpp"

#include "drivers/portable/state_hash.hpp"
#include "drivers/portable/words.hpp"

namespace kcapi::portable {

namespace {

using std::uint32_t;

constexpr std::size_t key_size = 8;
constexpr std::uint8_t end_mark = 0x5a;

/// The two bytes of each half change places.
constexpr uint32_t swap_pairs(uint32_t x) noexcept { return (x & 0xff00ff00) >> 8 | (x & 0x00ff00ff) << 8; }

class michael {
  public:
    explicit michael(base::bytes key) noexcept
        : left_(load_le<uint32_t>(key.data())), right_(load_le<uint32_t>(key.data() + 4)) {}

    void update(base::bytes data) noexcept {
        for (const std::uint8_t b : data) {
            word_ |= static_cast<uint32_t>(b) << (8 * held_);
            if (++held_ == 4)
                absorb();
        }
    }

    /// The mark, and zeros that fill its word and one more.
    void finish(std::uint8_t *digest) noexcept {
        update({&end_mark, 1});
        if (held_ != 0)
            absorb();
        absorb();
        store_le(left_, digest);
        store_le(right_, digest + 4);
    }

  private:
    void absorb() noexcept {
        left_ ^= word_;
        right_ ^= std::rotl(left_, 17);
        left_ += right_;
        right_ ^= swap_pairs(left_);
        left_ += right_;
        right_ ^= std::rotl(left_, 3);
        left_ += right_;
        right_ ^= std::rotr(left_, 2);
        left_ += right_;
        word_ = 0;
        held_ = 0;
    }

    uint32_t left_;
    uint32_t right_;
    uint32_t word_ = 0;
    unsigned held_ = 0;
};

} // namespace

int make_michael_mic(const local::driver &, base::bytes key, std::unique_ptr<local::hash_key> &out) noexcept {
    return key.size() == key_size ? make_state_hash(michael(key), out) : EINVAL;
}

} // namespace kcapi::portable
