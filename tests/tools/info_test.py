#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""kcapi-info: lists, who serves an algorithm and why, JSON, and what the doctor says."""

from __future__ import annotations

import json
import subprocess

import debian
import tools
from tools import checks, run


def denied(*arguments: str, **settings: str) -> subprocess.CompletedProcess[bytes]:
    """Where socket(AF_ALG) fails, whatever the machine has."""
    return debian.start([str(tools.options.tools / "kcapi-info"), *arguments], environment=tools.environment(**settings))


class lists(checks):
    def test_all_forms_list_the_same(self) -> None:
        table = run("kcapi-info", "--engine=local").stdout.decode().splitlines()
        listed = json.loads(run("kcapi-info", "--engine=local", "--json").stdout)
        blocks = run("kcapi-info", "--proc").stdout.decode().strip().split("\n\n")
        self.assertGreater(len(listed), 100)
        self.assertEqual(len(table) - 1, len(listed))
        self.assertEqual(len(blocks), len(listed))
        for line, block, entry in zip(table[1:], blocks, listed):
            self.assertIn(f" {entry['driver']} ", line)
            self.assertIn(f"name         : {entry['name']}\n", block)
            self.assertIn(f"priority     : {entry['priority']}\n", block)
        cbc = next(entry for entry in listed if entry["driver"] == "cbc-aes-openssl")
        self.assertEqual((cbc["type"], cbc["block_size"], cbc["iv_size"], cbc["min_key_size"], cbc["max_key_size"],
                          cbc["engine"], cbc["hardware"]), ("skcipher", 16, 16, 16, 32, "local", False))

    def test_by_priority_within_a_name(self) -> None:
        listed = json.loads(run("kcapi-info", "--json").stdout)
        ordered = sorted(listed, key=lambda e: (e["type"], e["name"], -e["priority"], e["driver"]))
        self.assertEqual(listed, ordered)


class one_algorithm(checks):
    def test_who_serves_and_why(self) -> None:
        done = denied("gcm(aes)", KCAPI_ENGINE="auto")
        self.expect_exit(done, 0)
        text = done.stdout.decode()
        self.assertRegex(text, r"served by  gcm-aes-(ipsecmb|openssl), local engine")
        self.assertIn("because    the local engine has it", text)
        self.assertIn("kernel     no: Address family not supported by protocol", text)
        text = run("kcapi-info", "cbc(aes)", KCAPI_DRIVER="template").stdout.decode()
        self.assertIn("KCAPI_DRIVER=template says so", text)

    def test_json_has_an_answer_for_every_type_and_engine(self) -> None:
        answers = json.loads(denied("--json", "cbc(aes)", "stdrng", "unknown").stdout)
        self.assertEqual(list(answers), ["cbc(aes)", "stdrng", "unknown"])
        self.assertEqual(answers["unknown"], [])
        (cbc,) = answers["cbc(aes)"]
        self.assertEqual(cbc["type"], "skcipher")
        # Which library's is best depends on the processor.
        self.assertRegex(cbc["chosen"]["driver"], r"^cbc-aes-(openssl|gcrypt|ipsecmb)")
        self.assertEqual(cbc["engines"]["kernel"]["error"], 97)

    def test_an_unknown_name_is_an_error(self) -> None:
        done = run("kcapi-info", "unknown(aes)")
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertIn(b"unknown(aes)", done.stderr)


class doctor(checks):
    def findings(self, **settings: str) -> tuple[int, dict[str, dict[str, str]]]:
        done = denied("--doctor", "--json", **settings)
        found = json.loads(done.stdout)
        self.assertEqual(found["usable"], done.returncode == 0)
        return done.returncode, {one["what"]: one for one in found["findings"]}

    def test_without_af_alg_the_local_engine_is_enough(self) -> None:
        status, found = self.findings(KCAPI_ENGINE="auto")
        self.assertEqual(status, 0)
        self.assertEqual(found["AF_ALG"]["state"], "note")
        self.assertIn("Address family not supported", found["AF_ALG"]["text"])
        self.assertTrue(found["AF_ALG"]["advice"])
        self.assertEqual((found["kernel engine"]["state"], found["local engine"]["state"]), ("bad", "ok"))
        self.assertIn("openssl.so", found["driver modules"]["text"])

    def test_without_both_nothing_works(self) -> None:
        status, found = self.findings(KCAPI_DRIVER_PATH="/none")
        self.assertEqual(status, 1)
        self.assertIn("/none", found["driver modules"]["text"])
        self.assertEqual(found["local engine"]["state"], "bad")
        self.assertIn(b"do not work here", denied("--doctor", KCAPI_DRIVER_PATH="/none").stdout)

    def test_a_wrong_setting_is_found(self) -> None:
        status, found = self.findings(KCAPI_ENGINE="hardware")
        self.assertEqual((status, found["KCAPI_ENGINE"]["state"]), (1, "bad"))

    def test_every_finding_that_is_not_good_says_what_to_do(self) -> None:
        for line, following in zip(lines := denied("--doctor", KCAPI_ENGINE="auto").stdout.decode().splitlines(), lines[1:]):
            if line.startswith(("note", "BAD")) and "KCAPI_" not in line:
                self.assertTrue(following.startswith("      -> "), line)


class usage(checks):
    def test_help_and_version_go_to_stdout(self) -> None:
        for option, text in (("--help", b"--doctor"), ("-h", b"--json"), ("--version", b"libkcapi 1.5.1")):
            done = run("kcapi-info", option)
            self.expect_exit(done, 0)
            self.assertIn(text, done.stdout)

    def test_mistakes_exit_1(self) -> None:
        for arguments in (("--wrong",), ("--engine=x",), ("--doctor", "sha256"), ("--proc", "sha256")):
            self.expect_exit(run("kcapi-info", *arguments), 1)
        with open("/dev/full", "wb") as full:
            self.expect_exit(run("kcapi-info", stdout=full), 1)


if __name__ == "__main__":
    tools.main()
