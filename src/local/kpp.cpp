// SPDX-License-Identifier: BSD-3-Clause
//
// kpp transforms and operations over a driver. Mainline kernels do not offer the type, so its rules are set
// here (and in message_operation.hpp):
//
// - Parameters come first: dh_parameters in DER (PKCS #3), or ecdh_curve, the curve's number as decimal
//   digits, which may be filled up with NUL bytes. An algorithm that has its curve by name needs none. New
//   parameters take the key away.
// - The private key is set as `key`; an empty one is generated. EINVAL before the parameters. A key that is
//   refused leaves none.
// - Each returns the size of the largest output. All are EBUSY while an operation uses a key.
// - keygen: no input, the output is the public key. ssgen: the input is the peer's public key, the output the
//   shared secret; EINVAL for a peer's key that is none.
#include "local/accept.hpp"
#include "local/describe.hpp"
#include "local/message_operation.hpp"
#include "local/transforms.hpp"

#include <cerrno>

namespace kcapi::local {

namespace {

/// net.core.optmem_max: the kernel has no memory for a longer value.
constexpr std::size_t value_memory = 131072;

class kpp_transform final : public alg::transform, public std::enable_shared_from_this<kpp_transform> {
  public:
    kpp_transform(const driver &d, std::unique_ptr<kpp_state> state)
        : info_(describe(d)), state_(std::move(state)) {}

    const alg::properties &info() const noexcept override { return info_; }
    result<std::uint32_t> set(alg::parameter what, base::bytes value) override;
    result<void> set_tag_size(std::uint32_t) override {
        const std::lock_guard lock(mutex_);
        return error{operations_ != 0 ? EBUSY : ENOPROTOOPT, "set_tag_size"};
    }
    result<std::unique_ptr<alg::operation>> accept() override;

    [[nodiscard]] result<void> enter() noexcept {
        const std::lock_guard lock(mutex_);
        if (!has_key_)
            return error{ENOKEY, "no key"};
        ++operations_;
        return {};
    }
    void leave() noexcept {
        const std::lock_guard lock(mutex_);
        --operations_;
    }
    [[nodiscard]] std::size_t output_size() noexcept {
        const std::lock_guard lock(mutex_);
        return state_->output_size();
    }
    [[nodiscard]] int process(alg::op_code op, base::bytes in, base::mutable_bytes out,
                              std::size_t &produced) noexcept {
        const std::lock_guard lock(mutex_);
        if (op == alg::op_code::keygen)
            return in.empty() ? state_->public_key(out, produced) : EINVAL;
        return op == alg::op_code::ssgen ? state_->shared_secret(in, out, produced) : EINVAL;
    }

  private:
    const alg::properties info_;
    std::mutex mutex_;
    const std::unique_ptr<kpp_state> state_;
    bool has_key_ = false;
    std::size_t operations_ = 0;
};

class kpp_operation final : public message_operation {
  public:
    explicit kpp_operation(std::shared_ptr<kpp_transform> t) noexcept : transform_(std::move(t)) {}
    ~kpp_operation() override {
        if (entered_)
            transform_->leave();
    }

    result<void> require_key() noexcept override {
        if (entered_)
            return {};
        result<void> r = transform_->enter();
        entered_ = static_cast<bool>(r);
        return r;
    }

  private:
    bool takes(alg::op_code op) const noexcept override {
        return op == alg::op_code::keygen || op == alg::op_code::ssgen;
    }
    std::size_t output_size() noexcept override { return transform_->output_size(); }
    int process(alg::op_code op, base::bytes in, base::mutable_bytes out,
                std::size_t &produced) noexcept override {
        return transform_->process(op, in, out, produced);
    }

    const std::shared_ptr<kpp_transform> transform_;
    bool entered_ = false;
};

result<std::uint32_t> kpp_transform::set(alg::parameter what, base::bytes value) {
    const std::lock_guard lock(mutex_);
    if (operations_ != 0)
        return error{EBUSY, "set: an operation uses the key"};
    const bool is_key = what == alg::parameter::key;
    if (!is_key && what != alg::parameter::dh_parameters && what != alg::parameter::ecdh_curve)
        return error{ENOPROTOOPT, "set"};
    if (value.size() >= value_memory)
        return error{ENOMEM, "set"};
    const int code = is_key ? state_->set_key(value) : state_->set_parameters(what, value);
    if (is_key || code == 0)
        has_key_ = is_key && code == 0;
    if (code != 0)
        return error{code, is_key ? "set key" : "set parameters"};
    return state_->output_size();
}

result<std::unique_ptr<alg::operation>> kpp_transform::accept() {
    return accept_keyed<kpp_operation>(shared_from_this());
}

} // namespace

result<std::shared_ptr<alg::transform>> make_kpp_transform(const driver &d) {
    std::unique_ptr<kpp_state> state;
    if (const int code = d.make_kpp(d, state); code != 0)
        return error{code, "key agreement"};
    return std::shared_ptr<alg::transform>(std::make_shared<kpp_transform>(d, std::move(state)));
}

} // namespace kcapi::local
