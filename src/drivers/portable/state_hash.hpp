// SPDX-License-Identifier: BSD-3-Clause
//
// Hashes whose running state is a plain object: it is copied for a clone, and a message starts from a copy of
// the state as the key left it. A state is trivially copyable and has update(bytes) and finish(digest).
#pragma once

#include "base/secret.hpp"
#include "local/driver.hpp"

#include <new>
#include <type_traits>

namespace kcapi::portable {

template <class State>
class state_context final : public local::hash_context {
    static_assert(std::is_trivially_copyable_v<State>);

  public:
    explicit state_context(const State &fresh) noexcept : fresh_(fresh), running_(fresh) {}
    ~state_context() override { base::wipe(&running_, sizeof running_); }
    state_context(const state_context &) = default;
    state_context &operator=(const state_context &) = delete;

    int update(base::bytes data) noexcept override {
        running_.update(data);
        return 0;
    }
    int finish(std::uint8_t *digest) noexcept override {
        running_.finish(digest);
        return restart();
    }
    int restart() noexcept override {
        running_ = fresh_;
        return 0;
    }
    std::unique_ptr<local::hash_context> clone() const noexcept override {
        return std::unique_ptr<local::hash_context>(new (std::nothrow) state_context(*this));
    }

  private:
    const State &fresh_; ///< the key's, which outlives every context
    State running_;
};

template <class State>
class state_key final : public local::hash_key {
  public:
    explicit state_key(const State &fresh) noexcept : fresh_(fresh) {}
    ~state_key() override { base::wipe(&fresh_, sizeof fresh_); }

    std::unique_ptr<local::hash_context> open() const noexcept override {
        return std::unique_ptr<local::hash_context>(new (std::nothrow) state_context<State>(fresh_));
    }

  private:
    State fresh_;
};

template <class State>
int make_state_hash(const State &fresh, std::unique_ptr<local::hash_key> &out) noexcept {
    out.reset(new (std::nothrow) state_key<State>(fresh));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace kcapi::portable
