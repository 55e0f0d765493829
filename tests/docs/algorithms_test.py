#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""algorithms_test.py ROOT PROGRAM [--write]: docs/algorithms.md is what PROGRAM (examples/list_algorithms) prints.

With --write the file is made so."""

from __future__ import annotations

import difflib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile


def printed(program: str, lists: list[pathlib.Path]) -> str:
    """Without intel-ipsec-mb, whose priorities depend on the processor."""
    with tempfile.TemporaryDirectory() as modules:
        for module in pathlib.Path(os.environ["KCAPI_DRIVER_PATH"]).glob("*.so"):
            if module.stem != "ipsecmb":
                shutil.copy2(module, modules)
        return subprocess.run([program, *lists], check=True, capture_output=True, text=True, timeout=300,
                              env=os.environ | {"KCAPI_DRIVER_PATH": modules}).stdout


def differences(document: str, wanted: str) -> list[str]:
    return list(difflib.unified_diff(document.splitlines(), wanted.splitlines(), "docs/algorithms.md",
                                     "list_algorithms", lineterm="", n=0))


def main(root: pathlib.Path, program: str, write: bool) -> int:
    document = root / "docs/algorithms.md"
    lists = sorted((root / "tests/names").glob("*.names"))
    wanted = printed(program, lists)
    if write:
        document.write_text(wanted, encoding="ascii")
        return 0
    if len(lists) < 3 or wanted.count("\n| ") < 300:
        print(f"{len(lists)} lists, {wanted.count(chr(10))} lines: too few", file=sys.stderr)
        return 1
    if not differences(wanted.replace("| cbc(aes) |", "| cbc(aes) | 1 |", 1), wanted):
        print("a row that differs is not seen", file=sys.stderr)
        return 1
    states = subprocess.run([program, "--states"], check=True, capture_output=True, text=True, timeout=300).stdout
    if "| not run yet |" not in states or "| failed |" in states:
        print("the states of a fresh process are not as they should be", file=sys.stderr)
        return 1
    found = differences(document.read_text(encoding="ascii"), wanted)
    if found:
        print(*found, sep="\n", file=sys.stderr)
        print(f"docs/algorithms.md is out of date: {sys.argv[0]} {sys.argv[1]} {program} --write", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve(), sys.argv[2], sys.argv[3:] == ["--write"]))
