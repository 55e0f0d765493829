// SPDX-License-Identifier: BSD-3-Clause
//
// An operation of a hash without key that outlives the call that opened it, for calls without a handle. Each
// hash has one place; a call takes what stands there, so that it has it alone, and puts it back. Of calls at
// once the others open what they need.
//
// What a program may do in between is the operation's to notice (alg::operation::is_as_kept). Whatever goes
// wrong with a kept operation, the call is made as if there were none: so its errors are those of opening
// one.
#pragma once

#include "alg/engine.hpp"
#include "runtime/runtime.hpp"

#include <atomic>

namespace kcapi::capi {

/// Has no destructor to speak of: made with the library, used as long as it is there.
class kept_hash {
  public:
    constexpr explicit kept_hash(const char *name) noexcept : name_(name) {}

    [[nodiscard]] const char *name() const noexcept { return name_; }

    /// The digest by the kept operation; none: there is no such, or it failed, and now it is gone.
    [[nodiscard]] std::optional<std::size_t> digest(base::bytes in, base::mutable_bytes out) {
        std::unique_ptr<entry> taken(place_.exchange(nullptr, std::memory_order_acquire));
        if (taken == nullptr || taken->mark != runtime::default_engine_mark() || !taken->op->is_as_kept())
            return std::nullopt;
        const iovec from = base::to_iovec(in);
        const iovec to = base::to_iovec(out.first(std::min<std::size_t>(out.size(), taken->digest_size)));
        const result<std::size_t> r = taken->op->crypt({.in = {&from, 1}, .out = {&to, 1}});
        if (!r)
            return std::nullopt;
        put_back(std::move(taken));
        return *r;
    }

    /// Keeps an operation that has just been used, opened after `mark` was read, if that is any use and the
    /// place is free. The transform must be gone.
    void keep(std::unique_ptr<alg::operation> op, std::uint32_t digest_size, int mark) {
        if (place_.load(std::memory_order_relaxed) == nullptr && op->keep())
            put_back(std::make_unique<entry>(entry{std::move(op), digest_size, mark}));
    }

  private:
    struct entry {
        std::unique_ptr<alg::operation> op;
        std::uint32_t digest_size;
        int mark;
    };

    void put_back(std::unique_ptr<entry> e) noexcept {
        entry *none = nullptr;
        if (place_.compare_exchange_strong(none, e.get(), std::memory_order_release))
            (void)e.release();
    }

    const char *const name_;
    std::atomic<entry *> place_{nullptr};
};

} // namespace kcapi::capi
