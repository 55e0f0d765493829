// SPDX-License-Identifier: BSD-3-Clause
//
// The explicit list of modules linked into this build, one line each.
#include "local/modules.hpp"
#include "local/universal_hashes.hpp"

extern "C" const kcapi::local::module *kcapi_driver_module_portable() noexcept;
#ifdef KCAPI_LINK_OPENSSL
extern "C" const kcapi::local::module *kcapi_driver_module_openssl() noexcept;
#endif
#ifdef KCAPI_LINK_GCRYPT
extern "C" const kcapi::local::module *kcapi_driver_module_gcrypt() noexcept;
#endif
#ifdef KCAPI_LINK_IPSECMB
extern "C" const kcapi::local::module *kcapi_driver_module_ipsecmb() noexcept;
#endif

namespace kcapi::local {

std::vector<const module *> linked_modules() {
    std::vector<const module *> modules{kcapi_driver_module_portable(), universal_hash_module()};
#ifdef KCAPI_LINK_OPENSSL
    if (const module *const m = kcapi_driver_module_openssl())
        modules.push_back(m);
#endif
#ifdef KCAPI_LINK_GCRYPT
    if (const module *const m = kcapi_driver_module_gcrypt())
        modules.push_back(m);
#endif
#ifdef KCAPI_LINK_IPSECMB
    if (const module *const m = kcapi_driver_module_ipsecmb())
        modules.push_back(m);
#endif
    return modules;
}

bool is_complete() noexcept {
#ifdef KCAPI_LINK_OPENSSL
    return true;
#else
    return false;
#endif
}

} // namespace kcapi::local
