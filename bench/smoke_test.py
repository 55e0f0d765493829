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
import subprocess
import sys
import tempfile
import unittest

program = ""
google_program = ""

subjects = ["cbc(aes) enc", "cbc(aes) dec", "ctr(aes) enc", "xts(aes) enc", "ecb(aes) enc"]
sizes = [16 << (2 * i) for i in range(9)]
speed_goals = ["one-shot, 64 KiB of EVP", "one-shot, 64 B of EVP re-keyed with the IV only",
               "stream, 64 KiB pieces of one-shot"]


def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(arguments, capture_output=True, text=True, timeout=240, env=os.environ | settings)


prfs = ("hmac(sha1)", "hmac(sha256)", "hmac(sha512)")


def subject_of(row: dict) -> str:
    return f"{row['algorithm']} {row['direction']}"


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
        rows = [(subject_of(row), row["path"], row["size"]) for row in self.of_kind("row")]
        pairs = [(subject, path) for subject in subjects for path in ("one-shot", "stream")]
        expected = [(subject, path, size) for subject, path in pairs for size in sizes]
        expected += [(subject, "set-up", 0) for subject in subjects]
        expected += [(f"{prf} enc", "pbkdf2", count) for prf in prfs for count in (1000, 10000)]
        expected += [("cbc(aes) enc", "batch", size) for size in (1024, 4096, 16384)]
        # Two pieces of xts are two messages: nothing to compare with one call.
        expected = [one for one in expected if one[:2] != ("xts(aes) enc", "stream") or one[2] <= 65536]
        self.assertEqual(sorted(rows), sorted(expected))

    def test_rows_are_complete(self) -> None:
        for row in self.of_kind("row"):
            names = [one["name"] for one in row["contenders"]]
            expected = ["kcapi", "evp", "one-shot"] if row["path"] == "stream" else ["kcapi", "evp"]
            self.assertEqual(names, expected)
            self.assertEqual(sorted(row["ratios"]), sorted(names[1:]))
            self.assertGreaterEqual(row["rounds"], 9)
            self.assertEqual(row["engine"], "local")
            self.assertTrue(row["driver"])
            for one in row["contenders"]:
                self.assertGreater(one["ns"], 0)

    def test_no_allocation_per_call(self) -> None:
        rows = [row for row in self.of_kind("row") if row["path"] in ("one-shot", "stream")]
        self.assertEqual(len(rows), 88)
        for row in rows:
            what = f"{subject_of(row)} {row['path']} {row['size']}"
            self.assertEqual(row["contenders"][0]["allocations_per_call"], 0, what)

    def test_allocations_are_seen(self) -> None:
        for row in self.of_kind("row"):
            if row["path"] == "set-up":
                self.assertGreaterEqual(row["contenders"][0]["allocations_per_call"], 1)

    def test_every_goal_is_there_once(self) -> None:
        names = [one["name"] for one in self.of_kind("goal")]
        expected = [f"{subject} {goal}" for goal in speed_goals for subject in subjects
                    if not ("IV" in goal and subject.startswith("ecb"))]
        expected += [f"cbc(aes) enc batch, 16 of {size} KiB, of EVP in a loop" for size in (1, 4, 16)]
        expected += [f"{prf} pbkdf2, 10000 rounds of PKCS5_PBKDF2_HMAC" for prf in prfs]
        expected += ["allocations per call, one-shot", "allocations per call, stream"]
        self.assertEqual(names, expected)


class options(unittest.TestCase):
    def test_filter_measures_only_its_cases(self) -> None:
        answer = run(program, "--quick", "--filter", "ctr(aes)/enc/one-shot/64")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        rows = [text for text in answer.stdout.splitlines() if text.split()[:3] == ["ctr(aes)", "enc", "one-shot"]]
        self.assertEqual(len(rows), 1, answer.stdout)
        self.assertNotIn("cbc(aes)", answer.stdout)

    def test_gate_without_a_goal_fails(self) -> None:
        answer = run(program, "--quick", "--gate", "--filter", "set-up")
        self.assertEqual(answer.returncode, 1)
        self.assertIn("--gate", answer.stderr)

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
