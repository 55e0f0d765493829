// SPDX-License-Identifier: BSD-3-Clause
#include <kcapi.h>
#include <kcapi/result.hpp>

#include <cerrno>
#include <cstdio>

int main() {
    kcapi_handle *handle = nullptr;
    const int code = kcapi_cipher_init(&handle, "nosuch(aes)", 0);
    const kcapi::result<int> r =
        code < 0 ? kcapi::result<int>(kcapi::error{-code, "init"}) : kcapi::result<int>(0);
    std::printf("%d\n", r ? 0 : r.error().code);
    return r ? 1 : 0;
}
