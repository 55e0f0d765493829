// SPDX-License-Identifier: BSD-3-Clause
//
// Message digests without key. For one with a key see mac.hpp.
#pragma once

#include <kcapi/batch.hpp>

namespace kcapi {

namespace detail {

/// What hash and mac share: a message in pieces, and whole messages.
class digester : public object {
  public:
    [[nodiscard]] std::size_t digest_size() const noexcept { return kcapi_md_digestsize(get()); }
    [[nodiscard]] std::size_t block_size() const noexcept { return kcapi_md_blocksize(get()); }

    /// update adds data to the message.
    result<void> update(bytes data) noexcept {
        // The C function takes at most INT_MAX bytes.
        constexpr std::size_t most = 1U << 30;
        do {
            const bytes piece = data.first(std::min(data.size(), most));
            if (const ssize_t r = kcapi_md_update(get(), piece.data(), piece.size()); r < 0)
                return error{static_cast<int>(-r), "adding to a digest"};
            data = data.subspan(piece.size());
        } while (!data.empty());
        return {};
    }

  protected:
    explicit digester(handle h) noexcept : object(std::move(h)) {}

    result<std::size_t> finish_to(mutable_bytes out) noexcept {
        if (!valid() || out.size() < digest_size())
            return error{EINVAL, "no room for the digest"};
        return count_or_error(kcapi_md_final(get(), out.data(), digest_size()), "taking a digest");
    }
    result<std::size_t> digest_to(bytes in, mutable_bytes out) const noexcept {
        return single(get(), KCAPI_EXT_DIGEST, c_form({in, out}), "hashing a message");
    }
    result<handle> copy() const noexcept {
        kcapi_handle *h = nullptr;
        if (const int r = kcapi_ext_md_clone(&h, get()); r < 0)
            return error{-r, "copying a digest"};
        return handle(h);
    }
    static kcapi_ext_message c_form(const hash_message &m) noexcept {
        kcapi_ext_message c{};
        c.in = m.in.data();
        c.in_len = m.in.size();
        c.out = m.out.data();
        c.out_len = m.out.size();
        return c;
    }
    result<std::size_t> digest_each(std::span<hash_message> messages) const noexcept {
        return batch(get(), KCAPI_EXT_DIGEST, messages,
                     [](const hash_message &m, std::array<std::uint8_t, 16> &) { return c_form(m); });
    }
};

} // namespace detail

/// An algorithm such as "sha256", with one message under way. Threads need an object each: clone() or
/// create().
class hash : public detail::digester {
  public:
    /// Errors: ENOENT (no such algorithm), EAFNOSUPPORT, EPERM and the like (it was the kernel's to serve,
    /// and the kernel refused).
    [[nodiscard]] static result<hash> create(std::string_view name, options o = {}) noexcept {
        result<detail::handle> h = detail::handle::open("hash", name, o.on);
        if (!h)
            return h.error();
        return hash(std::move(*h));
    }

    /// finish writes the digest of all data since the last finish; a new message may begin then. Returns
    /// digest_size(), or EINVAL where `out` is smaller.
    [[nodiscard]] result<std::size_t> finish(mutable_bytes out) noexcept { return finish_to(out); }

    /// digest hashes one whole message, while no other is under way (EINVAL).
    [[nodiscard]] result<std::size_t> digest(bytes in, mutable_bytes out) const noexcept {
        return digest_to(in, out);
    }
    /// digest_batch returns how many messages succeeded.
    [[nodiscard]] result<std::size_t> digest_batch(std::span<hash_message> messages) const noexcept {
        return digest_each(messages);
    }

    /// clone makes a second object with a copy of the message under way.
    [[nodiscard]] result<hash> clone() const noexcept {
        result<detail::handle> h = copy();
        if (!h)
            return h.error();
        return hash(std::move(*h));
    }

  private:
    explicit hash(detail::handle h) noexcept : digester(std::move(h)) {}
};

// One message, without an object.

namespace detail {

using digest_function = ssize_t (*)(const std::uint8_t *, std::size_t, std::uint8_t *, std::size_t);

template <std::size_t Size>
[[nodiscard]] result<std::array<std::uint8_t, Size>> digest_once(digest_function f, bytes in) noexcept {
    std::array<std::uint8_t, Size> out;
    if (const ssize_t r = f(in.data(), in.size(), out.data(), Size); r < 0)
        return error{static_cast<int>(-r), "hashing a message"};
    return out;
}

} // namespace detail

[[nodiscard]] inline auto sha256(bytes in) noexcept { return detail::digest_once<32>(kcapi_md_sha256, in); }
[[nodiscard]] inline auto sha384(bytes in) noexcept { return detail::digest_once<48>(kcapi_md_sha384, in); }
[[nodiscard]] inline auto sha512(bytes in) noexcept { return detail::digest_once<64>(kcapi_md_sha512, in); }
[[nodiscard]] inline auto sha3_256(bytes in) noexcept {
    return detail::digest_once<32>(kcapi_md_sha3_256, in);
}
[[nodiscard]] inline auto sha3_512(bytes in) noexcept {
    return detail::digest_once<64>(kcapi_md_sha3_512, in);
}

} // namespace kcapi
