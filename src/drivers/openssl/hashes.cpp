// SPDX-License-Identifier: BSD-3-Clause
#include "drivers/openssl/hashes.hpp"

#include "drivers/openssl/suite.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <mutex>

namespace kcapi::openssl {

namespace {

constexpr std::array<const char *, digest_count> digest_names{
    "MD5",      "RIPEMD160", "SHA1",     "SHA2-224", "SHA2-256", "SHA2-384",    "SHA2-512",
    "SHA3-224", "SHA3-256",  "SHA3-384", "SHA3-512", "SM3",      "BLAKE2B-512", "BLAKE2S-256"};

constexpr std::array<const char *, mac_count> mac_names{"HMAC", "CMAC", "BLAKE2BMAC", "BLAKE2SMAC"};

/// The program may be in the middle of reading its own errors from this thread's queue. That holds few, so
/// what a search leaves in it goes away at once.
template <auto Fetch>
auto *quietly(const char *name, const char *properties) noexcept {
    ERR_set_mark();
    auto *const found = Fetch(nullptr, name, properties);
    ERR_pop_to_mark();
    return found;
}

bool has_cipher(const char *name, const char *properties) noexcept {
    EVP_CIPHER *const cipher = quietly<EVP_CIPHER_fetch>(name, properties);
    EVP_CIPHER_free(cipher);
    return cipher != nullptr;
}

/// What is missing, for memory was short the last time or because the library has no such thing.
void fetch_all(hash_suite &s) noexcept {
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    for (std::size_t i = 0; i < digest_count; ++i)
        if (s.digests[i] == nullptr)
            s.digests[i] = quietly<EVP_MD_fetch>(digest_names[i], s.properties);
    for (std::size_t i = 0; i < mac_count; ++i)
        if (s.macs[i] == nullptr)
            s.macs[i] = quietly<EVP_MAC_fetch>(mac_names[i], s.properties);
    s.aes = s.aes || (has_cipher("AES-128-CBC", s.properties) && has_cipher("AES-192-CBC", s.properties) &&
                      has_cipher("AES-256-CBC", s.properties));
    // The kernel's FIPS mode has no triple DES, whatever an old provider says.
    s.des3 = s.des3 || (s.own_paths && has_cipher("DES-EDE3-CBC", s.properties));
}

} // namespace

const char *name_of(digest d) noexcept { return digest_names[static_cast<std::size_t>(d)]; }

const hash_suite &ordinary_hashes() noexcept {
    static hash_suite s;
    fetch_all(s);
    return s;
}

const hash_suite &approved_hashes() noexcept {
    static hash_suite s = [] {
        hash_suite services_only;
        services_only.properties = "fips=yes";
        services_only.own_paths = false;
        return services_only;
    }();
    fetch_all(s);
    return s;
}

} // namespace kcapi::openssl
