#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Debian's kcapi-dgst and kcapi-rng over our library, on a host without AF_ALG.

debian_tools_test.py --lib DIR --drivers DIR

The programs are those of Debian's package kcapi-tools (tests/kernel/fetch.py), linked to the original library;
ours takes its place by LD_LIBRARY_PATH. Digests are compared with Python's.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

import debian

options = argparse.Namespace()

# 61440 is the tool's block from stdin.
sizes = (0, 1, 55, 64, 1000, 61439, 61440, 61441, 300001, 3 << 20)
hashes = {"sha1": "sha1", "sha224": "sha224", "sha256": "sha256", "sha384": "sha384", "sha512": "sha512",
          "sha3-256": "sha3_256", "sha3-512": "sha3_512"}
key = bytes(range(100, 132))

# The tool ends with the negative error value, of which the shell sees eight bits.
exit_usage, exit_eafnosupport = 1, 159


def run(tool: str, *arguments: str, data: bytes = b"", with_key: bytes | None = None,
        **settings: str) -> subprocess.CompletedProcess[bytes]:
    command = [str(options.tools / tool), *([] if with_key is None else ["--keyfd", "KEYFD"]), *arguments]
    return debian.start(command, data, key=with_key, environment=debian.environment(options, **settings))


class checks(unittest.TestCase):
    def expect_exit(self, done: subprocess.CompletedProcess[bytes], status: int) -> None:
        self.assertEqual(done.returncode, status, done.stderr.decode(errors="replace")[-2000:])

    def output(self, tool: str, *arguments: str, data: bytes = b"", with_key: bytes | None = None) -> bytes:
        done = run(tool, *arguments, data=data, with_key=with_key)
        self.expect_exit(done, 0)
        return done.stdout


class dgst(checks):
    def dgst(self, name: str, *arguments: str, data: bytes = b"", with_key: bytes | None = None) -> bytes:
        return self.output("kcapi-dgst", "-c", name, *arguments, data=data, with_key=with_key)

    def test_stdin_of_every_size(self) -> None:
        for size in sizes:
            data = random.Random(size).randbytes(size)
            with self.subTest(size=size):
                self.assertEqual(self.dgst("sha256", data=data), hashlib.sha256(data).digest())
                self.assertEqual(self.dgst("hmac(sha256)", data=data, with_key=key),
                                 hmac.digest(key, data, "sha256"))

    def test_every_hash_with_and_without_key(self) -> None:
        data = random.Random(7).randbytes(70000)
        for name, python_name in hashes.items():
            with self.subTest(name):
                self.assertEqual(self.dgst(name, data=data), hashlib.new(python_name, data).digest())
                self.assertEqual(self.dgst(f"hmac({name})", data=data, with_key=key),
                                 hmac.digest(key, data, python_name))

    def test_file_to_file_in_hex(self) -> None:
        data = random.Random(8).randbytes(300001)
        with tempfile.TemporaryDirectory() as folder:
            source, target = pathlib.Path(folder, "in"), pathlib.Path(folder, "out")
            for size in (0, 1, 300001):
                source.write_bytes(data[:size])
                self.assertEqual(self.dgst("sha512", "--hex", "-i", str(source), "-o", str(target)), b"")
                self.assertEqual(target.read_text(), hashlib.sha512(data[:size]).hexdigest(), size)

    def test_key_from_a_password(self) -> None:
        found = self.dgst("hmac(sha256)", "-p", "password", "-s", "00ff", "--pbkdfiter", "1000", data=b"data")
        derived = hashlib.pbkdf2_hmac("sha256", b"password", bytes.fromhex("00ff"), 1000, 32)
        self.assertEqual(found, hmac.digest(derived, b"data", "sha256"))

    def test_kernel_engine_alone_does_not_serve_here(self) -> None:
        done = run("kcapi-dgst", "-c", "sha256", data=b"data", KCAPI_ENGINE="kernel")
        self.expect_exit(done, exit_eafnosupport)
        self.assertEqual(done.stdout, b"")

    def test_a_wrong_byte_would_be_seen(self) -> None:
        self.assertNotEqual(self.dgst("sha256", data=b"data"), hashlib.sha256(b"dat\0").digest())


class rng(checks):
    def test_gives_as_many_bytes_as_asked_for(self) -> None:
        for size in (1, 32, 127, 128, 129, 1000, 100000):
            with self.subTest(size):
                self.assertEqual(len(self.output("kcapi-rng", "-b", str(size))), size)

    def test_bytes_look_random_and_differ_each_time(self) -> None:
        for name in ("stdrng", "drbg_nopr_hmac_sha256", "drbg_nopr_ctr_aes256"):
            with self.subTest(name):
                first, second = (self.output("kcapi-rng", "-b", "4096", "-n", name) for _ in range(2))
                self.assertNotEqual(first, second)
                for found in (first, second):
                    # Each value is expected 16 times; five standard deviations are 20.
                    self.assertEqual(len(set(found)), 256)
                    self.assertLess(max(found.count(value) for value in range(256)), 36 + 16)

    def test_hex(self) -> None:
        found = self.output("kcapi-rng", "-b", "200", "--hex").decode()
        self.assertEqual(len(found), 400)
        self.assertEqual(found, found.lower())
        bytes.fromhex(found)

    def test_seed_from_stdin_is_taken(self) -> None:
        self.assertEqual(len(self.output("kcapi-rng", "-b", "64", data=b"seed\n" * 20)), 64)

    def test_no_number_of_bytes_is_a_mistake(self) -> None:
        self.expect_exit(run("kcapi-rng"), exit_usage)
        self.expect_exit(run("kcapi-rng", "-b", "0"), exit_usage)

    def test_kernel_engine_alone_does_not_serve_here(self) -> None:
        done = run("kcapi-rng", "-b", "16", KCAPI_ENGINE="kernel")
        self.expect_exit(done, exit_eafnosupport)
        self.assertEqual(done.stdout, b"")


class setting(checks):
    """The test tests what it says."""

    def test_the_library_is_ours(self) -> None:
        for tool in ("kcapi-dgst", "kcapi-rng"):
            done = run(tool, "--version")
            self.expect_exit(done, 0)
            self.assertIn(b"libkcapi 1.5.1", done.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    debian.add_arguments(parser)
    _, others = parser.parse_known_args(namespace=options)
    options.tools = debian.fetched() / "bin"
    unittest.main(argv=[sys.argv[0], *others])


if __name__ == "__main__":
    main()
