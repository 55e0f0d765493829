// SPDX-License-Identifier: BSD-3-Clause
//
// ccm(aes): NIST SP 800-38C. The kernel's IV is the block of 16 bytes that CCM counts with: first L - 1, L
// being the size of the length field, then the nonce of 15 - L bytes, then L bytes that do not matter.
//
// libcrypto wants to know all lengths first and takes associated data and text in one piece each; L and the
// tag's size go into what it makes of the key, so that another one costs a key expansion.
#include "drivers/openssl/keyed.hpp"
#include "drivers/openssl/modes.hpp"
#include "drivers/openssl/stream.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <climits>

namespace kcapi::openssl {

namespace {

/// Length and nonce fields share the block with one byte of flags.
constexpr std::size_t field_bytes = block_size - 1;

class ccm_stream : public stream {
  public:
    /// Sets up for a message; a tag is given for decryption only.
    [[nodiscard]] int begin(base::bytes key, base::bytes nonce, std::size_t tag_size,
                            const std::uint8_t *tag) noexcept;
    /// All of a message, the tag of encryption aside. False if libcrypto refuses it: in decryption, the tag.
    [[nodiscard]] bool process(const local::aead_message &m) noexcept;
    [[nodiscard]] int make_tag(base::mutable_bytes tag) noexcept;

  private:
    [[nodiscard]] bool control(int what, std::size_t size, const std::uint8_t *value) noexcept {
        return EVP_CIPHER_CTX_ctrl(context(), what, static_cast<int>(size),
                                   const_cast<std::uint8_t *>(value)) == 1;
    }

    std::size_t nonce_size_ = 0;
    std::size_t tag_size_ = 0;
};

int ccm_stream::begin(base::bytes key, base::bytes nonce, std::size_t tag_size,
                      const std::uint8_t *tag) noexcept {
    const bool same = nonce_size_ == nonce.size() && tag_size_ == tag_size;
    if (!same) {
        nonce_size_ = 0;
        if (!control(EVP_CTRL_AEAD_SET_IVLEN, nonce.size(), nullptr))
            return EIO;
    }
    if ((!same || tag != nullptr) && !control(EVP_CTRL_AEAD_SET_TAG, tag_size, tag))
        return EIO;
    const std::uint8_t *const new_key = same ? nullptr : key.data();
    if (EVP_CipherInit_ex(context(), nullptr, nullptr, new_key, nonce.data(), -1) != 1)
        return EIO;
    nonce_size_ = nonce.size();
    tag_size_ = tag_size;
    return 0;
}

bool ccm_stream::process(const local::aead_message &m) noexcept {
    // libcrypto takes no text for a different call.
    std::uint8_t nothing = 0;
    const std::uint8_t *const in = m.length == 0 ? &nothing : m.in;
    std::uint8_t *const out = m.length == 0 ? &nothing : m.out;
    const auto length = static_cast<int>(m.length);
    int n = 0;
    ERR_set_mark();
    const bool good = EVP_CipherUpdate(context(), nullptr, &n, nullptr, length) == 1 &&
                      (m.assoc.empty() || EVP_CipherUpdate(context(), nullptr, &n, m.assoc.data(),
                                                           static_cast<int>(m.assoc.size())) == 1) &&
                      EVP_CipherUpdate(context(), out, &n, in, length) == 1;
    ERR_pop_to_mark();
    return good;
}

int ccm_stream::make_tag(base::mutable_bytes tag) noexcept {
    return control(EVP_CTRL_AEAD_GET_TAG, tag.size(), tag.data()) ? 0 : EIO;
}

/// EINVAL for an IV that is none, EOVERFLOW for a text that its length field cannot tell; else the nonce.
int check(const local::aead_message &m, base::bytes &nonce) noexcept {
    const std::size_t length_bytes = std::size_t{m.iv[0]} + 1;
    if (length_bytes < 2 || length_bytes > 8)
        return EINVAL;
    if (length_bytes < sizeof m.length && m.length >> (8 * length_bytes) != 0)
        return EOVERFLOW;
    if (m.length > INT_MAX || m.assoc.size() > INT_MAX)
        return EMSGSIZE;
    nonce = {m.iv + 1, field_bytes - length_bytes};
    return 0;
}

class ccm_context final : public local::aead_context {
  public:
    ccm_context(const suite &ciphers, base::secret_buffer key) noexcept
        : ciphers_(ciphers), key_(std::move(key)) {}

    int encrypt(const local::aead_message &m, base::mutable_bytes tag) noexcept override {
        ccm_stream &s = sides_[0];
        if (const int failure = prepare(s, local::direction::encrypt, m, tag.size(), nullptr); failure != 0)
            return failure;
        return s.process(m) ? s.make_tag(tag) : EIO;
    }

    int decrypt(const local::aead_message &m, base::bytes tag) noexcept override {
        ccm_stream &s = sides_[1];
        int failure = prepare(s, local::direction::decrypt, m, tag.size(), tag.data());
        if (failure == 0)
            failure = s.process(m) ? 0 : EBADMSG;
        if (failure != 0)
            base::wipe(m.out, m.length);
        return failure;
    }

  private:
    [[nodiscard]] int prepare(ccm_stream &s, local::direction d, const local::aead_message &m,
                              std::size_t tag_size, const std::uint8_t *tag) noexcept {
        base::bytes nonce;
        if (const int failure = check(m, nonce); failure != 0)
            return failure;
        if (!s.is_open()) {
            if (const int failure = s.open(ciphers_.ccm[*aes_index(key_.size())], key_.view(), d);
                failure != 0)
                return failure;
        }
        return s.begin(key_.view(), nonce, tag_size, tag);
    }

    const suite &ciphers_;
    const base::secret_buffer key_;
    std::array<ccm_stream, 2> sides_;
};

} // namespace

int make_ccm(const suite &ciphers, base::bytes key, std::unique_ptr<local::aead_key> &out) noexcept {
    return aes_index(key.size()) ? make_keyed<ccm_context>(ciphers, key, out) : EINVAL;
}

} // namespace kcapi::openssl
