// SPDX-License-Identifier: BSD-3-Clause
#include "drivers/openssl/hashes.hpp"

#include "drivers/openssl/suite.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <atomic>
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

/// What was found before, or is now; what was not may be the next time, for memory can be short.
template <auto Fetch, class Found>
Found *fetched(Found *&slot, const char *name, const char *properties) noexcept {
    const std::atomic_ref<Found *> shared(slot);
    if (Found *const before = shared.load(std::memory_order_acquire))
        return before;
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    Found *found = shared.load(std::memory_order_acquire);
    if (found == nullptr) {
        found = quietly<Fetch>(name, properties);
        shared.store(found, std::memory_order_release);
    }
    return found;
}

} // namespace

const char *name_of(digest d) noexcept { return digest_names[static_cast<std::size_t>(d)]; }

EVP_MD *hash_suite::operator[](digest d) const noexcept {
    const auto i = static_cast<std::size_t>(d);
    return fetched<EVP_MD_fetch>(digests_[i], digest_names[i], properties);
}

EVP_MAC *hash_suite::operator[](mac m) const noexcept {
    const auto i = static_cast<std::size_t>(m);
    return fetched<EVP_MAC_fetch>(macs_[i], mac_names[i], properties);
}

bool hash_suite::has_aes() const noexcept {
    return has_cipher("AES-128-CBC", properties) && has_cipher("AES-192-CBC", properties) &&
           has_cipher("AES-256-CBC", properties);
}

/// The kernel's FIPS mode has no triple DES, whatever an old provider says.
bool hash_suite::has_des3() const noexcept { return own_paths && has_cipher("DES-EDE3-CBC", properties); }

const hash_suite &ordinary_hashes() noexcept {
    static const hash_suite s;
    return s;
}

const hash_suite &approved_hashes() noexcept {
    static const hash_suite s = [] {
        hash_suite services_only;
        services_only.properties = "fips=yes";
        services_only.own_paths = false;
        return services_only;
    }();
    return s;
}

} // namespace kcapi::openssl
