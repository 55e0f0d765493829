// SPDX-License-Identifier: BSD-3-Clause
//
// AF_ALG's hash and rng sockets: HMAC-SHA-256 by libcrypto, and a generator that counts.
#include "support/toy_runtime.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cerrno>
#include <vector>

namespace kcapi::test {

namespace {

/// Counts a call and tells whether it is the one to fail.
bool fails_now() noexcept { return ++plan.calls == plan.fail_call; }

class toy_transform : public alg::transform, public std::enable_shared_from_this<toy_transform> {
  public:
    const alg::properties &info() const noexcept override { return info_; }
    result<std::uint32_t> set(alg::parameter, base::bytes value) override {
        if (operations != 0)
            return error{EBUSY, "toy"};
        if (!takes_key)
            return error{ENOSYS, "toy"};
        key.assign(value.begin(), value.end());
        has_key = true;
        return 0U;
    }
    result<void> set_tag_size(std::uint32_t) override { return error{ENOPROTOOPT, "toy"}; }

    std::vector<std::uint8_t> key;
    bool takes_key = true;
    bool has_key = false;
    int operations = 0;

  protected:
    alg::properties info_;
};

class toy_operation : public alg::operation {
  public:
    explicit toy_operation(std::shared_ptr<toy_transform> t) : transform_(std::move(t)) {
        ++transform_->operations;
    }
    ~toy_operation() override { --transform_->operations; }
    result<std::size_t> send(base::iov_list, const alg::control *, alg::call_flags) override {
        return error{EOPNOTSUPP, "toy"};
    }
    result<std::size_t> crypt(const alg::request &) override { return error{EOPNOTSUPP, "toy"}; }
    alg::readiness poll() override { return {}; }
    result<void> set_buffers(std::optional<int>, std::optional<int>) override { return {}; }

  protected:
    const std::shared_ptr<toy_transform> transform_;
};

class hash_operation final : public toy_operation {
  public:
    using toy_operation::toy_operation;

    result<std::size_t> send(base::iov_list in, const alg::control *, alg::call_flags flags) override {
        if (fails_now())
            return error{EIO, "toy"};
        if (!more_)
            message_.clear();
        std::size_t length = 0;
        for (const iovec &v : in) {
            const auto *const p = static_cast<const std::uint8_t *>(v.iov_base);
            message_.insert(message_.end(), p, p + v.iov_len);
            length += v.iov_len;
        }
        more_ = flags.more;
        return length;
    }
    result<std::size_t> receive(base::iov_list out, alg::call_flags) override {
        if (fails_now())
            return error{EIO, "toy"};
        if (!transform_->has_key)
            return error{ENOKEY, "toy"};
        std::uint8_t digest[32];
        // A key of no bytes is a pointer all the same: NULL would mean the key of the call before.
        const std::uint8_t none = 0;
        const std::vector<std::uint8_t> &key = transform_->key;
        (void)::HMAC(::EVP_sha256(), key.empty() ? &none : key.data(), static_cast<int>(key.size()),
                     message_.data(), message_.size(), digest, nullptr);
        message_.clear();
        more_ = false;
        return base::iov_cursor(out).put(digest);
    }

  private:
    std::vector<std::uint8_t> message_;
    bool more_ = false;
};

class rng_operation final : public toy_operation {
  public:
    using toy_operation::toy_operation;

    result<std::size_t> receive(base::iov_list out, alg::call_flags) override {
        if (fails_now())
            return error{EIO, "toy"};
        if (!transform_->has_key)
            return error{EINVAL, "toy: not seeded"};
        std::vector<std::uint8_t> bytes(plan.dry ? 0 : std::min<std::size_t>(*base::total_length(out), 128));
        for (std::uint8_t &b : bytes)
            b = next_++;
        return base::iov_cursor(out).put(bytes);
    }

  private:
    std::uint8_t next_ = transform_->key.empty() ? std::uint8_t{0} : transform_->key.front();
};

class toy_hash final : public toy_transform {
  public:
    toy_hash(const char *name, std::uint32_t digest_size, bool keyed) {
        info_.type = alg::kind::hash;
        info_.name = info_.driver_name = name;
        info_.digest_size = digest_size;
        takes_key = keyed;
    }
    result<std::unique_ptr<alg::operation>> accept() override {
        return std::unique_ptr<alg::operation>(std::make_unique<hash_operation>(shared_from_this()));
    }
};

class toy_rng final : public toy_transform {
  public:
    toy_rng() {
        info_.type = alg::kind::rng;
        info_.name = info_.driver_name = "toy-rng";
    }
    result<std::unique_ptr<alg::operation>> accept() override {
        return std::unique_ptr<alg::operation>(std::make_unique<rng_operation>(shared_from_this()));
    }
};

} // namespace

std::shared_ptr<alg::transform> make_toy_hash(const char *name, std::uint32_t digest_size, bool keyed) {
    return std::make_shared<toy_hash>(name, digest_size, keyed);
}

std::shared_ptr<alg::transform> make_toy_rng() { return std::make_shared<toy_rng>(); }

} // namespace kcapi::test
