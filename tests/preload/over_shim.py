#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""over_shim.py --run KCAPI_RUN --shim LIBRARY [--at-least N] -- COMMAND: COMMAND under kcapi-run, where the kernel has no
AF_ALG to give. Fails as the command does, and if the shim served fewer than N calls. Counting them takes a trace, which
takes longer than the calls."""

from __future__ import annotations

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools"))
import debian  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", required=True)
    parser.add_argument("--shim", required=True)
    parser.add_argument("--at-least", type=int, default=0)
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    settings = {name: value for name, value in os.environ.items() if name not in ("KCAPI_ENGINE", "KCAPI_DRIVER")}
    with tempfile.TemporaryDirectory() as scratch:
        trace = pathlib.Path(scratch, "trace")
        tracing = [f"--trace={trace}"] if options.at_least else []
        done = subprocess.run([options.run, "--library", options.shim, *tracing, *options.command], check=False,
                              env=settings, preexec_fn=debian.deny_af_alg)
        served = 0
        if tracing:
            with open(trace, encoding="utf-8") as lines:
                served = sum(1 for _ in lines)
            print(f"over the shim: {served} calls served, status {done.returncode}")
    return done.returncode or int(served < options.at_least)


if __name__ == "__main__":
    sys.exit(main())
