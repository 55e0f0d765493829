// SPDX-License-Identifier: BSD-3-Clause
//
// aead transforms and operations over a driver. A message is associated data || text, for decryption with the
// tag behind it; the output is associated data || text, for encryption with the tag behind it.
#include "local/accept.hpp"
#include "local/buffered_operation.hpp"
#include "local/keyed_transform.hpp"
#include "local/overlap.hpp"
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
        if (context_ == nullptr)
            return;
        context_.reset(); // before the key can go
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
    /// Where the parts of a message are. Encryption has no tag_in, decryption no tag_out.
    struct parts {
        const std::uint8_t *assoc_in = nullptr;
        std::uint8_t *assoc_out = nullptr;
        const std::uint8_t *text_in = nullptr;
        std::uint8_t *text_out = nullptr;
        const std::uint8_t *tag_in = nullptr;
        std::uint8_t *tag_out = nullptr;
    };
    [[nodiscard]] std::optional<parts> parts_of(const alg::request &message, std::size_t text) const noexcept;
    [[nodiscard]] int run(const parts &p, std::size_t text) noexcept;
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

/// A message whose parts lie in one piece each.
int aead_operation::run(const parts &p, std::size_t length) noexcept {
    if (p.assoc_in != p.assoc_out && assoc_length_ != 0)
        std::memcpy(p.assoc_out, p.assoc_in, assoc_length_);
    const aead_message m{.iv = iv_.data(),
                         .assoc = {p.assoc_out, assoc_length_},
                         .in = p.text_in,
                         .out = p.text_out,
                         .length = length};
    if (encrypts())
        return context_->encrypt(m, {p.tag_out, tag_size_});
    return context_->decrypt(m, {p.tag_in, tag_size_});
}

/// From one piece of memory to another; `in` may equal `out`, else no overlap.
int aead_operation::run(const std::uint8_t *in, std::uint8_t *out, std::size_t length) noexcept {
    const std::size_t text = length - overhead();
    return run({.assoc_in = in,
                .assoc_out = out,
                .text_in = in + assoc_length_,
                .text_out = out + assoc_length_,
                .tag_in = in + assoc_length_ + text,
                .tag_out = out + assoc_length_ + text},
               text);
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
    const base::mutable_bytes target = out.current();
    int code = 0;
    if (const std::uint8_t *const in = queue_.front();
        target.size() >= produced && (in == target.data() || apart(in, n, target.data(), produced))) {
        consume(n);
        code = run(in, target.data(), n);
        out.advance(produced);
    } else {
        const result<std::uint8_t *> data = queue_.own_front(n);
        if (!data)
            return data.error();
        consume(n);
        code = run_staged(*data, n, out);
    }
    if (code != 0)
        return error{code, "crypt"};
    return produced;
}

/// The `length` bytes that begin at `offset`, where they lie in one element of the list; else null. Nothing
/// lies anywhere.
std::uint8_t *piece_at(base::iov_list list, std::size_t offset, std::size_t length) noexcept {
    static std::uint8_t nothing;
    if (length == 0)
        return &nothing;
    for (const iovec &v : list) {
        if (offset < v.iov_len)
            return v.iov_len - offset >= length ? static_cast<std::uint8_t *>(v.iov_base) + offset : nullptr;
        offset -= v.iov_len;
    }
    return nullptr;
}

/// Nothing if a part is scattered, or if writing one would spoil another that is still to be read.
std::optional<aead_operation::parts> aead_operation::parts_of(const alg::request &message,
                                                              std::size_t text) const noexcept {
    const std::size_t tag_in = encrypts() ? 0 : tag_size_;
    const std::size_t tag_out = encrypts() ? tag_size_ : 0;
    const std::size_t tag_at = assoc_length_ + text;
    const parts p{.assoc_in = piece_at(message.in, 0, assoc_length_),
                  .assoc_out = piece_at(message.out, 0, assoc_length_),
                  .text_in = piece_at(message.in, assoc_length_, text),
                  .text_out = piece_at(message.out, assoc_length_, text),
                  .tag_in = piece_at(message.in, tag_at, tag_in),
                  .tag_out = piece_at(message.out, tag_at, tag_out)};
    if (p.assoc_in == nullptr || p.assoc_out == nullptr || p.text_in == nullptr || p.text_out == nullptr ||
        p.tag_in == nullptr || p.tag_out == nullptr)
        return std::nullopt;
    const std::size_t assoc = assoc_length_;
    const bool sound =
        (p.assoc_in == p.assoc_out || apart(p.assoc_in, assoc, p.assoc_out, assoc)) &&
        (p.text_in == p.text_out || apart(p.text_in, text, p.text_out, text)) &&
        apart(p.text_in, text, p.assoc_out, assoc) && apart(p.tag_in, tag_in, p.assoc_out, assoc) &&
        apart(p.assoc_in, assoc, p.text_out, text) && apart(p.tag_in, tag_in, p.text_out, text) &&
        apart(p.assoc_in, assoc, p.tag_out, tag_out) && apart(p.text_in, text, p.tag_out, tag_out);
    return sound ? std::optional(p) : std::nullopt;
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
    const std::size_t text = *in_length - overhead();
    if (const std::optional<parts> p = parts_of(message, text)) {
        if (const int code = run(*p, text); code != 0)
            return error{code, "crypt"};
        return produced;
    }
    base::iov_cursor from(message.in);
    if (const result<void> r = queue_.append(from, *in_length); !r)
        return r.error();
    const result<std::uint8_t *> data = queue_.own_front(*in_length);
    queue_.consume(*in_length);
    base::iov_cursor to(message.out);
    const int code = run_staged(*data, *in_length, to);
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
