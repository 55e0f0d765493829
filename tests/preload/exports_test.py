#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""exports_test.py LIBRARY MAP: what the shim puts in a program's way, and what it brings along."""
import re
import subprocess
import sys
import unittest

LIBRARY, MAP = sys.argv[1:3]


def lines_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def exported(lines):
    return {line.split()[-1] for line in lines}


def listed(text):
    return set(re.findall(r"^    (\w+);$", text, re.M))


class Exports(unittest.TestCase):
    def test_exactly_the_listed_names_are_exported(self):
        with open(MAP) as text:
            names = listed(text.read())
        self.assertGreater(len(names), 70)
        self.assertEqual(exported(lines_of("nm", "-D", "--defined-only", LIBRARY)), names)
        self.assertEqual(exported(["0 T read", "0 T wri"]), {"read", "wri"})

    def test_names_have_no_version(self):
        # A definition with a version would stand in for that version of the name alone.
        self.assertEqual([n for n in exported(lines_of("nm", "-D", "--defined-only", LIBRARY)) if "@" in n], [])

    def test_libc_alone_is_needed(self):
        needed = re.findall(r"NEEDED.*\[(.*)\]", "\n".join(lines_of("readelf", "-dW", LIBRARY)))
        self.assertTrue(needed)
        for name in needed:
            self.assertRegex(name, r"^(libc\.so\.6|ld-linux.*\.so\..*)$")

    def test_nothing_runs_at_exit(self):
        sections = "\n".join(lines_of("readelf", "-SW", LIBRARY))
        found = re.search(r"\.fini_array\s+\S+\s+\S+\s+\S+\s+(\S+)", sections)
        # The compiler's own entry, and no more.
        self.assertLessEqual(int(found[1], 16) if found else 0, 8)


unittest.main(argv=sys.argv[:1], verbosity=2)
