// SPDX-License-Identifier: BSD-3-Clause
//
// AF_ALG's hash and rng sockets: hashes by libcrypto, and a generator that counts.
#include "support/toy_runtime.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cerrno>
#include <chrono>
#include <string>
#include <thread>
#include <utility>
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
    bool has_entropy = false; ///< of a generator
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

class toy_hash final : public toy_transform {
  public:
    toy_hash(std::string_view name, const EVP_MD *md, bool keyed) : md_(md), keyed_(keyed) {
        info_.type = alg::kind::hash;
        info_.name = info_.driver_name = name;
        info_.digest_size = md == nullptr ? 0 : static_cast<std::uint32_t>(::EVP_MD_get_size(md));
        info_.block_size = md == nullptr ? 0 : static_cast<std::uint32_t>(::EVP_MD_get_block_size(md));
        takes_key = keyed;
    }
    toy_hash(std::string_view name, std::uint32_t digest_size) : toy_hash(name, nullptr, true) {
        info_.digest_size = digest_size;
    }
    result<std::unique_ptr<alg::operation>> accept() override;
    result<void> pbkdf2(base::bytes salt, std::uint32_t count, base::mutable_bytes out) override {
        if (info_.name != "hmac(toy-fast)")
            return error{EOPNOTSUPP, "toy"};
        ++plan.derived;
        if (plan.delay_ms != 0) {
            std::this_thread::sleep_for(std::chrono::milliseconds(plan.delay_ms));
            return {};
        }
        (void)::PKCS5_PBKDF2_HMAC(reinterpret_cast<const char *>(key.data()), static_cast<int>(key.size()),
                                  salt.data(), static_cast<int>(salt.size()), static_cast<int>(count), md_,
                                  static_cast<int>(out.size()), out.data());
        return {};
    }

    [[nodiscard]] bool is_usable() const { return !keyed_ || has_key; }
    [[nodiscard]] std::vector<std::uint8_t> digest(base::bytes message) const {
        std::vector<std::uint8_t> d(info_.digest_size);
        const std::uint8_t none = 0;
        if (md_ != nullptr && keyed_) // a key of no bytes is a pointer all the same
            (void)::HMAC(md_, key.empty() ? &none : key.data(), static_cast<int>(key.size()), message.data(),
                         message.size(), d.data(), nullptr);
        else if (md_ != nullptr)
            (void)::EVP_Digest(message.data(), message.size(), d.data(), nullptr, md_, nullptr);
        return d;
    }

  private:
    const EVP_MD *md_;
    const bool keyed_;
};

class hash_operation final : public toy_operation {
  public:
    explicit hash_operation(std::shared_ptr<toy_hash> t) : toy_operation(t), hash_(std::move(t)) {}

    result<std::size_t> send(base::iov_list in, const alg::control *, alg::call_flags flags) override {
        if (!hash_->is_usable())
            return error{ENOKEY, "toy"};
        if (!more_)
            message_.clear();
        if (fails_now()) {
            more_ = false; // and the message is forgotten
            return error{EIO, "toy"};
        }
        more_ = flags.more;
        return append(in);
    }
    result<std::size_t> receive(base::iov_list out, alg::call_flags) override {
        if (!hash_->is_usable())
            return error{ENOKEY, "toy"};
        more_ = false;
        const std::vector<std::uint8_t> digest = hash_->digest(std::exchange(message_, {}));
        if (fails_now())
            return error{EIO, "toy"};
        return base::iov_cursor(out).put(digest);
    }
    result<std::size_t> crypt(const alg::request &m) override {
        if (!hash_->is_usable())
            return error{ENOKEY, "toy"};
        if (fails_now())
            return error{EIO, "toy"};
        message_.clear();
        (void)append(m.in);
        return base::iov_cursor(m.out).put(hash_->digest(std::exchange(message_, {})));
    }

  private:
    std::size_t append(base::iov_list in) {
        const std::size_t before = message_.size();
        for (const iovec &v : in) {
            const auto *const p = static_cast<const std::uint8_t *>(v.iov_base);
            message_.insert(message_.end(), p, p + v.iov_len);
        }
        return message_.size() - before;
    }

    const std::shared_ptr<toy_hash> hash_;
    std::vector<std::uint8_t> message_;
    bool more_ = false;
};

result<std::unique_ptr<alg::operation>> toy_hash::accept() {
    return std::unique_ptr<alg::operation>(
        std::make_unique<hash_operation>(std::static_pointer_cast<toy_hash>(shared_from_this())));
}

class rng_operation final : public toy_operation {
  public:
    using toy_operation::toy_operation;

    result<std::size_t> receive(base::iov_list out, alg::call_flags) override {
        if (fails_now())
            return error{EIO, "toy"};
        if (!transform_->has_key)
            return error{EINVAL, "toy: not seeded"};
        next_ = static_cast<std::uint8_t>(next_ + std::exchange(additional_, std::uint8_t{0}));
        std::vector<std::uint8_t> bytes(plan.dry ? 0 : std::min<std::size_t>(*base::total_length(out), 128));
        for (std::uint8_t &b : bytes)
            b = next_++;
        return base::iov_cursor(out).put(bytes);
    }

    result<std::size_t> send(base::iov_list in, const alg::control *, alg::call_flags) override {
        const std::size_t length = *base::total_length(in);
        if (!transform_->has_entropy)
            return error{EOPNOTSUPP, "toy"};
        if (length > 128)
            return error{EMSGSIZE, "toy"};
        for (const iovec &v : in)
            for (std::size_t i = 0; i < v.iov_len; ++i)
                additional_ =
                    static_cast<std::uint8_t>(additional_ + static_cast<const std::uint8_t *>(v.iov_base)[i]);
        return plan.dry ? 0 : length;
    }

  private:
    std::uint8_t additional_ = 0;
    std::uint8_t next_ = transform_->key.empty() ? std::uint8_t{0} : transform_->key.front();
};

class toy_rng final : public toy_transform {
  public:
    toy_rng(const char *name, std::uint32_t seed_size) {
        info_.type = alg::kind::rng;
        info_.name = info_.driver_name = name;
        info_.seed_size = seed_size;
    }
    result<std::uint32_t> set(alg::parameter what, base::bytes value) override {
        if (what == alg::parameter::key) {
            plan.seed.assign(value.begin(), value.end());
            return toy_transform::set(what, value);
        }
        if (what != alg::parameter::entropy)
            return error{ENOPROTOOPT, "toy"};
        if (has_entropy || value.size() > 128)
            return error{has_entropy ? EINVAL : EMSGSIZE, "toy"};
        has_entropy = true;
        return 0U;
    }
    result<std::unique_ptr<alg::operation>> accept() override {
        return std::unique_ptr<alg::operation>(std::make_unique<rng_operation>(shared_from_this()));
    }
};

} // namespace

std::shared_ptr<alg::transform> make_toy_hash(std::string_view name) {
    if (name == "toy-hash-0")
        return std::make_shared<toy_hash>(name, 0U);
    if (name == "toy-hash-65")
        return std::make_shared<toy_hash>(name, 65U);
    const bool keyed = name.starts_with("hmac(");
    const std::string inner(keyed ? name.substr(5, name.size() - 6) : name);
    const EVP_MD *const md = ::EVP_get_digestbyname(inner == "toy-fast" ? "sha256" : inner.c_str());
    return md == nullptr ? nullptr : std::make_shared<toy_hash>(name, md, keyed);
}

std::shared_ptr<alg::transform> make_toy_rng(const char *name, std::uint32_t seed_size) {
    return std::make_shared<toy_rng>(name, seed_size);
}

} // namespace kcapi::test
