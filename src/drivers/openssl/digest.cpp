// SPDX-License-Identifier: BSD-3-Clause
//
// Digests without key.
#include "drivers/openssl/digest.hpp"

#include "drivers/openssl/md.hpp"
#include "drivers/openssl/md_state.hpp"

#include <new>

namespace kcapi::openssl {

namespace {

class digest_context final : public local::hash_context {
  public:
    explicit digest_context(md_state state) noexcept : state_(std::move(state)) {}

    int update(base::bytes data) noexcept override {
        errno = 0;
        return outcome_of(stand() && state_.update(data));
    }

    int finish(std::uint8_t *out) noexcept override {
        errno = 0;
        const bool done = stand() && state_.finish(out);
        stands_ = false;
        return outcome_of(done);
    }

    int restart() noexcept override {
        stands_ = false;
        return 0;
    }

    std::unique_ptr<local::hash_context> clone() const noexcept override {
        std::unique_ptr<digest_context> made(new (std::nothrow) digest_context(state_.fresh()));
        if (made == nullptr || (stands_ && !made->state_.copy(state_)))
            return nullptr;
        made->stands_ = stands_;
        return made;
    }

  private:
    /// Makes the state stand in a message, at its start if it did not.
    bool stand() noexcept {
        if (!stands_)
            stands_ = state_.begin();
        return stands_;
    }

    md_state state_;
    bool stands_ = false;
};

class digest_key final : public local::hash_key {
  public:
    digest_key(const hash_suite &hashes, digest d) noexcept : state_(hashes, d) {}

    /// Memory is taken now, and not with the first message.
    std::unique_ptr<local::hash_context> open() const noexcept override {
        md_state state = state_.fresh();
        if (!state.begin())
            return nullptr;
        return std::unique_ptr<local::hash_context>(new (std::nothrow) digest_context(std::move(state)));
    }

  private:
    const md_state state_;
};

} // namespace

int make_digest(const hash_suite &hashes, digest d, hash_out &out) noexcept {
    out.reset(new (std::nothrow) digest_key(hashes, d));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace kcapi::openssl
