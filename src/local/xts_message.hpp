// SPDX-License-Identifier: BSD-3-Clause
//
// What an XTS of a library lacks: messages above the 2^20 blocks that libraries take as one, and what a pass
// without an IV continues from. Long messages go on by giving the library as IV what the tweak key encrypts
// to the tweak of that place.
//
// What is carried into a pass without an IV is what Linux carries on x86 with AES-NI: the tweak reached,
// which the next pass takes for an IV. Encryption reaches the tweak after the last whole block, so does
// decryption of whole blocks; decryption with stealing, one less (Linux 6.12 and 7.3, measured at 28
// lengths). To know it costs a block of the tweak key and the way there, so it is only noted (chain::blocks)
// and worked out by the next pass if that brings no IV.
#pragma once

#include "base/secret.hpp"
#include "local/driver.hpp"
#include "local/tweak.hpp"

#include <algorithm>

namespace kcapi::local {

class xts_message : public skcipher_context {
  public:
    int crypt(direction d, chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept final {
        if (length < block_size)
            return EINVAL;
        if (c.blocks != 0) {
            if (const int failure = move_on(c, c.blocks); failure != 0)
                return failure;
        }
        iv_block iv;
        std::copy_n(c.iv.begin(), block_size, iv.begin());
        if (const int failure = message(d, iv, in, out, length); failure != 0)
            return failure;
        c.blocks = length / block_size - (d == direction::decrypt && length % block_size != 0 ? 1 : 0);
        // None passed does not mean that the IV stays: the first tweak itself is carried.
        return c.blocks == 0 ? move_on(c, 0) : 0;
    }

    int move_to(direction, chain &c, const std::uint8_t *, std::size_t offset) noexcept final {
        if (c.blocks != 0) {
            if (const int failure = move_on(c, c.blocks); failure != 0)
                return failure;
        }
        if (offset == 0)
            return 0;
        iv_block iv;
        std::copy_n(c.iv.begin(), block_size, iv.begin());
        const int failure = iv_after(iv, offset / block_size);
        c.set(iv);
        return failure;
    }

  protected:
    static constexpr std::size_t block_size = 16;
    /// What a library takes as one message: 2^20 blocks.
    static constexpr std::size_t unit_limit = std::size_t{16} << 20;
    using iv_block = std::array<std::uint8_t, block_size>;

    /// One block under the tweak key.
    [[nodiscard]] virtual int tweak_block(direction d, const std::uint8_t *in,
                                          std::uint8_t *out) noexcept = 0;
    /// A message of at most unit_limit bytes by the library.
    [[nodiscard]] virtual int unit(direction d, const iv_block &iv, const std::uint8_t *in, std::uint8_t *out,
                                   std::size_t length) noexcept = 0;
    /// A message of any length; a driver with a way of its own for some overrides this.
    [[nodiscard]] virtual int message(direction d, iv_block iv, const std::uint8_t *in, std::uint8_t *out,
                                      std::size_t length) noexcept {
        while (length > unit_limit) {
            // The last piece must have at least one whole block, or there is nothing to steal from.
            const std::size_t n = length - unit_limit < block_size ? unit_limit - block_size : unit_limit;
            if (const int failure = unit(d, iv, in, out, n); failure != 0)
                return failure;
            if (const int failure = iv_after(iv, n / block_size); failure != 0)
                return failure;
            in += n;
            out += n;
            length -= n;
        }
        return unit(d, iv, in, out, length);
    }

    /// The tweak of the message's first block.
    [[nodiscard]] int first_tweak(const std::uint8_t *iv, tweak &t) noexcept {
        iv_block encrypted;
        const int failure = tweak_block(direction::encrypt, iv, encrypted.data());
        t = tweak::load(encrypted.data());
        base::wipe(encrypted);
        return failure;
    }

    /// Makes of the IV what gives the tweak `blocks` later.
    [[nodiscard]] int iv_after(iv_block &iv, std::uint64_t blocks) noexcept {
        tweak t;
        if (const int failure = first_tweak(iv.data(), t); failure != 0)
            return failure;
        t.skip(blocks);
        t.store(iv.data());
        return tweak_block(direction::decrypt, iv.data(), iv.data());
    }

  private:
    /// Puts the tweak `blocks` after the one that `c.iv` encrypts to in the place of `c.iv`.
    [[nodiscard]] int move_on(chain &c, std::uint64_t blocks) noexcept {
        tweak t;
        if (const int failure = first_tweak(c.iv.data(), t); failure != 0)
            return failure;
        t.skip(blocks);
        iv_block reached;
        t.store(reached.data());
        c.set(reached);
        return 0;
    }
};

} // namespace kcapi::local
