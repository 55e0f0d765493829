// SPDX-License-Identifier: BSD-3-Clause
#include "capi/family_lives.hpp"

#include "capi/reference.hpp"
#include "capi/rsa_key.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <memory>

namespace kcapi::test {

namespace {

/// The calls of a life: after the first that fails no other is made.
class calls {
  public:
    /// Makes a call that is to return `success`.
    template <class F>
    void operator()(ssize_t success, F f) {
        if (outcome_ != 0)
            return;
        ssize_t r = f();
        while (r == -EINTR)
            r = f();
        if (r != success)
            outcome_ = r < 0 ? r : wrong_output;
    }
    void expect(bool right) {
        if (outcome_ == 0 && !right)
            outcome_ = wrong_output;
    }
    /// All bytes of a list into a stream, also if they are taken in parts.
    template <class F>
    void feed(const octets &data, F update) {
        std::size_t done = 0;
        while (outcome_ == 0 && done < data.size()) {
            iovec rest{const_cast<std::uint8_t *>(data.data()) + done, data.size() - done};
            const ssize_t n = update(&rest);
            if (n > 0)
                done += static_cast<std::size_t>(n);
            else if (n != -EINTR)
                outcome_ = n < 0 ? n : wrong_output;
        }
    }
    [[nodiscard]] ssize_t outcome() const { return outcome_; }

  private:
    ssize_t outcome_ = 0;
};

struct destroyer {
    void operator()(kcapi_handle *h) const { kcapi_cipher_destroy(h); }
};
using owner = std::unique_ptr<kcapi_handle, destroyer>;

/// Opens a handle by an init function.
owner open(calls &call, int (*init)(kcapi_handle **, const char *, std::uint32_t), const char *name) {
    kcapi_handle *h = nullptr;
    call(0, [&] { return init(&h, name, 0); });
    return owner(h);
}

/// What every life reads, made before anything is scarce.
struct material {
    octets plain = pattern(70000);
    octets encrypted = reference("cbc(aes)", way::encrypt, key_32(), iv_16(), plain);
    octets digest = octets(32);
    octets derived = octets(100);
    octets signature = rsa_reference_signature("SHA256", pattern(32));
    octets private_key = rsa_private_der();
    material() {
        (void)::HMAC(::EVP_sha256(), key_32().data(), 32, plain.data(), plain.size(), digest.data(), nullptr);
        (void)::PKCS5_PBKDF2_HMAC(reinterpret_cast<const char *>(plain.data()), 8, plain.data(), 16, 50,
                                  ::EVP_sha256(), static_cast<int>(derived.size()), derived.data());
    }
};

const material &given() {
    static const material m;
    return m;
}

ssize_t live_cipher() {
    const material &m = given();
    calls call;
    const owner h = open(call, kcapi_cipher_init, "cbc(aes)");
    const auto size = static_cast<ssize_t>(m.plain.size());
    octets out(m.plain.size());
    call(0, [&] { return kcapi_cipher_setkey(h.get(), key_32().data(), 32); });
    call(size, [&] {
        return kcapi_cipher_encrypt(h.get(), m.plain.data(), m.plain.size(), iv_16().data(), out.data(),
                                    out.size(), 0);
    });
    call.expect(out == m.encrypted);
    call(0, [&] { return kcapi_cipher_stream_init_dec(h.get(), iv_16().data(), nullptr, 0); });
    call.feed(m.encrypted, [&](iovec *v) { return kcapi_cipher_stream_update_last(h.get(), v, 1); });
    iovec room{out.data(), out.size()};
    call(size, [&] { return kcapi_cipher_stream_op(h.get(), &room, 1); });
    call.expect(out == m.plain);
    return call.outcome();
}

ssize_t live_aead() {
    constexpr std::size_t size = 5000;
    constexpr ssize_t sealed_size = size + 16;
    const material &m = given();
    calls call;
    const owner h = open(call, kcapi_aead_init, "gcm(aes)");
    octets sealed(sealed_size);
    octets back(size);
    call(0, [&] { return kcapi_aead_setkey(h.get(), key_32().data(), 32); });
    call(0, [&] { return kcapi_aead_settaglen(h.get(), 16); });
    kcapi_aead_setassoclen(h.get(), 20);
    call(sealed_size, [&] {
        return kcapi_aead_encrypt(h.get(), m.plain.data(), size, iv_16().data(), sealed.data(), sealed_size,
                                  0);
    });
    call(size, [&] {
        return kcapi_aead_decrypt(h.get(), sealed.data(), sealed_size, iv_16().data(), back.data(), size, 0);
    });
    call.expect(std::equal(back.begin(), back.end(), m.plain.begin()));
    std::array<iovec, 2> in{iovec{sealed.data(), sealed_size}, iovec{sealed.data(), sealed_size}};
    octets two(2 * size);
    std::array<iovec, 2> out{iovec{two.data(), size}, iovec{two.data() + size, size}};
    call(2 * size,
         [&] { return kcapi_aead_decrypt_aio(h.get(), in.data(), out.data(), 2, iv_16().data(), 0); });
    call.expect(std::equal(two.begin() + size, two.end(), m.plain.begin()));
    call(0, [&] { return kcapi_aead_stream_init_dec(h.get(), iv_16().data(), nullptr, 0); });
    call.feed(sealed, [&](iovec *v) { return kcapi_aead_stream_update(h.get(), v, 1); });
    call(0, [&] { return kcapi_aead_stream_update_last(h.get(), nullptr, 0); });
    back.assign(size, 0);
    iovec room{back.data(), size};
    call(size, [&] { return kcapi_aead_stream_op(h.get(), &room, 1); });
    call.expect(std::equal(back.begin(), back.end(), m.plain.begin()));
    return call.outcome();
}

ssize_t live_digest() {
    const material &m = given();
    calls call;
    const owner h = open(call, kcapi_md_init, "hmac(sha256)");
    octets out(32);
    call(0, [&] { return kcapi_md_setkey(h.get(), key_32().data(), 32); });
    call(32, [&] { return kcapi_md_digest(h.get(), m.plain.data(), m.plain.size(), out.data(), 32); });
    call.expect(out == m.digest);
    out.assign(32, 0);
    call(0, [&] { return kcapi_md_update(h.get(), m.plain.data(), 12345); });
    call(0, [&] { return kcapi_md_update(h.get(), m.plain.data() + 12345, m.plain.size() - 12345); });
    call(32, [&] { return kcapi_md_final(h.get(), out.data(), 32); });
    call.expect(out == m.digest);
    call(32, [&] {
        return kcapi_md_hmac_sha256(key_32().data(), 32, m.plain.data(), m.plain.size(), out.data(), 32);
    });
    call.expect(out == m.digest);
    return call.outcome();
}

ssize_t live_generator() {
    calls call;
    const owner h = open(call, kcapi_rng_init, "stdrng");
    octets out(500);
    call(0, [&] { return kcapi_rng_seed(h.get(), nullptr, 0); });
    call(500, [&] { return kcapi_rng_generate(h.get(), out.data(), out.size()); });
    call.expect(out != octets(500));
    out.assign(500, 0);
    call(500, [&] { return kcapi_rng_get_bytes(out.data(), out.size()); });
    call.expect(out != octets(500));
    return call.outcome();
}

ssize_t live_derivation() {
    const material &m = given();
    calls call;
    octets out(m.derived.size());
    call(0, [&] {
        return kcapi_pbkdf("hmac(sha256)", m.plain.data(), 8, m.plain.data(), 16, 50, out.data(), out.size());
    });
    call.expect(out == m.derived);
    octets key(42);
    call(0, [&] {
        return kcapi_hkdf("hmac(sha256)", m.plain.data(), 22, m.plain.data(), 13, m.plain.data(), 10,
                          key.data(), key.size());
    });
    octets again(42);
    call(0, [&] {
        return kcapi_hkdf("hmac(sha256)", m.plain.data(), 22, m.plain.data(), 13, m.plain.data(), 10,
                          again.data(), again.size());
    });
    call.expect(key == again && key != octets(42));
    const owner h = open(call, kcapi_md_init, "hmac(sha256)");
    call(0, [&] { return kcapi_md_setkey(h.get(), key_32().data(), 32); });
    call(0, [&] { return kcapi_kdf_ctr(h.get(), m.plain.data(), 60, out.data(), out.size()); });
    call.expect(out != m.derived);
    return call.outcome();
}

ssize_t live_public_key() {
    const material &m = given();
    calls call;
    const owner h = open(call, kcapi_akcipher_init, "pkcs1pad(rsa,sha256)");
    const octets digest = pattern(32);
    octets out(rsa_size);
    call(static_cast<ssize_t>(rsa_size), [&] {
        return kcapi_akcipher_setkey(h.get(), m.private_key.data(),
                                     static_cast<std::uint32_t>(m.private_key.size()));
    });
    call(static_cast<ssize_t>(rsa_size),
         [&] { return kcapi_akcipher_sign(h.get(), digest.data(), 32, out.data(), rsa_size, 0); });
    call.expect(out == m.signature);
    call(0, [&] { return kcapi_akcipher_stream_init_vfy(h.get(), nullptr, 0); });
    call.feed(m.signature, [&](iovec *v) { return kcapi_akcipher_stream_update_last(h.get(), v, 1); });
    iovec room{out.data(), out.size()};
    call(32, [&] { return kcapi_akcipher_stream_op(h.get(), &room, 1); });
    call.expect(std::equal(digest.begin(), digest.end(), out.begin()));
    return call.outcome();
}

ssize_t live_agreement() {
    calls call;
    const owner one = open(call, kcapi_kpp_init, "ecdh-nist-p256");
    const owner other = open(call, kcapi_kpp_init, "ecdh-nist-p256");
    std::array<std::uint8_t, 64> keys[2]{};
    std::array<std::uint8_t, 32> secrets[2]{};
    kcapi_handle *const handles[] = {one.get(), other.get()};
    for (std::size_t i = 0; i < 2; ++i) {
        call(64, [&] { return kcapi_kpp_setkey(handles[i], nullptr, 0); });
        call(64, [&] { return kcapi_kpp_keygen(handles[i], keys[i].data(), 64, 0); });
    }
    for (std::size_t i = 0; i < 2; ++i)
        call(32,
             [&] { return kcapi_kpp_ssgen(handles[i], keys[1 - i].data(), 64, secrets[i].data(), 32, 0); });
    call.expect(secrets[0] == secrets[1]);
    return call.outcome();
}

} // namespace

const std::vector<family_life> &family_lives() {
    (void)given();
    static const std::vector<family_life> all{
        {"cipher", live_cipher},         {"aead", live_aead},
        {"digest", live_digest},         {"generator", live_generator},
        {"derivation", live_derivation}, {"public_key", live_public_key},
        {"agreement", live_agreement},
    };
    return all;
}

} // namespace kcapi::test
