#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""Boots guests to see that the harness works: a good run, and every sort of bad one planted.

  harness_check.py [KERNEL...]      all kernels of matrix.toml unless some are named"""

import dataclasses
import pathlib
import select
import subprocess
import sys
import tempfile
import time
import unittest

import matrix
import qemu
import stream

here = pathlib.Path(__file__).parent
kernels = list(matrix.load().kernels)


@dataclasses.dataclass(frozen=True)
class outcome:
    status: int
    output: bytes
    messages: str

    def problems(self):
        mark = "guest: PROBLEM: "
        return [line.removeprefix(mark) for line in self.messages.splitlines() if line.startswith(mark)]


def run(kernel, *arguments):
    command = [sys.executable, "-B", here / "run.py", "--kernel", kernel, *arguments]
    done = subprocess.run(command, capture_output=True)
    return outcome(done.returncode, done.stdout, done.stderr.decode())


class harness_check(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch_ = tempfile.TemporaryDirectory(prefix="kcapi-harness-")
        cls.folder_ = pathlib.Path(cls.scratch_.name)
        cls.smoke_ = cls.folder_ / "smoke"
        strict = ["-std=c99", "-Wall", "-Wextra", "-Werror"]
        subprocess.run(["cc", *strict, "-o", cls.smoke_, here / "smoke.c"], check=True)

    @classmethod
    def tearDownClass(cls):
        cls.scratch_.cleanup()

    def test_a_good_run(self):
        """AF_ALG answers; what a job prints and leaves behind comes back byte for byte, kernel messages or
        not."""
        for kernel in kernels:
            with self.subTest(kernel=kernel):
                left_behind, placed = self.folder_ / "left", self.folder_ / "placed"
                placed.write_bytes(b"\r\n\0placed\n")
                got = run(
                    kernel,
                    "--job", f"smoke:{self.smoke_}",
                    "--job", "bytes:head -c 1000000 /dev/urandom >/tmp/left; cat /tmp/left",
                    "--job", "placed:cat /opt/placed; echo noise >/dev/kmsg; cat /job/placed; printf end",
                    "--job", 'variable:test "$WORDS" = "two  words\'"',
                    "--job", "reopen:echo again >/dev/stdout; sleep 1000 & echo left",
                    "--file", f"{placed}:/opt/placed", "--file", str(placed),
                    "--env", "WORDS=two  words'",
                    "--collect", f"/tmp/left:{left_behind}",
                )
                self.assertEqual((got.status, got.problems()), (0, []), got.messages)
                expected = b"cbc(aes) agrees with the standard\n" + left_behind.read_bytes() + \
                    placed.read_bytes() * 2 + b"end" + b"again\nleft\n"
                self.assertEqual(len(left_behind.read_bytes()), 1000000)
                self.assertTrue(got.output == expected)

    def test_bad_jobs(self):
        """One bad job does not hide what comes after it."""
        for kernel in kernels:
            with self.subTest(kernel=kernel):
                got = run(
                    kernel,
                    "--timeout", "10",
                    "--job", "fails:exit 1",
                    "--job", "killed:kill -SEGV $$",
                    "--job", "missing:/no/such/program",
                    "--job", "slow:echo begun; sleep 1000",
                    "--job", "skips:echo '[  SKIPPED ] a.b (0 ms)'",
                    "--job", "good:echo still here",
                    "--collect", f"/no/such/file:{self.folder_}/none",
                )
                self.assertEqual(got.status, 1)
                self.assertEqual(got.problems(), [
                    "guest: the guest has no file /no/such/file",
                    "job fails: exit status 1",
                    "job killed: exit status 139",
                    "job missing: exit status 127",
                    "job slow: timeout",
                    "job skips: skip that matrix.toml does not list: a.b",
                ])
                self.assertIn(b"begun\n", got.output)
                self.assertTrue(got.output.endswith(b"still here\n"))

    def test_a_guest_that_goes_away(self):
        for kernel in kernels:
            with self.subTest(kernel=kernel):
                got = run(kernel, "--job", "gone:echo last words; poweroff -f", "--job", "later:true")
                self.assertEqual(got.status, 1)
                self.assertEqual(got.problems(), [
                    "job gone: no result: the guest ended while it ran",
                    "job later: it never started",
                    "the guest did not come to its end",
                ])
                self.assertEqual(got.output, b"last words\n")

    def test_a_kernel_that_warns(self):
        for kernel in kernels:
            with self.subTest(kernel=kernel):
                got = run(kernel, "--job", "warns:echo 'WARNING: planted' >/dev/kmsg")
                self.assertEqual(got.status, 1)
                self.assertEqual(len(got.problems()), 1)
                self.assertRegex(got.problems()[0], r"^kernel log: .*WARNING: planted$")

    def test_a_kernel_that_panics(self):
        for kernel in kernels:
            with self.subTest(kernel=kernel):
                panic = "echo 1 >/proc/sys/kernel/sysrq; echo c >/proc/sysrq-trigger"
                got = run(kernel, "--job", f"panics:{panic}")
                self.assertEqual(got.status, 1)
                self.assertIn("job panics: no result: the guest ended while it ran", got.problems())
                self.assertRegex("\n".join(got.problems()), "kernel log: .*Kernel panic - not syncing: sysrq")

    def test_a_setting_that_the_kernel_does_not_have(self):
        for kernel in kernels:
            with self.subTest(kernel=kernel):
                got = run(kernel, "--sysctl", "crypto.no_such_setting=1", "--job", "never:true")
                self.assertEqual(got.status, 1)
                self.assertEqual(got.problems(), [
                    "guest: setting crypto/no_such_setting cannot be made 1",
                    "job never: it never started",
                    "the guest did not come to its end",
                ])


class patience_check(unittest.TestCase):
    """The host's own limit, with a stand-in for the emulator that says and does nothing."""

    def test_a_guest_that_hangs_is_given_up_and_killed(self):
        ordinary, patience = qemu.command, qemu.boot_patience
        qemu.command, qemu.boot_patience = (lambda guest: ["sleep", "1000"]), 0.2
        try:
            watch = qemu.stopwatch(1, False)
            begun = time.monotonic()
            status, given_up = qemu.run(None, stream.guest_stream("0", lambda data: None), watch)
        finally:
            qemu.command, qemu.boot_patience = ordinary, patience
        self.assertEqual((status, given_up), (-9, "booting"))
        self.assertLess(time.monotonic() - begun, 10)

    def test_a_harness_that_is_killed_takes_its_guest_along(self):
        prefix = qemu.command(qemu.machine("k", "i", "l", 1, 64))[:4]
        guest = [*prefix, "sh", "-c", "echo; exec sleep 60"]
        script = f"import subprocess; subprocess.run({guest!r})"
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as harness:
            harness.stdout.read(1)
            harness.kill()
            # The stand-in for the guest holds the other end of the pipe: it ends when the guest does.
            ended, _, _ = select.select([harness.stdout], [], [], 10)
        self.assertTrue(ended)


if __name__ == "__main__":
    named = [word for word in sys.argv[1:] if not word.startswith("-")]
    unknown = [word for word in named if word not in kernels]
    if unknown:
        sys.exit(f"harness_check.py: no such kernel: {' '.join(unknown)}")
    kernels = named or kernels
    unittest.main(argv=[sys.argv[0]] + [word for word in sys.argv[1:] if word.startswith("-")])
