// SPDX-License-Identifier: BSD-3-Clause
// Engines are deprecated, and still there: this asks whether there is one.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "drivers/openssl/suite.hpp"

#include <openssl/engine.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <mutex>

namespace kcapi::openssl {

namespace {

using family = std::array<EVP_CIPHER *, 3>;

/// Whether the program gave this cipher to an engine, which would then compute what is asked of libcrypto. It
/// may be one over AF_ALG, served by whoever asks here.
bool is_taken_by_engine(const EVP_CIPHER *cipher) noexcept {
#ifdef OPENSSL_NO_ENGINE
    (void)cipher;
    return false;
#else
    ENGINE *const engine = ENGINE_get_cipher_engine(EVP_CIPHER_get_nid(cipher));
    if (engine == nullptr)
        return false;
    ENGINE_finish(engine);
    return true;
#endif
}

/// libcrypto's queue holds 16 errors: those of one cipher are taken away before the next is asked for, or
/// they would push out the program's own, which it may be in the middle of reading.
EVP_CIPHER *fetch(const char *name, const char *properties) noexcept {
    ERR_set_mark();
    EVP_CIPHER *found = EVP_CIPHER_fetch(nullptr, name, properties);
    if (found != nullptr && is_taken_by_engine(found)) {
        EVP_CIPHER_free(found);
        found = nullptr;
    }
    ERR_pop_to_mark();
    return found;
}

/// What is missing, for memory was short the last time or because the library has no such cipher.
void fetch_missing(family &found, const std::array<const char *, 3> &names, const char *properties) noexcept {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] != nullptr && found[i] == nullptr)
            found[i] = fetch(names[i], properties);
}

/// Whoever uses a family has asked for it here before, so it is complete and does not change under him.
void fetch_all(suite &s, const char *properties) noexcept {
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    fetch_missing(s.ecb, {"AES-128-ECB", "AES-192-ECB", "AES-256-ECB"}, properties);
    fetch_missing(s.cbc, {"AES-128-CBC", "AES-192-CBC", "AES-256-CBC"}, properties);
    fetch_missing(s.ctr, {"AES-128-CTR", "AES-192-CTR", "AES-256-CTR"}, properties);
    fetch_missing(s.xts, {"AES-128-XTS", nullptr, "AES-256-XTS"}, properties);
    fetch_missing(s.gcm, {"AES-128-GCM", "AES-192-GCM", "AES-256-GCM"}, properties);
    fetch_missing(s.ccm, {"AES-128-CCM", "AES-192-CCM", "AES-256-CCM"}, properties);
    if (s.chacha20_poly1305 == nullptr)
        s.chacha20_poly1305 = fetch("ChaCha20-Poly1305", properties);
}

bool complete(const family &f) noexcept {
    return std::all_of(f.begin(), f.end(), [](const EVP_CIPHER *c) { return c != nullptr; });
}

} // namespace

bool suite::serves(mode m) const noexcept {
    switch (m) {
    case mode::ecb:
        return complete(ecb);
    case mode::cbc:
        return complete(cbc);
    case mode::ctr:
        return complete(ctr) && complete(ecb);
    case mode::xts:
        return xts[0] != nullptr && xts[2] != nullptr && complete(ecb);
    case mode::cts:
        // Put together from CBC, always.
        return own_paths && complete(cbc);
    case mode::gcm:
        return complete(gcm);
    case mode::ccm:
        return complete(ccm);
    case mode::chacha20_poly1305:
        return chacha20_poly1305 != nullptr;
    }
    return false;
}

const suite &ordinary_suite() noexcept {
    static suite s;
    fetch_all(s, nullptr);
    return s;
}

const suite &approved_suite() noexcept {
    static suite s = [] {
        suite services_only;
        services_only.own_paths = false;
        return services_only;
    }();
    fetch_all(s, "fips=yes");
    return s;
}

} // namespace kcapi::openssl
