// SPDX-License-Identifier: BSD-3-Clause
#include "local/combined.hpp"

#include <array>
#include <new>
#include <utility>

namespace kcapi::local {

namespace {

class batching_context final : public hash_context {
  public:
    batching_context(const domain &best, std::unique_ptr<hash_context> single,
                     std::shared_ptr<const hash_batch_key> batch) noexcept
        : best_(best), single_(std::move(single)), batch_(std::move(batch)) {}

    int update(base::bytes data) noexcept override { return single_->update(data); }
    int finish(std::uint8_t *digest) noexcept override { return single_->finish(digest); }
    int restart() noexcept override { return single_->restart(); }

    std::unique_ptr<hash_context> clone() const noexcept override {
        std::unique_ptr<hash_context> copy = single_->clone();
        if (copy == nullptr)
            return nullptr;
        return std::unique_ptr<hash_context>(new (std::nothrow)
                                                 batching_context(best_, std::move(copy), batch_));
    }

    void digest_batch(std::span<hash_message> messages) noexcept override {
        while (!messages.empty()) {
            const std::size_t n = take(messages);
            messages = messages.subspan(n);
        }
    }

  private:
    static constexpr std::size_t most = 64;

    /// Does the first of the messages, at most `most`; how many.
    std::size_t take(std::span<hash_message> messages) noexcept {
        messages = messages.first(std::min(messages.size(), most));
        std::array<hash_message, most> chosen;
        std::array<std::size_t, most> place;
        std::size_t n = 0;
        std::size_t bytes = 0;
        for (std::size_t i = 0; i < messages.size(); ++i)
            if (has(messages[i].in.size())) {
                bytes += messages[i].in.size();
                chosen[n] = messages[i];
                place[n++] = i;
            }
        if (!best_.has_batch_of(n, bytes))
            n = 0;
        batch_->digest({chosen.data(), n});
        std::size_t next = 0;
        for (std::size_t i = 0; i < messages.size(); ++i) {
            if (next < n && place[next] == i)
                messages[i].code = chosen[next++].code;
            else
                single_->digest_batch(messages.subspan(i, 1));
        }
        return messages.size();
    }

    [[nodiscard]] bool has(std::size_t length) const noexcept {
        return length >= best_.min_length && length <= best_.max_length;
    }

    const domain &best_;
    const std::unique_ptr<hash_context> single_;
    const std::shared_ptr<const hash_batch_key> batch_;
};

class batching_key final : public hash_key {
  public:
    batching_key(const domain &best, std::unique_ptr<hash_key> single,
                 std::shared_ptr<const hash_batch_key> batch) noexcept
        : best_(best), single_(std::move(single)), batch_(std::move(batch)) {}

    std::unique_ptr<hash_context> open() const noexcept override {
        std::unique_ptr<hash_context> context = single_->open();
        if (context == nullptr)
            return nullptr;
        return std::unique_ptr<hash_context>(new (std::nothrow)
                                                 batching_context(best_, std::move(context), batch_));
    }

    int pbkdf2(base::bytes salt, std::uint32_t count, base::mutable_bytes out) const noexcept override {
        return single_->pbkdf2(salt, count, out);
    }

  private:
    const domain &best_;
    const std::unique_ptr<hash_key> single_;
    const std::shared_ptr<const hash_batch_key> batch_;
};

int make_batching(const driver &self, base::bytes key, std::unique_ptr<hash_key> &out) noexcept {
    const driver &single = self.part(0);
    const driver &batch = self.part(1);
    std::unique_ptr<hash_key> singly;
    if (const int code = single.make_hash(single, key, singly); code != 0)
        return code;
    std::unique_ptr<hash_batch_key> together;
    if (const int code = batch.make_hash_batch(batch, key, together); code != 0)
        return code;
    try {
        out = std::make_unique<batching_key>(batch.best, std::move(singly),
                                             std::shared_ptr<const hash_batch_key>(std::move(together)));
    } catch (const std::bad_alloc &) {
        return ENOMEM;
    }
    return 0;
}

} // namespace

void fill_combined_hash(driver &instance) noexcept {
    instance.sizes = instance.part(0).sizes;
    instance.make_hash = make_batching;
}

} // namespace kcapi::local
