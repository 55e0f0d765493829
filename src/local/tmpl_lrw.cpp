// SPDX-License-Identifier: BSD-3-Clause
#include "local/tmpl_lrw.hpp"

#include "base/secret.hpp"
#include "local/tmpl_mode.hpp"

#include <algorithm>
#include <bit>

namespace kcapi::local {

namespace {

constexpr std::size_t size = 16;
/// Blocks per call of the cipher.
constexpr std::size_t batch = 32;

/// A block as a number, big-endian; as a polynomial, bit i is the coefficient of x^i.
struct element {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    static element load(const std::uint8_t *from) noexcept {
        element e;
        for (std::size_t i = 0; i < 8; ++i) {
            e.high = e.high << 8 | from[i];
            e.low = e.low << 8 | from[i + 8];
        }
        return e;
    }
    void store(std::uint8_t *to) const noexcept {
        for (std::size_t i = 0; i < 8; ++i) {
            to[i] = static_cast<std::uint8_t>(high >> (56 - 8 * i));
            to[i + 8] = static_cast<std::uint8_t>(low >> (56 - 8 * i));
        }
    }
    void add(const element &other) noexcept {
        high ^= other.high;
        low ^= other.low;
    }
    /// Times x, modulo x^128 + x^7 + x^2 + x + 1.
    void times_x() noexcept {
        const std::uint64_t over = high >> 63;
        high = high << 1 | low >> 63;
        low = low << 1 ^ (0x87 & (0 - over));
    }
};

/// Products of the tweak key. A block's index is no secret, so the table is looked up by it.
class tweak_table {
  public:
    explicit tweak_table(const std::uint8_t *tweak_key) noexcept {
        element power = element::load(tweak_key);
        element sum;
        for (element &e : sums_) {
            sum.add(power);
            e = sum;
            power.times_x();
        }
    }
    ~tweak_table() { base::wipe(sums_.data(), sizeof sums_); }
    tweak_table(const tweak_table &) = default;
    tweak_table &operator=(const tweak_table &) = delete;

    [[nodiscard]] element product(const element &index) const noexcept {
        element result;
        element power = sums_[0];
        for (unsigned i = 0; i < 128; ++i) {
            const std::uint64_t bit = (i < 64 ? index.low >> i : index.high >> (i - 64)) & 1;
            result.high ^= power.high & (0 - bit);
            result.low ^= power.low & (0 - bit);
            power.times_x();
        }
        return result;
    }
    /// Moves an index and its product to the next index, modulo 2^128. The two indices differ in the lowest
    /// zero and the ones below it.
    void step(element &index, element &product) const noexcept {
        const int ones = std::countr_one(index.low);
        const auto changed = static_cast<std::size_t>(ones < 64 ? ones : 64 + std::countr_one(index.high));
        product.add(sums_[std::min(changed, sums_.size() - 1)]);
        if (++index.low == 0)
            ++index.high;
    }

  private:
    /// Entry i: tweak key * (x^i + ... + 1).
    std::array<element, 128> sums_;
};

class lrw_context final : public skcipher_context {
  public:
    lrw_context(std::unique_ptr<cipher_context> inner, const tweak_table &table) noexcept
        : inner_(std::move(inner)), table_(table) {}

    int crypt(direction d, chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        if (length % size != 0)
            return EINVAL;
        element index = element::load(c.iv.data());
        element product = table_.product(index);
        std::array<std::uint8_t, batch * size> tweaks;
        int code = 0;
        for (std::size_t i = 0; i < length && code == 0;) {
            const std::size_t n = std::min(tweaks.size(), length - i);
            for (std::size_t at = 0; at < n; at += size) {
                product.store(tweaks.data() + at);
                table_.step(index, product);
            }
            std::memmove(out + i, in + i, n);
            xor_into(out + i, tweaks.data(), n);
            code = inner_->crypt(d, out + i, out + i, n);
            xor_into(out + i, tweaks.data(), n);
            i += n;
        }
        if (code == 0)
            index.store(c.iv.data());
        base::wipe(tweaks);
        base::wipe(&product, sizeof product);
        return code;
    }

  private:
    const std::unique_ptr<cipher_context> inner_;
    const tweak_table table_;
};

class lrw_key final : public skcipher_key {
  public:
    lrw_key(std::unique_ptr<cipher_key> inner, const tweak_table &table) noexcept
        : inner_(std::move(inner)), table_(table) {}

    std::unique_ptr<skcipher_context> open() const noexcept override {
        std::unique_ptr<cipher_context> inner = inner_->open();
        if (inner == nullptr)
            return nullptr;
        return std::unique_ptr<skcipher_context>(new (std::nothrow) lrw_context(std::move(inner), table_));
    }

  private:
    const std::unique_ptr<cipher_key> inner_;
    const tweak_table table_;
};

int make_lrw(const driver &self, base::bytes key, std::unique_ptr<skcipher_key> &out) noexcept {
    if (key.size() < size)
        return EINVAL;
    const driver &cipher = self.part(0);
    std::unique_ptr<cipher_key> inner;
    if (const int code = cipher.make_cipher(cipher, key.first(key.size() - size), inner); code != 0)
        return code;
    out.reset(new (std::nothrow) lrw_key(std::move(inner), tweak_table(key.last(size).data())));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace

bool fill_lrw(driver &instance) noexcept {
    const limits &inner = instance.part(0).sizes;
    if (inner.block_size != size)
        return false;
    instance.sizes = block_limits(size);
    instance.sizes.min_key_size = inner.min_key_size + static_cast<std::uint32_t>(size);
    instance.sizes.max_key_size = inner.max_key_size + static_cast<std::uint32_t>(size);
    instance.sizes.checks_length_first = true;
    instance.make_skcipher = make_lrw;
    return true;
}

} // namespace kcapi::local
