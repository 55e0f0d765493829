// SPDX-License-Identifier: BSD-3-Clause
//
// A toy aead for tests of what is around one: ciphertext = plaintext ^ key[0] ^ IV[0], tag = sums over IV,
// associated data and ciphertext. Keys of 1 or 2 bytes, tags of 4, 8 or 16.
#pragma once

#include "base/secret.hpp"
#include "local/driver.hpp"

#include <new>
#include <vector>

namespace kcapi::test {

inline constexpr std::size_t toy_aead_iv = 12;
inline constexpr std::uint32_t toy_longest_tag = 16;

inline void toy_make_tag(std::uint8_t key, const std::uint8_t *iv, base::bytes assoc, base::bytes cipher,
                         base::mutable_bytes tag) noexcept {
    std::uint64_t sum = 0xcbf29ce484222325U;
    const auto mix = [&sum](std::uint8_t b) { sum = (sum ^ b) * 0x100000001b3U; };
    mix(key);
    for (const base::bytes part : {base::bytes(iv, toy_aead_iv), assoc, cipher}) {
        mix(static_cast<std::uint8_t>(part.size()));
        for (const std::uint8_t b : part)
            mix(b);
    }
    for (std::uint8_t &t : tag) {
        mix(0);
        t = static_cast<std::uint8_t>(sum >> 56);
    }
}

/// What encryption of `message` (associated data first) gives, computed apart from the driver.
inline std::vector<std::uint8_t> toy_sealed(std::uint8_t key, const std::vector<std::uint8_t> &iv,
                                            std::vector<std::uint8_t> message, std::size_t assoc,
                                            std::size_t tag) {
    for (std::size_t i = assoc; i < message.size(); ++i)
        message[i] = static_cast<std::uint8_t>(message[i] ^ key ^ iv[0]);
    std::vector<std::uint8_t> t(tag);
    const base::bytes all(message);
    toy_make_tag(key, iv.data(), all.first(assoc), all.subspan(assoc), t);
    message.insert(message.end(), t.begin(), t.end());
    return message;
}

class toy_aead_context final : public local::aead_context {
  public:
    explicit toy_aead_context(std::uint8_t key) noexcept : key_(key) {}

    int encrypt(const local::aead_message &m, base::mutable_bytes tag) noexcept override {
        crypt(m);
        toy_make_tag(key_, m.iv, m.assoc, {m.out, m.length}, tag);
        return 0;
    }
    int decrypt(const local::aead_message &m, base::bytes tag) noexcept override {
        std::array<std::uint8_t, toy_longest_tag> made;
        const base::mutable_bytes right(made.data(), tag.size());
        toy_make_tag(key_, m.iv, m.assoc, {m.in, m.length}, right);
        if (!base::ct_equal(right, tag)) {
            base::wipe(m.out, m.length);
            return EBADMSG;
        }
        crypt(m);
        return 0;
    }

  private:
    void crypt(const local::aead_message &m) const noexcept {
        for (std::size_t i = 0; i < m.length; ++i)
            m.out[i] = static_cast<std::uint8_t>(m.in[i] ^ key_ ^ m.iv[0]);
    }

    const std::uint8_t key_;
};

class toy_aead_key final : public local::aead_key {
  public:
    explicit toy_aead_key(std::uint8_t key) noexcept : key_(key) {}
    std::unique_ptr<local::aead_context> open() const noexcept override {
        return std::unique_ptr<local::aead_context>(new (std::nothrow) toy_aead_context(key_));
    }

  private:
    const std::uint8_t key_;
};

inline local::driver toy_aead_driver() {
    local::driver d;
    d.type = local::driver_kind::aead;
    d.name = "toy-aead";
    d.driver_name = "toy-aead-1";
    d.provider = "toy";
    d.sizes = {.block_size = 1,
               .chunk_size = 1,
               .iv_size = toy_aead_iv,
               .min_key_size = 1,
               .max_key_size = 2,
               .tag_sizes = local::tag_sizes({4, 8, toy_longest_tag})};
    d.make_aead = [](const local::driver &, base::bytes key, std::unique_ptr<local::aead_key> &out) noexcept {
        if (key.empty() || key.size() > 2)
            return EINVAL;
        out.reset(new (std::nothrow) toy_aead_key(key[0]));
        return out == nullptr ? ENOMEM : 0;
    };
    return d;
}

} // namespace kcapi::test
