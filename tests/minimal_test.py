#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""minimal_test.py BUILD: the library built without any driver library still loads, and says what it cannot do."""
import ctypes
import errno
import pathlib
import sys

library = next(pathlib.Path(sys.argv[1]).rglob("libkcapi.so.1"))
lib = ctypes.CDLL(str(library))
lib.kcapi_ext_last_error.restype = ctypes.c_char_p
handle = ctypes.c_void_p()
LOCAL = 2

if lib.kcapi_version() != 1050100:
    sys.exit(f"minimal: version {lib.kcapi_version()}")
code = lib.kcapi_ext_init(ctypes.byref(handle), b"skcipher", b"cbc(aes)", 0, LOCAL)
if code != -errno.ENOENT or handle.value is not None:
    sys.exit(f"minimal: init on the local engine gave {code}")
if b"ENOENT" not in lib.kcapi_ext_last_error():
    sys.exit(f"minimal: error text {lib.kcapi_ext_last_error()}")
print("minimal: 3 checks passed")
