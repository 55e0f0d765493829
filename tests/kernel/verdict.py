# SPDX-License-Identifier: BSD-3-Clause
"""Decides whether a guest's run passed. Pure: from what was seen to a list of problems, and from that to the
exit status. An empty list is the only way to pass; whatever is not known to be good is a problem."""

import dataclasses
import re

import stream

log_faults = re.compile(
    r"""
    \bBUG\b | WARNING: | \bOops\b | Kernel\ panic | cut\ here | Call\ Trace:
    | general\ protection\ fault, | [Uu]nable\ to\ handle | double\ fault | stack\ guard\ page
    | divide\ error: | possible\ (?:recursive|circular|irq)\ .*\ detected | inconsistent\ lock\ state
    | suspicious\ RCU | lockdep
    | (?:rcu|RCU).*(?:detected\ (?:expedited\ )?stalls?|self-detected\ stall)
    | blocked\ for\ more\ than | soft\ lockup | hard\ LOCKUP
    | KASAN | KMSAN | KCSAN | KFENCE: | UBSAN | kmemleak | unreferenced\ object | memory\ leak | \bleaked\b
    | refcount_t: | list_(?:add|del)\ corruption | SLUB.*corrupt | Out\ of\ memory | oom-kill
    | alg:.*(?:fail|error|unsupported|overrun)
    """,
    re.VERBOSE,
)

gtest_skip = re.compile(r"^\[  SKIPPED \] (\S+\.\S+?)(?:, where .*)?(?: \(\d+ ms\))?$")
gtest_failure = re.compile(r"^\[  FAILED  \] ")
gtest_none = re.compile(r"^\[==========\] Running 0 tests ")
tap_skip = re.compile(r"^(?:not )?ok\b\s*\d*\s*-?\s*(.*?)\s*#\s*skip\b", re.IGNORECASE)
tap_failure = re.compile(r"^not ok\b(?!.*#\s*(?:skip|todo)\b)", re.IGNORECASE)
tap_none = re.compile(r"^1\.\.0\b")


@dataclasses.dataclass(frozen=True)
class run_record:
    """What the host saw of one run."""

    jobs: tuple  # names, in order
    reports: tuple  # stream.job_report
    expected_release: str
    release: str | None
    finished: bool
    failures: tuple = ()
    host_timeout: str | None = None  # what was going on when the host lost patience
    emulator_status: int = 0
    log: str = ""


@dataclasses.dataclass(frozen=True)
class tolerance:
    skips: tuple = ()  # tables of matrix.toml: job, test
    log: tuple = ()  # tables of matrix.toml: pattern


def text_lines(data):
    return [line.rstrip("\r") for line in data.decode("utf-8", "replace").split("\n")]


def job_problems(name, reports, allowed_skips):
    found = [report for report in reports if report.name == name]
    if len(found) != 1:
        return [f"job {name}: {f'{len(found)} results instead of one' if found else 'it never started'}"]
    report = found[0]
    if report.status is None:
        return [f"job {name}: no result: the guest ended while it ran"]
    problems = []
    if report.status == stream.timed_out:
        problems.append(f"job {name}: timeout")
    elif report.status != 0:
        problems.append(f"job {name}: exit status {report.status}")
    listed = {entry["test"] for entry in allowed_skips if entry["job"] == name}
    skipped = set()
    for line in text_lines(report.output):
        skip = gtest_skip.match(line) or tap_skip.match(line)
        if skip:
            skipped.add(skip.group(1))
        elif gtest_none.match(line) or tap_none.match(line):
            problems.append(f"job {name}: it ran no test: {line}")
        elif report.status == 0 and (gtest_failure.match(line) or tap_failure.match(line)):
            problems.append(f"job {name}: exit status 0 in spite of: {line}")
    unlisted = sorted(skipped - listed)
    return problems + [f"job {name}: skip that matrix.toml does not list: {test}" for test in unlisted]


def log_entries(log):
    """The log in groups of lines that belong together: a report of the kernel, as it marks it, or one line."""
    entries, report = [], []
    for line in text_lines(log.encode()):
        if report or "[ cut here ]" in line:
            report.append(line)
            if "[ end trace " in line:
                entries.append(report)
                report = []
        else:
            entries.append([line])
    # A report without an end may have been any.
    return entries + [[line] for line in report]


def log_problems(log, allowed):
    patterns = [re.compile(entry["pattern"]) for entry in allowed]
    return [
        f"kernel log: {line}"
        for entry in log_entries(log)
        if not any(pattern.search(line) for pattern in patterns for line in entry)
        for line in entry
        if log_faults.search(line)
    ]


def problems(record, tolerated):
    """Every reason why the run did not pass, the most telling first."""
    found = []
    if record.host_timeout:
        found.append(f"the guest did not answer in time: {record.host_timeout}")
    if record.emulator_status != 0 and not record.host_timeout:
        found.append(f"the emulator ended with status {record.emulator_status}")
    if record.release is None:
        found.append("the guest never came up")
    elif record.release != record.expected_release:
        found.append(f"the guest runs Linux {record.release}, not {record.expected_release}")
    found += [f"guest: {failure}" for failure in record.failures]
    if not record.jobs:
        found.append("there was no job")
    for name in record.jobs:
        found += job_problems(name, record.reports, tolerated.skips)
    for report in record.reports:
        if report.name not in record.jobs:
            found.append(f"job {report.name}: a result that nobody asked for")
    found += log_problems(record.log, tolerated.log)
    if not record.finished:
        found.append("the guest did not come to its end")
    return found


def exit_status(found):
    return 1 if found else 0
