// SPDX-License-Identifier: BSD-3-Clause
//
// skcipher transforms and operations over a driver.
#include "local/accept.hpp"
#include "local/buffered_operation.hpp"
#include "local/keyed_transform.hpp"
#include "local/transforms.hpp"

#include <cerrno>

namespace kcapi::local {

namespace {

class skcipher_transform final : public keyed_transform<skcipher_key, skcipher_context>,
                                 public std::enable_shared_from_this<skcipher_transform> {
  public:
    explicit skcipher_transform(const driver &d) : keyed_transform(d) {}
    result<std::unique_ptr<alg::operation>> accept() override;
    [[nodiscard]] bool checks_length_first() const noexcept { return source().sizes.checks_length_first; }

  private:
    /// A length outside the limits leaves the old key in force; what the cipher itself refuses does not.
    int make_key(base::bytes value, std::unique_ptr<skcipher_key> &key) noexcept override {
        if (value.size() < info().min_key_size || value.size() > info().max_key_size)
            return EINVAL;
        key.reset();
        return source().make_skcipher(source(), value, key);
    }
};

class skcipher_operation final : public buffered_operation {
  public:
    explicit skcipher_operation(std::shared_ptr<skcipher_transform> t) noexcept : transform_(std::move(t)) {}
    ~skcipher_operation() override {
        base::wipe(chain_.iv);
        if (context_ != nullptr)
            transform_->leave();
    }

    result<std::size_t> crypt(const alg::request &message) override;
    result<void> require_key() noexcept override;

  private:
    result<void> check_header(const alg::control &header) const noexcept override;
    void apply_header(const alg::control &header) noexcept override;
    bool input_ready() const noexcept override;
    result<std::size_t> pass(base::iov_cursor &out, std::size_t room) noexcept override;

    [[nodiscard]] int run(const std::uint8_t *in, std::uint8_t *out, std::size_t length) noexcept;
    result<std::size_t> crypt_staged(base::iov_list in, base::iov_list out, std::size_t length) noexcept;
    [[nodiscard]] const alg::properties &info() const noexcept { return transform_->info(); }

    const std::shared_ptr<skcipher_transform> transform_;
    std::unique_ptr<skcipher_context> context_;
    direction direction_ = direction::decrypt;
    chain chain_;
};

result<std::unique_ptr<alg::operation>> skcipher_transform::accept() {
    return accept_keyed<skcipher_operation>(shared_from_this());
}

result<void> skcipher_operation::require_key() noexcept {
    if (context_ != nullptr)
        return {};
    result<std::unique_ptr<skcipher_context>> context = transform_->enter();
    if (!context)
        return context.error();
    context_ = std::move(*context);
    return {};
}

result<void> skcipher_operation::check_header(const alg::control &header) const noexcept {
    if (header.op != alg::op_code::encrypt && header.op != alg::op_code::decrypt)
        return error{EINVAL, "operation code"};
    if (header.iv && header.iv->size() != info().iv_size)
        return error{EINVAL, "IV size"};
    if (header.assoc_len > INT32_MAX)
        return error{EINVAL, "associated-data length"};
    return {};
}

void skcipher_operation::apply_header(const alg::control &header) noexcept {
    direction_ = header.op == alg::op_code::encrypt ? direction::encrypt : direction::decrypt;
    if (header.iv)
        chain_.set(*header.iv);
}

bool skcipher_operation::input_ready() const noexcept {
    return ready_ && (!more_ || queue_.size() >= info().chunk_size);
}

/// Most block modes refuse an odd length only when they get to the odd end: the chain has moved on by then.
int skcipher_operation::run(const std::uint8_t *in, std::uint8_t *out, std::size_t length) noexcept {
    const int code = context_->crypt(direction_, chain_, in, out, length);
    const std::size_t whole = length - length % info().block_size;
    if (code == EINVAL && !transform_->checks_length_first() && whole != 0 && whole != length)
        (void)context_->crypt(direction_, chain_, in, out, whole);
    return code;
}

result<std::size_t> skcipher_operation::pass(base::iov_cursor &out, std::size_t room) noexcept {
    std::size_t n = std::min({queue_.size(), room, receive_limit()});
    if (more_ || n < queue_.size()) {
        n -= n % info().chunk_size;
        if (n == 0)
            return error{EINVAL, "receive: less room than one block"};
    }
    // The input is gone before the cipher runs, whatever comes of it.
    std::uint8_t *const data = queue_.front();
    consume(n);
    const base::mutable_bytes target = out.current();
    if (target.size() >= n) {
        if (const int code = run(data, target.data(), n); code != 0)
            return error{code, "crypt"};
        out.advance(n);
    } else {
        if (const int code = run(data, data, n); code != 0)
            return error{code, "crypt"};
        (void)out.put({data, n});
    }
    return n;
}

result<std::size_t> skcipher_operation::crypt(const alg::request &message) {
    const std::optional<std::size_t> in_length = base::total_length(message.in);
    const std::optional<std::size_t> out_length = base::total_length(message.out);
    if (!in_length || !out_length || *out_length < *in_length)
        return error{EINVAL, "crypt: output smaller than input"};
    const std::unique_lock held(mutex_);
    if (const result<void> r = require_key(); !r)
        return r.error();
    if (!idle())
        return error{EINVAL, "crypt: the operation is not idle"};
    if (message.header != nullptr) {
        if (const result<void> r = check_header(*message.header); !r)
            return r.error();
        apply_header(*message.header);
    }
    reset_message();
    if (message.in.size() == 1 && message.out.size() == 1) {
        const auto *in = static_cast<const std::uint8_t *>(message.in[0].iov_base);
        auto *out = static_cast<std::uint8_t *>(message.out[0].iov_base);
        const bool apart = in == out || in + *in_length <= out || out + *in_length <= in;
        if (apart) {
            if (const int code = run(in, out, *in_length); code != 0)
                return error{code, "crypt"};
            return *in_length;
        }
    }
    return crypt_staged(message.in, message.out, *in_length);
}

/// Scattered or overlapping buffers: through the queue's storage, since most modes need their message in one
/// piece.
result<std::size_t> skcipher_operation::crypt_staged(base::iov_list in, base::iov_list out,
                                                     std::size_t length) noexcept {
    base::iov_cursor from(in);
    if (const result<void> r = queue_.append(from, length); !r)
        return r.error();
    std::uint8_t *const data = queue_.front();
    queue_.consume(length);
    if (const int code = run(data, data, length); code != 0)
        return error{code, "crypt"};
    base::iov_cursor to(out);
    (void)to.put({data, length});
    queue_.trim();
    return length;
}

} // namespace

result<std::shared_ptr<alg::transform>> make_skcipher_transform(const driver &d) {
    auto made = std::make_shared<skcipher_transform>(d);
    // An algorithm whose keys are all empty needs none to be set.
    if (d.sizes.max_key_size == 0)
        if (const result<std::uint32_t> r = made->set(alg::parameter::key, {}); !r)
            return r.error();
    return std::shared_ptr<alg::transform>(std::move(made));
}

} // namespace kcapi::local
