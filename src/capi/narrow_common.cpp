// SPDX-License-Identifier: BSD-3-Clause
//
// The older forms of the utilities, with 32-bit lengths.
#include "capi/versions.hpp"

#include <kcapi.h>

KCAPI_NARROW(void, kcapi_memset_secure, "LIBKCAPI_0.12.0", void *s, int c, uint32_t n) {
    kcapi_memset_secure(s, c, n);
}
