// SPDX-License-Identifier: BSD-3-Clause
#include "preload/key_serial.hpp"

#include "preload/memory.hpp"
#include "preload/next.hpp"

#include "base/secret.hpp"

#include <linux/keyctl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstring>
#include <string_view>

namespace kcapi::preload {

namespace {

long keyctl(long command, long serial, void *to, std::size_t size) noexcept {
    return next::raw(SYS_keyctl, command, serial, reinterpret_cast<long>(to), static_cast<long>(size));
}

/// Whether the key is of a type whose content can be read. A negative errno if it cannot be asked.
long is_user_key(long serial) noexcept {
    char text[256];
    const long n = keyctl(KEYCTL_DESCRIBE, serial, text, sizeof text);
    if (n < 0)
        return n;
    constexpr std::string_view user = "user;";
    return static_cast<std::size_t>(n) >= user.size() && std::memcmp(text, user.data(), user.size()) == 0;
}

} // namespace

long set_key_of_keyring(alg::transform &t, const void *value, socklen_t size) {
    std::int32_t serial = 0;
    if (size != sizeof serial)
        return -EINVAL;
    if (readable(value, size) != size)
        return -EFAULT;
    std::memcpy(&serial, value, sizeof serial);
    if (serial == 0)
        return -EINVAL;
    const long readable_type = is_user_key(serial);
    if (readable_type < 0)
        return readable_type;
    if (readable_type == 0)
        return -ENOPROTOOPT;
    const long length = keyctl(KEYCTL_READ, serial, nullptr, 0);
    if (length < 0)
        return length;
    result<base::secret_buffer> key = base::secret_buffer::make(static_cast<std::size_t>(length));
    if (!key)
        return -ENOMEM;
    if (const long n = keyctl(KEYCTL_READ, serial, key->data(), key->size()); n != length)
        return n < 0 ? n : -EAGAIN;
    const result<std::uint32_t> r = t.set(alg::parameter::key, key->view());
    return r ? 0 : -static_cast<long>(r.error().code);
}

} // namespace kcapi::preload
