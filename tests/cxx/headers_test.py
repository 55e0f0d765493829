#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""headers_test.py INCLUDE_DIR CXX...: each public C++ header compiles alone, without a warning, by every compiler.

The warnings are those of a strict user. Nothing of this tree but the include directory is in reach.
"""

from __future__ import annotations

import concurrent.futures
import os
import pathlib
import subprocess
import sys

flags = ["-std=c++20", "-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Wsign-conversion", "-Wshadow",
         "-Wold-style-cast", "-Wnon-virtual-dtor", "-Werror", "-fsyntax-only", "-x", "c++", "-"]


def complaint(compiler: str, include: str, text: str) -> str:
    done = subprocess.run([compiler, f"-I{include}", *flags], input=text, capture_output=True, text=True,
                          timeout=120, check=False)
    return done.stderr if done.returncode else ""


def main(include: str, compilers: list[str]) -> int:
    headers = sorted(pathlib.Path(include, "kcapi").glob("*.hpp"))
    # Twice: a header that is not guarded shows.
    texts = {h.name: f"#include <kcapi/{h.name}>\n#include <kcapi/{h.name}>\n" for h in headers}
    jobs = [(c, name, text) for c in compilers for name, text in texts.items()]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(lambda job: (job, complaint(job[0], include, job[2])), jobs))
    faults = [f"{job[0]} {job[1]}:\n{text}" for job, text in found if text]
    planted = "#include <kcapi/result.hpp>\ninline kcapi::result<int> f() { return {}; }\nint g() { f(); return 1L << 40; }\n"
    faults += [f"{c} lets a planted fault pass" for c in compilers if not complaint(c, include, planted)]
    umbrella = texts["kcapi.hpp"] and pathlib.Path(include, "kcapi/kcapi.hpp").read_text(encoding="ascii")
    faults += [f"kcapi.hpp leaves out {h.name}" for h in headers
               if h.name not in ("kcapi.hpp", "bytes.hpp") and f"<kcapi/{h.name}>" not in umbrella]
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(headers)} headers, {len(compilers)} compilers, {len(faults)} faults")
    return 1 if faults or len(headers) < 10 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
