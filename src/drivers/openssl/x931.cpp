// SPDX-License-Identifier: BSD-3-Clause
//
// With E the encryption under the seed's key, for each block of output: I = E(DT), R = E(I xor V) is the
// output, V becomes E(R xor I), and DT counts up. Bytes of a block that nobody asked for yet come first next
// time.
#include "drivers/openssl/x931.hpp"

#include "base/secret.hpp"
#include "drivers/openssl/modes.hpp"

#include <new>
#include <string_view>

namespace kcapi::openssl {

namespace {

constexpr std::size_t size = 16;

using block = std::array<std::uint8_t, size>;

block operator^(const block &a, const block &b) noexcept {
    block sum;
    for (std::size_t i = 0; i < size; ++i)
        sum[i] = static_cast<std::uint8_t>(a[i] ^ b[i]);
    return sum;
}

class x931 final : public local::rng_state {
  public:
    explicit x931(bool is_strict) noexcept : is_strict_(is_strict) {}
    ~x931() override {
        base::wipe(v_);
        base::wipe(time_);
        base::wipe(made_);
    }

    /// V, the key, and DT if there is room for it; what follows plays no part.
    int seed(base::bytes seed) noexcept override {
        if (seed.size() < 2 * size)
            return EINVAL;
        if (is_strict_ && base::ct_equal(seed.first(size), seed.subspan(size, size)))
            return EINVAL;
        std::unique_ptr<local::cipher_key> key;
        if (const int code = make_block(ordinary_suite(), seed.subspan(size, size), key); code != 0)
            return code;
        std::unique_ptr<local::cipher_context> cipher = key->open();
        if (cipher == nullptr)
            return ENOMEM;
        key_ = std::move(key);
        cipher_ = std::move(cipher);
        std::copy_n(seed.begin(), size, v_.begin());
        time_ = {};
        if (seed.size() >= 3 * size)
            std::copy_n(seed.begin() + 2 * size, size, time_.begin());
        used_ = size;
        return 0;
    }

    int generate(base::bytes, base::mutable_bytes out) noexcept override {
        if (cipher_ == nullptr)
            return EINVAL;
        for (std::uint8_t &b : out) {
            if (used_ == size)
                if (const int code = next(); code != 0)
                    return code;
            b = made_[used_++];
        }
        return 0;
    }

  private:
    int encrypt(block &b) noexcept {
        return cipher_->crypt(local::direction::encrypt, b.data(), b.data(), size);
    }

    int next() noexcept {
        block moment = time_;
        int code = encrypt(moment);
        made_ = moment ^ v_;
        if (code == 0)
            code = encrypt(made_);
        v_ = made_ ^ moment;
        if (code == 0)
            code = encrypt(v_);
        base::wipe(moment);
        if (code != 0)
            return code;
        used_ = 0;
        for (std::size_t i = size; i-- > 0;)
            if (++time_[i] != 0)
                break;
        return 0;
    }

    const bool is_strict_;                   ///< V and key must differ
    std::unique_ptr<local::cipher_key> key_; ///< null without a seed
    std::unique_ptr<local::cipher_context> cipher_;
    block v_{};
    block time_{};
    block made_{};
    std::size_t used_ = size;
};

} // namespace

bool x931_available(const local::driver &, bool fips) noexcept {
    return !fips && ordinary_suite().serves(mode::ecb);
}

int make_x931(const local::driver &self, std::unique_ptr<local::rng_state> &out) noexcept {
    out.reset(new (std::nothrow) x931(std::string_view(self.name) == "fips(ansi_cprng)"));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace kcapi::openssl
