#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Installs our packages over Debian's own in a fresh system, runs what was built before and after, and removes them.

system_check.py PACKAGES

The system is made by debootstrap from the mirror that this machine uses, in a folder that is removed again. Root is
needed. Programs in it run without AF_ALG, whatever this machine has.
"""

from __future__ import annotations

import hashlib
import os
import pathlib
import shutil
import sys
import unittest

import system

here = pathlib.Path(__file__).resolve().parent
root = here.parents[1]
debians = {"libkcapi1", "libkcapi-dev", "kcapi-tools"}
data = bytes(range(256)) * 41
drivers = "usr/lib/*/kcapi/drivers"


class life(unittest.TestCase):
    """One system; the tests run in the order of their names, each from where the one before left it."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.system = system.fresh(pathlib.Path(sys.argv[1]))
        cls.addClassCleanup(cls.system.remove)
        cls.system.apt("install", "gcc", "libc6-dev", "pkg-config")
        cls.before = cls.system.files()
        cls.theirs = cls.system.candidate("libkcapi1")
        cls.system.apt("install", *sorted(debians))
        shutil.copy(root / "tests" / "tools" / "debian_program.c", cls.system.folder / "root")
        shutil.copy(root / "examples" / "encrypt.c", cls.system.folder / "root")
        cls.system.check("cc", "-std=c99", "-o", "/root/old", "/root/debian_program.c", "-lkcapi")
        cls.system.offer_ours()
        cls.ours = cls.system.candidate("libkcapi1")

    def expect_versions(self, expected: dict[str, str]) -> None:
        installed = self.system.installed("*kcapi*")
        self.assertEqual(installed, expected)
        self.assertEqual(self.system.check("dpkg", "--audit"), b"")
        self.assertEqual(self.system.check("dpkg", "--verify", *installed), b"")

    def expect_it_runs(self) -> None:
        """A program of Debian's time, one that is built now, and the tools."""
        old = self.system.run("/root/old")
        self.assertEqual(old.stdout.decode(), (root / "tests" / "tools" / "debian_program.expected").read_text())
        flags = self.system.check("pkg-config", "--cflags", "--libs", "libkcapi").decode().split()
        self.system.check("cc", "-std=c99", "-D_GNU_SOURCE", "-o", "/root/new", "/root/encrypt.c", *flags)
        self.assertIn(b"the same both ways", self.system.check("/root/new"))

    def expect_tools_run(self) -> None:
        digest = hashlib.sha256(data).hexdigest()
        self.assertEqual(self.system.check("kcapi-dgst", "-c", "sha256", "--hex", data=data).decode().strip(), digest)
        self.assertEqual(self.system.check("/usr/libexec/libkcapi/sha256sum", data=data).decode(), f"{digest}  -\n")
        self.assertEqual(len(self.system.check("kcapi-rng", "-b", "77")), 77)
        key = ("-p", "password", "-s", "00ff", "--pbkdfiter", "1000", "--iv", "00" * 16)
        sealed = self.system.check("kcapi-enc", "-c", "ctr(aes)", *key, data=data)
        self.assertEqual(self.system.check("kcapi-enc", "-d", "-c", "ctr(aes)", *key, data=sealed), data)
        self.assertRegex(self.system.check("kcapi-info", "cbc(aes)"), rb"served by  \S+, local engine")
        checked = self.system.run("/usr/libexec/libkcapi/sha512hmac", "/root/old", KCAPI_HASHER_FORCE_FIPS="1")
        self.assertEqual((checked.returncode, checked.stderr), (0, b""))

    def all_ours(self, *more: str) -> dict[str, str]:
        return dict.fromkeys((*debians, "kcapi-drivers-openssl", *more), self.ours)

    def test_1_an_upgrade_brings_ours_and_the_drivers(self) -> None:
        self.assertNotEqual(self.theirs, self.ours)
        self.system.apt("upgrade", "--with-new-pkgs")
        self.expect_versions(self.all_ours())
        self.assertEqual(self.system.glob("usr/lib/*/libkcapi.so.1.4*"), [])
        self.assertIn(b"libkcapi.so.1 ", self.system.check("ldconfig", "-p"))
        self.expect_it_runs()
        self.expect_tools_run()

    def test_2_a_downgrade_brings_debians_back(self) -> None:
        self.system.apt("install", "--allow-downgrades", *(f"{name}={self.theirs}" for name in sorted(debians)),
                        "kcapi-drivers-openssl-")
        self.expect_versions(dict.fromkeys(debians, self.theirs))
        self.assertEqual(self.system.glob(drivers) + self.system.glob("usr/libexec/libkcapi"), [])
        self.assertEqual(self.system.glob("usr/lib/*/.libkcapi*"), [])

    def test_3_without_debians_tools_the_library_serves_and_ours_come_later(self) -> None:
        self.system.apt("purge", "kcapi-tools")
        self.system.apt("install", "libkcapi1", "libkcapi-dev")
        expected = self.all_ours()
        del expected["kcapi-tools"]
        self.expect_versions(expected)
        self.expect_it_runs()
        self.system.apt("install", "kcapi-tools")
        self.expect_versions(self.all_ours())
        self.expect_tools_run()

    def test_4_every_package_of_ours_can_be_there(self) -> None:
        further = self.system.offered() - debians
        self.assertIn("kcapi-drivers-gcrypt", further)
        self.system.apt("install", *sorted(further))
        self.expect_versions(self.all_ours(*further))
        self.expect_it_runs()
        self.expect_tools_run()
        self.assertIn(b"gcrypt", self.system.check("kcapi-info", "wp512"))

    def test_5_without_drivers_the_tools_say_what_is_missing(self) -> None:
        self.system.apt("purge", *(name for name in self.system.offered() if name.startswith("kcapi-drivers-")))
        done = self.system.run("kcapi-dgst", "-c", "sha256", data=data)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(done.stdout, b"")
        self.assertRegex(self.system.run("kcapi-info", "--doctor").stdout, rb"drivers")

    def test_6_nothing_is_left_of_ours(self) -> None:
        self.system.apt("purge", *self.system.installed("*kcapi*"))
        self.system.apt("autoremove", "--purge")
        self.expect_versions({})
        left = self.system.files() - self.before
        self.assertEqual(left - {"/root/old", "/root/new", "/root/debian_program.c", "/root/encrypt.c"}, set())
        self.assertEqual(self.before - self.system.files(), set())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__.split("\n\n")[1])
    if os.geteuid() != 0:
        sys.exit("system_check.py: has to be run by root")
    # Mounts of its own, which end with it.
    if os.environ.get("KCAPI_OWN_MOUNTS") != "yes":
        os.environ["KCAPI_OWN_MOUNTS"] = "yes"
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, "-B", *sys.argv])
    unittest.main(argv=sys.argv[:1], failfast=True, verbosity=2)
