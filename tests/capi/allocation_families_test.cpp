// SPDX-License-Identifier: BSD-3-Clause
//
// The rules of allocation_test.cpp for the other families: a life of each, then the same handle with memory.
#include "capi/allocation_life.hpp"
#include "capi/rsa_key.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdlib>

using namespace kcapi::test;

namespace {

/// Whether a key can still be set, which an operation that was begun prevents.
void expect_key_or_busy(int r, int success) { EXPECT_TRUE(r == success || r == -EBUSY) << r; }

/// A message for gcm(aes) with 20 bytes of associated data and a tag of 12.
class aead_life {
  public:
    aead_life() {
        EXPECT_EQ(kcapi_aead_init(&reference_, "gcm(aes)", 0), 0);
        EXPECT_EQ(kcapi_aead_setkey(reference_, key_.data(), 32), 0);
        EXPECT_EQ(kcapi_aead_settaglen(reference_, tag), 0);
        kcapi_aead_setassoclen(reference_, assoc);
        EXPECT_EQ(encrypt(reference_), sealed_size);
        sealed_ = out_;
    }
    ~aead_life() { kcapi_aead_destroy(reference_); }
    aead_life(const aead_life &) = delete;
    aead_life &operator=(const aead_life &) = delete;

    bool run(std::size_t n, shortage kind) {
        kcapi_handle *h = nullptr;
        kcapi_handle *second = nullptr;
        std::uint8_t *iv = nullptr;
        std::uint32_t iv_size = 0;
        scarce_calls call(n, kind);
        if (call("init", 0, [&] { return kcapi_aead_init(&h, "gcm(aes)", 0); }) &&
            call("setkey", 0, [&] { return kcapi_aead_setkey(h, key_.data(), 32); }) &&
            call("settaglen", 0, [&] { return kcapi_aead_settaglen(h, tag); })) {
            kcapi_aead_setassoclen(h, assoc);
            (void)call("encrypt", sealed_size, [&] { return encrypt(h); });
            (void)call("decrypt", plain_size, [&] { return decrypt(h); });
            (void)call("aio", 3 * sealed_size, [&] { return encrypt_three(h); });
            (void)call("stream", plain_size, [&] { return decrypt_stream(h); });
            (void)call("reinit", 0, [&] { return kcapi_handle_reinit(&second, h, 0); });
            (void)call("nonce", 0,
                       [&] { return kcapi_aead_ccm_nonce_to_iv(key_.data(), 12, &iv, &iv_size); });
        }
        const bool felt = call.end();
        if (h != nullptr) {
            expect_key_or_busy(kcapi_aead_setkey(h, key_.data(), 32), 0);
            const int r = kcapi_aead_settaglen(h, tag);
            EXPECT_TRUE(r == 0 || r == -EINVAL) << r;
            kcapi_aead_setassoclen(h, assoc);
            out_.fill(0);
            EXPECT_EQ(encrypt(h), sealed_size);
            EXPECT_TRUE(out_ == sealed_) << "allocation " << n;
            EXPECT_EQ(decrypt_stream(h), plain_size);
            EXPECT_TRUE(std::equal(back_.begin(), back_.begin() + plain_size, plain_.begin()));
            EXPECT_EQ(encrypt_three(h), 3 * sealed_size);
            EXPECT_TRUE(std::equal(sealed_.begin(), sealed_.end(), many_.begin() + 2 * sealed_size));
        }
        std::free(iv);
        kcapi_aead_destroy(second);
        kcapi_aead_destroy(h);
        return felt;
    }

  private:
    static constexpr std::size_t assoc = 20;
    static constexpr std::uint32_t tag = 12;
    static constexpr ssize_t plain_size = 5000;
    static constexpr ssize_t sealed_size = plain_size + tag;

    ssize_t encrypt(kcapi_handle *h) {
        return kcapi_aead_encrypt(h, plain_.data(), plain_.size(), iv_.data(), out_.data(), out_.size(), 0);
    }
    ssize_t decrypt(kcapi_handle *h) {
        return kcapi_aead_decrypt(h, sealed_.data(), sealed_.size(), iv_.data(), back_.data(), back_.size(),
                                  0);
    }
    ssize_t encrypt_three(kcapi_handle *h) {
        std::array<iovec, 3> in;
        std::array<iovec, 3> out;
        for (std::size_t i = 0; i < 3; ++i) {
            in[i] = {plain_.data(), plain_.size()};
            out[i] = {many_.data() + i * sealed_size, sealed_size};
        }
        return kcapi_aead_encrypt_aio(h, in.data(), out.data(), 3, iv_.data(), 0);
    }
    ssize_t decrypt_stream(kcapi_handle *h) {
        iovec part{sealed_.data(), 16};
        if (const ssize_t r = kcapi_aead_stream_init_dec(h, iv_.data(), &part, 1); r < 0)
            return r;
        part = {sealed_.data() + 16, 4096};
        if (const ssize_t r = kcapi_aead_stream_update(h, &part, 1); r < 0)
            return r;
        part = {sealed_.data() + 16 + 4096, sealed_size - 16 - 4096};
        if (const ssize_t r = kcapi_aead_stream_update_last(h, &part, 1); r < 0)
            return r;
        iovec room{back_.data(), back_.size()};
        return kcapi_aead_stream_op(h, &room, 1);
    }

    kcapi_handle *reference_ = nullptr;
    const octets key_ = pattern(32, 5);
    const octets iv_ = pattern(12, 6);
    octets plain_ = pattern(plain_size);
    std::array<std::uint8_t, sealed_size> sealed_{};
    std::array<std::uint8_t, sealed_size> out_{};
    std::array<std::uint8_t, plain_size> back_{};
    std::array<std::uint8_t, 3 * sealed_size> many_{};
};

bool run_rng(std::size_t n, shortage kind) {
    kcapi_handle *h = nullptr;
    kcapi_handle *second = nullptr;
    std::array<std::uint8_t, 300> out{};
    std::array<std::uint8_t, 16> seed{1, 2, 3};
    scarce_calls call(n, kind);
    if (call("init", 0, [&] { return kcapi_rng_init(&h, "drbg_nopr_ctr_aes256", 0); }) &&
        call("seed", 0, [&] { return kcapi_rng_seed(h, seed.data(), seed.size()); })) {
        (void)call("generate", 300, [&] { return kcapi_rng_generate(h, out.data(), out.size()); });
        (void)call("reinit", 0, [&] { return kcapi_handle_reinit(&second, h, 0); });
    }
    (void)call("get_bytes", 300, [&] { return kcapi_rng_get_bytes(out.data(), out.size()); });
    const bool felt = call.end();
    if (h != nullptr) {
        expect_key_or_busy(kcapi_rng_seed(h, seed.data(), seed.size()), 0);
        std::array<std::uint8_t, 300> other{};
        EXPECT_EQ(kcapi_rng_generate(h, out.data(), out.size()), 300) << "allocation " << n;
        EXPECT_EQ(kcapi_rng_generate(h, other.data(), other.size()), 300);
        EXPECT_FALSE(out == other);
    }
    kcapi_rng_destroy(second);
    kcapi_rng_destroy(h);
    return felt;
}

bool run_hash(std::size_t n, shortage kind) {
    kcapi_handle *h = nullptr;
    kcapi_handle *second = nullptr;
    std::array<std::uint8_t, 64> out{};
    const std::uint8_t *const key = key_32().data();
    scarce_calls call(n, kind);
    if (call("init", 0, [&] { return kcapi_md_init(&h, "hmac(sha256)", 0); }) &&
        call("setkey", 0, [&] { return kcapi_md_setkey(h, key, 32); })) {
        (void)call("digest", 32, [&] { return kcapi_md_digest(h, key, 32, out.data(), 32); });
        (void)call("reinit", 0, [&] { return kcapi_handle_reinit(&second, h, 0); });
        (void)call("update and final", 32, [&] {
            const ssize_t r = kcapi_md_update(h, key, 32);
            const ssize_t end = kcapi_md_final(h, out.data(), 32);
            return r < 0 ? r : end;
        });
        (void)call("kdf_ctr", 0, [&] { return kcapi_kdf_ctr(h, key, 32, out.data(), 64); });
        (void)call("kdf_fb", 0, [&] { return kcapi_kdf_fb(h, key, 32, out.data(), 64); });
        (void)call("kdf_dpi", 0, [&] { return kcapi_kdf_dpi(h, key, 32, out.data(), 64); });
        (void)call("hash", 32, [&] { return kcapi_md_sha256(key, 32, out.data(), 32); });
        (void)call("mac", 64, [&] { return kcapi_md_hmac_sha512(key, 32, key, 32, out.data(), 64); });
        (void)call("hkdf", 0, [&] {
            return kcapi_hkdf("hmac(sha256)", key, 32, nullptr, 0, nullptr, 0, out.data(), 64);
        });
        (void)call("pbkdf", 0,
                   [&] { return kcapi_pbkdf("hmac(sha256)", key, 32, key, 32, 3, out.data(), 64); });
        (void)call("pbkdf by calls", 0, // no driver has all of it for this one
                   [&] { return kcapi_pbkdf("cmac(aes)", key, 32, key, 32, 3, out.data(), 64); });
    }
    const bool felt = call.end();
    if (h != nullptr) {
        expect_key_or_busy(kcapi_md_setkey(h, key, 32), 0);
        std::array<std::uint8_t, 64> again{};
        out.fill(0);
        EXPECT_EQ(kcapi_md_digest(h, key, 32, out.data(), 32), 32) << "allocation " << n;
        EXPECT_EQ(kcapi_md_hmac_sha256(key, 32, key, 32, again.data(), 32), 32);
        EXPECT_TRUE(out == again) << "allocation " << n;
    }
    kcapi_md_destroy(second);
    kcapi_md_destroy(h);
    return felt;
}

/// What signing and opening a digest gives.
struct rsa_material {
    octets digest = pattern(32);
    octets signature = rsa_reference_signature("SHA256", digest);
    octets out = octets(2 * rsa_size);
    octets der = rsa_private_der();
};

ssize_t verify_stream(kcapi_handle *h, rsa_material &m) {
    iovec part{m.signature.data(), 100};
    if (const ssize_t r = kcapi_akcipher_stream_init_vfy(h, &part, 1); r < 0)
        return r;
    part = {m.signature.data() + 100, rsa_size - 100};
    if (const ssize_t r = kcapi_akcipher_stream_update_last(h, &part, 1); r < 0)
        return r;
    iovec room{m.out.data(), rsa_size};
    return kcapi_akcipher_stream_op(h, &room, 1);
}

bool run_akcipher(rsa_material &m, std::size_t n, shortage kind) {
    kcapi_handle *h = nullptr;
    kcapi_handle *second = nullptr;
    const auto size = static_cast<ssize_t>(rsa_size);
    const auto sign = [&] { return kcapi_akcipher_sign(h, m.digest.data(), 32, m.out.data(), rsa_size, 0); };
    std::array<iovec, 2> in{iovec{m.digest.data(), 32}, iovec{m.digest.data(), 32}};
    std::array<iovec, 2> out{iovec{m.out.data(), rsa_size}, iovec{m.out.data() + rsa_size, rsa_size}};
    const auto set_key = [&] {
        return kcapi_akcipher_setkey(h, m.der.data(), static_cast<std::uint32_t>(m.der.size()));
    };
    scarce_calls call(n, kind);
    if (call("init", 0, [&] { return kcapi_akcipher_init(&h, "pkcs1pad(rsa,sha256)", 0); }) &&
        call("setkey", size, set_key)) {
        (void)call("sign", size, sign);
        (void)call("verify", 32, [&] {
            return kcapi_akcipher_verify(h, m.signature.data(), rsa_size, m.out.data(), rsa_size, 0);
        });
        (void)call("aio", 2 * size, [&] { return kcapi_akcipher_sign_aio(h, in.data(), out.data(), 2, 0); });
        (void)call("stream", 32, [&] { return verify_stream(h, m); });
        (void)call("reinit", 0, [&] { return kcapi_handle_reinit(&second, h, 0); });
    }
    const bool felt = call.end();
    if (h != nullptr) {
        expect_key_or_busy(set_key(), static_cast<int>(rsa_size));
        EXPECT_EQ(sign(), size) << "allocation " << n;
        EXPECT_TRUE(slice(m.out, 0, rsa_size) == m.signature);
        EXPECT_EQ(verify_stream(h, m), 32) << "allocation " << n;
        EXPECT_TRUE(slice(m.out, 0, 32) == m.digest);
    }
    kcapi_akcipher_destroy(second);
    kcapi_akcipher_destroy(h);
    return felt;
}

bool run_kpp(const octets &key, std::size_t n, shortage kind) {
    kcapi_handle *h = nullptr;
    kcapi_handle *second = nullptr;
    std::array<std::uint8_t, 64> own{};
    std::array<std::uint8_t, 128> out{};
    std::array<iovec, 2> in{iovec{own.data(), 64}, iovec{own.data(), 64}};
    std::array<iovec, 2> room{iovec{out.data(), 32}, iovec{out.data() + 32, 32}};
    const auto set_key = [&] { return kcapi_kpp_setkey(h, key.data(), 32); };
    const auto keygen = [&] { return kcapi_kpp_keygen(h, own.data(), 64, 0); };
    scarce_calls call(n, kind);
    if (call("init", 0, [&] { return kcapi_kpp_init(&h, "ecdh", 0); }) &&
        call("setcurve", 64, [&] { return kcapi_kpp_ecdh_setcurve(h, ECC_CURVE_NIST_P256); }) &&
        call("generate", 64, [&] { return kcapi_kpp_setkey(h, nullptr, 0); }) &&
        call("setkey", 64, set_key) && call("keygen", 64, keygen)) {
        (void)call("ssgen", 32, [&] { return kcapi_kpp_ssgen(h, own.data(), 64, out.data(), 32, 0); });
        (void)call("aio", 64, [&] { return kcapi_kpp_ssgen_aio(h, in.data(), room.data(), 2, 0); });
        (void)call("reinit", 0, [&] { return kcapi_handle_reinit(&second, h, 0); });
    }
    const bool felt = call.end();
    if (h != nullptr) {
        expect_key_or_busy(kcapi_kpp_ecdh_setcurve(h, ECC_CURVE_NIST_P256), 64);
        expect_key_or_busy(set_key(), 64);
        EXPECT_EQ(keygen(), 64) << "allocation " << n;
        EXPECT_EQ(kcapi_kpp_ssgen(h, own.data(), 64, out.data(), 32, 0), 32) << "allocation " << n;
        EXPECT_EQ(kcapi_kpp_ssgen_aio(h, in.data(), room.data(), 2, 0), 64);
        EXPECT_TRUE(std::equal(out.begin(), out.begin() + 32, out.begin() + 32));
    }
    kcapi_kpp_destroy(second);
    kcapi_kpp_destroy(h);
    return felt;
}

} // namespace

TEST_P(allocation, of_an_aeads_life_is_enomem_leaks_nothing_and_leaves_it_usable) {
    aead_life life;
    expect_no_leak(GetParam(), 8, [&](std::size_t n, shortage kind) { return life.run(n, kind); });
}

TEST_P(allocation, of_a_digests_life_is_enomem_leaks_nothing_and_leaves_it_usable) {
    (void)key_32();
    expect_no_leak(GetParam(), 15, run_hash);
}

TEST_P(allocation, of_a_generators_life_is_enomem_leaks_nothing_and_leaves_it_usable) {
    expect_no_leak(GetParam(), 15, run_rng);
}

TEST_P(allocation, of_a_public_keys_life_is_enomem_leaks_nothing_and_leaves_it_usable) {
    rsa_material m;
    expect_no_leak(GetParam(), 50, [&](std::size_t n, shortage kind) { return run_akcipher(m, n, kind); });
}

TEST_P(allocation, of_a_key_agreements_life_is_enomem_leaks_nothing_and_leaves_it_usable) {
    const octets key = pattern(32, 77);
    expect_no_leak(GetParam(), 50, [&](std::size_t n, shortage kind) { return run_kpp(key, n, kind); });
}
