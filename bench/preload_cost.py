#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""preload_cost.py --run KCAPI_RUN --shim LIBRARY [--pairs N] [--before COMMAND] -- COMMAND: what the shim costs a program
that has no use for it.

Runs COMMAND (a build, say) with and without the shim in turns, and prints processor and elapsed time of both, and the
ratio of each pair. Neighbours on the machine disturb elapsed time more than processor time."""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import time


def measured(command: list[str]) -> tuple[float, float]:
    before, begun = os.times(), time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return cpu, time.monotonic() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", required=True)
    parser.add_argument("--shim", required=True)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--before", help="a shell command before each run, not measured")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    with_shim = [options.run, "--library", options.shim, *options.command]
    pairs = []
    print(f"{'pair':>4} {'cpu s':>9} {'with':>9} {'ratio':>7}   {'elapsed s':>9} {'with':>9} {'ratio':>7}")
    for number in range(options.pairs):
        found = {}
        # Which goes first changes from pair to pair.
        for command in (options.command, with_shim)[:: 1 if number % 2 == 0 else -1]:
            if options.before:
                subprocess.run(options.before, shell=True, check=True, stdout=subprocess.DEVNULL)
            found[command is with_shim] = measured(command)
        (cpu, elapsed), (cpu_with, elapsed_with) = found[False], found[True]
        pairs.append((cpu_with / cpu, elapsed_with / elapsed))
        print(f"{number + 1:>4} {cpu:>9.3f} {cpu_with:>9.3f} {pairs[-1][0]:>7.4f}   "
              f"{elapsed:>9.3f} {elapsed_with:>9.3f} {pairs[-1][1]:>7.4f}", flush=True)
    for name, ratios in (("cpu", [p[0] for p in pairs]), ("elapsed", [p[1] for p in pairs])):
        print(f"{name}: median ratio {statistics.median(ratios):.4f}, from {min(ratios):.4f} to {max(ratios):.4f}")


if __name__ == "__main__":
    main()
