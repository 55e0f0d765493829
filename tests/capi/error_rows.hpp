// SPDX-License-Identifier: BSD-3-Clause
//
// A table of wrong calls and their numbers. Of each it is checked that it returns the number, leaves errno as
// it was, has a text for kcapi_ext_last_error, writes nothing (or wipes, where that is promised), and leaves
// nothing in the queue of errors that the program shares with the library's libcrypto.
#pragma once

#include "capi/support.hpp"

#include <climits>
#include <functional>

namespace kcapi::test {

enum class afterwards { untouched, wiped };

/// The buffer that the calls of a table write to.
octets &row_output();

struct error_row {
    const char *function;
    const char *what;
    ssize_t number;
    std::function<ssize_t()> call;
    afterwards output = afterwards::untouched;
};

/// A function with its name, for rows that several functions have alike.
template <class F>
struct named {
    const char *name;
    F *function;
};
template <class F>
named(const char *, F *) -> named<F>;

void expect_rows(const std::vector<error_row> &rows);

/// Handles with a key of the families that every engine has.
class error_table : public testing::Test {
  protected:
    static constexpr std::size_t too_long = static_cast<std::size_t>(INT_MAX) + 1;
    static constexpr std::uint32_t assoc = 20;
    static constexpr std::uint32_t tag = 12;

    error_table();
    ~error_table() override;
    [[nodiscard]] static std::uint8_t *out() { return row_output().data(); }
    /// All of them still give right results.
    void expect_usable();

    kcapi_handle *cipher_ = nullptr;
    kcapi_handle *aead_ = nullptr; ///< associated data and tag as above
    kcapi_handle *md_ = nullptr;   ///< hmac
    octets in_ = pattern(100);
    octets iv_ = pattern(16, 3);
    iovec good_{in_.data(), 64};
};

} // namespace kcapi::test
