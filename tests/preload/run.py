#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""run.py LIBRARY PROGRAM ARGUMENTS...: runs a program over the shim, and proves that it was: a program that found
the kernel's AF_ALG instead, or gave up on it in silence, fails here."""
import os
import re
import subprocess
import sys
import tempfile


def main():
    library, command = sys.argv[1], sys.argv[2:]
    with tempfile.TemporaryDirectory() as folder:
        trace = os.path.join(folder, "trace")
        environment = dict(os.environ, LD_PRELOAD=library, KCAPI_PRELOAD_TRACE=trace)
        status = subprocess.run(command, env=environment).returncode
        lines = open(trace).read().splitlines() if os.path.exists(trace) else []
    calls = {}
    for line in lines:
        found = re.match(r"kcapi-preload \d+ ([\w/ -]+)\(", line)
        if not found:
            sys.exit(f"run.py: a line of the trace is none: {line!r}")
        calls[found[1]] = calls.get(found[1], 0) + 1
    print("run.py: served " + ", ".join(f"{n} {name}" for name, n in sorted(calls.items())), file=sys.stderr)
    if not calls.get("socket AF_ALG"):
        sys.exit("run.py: the shim served no AF_ALG socket")
    sys.exit(status if status >= 0 else 128 - status)


main()
