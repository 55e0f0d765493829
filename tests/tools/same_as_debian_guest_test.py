#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Our tools and Debian's own kcapi-tools over Debian's own library, on a real kernel: the same bytes and status.

same_as_debian_guest_test.py --tools DIR --lib DIR --drivers DIR --guest KERNEL

The command lines of command_lines.py run in a guest: Debian's tools, ours on the kernel engine, and some of ours as
they choose. Where they differ, the row is listed here with the number of the defect in docs/compatibility.md, and the
difference has to be there. The hasher, which Debian does not have, is compared with Python's digests.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import io
import os
import pathlib
import shlex
import subprocess
import sys
import tarfile
import tempfile
import unittest

import command_lines
import debian
from command_lines import data, different

options = argparse.Namespace()
engines = ("kernel", "auto")
outcome = tuple[int, bytes, dict[str, bytes]]

# What the engine in the process gives is compared on the host; here it is that the choice makes no difference.
sampled = 6

hmaccalc, fipscheck = b"FIPS-FTW-RHT2009", b"orboDeJITITejsirpADONivirpUkvarP"
sums = {
    ("sha1sum", "FILE"): hashlib.sha1(data).hexdigest() + "  FILE\n",
    ("sha256sum",): hashlib.sha256(data).hexdigest() + "  -\n",
    ("sha384sum", "--tag", "FILE"): f"SHA384 (FILE) = {hashlib.sha384(data).hexdigest()}\n",
    ("sha3sum", "-h", "sha3-256", "FILE"): hashlib.sha3_256(data).hexdigest() + "  FILE\n",
    ("md5sum", "FILE", "EMPTY"): f"{hashlib.md5(data).hexdigest()}  FILE\n{hashlib.md5(b'').hexdigest()}  EMPTY\n",
    ("sha512hmac", "FILE"): hmac.digest(hmaccalc, data, "sha512").hex() + "  FILE\n",
    ("sha256hmac", "-K", "key", "FILE"): hmac.digest(b"key", data, "sha256").hex() + "  FILE\n",
}


checking = """mkdir /tmp/found/WHO.check && cd /tmp/found/WHO.check && cp /job/inputs/data checked &&
/ours/fipshmac checked && /ours/fipscheck checked && cp .checked.hmac out &&
echo x >>checked && ! /ours/fipscheck checked && echo 0 >status
"""


def shell_line(row: int, who: str, command: tuple[str, ...]) -> str:
    """Runs one in a folder of its own, and leaves status and output beside it."""
    key = "LONG" if "LONG" in command else "KEY"
    words = " ".join(shlex.quote("9" if word in ("KEYFD", "LONG") else word) for word in command[1:])
    where = f"/tmp/found/{who}.{row}"
    return (f"mkdir {where} && cp -r /job/inputs/folder {where}/in && cd {where}/in && "
            f"/{'debian' if who == 'debian' else 'ours'}/{command[0]} {words} </job/inputs/data 9</job/inputs/{key} >../out 2>../err; "
            f"echo $? >{where}/status\n")


class guest(unittest.TestCase):
    maxDiff = 2000
    found: dict[str, outcome]

    @classmethod
    def setUpClass(cls) -> None:
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        folder = pathlib.Path(scratch.name)
        cls.rows = [*command_lines.same, *command_lines.different]
        cls.found = cls.run_guest(folder)

    @classmethod
    def is_compared(cls, row: int, engine: str) -> bool:
        return engine == "kernel" or row % sampled == 0 or row >= len(command_lines.same)

    @classmethod
    def run_guest(cls, folder: pathlib.Path) -> dict[str, outcome]:
        inputs = folder / "inputs"
        (inputs / "folder").mkdir(parents=True)
        command_lines.prepare(inputs / "folder")
        for name, content in {"data": data, "KEY": command_lines.key, "LONG": command_lines.long_key}.items():
            (inputs / name).write_bytes(content)
        jobs = {"debian": "export LD_LIBRARY_PATH=/debian\n"
                + "".join(shell_line(row, "debian", command) for row, command in enumerate(cls.rows))}
        for engine in engines:
            text = f"export LD_LIBRARY_PATH=/ours KCAPI_ENGINE={engine} KCAPI_DRIVER_PATH=/job/drivers\n"
            text += "".join(shell_line(row, engine, command) for row, command in enumerate([*cls.rows, *sums])
                            if cls.is_compared(row, engine))
            jobs[engine] = text + checking.replace("WHO", engine)
        for name, text in jobs.items():
            (inputs / f"{name}.sh").write_text(f"mkdir -p /tmp/found\n{text}\n")
        theirs = debian.fetched()
        library = next(theirs.glob("lib/*/libkcapi.so.1"))
        carried = [inputs, options.drivers, f"{library}:/debian/libkcapi.so.1",
                   f"{options.lib}/libkcapi.so.1:/ours/libkcapi.so.1"]
        carried += [f"{theirs}/bin/{name}:/debian/{name}" for name in ("kcapi-enc", "kcapi-dgst", "kcapi-rng")]
        carried += [f"{options.tools}/{name}:/ours/{name}" for name in ("kcapi-enc", "kcapi-dgst", "kcapi-rng")]
        names = {command[0] for command in sums} | {"fipshmac", "fipscheck"}
        carried += [f"{options.tools}/kcapi-hasher:/ours/{name}" for name in sorted(names)]
        command = [sys.executable, "-B", str(debian.root / "tests" / "kernel" / "run.py"), "--kernel", options.guest,
                   "--timeout", "200", "--collect", f"/tmp/found.tar:{folder}/found.tar"]
        for path in carried:
            command += ["--file", str(path)]
        # The guest has two processors.
        both = "sh /job/inputs/debian.sh & sh /job/inputs/kernel.sh; wait"
        command += ["--job", f"both:{both}", "--job", "auto:sh /job/inputs/auto.sh"]
        command += ["--job", "pack:tar -cf /tmp/found.tar -C /tmp found"]
        done = subprocess.run(command, check=False, env={**os.environ, "LD_LIBRARY_PATH": options.lib})
        if done.returncode != 0:
            raise AssertionError("the guest failed")
        return cls.unpacked(folder / "found.tar")

    @staticmethod
    def unpacked(path: pathlib.Path) -> dict[str, outcome]:
        """For "WHO.ROW" the status, stdout, and the files afterwards."""
        files: dict[str, bytes] = {}
        with tarfile.open(fileobj=io.BytesIO(path.read_bytes())) as archive:
            for member in archive:
                if member.isfile():
                    files[member.name.removeprefix("found/")] = archive.extractfile(member).read()
        rows = {name.split("/")[0] for name in files}
        return {row: (int(files.get(f"{row}/status", b"-1")), files.get(f"{row}/out", b""),
                      {name.removeprefix(f"{row}/in/"): content for name, content in files.items()
                       if name.startswith(f"{row}/in/")}) for row in rows}

    def test_same_outcome_as_debians(self) -> None:
        compared = 0
        for row, command in enumerate(self.rows):
            for engine in engines:
                if command in different or not self.is_compared(row, engine):
                    continue
                with self.subTest(" ".join(command), engine=engine):
                    self.assertEqual(self.found[f"{engine}.{row}"], self.found[f"debian.{row}"])
                compared += 1
        self.assertGreater(compared, 60)

    def test_listed_differences_are_there(self) -> None:
        for command, why in different.items():
            row = self.rows.index(command)
            for engine in engines:
                with self.subTest(" ".join(command), why=why, engine=engine):
                    self.assertNotEqual(self.found[f"{engine}.{row}"], self.found[f"debian.{row}"])

    def test_sums_are_right(self) -> None:
        for row, (command, expected) in enumerate(sums.items(), len(self.rows)):
            for engine in engines:
                with self.subTest(" ".join(command), engine=engine):
                    status, out, _ = self.found[f"{engine}.{row}"]
                    self.assertEqual((status, out.decode()), (0, expected))

    def test_check_files_are_written_and_hold(self) -> None:
        for engine in engines:
            status, out, _ = self.found[f"{engine}.check"]
            self.assertEqual((status, out.decode().split()[0]), (0, hmac.digest(fipscheck, data, "sha256").hex()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    debian.add_arguments(parser)
    parser.add_argument("--tools", required=True, type=pathlib.Path)
    parser.add_argument("--guest", required=True, metavar="KERNEL")
    _, others = parser.parse_known_args(namespace=options)
    unittest.main(argv=[sys.argv[0], *others])
