// SPDX-License-Identifier: BSD-3-Clause
//
// result<T>: a value, or the errno value that explains why there is none.
//
// The member names are those of std::expected, which the oldest supported compilers lack. A failure carries
// the number unchanged and a static string naming the place; making one never allocates. value() throws the
// one exception of the C++ API, system_error, for callers that prefer exceptions; the library itself never
// does.
#pragma once

#include <cassert>
#include <optional>
#include <system_error>
#include <utility>

namespace kcapi {

/// An errno value (positive) and where it arose. `where` points to a string literal.
struct error {
    int code = 0;
    const char *where = "";

    [[nodiscard]] std::error_code error_code() const noexcept { return {code, std::generic_category()}; }
    friend bool operator==(const error &a, const error &b) noexcept { return a.code == b.code; }
};

/// Thrown by result<T>::value(). code().value() is the errno value.
class system_error : public std::system_error {
  public:
    explicit system_error(error e) : std::system_error(e.error_code(), e.where) {}
};

template <class T>
class [[nodiscard]] result {
  public:
    result(T value) noexcept(std::is_nothrow_move_constructible_v<T>) : value_(std::move(value)) {}
    result(kcapi::error e) noexcept : error_(e) { assert(e.code > 0); }

    [[nodiscard]] bool has_value() const noexcept { return value_.has_value(); }
    explicit operator bool() const noexcept { return has_value(); }

    T &operator*() &noexcept { return *value_; }
    const T &operator*() const &noexcept { return *value_; }
    T &&operator*() &&noexcept { return std::move(*value_); }
    T *operator->() noexcept { return &*value_; }
    const T *operator->() const noexcept { return &*value_; }

    [[nodiscard]] const kcapi::error &error() const noexcept { return error_; }

    T &value() & { return has_value() ? *value_ : throw system_error(error_); }
    T &&value() && {
        if (!has_value())
            throw system_error(error_);
        return std::move(*value_);
    }

  private:
    std::optional<T> value_;
    kcapi::error error_;
};

template <>
class [[nodiscard]] result<void> {
  public:
    result() noexcept = default;
    result(kcapi::error e) noexcept : error_(e) { assert(e.code > 0); }

    [[nodiscard]] bool has_value() const noexcept { return error_.code == 0; }
    explicit operator bool() const noexcept { return has_value(); }
    [[nodiscard]] const kcapi::error &error() const noexcept { return error_; }
    void value() const {
        if (!has_value())
            throw system_error(error_);
    }

  private:
    kcapi::error error_;
};

} // namespace kcapi
