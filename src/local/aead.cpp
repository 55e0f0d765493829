// SPDX-License-Identifier: BSD-3-Clause
//
// aead transforms and operations over a driver. A message is associated data || text, for decryption with the
// tag behind it; the output is associated data || text, for encryption with the tag behind it.
#include "local/accept.hpp"
#include "local/buffered_operation.hpp"
#include "local/keyed_transform.hpp"
#include "local/transforms.hpp"

#include <cerrno>

namespace kcapi::local {

namespace {

/// What limits::tag_sizes can tell.
constexpr std::size_t longest_tag = 64;

class aead_transform final : public keyed_transform<aead_key, aead_context>,
                             public std::enable_shared_from_this<aead_transform> {
  public:
    explicit aead_transform(const driver &d) : keyed_transform(d), tag_size_(d.sizes.max_tag_size()) {}
    result<std::unique_ptr<alg::operation>> accept() override;

    /// Does not change while an operation has a context.
    [[nodiscard]] std::size_t tag_size() const noexcept { return tag_size_; }

  private:
    /// A key that is refused leaves none in force.
    int make_key(base::bytes value, std::unique_ptr<aead_key> &key) noexcept override {
        key.reset();
        return source().make_aead(source(), value, key);
    }
    result<void> change_tag_size(std::uint32_t size) noexcept override {
        if (!source().sizes.takes_tag_size(size))
            return error{EINVAL, "tag size"};
        tag_size_ = size;
        return {};
    }

    std::size_t tag_size_;
};

class aead_operation final : public buffered_operation {
  public:
    explicit aead_operation(std::shared_ptr<aead_transform> t) noexcept : transform_(std::move(t)) {}
    ~aead_operation() override {
        base::wipe(iv_);
        if (context_ != nullptr)
            transform_->leave();
    }

    result<std::size_t> crypt(const alg::request &message) override;
    result<void> require_key() noexcept override;

  private:
    result<void> check_header(const alg::control &header) const noexcept override;
    void apply_header(const alg::control &header) noexcept override;
    /// A message is processed as a whole, so nothing of it before its end.
    bool input_ready() const noexcept override { return ready_ && !more_; }
    std::size_t pending_output() const noexcept override {
        return queue_.size() < overhead() ? 0 : output_length(queue_.size());
    }
    result<std::size_t> pass(base::iov_cursor &out, std::size_t room) noexcept override;

    [[nodiscard]] bool encrypts() const noexcept { return direction_ == direction::encrypt; }
    /// What a message has besides the text.
    [[nodiscard]] std::size_t overhead() const noexcept {
        return assoc_length_ + (encrypts() ? 0 : tag_size_);
    }
    [[nodiscard]] std::size_t output_length(std::size_t input_length) const noexcept {
        return encrypts() ? input_length + tag_size_ : input_length - tag_size_;
    }
    [[nodiscard]] int run(const std::uint8_t *in, std::uint8_t *out, std::size_t length) noexcept;
    [[nodiscard]] int run_staged(std::uint8_t *data, std::size_t length, base::iov_cursor &out) noexcept;

    const std::shared_ptr<aead_transform> transform_;
    std::unique_ptr<aead_context> context_;
    direction direction_ = direction::decrypt;
    std::size_t assoc_length_ = 0;
    std::size_t tag_size_ = 0; ///< the transform's, from the first use with a key on
    std::array<std::uint8_t, max_iv_size> iv_{};
};

result<std::unique_ptr<alg::operation>> aead_transform::accept() {
    return accept_keyed<aead_operation>(shared_from_this());
}

result<void> aead_operation::require_key() noexcept {
    if (context_ != nullptr)
        return {};
    result<std::unique_ptr<aead_context>> context = transform_->enter();
    if (!context)
        return context.error();
    context_ = std::move(*context);
    tag_size_ = transform_->tag_size();
    return {};
}

result<void> aead_operation::check_header(const alg::control &header) const noexcept {
    if (header.op != alg::op_code::encrypt && header.op != alg::op_code::decrypt)
        return error{EINVAL, "operation code"};
    if (header.iv && header.iv->size() != transform_->info().iv_size)
        return error{EINVAL, "IV size"};
    if (header.assoc_len > INT32_MAX)
        return error{EINVAL, "associated-data length"};
    return {};
}

void aead_operation::apply_header(const alg::control &header) noexcept {
    direction_ = header.op == alg::op_code::encrypt ? direction::encrypt : direction::decrypt;
    assoc_length_ = header.assoc_len;
    if (header.iv)
        std::copy(header.iv->begin(), header.iv->end(), iv_.begin());
}

/// A whole message from one piece to another; `in` may equal `out`, else no overlap.
int aead_operation::run(const std::uint8_t *in, std::uint8_t *out, std::size_t length) noexcept {
    if (in != out && assoc_length_ != 0)
        std::memcpy(out, in, assoc_length_);
    const aead_message m{.iv = iv_.data(),
                         .assoc = {out, assoc_length_},
                         .in = in + assoc_length_,
                         .out = out + assoc_length_,
                         .length = length - overhead()};
    if (encrypts())
        return context_->encrypt(m, {m.out + m.length, tag_size_});
    return context_->decrypt(m, {m.in + m.length, tag_size_});
}

/// The same into scattered room: in place in the queue's storage, of which `length` bytes at `data` are
/// taken, and from there. Nothing of the message stays behind.
int aead_operation::run_staged(std::uint8_t *data, std::size_t length, base::iov_cursor &out) noexcept {
    const aead_message m{.iv = iv_.data(),
                         .assoc = {data, assoc_length_},
                         .in = data + assoc_length_,
                         .out = data + assoc_length_,
                         .length = length - overhead()};
    std::array<std::uint8_t, longest_tag> tag;
    const int code = encrypts() ? context_->encrypt(m, {tag.data(), tag_size_})
                                : context_->decrypt(m, {m.in + m.length, tag_size_});
    if (code == 0) {
        (void)out.put({data, assoc_length_ + m.length});
        if (encrypts())
            (void)out.put({tag.data(), tag_size_});
    }
    base::wipe(data, length);
    return code;
}

result<std::size_t> aead_operation::pass(base::iov_cursor &out, std::size_t room) noexcept {
    std::size_t n = queue_.size();
    // Nothing is consumed, and a finished message takes no more: this operation has to be closed.
    if (n < overhead())
        return error{EINVAL, "receive: the message is shorter than its associated data and tag"};
    // Room that is too small is the kernel's way to process a part: the text is cut, the rest stays queued.
    const std::size_t limit = std::min(room, receive_limit());
    if (const std::size_t wanted = output_length(n); wanted > limit) {
        const std::size_t less = wanted - limit;
        if (n - overhead() < less)
            return error{EINVAL, "receive: less room than associated data and tag"};
        n -= less;
    }
    const std::size_t produced = output_length(n);
    // The input is gone before the cipher runs, whatever comes of it.
    std::uint8_t *const data = queue_.front();
    consume(n);
    int code = 0;
    if (const base::mutable_bytes target = out.current(); target.size() >= produced) {
        code = run(data, target.data(), n);
        out.advance(produced);
    } else {
        code = run_staged(data, n, out);
    }
    if (code != 0)
        return error{code, "crypt"};
    return produced;
}

result<std::size_t> aead_operation::crypt(const alg::request &message) {
    const std::optional<std::size_t> in_length = base::total_length(message.in);
    const std::optional<std::size_t> out_length = base::total_length(message.out);
    if (!in_length || !out_length)
        return error{EINVAL, "crypt: lengths"};
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
    if (*in_length < overhead())
        return error{EINVAL, "crypt: the message is shorter than its associated data and tag"};
    const std::size_t produced = output_length(*in_length);
    if (*out_length < produced)
        return error{EINVAL, "crypt: output too small"};
    if (message.in.size() == 1 && message.out.size() == 1) {
        const auto *in = static_cast<const std::uint8_t *>(message.in[0].iov_base);
        auto *out = static_cast<std::uint8_t *>(message.out[0].iov_base);
        if (in == out || in + *in_length <= out || out + produced <= in) {
            if (const int code = run(in, out, *in_length); code != 0)
                return error{code, "crypt"};
            return produced;
        }
    }
    base::iov_cursor from(message.in);
    if (const result<void> r = queue_.append(from, *in_length); !r)
        return r.error();
    std::uint8_t *const data = queue_.front();
    queue_.consume(*in_length);
    base::iov_cursor to(message.out);
    const int code = run_staged(data, *in_length, to);
    queue_.trim();
    if (code != 0)
        return error{code, "crypt"};
    return produced;
}

} // namespace

result<std::shared_ptr<alg::transform>> make_aead_transform(const driver &d) {
    return std::shared_ptr<alg::transform>(std::make_shared<aead_transform>(d));
}

} // namespace kcapi::local
