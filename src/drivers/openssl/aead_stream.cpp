// SPDX-License-Identifier: BSD-3-Clause
#include "drivers/openssl/aead_stream.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <cerrno>

namespace kcapi::openssl {

int aead_stream::assoc(base::bytes data) noexcept {
    while (!data.empty()) {
        const base::bytes part = data.first(std::min(data.size(), max_update));
        int taken = 0;
        if (EVP_CipherUpdate(context(), nullptr, &taken, part.data(), static_cast<int>(part.size())) != 1)
            return EIO;
        data = data.subspan(part.size());
    }
    return 0;
}

int aead_stream::make_tag(base::mutable_bytes tag) noexcept {
    block rest;
    int produced = 0;
    if (EVP_CipherFinal_ex(context(), rest.data(), &produced) != 1 ||
        EVP_CIPHER_CTX_ctrl(context(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag.size()), tag.data()) != 1)
        return EIO;
    return 0;
}

int aead_stream::check_tag(base::bytes tag) noexcept {
    block rest;
    int produced = 0;
    // The control takes all kinds of values and has no const form.
    auto *const expected = const_cast<std::uint8_t *>(tag.data());
    if (EVP_CIPHER_CTX_ctrl(context(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag.size()), expected) != 1)
        return EIO;
    ERR_set_mark();
    const bool right = EVP_CipherFinal_ex(context(), rest.data(), &produced) == 1;
    ERR_pop_to_mark();
    return right ? 0 : EBADMSG;
}

int streamed_aead::process(local::direction d, const local::aead_message &m) noexcept {
    aead_stream &s = side(d);
    if (!s.is_open()) {
        if (const int failure = s.open(cipher_, key_.view(), d); failure != 0)
            return failure;
    }
    if (const int failure = s.set_iv(m.iv); failure != 0)
        return failure;
    if (const int failure = s.assoc(m.assoc); failure != 0)
        return failure;
    return s.update(m.in, m.out, m.length);
}

int streamed_aead::encrypt(const local::aead_message &m, base::mutable_bytes tag) noexcept {
    const int failure = process(local::direction::encrypt, m);
    return failure != 0 ? failure : side(local::direction::encrypt).make_tag(tag);
}

int streamed_aead::decrypt(const local::aead_message &m, base::bytes tag) noexcept {
    int failure = process(local::direction::decrypt, m);
    if (failure == 0)
        failure = side(local::direction::decrypt).check_tag(tag);
    if (failure != 0)
        base::wipe(m.out, m.length);
    return failure;
}

} // namespace kcapi::openssl
