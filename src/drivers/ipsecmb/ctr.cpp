// SPDX-License-Identifier: BSD-3-Clause
//
// ctr(aes). The library counts in the last four bytes of the block alone, so a message is cut where they
// wrap.
#include "drivers/ipsecmb/aes.hpp"
#include "drivers/ipsecmb/modes.hpp"
#include "local/places.hpp"

#include <algorithm>

namespace kcapi::ipsecmb {

namespace {

class ctr_context final : public local::skcipher_context {
  public:
    explicit ctr_context(const aes &key) noexcept : key_(key) {}

    int crypt(local::direction, local::chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        auto at = local::counter128::load(c.iv.data());
        while (length != 0) {
            const std::uint64_t blocks = (std::uint64_t{1} << 32) - (at.low & UINT32_MAX);
            const std::size_t n = std::min<std::uint64_t>(length, blocks * block_size);
            std::array<std::uint8_t, block_size> iv;
            at.store(iv.data());
            IMB_JOB job{};
            key_.prepare(job, iv.data(), in, out, n);
            if (const int code = key_.run({&job, 1}, IMB_CIPHER_CNTR, local::direction::encrypt); code != 0)
                return code;
            at.pass(n);
            in += n;
            out += n;
            length -= n;
        }
        at.leave_in(c);
        return 0;
    }
    int move_to(local::direction, local::chain &c, const std::uint8_t *,
                std::size_t offset) noexcept override {
        return local::counter_place(c, offset);
    }

  private:
    const aes &key_;
};

} // namespace

int make_ctr(const local::driver &, base::bytes key, std::unique_ptr<local::skcipher_key> &out) noexcept {
    return make_mode<ctr_context>(key, out);
}

} // namespace kcapi::ipsecmb
