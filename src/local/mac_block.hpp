// SPDX-License-Identifier: BSD-3-Clause
//
// A block that may be secret, and CTR mode over a bare cipher: what the authenticating templates share.
#pragma once

#include "base/secret.hpp"
#include "local/driver.hpp"

namespace kcapi::local {

struct mac_block {
    std::array<std::uint8_t, max_block_size> bytes{};

    mac_block() = default;
    ~mac_block() { base::wipe(bytes); }
    mac_block(const mac_block &) = default;
    mac_block &operator=(const mac_block &) = default;

    [[nodiscard]] std::uint8_t *data() noexcept { return bytes.data(); }
    [[nodiscard]] std::uint8_t &operator[](std::size_t i) noexcept { return bytes[i]; }

    /// Exclusive-or with the first `size` bytes at `other`.
    void add(const std::uint8_t *other, std::size_t size) noexcept {
        for (std::size_t i = 0; i < size; ++i)
            bytes[i] = static_cast<std::uint8_t>(bytes[i] ^ other[i]);
    }
    /// As a number, highest byte first.
    void increment() noexcept {
        for (std::size_t i = bytes.size(); i-- > 0;)
            if (++bytes[i] != 0)
                break;
    }
};

/// Exclusive-or of a text with the encrypted blocks `counter`, `counter` + 1, ... of 16 bytes.
[[nodiscard]] inline int add_keystream(cipher_context &cipher, mac_block counter, const std::uint8_t *in,
                                       std::uint8_t *out, std::size_t length) noexcept {
    constexpr std::size_t batch = 16 * max_block_size;
    std::array<std::uint8_t, batch> stream;
    int code = 0;
    for (std::size_t at = 0; at < length && code == 0; at += batch) {
        const std::size_t n = std::min(batch, length - at);
        const std::size_t blocks = (n + max_block_size - 1) / max_block_size;
        for (std::size_t i = 0; i < blocks; ++i) {
            std::copy(counter.bytes.begin(), counter.bytes.end(),
                      stream.begin() + static_cast<std::ptrdiff_t>(i * max_block_size));
            counter.increment();
        }
        code = cipher.crypt(direction::encrypt, stream.data(), stream.data(), blocks * max_block_size);
        for (std::size_t i = 0; i < n && code == 0; ++i)
            out[at + i] = static_cast<std::uint8_t>(in[at + i] ^ stream[i]);
    }
    base::wipe(stream);
    return code;
}

} // namespace kcapi::local
