// SPDX-License-Identifier: BSD-3-Clause
//
// rfc4106(gcm(...)) and rfc4309(ccm(...)). The last 8 bytes of the associated data are there for the IV that
// a packet carries: they go to the output, are not authenticated, and are not where the IV is taken from.
#include "local/tmpl_aead.hpp"

#include "local/tmpl_salted.hpp"

namespace kcapi::local {

namespace {

/// `Nonce` says how salt and IV make the inner IV.
template <class Nonce>
class ipsec_context final : public aead_context {
  public:
    static constexpr std::size_t salt_size = Nonce::salt_size;

    ipsec_context(std::unique_ptr<aead_context> inner,
                  const std::array<std::uint8_t, max_salt_size> &salt) noexcept
        : inner_(std::move(inner)) {
        std::copy_n(salt.begin(), salt_size, nonce_.begin() + Nonce::salt_offset);
        if constexpr (Nonce::salt_offset != 0)
            nonce_[0] = Nonce::first;
    }
    ~ipsec_context() override { base::wipe(nonce_); }

    int encrypt(const aead_message &m, base::mutable_bytes tag) noexcept override {
        return is_ipsec_assoc(m.assoc.size()) ? inner_->encrypt(inner_message(m), tag) : EINVAL;
    }
    int decrypt(const aead_message &m, base::bytes tag) noexcept override {
        if (is_ipsec_assoc(m.assoc.size()))
            return inner_->decrypt(inner_message(m), tag);
        base::wipe(m.out, m.length);
        return EINVAL;
    }

  private:
    [[nodiscard]] aead_message inner_message(const aead_message &m) noexcept {
        std::copy_n(m.iv, explicit_iv_size, nonce_.begin() + Nonce::salt_offset + salt_size);
        aead_message inner = m;
        inner.iv = nonce_.data();
        inner.assoc = m.assoc.first(m.assoc.size() - explicit_iv_size);
        return inner;
    }

    const std::unique_ptr<aead_context> inner_;
    std::array<std::uint8_t, max_iv_size> nonce_{};
};

/// RFC 4106, section 4.
struct gcm_nonce {
    static constexpr std::uint32_t iv_size = 12;
    static constexpr std::size_t salt_size = 4;
    static constexpr std::size_t salt_offset = 0;
};

/// RFC 4309, section 4: the length field has 4 bytes.
struct ccm_nonce {
    static constexpr std::uint32_t iv_size = 16;
    static constexpr std::size_t salt_size = 3;
    static constexpr std::size_t salt_offset = 1;
    static constexpr std::uint8_t first = 3;
};

template <class Nonce>
bool fill(driver &instance) noexcept {
    return fill_salted<ipsec_context<Nonce>>(instance, Nonce::iv_size, tag_sizes({8, 12, 16}));
}

} // namespace

bool fill_rfc4106(driver &instance) noexcept { return fill<gcm_nonce>(instance); }
bool fill_rfc4309(driver &instance) noexcept { return fill<ccm_nonce>(instance); }

} // namespace kcapi::local
