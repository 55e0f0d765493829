// SPDX-License-Identifier: BSD-3-Clause
#include "drivers/portable/xxhash64.hpp"

#include "drivers/portable/state_hash.hpp"
#include "drivers/portable/words.hpp"

namespace kcapi::portable {

namespace {

using std::uint64_t;

constexpr uint64_t prime1 = 0x9e3779b185ebca87;
constexpr uint64_t prime2 = 0xc2b2ae3d27d4eb4f;
constexpr uint64_t prime3 = 0x165667b19e3779f9;
constexpr uint64_t prime4 = 0x85ebca77c2b2ae63;
constexpr uint64_t prime5 = 0x27d4eb2f165667c5;

constexpr std::size_t lane_size = 8;
constexpr std::size_t stripe_size = 4 * lane_size;

uint64_t mix(uint64_t accumulator, uint64_t lane) noexcept {
    return std::rotl(accumulator + lane * prime2, 31) * prime1;
}

class xxhash64 {
  public:
    explicit xxhash64(uint64_t seed) noexcept
        : seed_(seed), lanes_{seed + prime1 + prime2, seed + prime2, seed, seed - prime1} {}

    void update(base::bytes data) noexcept {
        length_ += data.size();
        while (!data.empty()) {
            const std::size_t n = std::min(stripe_size - held_, data.size());
            std::copy_n(data.begin(), n, stripe_.begin() + static_cast<std::ptrdiff_t>(held_));
            data = data.subspan(n);
            held_ += n;
            if (held_ == stripe_size)
                absorb();
        }
    }

    void finish(std::uint8_t *digest) noexcept {
        uint64_t h = length_ < stripe_size ? seed_ + prime5 : merged();
        h += length_;
        const std::uint8_t *at = stripe_.data();
        for (; held_ >= 8; held_ -= 8, at += 8)
            h = std::rotl(h ^ mix(0, load_le<uint64_t>(at)), 27) * prime1 + prime4;
        for (; held_ >= 4; held_ -= 4, at += 4)
            h = std::rotl(h ^ load_le<std::uint32_t>(at) * prime1, 23) * prime2 + prime3;
        for (; held_ != 0; --held_, ++at)
            h = std::rotl(h ^ *at * prime5, 11) * prime1;
        h = (h ^ h >> 33) * prime2;
        h = (h ^ h >> 29) * prime3;
        store_le(h ^ h >> 32, digest);
    }

  private:
    void absorb() noexcept {
        for (std::size_t i = 0; i < lanes_.size(); ++i)
            lanes_[i] = mix(lanes_[i], load_le<uint64_t>(stripe_.data() + lane_size * i));
        held_ = 0;
    }
    [[nodiscard]] uint64_t merged() const noexcept {
        uint64_t h = std::rotl(lanes_[0], 1) + std::rotl(lanes_[1], 7) + std::rotl(lanes_[2], 12) +
                     std::rotl(lanes_[3], 18);
        for (const uint64_t lane : lanes_)
            h = (h ^ mix(0, lane)) * prime1 + prime4;
        return h;
    }

    uint64_t seed_;
    std::array<uint64_t, 4> lanes_;
    uint64_t length_ = 0;
    std::array<std::uint8_t, stripe_size> stripe_{};
    std::size_t held_ = 0;
};

} // namespace

int make_xxhash64(const local::driver &, base::bytes key, std::unique_ptr<local::hash_key> &out) noexcept {
    if (!key.empty() && key.size() != sizeof(uint64_t))
        return EINVAL;
    return make_state_hash(xxhash64(key.empty() ? 0 : load_le<uint64_t>(key.data())), out);
}

} // namespace kcapi::portable
