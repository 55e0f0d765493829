#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""compatibility_test.py ROOT: the table of defects is whole, and every test that it names is in the sources."""

from __future__ import annotations

import pathlib
import re
import sys

test_begin = re.compile(r"^(?:TEST|TEST_F|TEST_P|TYPED_TEST)\((\w+),\s*(\w+)\)", re.M)
python_class = re.compile(r"^class (\w+)\(", re.M)
of_the_test_programs = {41}  # not part of this library


def faults_of(document: str, known: set[str]) -> list[str]:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in document.splitlines()
            if re.match(r"\| \d+ \|", line)]
    faults = []
    if [row[0] for row in rows] != [str(number) for number in range(1, 45)]:
        faults.append("the rows are not 1 to 44")
    for row in rows:
        named = re.findall(r"`([^`]+)`", row[-1])
        if len(row) != 5 or not all(row):
            faults.append(f"{row[0]}: a cell is missing")
        if not named and int(row[0]) not in of_the_test_programs:
            faults.append(f"{row[0]}: names no test")
        faults += [f"{row[0]}: there is no test {name}" for name in named if name not in known]
    return faults


def python_tests(root: pathlib.Path) -> set[str]:
    """class.method of the tests of the tools."""
    found = set()
    for path in (root / "tests/tools").glob("*_test.py"):
        parts = python_class.split(path.read_text(encoding="ascii"))
        for name, body in zip(parts[1::2], parts[2::2]):
            found |= {f"{name}.{method}" for method in re.findall(r"^    def (test_\w+)\(", body, re.M)}
    return found


def main(root: pathlib.Path) -> int:
    document = (root / "docs/compatibility.md").read_text(encoding="ascii")
    known = {f"{suite}.{name}" for path in (root / "tests").rglob("*.cpp")
             for suite, name in test_begin.findall(path.read_text(encoding="utf-8"))}
    known |= python_tests(root)
    faults = faults_of(document, known)
    of_43 = "`oneshot.the_callers_iv_is_not_looked_at_after_the_call`"
    for planted, fault in ((document.replace(of_43, "`stream.nothing`"), "43: there is no test"),
                           (document.replace(of_43, "-"), "43: names no test"),
                           (document.replace("| 20 |", "| 2O |"), "not 1 to 44")):
        if fault not in " ".join(faults_of(planted, known)):
            faults.append(f"the check does not find: {fault}")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
