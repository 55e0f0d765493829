// SPDX-License-Identifier: BSD-3-Clause
//
// What the transforms of skcipher, aead and hash have in common: the key, and that nothing can be set while
// an operation uses it. An operation counts from the moment it has a context under the key: at accept if
// there is a key, else at its first use after there is one.
#pragma once

#include "alg/engine.hpp"
#include "base/mutex.hpp"
#include "local/describe.hpp"
#include "local/driver.hpp"

#include <cerrno>
#include <mutex>

namespace kcapi::local {

/// net.core.optmem_max: the kernel has no memory for a longer key.
inline constexpr std::size_t key_memory = 131072;

/// `Key` is one of the driver interface's, `Context` what its open() gives.
template <class Key, class Context>
class keyed_transform : public alg::transform {
  public:
    explicit keyed_transform(const driver &d) : driver_(d), info_(describe(d)) {}

    const alg::properties &info() const noexcept override { return info_; }

    result<std::uint32_t> set(alg::parameter what, base::bytes value) override {
        const std::lock_guard lock(mutex_);
        if (operations_ != 0)
            return error{EBUSY, "set: an operation uses the key"};
        if (what != alg::parameter::key)
            return error{ENOPROTOOPT, "set"};
        if (value.size() >= key_memory)
            return error{ENOMEM, "set key"};
        if (const int code = make_key(value, key_); code != 0)
            return error{code, "set key"};
        return 0U;
    }

    result<void> set_tag_size(std::uint32_t size) override {
        const std::lock_guard lock(mutex_);
        if (operations_ != 0)
            return error{EBUSY, "set_tag_size: an operation uses the key"};
        return change_tag_size(size);
    }

    /// A context for an operation, which from now on counts until leave().
    [[nodiscard]] result<std::unique_ptr<Context>> enter() noexcept {
        const std::lock_guard lock(mutex_);
        if (key_ == nullptr)
            return error{ENOKEY, "no key"};
        std::unique_ptr<Context> context = key_->open();
        if (context == nullptr)
            return error{ENOMEM, "operation"};
        ++operations_;
        return context;
    }
    /// The same with a context that is there already (a clone). The caller holds one entered before.
    void enter_again() noexcept {
        const std::lock_guard lock(mutex_);
        ++operations_;
    }
    /// One more context for an operation that counts; null if there is no memory.
    [[nodiscard]] std::unique_ptr<Context> another() const noexcept { return key_->open(); }
    void leave() noexcept {
        const std::lock_guard lock(mutex_);
        --operations_;
    }

  protected:
    [[nodiscard]] const driver &source() const noexcept { return driver_; }
    /// Makes a key in `key`, or leaves there what shall be in force after the failure.
    [[nodiscard]] virtual int make_key(base::bytes value, std::unique_ptr<Key> &key) noexcept = 0;
    [[nodiscard]] virtual result<void> change_tag_size(std::uint32_t) noexcept {
        return error{ENOPROTOOPT, "set_tag_size"};
    }

    base::mutex mutex_;
    std::unique_ptr<Key> key_;

  private:
    const driver &driver_;
    const alg::properties info_;
    std::size_t operations_ = 0;
};

} // namespace kcapi::local
