# SPDX-License-Identifier: BSD-3-Clause
# CPython's own tests of AF_ALG sockets.
/usr/bin/python3.11 -B -P "$PROGRAMS/usr/lib/python3.11/test/test_socket.py" -v LinuxKernelCryptoAPI 2>&1 |
    sed 's/ in [0-9.]*s$//'
