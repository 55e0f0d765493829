# SPDX-License-Identifier: BSD-3-Clause
"""Runs one guest in QEMU, emulated throughout, and watches the time. The kernel's log goes to a file, the
guest's port comes out of QEMU's standard output."""

import dataclasses
import os
import select
import subprocess
import time

import stream

# cx16=off: the emulated cmpxchg16b of QEMU 7.2 corrupts flags, and the kernel then faults. la57=off: one page
# level less.
base_cpu = "max,cx16=off,la57=off"
kernel_arguments = "console=ttyS0 loglevel=7 printk.devkmsg=on panic=-1 random.trust_cpu=on"
# What lets a count of instructions repeat: the same addresses and the same date in every run.
repeatable_arguments = "nokaslr norandmaps"
repeatable_clock = ["-rtc", "base=2026-01-01,clock=vm"]
# A device for ciphers, whose work QEMU does itself.
crypto_device = ["-object", "cryptodev-backend-builtin,id=crypto", "-device", "virtio-crypto-pci,cryptodev=crypto"]
# Booting takes some seconds; a busy host can make that a minute.
boot_patience = 300
end_patience = 300
job_patience = 30
# With -icount a second of guest time takes many of the host's.
icount_slowness = 20


@dataclasses.dataclass(frozen=True)
class machine:
    image: str
    initrd: str
    log: str
    cpus: int
    memory: int  # MiB
    cpu_features: str = ""
    icount: bool = False
    crypto_device: bool = False


def command(guest):
    cpu = f"{base_cpu},{guest.cpu_features}" if guest.cpu_features else base_cpu
    arguments = kernel_arguments
    if guest.icount:
        # Counting instructions needs one order of execution, hence one thread and one processor.
        pace = ["-icount", "shift=0", "-accel", "tcg,thread=single", "-smp", "1", *repeatable_clock]
        arguments += f" {repeatable_arguments}"
    else:
        pace = ["-accel", "tcg,thread=multi", "-smp", str(guest.cpus)]
    return [
        # A harness that is killed takes its guest with it.
        "setpriv", "--pdeathsig", "KILL", "--",
        "qemu-system-x86_64", *pace, "-cpu", cpu, "-m", str(guest.memory),
        "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
        "-kernel", guest.image, "-initrd", guest.initrd, "-append", arguments,
        "-serial", f"file:{guest.log}",
        "-chardev", "stdio,id=port,signal=off",
        "-device", "virtio-serial-pci", "-device", "virtserialport,chardev=port,name=kcapi",
        *(crypto_device if guest.crypto_device else []),
    ]


class stopwatch:
    """The time left in the phase a guest is in: booting, a job, or the end. Fed with the guest's events."""

    def __init__(self, job_limit, icount):
        self.job_limit_ = job_limit * (icount_slowness if icount else 1)
        self.slowness_ = icount_slowness if icount else 1
        self.begun_ = time.monotonic()
        self.enter("booting", boot_patience * self.slowness_)
        self.ready_after = None

    def enter(self, phase, patience):
        self.phase = phase
        self.deadline_ = time.monotonic() + patience

    def on_event(self, kind, text):
        if kind == "ready":
            self.ready_after = time.monotonic() - self.begun_
        if kind == "start":
            self.enter(f"job {text}", self.job_limit_ + job_patience)
        elif kind not in ("boot", "ready"):
            self.enter("between jobs or at the end", end_patience * self.slowness_)

    def left(self):
        return max(0.0, self.deadline_ - time.monotonic())


def run(guest, port, watch):
    """Feeds the stream `port` until the guest is gone. Returns the emulator's status, and the phase in which
    the guest was given up, or None."""
    given_up = None
    # Standard input stays open and silent: at its end QEMU would tell the guest that nobody listens at the
    # port.
    with subprocess.Popen(command(guest), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            while not given_up:
                ready, _, _ = select.select([process.stdout], [], [], watch.left())
                data = os.read(process.stdout.fileno(), 1 << 16) if ready else None
                if data:
                    port.feed(data)
                elif ready:
                    break
                else:
                    given_up = watch.phase
            if not given_up:
                process.wait(timeout=end_patience)
        finally:
            if process.poll() is None:
                process.kill()
            port.close()
    return process.returncode, given_up


def log_text(path):
    """The kernel's log, without what a serial console adds."""
    with open(path, "rb") as file:
        return file.read().decode("utf-8", "replace").replace("\r", "")


def chatter(watch, say):
    """An event handler that tells a person how the run goes on."""
    begun = {}

    def handle(kind, text):
        watch.on_event(kind, text)
        if kind == "ready":
            say(f"up after {watch.ready_after:.1f} s")
        elif kind == "start":
            begun[text] = time.monotonic()
            say(f"job {text}")
        elif kind == "end":
            name, _, status = text.rpartition(" ")
            how = status if status == stream.timed_out else f"status {status}"
            say(f"job {name}: {how}, {time.monotonic() - begun.get(name, time.monotonic()):.1f} s")

    return handle
