// SPDX-License-Identifier: BSD-3-Clause
//
// akcipher transforms and operations over a driver. Mainline kernels do not offer the type, so its rules are
// set here (and in message_operation.hpp):
//
// - The private key is set as `key`, the public one as `public_key`, both in DER. A private key does all
//   operations, a public one encrypts and verifies. Each replaces the other, and is EBUSY while an operation
//   uses a key; one that is refused leaves none.
// - Setting a key returns the longest output, which is that of the modulus.
// - decrypt, encrypt, sign: the output is what the operation makes of the input. verify: the input is a
//   signature, the output what was signed, for the caller to compare: the message itself for the primitive
//   and for padding without a hash, else the digest. EBADMSG: not a signature by this key.
#include "local/accept.hpp"
#include "local/describe.hpp"
#include "local/message_operation.hpp"
#include "local/transforms.hpp"

#include <cerrno>

namespace kcapi::local {

namespace {

/// net.core.optmem_max: the kernel has no memory for a longer key.
constexpr std::size_t key_memory = 131072;

class akcipher_transform final : public alg::transform,
                                 public std::enable_shared_from_this<akcipher_transform> {
  public:
    explicit akcipher_transform(const driver &d) : driver_(d), info_(describe(d)) {}

    const alg::properties &info() const noexcept override { return info_; }
    result<std::uint32_t> set(alg::parameter what, base::bytes value) override;
    result<void> set_tag_size(std::uint32_t) override {
        const std::lock_guard lock(mutex_);
        return error{operations_ != 0 ? EBUSY : ENOPROTOOPT, "set_tag_size"};
    }
    result<std::unique_ptr<alg::operation>> accept() override;

    /// The key for an operation, which counts until leave(). Nobody changes it before.
    [[nodiscard]] result<const akcipher_key *> enter() noexcept {
        const std::lock_guard lock(mutex_);
        if (key_ == nullptr)
            return error{ENOKEY, "no key"};
        ++operations_;
        return key_.get();
    }
    void leave() noexcept {
        const std::lock_guard lock(mutex_);
        --operations_;
    }

  private:
    const driver &driver_;
    const alg::properties info_;
    std::mutex mutex_;
    std::unique_ptr<akcipher_key> key_;
    std::size_t operations_ = 0;
};

class akcipher_operation final : public message_operation {
  public:
    explicit akcipher_operation(std::shared_ptr<akcipher_transform> t) noexcept : transform_(std::move(t)) {}
    ~akcipher_operation() override {
        if (key_ != nullptr)
            transform_->leave();
    }

    result<void> require_key() noexcept override {
        if (key_ != nullptr)
            return {};
        const result<const akcipher_key *> key = transform_->enter();
        if (!key)
            return key.error();
        key_ = *key;
        return {};
    }

  private:
    bool takes(alg::op_code op) const noexcept override {
        return op == alg::op_code::decrypt || op == alg::op_code::encrypt || op == alg::op_code::sign ||
               op == alg::op_code::verify;
    }
    std::size_t output_size() noexcept override { return key_->output_size(); }
    int process(alg::op_code op, base::bytes in, base::mutable_bytes out,
                std::size_t &produced) noexcept override {
        return key_->crypt(op, in, out, produced);
    }

    const std::shared_ptr<akcipher_transform> transform_;
    const akcipher_key *key_ = nullptr;
};

result<std::uint32_t> akcipher_transform::set(alg::parameter what, base::bytes value) {
    const std::lock_guard lock(mutex_);
    if (operations_ != 0)
        return error{EBUSY, "set: an operation uses the key"};
    if (what != alg::parameter::key && what != alg::parameter::public_key)
        return error{ENOPROTOOPT, "set"};
    if (value.size() >= key_memory)
        return error{ENOMEM, "set key"};
    key_.reset();
    if (const int code = driver_.make_akcipher(driver_, value, what == alg::parameter::key, key_); code != 0)
        return error{code, "set key"};
    return key_->output_size();
}

result<std::unique_ptr<alg::operation>> akcipher_transform::accept() {
    return accept_keyed<akcipher_operation>(shared_from_this());
}

} // namespace

result<std::shared_ptr<alg::transform>> make_akcipher_transform(const driver &d) {
    return std::shared_ptr<alg::transform>(std::make_shared<akcipher_transform>(d));
}

} // namespace kcapi::local
