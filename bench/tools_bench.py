#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The tools against openssl and coreutils, on files in the page cache.

tools_bench.py --build DIR [--filter TEXT] [--rounds N] [--mebibytes N] [--json FILE] [--gate]

Contenders take turns and change their order from round to round. A round gives a ratio of times; what counts is the
median of the ratios, and +- is the median of their distances from it. Memory is the largest that a run had resident.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

most_memory = 32.0  # MiB
key, iv = "00112233445566778899aabbccddeeff" * 2, "f0" * 16


@dataclasses.dataclass
class run:
    name: str
    command: list[str]
    key: bytes = b""  # read from descriptor 9


@dataclasses.dataclass
class case:
    name: str
    runs: list[run]  # ours first
    goals: dict[str, float]  # against whom: how many times as fast
    bytes: int
    rounds: int
    output: pathlib.Path | None = None


@dataclasses.dataclass
class sample:
    seconds: float
    processor: float  # seconds
    mebibytes: float


def start(r: run, environment: dict[str, str], stdout: int) -> sample:
    actions = [(os.POSIX_SPAWN_DUP2, stdout, 1)]
    descriptor = -1
    if r.key:
        descriptor, write_end = os.pipe()
        os.write(write_end, r.key)
        os.close(write_end)
        actions.append((os.POSIX_SPAWN_DUP2, descriptor, 9))
    begun = time.perf_counter()
    child = os.posix_spawnp(r.command[0], r.command, environment, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - begun
    if descriptor >= 0:
        os.close(descriptor)
    if status != 0:
        sys.exit(f"tools_bench.py: {' '.join(r.command[:6])}: status {status}")
    return sample(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def results(c: case, r: run, environment: dict[str, str]) -> str:
    """What it computes, in a form in which contenders can be compared."""
    with tempfile.TemporaryFile() as out:
        start(r, environment, out.fileno())
        out.seek(0)
        text = out.read()
    if c.output is not None:
        return subprocess.run(["sha256sum"], stdin=open(c.output, "rb"), capture_output=True, check=True).stdout.decode()
    return " ".join(re.findall(r"\b[0-9a-f]{64}\b", text.decode()))


def measure(c: case, environment: dict[str, str]) -> dict[str, list[sample]]:
    if len({results(c, r, environment) for r in c.runs}) != 1:
        sys.exit(f"tools_bench.py: {c.name}: the contenders disagree")
    samples: dict[str, list[sample]] = {r.name: [] for r in c.runs}
    with open(os.devnull, "wb") as nothing:
        for number in range(c.rounds):
            for r in c.runs if number % 2 == 0 else reversed(c.runs):
                if c.output is not None:
                    c.output.unlink(missing_ok=True)
                samples[r.name].append(start(r, environment, nothing.fileno()))
    return samples


def ratio(ours: list[sample], theirs: list[sample]) -> tuple[float, float]:
    ratios = [b.seconds / a.seconds for a, b in zip(ours, theirs)]
    middle = statistics.median(ratios)
    return middle, statistics.median(abs(r - middle) for r in ratios)


def make_files(folder: pathlib.Path, mebibytes: int, count: int) -> tuple[pathlib.Path, list[str]]:
    large = folder / "large"
    piece = os.urandom(1 << 20)
    with open(large, "wb") as file:
        for number in range(mebibytes):
            file.write(number.to_bytes(4, "little") + piece[4:])
    small = []
    for number in range(count):
        path = folder / f"small{number:04}"
        path.write_bytes(number.to_bytes(4, "little") + piece[4:])
        small.append(str(path))
    return large, small


def cases(build: pathlib.Path, folder: pathlib.Path, rounds: int, mebibytes: int) -> list[case]:
    tools = build / "tools"
    count = min(1000, mebibytes)
    large, small = make_files(folder, mebibytes, count)
    byte, out = folder / "byte", folder / "out"
    byte.write_bytes(b"x")
    start_ups = rounds * 12
    return [
        case(f"sha256 of a file of {mebibytes} MiB",
             [run("kcapi", [f"{tools}/sha256sum", str(large)]), run("openssl", ["openssl", "dgst", "-sha256", str(large)]),
              run("coreutils", ["sha256sum", str(large)])], {"openssl": 0.95}, mebibytes << 20, rounds),
        case(f"sha256 of {count} files of 1 MiB",
             [run("kcapi", [f"{tools}/sha256sum", *small]), run("openssl", ["openssl", "dgst", "-sha256", *small]),
              run("coreutils", ["sha256sum", *small])], {"openssl": 1.8, "coreutils": 3.0}, count << 20, rounds),
        case(f"ctr(aes) of a file of {mebibytes} MiB to a file",
             [run("kcapi", [f"{tools}/kcapi-enc", "-c", "ctr(aes)", "--keyfd", "9", "--iv", iv, "-q", "-i", str(large),
                            "-o", str(out)], bytes.fromhex(key)),
              run("openssl", ["openssl", "enc", "-aes-256-ctr", "-K", key, "-iv", iv, "-in", str(large), "-out",
                              str(out)])], {"openssl": 1.5}, mebibytes << 20, rounds, out),
        case("start: kcapi-dgst of one byte",
             [run("kcapi", [f"{tools}/kcapi-dgst", "-c", "sha256", "--hex", "-i", str(byte)]),
              run("openssl", ["openssl", "dgst", "-sha256", str(byte)])], {"openssl": 1.0}, 1, start_ups),
        case("start: sha256sum of one byte",
             [run("kcapi", [f"{tools}/sha256sum", str(byte)]), run("openssl", ["openssl", "dgst", "-sha256", str(byte)]),
              run("coreutils", ["sha256sum", str(byte)])], {"openssl": 1.0}, 1, start_ups),
    ]


def report(c: case, samples: dict[str, list[sample]], records: list[dict[str, object]]) -> bool:
    good = True
    print(f"\n{c.name}")
    ours = samples["kcapi"]
    for name, taken in samples.items():
        seconds = statistics.median(s.seconds for s in taken)
        memory = max(s.mebibytes for s in taken)
        speed = f"{c.bytes / seconds / 1e9:7.2f} GB/s" if c.bytes > 1 else " " * 12
        processor = statistics.median(s.processor for s in taken)
        row = f"  {name:<10} {seconds * 1e3:10.2f} ms {speed} {processor * 1e3:9.2f} ms of processors {memory:6.1f} MiB"
        record = {"kind": "tools", "case": c.name, "who": name, "seconds": seconds, "processor": processor, "mebibytes": memory,
                  "samples": [s.seconds for s in taken]}
        if name == "kcapi":
            fits = memory <= most_memory
            good = good and fits
            row += "  memory " + ("pass" if fits else "SHORT")
        else:
            value, spread = ratio(ours, taken)
            row += f"  ours is {value:.2f} +- {spread:.2f} times as fast"
            record |= {"ratio": value, "spread": spread}
            if name in c.goals:
                met = value >= c.goals[name]
                good = good and met
                row += f", goal {c.goals[name]}: {'pass' if met else 'SHORT'}"
                record |= {"goal": c.goals[name], "met": met}
        print(row, flush=True)
        records.append(record)
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--filter", default="")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--mebibytes", type=int, default=1024)
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--gate", action="store_true", help="exit status 1 if a goal is missed")
    options = parser.parse_args()
    build = options.build.resolve()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KCAPI_")}
    environment |= {"KCAPI_DRIVER_PATH": str(build / "drivers"), "KCAPI_ENGINE": "local", "LC_ALL": "C"}
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, page cache warm")
    good = True
    records: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory(prefix="tools-bench-", dir=build) as folder:
        for c in cases(build, pathlib.Path(folder), options.rounds, options.mebibytes):
            if options.filter in c.name:
                good = report(c, measure(c, environment), records) and good
    if options.json:
        options.json.write_text("".join(json.dumps(record) + "\n" for record in records))
    return 0 if good or not options.gate else 1


if __name__ == "__main__":
    sys.exit(main())
