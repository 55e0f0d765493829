// SPDX-License-Identifier: BSD-3-Clause
//
// Drivers of a module as tests use them: found by name, keyed, one pass per call.
#pragma once

#include "local/driver.hpp"
#include "support/aes_reference.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

namespace kcapi::test {

[[nodiscard]] inline const local::driver &find_driver(const local::module &m, std::string_view name) {
    for (const local::driver &d : m.drivers)
        if (name == d.name)
            return d;
    throw std::runtime_error("no driver for " + std::string(name));
}

/// A keyed context and what it carries.
class keyed_driver {
  public:
    template <class Factory>
    keyed_driver(const Factory &make, base::bytes key) {
        if (const int code = make(key, key_); code != 0)
            throw std::runtime_error("the key is refused: " + std::to_string(code));
        context_ = key_->open();
        if (context_ == nullptr)
            throw std::runtime_error("no context");
    }
    keyed_driver(const local::driver &d, base::bytes key)
        : keyed_driver([&](base::bytes k,
                           std::unique_ptr<local::skcipher_key> &out) { return d.make_skcipher(d, k, out); },
                       key) {}

    void set_iv(base::bytes iv) { chain_.set(iv); }
    [[nodiscard]] const local::chain &carried() const { return chain_; }

    /// One pass from what is carried; in place if `in` is `out`.
    [[nodiscard]] int pass(local::direction d, const std::uint8_t *in, std::uint8_t *out,
                           std::size_t length) {
        return context_->crypt(d, chain_, in, out, length);
    }
    /// One pass that must succeed.
    [[nodiscard]] byte_vector pass(local::direction d, base::bytes in) {
        byte_vector out(in.size());
        if (const int code = pass(d, in.data(), out.data(), in.size()); code != 0)
            throw std::runtime_error("the pass fails: " + std::to_string(code));
        return out;
    }
    [[nodiscard]] byte_vector message(local::direction d, base::bytes iv, base::bytes in) {
        set_iv(iv);
        return pass(d, in);
    }

    [[nodiscard]] const local::skcipher_key &key() const { return *key_; }

  private:
    std::unique_ptr<local::skcipher_key> key_;
    std::unique_ptr<local::skcipher_context> context_;
    local::chain chain_;
};

} // namespace kcapi::test
