#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""summary.py RESULTS: counts per tier over the JUnit files that ctest left, with the cases inside each program.

Fails if a test failed, was skipped or did not run, or if a file has no test at all.
"""
import collections
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

# What the test programs print at their end, with the number of cases.
CASES = [re.compile(r"^\[  PASSED  \] (\d+) tests?\.", re.M), re.compile(r"^Ran (\d+) tests? in ", re.M),
         re.compile(r"^(\d+) checks passed", re.M)]
# What says how much of a list is served.
COVERAGE = re.compile(r"^\[ COVERAGE \] (.*)$", re.M)


def cases_in(output):
    return sum(int(n) for pattern in CASES for n in pattern.findall(output)) or 1


def tier_of(case):
    for prop in case.iter("property"):
        if prop.get("name") == "cmake_labels":
            return prop.get("value").split(";")[0]
    return case.get("name").split(".")[0]


def read(path):
    """(tier, name, status, cases, output) of each test in a file; status is run, fail, or what else ctest says."""
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        output = case.findtext("system-out") or ""
        yield tier_of(case), case.get("name"), case.get("status"), cases_in(output), output


def main(folder):
    files = sorted(pathlib.Path(folder).glob("*.xml"))
    counts = collections.OrderedDict()
    problems = [] if files else ["no results"]
    coverage = {}
    for path in files:
        build, part = path.stem.split(".", 1)
        rows = list(read(path))
        if not rows:
            problems.append(f"{path.name} has no test")
        for tier, name, status, cases, output in rows:
            row = counts.setdefault((build, part, tier), [0, 0, 0])
            row[0] += 1
            row[1] += cases
            coverage.update(dict.fromkeys(COVERAGE.findall(output)))
            if status != "run":
                row[2] += 1
                problems.append(f"{build}: {name}: {status}")
    print(f"\n{'build':<10}{'where':<8}{'tier':<12}{'programs':>9}{'cases':>8}{'failed':>8}")
    for (build, part, tier), (programs, cases, bad) in counts.items():
        print(f"{build:<10}{part:<8}{tier:<12}{programs:>9}{cases:>8}{bad:>8}")
    for line in coverage:
        print("coverage:", line)
    for problem in problems:
        print("FAILED", problem)
    programs = sum(row[0] for row in counts.values())
    bad = sum(row[2] for row in counts.values())
    print(f"\n{sum(row[1] for row in counts.values())} cases in {programs} programs")
    print(f"{programs - bad} passed, {bad} failed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
