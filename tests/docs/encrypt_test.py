#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""encrypt_test.py PROGRAM: the C example runs, and fails with a message where no engine serves it."""

import os
import subprocess
import sys
import unittest

program = ""


class encrypt(unittest.TestCase):
    def test_one_call_and_two_pieces_give_the_same(self) -> None:
        answer = subprocess.run([program], capture_output=True, text=True, timeout=60)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertEqual(answer.stdout, "54 bytes, the same both ways\n")
        self.assertEqual(answer.stderr, "")

    def test_unknown_engine_is_a_clear_error(self) -> None:
        answer = subprocess.run([program], capture_output=True, text=True, timeout=60,
                                env=os.environ | {"KCAPI_ENGINE": "nothing"})
        self.assertEqual(answer.returncode, 1)
        self.assertEqual(answer.stdout, "")
        self.assertEqual(answer.stderr, "kcapi: No such file or directory\n")


if __name__ == "__main__":
    program = sys.argv[1]
    unittest.main(argv=sys.argv[:1])
