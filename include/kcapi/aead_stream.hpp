// SPDX-License-Identifier: BSD-3-Clause
//
// An authenticated message that is not in one place: written in pieces, and taken as a whole in the end.
// Nothing comes out earlier, so that no one works with plaintext that turns out to be forged. The pieces wait
// in the library; a message has about 400 KiB at most (EMSGSIZE).
#pragma once

#include <kcapi/aead.hpp>

#include <vector>

namespace kcapi {

namespace detail {

class aead_stream : public object {
  public:
    /// write adds a piece of the text; it is copied.
    result<void> write(bytes piece) noexcept {
        iovec v = to_iovec(piece);
        const ssize_t r = kcapi_aead_stream_update(get(), &v, 1);
        if (r >= 0)
            size_ += piece.size();
        return done_or_error(r, "writing to a message");
    }

  protected:
    aead_stream(handle h, std::size_t tag_size) noexcept : object(std::move(h)), tag_size_(tag_size) {}

    static iovec to_iovec(bytes b) noexcept { return {const_cast<std::uint8_t *>(b.data()), b.size()}; }

    template <class Init>
    result<void> begin(Init init, bool ccm, std::size_t iv_size, bytes nonce, bytes associated) {
        std::array<std::uint8_t, 16> block;
        const bytes iv = nonce_to_iv(ccm, nonce, block);
        if (iv.size() != iv_size)
            return error{EINVAL, "the length of the nonce"};
        associated_.resize(associated.size());
        kcapi_aead_setassoclen(get(), associated.size());
        iovec v = to_iovec(associated);
        return done_or_error(init(get(), iv.data(), &v, 1), "beginning a message");
    }
    /// Ends the message with `last` and takes its text and, where there is room, its tag.
    result<std::size_t> end(bytes last, mutable_bytes out, mutable_bytes tag) noexcept {
        iovec v = to_iovec(last);
        if (const ssize_t r = kcapi_aead_stream_update_last(get(), &v, 1); r < 0)
            return error{static_cast<int>(-r), "ending a message"};
        // The associated data comes back as well; it has a place of its own to go to.
        std::array<iovec, 3> room{
            {{associated_.data(), associated_.size()}, {out.data(), size_}, {tag.data(), tag.size()}}};
        if (const ssize_t r = kcapi_aead_stream_op(get(), room.data(), room.size()); r < 0)
            return error{static_cast<int>(-r), "taking a message"};
        return std::exchange(size_, 0U);
    }

    std::size_t tag_size_;
    std::size_t size_ = 0;

  private:
    std::vector<std::uint8_t> associated_;
};

} // namespace detail

/// Made by aead::sealer.
class aead_sealer : public detail::aead_stream {
  public:
    /// finish ends the message, and writes its ciphertext, as long as all that was written, and its tag.
    /// Returns the length of the ciphertext. EINVAL: `out` is too small, or `tag` is not of the tag's length;
    /// the message can be finished again then.
    [[nodiscard]] result<std::size_t> finish(mutable_bytes out, mutable_bytes tag) noexcept {
        if (out.size() < size_ || tag.size() != tag_size_)
            return error{EINVAL, "no room for ciphertext or tag"};
        return end({}, out, tag);
    }

  private:
    friend class aead;
    using aead_stream::aead_stream;
};

/// Made by aead::opener.
class aead_opener : public detail::aead_stream {
  public:
    /// finish ends the message, verifies `tag`, and only then gives the plaintext. Returns its length, or
    /// EBADMSG; EINVAL as aead_sealer::finish.
    [[nodiscard]] result<std::size_t> finish(bytes tag, mutable_bytes out) noexcept {
        if (out.size() < size_ || tag.size() != tag_size_)
            return error{EINVAL, "no room for the plaintext, or the length of the tag"};
        return end(tag, out, {});
    }

  private:
    friend class aead;
    using aead_stream::aead_stream;
};

/// sealer begins a message of its own in pieces; any number of them may be under way.
result<aead_sealer> aead::sealer(bytes nonce, bytes associated) const {
    result<detail::handle> h = owned().again();
    if (!h)
        return h.error();
    aead_sealer s(std::move(*h), tag_size_);
    if (const result<void> r = s.begin(kcapi_aead_stream_init_enc, ccm_, iv_size_, nonce, associated); !r)
        return r.error();
    return s;
}

/// opener is sealer for decryption.
result<aead_opener> aead::opener(bytes nonce, bytes associated) const {
    result<detail::handle> h = owned().again();
    if (!h)
        return h.error();
    aead_opener s(std::move(*h), tag_size_);
    if (const result<void> r = s.begin(kcapi_aead_stream_init_dec, ccm_, iv_size_, nonce, associated); !r)
        return r.error();
    return s;
}

} // namespace kcapi
