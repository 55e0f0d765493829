#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""stream_file_test.py PROGRAM: the demonstration with small, large and bad input; what it leaves behind."""

from __future__ import annotations

import os
import pathlib
import pty
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
import unittest

program = ""

agreement = ["ciphertext equals openssl enc: yes", "decrypted equals the file: yes"]


def write_pattern(path: pathlib.Path, size: int) -> pathlib.Path:
    """A file without repetition at any block size, written in pieces."""
    with path.open("wb") as to:
        block = os.urandom(min(size, 1 << 20))
        for at in range(0, size, 1 << 20):
            to.write(at.to_bytes(8, "big") + block[8:] if size - at >= 1 << 20 else block[: size - at])
    return path


class stream_file(unittest.TestCase):
    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.data = pathlib.Path(directory.name, "data")
        self.data.mkdir()
        # Where the program puts its temporary files; it must be empty whatever happened.
        self.temporary = pathlib.Path(directory.name, "temporary")
        self.temporary.mkdir()

    def run_it(self, *arguments: object, limit: int | None = None,
               **settings: str) -> subprocess.CompletedProcess[str]:
        """Runs the program; `limit` is for the size of files it writes, `settings` for its environment."""

        def prepare() -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        answer = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, timeout=240,
                                env=os.environ | {"TMPDIR": str(self.temporary)} | settings,
                                preexec_fn=prepare if limit is not None else None,
                                restore_signals=limit is None)
        self.assertEqual(list(self.temporary.iterdir()), [], "temporary files are left")
        return answer

    def assert_agrees(self, answer: subprocess.CompletedProcess[str], size: int) -> dict[str, str]:
        """What it printed, by the first word of the line."""
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)
        self.assertEqual(answer.stderr, "")
        lines = answer.stdout.splitlines()
        for line in agreement:
            self.assertIn(line, lines)
        self.assertIn(f"size        {size} bytes", lines)
        self.assertNotIn("\r", answer.stdout, "a progress bar without a terminal")
        told = dict(re.split(r"\s+", line, maxsplit=1) for line in lines)
        for direction in ("encrypt", "decrypt"):
            self.assertRegex(told[direction], r"^\d+ MB/s$")
        return told

    def assert_fails(self, answer: subprocess.CompletedProcess[str], *texts: str) -> None:
        self.assertEqual(answer.returncode, 1, answer.stdout + answer.stderr)
        self.assertTrue(answer.stderr.startswith("stream_file: "), answer.stderr)
        for text in texts:
            self.assertIn(text, answer.stderr)
        for line in agreement:
            self.assertNotIn(line, answer.stdout)

    def test_sizes_around_every_boundary(self) -> None:
        # Of the cipher's block, the pieces it reads, its buffers, and the stream's queue (212992).
        for size in (0, 1, 15, 16, 17, 65536, 131071, 131072, 131073, 212991, 212992, 212993, 1000003):
            with self.subTest(size=size):
                told = self.assert_agrees(self.run_it(write_pattern(self.data / "file", size)), size)
                self.assertEqual(told["file"], str(self.data / "file"))
                self.assertEqual(told["algorithm"], "ctr(aes), 256-bit key")
                self.assertIn(told["engine"], ("local", "kernel"))

    def test_local_engine_says_so(self) -> None:
        file = write_pattern(self.data / "file", 1000)
        told = self.assert_agrees(self.run_it(file, KCAPI_ENGINE="local"), 1000)
        self.assertEqual(told["engine"], "local")
        self.assertRegex(told["driver"], r"^ctr-aes-\w+|^ctr\(")

    def test_other_ciphers(self) -> None:
        file = write_pattern(self.data / "file", 500000)
        for cipher in ("cbc(aes)", "ecb(aes)"):
            with self.subTest(cipher=cipher):
                told = self.assert_agrees(self.run_it("--cipher", cipher, file), 500000)
                self.assertEqual(told["algorithm"], f"{cipher}, 256-bit key")

    def test_memory_does_not_grow_with_the_file(self) -> None:
        most = {}
        for mib in (1, 128):
            told = self.assert_agrees(self.run_it(write_pattern(self.data / "file", mib << 20)), mib << 20)
            most[mib] = int(told["memory"].split()[0])
        self.assertLess(most[128] - most[1], 2048, most)

    def test_sample_of_the_machine(self) -> None:
        told = self.assert_agrees(self.run_it(), 64 << 20)
        self.assertRegex(told["file"], r"^a sample of \d+ files below /usr$")

    def test_sample_of_too_little_fails(self) -> None:
        write_pattern(self.data / "file", 1000)
        (self.data / "link").symlink_to("file")
        self.assert_fails(self.run_it("--sample-from", self.data), str(self.data), "1000 of 67108864 bytes")

    def test_sample_of_nothing_fails(self) -> None:
        self.assert_fails(self.run_it("--sample-from", "/nonexistent"), "/nonexistent", "No such file")

    def test_pipe(self) -> None:
        pipe = self.data / "pipe"
        os.mkfifo(pipe)
        file = write_pattern(self.data / "file", 300007)
        with subprocess.Popen(["cp", file, pipe]) as writer:
            self.assert_agrees(self.run_it(pipe), 300007)
        self.assertEqual(writer.returncode, 0)

    def test_file_whose_size_says_nothing(self) -> None:
        text = pathlib.Path("/proc/self/mountinfo")
        self.assertEqual(text.stat().st_size, 0)
        # Of the test's own process, which does not change meanwhile.
        path = f"/proc/{os.getpid()}/mountinfo"
        self.assert_agrees(self.run_it(path), len(text.read_bytes()))

    def test_what_is_no_file_fails(self) -> None:
        self.assert_fails(self.run_it(self.data), str(self.data), "is a directory")
        self.assert_fails(self.run_it("/dev/zero"), "/dev/zero", "is a device")
        self.assert_fails(self.run_it(self.data / "absent"), "absent", "No such file")

    def test_unreadable_file_fails(self) -> None:
        file = write_pattern(self.data / "file", 100)
        file.chmod(0)
        command = [program, str(file)]
        if os.geteuid() == 0:
            # Root reads everything by these two capabilities.
            command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *command]
        answer = subprocess.run(command, capture_output=True, text=True, timeout=60,
                                env=os.environ | {"TMPDIR": str(self.temporary)})
        self.assert_fails(answer, str(file), "Permission denied")

    def test_length_that_the_mode_cannot_process_fails(self) -> None:
        file = write_pattern(self.data / "file", 300001)
        for cipher in ("cbc(aes)", "ecb(aes)"):
            with self.subTest(cipher=cipher):
                self.assert_fails(self.run_it("--cipher", cipher, file), "collecting: ")

    def test_unknown_cipher_fails(self) -> None:
        self.assert_fails(self.run_it("--cipher", "rot13", "/etc/passwd"), "rot13: ")
        self.assert_fails(self.run_it("--cipher", "xts(aes)", "/etc/passwd"), "openssl enc has no xts(aes)")

    def test_unknown_engine_fails(self) -> None:
        self.assert_fails(self.run_it("/etc/passwd", KCAPI_ENGINE="nothing"), "ctr(aes): ", "KCAPI_ENGINE")

    def test_wrong_use_fails(self) -> None:
        self.assert_fails(self.run_it("--nothing"), "usage:")
        self.assert_fails(self.run_it("one", "two"), "usage:")

    def test_help(self) -> None:
        answer = self.run_it("--help")
        self.assertEqual(answer.returncode, 0)
        self.assertTrue(answer.stdout.startswith("usage:"))

    def test_openssl_missing_fails(self) -> None:
        file = write_pattern(self.data / "file", 100)
        self.assert_fails(self.run_it(file, PATH="/nonexistent"), "cannot run openssl")

    def fake_openssl(self, script: str) -> str:
        """A PATH on which `openssl` is this script."""
        place = self.data / "bin"
        place.mkdir()
        fake = place / "openssl"
        fake.write_text(f"#!/bin/sh\n{script}\n")
        fake.chmod(0o755)
        return f"{place}:{os.environ['PATH']}"

    def test_other_ciphertext_is_told(self) -> None:
        file = write_pattern(self.data / "file", 100000)
        path = self.fake_openssl("cat")
        answer = self.run_it(file, PATH=path)
        self.assertEqual(answer.returncode, 1)
        self.assertIn("ciphertext equals openssl enc: no", answer.stdout)
        self.assertIn("decrypted equals the file: yes", answer.stdout)

    def test_shorter_ciphertext_is_told(self) -> None:
        file = write_pattern(self.data / "file", 100000)
        real = subprocess.run(["which", "openssl"], capture_output=True, text=True, check=True).stdout.strip()
        answer = self.run_it(file, PATH=self.fake_openssl(f'{real} "$@" | head -c 99999'))
        self.assertEqual(answer.returncode, 1)
        self.assertIn("ciphertext equals openssl enc: no", answer.stdout)

    def test_failing_openssl_is_told(self) -> None:
        file = write_pattern(self.data / "file", 0)
        self.assert_fails(self.run_it(file, PATH=self.fake_openssl("exit 3")), "openssl enc failed")

    def test_no_room_for_temporary_files_fails(self) -> None:
        file = write_pattern(self.data / "file", 1000000)
        self.assert_fails(self.run_it(file, limit=500000), "cannot write a temporary file", "File too large")
        self.assert_fails(self.run_it(file, TMPDIR="/nonexistent"), "/nonexistent", "No such file")

    def test_interrupted_leaves_nothing(self) -> None:
        file = self.data / "file"
        file.touch()
        os.truncate(file, 256 << 20)
        for signal_number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            with self.subTest(signal=signal_number):
                # A shell's background job is started with SIGINT ignored; the program must not inherit that.
                running = subprocess.Popen([program, str(file)], stdout=subprocess.DEVNULL,
                                           env=os.environ | {"TMPDIR": str(self.temporary)},
                                           preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
                time.sleep(0.2)
                running.send_signal(signal_number)
                self.assertEqual(running.wait(60), -signal_number, "it ended before the signal")
                self.assertEqual(list(self.temporary.iterdir()), [])

    def test_progress_bar_on_a_terminal(self) -> None:
        file = write_pattern(self.data / "file", 64 << 20)
        ours, its = pty.openpty()
        running = subprocess.Popen([program, str(file)], stdout=its, stderr=its,
                                   env=os.environ | {"TMPDIR": str(self.temporary)})
        os.close(its)
        shown = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # EIO: nobody has the other side open any more
                break
            shown += part
        os.close(ours)
        self.assertEqual(running.wait(60), 0)
        text = shown.decode()
        for direction in ("encrypt", "decrypt"):
            self.assertRegex(text, rf"\r{direction}  \[#* *\] +\d+%")
        # The bar is gone when the results come.
        self.assertRegex(text, r"\r {60}\rencrypt     \d+ MB/s\r\n")
        self.assertIn(agreement[0], text)


if __name__ == "__main__":
    program = sys.argv[1]
    unittest.main(argv=sys.argv[:1])
