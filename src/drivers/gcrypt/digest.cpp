// SPDX-License-Identifier: BSD-3-Clause
#include "drivers/gcrypt/digest.hpp"

#include "drivers/gcrypt/handles.hpp"

#include <new>

namespace kcapi::gcrypt {

namespace {

/// ENOMEM, too, if null comes of it.
digest_handle copy_of(const digest_handle &from) noexcept {
    gcry_md_hd_t copy = nullptr;
    return digest_handle(gcry_md_copy(&copy, from.get()) == 0 ? copy : nullptr);
}

/// A reset would lose the key of BLAKE2, so each message starts from a copy of the handle as it was keyed.
class digest_context final : public local::hash_context {
  public:
    digest_context(const digest_handle &fresh, digest_handle running, const local::driver &d) noexcept
        : fresh_(fresh), running_(std::move(running)), driver_(d) {}

    static std::unique_ptr<digest_context> make(const digest_handle &fresh, const digest_handle &from,
                                                const local::driver &d) noexcept {
        digest_handle running = copy_of(from);
        if (running == nullptr)
            return nullptr;
        return std::unique_ptr<digest_context>(new (std::nothrow)
                                                   digest_context(fresh, std::move(running), d));
    }

    int update(base::bytes data) noexcept override {
        if (!stand())
            return ENOMEM;
        gcry_md_write(running_.get(), data.data(), data.size());
        return 0;
    }

    int finish(std::uint8_t *digest) noexcept override {
        if (!stand())
            return ENOMEM;
        const std::uint8_t *const made = gcry_md_read(running_.get(), 0);
        if (made != nullptr)
            std::copy_n(made, driver_.sizes.digest_size, digest);
        (void)restart();
        return made == nullptr ? EIO : 0;
    }

    int restart() noexcept override {
        if (driver_.sizes.key == local::key_use::none)
            gcry_md_reset(running_.get());
        else
            running_.reset();
        return 0;
    }

    std::unique_ptr<local::hash_context> clone() const noexcept override {
        return make(fresh_, running_ != nullptr ? running_ : fresh_, driver_);
    }

  private:
    bool stand() noexcept {
        if (running_ == nullptr)
            running_ = copy_of(fresh_);
        return running_ != nullptr;
    }

    const digest_handle &fresh_;
    digest_handle running_;
    const local::driver &driver_;
};

class digest_key final : public local::hash_key {
  public:
    digest_key(digest_handle fresh, const local::driver &d) noexcept : fresh_(std::move(fresh)), driver_(d) {}

    std::unique_ptr<local::hash_context> open() const noexcept override {
        return digest_context::make(fresh_, fresh_, driver_);
    }

  private:
    const digest_handle fresh_;
    const local::driver &driver_;
};

} // namespace

int make_digest(const local::driver &self, base::bytes key, std::unique_ptr<local::hash_key> &out) noexcept {
    gcry_md_hd_t handle = nullptr;
    if (const int code = outcome_of(gcry_md_open(&handle, *static_cast<const int *>(self.data), 0));
        code != 0)
        return code;
    digest_handle fresh(handle);
    if (!key.empty())
        if (const int code = outcome_of(gcry_md_setkey(handle, key.data(), key.size())); code != 0)
            return code;
    out.reset(new (std::nothrow) digest_key(std::move(fresh), self));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace kcapi::gcrypt
