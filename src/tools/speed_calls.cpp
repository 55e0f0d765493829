// SPDX-License-Identifier: BSD-3-Clause
#include "speed_calls.hpp"

#include "handle.hpp"
#include "speed_aead.hpp"

#include <algorithm>
#include <array>

namespace kcapi::tools {

namespace {

constexpr std::size_t most_key_bytes = 128;
constexpr std::size_t usual_mac_key = 32;
constexpr std::size_t usual_cipher_key = 64;

shared_handle open(const series &s) {
    kcapi_handle *h = nullptr;
    if (const int r = kcapi_ext_init(&h, s.type.c_str(), s.opens_by.c_str(), 0, detail::to_c(s.on)); r < 0)
        fail(-r, "cannot open " + s.opens_by);
    return std::make_shared<handle>(h);
}

/// As crypto/authenc.c of the kernel takes it: an attribute with the length of the cipher's key, then the
/// key of the MAC and that of the cipher.
std::vector<std::uint8_t> authenc_key(std::size_t cipher_bytes) {
    std::vector<std::uint8_t> key{8, 0, 1, 0, 0, 0, 0, static_cast<std::uint8_t>(cipher_bytes)};
    const std::vector<std::uint8_t> rest = some_bytes(usual_mac_key + cipher_bytes);
    key.insert(key.end(), rest.begin(), rest.end());
    return key;
}

/// The longest key that is taken: where there is a choice, that of the strongest form.
int set_some_key(const series &s, const handle &h) {
    const kcapi_ext_algorithm a = describe(h);
    const bool any = a.max_key_size == 0 || a.max_key_size > most_key_bytes;
    const std::size_t from = !any               ? a.max_key_size
                             : s.type == "hash" ? std::max<std::size_t>(usual_mac_key, a.min_key_size)
                                                : usual_cipher_key;
    const auto set = s.type == "hash"   ? kcapi_md_setkey
                     : s.type == "aead" ? kcapi_aead_setkey
                                        : kcapi_cipher_setkey;
    int refused = -EINVAL;
    for (std::size_t n = from; n != 0; --n) {
        const std::vector<std::uint8_t> key = s.name.starts_with("authenc") ? authenc_key(n) : some_bytes(n);
        refused = set(h.get(), key.data(), static_cast<std::uint32_t>(key.size()));
        if (refused == 0)
            return 0;
    }
    return refused;
}

call cipher_call(const series &s, const shared_handle &h, std::size_t size, const call_shape &shape) {
    const auto b = std::make_shared<buffers>(size, size, shape.messages());
    const std::uint8_t *const iv = describe(*h).iv_size != 0 ? usual_iv.data() : nullptr;
    const int access = shape.access;
    if (shape.aio != 0) {
        const auto aio = s.encrypt ? kcapi_cipher_encrypt_aio : kcapi_cipher_decrypt_aio;
        return [h, b, iv, access, aio] {
            return aio(h->get(), b->in_vectors.data(), b->out_vectors.data(), b->in_vectors.size(), iv,
                       access);
        };
    }
    if (shape.batch != 1)
        return batch_call(h, b, s.encrypt ? KCAPI_EXT_ENCRYPT : KCAPI_EXT_DECRYPT,
                          {describe(*h).iv_size, 0, 0, size});
    const auto one = s.encrypt ? kcapi_cipher_encrypt : kcapi_cipher_decrypt;
    return [h, b, iv, access, one] {
        return one(h->get(), b->in.data(), b->in.size(), iv, b->out.data(), b->out.size(), access);
    };
}

call digest_call(const shared_handle &h, std::size_t size, const call_shape &shape) {
    const std::size_t digest = kcapi_md_digestsize(h->get());
    const auto b = std::make_shared<buffers>(size, digest, shape.messages());
    if (shape.batch != 1)
        return batch_call(h, b, KCAPI_EXT_DIGEST, {0, 0, 0, digest});
    return [h, b] {
        return kcapi_md_digest(h->get(), b->in.data(), b->in.size(), b->out.data(), b->out.size());
    };
}

call rng_call(const shared_handle &h, std::size_t size) {
    std::vector<std::uint8_t> seed = some_bytes(kcapi_rng_seedsize(h->get()));
    if (const int r = kcapi_rng_seed(h->get(), seed.empty() ? nullptr : seed.data(),
                                     static_cast<std::uint32_t>(seed.size()));
        r < 0)
        fail(-r, "cannot seed the generator");
    const auto b = std::make_shared<buffers>(0, size, 1);
    return [h, b] { return kcapi_rng_generate(h->get(), b->out.data(), b->out.size()); };
}

/// These functions take the engine of the process.
call derivation_call(const series &s, std::size_t size) {
    if (const int r = s.on ? kcapi_ext_set_engine(detail::to_c(s.on)) : 0; r < 0)
        fail(-r, "cannot choose the engine");
    const auto b = std::make_shared<buffers>(32, size, 1);
    const std::string hash = hash_of_derivation(s.name);
    if (s.name.starts_with("hkdf"))
        return [hash, b] {
            return kcapi_hkdf(hash.c_str(), b->in.data(), b->in.size(), usual_iv.data(), usual_iv.size(),
                              nullptr, 0, b->out.data(), b->out.size());
        };
    return [hash, b] {
        return kcapi_pbkdf(hash.c_str(), b->in.data(), static_cast<std::uint32_t>(b->in.size()),
                           usual_iv.data(), usual_iv.size(), derivation_rounds, b->out.data(), b->out.size());
    };
}

call call_of(const series &s, const shared_handle &h, std::size_t size, const call_shape &shape) {
    if (s.type == "skcipher")
        return cipher_call(s, h, size, shape);
    if (s.type == "aead")
        return aead_call(s, h, size, shape);
    if (shape.aio != 0)
        fail(EOPNOTSUPP, "there are no aio functions of type " + s.type);
    if (s.type == "hash")
        return digest_call(h, size, shape);
    if (shape.batch != 1)
        fail(EOPNOTSUPP, "there are no batches of type " + s.type);
    return s.type == "rng" ? rng_call(h, size) : derivation_call(s, size);
}

/// The kernel does not tell for every type; what takes none refuses all, and works without.
bool takes_key(const series &s, const shared_handle &h) {
    return s.has_direction() ||
           (s.type == "hash" && (describe(*h).max_key_size != 0 || s.name.find('(') != std::string::npos));
}

[[noreturn]] void give_up(const series &s, ssize_t r) {
    fail(static_cast<int>(-r), s.name + " by " + s.driver);
}

} // namespace

std::string hash_of_derivation(const std::string &name) {
    for (const std::string_view kdf : {"pbkdf2(", "hkdf("})
        if (name.starts_with(kdf) && name.ends_with(")"))
            return name.substr(kdf.size(), name.size() - kdf.size() - 1);
    return {};
}

measure::work calls_of(const series &s, std::size_t size, const call_shape &shape) {
    const shared_handle h = s.type == "kdf" ? nullptr : open(s);
    const int refused = takes_key(s, h) ? set_some_key(s, *h) : 0;
    const call once = call_of(s, h, size, shape);
    if (const ssize_t r = once(); r < 0)
        give_up(s, r == -ENOKEY && refused < 0 ? refused : r);
    return [once, s](std::size_t calls) {
        for (std::size_t i = 0; i < calls; ++i)
            if (const ssize_t r = once(); r < 0)
                give_up(s, r);
    };
}

} // namespace kcapi::tools
