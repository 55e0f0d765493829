// SPDX-License-Identifier: BSD-3-Clause
//
// skcipher transforms and operations over a driver.
#include "local/accept.hpp"
#include "local/buffered_operation.hpp"
#include "local/crew.hpp"
#include "local/keyed_transform.hpp"
#include "local/overlap.hpp"
#include "local/transforms.hpp"

#include <array>
#include <cerrno>

namespace kcapi::local {

namespace {

/// Below that, waking another thread costs more than it does: some 50 us in a virtual machine, twice, and the
/// fastest cipher has a megabyte done in 60.
constexpr std::size_t least_share = std::size_t{1} << 20;
/// Shares are multiples of it, so that they do not share lines of the cache.
constexpr std::size_t share_unit = 4096;
/// Messages that go to a driver at once; a multiple of the lanes that drivers have.
constexpr std::size_t together = 64;

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
        if (context_ == nullptr)
            return;
        helpers_ = {};
        context_.reset(); // before the key can go
        transform_->leave();
    }

    result<std::size_t> crypt(const alg::request &message) override;
    void submit(std::span<alg::request> messages) override;
    result<void> require_key() noexcept override;

  private:
    result<void> check_header(const alg::control &header) const noexcept override;
    void apply_header(const alg::control &header) noexcept override;
    bool input_ready() const noexcept override;
    result<std::size_t> pass(base::iov_cursor &out, std::size_t room) noexcept override;

    [[nodiscard]] result<std::size_t> crypt_locked(const alg::request &message) noexcept;
    [[nodiscard]] bool fits_batch(const alg::request &message) const noexcept;
    void crypt_together(std::span<alg::request> messages) noexcept;
    [[nodiscard]] int run(const std::uint8_t *in, std::uint8_t *out, std::size_t length) noexcept;
    struct share;
    [[nodiscard]] std::optional<int> run_shared(const std::uint8_t *in, std::uint8_t *out,
                                                std::size_t length) noexcept;
    result<std::size_t> crypt_staged(base::iov_list in, base::iov_list out, std::size_t length) noexcept;
    [[nodiscard]] const alg::properties &info() const noexcept { return transform_->info(); }

    const std::shared_ptr<skcipher_transform> transform_;
    std::unique_ptr<skcipher_context> context_;
    std::array<std::unique_ptr<skcipher_context>, crew::most - 1> helpers_; ///< of the threads that help
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

/// What a piece of a message in several is worked on with.
struct skcipher_operation::share {
    skcipher_context *context = nullptr;
    direction way = direction::decrypt;
    chain c;
    const std::uint8_t *in = nullptr;
    std::uint8_t *out = nullptr;
    std::size_t length = 0;
    int code = 0;
};

/// Nothing if one thread has to do it: the mode does not allow more, memory is short, or the others are busy.
std::optional<int> skcipher_operation::run_shared(const std::uint8_t *in, std::uint8_t *out,
                                                  std::size_t length) noexcept {
    const std::size_t n = std::min(crew::strength(), length / least_share);
    if (n < 2)
        return std::nullopt;
    std::array<share, crew::most> shares;
    const std::size_t each = length / n / share_unit * share_unit;
    bool possible = true;
    for (std::size_t i = 0; i < n && possible; ++i) {
        share &s = shares[i];
        if (i != 0 && helpers_[i - 1] == nullptr)
            helpers_[i - 1] = transform_->another();
        s = {.context = i == 0 ? context_.get() : helpers_[i - 1].get(),
             .way = direction_,
             .c = chain_,
             .in = in + i * each,
             .out = out + i * each,
             .length = i + 1 < n ? each : length - i * each};
        // Before anything is written: where it stands may depend on input that is about to be overwritten.
        possible = s.context != nullptr && s.context->move_to(direction_, s.c, in, i * each) == 0;
    }
    constexpr auto work = [](void *all, std::size_t i) noexcept {
        share &s = static_cast<share *>(all)[i];
        s.code = s.context->crypt(s.way, s.c, s.in, s.out, s.length);
    };
    std::optional<int> code;
    if (possible && crew::shared().run(n, work, shares.data())) {
        code = 0;
        for (std::size_t i = 0; i < n && *code == 0; ++i)
            code = shares[i].code;
        if (*code == 0)
            chain_ = shares[n - 1].c;
    }
    for (std::size_t i = 0; i < n; ++i)
        base::wipe(shares[i].c.iv);
    return code;
}

/// Most block modes refuse an odd length only when they get to the odd end: the chain has moved on by then.
int skcipher_operation::run(const std::uint8_t *in, std::uint8_t *out, std::size_t length) noexcept {
    if (length >= 2 * least_share)
        if (const std::optional<int> code = run_shared(in, out, length))
            return *code;
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
    const base::mutable_bytes target = out.current();
    if (const std::uint8_t *const in = queue_.front();
        target.size() >= n && same_or_apart(in, target.data(), n)) {
        consume(n);
        if (const int code = run(in, target.data(), n); code != 0)
            return error{code, "crypt"};
        out.advance(n);
        return n;
    }
    const result<std::uint8_t *> data = queue_.own_front(n);
    if (!data)
        return data.error();
    consume(n);
    if (const int code = run(*data, *data, n); code != 0)
        return error{code, "crypt"};
    (void)out.put({*data, n});
    return n;
}

result<std::size_t> skcipher_operation::crypt(const alg::request &message) {
    const std::unique_lock held(mutex_);
    return crypt_locked(message);
}

result<std::size_t> skcipher_operation::crypt_locked(const alg::request &message) noexcept {
    const std::optional<std::size_t> in_length = base::total_length(message.in);
    const std::optional<std::size_t> out_length = base::total_length(message.out);
    if (!in_length || !out_length || *out_length < *in_length)
        return error{EINVAL, "crypt: output smaller than input"};
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
        if (same_or_apart(in, out, *in_length)) {
            if (const int code = run(in, out, *in_length); code != 0)
                return error{code, "crypt"};
            return *in_length;
        }
    }
    return crypt_staged(message.in, message.out, *in_length);
}

/// Whether a message can go with others to the driver at once: nothing but whole blocks under a header of its
/// own, in one piece. All else goes alone, which is also how it is refused.
bool skcipher_operation::fits_batch(const alg::request &message) const noexcept {
    if (message.header == nullptr || (!message.header->iv && info().iv_size != 0) || message.in.size() != 1 ||
        message.out.size() != 1 || !check_header(*message.header))
        return false;
    const auto *in = static_cast<const std::uint8_t *>(message.in[0].iov_base);
    const auto *out = static_cast<const std::uint8_t *>(message.out[0].iov_base);
    const std::size_t length = message.in[0].iov_len;
    return in != nullptr && out != nullptr && length != 0 && length <= PTRDIFF_MAX &&
           length % info().block_size == 0 && message.out[0].iov_len >= length &&
           message.out[0].iov_len <= PTRDIFF_MAX && same_or_apart(in, out, length);
}

void skcipher_operation::submit(std::span<alg::request> messages) {
    const std::unique_lock held(mutex_);
    const bool ready = idle() && require_key();
    while (!messages.empty()) {
        std::size_t n = 0;
        while (ready && n < messages.size() && n < together && fits_batch(messages[n]) &&
               messages[n].header->op == messages[0].header->op)
            ++n;
        if (n > 1) {
            crypt_together(messages.first(n));
        } else {
            n = 1;
            messages[0].outcome = crypt_locked(messages[0]);
        }
        messages = messages.subspan(n);
    }
}

/// At most `together` messages that fit a batch, all in one direction.
void skcipher_operation::crypt_together(std::span<alg::request> messages) noexcept {
    std::array<chain, together> chains;
    std::array<skcipher_message, together> work;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const alg::request &m = messages[i];
        apply_header(*m.header);
        chains[i] = chain_;
        work[i] = {.c = &chains[i],
                   .in = static_cast<const std::uint8_t *>(m.in[0].iov_base),
                   .out = static_cast<std::uint8_t *>(m.out[0].iov_base),
                   .length = m.in[0].iov_len};
    }
    reset_message();
    context_->crypt_batch(direction_, {work.data(), messages.size()});
    for (std::size_t i = 0; i < messages.size(); ++i) {
        if (work[i].code != 0)
            messages[i].outcome = error{work[i].code, "crypt"};
        else
            messages[i].outcome = work[i].length;
    }
    // As if the last one had come alone after the others.
    chain_ = chains[messages.size() - 1];
    base::wipe(chains.data(), messages.size() * sizeof(chain));
}

/// Scattered or overlapping buffers: through the queue's storage, since most modes need their message in one
/// piece.
result<std::size_t> skcipher_operation::crypt_staged(base::iov_list in, base::iov_list out,
                                                     std::size_t length) noexcept {
    base::iov_cursor from(in);
    if (const result<void> r = queue_.append(from, length); !r)
        return r.error();
    const result<std::uint8_t *> data = queue_.own_front(length);
    queue_.consume(length);
    if (const int code = run(*data, *data, length); code != 0)
        return error{code, "crypt"};
    base::iov_cursor to(out);
    (void)to.put({*data, length});
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
