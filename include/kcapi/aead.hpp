// SPDX-License-Identifier: BSD-3-Clause
//
// Authenticated encryption: what was altered does not decrypt. Never use a nonce twice with one key to seal:
// with gcm, two messages give away the key of the authentication (NIST SP 800-38D, appendix A).
#pragma once

#include <kcapi/batch.hpp>

namespace kcapi {

struct aead_options {
    std::optional<engine> on{};
    std::size_t tag_size = 0; ///< 0: the longest that the algorithm has
};

namespace detail {

/// The IV that the kernel wants from a nonce: for ccm a block of 16 bytes (RFC 3610, section 2.3), otherwise
/// the nonce as it is. Empty if the nonce has no length that ccm takes.
[[nodiscard]] inline bytes nonce_to_iv(bool ccm, bytes nonce, std::array<std::uint8_t, 16> &block) noexcept {
    if (!ccm)
        return nonce;
    if (nonce.size() < 7 || nonce.size() > 13)
        return {};
    block = {};
    block[0] = static_cast<std::uint8_t>(14 - nonce.size());
    std::copy(nonce.begin(), nonce.end(), block.begin() + 1);
    return block;
}

} // namespace detail

class aead_sealer;
class aead_opener;

/// An algorithm such as "gcm(aes)" with its key. Nonces have nonce_size() bytes; ccm takes 7 to 13. Any
/// number of threads may use one aead at once; it processes one message at a time. For rfc4106, rfc4309 and
/// rfc4543 the key ends with the salt, and the associated data with the nonce.
class aead : public detail::object {
  public:
    /// Errors as cipher::create; also EINVAL for a tag length that the algorithm does not have.
    [[nodiscard]] static result<aead> create(std::string_view name, bytes key, aead_options o = {}) noexcept {
        result<detail::handle> h = detail::handle::open("aead", name, o.on);
        if (!h)
            return h.error();
        if (!detail::fits_32(key.size()) || !detail::fits_32(o.tag_size))
            return error{EINVAL, "the length of the key or tag"};
        if (o.tag_size != 0)
            if (const int r = kcapi_aead_settaglen(h->get(), static_cast<std::uint32_t>(o.tag_size)); r < 0)
                return error{-r, "setting the length of the tag"};
        if (const int r = kcapi_aead_setkey(h->get(), key.data(), static_cast<std::uint32_t>(key.size()));
            r < 0)
            return error{-r, "setting the key"};
        return aead(std::move(*h), o.tag_size);
    }

    /// For ccm 12, the usual one of those that it takes.
    [[nodiscard]] std::size_t nonce_size() const noexcept { return !valid() ? 0 : ccm_ ? 12 : iv_size_; }
    [[nodiscard]] std::size_t tag_size() const noexcept { return valid() ? tag_size_ : 0; }

    /// seal encrypts `in` to `out`, as long as it and possibly the same memory, and writes tag_size() bytes
    /// of tag. Returns the bytes written to `out`.
    [[nodiscard]] result<std::size_t> seal(bytes nonce, bytes associated, bytes in, mutable_bytes out,
                                           mutable_bytes tag) const noexcept {
        std::array<std::uint8_t, 16> block;
        return detail::single(get(), KCAPI_EXT_ENCRYPT,
                              c_form({nonce, associated, in, out, tag}, ccm_, block), "sealing a message");
    }

    /// open decrypts `in` to `out` if nothing was altered: nonce, associated data, ciphertext, tag and key.
    /// Returns the bytes written to `out`; EBADMSG if something was, and `out` is wiped.
    [[nodiscard]] result<std::size_t> open(bytes nonce, bytes associated, bytes in, bytes tag,
                                           mutable_bytes out) const noexcept {
        std::array<std::uint8_t, 16> block;
        const mutable_bytes read_only(const_cast<std::uint8_t *>(tag.data()), tag.size());
        return detail::single(get(), KCAPI_EXT_DECRYPT,
                              c_form({nonce, associated, in, out, read_only}, ccm_, block),
                              "opening a message");
    }

    /// seal_joined writes ciphertext and tag one after the other: `in.size() + tag_size()` bytes.
    [[nodiscard]] result<std::size_t> seal_joined(bytes nonce, bytes associated, bytes in,
                                                  mutable_bytes out) const noexcept {
        if (out.size() < in.size() || out.size() - in.size() < tag_size())
            return error{EINVAL, "no room for ciphertext and tag"};
        const result<std::size_t> r =
            seal(nonce, associated, in, out.first(in.size()), out.subspan(in.size(), tag_size()));
        if (!r)
            return r;
        return *r + tag_size();
    }

    /// open_joined is open for what seal_joined wrote. Returns the length of the plaintext.
    [[nodiscard]] result<std::size_t> open_joined(bytes nonce, bytes associated, bytes in,
                                                  mutable_bytes out) const noexcept {
        if (in.size() < tag_size())
            return error{EBADMSG, "shorter than its tag"};
        const std::size_t size = in.size() - tag_size();
        return open(nonce, associated, in.first(size), in.subspan(size), out);
    }

    /// seal_batch and open_batch return how many messages succeeded.
    [[nodiscard]] result<std::size_t> seal_batch(std::span<aead_message> messages) const noexcept {
        return detail::batch(get(), KCAPI_EXT_ENCRYPT, messages, converter{ccm_});
    }
    [[nodiscard]] result<std::size_t> open_batch(std::span<aead_message> messages) const noexcept {
        return detail::batch(get(), KCAPI_EXT_DECRYPT, messages, converter{ccm_});
    }

    // In aead_stream.hpp.
    [[nodiscard]] inline result<aead_sealer> sealer(bytes nonce, bytes associated) const;
    [[nodiscard]] inline result<aead_opener> opener(bytes nonce, bytes associated) const;

  private:
    aead(detail::handle h, std::size_t tag_size) noexcept : object(std::move(h)) {
        const kcapi_ext_algorithm a = detail::describe(owned());
        iv_size_ = a.iv_size;
        tag_size_ = tag_size != 0 ? tag_size : a.max_tag_size;
        ccm_ = name().starts_with("ccm(");
    }

    static kcapi_ext_message c_form(const aead_message &m, bool ccm,
                                    std::array<std::uint8_t, 16> &block) noexcept {
        const bytes iv = detail::nonce_to_iv(ccm, m.nonce, block);
        kcapi_ext_message c{};
        c.iv = iv.data();
        c.iv_len = iv.size();
        c.assoc = m.associated.data();
        c.assoc_len = m.associated.size();
        c.in = m.in.data();
        c.in_len = m.in.size();
        c.out = m.out.data();
        c.out_len = m.out.size();
        c.tag = m.tag.data();
        c.tag_len = m.tag.size();
        return c;
    }
    /// For detail::batch.
    struct converter {
        bool ccm;
        kcapi_ext_message operator()(const aead_message &m,
                                     std::array<std::uint8_t, 16> &block) const noexcept {
            return c_form(m, ccm, block);
        }
    };

    std::size_t iv_size_ = 0;
    std::size_t tag_size_ = 0;
    bool ccm_ = false;
};

} // namespace kcapi
