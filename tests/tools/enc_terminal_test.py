#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""kcapi-enc on a real pseudo-terminal: progress, interruption; and files larger than 32 bits can count."""

from __future__ import annotations

import os
import pty
import resource
import signal
import subprocess
import threading
import time

import tools
from tools import checks, run, sample

key = bytes(range(32))
iv = bytes(range(16))


def on_terminal(folder: object, *arguments: str, interrupt_after: float | None = None) -> tuple[int, bytes]:
    """Runs kcapi-enc with a terminal as stderr; stdin is endless. The status, and what the terminal got."""
    terminal, side = pty.openpty()
    with open("/dev/zero", "rb") as zeros, open(f"{folder}/key", "wb+") as keys:
        keys.write(key)
        keys.seek(0)
        process = subprocess.Popen([tools.options.tools / "kcapi-enc", "-c", "ctr(aes)", "--keyfd", str(keys.fileno()),
                                    *arguments], stdin=zeros, stdout=subprocess.DEVNULL, stderr=side,
                                   pass_fds=(keys.fileno(),), env=tools.environment(), start_new_session=True)
    os.close(side)
    shown = bytearray()

    def collect() -> None:
        try:
            while part := os.read(terminal, 4096):
                shown.extend(part)
        except OSError:
            pass  # the other side is gone

    reader = threading.Thread(target=collect)
    reader.start()
    if interrupt_after is not None:
        time.sleep(interrupt_after)
        process.send_signal(signal.SIGINT)
    status = process.wait(timeout=120)
    reader.join()
    os.close(terminal)
    return status, bytes(shown)


class terminal(checks):
    def test_long_work_shows_progress_and_an_interrupt_leaves_nothing(self) -> None:
        status, shown = on_terminal(self.folder, "-o", str(self.folder / "out"), interrupt_after=3)
        self.assertEqual(status, -signal.SIGINT)
        self.assertRegex(shown, rb"encrypting \d+ MiB, \d+ MiB/s")
        self.expect_nothing_left("key")

    def test_no_progress_if_told(self) -> None:
        _, shown = on_terminal(self.folder, "--no-progress", interrupt_after=2)
        self.assertNotIn(b"MiB", shown)

    def test_short_work_shows_none_unless_told(self) -> None:
        source = self.file("in", sample(2 << 20))
        status, shown = on_terminal(self.folder, "-i", str(source))
        self.assertEqual((status, b"MiB" in shown), (0, False), shown)
        status, shown = on_terminal(self.folder, "--progress", "-i", str(source))
        self.assertEqual((status, b"MiB" in shown), (0, True), shown)
        self.assertIn(b"%", shown)

    def test_none_without_a_terminal(self) -> None:
        done = run("kcapi-enc", "-c", "ctr(aes)", "--keyfd", "KEYFD", data=sample(5 << 20), key=key)
        self.assertEqual(done.stderr, b"")

    def test_every_signal_that_ends_it_removes_the_unfinished_file(self) -> None:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            with open("/dev/zero", "rb") as zeros:
                process = subprocess.Popen([tools.options.tools / "kcapi-enc", "-c", "ctr(aes)", "-p", "x", "-s", "00",
                                            "--pbkdfiter", "1", "-o", self.folder / "out"], stdin=zeros,
                                           stderr=subprocess.DEVNULL, env=tools.environment(),
                                           preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)))
            deadline = time.monotonic() + 30
            while not any(self.folder.iterdir()):
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.01)
            process.send_signal(number)
            self.assertEqual(process.wait(timeout=60), -number)
            self.expect_nothing_left()


class large(checks):
    size = (5 << 30) + 17

    def test_five_gibibytes_as_openssl_has_them_with_little_memory(self) -> None:
        source = self.folder / "sparse"
        with open(source, "wb") as file:
            file.truncate(self.size)
        (self.folder / "key").write_bytes(key)
        script = ('set -e; "$0" -c "ctr(aes)" --iv "$2" --keyfd 3 -i "$1/sparse" 3<"$1/key" | '
                  'cmp - "$1/fifo"')
        os.mkfifo(self.folder / "fifo")
        reference = subprocess.Popen(["openssl", "enc", "-aes-256-ctr", "-K", key.hex(), "-iv", iv.hex(), "-in", source,
                                      "-out", self.folder / "fifo"])
        done = subprocess.run(["bash", "-o", "pipefail", "-c", script, str(tools.options.tools / "kcapi-enc"),
                               str(self.folder), iv.hex()], capture_output=True, check=False, env=tools.environment(),
                              timeout=280)
        reference.kill()
        reference.wait()
        self.expect_exit(done, 0)
        self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, 64 << 10)


if __name__ == "__main__":
    tools.main()
