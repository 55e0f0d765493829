// SPDX-License-Identifier: BSD-3-Clause
//
// The self-test vectors: those records of tests/kat/vectors that are marked for it, compiled in by
// cmake/selftest_vectors.py.
#pragma once

#include "base/bytes.hpp"

#include <cstddef>

namespace kcapi::local {

/// Long enough for those that reach the paths a driver has for longer messages.
inline constexpr std::size_t longest_vector = 1024;

struct selftest_vector {
    const char *algorithm; ///< the kernel's name, "cbc(aes)"; a bare block cipher by its own, "aes"
    base::bytes key;
    base::bytes iv;         ///< empty where the algorithm has none
    base::bytes plaintext;  ///< hash: the message
    base::bytes ciphertext; ///< hash: the digest
    base::bytes assoc;      ///< aead
    base::bytes tag;        ///< aead
};

/// All of them. They are put together one by one from tables without a pointer: pointers would be relocated
/// in every process that loads the library, which with so many costs more than all the rest of loading it.
class selftest_vectors {
  public:
    class iterator {
      public:
        explicit iterator(std::size_t index) noexcept : index_(index) {}
        [[nodiscard]] selftest_vector operator*() const noexcept { return at(index_); }
        iterator &operator++() noexcept {
            ++index_;
            return *this;
        }
        [[nodiscard]] bool operator==(const iterator &) const noexcept = default;

      private:
        std::size_t index_;
    };

    [[nodiscard]] iterator begin() const noexcept { return iterator(0); }
    [[nodiscard]] iterator end() const noexcept { return iterator(count()); }

  private:
    [[nodiscard]] static std::size_t count() noexcept;
    [[nodiscard]] static selftest_vector at(std::size_t index) noexcept;
};

} // namespace kcapi::local
