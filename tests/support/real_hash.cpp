// SPDX-License-Identifier: BSD-3-Clause
#include "support/real_hash.hpp"

#include <openssl/evp.h>

#include <new>
#include <vector>

namespace kcapi::test {

namespace {

using local::driver;

/// Keeps the message; tests have small ones.
class test_hash final : public local::hash_context {
  public:
    explicit test_hash(const char *name) noexcept : name_(name) {}
    int update(base::bytes data) noexcept override {
        message_.insert(message_.end(), data.begin(), data.end());
        return 0;
    }
    int finish(std::uint8_t *digest) noexcept override {
        const int done =
            EVP_Q_digest(nullptr, name_, nullptr, message_.data(), message_.size(), digest, nullptr);
        message_.clear();
        return done == 1 ? 0 : EIO;
    }
    int restart() noexcept override {
        message_.clear();
        return 0;
    }
    std::unique_ptr<hash_context> clone() const noexcept override {
        return std::unique_ptr<hash_context>(new (std::nothrow) test_hash(*this));
    }

  private:
    const char *name_;
    std::vector<std::uint8_t> message_;
};

class test_hash_key final : public local::hash_key {
  public:
    explicit test_hash_key(const char *name) noexcept : name_(name) {}
    std::unique_ptr<local::hash_context> open() const noexcept override {
        return std::unique_ptr<local::hash_context>(new (std::nothrow) test_hash(name_));
    }

  private:
    const char *name_;
};

int make(const driver &self, base::bytes key, std::unique_ptr<local::hash_key> &out) noexcept {
    if (!key.empty())
        return EINVAL;
    out.reset(new (std::nothrow) test_hash_key(self.name));
    return out == nullptr ? ENOMEM : 0;
}

driver hash(const char *name, const char *driver_name, std::uint32_t size) {
    driver d;
    d.type = local::driver_kind::hash;
    d.name = name;
    d.driver_name = driver_name;
    d.provider = "test";
    d.priority = 500;
    d.sizes = {.block_size = 64, .digest_size = size, .key = local::key_use::none};
    d.make_hash = make;
    return d;
}

} // namespace

const local::module *hash_module() {
    static const std::vector<driver> drivers{hash("sha1", "sha1-test", 20), hash("sha256", "sha256-test", 32),
                                             hash("sha384", "sha384-test", 48)};
    static const local::module self{
        .stamp = local::module_stamp, .name = "test", .version = "1", .drivers = drivers};
    return &self;
}

} // namespace kcapi::test
