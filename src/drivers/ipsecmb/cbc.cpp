// SPDX-License-Identifier: BSD-3-Clause
//
// cbc(aes). Encryption of one message is slower than elsewhere: its blocks depend on each other, and the code
// is made for sixteen messages side by side. Those are what crypt_batch is for.
#include "drivers/ipsecmb/aes.hpp"
#include "drivers/ipsecmb/modes.hpp"
#include "local/places.hpp"

#include <algorithm>
#include <cstring>

namespace kcapi::ipsecmb {

namespace {

using local::direction;
using local::skcipher_message;

/// Jobs to one call of the library; a multiple of the lanes it has.
constexpr std::size_t burst = 64;
/// Lanes count in 16 bits.
constexpr std::size_t longest_encryption = 65535 / block_size * block_size;

class cbc_context final : public local::skcipher_context {
  public:
    explicit cbc_context(const aes &key) noexcept : key_(key) {}

    int crypt(direction d, local::chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        if (length % block_size != 0)
            return EINVAL;
        const std::size_t longest = d == direction::encrypt ? longest_encryption : SIZE_MAX;
        while (length != 0) {
            const std::size_t n = std::min(length, longest);
            skcipher_message piece{&c, in, out, n};
            run(d, {&piece, 1});
            if (piece.code != 0)
                return piece.code;
            in += n;
            out += n;
            length -= n;
        }
        return 0;
    }

    void crypt_batch(direction d, std::span<skcipher_message> messages) noexcept override {
        const auto fits = [&](const skcipher_message &m) {
            return m.length != 0 && m.length % block_size == 0 &&
                   (d == direction::decrypt || m.length <= longest_encryption);
        };
        while (!messages.empty()) {
            const std::size_t most = std::min(messages.size(), burst);
            const auto first = messages.begin();
            const auto odd = std::find_if_not(first, first + static_cast<std::ptrdiff_t>(most), fits);
            const auto n = static_cast<std::size_t>(odd - first);
            if (n != 0) {
                run(d, messages.first(n));
            } else {
                skcipher_message &m = messages.front();
                m.code = crypt(d, *m.c, m.in, m.out, m.length);
            }
            messages = messages.subspan(std::max<std::size_t>(n, 1));
        }
    }

    int move_to(direction d, local::chain &c, const std::uint8_t *in, std::size_t offset) noexcept override {
        return local::cbc_place(d, c, in, offset, block_size);
    }

  private:
    /// At most `burst` messages of lengths that fit.
    void run(direction d, std::span<skcipher_message> messages) const noexcept {
        std::array<IMB_JOB, burst> jobs;
        std::array<std::array<std::uint8_t, block_size>, burst> last;
        for (std::size_t i = 0; i < messages.size(); ++i) {
            const skcipher_message &m = messages[i];
            jobs[i] = IMB_JOB{};
            key_.prepare(jobs[i], m.c->iv.data(), m.in, m.out, m.length);
            // In place, decryption overwrites what is carried.
            if (d == direction::decrypt)
                std::memcpy(last[i].data(), m.in + m.length - block_size, block_size);
        }
        const int code = key_.run({jobs.data(), messages.size()}, IMB_CIPHER_CBC, d);
        for (std::size_t i = 0; i < messages.size(); ++i) {
            skcipher_message &m = messages[i];
            m.code = code;
            if (code != 0)
                continue;
            if (d == direction::encrypt)
                std::memcpy(last[i].data(), m.out + m.length - block_size, block_size);
            m.c->set(last[i]);
        }
    }

    const aes &key_;
};

} // namespace

int make_cbc(const local::driver &, base::bytes key, std::unique_ptr<local::skcipher_key> &out) noexcept {
    return make_mode<cbc_context>(key, out);
}

} // namespace kcapi::ipsecmb
