// SPDX-License-Identifier: BSD-3-Clause
//
// MACs that are services of libcrypto: CMAC, keyed BLAKE2, and HMAC where it has to be one.
#include "drivers/openssl/digest.hpp"
#include "drivers/openssl/md.hpp"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <new>

namespace kcapi::openssl {

namespace {

struct mac_deleter {
    void operator()(EVP_MAC_CTX *context) const noexcept { EVP_MAC_CTX_free(context); }
};
using mac_handle = std::unique_ptr<EVP_MAC_CTX, mac_deleter>;

class mac_context final : public local::hash_context {
  public:
    /// `context` has its key and stands at the start of a message.
    mac_context(mac_handle context, std::size_t size) noexcept : context_(std::move(context)), size_(size) {}

    int update(base::bytes data) noexcept override {
        errno = 0;
        return outcome_of(stand() && EVP_MAC_update(context_.get(), data.data(), data.size()) == 1);
    }

    int finish(std::uint8_t *out) noexcept override {
        errno = 0;
        std::size_t written = 0;
        const bool done = stand() && EVP_MAC_final(context_.get(), out, &written, size_) == 1;
        stands_ = false;
        return outcome_of(done && written == size_);
    }

    int restart() noexcept override {
        stands_ = false;
        return 0;
    }

    std::unique_ptr<local::hash_context> clone() const noexcept override {
        mac_handle copy(EVP_MAC_CTX_dup(context_.get()));
        if (copy == nullptr)
            return nullptr;
        auto *const made = new (std::nothrow) mac_context(std::move(copy), size_);
        if (made != nullptr)
            made->stands_ = stands_;
        return std::unique_ptr<local::hash_context>(made);
    }

  private:
    bool stand() noexcept {
        if (!stands_)
            stands_ = EVP_MAC_init(context_.get(), nullptr, 0, nullptr) == 1;
        return stands_;
    }

    const mac_handle context_;
    const std::size_t size_;
    bool stands_ = true;
};

/// Holds a context that nobody works with: each operation gets a copy.
class mac_key final : public local::hash_key {
  public:
    mac_key(mac_handle context, std::size_t size) noexcept : context_(std::move(context)), size_(size) {}

    std::unique_ptr<local::hash_context> open() const noexcept override {
        mac_handle copy(EVP_MAC_CTX_dup(context_.get()));
        if (copy == nullptr)
            return nullptr;
        return std::unique_ptr<local::hash_context>(new (std::nothrow) mac_context(std::move(copy), size_));
    }

  private:
    const mac_handle context_;
    const std::size_t size_;
};

int make_mac(EVP_MAC *which, const OSSL_PARAM *parameters, base::bytes key, std::size_t size,
             hash_out &out) noexcept {
    // A key without bytes is a pointer all the same: null would mean that there is none.
    const std::uint8_t none = 0;
    ERR_set_mark();
    errno = 0;
    mac_handle context(EVP_MAC_CTX_new(which));
    const bool keyed = context != nullptr && EVP_MAC_init(context.get(), key.empty() ? &none : key.data(),
                                                          key.size(), parameters) == 1;
    const int code = outcome_of(keyed);
    ERR_pop_to_mark();
    if (code != 0)
        return context == nullptr ? ENOMEM : code;
    out.reset(new (std::nothrow) mac_key(std::move(context), size));
    return out == nullptr ? ENOMEM : 0;
}

/// A MAC over something that it fetches by name.
int make_mac_over(const hash_suite &hashes, mac which, const char *what, const char *name, base::bytes key,
                  std::size_t size, hash_out &out) noexcept {
    // The structure serves both directions and has no const form.
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(what, const_cast<char *>(name), 0),
        hashes.properties == nullptr
            ? OSSL_PARAM_construct_end()
            : OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_PROPERTIES,
                                               const_cast<char *>(hashes.properties), 0),
        OSSL_PARAM_construct_end()};
    return make_mac(hashes[which], parameters, key, size, out);
}

} // namespace

int make_cmac(const hash_suite &hashes, base::bytes key, hash_out &out) noexcept {
    const char *const cipher = key.size() == 16   ? "AES-128-CBC"
                               : key.size() == 24 ? "AES-192-CBC"
                               : key.size() == 32 ? "AES-256-CBC"
                                                  : nullptr;
    if (cipher == nullptr)
        return EINVAL;
    return make_mac_over(hashes, mac::cmac, OSSL_MAC_PARAM_CIPHER, cipher, key, 16, out);
}

int make_cmac_des3(const hash_suite &hashes, base::bytes key, hash_out &out) noexcept {
    if (key.size() != 24)
        return EINVAL;
    return make_mac_over(hashes, mac::cmac, OSSL_MAC_PARAM_CIPHER, "DES-EDE3-CBC", key, 8, out);
}

int make_blake2(const hash_suite &hashes, mac which, std::size_t size, base::bytes key,
                hash_out &out) noexcept {
    std::size_t wanted = size;
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &wanted),
                                     OSSL_PARAM_construct_end()};
    return make_mac(hashes[which], parameters, key, size, out);
}

int make_hmac_service(const hash_suite &hashes, digest d, base::bytes key, hash_out &out) noexcept {
    return make_mac_over(hashes, mac::hmac, OSSL_MAC_PARAM_DIGEST, name_of(d), key,
                         static_cast<std::size_t>(EVP_MD_get_size(hashes[d])), out);
}

} // namespace kcapi::openssl
