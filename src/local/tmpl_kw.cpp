// SPDX-License-Identifier: BSD-3-Clause
#include "local/tmpl_kw.hpp"

#include "base/secret.hpp"
#include "local/tmpl_mode.hpp"

namespace kcapi::local {

namespace {

/// Half a block of the cipher: what the mode counts in.
constexpr std::size_t half = 8;
constexpr std::uint64_t rounds = 6;

/// RFC 3394 section 2.2.3.1.
constexpr std::array<std::uint8_t, half> initial{0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6};

class kw_context final : public mode_context {
  public:
    using mode_context::mode_context;
    int crypt(direction d, chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        if (length < 2 * half || length % half != 0)
            return EINVAL;
        std::memmove(out, in, length);
        // The register, and in the second half the piece of data at work.
        block work{};
        const bool encrypting = d == direction::encrypt;
        std::memcpy(work.data(), encrypting ? initial.data() : c.iv.data(), half);
        int code = encrypting ? wrap(work, out, length) : unwrap(work, out, length);
        if (code == 0 && encrypting)
            std::memcpy(c.iv.data(), work.data(), half);
        else if (code == 0 && !base::ct_equal({work.data(), half}, initial))
            code = EBADMSG;
        if (code != 0)
            base::wipe(out, length);
        base::wipe(work);
        return code;
    }

  private:
    int wrap(block &work, std::uint8_t *data, std::size_t length) noexcept {
        const std::uint64_t count = length / half;
        for (std::uint64_t t = 1; t <= rounds * count; ++t) {
            std::uint8_t *const piece = data + (t - 1) % count * half;
            std::memcpy(work.data() + half, piece, half);
            if (const int code = encrypt_one(work.data(), work.data()); code != 0)
                return code;
            add_step(work, t);
            std::memcpy(piece, work.data() + half, half);
        }
        return 0;
    }

    int unwrap(block &work, std::uint8_t *data, std::size_t length) noexcept {
        const std::uint64_t count = length / half;
        for (std::uint64_t t = rounds * count; t != 0; --t) {
            std::uint8_t *const piece = data + (t - 1) % count * half;
            add_step(work, t);
            std::memcpy(work.data() + half, piece, half);
            if (const int code = inner_->crypt(direction::decrypt, work.data(), work.data(), block_size_);
                code != 0)
                return code;
            std::memcpy(piece, work.data() + half, half);
        }
        return 0;
    }

    static void add_step(block &work, std::uint64_t t) noexcept {
        for (std::size_t i = half; i-- > 0; t >>= 8)
            work[i] = static_cast<std::uint8_t>(work[i] ^ (t & 0xff));
    }
};

} // namespace

bool fill_kw(driver &instance) noexcept {
    limits sizes = block_limits(half);
    sizes.checks_length_first = true;
    return instance.part(0).sizes.block_size == 2 * half && fill_mode<kw_context>(instance, sizes);
}

} // namespace kcapi::local
