// SPDX-License-Identifier: BSD-3-Clause
//
// An aead driver as tests use it: keyed, one message per call.
#pragma once

#include "local/driver.hpp"

#include <stdexcept>
#include <string>
#include <vector>

namespace kcapi::test {

class keyed_aead {
  public:
    using octets = std::vector<std::uint8_t>;

    struct sealed {
        octets ciphertext;
        octets tag;
        int code = 0;
    };
    struct opened {
        octets plaintext;
        int code = 0;
    };

    keyed_aead(const local::driver &d, base::bytes key) {
        if (const int code = d.make_aead(d, key, key_); code != 0)
            throw std::runtime_error("the key is refused: " + std::to_string(code));
        context_ = key_->open();
        if (context_ == nullptr)
            throw std::runtime_error("no context");
    }

    [[nodiscard]] sealed encrypt(base::bytes iv, octets assoc, base::bytes plain, std::size_t tag_size) {
        sealed s{octets(plain.size(), 0xee), octets(tag_size, 0xee)};
        s.code =
            context_->encrypt({iv.data(), assoc, plain.data(), s.ciphertext.data(), plain.size()}, s.tag);
        return s;
    }
    [[nodiscard]] opened decrypt(base::bytes iv, octets assoc, base::bytes cipher, base::bytes tag) {
        opened o{octets(cipher.size(), 0xee)};
        o.code = context_->decrypt({iv.data(), assoc, cipher.data(), o.plaintext.data(), cipher.size()}, tag);
        return o;
    }

    [[nodiscard]] local::aead_context &context() { return *context_; }

  private:
    std::unique_ptr<local::aead_key> key_;
    std::unique_ptr<local::aead_context> context_;
};

} // namespace kcapi::test
