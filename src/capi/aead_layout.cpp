// SPDX-License-Identifier: BSD-3-Clause
//
// Authenticated encryption: how buffers are laid out. Associated data, text and tag lie one after the other;
// the tag is there in what encryption gives and decryption takes.
#include "base/log.hpp"
#include "capi/boundary.hpp"

#include <limits>

using namespace kcapi;
using namespace kcapi::capi;

namespace {

constexpr std::size_t too_large = std::numeric_limits<std::size_t>::max();

/// A sum of lengths; what does not fit stays the largest number, which no allocation grants.
constexpr std::size_t add(std::size_t a, std::size_t b) noexcept {
    return b > too_large - a ? too_large : a + b;
}

constexpr std::size_t round_up(std::size_t length, std::size_t block_size) noexcept {
    if (block_size == 0 || length % block_size == 0)
        return length;
    return add(length, block_size - length % block_size);
}

std::size_t block_size_of(const kcapi_handle &h) noexcept { return h.session.transform().info().block_size; }

/// A part of a buffer, or that there is none.
struct part {
    std::size_t offset = 0;
    std::size_t length = 0;
    bool is_there = false;
};

struct parts {
    part assoc;
    part text;
    part tag;
};

/// Divides a buffer by what is set on the handle. What does not fit is missing, and the bytes then count to
/// the next part: programs know it so.
parts divide(std::size_t length, std::size_t assoc_len, std::size_t tag_len) noexcept {
    parts p;
    std::size_t at = 0;
    if (length >= assoc_len) {
        p.assoc = {at, assoc_len, true};
        at += assoc_len;
        length -= assoc_len;
    }
    if (length >= tag_len) {
        p.text = {at, length - tag_len, true};
        p.tag = {at + p.text.length, tag_len, true};
    }
    return p;
}

/// Tells a part by its output arguments, each of which may be left out. Without a buffer there are no
/// pointers to tell.
void put(const part &p, std::uint8_t *buffer, std::uint8_t **data, std::size_t *length) noexcept {
    if (data != nullptr && buffer != nullptr)
        *data = p.is_there ? buffer + p.offset : nullptr;
    if (length != nullptr)
        *length = p.length;
}

/// The tag that a handle's messages have by kcapi_aead_settaglen; 0 until that was called.
std::size_t tag_len_of(const kcapi_handle &h) noexcept { return h.tag_len->load(); }

void tell_missing(const parts &p, base::log_level assoc_level, bool wants_tag) noexcept {
    if (!p.assoc.is_there)
        base::log(assoc_level, "aead: the buffer has no room for the associated data");
    if (!p.text.is_there)
        base::log(base::log_level::debug, "aead: the buffer has no room for the text");
    if (wants_tag && !p.tag.is_there)
        base::log(base::log_level::debug, "aead: the buffer has no room for the tag");
}

} // namespace

KCAPI_EXPORT size_t kcapi_aead_inbuflen_enc(struct kcapi_handle *handle, size_t in_len, size_t assoc_len,
                                            size_t) {
    return is_of(handle, alg::kind::aead) ? add(in_len, assoc_len) : 0;
}

KCAPI_EXPORT size_t kcapi_aead_inbuflen_dec(struct kcapi_handle *handle, size_t in_len, size_t assoc_len,
                                            size_t tag_len) {
    return is_of(handle, alg::kind::aead) ? add(add(in_len, assoc_len), tag_len) : 0;
}

KCAPI_EXPORT size_t kcapi_aead_outbuflen_enc(struct kcapi_handle *handle, size_t in_len, size_t assoc_len,
                                             size_t tag_len) {
    if (!is_of(handle, alg::kind::aead))
        return 0;
    const std::size_t length = add(add(round_up(in_len, block_size_of(*handle)), assoc_len), tag_len);
    return length == 0 ? 1 : length;
}

KCAPI_EXPORT size_t kcapi_aead_outbuflen_dec(struct kcapi_handle *handle, size_t in_len, size_t assoc_len,
                                             size_t) {
    if (!is_of(handle, alg::kind::aead))
        return 0;
    const std::size_t length = add(round_up(in_len, block_size_of(*handle)), assoc_len);
    return length == 0 ? 1 : length;
}

KCAPI_EXPORT void kcapi_aead_getdata_input(struct kcapi_handle *handle, uint8_t *encdata, size_t encdata_len,
                                           int enc, uint8_t **aad, size_t *aad_len, uint8_t **data,
                                           size_t *data_len, uint8_t **tag, size_t *tag_len) {
    if (!is_of(handle, alg::kind::aead))
        return;
    // What goes into encryption has no tag, nor room for one.
    const std::size_t expected_tag = enc != 0 ? 0 : tag_len_of(*handle);
    parts p = divide(encdata_len, handle->assoc_len, expected_tag);
    if (expected_tag == 0)
        p.tag = {};
    tell_missing(p, base::log_level::debug, expected_tag != 0);
    put(p.assoc, encdata, aad, aad_len);
    put(p.text, encdata, data, data_len);
    put(p.tag, encdata, tag, tag_len);
}

KCAPI_EXPORT void kcapi_aead_getdata_output(struct kcapi_handle *handle, uint8_t *encdata, size_t encdata_len,
                                            int enc, uint8_t **aad, size_t *aad_len, uint8_t **data,
                                            size_t *data_len, uint8_t **tag, size_t *tag_len) {
    if (!is_of(handle, alg::kind::aead))
        return;
    const std::size_t expected_tag = enc != 0 ? tag_len_of(*handle) : 0;
    parts p = divide(encdata_len, handle->assoc_len, expected_tag);
    if (enc == 0)
        p.tag = {};
    tell_missing(p, base::log_level::error, enc != 0);
    put(p.assoc, encdata, aad, aad_len);
    put(p.text, encdata, data, data_len);
    put(p.tag, encdata, tag, tag_len);
}
