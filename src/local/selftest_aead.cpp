// SPDX-License-Identifier: BSD-3-Clause
#include "local/selftest_aead.hpp"

#include "base/secret.hpp"

#include <algorithm>

namespace kcapi::local {

namespace {

using text = std::array<std::uint8_t, longest_vector>;
constexpr std::size_t longest_tag = 64;

bool is(const text &got, base::bytes wanted) noexcept {
    return base::ct_equal({got.data(), wanted.size()}, wanted);
}

/// A driver may change the associated data, so each message has a copy of its own.
aead_message message_of(const selftest_vector &v, text &assoc, const std::uint8_t *in, text &out) noexcept {
    std::copy(v.assoc.begin(), v.assoc.end(), assoc.begin());
    return {.iv = v.iv.data(),
            .assoc = {assoc.data(), v.assoc.size()},
            .in = in,
            .out = out.data(),
            .length = v.plaintext.size()};
}

bool encrypts(aead_context &context, const selftest_vector &v) noexcept {
    text assoc;
    text out;
    std::array<std::uint8_t, longest_tag> tag;
    const base::mutable_bytes made(tag.data(), v.tag.size());
    return context.encrypt(message_of(v, assoc, v.plaintext.data(), out), made) == 0 &&
           is(out, v.ciphertext) && base::ct_equal(made, v.tag);
}

bool decrypts(aead_context &context, const selftest_vector &v) noexcept {
    text assoc;
    text out;
    return context.decrypt(message_of(v, assoc, v.ciphertext.data(), out), v.tag) == 0 &&
           is(out, v.plaintext);
}

/// With each byte of the tag wrong in turn.
bool refuses(aead_context &context, const selftest_vector &v) noexcept {
    text assoc;
    text out;
    std::array<std::uint8_t, longest_tag> tag;
    const bool telling = std::any_of(v.plaintext.begin(), v.plaintext.end(), [](auto b) { return b != 0; });
    std::copy(v.tag.begin(), v.tag.end(), tag.begin());
    for (std::size_t i = 0; i < v.tag.size(); ++i) {
        out.fill(0);
        tag[i] ^= 1;
        const int code =
            context.decrypt(message_of(v, assoc, v.ciphertext.data(), out), {tag.data(), v.tag.size()});
        tag[i] ^= 1;
        if (code != EBADMSG || (telling && is(out, v.plaintext)))
            return false;
    }
    return true;
}

} // namespace

bool passes_aead_vector(const driver &d, const selftest_vector &v) noexcept {
    if (v.iv.size() != d.sizes.iv_size || v.assoc.size() > longest_vector ||
        !d.sizes.takes_tag_size(static_cast<std::uint32_t>(v.tag.size())))
        return false;
    std::unique_ptr<aead_key> key;
    if (d.make_aead == nullptr || d.make_aead(d, v.key, key) != 0)
        return false;
    const std::unique_ptr<aead_context> context = key->open();
    return context != nullptr && encrypts(*context, v) && decrypts(*context, v) && refuses(*context, v);
}

} // namespace kcapi::local
