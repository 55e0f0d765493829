// SPDX-License-Identifier: BSD-3-Clause
#include "speed_aead.hpp"

#include "failure.hpp"

#include <algorithm>

namespace kcapi::tools {

namespace {

/// As the IPsec modes have them with their IV.
constexpr std::size_t assoc_bytes = 16;
constexpr std::size_t usual_tag = 16;

struct form {
    std::size_t plain; ///< the sizes of the pieces
    std::size_t sealed;
    std::size_t tag;
};

form set_form(const shared_handle &h, std::size_t size) {
    const std::size_t most = describe(*h).max_tag_size;
    const std::size_t tag = most == 0 ? usual_tag : std::min(usual_tag, most);
    if (const int r = kcapi_aead_settaglen(h->get(), static_cast<std::uint32_t>(tag)); r < 0)
        fail(-r, "cannot set the length of the tag");
    kcapi_aead_setassoclen(h->get(), assoc_bytes);
    return {assoc_bytes + size, assoc_bytes + size + tag, tag};
}

call one_call(bool encrypt, const shared_handle &h, const std::shared_ptr<buffers> &b, const form &f,
              const call_shape &shape) {
    const std::size_t iv_size = describe(*h).iv_size;
    if (shape.batch != 1)
        return batch_call(h, b, encrypt ? KCAPI_EXT_ENCRYPT : KCAPI_EXT_DECRYPT,
                          {iv_size, assoc_bytes, f.tag, f.plain - assoc_bytes});
    const std::uint8_t *const iv = iv_size != 0 ? usual_iv.data() : nullptr;
    const int access = shape.access;
    if (shape.aio != 0) {
        const auto aio = encrypt ? kcapi_aead_encrypt_aio : kcapi_aead_decrypt_aio;
        return [h, b, iv, access, aio] {
            return aio(h->get(), b->in_vectors.data(), b->out_vectors.data(), b->in_vectors.size(), iv,
                       access);
        };
    }
    const auto one = encrypt ? kcapi_aead_encrypt : kcapi_aead_decrypt;
    return [h, b, iv, access, one] {
        return one(h->get(), b->in.data(), b->in.size(), iv, b->out.data(), b->out.size(), access);
    };
}

} // namespace

call aead_call(const series &s, const shared_handle &h, std::size_t size, const call_shape &shape) {
    const form f = set_form(h, size);
    const auto sealing = std::make_shared<buffers>(f.plain, f.sealed, shape.messages());
    call seal = one_call(true, h, sealing, f, shape);
    if (s.encrypt)
        return seal;
    if (const ssize_t r = seal(); r < 0)
        return [r] { return r; };
    const auto opening = std::make_shared<buffers>(f.sealed, f.plain, shape.messages());
    opening->in = sealing->out;
    // A batch leaves the place of the associated data in its output alone.
    for (std::size_t i = 0; i < shape.messages(); ++i)
        opening->in_vectors[i].iov_base = opening->in.data() + i * f.sealed;
    for (std::size_t i = 0; i < shape.messages(); ++i)
        std::copy_n(sealing->in.begin() + static_cast<std::ptrdiff_t>(i * f.plain), assoc_bytes,
                    opening->in.begin() + static_cast<std::ptrdiff_t>(i * f.sealed));
    return one_call(false, h, opening, f, shape);
}

} // namespace kcapi::tools
