#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""The verdict on one good run, and on the same run with one fault planted at a time."""

import dataclasses
import unittest

import stream
import verdict

release = "6.12.1-cloud"
gtest_output = b"""\
[==========] Running 1 test from 1 test suite.
[ RUN      ] a.b
[       OK ] a.b (0 ms)
[  PASSED  ] 1 test.
"""
gtest_skip_output = b"""\
[ RUN      ] a.b
[  SKIPPED ] a.b (0 ms)
[  SKIPPED ] 1 test, listed below:
[  SKIPPED ] a.b
"""


def report(name="unit", status=0, output=gtest_output):
    return stream.job_report(name, status, bytearray(output))


def good(**changes):
    record = verdict.run_record(
        jobs=("unit",),
        reports=(report(),),
        expected_release=release,
        release=release,
        finished=True,
        log="[    0.000000] Linux version 6.12.1-cloud\n[    1.000000] Run /init as init process\n",
    )
    return dataclasses.replace(record, **changes)


def judge(record, **tolerated):
    return verdict.problems(record, verdict.tolerance(**tolerated))


class verdict_test(unittest.TestCase):
    def one_problem(self, record, text):
        found = judge(record)
        self.assertEqual(len(found), 1, found)
        self.assertIn(text, found[0])
        self.assertEqual(verdict.exit_status(found), 1)

    def with_output(self, output, status=0):
        return good(reports=(report(output=output, status=status),))

    def with_log(self, line):
        return good(log=good().log + line + "\n")

    def test_a_good_run_passes(self):
        self.assertEqual(judge(good()), [])
        self.assertEqual(verdict.exit_status([]), 0)

    def test_a_failed_job(self):
        for status in (1, 127, 139, 255):
            self.one_problem(good(reports=(report(status=status),)), f"exit status {status}")

    def test_a_job_that_timed_out(self):
        self.one_problem(good(reports=(report(status=stream.timed_out),)), "job unit: timeout")

    def test_a_job_without_result(self):
        self.one_problem(good(reports=(report(status=None),)), "no result")

    def test_a_job_that_never_started(self):
        self.one_problem(good(jobs=("unit", "later")), "job later: it never started")

    def test_two_results_for_one_job(self):
        self.one_problem(good(reports=(report(), report())), "2 results")

    def test_a_result_that_nobody_asked_for(self):
        self.one_problem(good(reports=(report(), report("other"))), "nobody asked")

    def test_no_job_at_all(self):
        self.one_problem(good(jobs=(), reports=()), "no job")

    def test_a_guest_that_never_came_up(self):
        self.one_problem(good(release=None), "never came up")

    def test_a_wrong_kernel(self):
        self.one_problem(good(release="6.1.0"), "runs Linux 6.1.0")

    def test_a_guest_that_did_not_come_to_its_end(self):
        self.one_problem(good(finished=False), "its end")

    def test_a_guest_that_hangs(self):
        self.one_problem(good(host_timeout="job unit", emulator_status=-9), "in time: job unit")

    def test_an_emulator_that_fails(self):
        self.one_problem(good(emulator_status=1), "emulator")

    def test_what_the_guest_complained_about(self):
        self.one_problem(good(failures=("module af_alg does not load",)), "module af_alg")

    def test_faults_in_the_log(self):
        for line in (
            "[    3.1] WARNING: CPU: 0 PID: 1 at crypto/af_alg.c:100 af_alg_sendmsg+0x1/0x2",
            "[    3.1] WARNING: planted",
            "[    3.1] BUG: unable to handle page fault for address: ffffffff",
            "[    3.1] kernel BUG at crypto/algapi.c:1!",
            "[    3.1] Oops: 0002 [#1] PREEMPT SMP",
            "[    3.1] Kernel panic - not syncing: Attempted to kill init!",
            "[    3.1] ------------[ cut here ]------------",
            "[    3.1] general protection fault, probably for non-canonical address 0x1",
            "[    3.1] WARNING: possible circular locking dependency detected",
            "[    3.1] possible recursive locking detected",
            "[    3.1] INFO: lockdep is turned off.",
            "[    3.1] rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:",
            "[    3.1] INFO: task unit:42 blocked for more than 120 seconds.",
            "[    3.1] watchdog: BUG: soft lockup - CPU#0 stuck for 22s!",
            "[    3.1] kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)",
            "[    3.1] unreferenced object 0xffff88 (size 64):",
            "[    3.1] refcount_t: underflow; use-after-free.",
            "[    3.1] Out of memory: Killed process 42 (unit)",
            "[    3.1] alg: self-tests for cbc(aes) using cbc-aes-aesni failed (rc=-22)",
        ):
            self.one_problem(self.with_log(line), line)

    def test_ordinary_lines_of_the_log(self):
        for line in (
            "[    0.1] Spectre V1 : Mitigation: usercopy/swapgs barriers and __user pointer sanitization",
            "[    0.1] Speculative Store Bypass: Vulnerable",
            "[    0.1] debug: debugging enabled",
            "[    0.1] alg: No test for authenc(hmac(sha1),cbc(aes)) (authenc-generic)",
        ):
            self.assertEqual(judge(self.with_log(line)), [])

    def test_a_tolerated_line_of_the_log(self):
        record = self.with_log("[    3.1] WARNING: known and harmless")
        self.assertEqual(judge(record, log=({"pattern": "WARNING: known and", "why": "-"},)), [])
        self.assertEqual(len(judge(record, log=({"pattern": "WARNING: other", "why": "-"},))), 1)

    def test_a_tolerated_report_in_the_log(self):
        lines = ["-----[ cut here ]-----", "alg: known and harmless", "WARNING: at a.c:1", "Call Trace:"]
        end = "---[ end trace 0000 ]---"
        known = ({"pattern": "known and harmless", "why": "-"},)
        self.assertEqual(judge(self.with_log("\n".join([*lines, end])), log=known), [])
        self.assertEqual(len(judge(self.with_log("\n".join([*lines, end, *lines[2:]])), log=known)), 2)
        self.assertEqual(len(judge(self.with_log("\n".join(lines)), log=known)), 3, "no end")
        self.assertEqual(len(judge(self.with_log("\n".join([*lines, end])), log=())), 3)

    def test_skips(self):
        for output, name in (
            (gtest_skip_output, "a.b"),
            (b"[  SKIPPED ] engines/kat.cbc/3 (12 ms)\n", "engines/kat.cbc/3"),
            (b"[  SKIPPED ] a.b (0 ms)\r\n", "a.b"),
            (b"1..2\nok 1 - first\nok 2 - second # SKIP no netlink\n", "second"),
            (b"1..1\nok 1 # skip\n", ""),
        ):
            self.one_problem(self.with_output(output), f"does not list: {name}")
            listed = ({"job": "unit", "test": name, "why": "-"},)
            self.assertEqual(judge(self.with_output(output), skips=listed), [])
            elsewhere = ({"job": "other", "test": name, "why": "-"},)
            self.assertEqual(len(judge(self.with_output(output), skips=elsewhere)), 1)

    def test_a_program_that_ran_no_test(self):
        self.one_problem(self.with_output(b"[==========] Running 0 tests from 0 test suites.\n"), "no test")
        self.one_problem(self.with_output(b"1..0 # SKIP nothing here\n"), "no test")

    def test_failures_that_the_exit_status_hides(self):
        self.one_problem(self.with_output(b"[  FAILED  ] a.b (0 ms)\n"), "in spite of")
        self.one_problem(self.with_output(b"1..1\nnot ok 1 - first\n"), "in spite of")
        self.assertEqual(judge(self.with_output(b"1..1\nnot ok 1 - first # TODO later\n")), [])

    def test_failures_are_counted_once(self):
        self.one_problem(self.with_output(b"[  FAILED  ] a.b (0 ms)\n", status=1), "exit status 1")


if __name__ == "__main__":
    unittest.main()
