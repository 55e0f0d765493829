#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Debian's kcapi-enc over our library, on a host without AF_ALG, against `openssl enc` byte by byte.

debian_enc_test.py --lib DIR --drivers DIR [--enc PATH]

The program is that of Debian's package kcapi-tools (tests/kernel/fetch.py), linked to the original library;
ours takes its place by LD_LIBRARY_PATH. A seccomp filter takes AF_ALG away, whatever the host has.
"""

from __future__ import annotations

import argparse
import hashlib
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import unittest
from collections.abc import Callable

import debian

options = argparse.Namespace()

# 61440 is the tool's block from stdin, 126976 the one from a file.
sizes = (1, 15, 16, 17, 61440, 126976, 300001, 5 << 20)
modes = ("cbc", "ctr")
iv = bytes(range(0xF0, 0x100))  # so that a counter carries into its upper bytes
block = 16

# The tool ends with the negative error value, of which the shell sees eight bits.
exit_enoent, exit_enomem, exit_einval, exit_eafnosupport = 254, 244, 234, 159


def enc(*arguments: str, data: bytes = b"", key: bytes | None = None,
        **settings: str) -> subprocess.CompletedProcess[bytes]:
    command = [options.enc, *([] if key is None else ["--keyfd", "KEYFD"]), *arguments]
    return debian.start(command, data, key=key, environment=debian.environment(options, **settings))


def openssl(mode: str, key: bytes, plain: bytes, start_iv: bytes = iv) -> bytes:
    """The ciphertext; data that is a multiple of the block gets no padding, as from the tool."""
    command = ["openssl", "enc", f"-aes-{len(key) * 8}-{mode}", "-K", key.hex(), "-iv", start_iv.hex()]
    if len(plain) % block == 0:
        command.append("-nopad")
    return subprocess.run(command, input=plain, capture_output=True, check=True).stdout


def sample(size: int) -> bytes:
    """Data whose end does not look like padding, which the tool would take off when it decrypts."""
    return (random.Random(size).randbytes(size - 1) + b"\x80") if size else b""


def padded(mode: str, plain: bytes) -> bytes:
    missing = -len(plain) % block if mode == "cbc" else 0
    return plain + bytes([missing]) * missing


class checks(unittest.TestCase):
    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.input = pathlib.Path(scratch.name, "input")
        self.output = pathlib.Path(scratch.name, "output")

    def expect_exit(self, done: subprocess.CompletedProcess[bytes], status: int) -> None:
        self.assertEqual(done.returncode, status, done.stderr.decode(errors="replace")[-2000:])

    def by_stream(self, mode: str, direction: str, key: bytes, data: bytes, *more: str) -> bytes:
        done = enc("-c", f"{mode}(aes)", direction, "--iv", iv.hex(), *more, data=data, key=key)
        self.expect_exit(done, 0)
        return done.stdout

    def by_file(self, mode: str, direction: str, key: bytes, data: bytes, *more: str) -> bytes:
        self.input.write_bytes(data)
        self.output.unlink(missing_ok=True)
        done = enc("-c", f"{mode}(aes)", direction, "--iv", iv.hex(), "-i", str(self.input), "-o",
                   str(self.output), *more, key=key)
        self.expect_exit(done, 0)
        self.assertEqual(done.stdout, b"")
        return self.output.read_bytes()


class data(checks):
    def for_each_case(self, check: Callable[[str, bytes, bytes, bytes], None]) -> None:
        for mode in modes:
            for number, size in enumerate(sizes):
                key = random.Random(f"{mode}{size}").randbytes((16, 24, 32)[number % 3])
                with self.subTest(mode=mode, size=size, key=len(key)):
                    plain = sample(size)
                    check(mode, key, plain, openssl(mode, key, plain))

    def expect_same(self, found: bytes, wanted: bytes) -> None:
        """Without printing megabytes."""
        self.assertEqual(len(found), len(wanted))
        self.assertTrue(found == wanted, "the bytes differ")

    def test_encrypt_file_to_file(self) -> None:
        self.for_each_case(lambda mode, key, plain, cipher: self.expect_same(
            self.by_file(mode, "-e", key, plain), cipher))

    def test_encrypt_stdin_to_stdout(self) -> None:
        self.for_each_case(lambda mode, key, plain, cipher: self.expect_same(
            self.by_stream(mode, "-e", key, plain), cipher))

    def test_decrypt_file_to_file_takes_padding_off(self) -> None:
        self.for_each_case(lambda mode, key, plain, cipher: self.expect_same(
            self.by_file(mode, "-d", key, cipher), plain))

    def test_decrypt_file_to_file_leaves_padding_if_told(self) -> None:
        self.for_each_case(lambda mode, key, plain, cipher: self.expect_same(
            self.by_file(mode, "-d", key, cipher, "--nounpad"), padded(mode, plain)))

    def test_decrypt_stdin_to_stdout_leaves_padding(self) -> None:
        self.for_each_case(lambda mode, key, plain, cipher: self.expect_same(
            self.by_stream(mode, "-d", key, cipher), padded(mode, plain)))

    def test_file_to_stdout_and_stdin_to_file(self) -> None:
        key, plain = bytes(range(32)), sample(300001)
        for mode in modes:
            cipher = openssl(mode, key, plain)
            self.input.write_bytes(plain)
            done = enc("-c", f"{mode}(aes)", "--iv", iv.hex(), "-i", str(self.input), key=key)
            self.expect_exit(done, 0)
            self.assertEqual(done.stdout, cipher)
            done = enc("-c", f"{mode}(aes)", "--iv", iv.hex(), "-o", str(self.output), data=plain, key=key)
            self.expect_exit(done, 0)
            self.assertEqual(self.output.read_bytes(), cipher)

    def test_nothing_from_stdin_is_nothing(self) -> None:
        for mode in modes:
            self.assertEqual(self.by_stream(mode, "-e", bytes(16), b""), b"")
            self.assertEqual(self.by_stream(mode, "-d", bytes(16), b""), b"")

    def test_an_empty_file_is_the_tools_own_error(self) -> None:
        # It maps the file, and a mapping of no bytes is ENOMEM.
        self.input.touch()
        done = enc("-c", "cbc(aes)", "--iv", iv.hex(), "-i", str(self.input), "-o", str(self.output),
                   key=bytes(16))
        self.expect_exit(done, exit_enomem)

    def test_short_long_and_absent_iv(self) -> None:
        key, plain = bytes(range(16)), sample(1000)
        for given in (iv[:8], iv + b"more", b""):
            command = ["-c", "cbc(aes)", *(["--iv", given.hex()] if given else [])]
            done = enc(*command, data=plain, key=key)
            self.expect_exit(done, 0)
            self.assertEqual(done.stdout, openssl("cbc", key, plain, (given + bytes(16))[:16]), given)


class errors(checks):
    def test_wrong_key_length(self) -> None:
        for length in (1, 15, 17, 31):
            done = enc("-c", "cbc(aes)", "--iv", iv.hex(), data=b"data", key=bytes(length))
            self.expect_exit(done, exit_einval)
            self.assertEqual(done.stdout, b"")

    def test_length_that_is_no_multiple_of_the_block(self) -> None:
        done = enc("-c", "cbc(aes)", "-d", "--iv", iv.hex(), data=bytes(17), key=bytes(16))
        self.expect_exit(done, exit_einval)

    def test_unknown_algorithm(self) -> None:
        done = enc("-c", "cbc(unknown)", data=b"data", key=bytes(16))
        self.expect_exit(done, exit_eafnosupport)
        done = enc("-c", "cbc(unknown)", data=b"data", key=bytes(16), KCAPI_ENGINE="local")
        self.expect_exit(done, exit_enoent)

    def test_other_families_without_the_kernel(self) -> None:
        aead = ("-c", "gcm(aes)", "-e", "--iv", iv[:12].hex(), "--aad", "00ff", "--taglen", "16")
        self.expect_exit(enc(*aead, data=b"data", key=bytes(16), KCAPI_ENGINE="kernel"), exit_eafnosupport)
        done = enc(*aead, data=b"data", key=bytes(16))
        self.expect_exit(done, 0)
        # Computed with pyca/cryptography.
        self.assertIn("dc6f15201d9d7330d52015482e3cd2fc61b72e0b", done.stdout.hex())

    def test_a_password_needs_no_kernel(self) -> None:
        command = ("-c", "cbc(aes)", "-e", "--iv", iv.hex(), "-p", "password", "-s", "00ff")
        done = enc(*command, data=b"data")
        self.expect_exit(done, 0)
        count = int(re.search(rb"iterations used: (\d+)", done.stderr)[1])
        key = hashlib.pbkdf2_hmac("sha256", b"password", bytes.fromhex("00ff"), count, 32)
        self.assertEqual(done.stdout, openssl("cbc", key, b"data"))
        self.expect_exit(enc(*command, data=b"data", KCAPI_ENGINE="kernel"), exit_eafnosupport)

    def test_kernel_engine_alone_does_not_serve_here(self) -> None:
        done = enc("-c", "cbc(aes)", "--iv", iv.hex(), data=b"data", key=bytes(16), KCAPI_ENGINE="kernel")
        self.expect_exit(done, exit_eafnosupport)


class setting(checks):
    """The test tests what it says."""

    def test_af_alg_is_denied(self) -> None:
        done = debian.start([sys.executable, "-c", "import socket; socket.socket(38, socket.SOCK_SEQPACKET, 0)"])
        self.assertIn(b"[Errno 97]", done.stderr)
        self.expect_exit(debian.start([sys.executable, "-c", "import socket; socket.socket()"]), 0)

    def test_the_library_is_ours(self) -> None:
        done = enc("--version")
        self.expect_exit(done, 0)
        self.assertIn(b"libkcapi 1.5.1", done.stderr)
        done = enc("-c", "cbc(aes)", data=b"data", key=bytes(16), KCAPI_DRIVER_PATH=str(self.input))
        self.expect_exit(done, exit_eafnosupport)

    def test_a_wrong_byte_would_be_seen(self) -> None:
        key, plain = bytes(16), sample(17)
        cipher = self.by_stream("cbc", "-e", key, plain)
        self.assertNotEqual(cipher, openssl("cbc", key, plain, bytes(16)))
        self.assertNotEqual(cipher, openssl("cbc", key, plain[:-1] + b"\x81"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    debian.add_arguments(parser)
    parser.add_argument("--enc", help="kcapi-enc; without it that of Debian's package is fetched")
    _, others = parser.parse_known_args(namespace=options)
    options.enc = options.enc or str(debian.fetched() / "bin" / "kcapi-enc")
    unittest.main(argv=[sys.argv[0], *others])


if __name__ == "__main__":
    main()
