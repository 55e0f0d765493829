#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""kcapi-run with the shim itself: who is served, and where its settings lead."""

from __future__ import annotations

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools"))
import debian  # noqa: E402

options = argparse.Namespace()

# Says in one line whether there is a socket of AF_ALG for it.
probe = ("import socket\n"
         "try:\n"
         "    with socket.socket(38, socket.SOCK_SEQPACKET) as s:\n"
         "        s.bind(('hash', 'sha256'))\n"
         "    print('served')\n"
         "except OSError as e:\n"
         "    print(e.errno)\n")
not_served = "97"  # EAFNOSUPPORT, by which the tests deny it


class runner(unittest.TestCase):
    def run_it(self, *arguments: str, python: str = probe, **settings: str) -> subprocess.CompletedProcess[str]:
        inherited = {name: value for name, value in os.environ.items() if name not in ("KCAPI_ENGINE", "LD_PRELOAD")}
        return subprocess.run([options.run, "--library", options.shim, *arguments, sys.executable, "-c", python], text=True,
                              capture_output=True, check=False, timeout=60, preexec_fn=debian.deny_af_alg,
                              env={**inherited, **settings})

    def expect(self, done: subprocess.CompletedProcess[str], *lines: str) -> None:
        self.assertEqual((done.returncode, done.stdout.splitlines()), (0, list(lines)), done.stderr)

    def test_program_and_children_are_served(self) -> None:
        self.expect(self.run_it(), "served")
        child = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {probe!r}])"
        self.expect(self.run_it(python=child), "served")

    def test_children_are_not_if_told_so(self) -> None:
        both = f"{probe}\nimport os, subprocess, sys\nsys.stdout.flush()\nsubprocess.run([sys.executable, '-c', {probe!r}])\n"
        self.expect(self.run_it("--no-children", python=both), "served", not_served)
        listed = f"{both}print(os.environ['LD_PRELOAD'])\n"
        done = self.run_it("--no-children", python=listed, LD_PRELOAD="libm.so.6:libdl.so.2")
        self.assertEqual(done.stdout.splitlines()[-1], "libm.so.6:libdl.so.2", "other libraries stay")

    def test_a_chosen_engine_serves(self) -> None:
        self.expect(self.run_it("--engine", "local"), "served")
        self.expect(self.run_it("--engine", "auto"), "served")
        self.expect(self.run_it("--engine", "kernel"), not_served)

    def test_a_chosen_driver_serves_alone(self) -> None:
        self.expect(self.run_it("--driver", "openssl"), "served")
        self.expect(self.run_it("--driver", "nosuch"), "2")

    def test_the_trace_has_calls_and_no_keys(self) -> None:
        keyed = ("import socket\n"
                 "with socket.socket(38, socket.SOCK_SEQPACKET) as s:\n"
                 "    s.bind(('hash', 'hmac(sha256)'))\n"
                 "    s.setsockopt(279, 1, b'a-very-secret-key')\n"
                 "    op, _ = s.accept()\n"
                 "    op.sendall(b'some-private-data')\n"
                 "    op.recv(32)\n")
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "trace")
            for target, text in ((f"--trace={file}", lambda done: file.read_text()), ("--trace", lambda done: done.stderr)):
                done = self.run_it(target, python=keyed)
                self.expect(done)
                trace = text(done)
                for call in ("socket", "bind", "setsockopt", "accept", "send", "recv", "close"):
                    self.assertIn(call, trace)
                for secret in ("secret", "private", b"a-very-secret-key".hex(), b"some-private-data".hex()):
                    self.assertNotIn(secret, trace)

    def test_without_a_trace_nothing_is_said(self) -> None:
        self.assertEqual(self.run_it().stderr, "")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    for name in ("run", "shim"):
        parser.add_argument(f"--{name}", required=True)
    _, others = parser.parse_known_args(namespace=options)
    unittest.main(argv=[sys.argv[0], *others])
