#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""format_check.py [--fix]: whether clang-format 14 would change a source file; with --fix it does."""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = ("src", "include", "tests", "examples", "bench", "tools", "fuzz")
FORMATTER = "clang-format-14"


def sources():
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".cpp", ".hpp", ".c", ".h"}:
                yield path


def main():
    files = list(sources())
    if not files:
        sys.exit("format_check: no source files found")
    mode = ["-i"] if "--fix" in sys.argv[1:] else ["--dry-run", "--Werror"]
    done = subprocess.run([FORMATTER, *mode, *files], capture_output=True, text=True)
    if done.returncode != 0:
        print(done.stderr[:4000], file=sys.stderr)
        sys.exit("format_check: run ./dev format")
    print(f"format: {len(files)} files")


if __name__ == "__main__":
    main()
