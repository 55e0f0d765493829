// SPDX-License-Identifier: BSD-3-Clause
//
// result<T>: a value, or the errno value that explains why there is none.
//
// The member names are those of std::expected, which the oldest supported compilers lack. A failure carries
// the number unchanged and a static string naming the place; making one never allocates. value() throws the
// one exception of the C++ API, kcapi::exception, for callers that prefer exceptions; nothing else here or in
// the library does.
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
class exception : public std::system_error {
  public:
    explicit exception(error e) : std::system_error(e.error_code(), e.where) {}
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

    T &value() & {
        require();
        return *value_;
    }
    const T &value() const & {
        require();
        return *value_;
    }
    T &&value() && {
        require();
        return std::move(*value_);
    }

    template <class U>
    [[nodiscard]] T value_or(U &&otherwise) const & {
        return has_value() ? *value_ : static_cast<T>(std::forward<U>(otherwise));
    }
    template <class U>
    [[nodiscard]] T value_or(U &&otherwise) && {
        return has_value() ? std::move(*value_) : static_cast<T>(std::forward<U>(otherwise));
    }

  private:
    void require() const {
        if (!has_value())
            throw exception(error_);
    }

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
            throw exception(error_);
    }

  private:
    kcapi::error error_;
};

} // namespace kcapi
