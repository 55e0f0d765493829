#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""kcapi-dgst and kcapi-rng: every option, against Python's hashes; and what goes wrong."""

from __future__ import annotations

import hashlib
import hmac
import os
import pty
import re
import subprocess

import tools
from tools import checks, exit_eio, exit_einval, run, sample

sizes = (0, 1, 61439, 61440, 61441, 1 << 18, (1 << 18) + 1, (4 << 20) - 1, 4 << 20, (9 << 20) + 3)


class dgst(checks):
    def test_files_and_stdin_of_every_size(self) -> None:
        for size in sizes:
            data = sample(size)
            source = self.file("in", data)
            with self.subTest(size):
                for more in ((), ("-i", source)):
                    done = run("kcapi-dgst", "-c", "sha256", *more, data=b"" if more else data)
                    self.expect_exit(done, 0)
                    self.assertEqual(done.stdout, hashlib.sha256(data).digest())

    def test_every_hash_in_hex_into_a_file(self) -> None:
        for name, python in (("sha1", "sha1"), ("sha512", "sha512"), ("sha3-256", "sha3_256"), ("md5", "md5")):
            for content in (b"", b"longer than any digest" * 20):
                out = self.file("out", content)
                self.expect_exit(run("kcapi-dgst", "-c", name, "--hex", "-o", out, data=b"data"), 0)
                self.assertEqual(out.read_text(), hashlib.new(python, b"data").hexdigest())

    def test_keys_of_any_length(self) -> None:
        for length in (1, 16, 32, 33, 64, 65, 1000, 20000):
            key = sample(length)
            done = run("kcapi-dgst", "-c", "hmac(sha256)", "--keyfd", "KEYFD", data=b"data", key=key)
            self.assertEqual(done.stdout, hmac.digest(key, b"data", "sha256"), length)

    def test_a_key_from_a_password(self) -> None:
        derived = hashlib.pbkdf2_hmac("sha512", b"password", b"\0\xff", 1000, 32)
        common = ("-c", "hmac(sha256)", "-s", "00ff", "--pbkdfiter", "1000", "--pbkdfmac", "hmac(sha512)")
        for done in (run("kcapi-dgst", *common, "-p", "password", data=b"data"),
                     run("kcapi-dgst", *common, "--passwdfd", "KEYFD", data=b"data", key=b"password")):
            self.assertEqual(done.stdout, hmac.digest(derived, b"data", "sha256"))
        done = run("kcapi-dgst", "-c", "hmac(sha256)", "-p", "password", data=b"data")
        salt = bytes.fromhex(re.search(rb"salt used: ([0-9a-f]{64})\n", done.stderr)[1].decode())
        count = int(re.search(rb"iterations used: (\d+)\n", done.stderr)[1])
        derived = hashlib.pbkdf2_hmac("sha256", b"password", salt, count, 32)
        self.assertEqual(done.stdout, hmac.digest(derived, b"data", "sha256"))

    def test_failures_have_their_status(self) -> None:
        for arguments, key, status in (((), None, 1), (("-c",), None, 1), (("-c", "sha256", "--wrong"), None, 1),
                                       (("-c", "unknown"), None, 254), (("-c", "hmac(sha256)"), None, 130),
                                       (("-c", "sha256", "--keyfd", "KEYFD"), b"key", 218),
                                       (("-c", "hmac(sha256)", "--keyfd", "KEYFD"), b"", exit_einval),
                                       (("-c", "cmac(aes)", "--keyfd", "KEYFD"), b"short", exit_einval),
                                       (("-c", "sha256", "-i", self.folder), None, exit_einval),
                                       (("-c", "sha256", "-i", self.folder / "absent"), None, exit_eio),
                                       (("-c", "sha256", "-o", self.folder), None, exit_eio)):
            done = run("kcapi-dgst", *arguments, data=b"data", key=key)
            self.expect_exit(done, status)
            self.assertEqual(done.stdout, b"")
            self.assertTrue(done.stderr, arguments)
        with open("/dev/full", "wb") as full:
            self.expect_exit(run("kcapi-dgst", "-c", "sha256", data=b"data", stdout=full), exit_eio)

    def test_help_version_and_levels(self) -> None:
        self.expect_exit(run("kcapi-dgst", "-h"), 1)
        done = run("kcapi-dgst", "--version")
        self.assertEqual((done.returncode, done.stderr), (0, b"Version libkcapi 1.5.1\n"))
        self.assertEqual(run("kcapi-dgst", "-q", "-c", "unknown").stderr, b"")
        self.assertIn(b"Verbose", run("kcapi-dgst", "-v", "-c", "sha256").stderr)


class rng(checks):
    def test_as_many_bytes_as_asked_for_and_others_each_time(self) -> None:
        for size in (1, 127, 128, 129, 4096, 4097, 1_000_000):
            for name in ((), ("-n", "drbg_nopr_ctr_aes256")):
                first, second = (run("kcapi-rng", "-b", size, *name) for _ in range(2))
                self.expect_exit(first, 0)
                self.assertEqual((len(first.stdout), len(second.stdout)), (size, size))
                if size > 100:
                    self.assertNotEqual(first.stdout, second.stdout)

    def test_hex_has_no_newline(self) -> None:
        found = run("kcapi-rng", "--bytes=200", "--hex").stdout.decode()
        self.assertRegex(found, "^[0-9a-f]{400}$")
        self.assertFalse(found.endswith("\n"))

    def test_a_generator_that_takes_no_seed_does_not_wait_for_stdin(self) -> None:
        read_end, write_end = os.pipe()
        try:
            self.expect_exit(run("kcapi-rng", "-b", "16", stdin=read_end, timeout=20), 0)
        finally:
            os.close(read_end)
            os.close(write_end)

    def test_a_terminal_is_not_read(self) -> None:
        terminal, side = pty.openpty()
        try:
            self.expect_exit(run("kcapi-rng", "-b", "16", stdin=side, timeout=20), 0)
        finally:
            os.close(terminal)
            os.close(side)

    def test_failures_have_their_status(self) -> None:
        for arguments, status in (((), 1), (("-b", "0"), 1), (("-b", "x"), 1), (("-b", "18446744073709551616"), 1),
                                  (("-b", "1", "-n", "unknown"), 254), (("-b", "1", "--wrong"), 1), (("-h",), 1)):
            self.expect_exit(run("kcapi-rng", *arguments), status)
        with open("/dev/full", "wb") as full:
            self.expect_exit(run("kcapi-rng", "-b", "16", stdout=full), exit_eio)
        # More than 32 bits can count: it goes on until nobody reads.
        process = subprocess.Popen([tools.options.tools / "kcapi-rng", "-b", "5000000000"], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=tools.environment())
        self.assertEqual(len(process.stdout.read(1 << 20)), 1 << 20)
        process.stdout.close()
        self.assertNotEqual(process.wait(timeout=60), 0)


if __name__ == "__main__":
    tools.main()
