// SPDX-License-Identifier: BSD-3-Clause
#include "drivers/portable/cipher_null.hpp"

#include <new>

namespace kcapi::portable {

namespace {

using local::chain;
using local::direction;

void copy(const std::uint8_t *in, std::uint8_t *out, std::size_t length) noexcept {
    if (length != 0)
        std::memmove(out, in, length);
}

class null_cipher final : public local::cipher_context {
  public:
    int crypt(direction, const std::uint8_t *in, std::uint8_t *out, std::size_t length) noexcept override {
        copy(in, out, length);
        return 0;
    }
};

class null_ecb final : public local::skcipher_context {
  public:
    int crypt(direction, chain &, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        copy(in, out, length);
        return 0;
    }
};

/// `Context` of the kind of `Key`.
template <class Key, class Context>
class null_key final : public Key {
    using opened = decltype(std::declval<const Key &>().open());

  public:
    opened open() const noexcept override { return opened(new (std::nothrow) Context); }
};

template <class Context, class Key>
int make(base::bytes key, std::unique_ptr<Key> &out) noexcept {
    if (!key.empty())
        return EINVAL;
    out.reset(new (std::nothrow) null_key<Key, Context>);
    return out == nullptr ? ENOMEM : 0;
}

} // namespace

int make_null_cipher(const local::driver &, base::bytes key,
                     std::unique_ptr<local::cipher_key> &out) noexcept {
    return make<null_cipher>(key, out);
}

int make_null_ecb(const local::driver &, base::bytes key,
                  std::unique_ptr<local::skcipher_key> &out) noexcept {
    return make<null_ecb>(key, out);
}

} // namespace kcapi::portable
