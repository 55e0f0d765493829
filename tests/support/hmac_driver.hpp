// SPDX-License-Identifier: BSD-3-Clause
//
// hmac(sha256) by libcrypto's one call for it: a hash to build other algorithms on in tests. It counts what
// it is asked.
#pragma once

#include "local/driver.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <vector>

namespace kcapi::test {

class hmac_context final : public local::hash_context {
  public:
    explicit hmac_context(std::vector<std::uint8_t> key) : key_(std::move(key)) {}

    int update(base::bytes data) noexcept override {
        message_.insert(message_.end(), data.begin(), data.end());
        return 0;
    }
    int finish(std::uint8_t *digest) noexcept override {
        const std::uint8_t none = 0;
        (void)::HMAC(::EVP_sha256(), key_.empty() ? &none : key_.data(), static_cast<int>(key_.size()),
                     message_.data(), message_.size(), digest, nullptr);
        return restart();
    }
    int restart() noexcept override {
        message_.clear();
        return 0;
    }
    std::unique_ptr<local::hash_context> clone() const noexcept override {
        return std::make_unique<hmac_context>(*this);
    }

  private:
    std::vector<std::uint8_t> key_;
    std::vector<std::uint8_t> message_;
};

class hmac_key final : public local::hash_key {
  public:
    explicit hmac_key(base::bytes key) : key_(key.begin(), key.end()) {}
    std::unique_ptr<local::hash_context> open() const noexcept override {
        return std::make_unique<hmac_context>(key_);
    }

  private:
    std::vector<std::uint8_t> key_;
};

inline local::driver hmac_driver() {
    local::driver d;
    d.type = local::driver_kind::hash;
    d.name = "hmac(sha256)";
    d.driver_name = "hmac-sha256-test";
    d.provider = "test";
    d.priority = 1000; // above any library's
    d.sizes = {.block_size = 64, .digest_size = 32, .key = local::key_use::required};
    d.make_hash = [](const local::driver &, base::bytes key, std::unique_ptr<local::hash_key> &out) noexcept {
        out = std::make_unique<hmac_key>(key);
        return 0;
    };
    return d;
}

} // namespace kcapi::test
