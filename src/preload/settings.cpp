// SPDX-License-Identifier: BSD-3-Clause
#include "preload/settings.hpp"

#include <sys/auxv.h>

#include <cstdlib>
#include <string_view>

namespace kcapi::preload {

namespace {

service read_environment() noexcept {
    if (::getauxval(AT_SECURE) != 0)
        return service::pass;
    const char *const value = ::secure_getenv("KCAPI_ENGINE");
    const std::string_view engine = value == nullptr ? "" : value;
    if (engine == "kernel")
        return service::pass;
    return engine.empty() || engine == "local" || engine == "auto" ? service::local : service::refuse;
}

} // namespace

service wanted_service() noexcept {
    static const service wanted = read_environment();
    return wanted;
}

} // namespace kcapi::preload
