#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""Runs programs of this machine in a guest with a real kernel, and says whether all went well.

  run.py --kernel 6.12 --job unit:"build/unit_test --gtest_filter=x*" --file tests/kat/vectors

A job is a shell command line. If its program (after NAME=VALUE words) is a file here, written with a slash,
it is carried into the guest with its libraries; so is every --file, reached as /job/NAME or at the path
given. Standard output is what the jobs printed, byte for byte; what the harness has to say goes to standard
error. Exit status: 0 passed, 1 failed, 2 could not be tried."""

import argparse
import os
import pathlib
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time

import archive
import cpio
import fetch
import initramfs
import matrix
import qemu
import stream
import verdict

could_not_try = 2
failures = (*fetch.failures, cpio.tree_error, initramfs.initramfs_error)
log_tail = 30
command_words = re.compile(r"""(\s*(?:\w+=(?:"[^"]*"|'[^']*'|\S)*\s+)*)(\S+)(.*)""", re.DOTALL)


def pair(text, separator, what):
    left, found, right = text.partition(separator)
    if not found or not left or not right:
        raise argparse.ArgumentTypeError(f"{text!r} is not {what}")
    return left, right


def job_argument(text):
    name, command = pair(text, ":", "NAME:COMMAND")
    if not re.fullmatch(r"[\w.-]+", name):
        raise argparse.ArgumentTypeError(f"{name!r}: a job's name has letters, digits and _ . - only")
    return initramfs.job(name, command)


def file_argument(text):
    source, _, destination = text.partition(":")
    if destination and not destination.startswith("/"):
        raise argparse.ArgumentTypeError(f"{text!r}: the guest's path must be absolute")
    return source, destination or None


def options_of(arguments, known):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )

    def many(option, kind, metavar, help_text):
        parser.add_argument(option, action="append", default=[], type=kind, metavar=metavar, help=help_text)

    def both(separator, what):
        return lambda text: pair(text, separator, what)

    parser.add_argument("--kernel", required=True, choices=list(known.bootable))
    parser.add_argument("--job", required=True, action="append", type=job_argument, metavar="NAME:COMMAND")
    many("--file", file_argument, "SOURCE[:PATH]", "a further file or folder for the guest")
    many("--env", both("=", "NAME=VALUE"), "NAME=VALUE", "a variable for all jobs")
    many("--sysctl", both("=", "KEY=VALUE"), "KEY=VALUE", "a setting beside or instead of matrix.toml's")
    many("--collect", both(":", "PATH:FILE"), "PATH:FILE", "a file that a guest leaves, and where to put it")
    parser.add_argument("--timeout", type=int, default=300, metavar="S", help="for each job (default 300)")
    parser.add_argument("--memory", type=int, default=2048, metavar="MIB", help="of the guest (default 2048)")
    parser.add_argument("--cpu", default="", metavar="FEATURES", help='changes, like "aes=off,avx=off"')
    parser.add_argument("--crypto-device", action="store_true", help="give the guest a virtio-crypto device")
    parser.add_argument("--icount", action="store_true", help="let guest time count instructions; slow")
    parser.add_argument("--log", type=pathlib.Path, metavar="FILE", help="keep the kernel's log")
    options = parser.parse_args(arguments)
    names = [entry.name for entry in options.job]
    if len(set(names)) != len(names):
        parser.error("two jobs have one name")
    return options


def carried(entry):
    """A job whose program is a file of this machine, as the guest will call it, and that file; else the job
    as it is."""
    match = command_words.fullmatch(entry.command)
    if not match:
        return entry, []
    before, program, after = match.groups()
    if "/" not in program or not pathlib.Path(program).is_file():
        return entry, []
    return initramfs.job(entry.name, f"{before}/job/{pathlib.Path(program).name}{after}"), [(program, None)]


def plan_of(options, entry):
    jobs, files = [], list(options.file)
    for given in options.job:
        job, programs = carried(given)
        jobs.append(job)
        files += programs
    return initramfs.guest_plan(
        nonce=secrets.token_hex(16),
        jobs=jobs,
        files=files,
        environment=dict(options.env),
        modules=list(entry.modules),
        sysctl={**entry.sysctl, **dict(options.sysctl)},
        collect=[path for path, _ in options.collect],
        job_limit=options.timeout,
    )


def say(text):
    print(f"guest: {text}", file=sys.stderr, flush=True)


def write_output(data):
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def boot(options, entry, kernel, folder):
    """Builds the initramfs, runs the guest, keeps what it left behind. Returns the verdict's record."""
    plan = plan_of(options, entry)
    begun = time.monotonic()
    initrd, log = f"{folder}/initramfs", f"{folder}/kernel.log"
    initramfs.build(kernel, plan, archive.cache_folder(), initrd)
    say(f"initramfs of {os.path.getsize(initrd) / 1e6:.1f} MB in {time.monotonic() - begun:.2f} s")
    guest = qemu.machine(
        str(kernel.image), initrd, log, entry.cpus, options.memory, options.cpu, options.icount,
        options.crypto_device,
    )
    watch = qemu.stopwatch(options.timeout, options.icount)
    port = stream.guest_stream(plan.nonce, write_output, qemu.chatter(watch, say))
    status, given_up = qemu.run(guest, port, watch)
    text = qemu.log_text(log) if os.path.exists(log) else ""
    if options.log:
        options.log.write_text(text, encoding="utf-8")
    failures = list(port.failures)
    for path, target in options.collect:
        if path in port.files:
            pathlib.Path(target).write_bytes(port.files[path])
        elif port.finished and not any(path in failure for failure in failures):
            failures.append(f"the guest did not send {path}")
    return verdict.run_record(
        jobs=tuple(job.name for job in plan.jobs),
        reports=tuple(port.reports),
        expected_release=kernel.release,
        release=port.release,
        finished=port.finished,
        failures=tuple(failures),
        host_timeout=given_up,
        emulator_status=status,
        log=text,
    )


def main(arguments):
    known = matrix.load()
    options = options_of(arguments, known)
    entry = known.bootable[options.kernel]
    # An ordinary exit also on SIGTERM, so that the scratch folder goes.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    begun = time.monotonic()
    try:
        kernel = fetch.kernel(entry)
        say(f"kernel {entry.id}: Linux {kernel.release}, package version {kernel.version}")
        with tempfile.TemporaryDirectory(prefix="kcapi-guest-") as folder:
            record = boot(options, entry, kernel, folder)
    except (*failures, OSError, subprocess.SubprocessError) as error:
        say(f"not tried: {error}")
        return could_not_try
    found = verdict.problems(record, verdict.tolerance(entry.allowed_skips, entry.allowed_log))
    if found and record.log:
        say("the end of the kernel's log:\n" + "\n".join(record.log.splitlines()[-log_tail:]))
    for problem in found:
        say(f"PROBLEM: {problem}")
    word = "FAILED" if found else "passed"
    say(f"{word}: {entry.id}, {len(record.jobs)} jobs, {time.monotonic() - begun:.1f} s")
    return verdict.exit_status(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
