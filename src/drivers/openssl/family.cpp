// SPDX-License-Identifier: BSD-3-Clause
#include "drivers/openssl/family.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include <algorithm>
#include <mutex>

namespace kcapi::openssl {

namespace {

/// Null without the provider; asked for again the next time. Never freed.
OSSL_LIB_CTX *legacy_context() noexcept {
    static OSSL_LIB_CTX *context = nullptr;
    static bool loaded = false;
    if (context == nullptr)
        context = OSSL_LIB_CTX_new();
    if (context != nullptr && !loaded)
        loaded = OSSL_PROVIDER_load(context, "legacy") != nullptr;
    return loaded ? context : nullptr;
}

EVP_CIPHER *fetch(bool legacy, const char *name) noexcept {
    // The program may be in the middle of reading its own errors from this thread's queue.
    ERR_set_mark();
    EVP_CIPHER *found = nullptr;
    if (!legacy)
        found = EVP_CIPHER_fetch(nullptr, name, nullptr);
    else if (OSSL_LIB_CTX *const context = legacy_context())
        found = EVP_CIPHER_fetch(context, name, nullptr);
    ERR_pop_to_mark();
    return found;
}

const EVP_CIPHER *service_of(const family &f, family_member &m, family_mode mode) noexcept {
    static std::mutex mutex;
    const auto i = static_cast<std::size_t>(mode);
    if (m.names[i] == nullptr)
        return nullptr;
    const std::lock_guard lock(mutex);
    if (m.fetched[i] == nullptr)
        m.fetched[i] = fetch(f.legacy, m.names[i]);
    return m.fetched[i];
}

family_member des_members[] = {{24, {"DES-EDE3-ECB", "DES-EDE3-CBC", nullptr}}};
family_member camellia_members[] = {{16, {"CAMELLIA-128-ECB", "CAMELLIA-128-CBC", "CAMELLIA-128-CTR"}},
                                    {24, {"CAMELLIA-192-ECB", "CAMELLIA-192-CBC", "CAMELLIA-192-CTR"}},
                                    {32, {"CAMELLIA-256-ECB", "CAMELLIA-256-CBC", "CAMELLIA-256-CTR"}}};
family_member aria_members[] = {{16, {"ARIA-128-ECB", "ARIA-128-CBC", "ARIA-128-CTR"}},
                                {24, {"ARIA-192-ECB", "ARIA-192-CBC", "ARIA-192-CTR"}},
                                {32, {"ARIA-256-ECB", "ARIA-256-CBC", "ARIA-256-CTR"}}};
family_member sm4_members[] = {{16, {"SM4-ECB", "SM4-CBC", "SM4-CTR"}}};
family_member blowfish_members[] = {{0, {"BF-ECB", "BF-CBC", nullptr}}};
family_member cast5_members[] = {{0, {"CAST5-ECB", "CAST5-CBC", nullptr}}};
family_member seed_members[] = {{16, {"SEED-ECB", "SEED-CBC", nullptr}}};

} // namespace

constinit const family des{.block_size = 8, .key_copies = 3, .members = des_members};
constinit const family des3_ede{.block_size = 8, .members = des_members};
constinit const family camellia{.block_size = 16, .members = camellia_members};
constinit const family aria{.block_size = 16, .members = aria_members};
constinit const family sm4{.block_size = 16, .members = sm4_members};
constinit const family blowfish{.legacy = true, .block_size = 8, .members = blowfish_members};
constinit const family cast5{.legacy = true, .block_size = 8, .members = cast5_members};
constinit const family seed{.legacy = true, .block_size = 16, .members = seed_members};

const EVP_CIPHER *family::service(family_mode m, std::size_t key_size) const noexcept {
    for (family_member &member : members)
        if (member.key_size == 0 || member.key_size == key_size)
            return service_of(*this, member, m);
    return nullptr;
}

bool family::serves(family_mode m) const noexcept {
    return std::all_of(members.begin(), members.end(),
                       [&](family_member &member) { return service_of(*this, member, m) != nullptr; });
}

} // namespace kcapi::openssl
