#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""Records the scripts anew on real kernels, in guests, and replaces what stands in expected/.

  record.py --program build/tests/oracle/oracle_record [--kernel 6.12 ...]

Without --kernel all of tests/kernel/matrix.toml. The program's libraries are taken into the guest.
Afterwards look at the changes as at any other, and run oracle_replay_test."""

import argparse
import pathlib
import subprocess
import sys
import tempfile
import tomllib

here = pathlib.Path(__file__).resolve().parent
harness = here.parent / "kernel"
title = "# script "
guest_limit = 1800


def split_transcripts(text):
    """The transcripts of one file by the names of their scripts, in order."""
    parts = {}
    name = None
    for line in text.splitlines(keepends=True):
        if line.startswith(title):
            name = line[len(title):].strip()
            if name in parts:
                raise ValueError(f"the script {name} is there twice")
            parts[name] = ""
        elif name is None:
            raise ValueError("the output does not begin with a script's name")
        parts[name] += line
    return parts


def script_names():
    return sorted(path.stem for path in (here / "scripts").glob("*.script"))


def run_guest(kernel, program, folder):
    transcript, release = folder / "transcript", folder / "release"
    command = (f"/job/{program.name} --backend sockets /job/scripts/*.script > /tmp/transcript && "
               "uname -r > /tmp/release")
    done = subprocess.run(
        [harness / "run.py", "--kernel", kernel, "--timeout", str(guest_limit), "--job", f"record:{command}",
         "--file", program, "--file", here / "scripts", "--collect", f"/tmp/transcript:{transcript}",
         "--collect", f"/tmp/release:{release}"], check=False)
    if done.returncode != 0:
        raise RuntimeError(f"the guest of {kernel} failed")
    return transcript.read_text(encoding="ascii"), release.read_text(encoding="ascii")


def replace(kernel, parts, release):
    """Writes what was recorded, removes what has no script any more; returns the names that changed."""
    folder = here / "expected" / kernel
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.vec"):
        if old.stem not in parts:
            old.unlink()
    changed = []
    for name, text in parts.items():
        path = folder / f"{name}.vec"
        if not path.exists() or path.read_text(encoding="ascii") != text:
            changed.append(name)
            path.write_text(text, encoding="ascii")
    (folder / "release").write_text(release, encoding="ascii")
    return changed


def main():
    matrix = tomllib.loads((harness / "matrix.toml").read_text(encoding="utf-8"))
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--program", type=pathlib.Path, required=True)
    parser.add_argument("--kernel", action="append", choices=list(matrix["kernels"]))
    options = parser.parse_args()
    for kernel in options.kernel or matrix["kernels"]:
        with tempfile.TemporaryDirectory(prefix="kcapi-record-") as scratch:
            text, release = run_guest(kernel, options.program.resolve(), pathlib.Path(scratch))
        parts = split_transcripts(text)
        if sorted(parts) != script_names():
            raise RuntimeError(f"{kernel}: not every script was recorded")
        changed = replace(kernel, parts, release)
        calls = sum(part.count("\n= ") for part in parts.values())
        print(f"{kernel}: {release.strip()}, {len(parts)} scripts, {calls} calls, "
              f"changed: {' '.join(changed) or 'none'}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, RuntimeError, ValueError) as error:
        print(f"record: {error}", file=sys.stderr)
        sys.exit(1)
