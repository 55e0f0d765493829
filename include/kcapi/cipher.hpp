// SPDX-License-Identifier: BSD-3-Clause
//
// Symmetric ciphers without authentication: a changed ciphertext decrypts without an error. Take aead where
// you can choose. Never use an IV twice with one key in ctr, and make it unpredictable for cbc.
#pragma once

#include <kcapi/batch.hpp>
#include <kcapi/stream.hpp>

namespace kcapi {

/// An algorithm such as "cbc(aes)" with its key. Every message has its IV, of exactly iv_size() bytes (none
/// for ecb); `out` is at least as long as `in` and may be the same memory. Any number of threads may use one
/// cipher at once; it processes one message at a time.
class cipher : public detail::object {
  public:
    /// Errors: ENOENT (no such algorithm), EINVAL (the key's length), EAFNOSUPPORT, EPERM and the like (it
    /// was the kernel's to serve, and the kernel refused).
    [[nodiscard]] static result<cipher> create(std::string_view name, bytes key, options o = {}) noexcept {
        result<detail::handle> h = detail::handle::open("skcipher", name, o.on);
        if (!h)
            return h.error();
        if (!detail::fits_32(key.size()))
            return error{EINVAL, "the length of the key"};
        if (const int r = kcapi_cipher_setkey(h->get(), key.data(), static_cast<std::uint32_t>(key.size()));
            r < 0)
            return error{-r, "setting the key"};
        return cipher(std::move(*h));
    }

    [[nodiscard]] std::size_t iv_size() const noexcept { return kcapi_cipher_ivsize(get()); }
    /// A message is a multiple of it; 1 for stream modes.
    [[nodiscard]] std::size_t block_size() const noexcept { return kcapi_cipher_blocksize(get()); }

    /// encrypt returns the number of bytes written, that of `in`.
    [[nodiscard]] result<std::size_t> encrypt(bytes iv, bytes in, mutable_bytes out) const noexcept {
        return crypt(iv, in, out, kcapi_cipher_encrypt);
    }
    [[nodiscard]] result<std::size_t> decrypt(bytes iv, bytes in, mutable_bytes out) const noexcept {
        return crypt(iv, in, out, kcapi_cipher_decrypt);
    }

    /// encrypt_batch returns how many messages succeeded.
    [[nodiscard]] result<std::size_t> encrypt_batch(std::span<cipher_message> messages) const noexcept {
        return detail::batch(get(), KCAPI_EXT_ENCRYPT, messages, c_form);
    }
    [[nodiscard]] result<std::size_t> decrypt_batch(std::span<cipher_message> messages) const noexcept {
        return detail::batch(get(), KCAPI_EXT_DECRYPT, messages, c_form);
    }

    /// encryptor begins a message of its own; any number of them may be under way.
    [[nodiscard]] result<cipher_stream> encryptor(bytes iv) const noexcept {
        return begin(iv, cipher_stream::direction::encrypt);
    }
    [[nodiscard]] result<cipher_stream> decryptor(bytes iv) const noexcept {
        return begin(iv, cipher_stream::direction::decrypt);
    }

  private:
    explicit cipher(detail::handle h) noexcept : object(std::move(h)) {}

    template <class F>
    result<std::size_t> crypt(bytes iv, bytes in, mutable_bytes out, F f) const noexcept {
        // A wrong length would be read beyond its end, or cut in silence.
        if (!valid() || iv.size() != iv_size())
            return error{EINVAL, "the length of the IV"};
        if (out.size() < in.size())
            return error{EINVAL, "the output is shorter than the input"};
        return detail::count_or_error(
            f(get(), in.data(), in.size(), iv.data(), out.data(), in.size(), KCAPI_ACCESS_HEURISTIC),
            "processing a message");
    }

    static kcapi_ext_message c_form(const cipher_message &m, std::array<std::uint8_t, 16> &) noexcept {
        kcapi_ext_message c{};
        c.iv = m.iv.data();
        c.iv_len = m.iv.size();
        c.in = m.in.data();
        c.in_len = m.in.size();
        c.out = m.out.data();
        c.out_len = m.out.size();
        return c;
    }

    result<cipher_stream> begin(bytes iv, cipher_stream::direction way) const noexcept {
        result<detail::handle> h = owned().again();
        if (!h)
            return h.error();
        cipher_stream s(std::move(*h), way, iv_size());
        if (const result<void> r = s.restart(iv); !r)
            return r.error();
        return s;
    }
};

} // namespace kcapi
