// SPDX-License-Identifier: BSD-3-Clause
//
// Message authentication codes: digests with a key.
#pragma once

#include <kcapi/hash.hpp>

namespace kcapi {

/// An algorithm such as "hmac(sha256)" or "cmac(aes)" with its key and one message under way. Threads need an
/// object each: clone() or create().
class mac : public detail::digester {
  public:
    /// Errors as hash::create; also ENOSYS (an algorithm without key) and EINVAL (the key's length).
    [[nodiscard]] static result<mac> create(std::string_view name, bytes key, options o = {}) noexcept {
        result<detail::handle> h = detail::handle::open("hash", name, o.on);
        if (!h)
            return h.error();
        if (!detail::fits_32(key.size()))
            return error{EINVAL, "the length of the key"};
        if (const int r = kcapi_md_setkey(h->get(), key.data(), static_cast<std::uint32_t>(key.size()));
            r < 0)
            return error{-r, "setting the key"};
        return mac(std::move(*h));
    }

    /// finish writes the code of all data since the last finish or verify. Returns digest_size(), or EINVAL
    /// where `out` is smaller.
    [[nodiscard]] result<std::size_t> finish(mutable_bytes out) noexcept { return finish_to(out); }

    /// verify ends the message as finish does, and compares in constant time: EBADMSG if `code` is another
    /// one. It must be whole; a code that was cut is verified as what is left of it by finish.
    [[nodiscard]] result<void> verify(bytes code) noexcept {
        std::array<std::uint8_t, max_code> own;
        return compare(finish_to(own), own, code);
    }

    /// code computes that of one whole message, while no other is under way (EINVAL).
    [[nodiscard]] result<std::size_t> code(bytes in, mutable_bytes out) const noexcept {
        return digest_to(in, out);
    }
    /// verify_message is verify for one whole message.
    [[nodiscard]] result<void> verify_message(bytes in, bytes code) const noexcept {
        std::array<std::uint8_t, max_code> own;
        return compare(digest_to(in, own), own, code);
    }
    /// code_batch returns how many messages succeeded.
    [[nodiscard]] result<std::size_t> code_batch(std::span<hash_message> messages) const noexcept {
        return digest_each(messages);
    }

    /// clone makes a second object with the key and a copy of the message under way.
    [[nodiscard]] result<mac> clone() const noexcept {
        result<detail::handle> h = copy();
        if (!h)
            return h.error();
        return mac(std::move(*h));
    }

  private:
    static constexpr std::size_t max_code = 64;

    explicit mac(detail::handle h) noexcept : digester(std::move(h)) {}

    static result<void> compare(const result<std::size_t> &r, std::array<std::uint8_t, max_code> &own,
                                bytes code) noexcept {
        if (!r)
            return r.error();
        const bool equal = equal_in_constant_time(bytes(own).first(*r), code);
        // A code that was not sent yet must not stay on the stack: whoever reads it can forge.
        kcapi_memset_secure(own.data(), 0, own.size());
        if (!equal)
            return error{EBADMSG, "the authentication code is another one"};
        return {};
    }
};

} // namespace kcapi
