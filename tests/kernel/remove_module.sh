#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Removes a module from a guest's kernel, which may still be testing the module's algorithms in the background.
tries=0
until /sbin/modprobe -r "$1"; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || exit 1
    usleep 200000
done
