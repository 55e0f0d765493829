// SPDX-License-Identifier: BSD-3-Clause
//
// AES under one key for the modes here: expanded once for both directions, and the library's burst call,
// which is done when it returns.
#pragma once

#include "drivers/ipsecmb/keys.hpp"
#include "drivers/ipsecmb/managers.hpp"
#include "local/driver.hpp"

#include <array>
#include <span>

namespace kcapi::ipsecmb {

inline constexpr std::size_t block_size = 16;

struct aes_schedules {
    alignas(16) std::array<std::uint32_t, 60> encrypt;
    alignas(16) std::array<std::uint32_t, 60> decrypt;
};

class aes {
  public:
    /// Of a size that AES has, with the library's functions at hand.
    aes(const IMB_MGR &m, base::bytes key) noexcept : size_(key.size()) {
        const keyexp_t service = std::array{m.keyexp_128, m.keyexp_192, m.keyexp_256}[aes_index(size_)];
        service(key.data(), schedules_.value.encrypt.data(), schedules_.value.decrypt.data());
    }

    /// A job for `length` bytes. The IV, of a block, is read where it is when the burst runs.
    void prepare(IMB_JOB &job, const std::uint8_t *iv, const std::uint8_t *in, std::uint8_t *out,
                 std::size_t length) const noexcept {
        job.enc_keys = schedules_.value.encrypt.data();
        job.dec_keys = schedules_.value.decrypt.data();
        job.key_len_in_bytes = size_;
        job.src = in;
        job.dst = out;
        job.cipher_start_src_offset_in_bytes = 0;
        job.msg_len_to_cipher_in_bytes = length;
        job.iv = iv;
        job.iv_len_in_bytes = block_size;
    }

    /// ENOMEM (no manager); EIO.
    [[nodiscard]] int run(std::span<IMB_JOB> jobs, IMB_CIPHER_MODE mode, local::direction d) const noexcept {
        const lease mine;
        if (mine.manager() == nullptr)
            return ENOMEM;
        const auto n = static_cast<std::uint32_t>(jobs.size());
        const std::uint32_t done = IMB_SUBMIT_CIPHER_BURST_NOCHECK(
            mine.manager(), jobs.data(), n, mode,
            d == local::direction::encrypt ? IMB_DIR_ENCRYPT : IMB_DIR_DECRYPT,
            static_cast<IMB_KEY_SIZE_BYTES>(size_));
        return done == n ? 0 : EIO;
    }

  private:
    const std::size_t size_;
    secret_object<aes_schedules> schedules_;
};

/// The key of a mode; `Context` is the mode at work.
template <class Context>
class mode_key final : public local::skcipher_key {
  public:
    mode_key(const IMB_MGR &m, base::bytes key) noexcept : key_(m, key) {}

    std::unique_ptr<local::skcipher_context> open() const noexcept override {
        return std::unique_ptr<local::skcipher_context>(new (std::nothrow) Context(key_));
    }

  private:
    const aes key_;
};

template <class Context>
int make_mode(base::bytes key, std::unique_ptr<local::skcipher_key> &out) noexcept {
    if (aes_index(key.size()) > 2)
        return EINVAL;
    const IMB_MGR *const m = functions();
    out.reset(m == nullptr ? nullptr : new (std::nothrow) mode_key<Context>(*m, key));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace kcapi::ipsecmb
