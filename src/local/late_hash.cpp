// SPDX-License-Identifier: BSD-3-Clause
#include "local/late_hash.hpp"

#include "base/secret.hpp"

#include <mutex>
#include <new>
#include <utility>

namespace kcapi::local {

namespace {

class late_key final : public hash_key {
  public:
    late_key(late_join &join, std::unique_ptr<hash_key> single, base::secret_buffer key) noexcept
        : join_(join), single_(std::move(single)), key_(std::move(key)) {}

    std::unique_ptr<hash_context> open() const noexcept override;
    int pbkdf2(base::bytes salt, std::uint32_t count, base::mutable_bytes out) const noexcept override {
        return single_->pbkdf2(salt, count, out);
    }

    /// The key of the joined driver; null if there is none.
    [[nodiscard]] const hash_key *batching() const noexcept {
        const std::lock_guard held(mutex_);
        if (asked_)
            return batching_.get();
        const int saved_errno = std::exchange(errno, 0);
        const driver *const d = join_.joined();
        const bool is_short =
            d == nullptr ? errno == ENOMEM : d->make_hash(*d, key_.view(), batching_) == ENOMEM;
        errno = saved_errno;
        asked_ = !is_short;
        return batching_.get();
    }

  private:
    late_join &join_;
    const std::unique_ptr<hash_key> single_;
    const base::secret_buffer key_;
    mutable std::mutex mutex_;
    mutable bool asked_ = false;
    mutable std::unique_ptr<hash_key> batching_;
};

class late_context final : public hash_context {
  public:
    late_context(const late_key &key, std::unique_ptr<hash_context> single) noexcept
        : key_(key), single_(std::move(single)) {}

    int update(base::bytes data) noexcept override { return single_->update(data); }
    int finish(std::uint8_t *digest) noexcept override { return single_->finish(digest); }
    int restart() noexcept override { return single_->restart(); }

    std::unique_ptr<hash_context> clone() const noexcept override {
        std::unique_ptr<hash_context> copy = single_->clone();
        if (copy == nullptr)
            return nullptr;
        return std::unique_ptr<hash_context>(new (std::nothrow) late_context(key_, std::move(copy)));
    }

    void digest_batch(std::span<hash_message> messages) noexcept override {
        if (batching_ == nullptr && messages.size() > 1)
            if (const hash_key *const key = key_.batching())
                batching_ = key->open();
        (batching_ != nullptr ? batching_ : single_)->digest_batch(messages);
    }

  private:
    const late_key &key_; ///< outlives its contexts, as any key
    std::unique_ptr<hash_context> single_;
    std::unique_ptr<hash_context> batching_;
};

std::unique_ptr<hash_context> late_key::open() const noexcept {
    std::unique_ptr<hash_context> context = single_->open();
    if (context == nullptr)
        return nullptr;
    return std::unique_ptr<hash_context>(new (std::nothrow) late_context(*this, std::move(context)));
}

int make_late(const driver &self, base::bytes key, std::unique_ptr<hash_key> &out) noexcept {
    const driver &first = self.part(0);
    std::unique_ptr<hash_key> single;
    if (const int code = first.make_hash(first, key, single); code != 0)
        return code;
    result<base::secret_buffer> kept = base::secret_buffer::copy_of(key);
    if (!kept)
        return kept.error().code;
    auto &join = *static_cast<late_join *>(const_cast<void *>(self.data));
    out.reset(new (std::nothrow) late_key(join, std::move(single), std::move(*kept)));
    return out != nullptr ? 0 : ENOMEM;
}

} // namespace

driver late_hash(const driver &first, late_join &join) noexcept {
    driver d = first;
    d.parts = {&first};
    d.make_hash = make_late;
    d.data = &join;
    return d;
}

} // namespace kcapi::local
