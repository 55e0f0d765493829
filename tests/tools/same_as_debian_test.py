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
import sys
import tempfile
import unittest

import command_lines
import debian

options = argparse.Namespace()


class table(unittest.TestCase):
    maxDiff = 2000

    def outcome(self, where: pathlib.Path, command: tuple[str, ...]) -> tuple[int, bytes, dict[str, bytes]]:
        """Status, stdout, and the files afterwards."""
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch)
            command_lines.prepare(folder)
            given = command_lines.long_key if "LONG" in command else command_lines.key if "KEYFD" in command else None
            words = ["KEYFD" if word == "LONG" else word for word in command[1:]]
            done = debian.start(["env", "-C", scratch, str(where / command[0]), *words], command_lines.data, key=given,
                                environment=debian.environment(options, KCAPI_ENGINE="local"))
            left = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
            return done.returncode, done.stdout, left

    def test_same_outcome(self) -> None:
        self.assertGreater(len(command_lines.same), 50)
        for command in command_lines.same:
            with self.subTest(" ".join(command)):
                self.assertEqual(self.outcome(options.tools, command), self.outcome(options.theirs, command))

    def test_listed_differences_are_there(self) -> None:
        for command, why in command_lines.different.items():
            with self.subTest(" ".join(command), why=why):
                self.assertNotEqual(self.outcome(options.tools, command), self.outcome(options.theirs, command))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    debian.add_arguments(parser)
    parser.add_argument("--tools", required=True, type=pathlib.Path)
    _, others = parser.parse_known_args(namespace=options)
    options.theirs = debian.fetched() / "bin"
    unittest.main(argv=[sys.argv[0], *others])
