// SPDX-License-Identifier: BSD-3-Clause
#include "drivers/openssl/suite.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>

namespace kcapi::openssl {

namespace {

using family = std::array<EVP_CIPHER *, 3>;

family fetch(const std::array<const char *, 3> &names, const char *properties) noexcept {
    family found{};
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] != nullptr)
            found[i] = EVP_CIPHER_fetch(nullptr, names[i], properties);
    return found;
}

suite fetch_all(const char *properties, bool own_paths) noexcept {
    // The program may be in the middle of reading its own errors from this thread's queue.
    ERR_set_mark();
    suite s;
    s.ecb = fetch({"AES-128-ECB", "AES-192-ECB", "AES-256-ECB"}, properties);
    s.cbc = fetch({"AES-128-CBC", "AES-192-CBC", "AES-256-CBC"}, properties);
    s.ctr = fetch({"AES-128-CTR", "AES-192-CTR", "AES-256-CTR"}, properties);
    s.xts = fetch({"AES-128-XTS", nullptr, "AES-256-XTS"}, properties);
    s.own_paths = own_paths;
    ERR_pop_to_mark();
    return s;
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
    }
    return false;
}

const suite &ordinary_suite() noexcept {
    static const suite s = fetch_all(nullptr, true);
    return s;
}

const suite &approved_suite() noexcept {
    static const suite s = fetch_all("fips=yes", false);
    return s;
}

} // namespace kcapi::openssl
