// SPDX-License-Identifier: BSD-3-Clause
//
// How a function gets into libkcapi.so.1, and under which version.
//
// A function of kcapi.h or kcapi_ext.h is defined with KCAPI_EXPORT; libkcapi.map gives it its version node.
// Where symbols.txt names an old node, KCAPI_NARROW defines the older form of the function as well: the one
// with 32-bit lengths, which programs linked before 1.3.1 still call.
//
// - Old forms live in translation units of their own (narrow_<family>.cpp), not in an anonymous namespace.
//   With the old and the new form in one unit, GCC with -flto and GNU ld lose the new one.
// - Those units belong to the shared library only: no old binary ever meets a static one, and versions keep a
//   static library from being linked into somebody's shared library. Where they are compiled nevertheless,
//   KCAPI_STATIC_LIBRARY makes the old forms unused local functions.
#pragma once

#include <cstdint>
#include <limits>
#include <sys/types.h>

/// Before the definition of a function that the library exports; everything else is built hidden.
#define KCAPI_EXPORT [[gnu::visibility("default")]]

/// KCAPI_NARROW(result, function, "NODE", parameters...) begins the definition of function@NODE:
///
///     KCAPI_NARROW(int32_t, kcapi_cipher_stream_op, "LIBKCAPI_0.12.0", kcapi_handle *handle, iovec *iov,
///                  uint32_t iov_len) {
///         return kcapi::capi::narrow_result(kcapi_cipher_stream_op(handle, iov, iov_len));
///     }
///
/// The attribute is spelled the old way because GCC 12 ignores the one in double brackets. Clang has none and
/// takes the assembler's directive, which does not survive GCC's -flto.
#if defined(KCAPI_STATIC_LIBRARY)
#define KCAPI_NARROW(result, function, node, ...)                                                            \
    [[maybe_unused]] static result function##_narrow(__VA_ARGS__)
#elif defined(__clang__)
#define KCAPI_NARROW(result, function, node, ...)                                                            \
    asm(".symver " #function "_narrow, " #function "@" node);                                                \
    extern "C" [[gnu::visibility("default"), gnu::used]] result function##_narrow(__VA_ARGS__);              \
    result function##_narrow(__VA_ARGS__)
#else
#define KCAPI_NARROW(result, function, node, ...)                                                            \
    extern "C" __attribute__((visibility("default"), symver(#function "@" node)))                            \
    result function##_narrow(__VA_ARGS__);                                                                   \
    result function##_narrow(__VA_ARGS__)
#endif

namespace kcapi::capi {

/// A new form's result for an old one: errors fit; a count that does not fit becomes the largest that does.
[[nodiscard]] constexpr std::int32_t narrow_result(ssize_t result) noexcept {
    constexpr ssize_t largest = std::numeric_limits<std::int32_t>::max();
    return static_cast<std::int32_t>(result < largest ? result : largest);
}

} // namespace kcapi::capi
