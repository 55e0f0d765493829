// SPDX-License-Identifier: BSD-3-Clause
//
// rng transforms and operations over a driver.
//
// All operations of a transform draw from its one generator. No key is needed, so each operation counts from
// accept on, and nothing can be set while there is one.
#include "base/secret.hpp"
#include "local/describe.hpp"
#include "local/iov_checks.hpp"
#include "local/transforms.hpp"

#include <array>
#include <cerrno>
#include <mutex>

namespace kcapi::local {

namespace {

/// What AF_ALG gives in one call, and takes as entropy or additional data.
constexpr std::size_t most_bytes = 128;
/// net.core.optmem_max: the kernel has no memory for a longer seed.
constexpr std::size_t seed_memory = 131072;

class rng_transform final : public alg::transform, public std::enable_shared_from_this<rng_transform> {
  public:
    rng_transform(const driver &d, std::unique_ptr<rng_state> generator)
        : info_(describe(d)), generator_(std::move(generator)) {}

    const alg::properties &info() const noexcept override { return info_; }
    result<std::uint32_t> set(alg::parameter what, base::bytes value) override;
    result<void> set_tag_size(std::uint32_t) override {
        const std::lock_guard lock(mutex_);
        return error{operations_ != 0 ? EBUSY : ENOPROTOOPT, "set_tag_size"};
    }
    result<std::unique_ptr<alg::operation>> accept() override;

    void leave() noexcept {
        const std::lock_guard lock(mutex_);
        --operations_;
    }
    int generate(base::bytes additional, base::mutable_bytes out) noexcept {
        const std::lock_guard lock(mutex_);
        return generator_->generate(additional, out);
    }

  private:
    result<std::uint32_t> set_entropy(base::bytes value) noexcept;

    const alg::properties info_;
    std::mutex mutex_;
    const std::unique_ptr<rng_state> generator_;
    std::size_t operations_ = 0;
    bool under_test_ = false; ///< its entropy was given: operations take additional data
};

class rng_operation final : public alg::operation {
  public:
    rng_operation(std::shared_ptr<rng_transform> t, bool under_test) noexcept
        : transform_(std::move(t)), under_test_(under_test) {}
    ~rng_operation() override { transform_->leave(); }

    result<std::size_t> send(base::iov_list in, const alg::control *header, alg::call_flags flags) override;
    result<std::size_t> receive(base::iov_list out, alg::call_flags flags) override;
    /// A generator has no messages.
    result<std::size_t> crypt(const alg::request &) override { return error{EOPNOTSUPP, "crypt"}; }
    /// The kernel has none for the type: never ready.
    alg::readiness poll() override { return {}; }
    result<void> set_buffers(std::optional<int>, std::optional<int>) override { return {}; }

  private:
    const std::shared_ptr<rng_transform> transform_;
    const bool under_test_;
    std::mutex mutex_;
    base::secret_buffer additional_; ///< for the next receive alone
};

result<std::uint32_t> rng_transform::set_entropy(base::bytes value) noexcept {
    if (under_test_)
        return error{EINVAL, "entropy was set before"};
    if (value.size() > most_bytes)
        return error{EMSGSIZE, "entropy"};
    if (const int code = generator_->set_entropy(value); code != 0)
        return error{code, "set entropy"};
    under_test_ = true;
    return 0U;
}

result<std::uint32_t> rng_transform::set(alg::parameter what, base::bytes value) {
    const std::lock_guard lock(mutex_);
    if (operations_ != 0)
        return error{EBUSY, "set: an operation uses the generator"};
    if (what == alg::parameter::entropy)
        return set_entropy(value);
    if (what != alg::parameter::key)
        return error{ENOPROTOOPT, "set"};
    if (value.size() >= seed_memory)
        return error{ENOMEM, "seed"};
    if (const int code = generator_->seed(value); code != 0)
        return error{code, "seed"};
    return 0U;
}

result<std::unique_ptr<alg::operation>> rng_transform::accept() {
    const std::lock_guard lock(mutex_);
    auto operation = std::make_unique<rng_operation>(shared_from_this(), under_test_);
    ++operations_;
    return std::unique_ptr<alg::operation>(std::move(operation));
}

result<std::size_t> rng_operation::send(base::iov_list in, const alg::control *, alg::call_flags) {
    if (!under_test_)
        return error{EOPNOTSUPP, "send: a generator with entropy of its own takes no data"};
    const result<std::size_t> length = checked_length(in);
    if (!length)
        return length;
    if (*length > most_bytes)
        return error{EMSGSIZE, "additional data"};
    if (has_null(in))
        return error{EFAULT, "send"};
    result<base::secret_buffer> copy = base::secret_buffer::make(*length);
    if (!copy)
        return copy.error();
    (void)base::iov_cursor(in).take(copy->span());
    const std::lock_guard lock(mutex_);
    additional_ = std::move(*copy);
    return *length;
}

result<std::size_t> rng_operation::receive(base::iov_list out, alg::call_flags) {
    const result<std::size_t> room = checked_length(out);
    if (!room)
        return room;
    std::array<std::uint8_t, most_bytes> made{};
    const base::mutable_bytes wanted = base::mutable_bytes(made).first(std::min(*room, most_bytes));
    if (wanted.empty())
        return 0U;
    base::secret_buffer additional;
    {
        const std::lock_guard lock(mutex_);
        additional = std::move(additional_);
    }
    if (const int code = transform_->generate(additional.view(), wanted); code != 0) {
        base::wipe(made);
        return error{code, "generate"};
    }
    // As in the kernel, what a bad buffer could not take is lost.
    const bool bad = has_null(out);
    if (!bad)
        (void)base::iov_cursor(out).put(wanted);
    base::wipe(made);
    return bad ? result<std::size_t>(error{EFAULT, "receive"}) : wanted.size();
}

} // namespace

result<std::shared_ptr<alg::transform>> make_rng_transform(const driver &d) {
    std::unique_ptr<rng_state> generator;
    if (const int code = d.make_rng(d, generator); code != 0)
        return error{code, "generator"};
    return std::shared_ptr<alg::transform>(std::make_shared<rng_transform>(d, std::move(generator)));
}

} // namespace kcapi::local
