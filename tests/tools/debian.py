# SPDX-License-Identifier: BSD-3-Clause
"""What the tests share that run Debian's programs over our library: its packages, and a process without
AF_ALG."""

from __future__ import annotations

import argparse
import ctypes
import os
import pathlib
import platform
import struct
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parents[2]


def deny_af_alg() -> None:
    """Makes socket(AF_ALG) fail with EAFNOSUPPORT in this process and those it starts (seccomp(2))."""
    socket_call = {"x86_64": 41, "aarch64": 198}[platform.machine()]
    load, equal, give = 0x20, 0x15, 0x06
    allow, fail_with = 0x7FFF0000, 0x00050000
    lines = ((load, 0, 0, 0), (equal, 0, 3, socket_call), (load, 0, 0, 16), (equal, 0, 1, 38),
             (give, 0, 0, fail_with | 97), (give, 0, 0, allow))
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in lines))
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(lines), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    no_new_privileges, set_seccomp, filter_mode = 38, 22, 2
    if libc.prctl(no_new_privileges, 1, 0, 0, 0) != 0 or libc.prctl(set_seccomp, filter_mode, program) != 0:
        raise OSError(ctypes.get_errno(), "seccomp")


def start(command: list[str], data: bytes = b"", *, key: bytes | None = None,
          environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    """Runs a command without AF_ALG; `key` can be read from the descriptor that replaces KEYFD."""
    descriptors = ()
    if key is not None:
        read_end, write_end = os.pipe()
        os.write(write_end, key)
        os.close(write_end)
        descriptors = (read_end,)
        command = [str(read_end) if word == "KEYFD" else word for word in command]
    try:
        return subprocess.run(command, input=data, capture_output=True, timeout=120, check=False,
                              pass_fds=descriptors, preexec_fn=deny_af_alg, env=environment)
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lib", required=True, help="the directory of our libkcapi.so.1")
    parser.add_argument("--drivers", required=True, help="the directory of our driver modules")


def environment(options: argparse.Namespace, **settings: str) -> dict[str, str]:
    """Our library in the place of the one that a program was linked to."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("KCAPI_")}
    return {**inherited, "LD_LIBRARY_PATH": options.lib, "KCAPI_DRIVER_PATH": options.drivers, **settings}


def fetched() -> pathlib.Path:
    """The folder `usr` of Debian's packages of libkcapi, downloaded once."""
    fetch = root / "tests" / "kernel" / "fetch.py"
    done = subprocess.run([sys.executable, "-B", str(fetch), "debian-libkcapi"], stdout=subprocess.PIPE,
                          text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{pathlib.Path(sys.argv[0]).name}: Debian's packages are not to be had")
    return pathlib.Path(done.stdout.strip(), "usr")
