#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""kernel_costs.py BUILD [KERNEL ...] [--json FILE] [--gate]: what calls cost on the kernel engine, in
instructions, those of the kernel included, beside Debian's libkcapi in the same guest, and how many system
calls each makes. BUILD is a build folder with the program kernel_costs."""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parent.parent
harness = root / "tests" / "kernel"
kernels = ("6.1", "6.12", "7.3")

# Of the original's instructions, at most this share; the other cases may cost what they cost.
goals = {
    "init+destroy": 0.5,
    "md_sha256/64": 0.35,
    "cbc/16": 1.0,
    "cbc/16384": 1.0,
    "cbc/1048576": 1.0,
    "aio/16x1024": 0.9,
    "stream/64": 1.0,
}
# What a pass at less than this from its goal means, the next run may take back: the clock repeats to some
# permille.
marker = "getppid"
libraries = ("ours", "original")
# The original is not asked for what it only does because of an access argument that programs rarely give.
traced = ("init+destroy", "init+setkey+encrypt+destroy", "md_sha256/64", "md_hmac_sha256/64", "enc_aes_cbc/64",
          "md_digest/64", "md_update+final/64", "cbc/16", "cbc/16384", "cbc/65536", "cbc/131072",
          "cbc/1048576", "gcm/64", "gcm/16384", "aio/16x1024", "stream/64", "stream/65536")


def parse_times(text):
    """Lines "CASE NUMBER"; a negative number is an errno."""
    found = {}
    for line in text.splitlines():
        match = re.fullmatch(r"(\S+) (-?\d+)", line)
        if match:
            found[match[1]] = int(match[2])
    return found


def parse_calls(text):
    """What strace saw between the two markers, for each "== CASE": a list of names."""
    found = {}
    current = None
    inside = False
    for line in text.splitlines():
        if line.startswith("== "):
            current, inside = line[3:], False
            found[current] = []
            continue
        match = re.match(r"(?:\d+\s+)?(\w+)\(", line)
        if not match or current is None:
            continue
        if match[1] == marker:
            inside = not inside
        elif inside:
            found[current].append(match[1])
    return found


def compare(case, ours, original, calls_ours, calls_original):
    """A row: numbers as they are, and the verdict."""
    row = {"case": case, "ours": ours, "original": original, "goal": goals.get(case)}
    if calls_ours is not None and calls_original is not None:
        row["calls_ours"], row["calls_original"] = calls_ours, calls_original
    if ours < 0 or original < 0:
        row["verdict"] = "absent" if ours < 0 and original < 0 else "ours only" if original < 0 else "SHORT"
        return row
    row["ratio"] = ours / original
    short = row["goal"] is not None and row["ratio"] > row["goal"]
    more_calls = calls_ours is not None and calls_original is not None and calls_ours > calls_original
    row["verdict"] = "SHORT" if short or more_calls else "pass" if row["goal"] is not None else ""
    return row


def table(kernel, rows):
    lines = [f"Linux {kernel}: instructions per call",
             f"{'call':<29}{'ours':>10}{'original':>10}{'ratio':>8}{'goal':>7}  {'':<9}{'calls':>6}{'original':>10}"]
    for row in rows:
        ratio = f"{row['ratio']:.3f}" if "ratio" in row else "-"
        goal = f"{row['goal']:.2f}" if row["goal"] is not None else ""
        calls = (str(row.get("calls_ours", "")), str(row.get("calls_original", "")))
        lines.append(f"{row['case']:<29}{row['ours']:>10}{row['original']:>10}{ratio:>8}{goal:>7}"
                     f"  {row['verdict']:<9}{calls[0]:>6}{calls[1]:>10}".rstrip())
    return "\n".join(lines)


def original_library():
    done = subprocess.run([sys.executable, "-B", str(harness / "fetch.py"), "debian-libkcapi"],
                          stdout=subprocess.PIPE, text=True, check=True)
    found = sorted(pathlib.Path(done.stdout.strip()).rglob("libkcapi.so.1.*"))
    if len(found) != 1:
        sys.exit(f"kernel_costs: {len(found)} libraries in Debian's package")
    return found[0]


def jobs():
    """Two for each library: time all cases, then trace one call of each."""
    for library in libraries:
        setting = f"LD_LIBRARY_PATH=/{library} KCAPI_ENGINE=kernel"
        yield f"{library}-times", f"{setting} /job/kernel_costs"
        yield f"{library}-calls", (
            f"for case in {' '.join(traced)}; do echo == $case; "
            f"{setting} /job/strace -f -qq -s 0 -o trace /job/kernel_costs --calls 1 --marked $case; cat trace; done")


def measure(build, kernel, cpu):
    ours = build / "src" / "capi" / "libkcapi.so.1"
    command = [sys.executable, "-B", str(harness / "run.py"), "--kernel", kernel, "--icount", "--cpu", cpu,
               "--file", str(build / "bench" / "kernel_costs"), "--file", "/usr/bin/strace",
               "--file", f"{ours}:/ours/libkcapi.so.1", "--file", f"{original_library()}:/original/libkcapi.so.1"]
    texts = {}
    with tempfile.TemporaryDirectory(prefix="kcapi-costs-") as folder:
        for name, line in jobs():
            command += ["--job", f"{name}:( {line} ) >/tmp/{name}", "--collect", f"/tmp/{name}:{folder}/{name}"]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            sys.exit(f"kernel_costs: the guest with Linux {kernel} failed")
        for name, _ in jobs():
            texts[name] = pathlib.Path(folder, name).read_text(encoding="ascii")
    times = {library: parse_times(texts[f"{library}-times"]) for library in libraries}
    calls = {library: parse_calls(texts[f"{library}-calls"]) for library in libraries}
    rows = []
    for case, ours_cost in times["ours"].items():
        counts = [len(calls[library][case]) if case in calls[library] else None for library in libraries]
        rows.append(compare(case, ours_cost, times["original"][case], *counts))
    return rows


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("kernels", nargs="*", metavar="KERNEL", help="6.1, 6.12, 7.3; without any all three")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write the rows there as JSON lines")
    parser.add_argument("--cpu", default="", metavar="FEATURES", help='changes, like "erms=off,fsrm=off"')
    parser.add_argument("--gate", action="store_true", help="exit status 1 if a goal is missed")
    options = parser.parse_args(arguments)
    unknown = set(options.kernels) - set(kernels)
    if unknown:
        parser.error(f"unknown kernel {', '.join(sorted(unknown))}")
    lines, short = [], 0
    for kernel in options.kernels or kernels:
        rows = measure(options.build, kernel, options.cpu)
        print(table(kernel, rows), flush=True)
        lines += [json.dumps({"kind": "kernel-cost", "kernel": kernel, **row}) for row in rows]
        short += sum(row["verdict"] == "SHORT" for row in rows)
    print(f"{short} rows fall short")
    if options.json:
        options.json.write_text("\n".join(lines) + "\n", encoding="ascii")
    return 1 if options.gate and short else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
