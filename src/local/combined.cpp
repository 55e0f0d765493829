// SPDX-License-Identifier: BSD-3-Clause
#include "local/combined.hpp"

#include <new>
#include <utility>

namespace kcapi::local {

namespace {

struct key_pair {
    std::unique_ptr<skcipher_key> special;
    std::unique_ptr<skcipher_key> general;
};

class combined_context final : public skcipher_context {
  public:
    combined_context(const domain &best, const key_pair &keys) noexcept : best_(best), keys_(keys) {}

    int crypt(direction d, chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        skcipher_context *const side = chosen(best_.has(d, length));
        return side == nullptr ? ENOMEM : side->crypt(d, c, in, out, length);
    }

    void crypt_batch(direction d, std::span<skcipher_message> messages) noexcept override {
        std::size_t bytes = 0;
        for (const skcipher_message &m : messages)
            bytes += m.length;
        if (!best_.has_batch_of(messages.size(), bytes))
            return skcipher_context::crypt_batch(d, messages);
        if (skcipher_context *const side = chosen(true); side != nullptr)
            return side->crypt_batch(d, messages);
        for (skcipher_message &m : messages)
            m.code = ENOMEM;
    }

    /// Both carry the same.
    int move_to(direction d, chain &c, const std::uint8_t *in, std::size_t offset) noexcept override {
        skcipher_context *const side = chosen(false);
        return side == nullptr ? ENOMEM : side->move_to(d, c, in, offset);
    }

  private:
    /// Opened on first use; null if there is no memory.
    [[nodiscard]] skcipher_context *chosen(bool is_special) noexcept {
        std::unique_ptr<skcipher_context> &side = is_special ? special_ : general_;
        if (side == nullptr)
            side = (is_special ? keys_.special : keys_.general)->open();
        return side.get();
    }

    const domain &best_;
    const key_pair &keys_; ///< of the key, which outlives its contexts
    std::unique_ptr<skcipher_context> special_;
    std::unique_ptr<skcipher_context> general_;
};

class combined_key final : public skcipher_key {
  public:
    combined_key(const domain &best, key_pair keys) noexcept : best_(best), keys_(std::move(keys)) {}

    std::unique_ptr<skcipher_context> open() const noexcept override {
        return std::unique_ptr<skcipher_context>(new (std::nothrow) combined_context(best_, keys_));
    }

  private:
    const domain &best_;
    const key_pair keys_;
};

int make_combined(const driver &self, base::bytes key, std::unique_ptr<skcipher_key> &out) noexcept {
    const driver &special = self.part(0);
    const driver &general = self.part(1);
    key_pair made;
    if (const int code = general.make_skcipher(general, key, made.general); code != 0)
        return code;
    if (const int code = special.make_skcipher(special, key, made.special); code != 0)
        return code;
    out.reset(new (std::nothrow) combined_key(special.best, std::move(made)));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace

void fill_combined(driver &instance) noexcept {
    instance.sizes = instance.part(1).sizes;
    instance.make_skcipher = make_combined;
}

} // namespace kcapi::local
