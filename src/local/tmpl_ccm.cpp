// SPDX-License-Identifier: BSD-3-Clause
//
// ccm over a bare cipher of 16-byte blocks (NIST SP 800-38C). The IV is the first counter block: L - 1, then
// a nonce of 15 - L bytes; what follows is not looked at.
#include "local/tmpl_aead.hpp"

#include "local/mac_block.hpp"

#include <climits>
#include <new>

namespace kcapi::local {

namespace {

constexpr std::size_t block_size = 16;

/// CBC-MAC, in parts that each end with a whole block.
class block_chain {
  public:
    explicit block_chain(cipher_context &cipher) noexcept : cipher_(cipher) {}

    /// Zeros fill the last block.
    [[nodiscard]] int add(base::bytes data) noexcept {
        while (!data.empty()) {
            const std::size_t n = std::min(block_size - used_, data.size());
            for (std::size_t i = 0; i < n; ++i)
                sum_[used_ + i] = static_cast<std::uint8_t>(sum_[used_ + i] ^ data[i]);
            data = data.subspan(n);
            used_ += n;
            if (used_ == block_size)
                if (const int code = end_part(); code != 0)
                    return code;
        }
        return 0;
    }
    [[nodiscard]] int end_part() noexcept {
        if (used_ == 0)
            return 0;
        used_ = 0;
        return cipher_.crypt(direction::encrypt, sum_.data(), sum_.data(), block_size);
    }
    [[nodiscard]] const mac_block &sum() const noexcept { return sum_; }

  private:
    cipher_context &cipher_;
    mac_block sum_;
    std::size_t used_ = 0;
};

class ccm_context final : public aead_context {
  public:
    explicit ccm_context(std::unique_ptr<cipher_context> cipher) noexcept : cipher_(std::move(cipher)) {}

    int encrypt(const aead_message &m, base::mutable_bytes tag) noexcept override {
        mac_block made;
        int code = check(m);
        if (code == 0)
            code = authenticate(m, m.in, tag.size(), made);
        if (code == 0)
            code = add_keystream(*cipher_, counter(m, 1), m.in, m.out, m.length);
        if (code == 0)
            std::copy_n(made.data(), tag.size(), tag.begin());
        return code;
    }

    int decrypt(const aead_message &m, base::bytes tag) noexcept override {
        mac_block made;
        int code = check(m);
        if (code == 0)
            code = add_keystream(*cipher_, counter(m, 1), m.in, m.out, m.length);
        if (code == 0)
            code = authenticate(m, m.out, tag.size(), made);
        if (code == 0 && !base::ct_equal({made.data(), tag.size()}, tag))
            code = EBADMSG;
        if (code != 0)
            base::wipe(m.out, m.length);
        return code;
    }

  private:
    /// L: how many bytes tell the length of the text.
    [[nodiscard]] static std::size_t length_bytes(const aead_message &m) noexcept {
        return std::size_t{m.iv[0]} + 1;
    }
    /// A text of 256^L bytes passes, with zero for its length.
    [[nodiscard]] static int check(const aead_message &m) noexcept {
        const std::size_t n = length_bytes(m);
        if (n < 2 || n > 8)
            return EINVAL;
        const bool too_long = n < sizeof m.length && m.length > std::size_t{1} << (8 * n);
        return too_long ? EOVERFLOW : 0;
    }

    [[nodiscard]] static mac_block counter(const aead_message &m, std::uint8_t number) noexcept {
        mac_block b;
        std::copy_n(m.iv, block_size - length_bytes(m), b.data());
        b[block_size - 1] = number;
        return b;
    }

    [[nodiscard]] int authenticate(const aead_message &m, const std::uint8_t *text, std::size_t tag_size,
                                   mac_block &tag) noexcept {
        mac_block first = counter(m, 0);
        first[0] = static_cast<std::uint8_t>((m.assoc.empty() ? 0U : 0x40U) | (tag_size - 2) / 2 << 3 |
                                             (length_bytes(m) - 1));
        std::size_t rest = m.length;
        for (std::size_t i = 0; i < length_bytes(m); ++i, rest >>= 8)
            first[block_size - 1 - i] = static_cast<std::uint8_t>(rest);
        block_chain chain(*cipher_);
        int code = chain.add(first.bytes);
        if (code == 0 && !m.assoc.empty())
            code = add_assoc(chain, m.assoc);
        if (code == 0)
            code = chain.add({text, m.length});
        if (code == 0)
            code = chain.end_part();
        tag = chain.sum();
        return code != 0 ? code : add_keystream(*cipher_, counter(m, 0), tag.data(), tag.data(), block_size);
    }

    /// With its length in front, in two bytes or, marked, in four.
    [[nodiscard]] static int add_assoc(block_chain &chain, base::bytes assoc) noexcept {
        if (assoc.size() > INT_MAX)
            return EMSGSIZE;
        const std::size_t n = assoc.size();
        const std::array<std::uint8_t, 6> field{0xff,
                                                0xfe,
                                                static_cast<std::uint8_t>(n >> 24),
                                                static_cast<std::uint8_t>(n >> 16),
                                                static_cast<std::uint8_t>(n >> 8),
                                                static_cast<std::uint8_t>(n)};
        int code = chain.add(n < 0xff00 ? base::bytes(field).last(2) : base::bytes(field));
        if (code == 0)
            code = chain.add(assoc);
        return code != 0 ? code : chain.end_part();
    }

    const std::unique_ptr<cipher_context> cipher_;
};

class ccm_key final : public aead_key {
  public:
    explicit ccm_key(std::unique_ptr<cipher_key> cipher) noexcept : cipher_(std::move(cipher)) {}

    std::unique_ptr<aead_context> open() const noexcept override {
        std::unique_ptr<cipher_context> cipher = cipher_->open();
        if (cipher == nullptr)
            return nullptr;
        return std::unique_ptr<aead_context>(new (std::nothrow) ccm_context(std::move(cipher)));
    }

  private:
    const std::unique_ptr<cipher_key> cipher_;
};

int make_ccm(const driver &self, base::bytes key, std::unique_ptr<aead_key> &out) noexcept {
    const driver &cipher = self.part(0);
    std::unique_ptr<cipher_key> inner;
    if (const int code = cipher.make_cipher(cipher, key, inner); code != 0)
        return code;
    out.reset(new (std::nothrow) ccm_key(std::move(inner)));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace

bool fill_ccm(driver &instance) noexcept {
    const limits &cipher = instance.part(0).sizes;
    instance.sizes = {.block_size = 1,
                      .chunk_size = 1,
                      .iv_size = block_size,
                      .min_key_size = cipher.min_key_size,
                      .max_key_size = cipher.max_key_size,
                      .tag_sizes = tag_sizes({4, 6, 8, 10, 12, 14, 16})};
    instance.make_aead = make_ccm;
    return cipher.block_size == block_size;
}

} // namespace kcapi::local
