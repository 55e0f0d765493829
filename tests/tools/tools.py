# SPDX-License-Identifier: BSD-3-Clause
"""What the tests of our command-line tools share: starting one with keys on descriptors, and a folder."""

from __future__ import annotations

import argparse
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

options = argparse.Namespace()

# The tools end with the negative error value, of which the shell sees eight bits.
exit_eio, exit_einval, exit_ebadmsg, exit_emsgsize = 251, 234, 182, 166


def environment(**settings: str) -> dict[str, str]:
    """The engine in the process, whatever the machine has; see --engine."""
    inherited = {name: value for name, value in os.environ.items()
                 if not name.startswith("KCAPI_") or name == "KCAPI_DRIVER_PATH"}
    return {**inherited, "KCAPI_ENGINE": options.engine, "LC_ALL": "C", **settings}


def run(tool: str, *arguments: object, data: bytes | None = None, key: bytes | None = None,
        cwd: str | pathlib.Path | None = None, timeout: float = 120, stdout: object = subprocess.PIPE,
        stdin: object = None, **settings: str) -> subprocess.CompletedProcess[bytes]:
    """Runs a tool; in its arguments KEYFD stands for a descriptor from which `key` can be read."""
    words = [str(word) for word in arguments]
    descriptors: tuple[int, ...] = ()
    if key is not None:
        with tempfile.TemporaryFile() as file:
            file.write(key)
            file.seek(0)
            descriptors = (os.dup(file.fileno()),)
        words = [str(descriptors[0]) if word == "KEYFD" else word for word in words]
    source = {"stdin": stdin} if stdin is not None else {"input": b"" if data is None else data}
    try:
        return subprocess.run([str(options.tools / tool), *words], stdout=stdout, stderr=subprocess.PIPE,
                              timeout=timeout, check=False, pass_fds=descriptors, cwd=cwd,
                              env=environment(**settings), **source)
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def sample(size: int) -> bytes:
    """Bytes that are the same each time; their end does not look like padding."""
    return random.Random(size).randbytes(size - 1) + b"\x80" if size else b""


class checks(unittest.TestCase):
    maxDiff = 2000

    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def file(self, name: str, content: bytes = b"") -> pathlib.Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def expect_exit(self, done: subprocess.CompletedProcess[bytes], status: int) -> None:
        self.assertEqual(done.returncode, status, done.stderr.decode(errors="replace")[-2000:])

    def expect_same(self, found: bytes, wanted: bytes) -> None:
        """Without printing megabytes."""
        self.assertEqual(len(found), len(wanted))
        self.assertTrue(found == wanted, "the bytes differ")

    def expect_nothing_left(self, *kept: str) -> None:
        """No unfinished file lies about."""
        self.assertEqual(sorted(entry.name for entry in self.folder.iterdir()), sorted(kept))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True, type=pathlib.Path, help="the directory of the tools")
    parser.add_argument("--lib", type=pathlib.Path, help="the directory of libkcapi.so.1")
    parser.add_argument("--engine", default="local")
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2])
    _, others = parser.parse_known_args(namespace=options)
    unittest.main(module="__main__", argv=[sys.argv[0], *others])
