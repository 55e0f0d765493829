// SPDX-License-Identifier: BSD-3-Clause
//
// What all keys of this module are: the raw key and the suite to use it with. libcrypto expands a key per
// cipher context, so each context has a copy of the raw one and expands it for what it comes to do.
#pragma once

#include "base/secret.hpp"
#include "drivers/openssl/suite.hpp"

#include <cerrno>
#include <memory>
#include <new>
#include <utility>

namespace kcapi::openssl {

/// A key of kind `Key` (local::cipher_key, local::skcipher_key) that opens contexts of type `Context`.
template <class Key, class Context>
class keyed final : public Key {
    using opened = decltype(std::declval<const Key &>().open());

  public:
    keyed(const suite &ciphers, base::secret_buffer key) noexcept : ciphers_(ciphers), key_(std::move(key)) {}

    opened open() const noexcept override {
        result<base::secret_buffer> copy = key_.clone();
        if (!copy)
            return nullptr;
        return opened(new (std::nothrow) Context(ciphers_, std::move(*copy)));
    }

  private:
    const suite &ciphers_;
    const base::secret_buffer key_;
};

/// Makes a key whose length has been found right. 0 or ENOMEM.
template <class Context, class Key>
int make_keyed(const suite &ciphers, base::bytes key, std::unique_ptr<Key> &out) noexcept {
    result<base::secret_buffer> copy = base::secret_buffer::copy_of(key);
    if (!copy)
        return copy.error().code;
    out.reset(new (std::nothrow) keyed<Key, Context>(ciphers, std::move(*copy)));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace kcapi::openssl
