// SPDX-License-Identifier: BSD-3-Clause
#include "drivers/openssl/stream.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cerrno>

namespace kcapi::openssl {

namespace {

constexpr std::uint8_t zeros[block_size] = {};

/// Chooses the cipher, and the length of the key where the cipher leaves that open.
bool takes_key_length(EVP_CIPHER_CTX *context, const EVP_CIPHER *cipher, std::size_t size,
                      int encrypt) noexcept {
    return EVP_CipherInit_ex2(context, cipher, nullptr, nullptr, encrypt, nullptr) == 1 &&
           (EVP_CIPHER_CTX_get_key_length(context) == static_cast<int>(size) ||
            EVP_CIPHER_CTX_set_key_length(context, static_cast<int>(size)) == 1);
}

} // namespace

void stream::deleter::operator()(EVP_CIPHER_CTX *context) const noexcept { EVP_CIPHER_CTX_free(context); }

int stream::open(const EVP_CIPHER *cipher, base::bytes key, local::direction d) noexcept {
    const int encrypt = d == local::direction::encrypt ? 1 : 0;
    ERR_set_mark();
    // Who ran out of memory below leaves word there.
    errno = 0;
    std::unique_ptr<EVP_CIPHER_CTX, deleter> fresh(EVP_CIPHER_CTX_new());
    int failure = 0;
    if (fresh == nullptr)
        failure = ENOMEM;
    else if (!takes_key_length(fresh.get(), cipher, key.size(), encrypt) ||
             EVP_CipherInit_ex2(fresh.get(), nullptr, key.data(), zeros, encrypt, nullptr) != 1 ||
             EVP_CIPHER_CTX_set_padding(fresh.get(), 0) != 1)
        failure = errno == ENOMEM ? ENOMEM : EIO;
    ERR_pop_to_mark();
    if (failure == 0)
        context_ = std::move(fresh);
    return failure;
}

int stream::set_key(base::bytes key) noexcept {
    return EVP_CipherInit_ex2(context_.get(), nullptr, key.data(), zeros, -1, nullptr) == 1 ? 0 : EIO;
}

int stream::set_iv(const std::uint8_t *iv) noexcept {
    return EVP_CipherInit_ex(context_.get(), nullptr, nullptr, nullptr, iv, -1) == 1 ? 0 : EIO;
}

int stream::update(const std::uint8_t *in, std::uint8_t *out, std::size_t length) noexcept {
    while (length != 0) {
        const std::size_t n = std::min(length, max_update);
        int produced = 0;
        if (EVP_CipherUpdate(context_.get(), out, &produced, in, static_cast<int>(n)) != 1)
            return EIO;
        in += n;
        out += n;
        length -= n;
    }
    return 0;
}

int block_stream::crypt(local::direction d, const std::uint8_t *in, std::uint8_t *out,
                        std::size_t length) noexcept {
    stream &s = streams_[static_cast<std::size_t>(d)];
    if (!s.is_open()) {
        const int failure = s.open(ecb_, key_, d);
        if (failure != 0)
            return failure;
    }
    return s.update(in, out, length);
}

} // namespace kcapi::openssl
