// SPDX-License-Identifier: BSD-3-Clause
//
// Takes system calls away from this process with a real seccomp filter, as container runtimes do. For good:
// only in a child made for it.
#pragma once

namespace kcapi::test {

struct denial {
    int af_alg = 0;         ///< errno for socket(AF_ALG); 0: not denied
    int crypto_netlink = 0; ///< for socket(AF_NETLINK, ..., NETLINK_CRYPTO)
    int vmsplice = 0;
    int io_uring_setup = 0;
    int io_setup = 0; ///< Linux AIO
    int sendmsg = 0;
    int recvmsg = 0;
    int getrandom = 0;
};

/// Installs the filter and checks with the calls themselves that it works.
void deny(const denial &what);

} // namespace kcapi::test
