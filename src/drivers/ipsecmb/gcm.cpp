// SPDX-License-Identifier: BSD-3-Clause
//
// gcm(aes): NIST SP 800-38D with IVs of 12 bytes.
#include "drivers/ipsecmb/keys.hpp"
#include "drivers/ipsecmb/managers.hpp"
#include "drivers/ipsecmb/modes.hpp"

#include <array>

namespace kcapi::ipsecmb {

namespace {

/// NIST SP 800-38D, section 5.2.1.1: 2^32 - 2 blocks.
constexpr std::uint64_t longest_message = ((std::uint64_t{1} << 32) - 2) * 16;

struct service {
    aes_gcm_pre_t expand;
    aes_gcm_enc_dec_t encrypt;
    aes_gcm_enc_dec_t decrypt;
};

service service_for(const IMB_MGR &m, std::size_t index) noexcept {
    switch (index) {
    case 0:
        return {m.gcm128_pre, m.gcm128_enc, m.gcm128_dec};
    case 1:
        return {m.gcm192_pre, m.gcm192_enc, m.gcm192_dec};
    default:
        return {m.gcm256_pre, m.gcm256_enc, m.gcm256_dec};
    }
}

class gcm_context final : public local::aead_context {
  public:
    gcm_context(const service &s, const gcm_key_data &key) noexcept : service_(s), key_(key) {}
    ~gcm_context() override { base::wipe(&state_, sizeof state_); }

    int encrypt(const local::aead_message &m, base::mutable_bytes tag) noexcept override {
        if (m.length > longest_message)
            return EINVAL;
        service_.encrypt(&key_, &state_, m.out, m.in, m.length, m.iv, m.assoc.data(), m.assoc.size(),
                         tag.data(), tag.size());
        return 0;
    }
    int decrypt(const local::aead_message &m, base::bytes tag) noexcept override {
        if (m.length > longest_message)
            return EINVAL;
        // In place the tag stays where it is: it comes behind the text.
        std::array<std::uint8_t, 16> computed;
        service_.decrypt(&key_, &state_, m.out, m.in, m.length, m.iv, m.assoc.data(), m.assoc.size(),
                         computed.data(), tag.size());
        const bool right = base::ct_equal({computed.data(), tag.size()}, tag);
        base::wipe(computed);
        if (!right)
            base::wipe(m.out, m.length);
        return right ? 0 : EBADMSG;
    }

  private:
    const service &service_;
    const gcm_key_data &key_;
    gcm_context_data state_{};
};

class gcm_key final : public local::aead_key {
  public:
    gcm_key(const service &s, base::bytes key) noexcept : service_(s) { s.expand(key.data(), &key_.value); }

    std::unique_ptr<local::aead_context> open() const noexcept override {
        return std::unique_ptr<local::aead_context>(new (std::nothrow) gcm_context(service_, key_.value));
    }

  private:
    const service service_;
    secret_object<gcm_key_data> key_;
};

} // namespace

int make_gcm(const local::driver &, base::bytes key, std::unique_ptr<local::aead_key> &out) noexcept {
    const std::size_t index = aes_index(key.size());
    if (index > 2)
        return EINVAL;
    const IMB_MGR *const m = functions();
    out.reset(m == nullptr ? nullptr : new (std::nothrow) gcm_key(service_for(*m, index), key));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace kcapi::ipsecmb
