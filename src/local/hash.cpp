// SPDX-License-Identifier: BSD-3-Clause
//
// hash transforms and operations over a driver. Nothing is queued and nobody sleeps: a send is hashed at
// once, and a receive answers at once, if need be with the digest of the empty message.
#include "base/call_mutex.hpp"
#include "base/secret.hpp"
#include "local/accept.hpp"
#include "local/iov_checks.hpp"
#include "local/keyed_transform.hpp"
#include "local/transforms.hpp"

#include <array>
#include <mutex>

namespace kcapi::local {

namespace {

/// What AF_ALG hashes at a time. A send that meets unreadable memory tells of complete batches only.
constexpr std::size_t batch = 65536;
/// Messages that go to a driver at once; a multiple of the lanes that drivers have.
constexpr std::size_t together = 64;

class hash_transform final : public keyed_transform<hash_key, hash_context>,
                             public std::enable_shared_from_this<hash_transform> {
  public:
    explicit hash_transform(const driver &d) : keyed_transform(d) {}

    /// An algorithm that works without a key has one from the start: the empty one.
    [[nodiscard]] result<void> prepare() noexcept {
        if (source().sizes.key == key_use::required)
            return {};
        if (const int code = source().make_hash(source(), {}, key_); code != 0)
            return error{code, "open"};
        return {};
    }

    result<std::unique_ptr<alg::operation>> accept() override;

    /// Counts as an operation, so that the key stays.
    result<void> pbkdf2(base::bytes salt, std::uint32_t count, base::mutable_bytes out) override {
        result<std::unique_ptr<hash_context>> counted = enter();
        if (!counted)
            return counted.error();
        const int code = key_->pbkdf2(salt, count, out);
        counted->reset();
        leave();
        if (code != 0)
            return error{code, "pbkdf2"};
        return {};
    }

  private:
    /// A key that is refused leaves none; where a key is optional, what was in force stays.
    int make_key(base::bytes value, std::unique_ptr<hash_key> &key) noexcept override {
        const limits &sizes = source().sizes;
        if (sizes.key == key_use::none)
            return ENOSYS;
        std::unique_ptr<hash_key> made;
        const bool fits = value.size() >= sizes.min_key_size && value.size() <= sizes.max_key_size;
        const int code = fits ? source().make_hash(source(), value, made) : EINVAL;
        if (code == 0 || sizes.key == key_use::required)
            key = std::move(made);
        return code;
    }
};

class hash_operation final : public alg::operation {
  public:
    explicit hash_operation(std::shared_ptr<hash_transform> t) noexcept : transform_(std::move(t)) {}
    ~hash_operation() override {
        drop_digest();
        if (context_ == nullptr)
            return;
        context_.reset(); // before the key can go
        transform_->leave();
    }

    result<std::size_t> send(base::iov_list in, const alg::control *header, alg::call_flags flags) override;
    result<std::size_t> receive(base::iov_list out, alg::call_flags flags) override;
    result<std::size_t> crypt(const alg::request &message) override;
    void submit(std::span<alg::request> messages) override;
    result<std::unique_ptr<alg::operation>> clone() override;
    void used_by_one() noexcept override { mutex_.give_up(); }
    alg::readiness poll() override { return {}; }
    result<void> set_buffers(std::optional<int>, std::optional<int>) override { return {}; }

    [[nodiscard]] result<void> require_key() noexcept;

  private:
    [[nodiscard]] result<std::size_t> crypt_locked(const alg::request &message) noexcept;
    [[nodiscard]] bool fits_batch(const alg::request &message) const noexcept;
    void digest_together(std::span<alg::request> messages) noexcept;
    [[nodiscard]] result<void> absorb(base::iov_list in) noexcept;
    [[nodiscard]] result<void> finish() noexcept;
    [[nodiscard]] result<std::size_t> hand_out(base::iov_list out) noexcept;
    void abandon() noexcept;
    void drop_digest() noexcept;

    const std::shared_ptr<hash_transform> transform_;
    base::call_mutex mutex_;
    std::unique_ptr<hash_context> context_;
    bool begun_ = false;    ///< the message goes on with the next send
    bool finished_ = false; ///< digest_ is that of a message that nobody has collected
    std::array<std::uint8_t, max_digest_size> digest_{};
};

result<std::unique_ptr<alg::operation>> hash_transform::accept() {
    return accept_keyed<hash_operation>(shared_from_this());
}

result<void> hash_operation::require_key() noexcept {
    if (context_ != nullptr)
        return {};
    result<std::unique_ptr<hash_context>> context = transform_->enter();
    if (!context)
        return context.error();
    context_ = std::move(*context);
    return {};
}

result<void> hash_operation::absorb(base::iov_list in) noexcept {
    for (const iovec &v : in) {
        if (v.iov_len == 0)
            continue;
        if (const int code = context_->update({static_cast<const std::uint8_t *>(v.iov_base), v.iov_len});
            code != 0) {
            abandon();
            return error{code, "hash"};
        }
    }
    return {};
}

result<void> hash_operation::finish() noexcept {
    begun_ = false;
    if (const int code = context_->finish(digest_.data()); code != 0)
        return error{code, "hash"};
    finished_ = true;
    return {};
}

void hash_operation::abandon() noexcept {
    begun_ = false;
    (void)context_->restart();
}

void hash_operation::drop_digest() noexcept {
    if (finished_)
        base::wipe(digest_);
    finished_ = false;
}

/// The digest is gone whatever comes of it; what a short buffer has no room for is lost.
result<std::size_t> hash_operation::hand_out(base::iov_list out) noexcept {
    base::bytes left(digest_.data(), transform_->info().digest_size);
    const std::size_t size = left.size();
    bool fault = false;
    for (const iovec &v : out) {
        const std::size_t n = std::min(v.iov_len, left.size());
        if (n == 0)
            continue;
        fault = v.iov_base == nullptr;
        if (fault)
            break;
        std::memcpy(v.iov_base, left.data(), n);
        left = left.subspan(n);
    }
    drop_digest();
    if (fault)
        return error{EFAULT, "receive"};
    return size - left.size();
}

/// A header is not looked at, whatever it says.
result<std::size_t> hash_operation::send(base::iov_list in, const alg::control *, alg::call_flags flags) {
    const std::optional<std::size_t> length = base::total_length(in);
    if (!length)
        return error{EINVAL, "send: length"};
    const std::lock_guard held(mutex_);
    if (const result<void> r = require_key(); !r)
        return r.error();
    drop_digest();
    if (const std::optional<std::size_t> readable = reachable_before_fault(in)) {
        abandon();
        const std::size_t taken = *readable - *readable % batch;
        return taken != 0 ? result<std::size_t>(taken) : error{EFAULT, "send"};
    }
    if (*length == 0 && !begun_)
        return std::size_t{0};
    if (const result<void> r = absorb(in); !r)
        return r.error();
    begun_ = true;
    if (!flags.more) {
        if (const result<void> r = finish(); !r)
            return r.error();
    }
    return *length;
}

result<std::size_t> hash_operation::receive(base::iov_list out, alg::call_flags) {
    if (!base::total_length(out))
        return error{EINVAL, "receive: length"};
    const std::lock_guard held(mutex_);
    if (const result<void> r = require_key(); !r)
        return r.error();
    if (!finished_) {
        if (const result<void> r = finish(); !r)
            return r.error();
    }
    return hand_out(out);
}

result<std::size_t> hash_operation::crypt(const alg::request &message) {
    const std::lock_guard held(mutex_);
    return crypt_locked(message);
}

result<std::size_t> hash_operation::crypt_locked(const alg::request &message) noexcept {
    if (!base::total_length(message.in) || !base::total_length(message.out))
        return error{EINVAL, "crypt: length"};
    if (reachable_before_fault(message.in))
        return error{EFAULT, "crypt"};
    if (const result<void> r = require_key(); !r)
        return r.error();
    if (begun_)
        return error{EINVAL, "crypt: the operation is not idle"};
    drop_digest();
    if (const result<void> r = absorb(message.in); !r)
        return r.error();
    if (const result<void> r = finish(); !r)
        return r.error();
    return hand_out(message.out);
}

/// Whether a message can go with others to the driver at once. All else goes alone, which is also how it is
/// refused.
bool hash_operation::fits_batch(const alg::request &message) const noexcept {
    if (message.in.size() > 1 || message.out.size() != 1)
        return false;
    const iovec in = message.in.empty() ? iovec{} : message.in[0];
    const iovec &out = message.out[0];
    return (in.iov_base != nullptr || in.iov_len == 0) && in.iov_len <= PTRDIFF_MAX &&
           out.iov_base != nullptr && out.iov_len >= transform_->info().digest_size &&
           out.iov_len <= PTRDIFF_MAX;
}

void hash_operation::submit(std::span<alg::request> messages) {
    const std::lock_guard held(mutex_);
    const bool ready = !begun_ && require_key();
    while (!messages.empty()) {
        std::size_t n = 0;
        while (ready && n < messages.size() && n < together && fits_batch(messages[n]))
            ++n;
        if (n > 1) {
            digest_together(messages.first(n));
        } else {
            n = 1;
            messages[0].outcome = crypt_locked(messages[0]);
        }
        messages = messages.subspan(n);
    }
}

/// At most `together` messages that fit a batch.
void hash_operation::digest_together(std::span<alg::request> messages) noexcept {
    drop_digest();
    std::array<hash_message, together> work;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const alg::request &m = messages[i];
        if (!m.in.empty())
            work[i].in = {static_cast<const std::uint8_t *>(m.in[0].iov_base), m.in[0].iov_len};
        work[i].digest = static_cast<std::uint8_t *>(m.out[0].iov_base);
    }
    context_->digest_batch({work.data(), messages.size()});
    for (std::size_t i = 0; i < messages.size(); ++i) {
        if (work[i].code != 0)
            messages[i].outcome = error{work[i].code, "hash"};
        else
            messages[i].outcome = std::size_t{transform_->info().digest_size};
    }
}

/// A copy of the running state. A digest that waits to be collected stays with the original.
result<std::unique_ptr<alg::operation>> hash_operation::clone() {
    const std::lock_guard held(mutex_);
    if (const result<void> r = require_key(); !r)
        return r.error();
    if (!begun_)
        return transform_->accept();
    auto copy = std::make_unique<hash_operation>(transform_);
    copy->context_ = context_->clone();
    if (copy->context_ == nullptr)
        return error{ENOMEM, "accept"};
    transform_->enter_again();
    copy->begun_ = true;
    return std::unique_ptr<alg::operation>(std::move(copy));
}

} // namespace

result<std::shared_ptr<alg::transform>> make_hash_transform(const driver &d) {
    auto transform = std::make_shared<hash_transform>(d);
    if (const result<void> r = transform->prepare(); !r)
        return r.error();
    return std::shared_ptr<alg::transform>(std::move(transform));
}

} // namespace kcapi::local
