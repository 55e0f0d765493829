#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Our tools and Debian's own (kcapi-tools 1.4.0, which has no hasher) give the same bytes and the same status on a table of command lines.

same_as_debian_test.py --tools DIR --lib DIR --drivers DIR

Debian's run over our library, without AF_ALG. Where ours are better the row says why, with the number of the defect in
docs/compatibility.md where there is one, and the difference has to be there: a row that no longer differs fails too.
"""

from __future__ import annotations

import argparse
import pathlib
import subprocess
import sys
import tempfile
import unittest

import debian

options = argparse.Namespace()
key, long_key = bytes(range(32)), bytes(range(64))
iv = "000102030405060708090a0b0c0d0e0f"
data = bytes(range(256)) * 5 + b"\x80"
cbc = ("kcapi-enc", "-c", "cbc(aes)", "--keyfd", "KEYFD", "--iv", iv)
ctr = ("kcapi-enc", "-c", "ctr(aes)", "--keyfd", "KEYFD", "--iv", iv)
gcm = ("kcapi-enc", "-c", "gcm(aes)", "--keyfd", "KEYFD", "--iv", iv[:24], "--aad", "00ff")
password = ("-p", "password", "-s", "00ff", "--pbkdfiter", "1000")

# Command lines with the same outcome; stdin is `data`, KEYFD gives `key`.
same = (
    cbc, (*cbc, "-e"), ctr, (*ctr, "-d"), (*cbc, "-d"), (*cbc, "-i", "FILE"), (*cbc, "-i", "FILE", "-o", "OUT"),
    (*ctr, "-i", "FILE", "-o", "OUT"), (*cbc, "-d", "-i", "PADDED", "-o", "OUT"),
    (*cbc, "-d", "-i", "PADDED", "-o", "OUT", "--nounpad"), (*cbc, "-d", "-i", "PADDED"), (*cbc, "-q"), (*cbc, "-v"),
    ("kcapi-enc", "-c", "cbc(aes)", "--iv", iv, *password), ("kcapi-enc", "-c", "cbc(aes)", "--iv", iv, *password, "--pbkdfmac", "hmac(sha1)"),
    ("kcapi-enc", "-c", "cbc(aes)", "--iv", "zz10", "--keyfd", "KEYFD"), ("kcapi-enc", "-c", "cbc(aes)", "--iv", "123", "--keyfd", "KEYFD"),
    ("kcapi-enc", "-c", "cbc(aes)", "--keyfd", "KEYFD"), (*gcm, "--taglen", "16"), (*gcm, "--taglen", "12"), (*gcm, "--taglen", "17"),
    (*gcm, "-d", "--tag", "00" * 16), (*gcm, "--taglen", "0"), gcm, (*gcm, "-d"),
    ("kcapi-enc",), ("kcapi-enc", "-c", "cbc(aes)"), ("kcapi-enc", "-h"), ("kcapi-enc", "--help"), ("kcapi-enc", "--wrong"),
    ("kcapi-enc", "--version"), ("kcapi-enc", "-c", "nothing", "--keyfd", "KEYFD"), (*cbc, "-i", "ABSENT"), (*cbc, "-i", "FOLDER"),
    (*cbc, "-i", "FILE", "-o", "FOLDER"), (*cbc, "word"), ("kcapi-enc", "--ciph", "ctr(aes)", "--keyfd", "KEYFD", "--iv", iv),
    ("kcapi-dgst", "-c", "sha256"), ("kcapi-dgst", "-c", "sha256", "--hex"), ("kcapi-dgst", "-c", "sha256", "-i", "FILE", "-o", "OUT", "--hex"),
    ("kcapi-dgst", "-c", "hmac(sha256)", "--keyfd", "KEYFD"), ("kcapi-dgst", "-c", "hmac(sha512)", *password), ("kcapi-dgst",),
    ("kcapi-dgst", "-c", "nothing"), ("kcapi-dgst", "-c", "sha256", "-i", "ABSENT"), ("kcapi-dgst", "-c", "sha256", "-i", "EMPTY"),
    ("kcapi-dgst", "-h"), ("kcapi-dgst", "--version"), ("kcapi-rng",), ("kcapi-rng", "-b", "0"), ("kcapi-rng", "-b", "5", "-n", "nothing"),
    ("kcapi-rng", "-h"), ("kcapi-rng", "--version"),
)

# Command lines with another outcome, and why.
different = {
    (*cbc, "-i", "EMPTY", "-o", "OUT"): "an empty file is no error (1.5.1)",
    ("kcapi-enc", "-c", "ctr(aes)", "--keyfd", "LONG", "--iv", iv): "24: a key of 64 bytes was cut",
    ("kcapi-dgst", "-c", "hmac(sha256)", "--keyfd", "LONG"): "24: a key of 64 bytes was cut",
}


class table(unittest.TestCase):
    maxDiff = 2000

    def prepare(self, folder: pathlib.Path) -> None:
        (folder / "FOLDER").mkdir()
        for name, content in {"FILE": data, "EMPTY": b"", "OUT": b"before", "PADDED": self.padded}.items():
            (folder / name).write_bytes(content)

    @classmethod
    def setUpClass(cls) -> None:
        command = ["openssl", "enc", "-aes-256-cbc", "-K", key.hex(), "-iv", iv]
        cls.padded = subprocess.run(command, input=data, capture_output=True, check=True).stdout

    def outcome(self, where: pathlib.Path, command: tuple[str, ...]) -> tuple[int, bytes, dict[str, bytes]]:
        """Status, stdout, and the files afterwards."""
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch)
            self.prepare(folder)
            given = long_key if "LONG" in command else key if "KEYFD" in command else None
            words = ["KEYFD" if word == "LONG" else word for word in command[1:]]
            done = debian.start(["env", "-C", scratch, str(where / command[0]), *words], data, key=given,
                                environment=debian.environment(options, KCAPI_ENGINE="local"))
            left = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
            return done.returncode, done.stdout, left

    def test_same_outcome(self) -> None:
        self.assertGreater(len(same), 50)
        for command in same:
            with self.subTest(" ".join(command)):
                self.assertEqual(self.outcome(options.tools, command), self.outcome(options.theirs, command))

    def test_listed_differences_are_there(self) -> None:
        for command, why in different.items():
            with self.subTest(" ".join(command), why=why):
                self.assertNotEqual(self.outcome(options.tools, command), self.outcome(options.theirs, command))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    debian.add_arguments(parser)
    parser.add_argument("--tools", required=True, type=pathlib.Path)
    _, others = parser.parse_known_args(namespace=options)
    options.theirs = debian.fetched() / "bin"
    unittest.main(argv=[sys.argv[0], *others])
