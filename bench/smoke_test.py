#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The benchmark programs run, tell what they should in readable form, and find no allocation per call.

smoke_test.py KCAPI_BENCH KCAPI_GBENCH

Says nothing about speed: that is for ./dev bench on a quiet machine.
"""

from __future__ import annotations

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

program = ""
google_program = ""

ciphers = ["cbc(aes)/enc", "cbc(aes)/dec", "ctr(aes)/enc", "xts(aes)/enc", "ecb(aes)/enc"]
aeads = ["gcm(aes)/enc", "rfc7539(chacha20,poly1305)/enc"]
digests = ["sha1", "sha256", "sha512"]
prfs = ["hmac(sha1)", "hmac(sha256)", "hmac(sha512)"]
sizes = [16 << (2 * i) for i in range(9)]
batch_sizes = [1024, 4096, 16384]
shared = [f"{name}/threads/{size << 20}" for name in ("cbc(aes)/dec", "ctr(aes)/enc", "xts(aes)/enc") for size in (1, 16, 64)
          if not name.startswith("xts") or size <= 16]
# What is judged, in its order; the last three are not rows.
goals = [f"{name}/one-shot/{size}" for name in ("ctr(aes)/enc", "xts(aes)/enc", "cbc(aes)/dec", "gcm(aes)/enc", "cbc(aes)/enc")
         for size in (16384, 65536)]
goals += [f"{name}/one-shot/16384" for name in ("sha256", "sha512", "hmac(sha256)", "rfc7539(chacha20,poly1305)/enc")]
goals += ["ctr(aes)/enc/one-shot/64", "gcm(aes)/enc/one-shot/64"]
goals += [f"cbc(aes)/enc/batch/{size}" for size in batch_sizes]
goals += [f"{name}/batch/4096" for name in ("sha256", "sha512", "sha1", "hmac(sha256)")]
goals += ["ctr(aes)/enc/stream/65536", "ctr(aes)/enc/borrowed/65536", "cbc(aes)/enc/set-up/0"]
goals += [f"{prf}/pbkdf2/10000" for prf in prfs]
goals += [f"{name} against one thread" for name in shared]
flags = set(re.findall(r"^flags\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)[:1].pop().split())
limited = ["cbc(aes)/dec", "ctr(aes)/enc", "xts(aes)/enc"] if {"vaes", "vpclmulqdq", "avx512f", "avx512dq", "avx512bw"} <= flags else []
goals += [f"{name}/one-shot/16384 of the machine's limit" for name in limited]


def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(arguments, capture_output=True, text=True, timeout=240, env=os.environ | settings)


def case_of(row: dict) -> str:
    direction = f"/{row['direction']}" if row["direction"] else ""
    return f"{row['algorithm']}{direction}/{row['path']}/{row['size']}"


class full_run(unittest.TestCase):
    """One run over everything; each test looks at a part of what it gave."""

    @classmethod
    def setUpClass(cls) -> None:
        with tempfile.TemporaryDirectory() as directory:
            file = pathlib.Path(directory, "results.json")
            cls.answer = run(program, "--quick", "--json", str(file))
            cls.lines = [json.loads(text) for text in file.read_text().splitlines()] if file.exists() else []

    def of_kind(self, kind: str) -> list[dict]:
        return [one for one in self.lines if one["kind"] == kind]

    def test_succeeds(self) -> None:
        self.assertEqual(self.answer.returncode, 0, self.answer.stderr)
        self.assertEqual(self.answer.stderr, "")

    def test_table_fits_a_terminal(self) -> None:
        self.assertLessEqual(max(len(text) for text in self.answer.stdout.splitlines()), 100)

    def test_host_is_described(self) -> None:
        hosts = self.of_kind("host")
        self.assertEqual(len(hosts), 1)
        for fact in ("cpu", "kernel", "compiler", "library", "openssl", "load"):
            self.assertTrue(hosts[0][fact], fact)

    def test_every_case_is_there_once(self) -> None:
        expected = [f"{one}/one-shot/{size}" for one in ciphers + aeads + digests + prfs for size in sizes]
        # Two pieces of xts are two messages: nothing to compare with one call.
        expected += [f"{one}/stream/{size}" for one in ciphers for size in sizes
                     if not one.startswith("xts") or size <= 65536]
        expected += [f"{one}/set-up/0" for one in ciphers]
        expected += [f"{one}/batch/{size}" for one in ["cbc(aes)/enc"] + digests + prfs for size in batch_sizes]
        expected += [f"{prf}/pbkdf2/{count}" for prf in prfs for count in (1000, 10000)]
        expected += ["ctr(aes)/enc/borrowed/65536", *shared]
        self.assertEqual(sorted(map(case_of, self.of_kind("row"))), sorted(expected))

    def test_rows_are_complete(self) -> None:
        for row in self.of_kind("row"):
            names = [one["name"] for one in row["contenders"]]
            expected = ["kcapi", "evp"]
            expected += ["one-shot"] * (row["path"] in ("stream", "borrowed"))
            expected += ["one thread"] * (row["path"] == "threads")
            expected += ["limit"] * (case_of(row) in [f"{name}/one-shot/16384" for name in limited])
            self.assertEqual(names, expected)
            self.assertEqual(sorted(row["ratios"]), sorted(names[1:]))
            self.assertGreaterEqual(row["rounds"], 9)
            self.assertEqual(row["engine"], "local")
            self.assertTrue(row["driver"])
            for one in row["contenders"]:
                self.assertGreater(one["ns"], 0)

    def test_no_allocation_per_call(self) -> None:
        rows = [row for row in self.of_kind("row") if row["path"] in ("one-shot", "stream", "borrowed", "batch")]
        self.assertEqual(len(rows), 9 * 13 + 9 * 5 - 2 + 1 + 3 * 7)
        for row in rows:
            self.assertEqual(row["contenders"][0]["allocations_per_call"], 0, case_of(row))

    def test_allocations_are_seen(self) -> None:
        for row in self.of_kind("row"):
            if row["path"] == "set-up":
                self.assertGreaterEqual(row["contenders"][0]["allocations_per_call"], 1)

    def test_without_a_limit_the_reason_is_told(self) -> None:
        reasons = self.of_kind("no limit")
        self.assertEqual(len(reasons), 0 if limited else 1)
        self.assertIn("machine's limit: not measured, " if reasons else "machine's limit, VAES", self.answer.stdout)

    def test_every_goal_is_there_once(self) -> None:
        names = [one["name"] for one in self.of_kind("goal")]
        self.assertEqual(names[:-3], goals)
        self.assertTrue(names[-3].startswith("worst of all: "), names[-3])
        self.assertEqual(names[-2:], ["allocations per call, one-shot", "allocations per call, stream"])


class options(unittest.TestCase):
    def test_filter_measures_only_its_cases(self) -> None:
        answer = run(program, "--quick", "--filter", "ctr(aes)/enc/one-shot/64")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        rows = [text for text in answer.stdout.splitlines() if text.split()[:3] == ["ctr(aes)", "enc", "one-shot"]]
        self.assertEqual(len(rows), 1, answer.stdout)
        self.assertNotIn("cbc(aes)", answer.stdout)

    def test_gate_is_the_verdict_of_the_goals(self) -> None:
        answer = run(program, "--quick", "--gate", "--filter", "ctr(aes)/enc/one-shot/")
        self.assertIn(" pass", answer.stdout)
        self.assertEqual(answer.returncode, 1 if "SHORT" in answer.stdout else 0, answer.stdout)

    def test_unknown_filter_fails(self) -> None:
        answer = run(program, "--filter", "nothing has this name")
        self.assertEqual(answer.returncode, 1)
        self.assertIn("--list", answer.stderr)

    def test_unknown_option_and_stray_argument_fail(self) -> None:
        for arguments in (["--fast"], ["stray"]):
            answer = run(program, *arguments)
            self.assertEqual(answer.returncode, 1)
            self.assertIn("usage:", answer.stderr)

    def test_json_file_that_cannot_be_written_fails(self) -> None:
        for name in ("/nonexistent/results.json", "/dev/full"):
            answer = run(program, "--quick", "--filter", "ctr(aes)/enc/set-up", "--json", name)
            self.assertEqual(answer.returncode, 1, name)
            self.assertIn(name, answer.stderr)

    def test_library_without_drivers_is_a_clear_error(self) -> None:
        answer = run(program, "--quick", KCAPI_DRIVER_PATH="/nonexistent")
        self.assertEqual(answer.returncode, 1)
        self.assertIn("kcapi: cbc(aes)", answer.stderr)


class google_benchmark(unittest.TestCase):
    def test_runs_both_contenders_of_a_case(self) -> None:
        answer = run(google_program, "--benchmark_filter=^(kcapi|evp)/ctr\\(aes\\)/enc/one-shot/64$",
                     "--benchmark_min_time=0.001", "--benchmark_format=json")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        names = [one["name"] for one in json.loads(answer.stdout)["benchmarks"]]
        self.assertEqual(names, ["kcapi/ctr(aes)/enc/one-shot/64", "evp/ctr(aes)/enc/one-shot/64"])

    def test_unknown_option_fails(self) -> None:
        self.assertNotEqual(run(google_program, "--unknown").returncode, 0)


if __name__ == "__main__":
    program, google_program = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1])
