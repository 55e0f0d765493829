#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Programs that others wrote over AF_ALG, unchanged: they do over the shim what they do over a kernel.

What each of programs/*.sh printed in a guest is in expected/programs; --guest 6.12 compares it again with a guest, and
--record writes it anew. Without, the same scripts run here under kcapi-run, where socket(AF_ALG) is denied to whatever
reaches the kernel, and the trace tells that the shim was entered."""

from __future__ import annotations

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

here = pathlib.Path(__file__).resolve().parent
root = here.parents[1]
sys.path.insert(0, str(root / "tests" / "tools"))
import debian  # noqa: E402

options = argparse.Namespace()
expected = here / "expected" / "programs"
scripts = {path.stem: path for path in sorted((here / "programs").glob("*.sh"))}

# The least number of AF_ALG calls that a run makes.
calls = {"cryptsetup": 100, "iwd": 8, "kcapi-tools": 100, "openssl": 100, "python": 50, "strongswan": 200, "stress-ng": 300}

# What a guest needs of this machine beside the scripts; programs come with their libraries.
guest_files = {
    "cryptsetup": ["{programs}/sbin/cryptsetup"],
    "iwd": ["{programs}/usr/libexec/iwd"],
    "kcapi-tools": ["{libkcapi}/usr/bin", "{libkcapi}/usr/lib"],
    "openssl": ["/usr/bin/openssl", "/usr/lib/x86_64-linux-gnu/engines-3"],
    "python": ["/usr/bin/python3.11", "/usr/lib/python3.11", "{programs}/usr/lib/python3.11/test/test_socket.py"],
    "strongswan": ["/usr/bin/pki", "/usr/lib/ipsec"],
    "stress-ng": ["{programs}/usr/bin/stress-ng"],
}


def fetched(name: str) -> pathlib.Path:
    done = subprocess.run([sys.executable, "-B", str(root / "tests" / "kernel" / "fetch.py"), name], stdout=subprocess.PIPE,
                          text=True, check=True)
    return pathlib.Path(done.stdout.strip())


def libraries(programs: pathlib.Path) -> str:
    return ":".join(str(programs / place) for place in ("usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"))


def wanted(name: str) -> str:
    return (expected / f"{name}.txt").read_text(encoding="utf-8")


class places:
    """Where the packages lie; looked for once."""

    def __init__(self) -> None:
        self.programs = fetched("debian-programs")
        self.libkcapi = fetched("debian-libkcapi")

    def settings(self) -> dict[str, str]:
        return {"PROGRAMS": str(self.programs), "LIBKCAPI": str(self.libkcapi), "LD_LIBRARY_PATH": libraries(self.programs),
                "LC_ALL": "C"}


def run_in_guest(found: places, names: list[str]) -> dict[str, str]:
    """One guest for all of them; what each printed."""
    words = [sys.executable, "-B", str(root / "tests" / "kernel" / "run.py"), "--kernel", options.guest, "--timeout", "280"]
    for key, value in found.settings().items():
        words += ["--env", f"{key}={value}"]
    for name in names:
        words += ["--file", f"{scripts[name]}:/scripts/{name}.sh"]
        for file in guest_files[name]:
            path = file.format(programs=found.programs, libkcapi=found.libkcapi)
            words += ["--file", f"{path}:{path}"]
        words += ["--job", f"{name}:echo '== {name}'; mkdir /tmp/{name}; cd /tmp/{name} && sh /scripts/{name}.sh"]
    environment = {**os.environ, "LD_LIBRARY_PATH": f"{libraries(found.programs)}:{found.libkcapi}/usr/lib/x86_64-linux-gnu"}
    done = subprocess.run(words, stdout=subprocess.PIPE, env=environment, timeout=1800, check=True)
    parts = re.split(r"^== (\S+)\n", done.stdout.decode("utf-8"), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


class in_guest(unittest.TestCase):
    maxDiff = None

    def test_a_kernel_makes_them_print_what_is_recorded(self) -> None:
        names = options.programs or list(scripts)
        found = run_in_guest(places(), names)
        self.assertEqual(sorted(found), sorted(names))
        for name, text in found.items():
            if options.record:
                expected.mkdir(parents=True, exist_ok=True)
                (expected / f"{name}.txt").write_text(text, encoding="utf-8")
            with self.subTest(name):
                self.assertEqual(text, wanted(name))


class over_the_shim(unittest.TestCase):
    maxDiff = None

    def test_they_print_what_they_print_over_a_kernel(self) -> None:
        found = places()
        for name in options.programs or list(scripts):
            with self.subTest(name), tempfile.TemporaryDirectory() as scratch:
                trace = pathlib.Path(scratch, "trace")
                folder = pathlib.Path(scratch, "run")
                folder.mkdir()
                done = self.run_here(found, name, folder, trace)
                lines = trace.read_text(encoding="utf-8").splitlines() if trace.exists() else []
                if options.keep:
                    shutil.copy(trace, f"{options.keep}/{name}.trace")
                self.assertEqual(done.stdout.decode("utf-8"), wanted(name), done.stderr.decode("utf-8", "replace")[-2000:])
                self.assertGreaterEqual(len(lines), calls[name], "the shim was not entered as often")

    def run_here(self, found: places, name: str, folder: pathlib.Path,
                 trace: pathlib.Path) -> subprocess.CompletedProcess[bytes]:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("KCAPI_")}
        settings = {**inherited, **found.settings(), "KCAPI_DRIVER_PATH": options.drivers}
        # What runs the programs must not find the packages' libraries instead of its own.
        settings["LD_LIBRARY_PATH"] = f"{options.lib}:{settings['LD_LIBRARY_PATH']}"
        command = [options.run, "--library", options.shim, f"--trace={trace}", "sh", str(scripts[name])]
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, cwd=folder, env=settings, timeout=200,
                              check=False, preexec_fn=debian.deny_af_alg)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("programs", nargs="*", metavar="PROGRAM", help="only these of programs/*.sh")
    parser.add_argument("--guest", help="run them over this kernel")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--keep", help="a folder for the traces")
    for name in ("run", "shim", "lib", "drivers"):
        parser.add_argument(f"--{name}", help="of our build")
    parser.parse_args(namespace=options)
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(in_guest if options.guest else over_the_shim)
    sys.exit(not unittest.TextTestRunner(verbosity=2).run(suite).wasSuccessful())


if __name__ == "__main__":
    main()
