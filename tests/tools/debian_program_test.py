#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A program compiled and linked against Debian's libkcapi-dev, over our library.

debian_program_test.py --lib DIR --drivers DIR [--guest KERNEL] [--record]

What it prints is compared with debian_program.expected, line by line. On the host that is our local engine,
without AF_ALG. With --guest it is a real kernel's turn: Debian's own library there must print the same, and so
must ours on the kernel engine and by its own choice. --record writes the file anew from Debian's library in
that guest.
"""

from __future__ import annotations

import argparse
import difflib
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import debian

options = argparse.Namespace()
here = pathlib.Path(__file__).resolve().parent
expected = here / "debian_program.expected"


def compiled(folder: str) -> str:
    """Header and link are Debian's; C99 without extensions or warnings."""
    usr = debian.fetched()
    libraries = next(usr.glob("lib/*/libkcapi.so")).parent
    program = f"{folder}/debian_program"
    subprocess.run([os.environ.get("CC", "cc"), "-std=c99", "-Wall", "-Wextra", "-Werror", "-isystem",
                    str(usr / "include"), str(here / "debian_program.c"), f"-L{libraries}", "-lkcapi", "-o",
                    program], check=True)
    return program


class program(unittest.TestCase):
    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = scratch.name
        self.program = compiled(scratch.name)

    def expect_same(self, found: str, who: str) -> None:
        difference = list(difflib.unified_diff(expected.read_text().splitlines(), found.splitlines(),
                                               "expected", who, lineterm="", n=1))
        self.assertEqual(difference, [], "\n" + "\n".join(line[:160] for line in difference))


class on_the_host(program):
    def run_program(self, **settings: str) -> subprocess.CompletedProcess[bytes]:
        return debian.start([self.program], environment=debian.environment(options, **settings))

    def test_it_needs_the_library_by_its_name_only(self) -> None:
        done = subprocess.run(["readelf", "-d", self.program], check=True, capture_output=True, text=True)
        self.assertIn("[libkcapi.so.1]", done.stdout)
        self.assertNotIn("RUNPATH", done.stdout)
        self.assertNotIn("RPATH", done.stdout)

    def test_prints_what_it_prints_over_debians_library_on_a_kernel(self) -> None:
        for settings in ({}, {"KCAPI_ENGINE": "auto"}, {"KCAPI_ENGINE": "local"}):
            with self.subTest(settings):
                done = self.run_program(**settings)
                self.assertEqual(done.returncode, 0)
                self.assertEqual(done.stderr, b"")
                self.expect_same(done.stdout.decode(), "ours")

    def test_a_difference_would_be_seen(self) -> None:
        done = self.run_program(KCAPI_ENGINE="kernel")
        self.assertNotEqual(done.stdout.decode(), expected.read_text())


class in_a_guest(program):
    def outputs(self) -> dict[str, str]:
        """What the program prints there: one job for each library and engine, after another."""
        who = {
            "debian": "LD_LIBRARY_PATH=/debian",
            "kernel": "LD_LIBRARY_PATH=/ours KCAPI_ENGINE=kernel KCAPI_DRIVER_PATH=/none",
            "auto": "LD_LIBRARY_PATH=/ours KCAPI_ENGINE=auto KCAPI_DRIVER_PATH=/job/drivers",
        }
        library = next(debian.fetched().glob("lib/*/libkcapi.so.1"))
        command = [sys.executable, "-B", str(debian.root / "tests" / "kernel" / "run.py"), "--kernel",
                   options.guest, "--timeout", "60", "--file", self.program, "--file", f"{library}:/debian/libkcapi.so.1",
                   "--file", f"{options.lib}/libkcapi.so.1:/ours/libkcapi.so.1", "--file", options.drivers]
        for name, settings in who.items():
            command += ["--job", f"{name}:{settings} /job/debian_program > /tmp/{name}",
                        "--collect", f"/tmp/{name}:{self.folder}/{name}"]
        # For the harness, which looks for the program's libraries here.
        done = subprocess.run(command, check=False, env={**os.environ, "LD_LIBRARY_PATH": options.lib})
        self.assertEqual(done.returncode, 0)
        return {name: pathlib.Path(self.folder, name).read_text() for name in who}

    def test_every_library_and_engine_prints_the_same(self) -> None:
        found = self.outputs()
        if options.record:
            expected.write_text(found["debian"])
        self.assertGreater(len(found["debian"].splitlines()), 200)
        for name, text in found.items():
            with self.subTest(name):
                self.expect_same(text, name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    debian.add_arguments(parser)
    parser.add_argument("--guest", metavar="KERNEL", help="in a guest instead, by tests/kernel/run.py")
    parser.add_argument("--record", action="store_true", help="with --guest: write the expected output anew")
    _, others = parser.parse_known_args(namespace=options)
    suite = "in_a_guest" if options.guest else "on_the_host"
    unittest.main(argv=[sys.argv[0], *others], defaultTest=suite)


if __name__ == "__main__":
    main()
