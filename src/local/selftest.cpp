// SPDX-License-Identifier: BSD-3-Clause
#include "local/selftest.hpp"

#include "base/secret.hpp"
#include "local/selftest_aead.hpp"
#include "local/selftest_hash.hpp"
#include "local/selftest_instance.hpp"
#include "local/selftest_public_key.hpp"
#include "local/selftest_rng.hpp"
#include "local/selftest_vectors.hpp"

#include <string_view>

namespace kcapi::local {

namespace {

bool right(base::bytes got, base::bytes wanted) noexcept { return base::ct_equal(got, wanted); }

bool check_cipher(const driver &d, const selftest_vector &v) noexcept {
    std::unique_ptr<cipher_key> key;
    if (d.make_cipher == nullptr || d.make_cipher(d, v.key, key) != 0)
        return false;
    const std::unique_ptr<cipher_context> context = key->open();
    if (context == nullptr)
        return false;
    std::array<std::uint8_t, longest_vector> out{};
    const std::size_t n = v.plaintext.size();
    return context->crypt(direction::encrypt, v.plaintext.data(), out.data(), n) == 0 &&
           right({out.data(), n}, v.ciphertext) &&
           context->crypt(direction::decrypt, out.data(), out.data(), n) == 0 &&
           right({out.data(), n}, v.plaintext);
}

bool check_skcipher(const driver &d, const selftest_vector &v) noexcept {
    if (v.iv.size() != d.sizes.iv_size)
        return false;
    std::unique_ptr<skcipher_key> key;
    if (d.make_skcipher == nullptr || d.make_skcipher(d, v.key, key) != 0)
        return false;
    const std::unique_ptr<skcipher_context> context = key->open();
    if (context == nullptr)
        return false;
    std::array<std::uint8_t, longest_vector> out{};
    const std::size_t n = v.plaintext.size();
    chain c;
    c.set(v.iv);
    if (context->crypt(direction::encrypt, c, v.plaintext.data(), out.data(), n) != 0 ||
        !right({out.data(), n}, v.ciphertext))
        return false;
    c.set(v.iv);
    return context->crypt(direction::decrypt, c, out.data(), out.data(), n) == 0 &&
           right({out.data(), n}, v.plaintext);
}

} // namespace

bool passes_self_test(const driver &d) noexcept {
    if (d.type == driver_kind::rng)
        return passes_rng_self_test(d);
    if (d.type == driver_kind::akcipher)
        return passes_akcipher_self_test(d);
    if (d.type == driver_kind::kpp)
        return passes_kpp_self_test(d);
    bool any = false;
    for (const selftest_vector v : selftest_vectors()) {
        if (v.algorithm != std::string_view(d.name))
            continue;
        if (d.type == driver_kind::hash_batch &&
            (v.plaintext.size() < d.best.min_length || v.plaintext.size() > d.best.max_length))
            continue;
        any = true;
        const bool ok = v.plaintext.size() > longest_vector ? false
                        : d.type == driver_kind::cipher     ? check_cipher(d, v)
                        : d.type == driver_kind::skcipher   ? check_skcipher(d, v)
                        : d.type == driver_kind::hash       ? check_hash(d, v)
                        : d.type == driver_kind::hash_batch ? check_hash_batch(d, v)
                        : d.type == driver_kind::aead       ? passes_aead_vector(d, v)
                                                            : false;
        if (!ok)
            return false;
    }
    return any || (d.parts[0] != nullptr && is_consistent(d));
}

} // namespace kcapi::local
