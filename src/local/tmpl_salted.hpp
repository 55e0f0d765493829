// SPDX-License-Identifier: BSD-3-Clause
//
// What the templates with a salt have in common: a key that is the inner key and the salt behind it.
#pragma once

#include "base/secret.hpp"
#include "local/driver.hpp"

#include <cerrno>
#include <new>

namespace kcapi::local {

/// The part of the nonce that a message brings. Those who send it put it behind the associated data, too.
inline constexpr std::size_t explicit_iv_size = 8;
inline constexpr std::size_t max_salt_size = 4;

/// IPsec's associated data, of 8 or 12 bytes, and the message's IV.
[[nodiscard]] constexpr bool is_ipsec_assoc(std::size_t length) noexcept {
    return length == 16 || length == 20;
}

/// `Context` is made from the inner context and the salt (max_salt_size bytes, of which it knows how many
/// count).
template <class Context>
class salted_key final : public aead_key {
  public:
    salted_key(std::unique_ptr<aead_key> inner, base::bytes salt) noexcept : inner_(std::move(inner)) {
        std::copy(salt.begin(), salt.end(), salt_.begin());
    }
    ~salted_key() override { base::wipe(salt_); }

    std::unique_ptr<aead_context> open() const noexcept override {
        std::unique_ptr<aead_context> inner = inner_->open();
        if (inner == nullptr)
            return nullptr;
        return std::unique_ptr<aead_context>(new (std::nothrow) Context(std::move(inner), salt_));
    }

  private:
    const std::unique_ptr<aead_key> inner_;
    std::array<std::uint8_t, max_salt_size> salt_{};
};

template <class Context>
int make_salted(const driver &self, base::bytes key, std::unique_ptr<aead_key> &out) noexcept {
    if (key.size() < Context::salt_size)
        return EINVAL;
    const driver &part = self.part(0);
    const std::size_t inner_size = key.size() - Context::salt_size;
    std::unique_ptr<aead_key> inner;
    if (const int code = part.make_aead(part, key.first(inner_size), inner); code != 0)
        return code;
    out.reset(new (std::nothrow) salted_key<Context>(std::move(inner), key.subspan(inner_size)));
    return out == nullptr ? ENOMEM : 0;
}

/// False if the inner algorithm has none of these tag sizes or another size of IV.
template <class Context>
bool fill_salted(driver &instance, std::uint32_t inner_iv_size, std::uint64_t tags) noexcept {
    const limits &inner = instance.part(0).sizes;
    constexpr auto salt = static_cast<std::uint32_t>(Context::salt_size);
    instance.sizes = {.block_size = inner.block_size,
                      .chunk_size = inner.chunk_size,
                      .iv_size = explicit_iv_size,
                      .min_key_size = inner.min_key_size + salt,
                      .max_key_size = inner.max_key_size + salt,
                      .tag_sizes = tags & inner.tag_sizes};
    instance.make_aead = make_salted<Context>;
    return inner.iv_size == inner_iv_size && instance.sizes.tag_sizes != 0;
}

} // namespace kcapi::local
