// SPDX-License-Identifier: BSD-3-Clause
//
// rfc4543(gcm(...)): nothing is encrypted. All associated data (here their last 8 bytes, too) and the text
// behind them are what gcm authenticates.
#include "local/tmpl_aead.hpp"

#include "local/tmpl_salted.hpp"

#include <cstring>

namespace kcapi::local {

namespace {

class rfc4543_context final : public aead_context {
  public:
    static constexpr std::size_t salt_size = 4;
    static constexpr std::uint32_t nonce_size = salt_size + explicit_iv_size;

    rfc4543_context(std::unique_ptr<aead_context> inner,
                    const std::array<std::uint8_t, max_salt_size> &salt) noexcept
        : inner_(std::move(inner)) {
        std::copy(salt.begin(), salt.end(), nonce_.begin());
    }
    ~rfc4543_context() override { base::wipe(nonce_); }

    int encrypt(const aead_message &m, base::mutable_bytes tag) noexcept override {
        return with_all(m, [&](const aead_message &inner) { return inner_->encrypt(inner, tag); });
    }
    int decrypt(const aead_message &m, base::bytes tag) noexcept override {
        const int code = with_all(m, [&](const aead_message &inner) { return inner_->decrypt(inner, tag); });
        if (code != 0)
            base::wipe(m.out, m.length);
        return code;
    }

  private:
    /// Copies the text, and calls `f` with a message of which all is associated data.
    template <class Function>
    int with_all(const aead_message &m, Function f) noexcept {
        if (!is_ipsec_assoc(m.assoc.size()))
            return EINVAL;
        if (m.length != 0 && m.in != m.out)
            std::memcpy(m.out, m.in, m.length);
        std::copy_n(m.iv, explicit_iv_size, nonce_.begin() + salt_size);
        aead_message inner{.iv = nonce_.data(), .assoc = m.assoc, .in = m.in, .out = m.out, .length = 0};
        base::secret_buffer copy;
        if (m.assoc.data() + m.assoc.size() == m.out) {
            inner.assoc = {m.assoc.data(), m.assoc.size() + m.length};
        } else if (m.length != 0) {
            result<base::secret_buffer> made = base::secret_buffer::make(m.assoc.size() + m.length);
            if (!made)
                return made.error().code;
            copy = std::move(*made);
            std::copy(m.assoc.begin(), m.assoc.end(), copy.data());
            std::memcpy(copy.data() + m.assoc.size(), m.out, m.length);
            inner.assoc = copy.span();
        }
        return f(inner);
    }

    const std::unique_ptr<aead_context> inner_;
    std::array<std::uint8_t, nonce_size> nonce_{};
};

} // namespace

bool fill_rfc4543(driver &instance) noexcept {
    return fill_salted<rfc4543_context>(instance, rfc4543_context::nonce_size, tag_sizes({16}));
}

} // namespace kcapi::local
