#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What an installation of the tools leaves: programs, the hasher's names, check files that hold, pages, completion."""

from __future__ import annotations

import argparse
import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import debian

options = argparse.Namespace()


class installation(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.scratch.cleanup)
        cls.prefix = pathlib.Path(cls.scratch.name, "usr")
        environment = {**os.environ, "DESTDIR": ""}
        subprocess.run(["cmake", "--install", options.build, "--prefix", cls.prefix], check=True, capture_output=True,
                       env=environment)
        cls.library = next(cls.prefix.rglob("libkcapi.so")).parent
        cls.environment = {**os.environ, "LD_LIBRARY_PATH": str(cls.library), "KCAPI_ENGINE": "local",
                           "KCAPI_DRIVER_PATH": str(cls.library / "kcapi" / "drivers")}

    def run_installed(self, path: pathlib.Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([path, *arguments], input=b"data", capture_output=True, check=False,
                              env={**self.environment, **more})

    def test_programs_are_in_bin_and_other_names_in_libexec(self) -> None:
        self.assertEqual(sorted(path.name for path in (self.prefix / "bin").glob("kcapi-*")),
                         ["kcapi-dgst", "kcapi-enc", "kcapi-hasher", "kcapi-info", "kcapi-rng", "kcapi-run", "kcapi-speed"])
        names = sorted((self.prefix / "libexec" / "libkcapi").iterdir())
        self.assertEqual(len(names), 16)
        for path in names:
            self.assertTrue(path.is_symlink())
            self.assertEqual(path.resolve(), (self.prefix / "bin" / "kcapi-hasher").resolve())
        done = self.run_installed(self.prefix / "libexec" / "libkcapi" / "sha256sum")
        self.assertEqual(done.stdout.decode(), f"{hashlib.sha256(b'data').hexdigest()}  -\n")

    def test_the_installed_hasher_passes_its_integrity_check_and_an_altered_one_does_not(self) -> None:
        name = self.prefix / "libexec" / "libkcapi" / "sha512sum"
        done = self.run_installed(name, KCAPI_HASHER_FORCE_FIPS="1")
        self.assertEqual(done.returncode, 0, done.stderr)
        check_file = self.prefix / "bin" / ".kcapi-hasher.hmac"
        text = check_file.read_text()
        self.assertTrue(text.endswith(" *kcapi-hasher\n"))
        check_file.write_text("0" * 128 + text[128:])
        try:
            self.assertEqual(self.run_installed(name, KCAPI_HASHER_FORCE_FIPS="1").returncode, 1)
        finally:
            check_file.write_text(text)

    def test_the_installed_runner_finds_the_installed_shim(self) -> None:
        program = ("import socket\n"
                   "with socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET) as s:\n"
                   "    s.bind(('hash', 'sha256'))\n"
                   "    op, _ = s.accept()\n"
                   "    op.sendall(b'data')\n"
                   "    print(op.recv(64).hex())\n")
        trace = pathlib.Path(self.scratch.name, "trace")
        environment = {name: value for name, value in self.environment.items() if name != "KCAPI_ENGINE"}
        done = subprocess.run([self.prefix / "bin" / "kcapi-run", f"--trace={trace}", sys.executable, "-c", program],
                              capture_output=True, check=False, env=environment, preexec_fn=debian.deny_af_alg)
        self.assertEqual(done.stdout.decode(), hashlib.sha256(b"data").hexdigest() + "\n", done.stderr)
        self.assertIn(' hash, "sha256") = 0', trace.read_text())
        self.assertTrue((self.library / "kcapi" / "libkcapi-preload.so").is_file())

    def test_the_example_for_services_names_the_shim(self) -> None:
        text = next((self.prefix / "share" / "doc").rglob("kcapi-preload.conf")).read_text()
        self.assertRegex(text, r"(?m)^Environment=LD_PRELOAD=/\S+/kcapi/libkcapi-preload\.so$")

    def test_pages_and_completion_are_there(self) -> None:
        for tool in ("kcapi-dgst", "kcapi-enc", "kcapi-hasher", "kcapi-info", "kcapi-rng", "kcapi-run", "kcapi-speed"):
            self.assertTrue((self.prefix / "share" / "man" / "man1" / f"{tool}.1").is_file())
            self.assertTrue((self.prefix / "share" / "bash-completion" / "completions" / tool).is_file())
        self.assertTrue((self.prefix / "share" / "man" / "man7" / "kcapi-preload.7").is_file())
        self.assertTrue((self.prefix / "share" / "zsh" / "vendor-completions" / "_kcapi-tools").is_file())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    _, others = parser.parse_known_args(namespace=options)
    unittest.main(argv=[sys.argv[0], *others])
