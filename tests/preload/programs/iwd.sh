# SPDX-License-Identifier: BSD-3-Clause
# The wireless daemon lists at its start what it misses of the kernel's algorithms. Key agreement is not AF_ALG's, and
# there is no D-Bus for more.
DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nonexistent "$PROGRAMS/usr/libexec/iwd" 2>&1 | grep -v -e Diffie-Hellman -e KEY_DH -e 'options are missing' |
    sed -n '1,/D-Bus/p'
