#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""programs_test.py FOLDER: the examples of the C++ API do what their comments say, and fail with a message."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import unittest

folder = pathlib.Path()


def run(name: str, *arguments: str, given: bytes = b"", **settings: str) -> tuple[int, bytes, str]:
    """Exit status, standard output and standard error."""
    answer = subprocess.run([folder / name, *arguments], input=given, capture_output=True, timeout=60,
                            env=os.environ | settings)
    return answer.returncode, answer.stdout, answer.stderr.decode()


class any_example(unittest.TestCase):
    def test_without_an_engine_it_says_so(self) -> None:
        for name, arguments in (("encrypt_message", ()), ("record_layer", ()), ("two_threads", ("00", "00"))):
            with self.subTest(name=name):
                status, output, errors = run(name, *arguments, KCAPI_ENGINE="nothing")
                self.assertEqual((status, output), (1, b""))
                self.assertRegex(errors, rf"^{name}: .*No such file or directory\n$")


class encrypt_message(unittest.TestCase):
    def test_opens_what_it_sealed_and_refuses_what_was_altered(self) -> None:
        self.assertEqual(run("encrypt_message", "hello"),
                         (0, b"5 bytes sealed as 21, opened: hello\naltered: refused\n", ""))
        status, output, errors = run("encrypt_message")
        self.assertEqual((status, errors), (0, ""))
        self.assertIn(b"opened: Nobody else", output)

    def test_empty_message_is_authentic_as_well(self) -> None:
        self.assertEqual(run("encrypt_message", ""),
                         (0, b"0 bytes sealed as 16, opened: \naltered: refused\n", ""))


class record_layer(unittest.TestCase):
    def test_opens_each_record_in_its_place_only(self) -> None:
        status, output, errors = run("record_layer")
        self.assertEqual((status, errors), (0, ""))
        self.assertEqual(output.decode().splitlines(), [
            "in its place: first",
            "repeated: refused",
            "left out the one before: refused",
            "altered: refused",
            "altered header: refused",
            "cut: refused",
            "as it was sent: second",
            "and the next: third",
        ])


class two_threads(unittest.TestCase):
    key = "000102030405060708090a0b0c0d0e0f"
    iv = "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"

    def test_is_what_openssl_enc_gives(self) -> None:
        for size in (0, 1, 15, 16, 65537, 100000, 212992, 3000001):
            with self.subTest(size=size):
                plain = os.urandom(size)
                reference = subprocess.run(["openssl", "enc", "-aes-128-ctr", "-K", self.key, "-iv", self.iv],
                                           input=plain, capture_output=True, check=True, timeout=60)
                status, output, errors = run("two_threads", self.key, self.iv, given=plain)
                self.assertEqual((status, errors), (0, ""))
                self.assertTrue(output == reference.stdout, "the ciphertexts differ")

    def test_wrong_use_fails(self) -> None:
        self.assertEqual(run("two_threads", self.key)[0], 2)
        for key, iv in ((self.key[2:], self.iv), ("xy" * 16, self.iv), (self.key, self.iv[2:])):
            status, output, errors = run("two_threads", key, iv)
            self.assertEqual((status, output), (1, b""))
            self.assertRegex(errors, r"^two_threads: .*Invalid argument\n$")

    def test_full_disk_ends_both_threads(self) -> None:
        with open("/dev/full", "wb") as full:
            answer = subprocess.run([folder / "two_threads", self.key, self.iv], input=bytes(1 << 20),
                                    stdout=full, stderr=subprocess.PIPE, timeout=60)
        self.assertEqual(answer.returncode, 1)
        self.assertEqual(answer.stderr, b"two_threads: writing: No space left on device\n")

    def test_unreadable_input_ends_both_threads(self) -> None:
        directory = os.open("/", os.O_RDONLY)
        answer = subprocess.run([folder / "two_threads", self.key, self.iv], stdin=directory,
                                capture_output=True, timeout=60)
        os.close(directory)
        self.assertEqual((answer.returncode, answer.stdout), (1, b""))
        self.assertEqual(answer.stderr, b"two_threads: reading: Is a directory\n")


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    unittest.main(argv=sys.argv[:1])
