# SPDX-License-Identifier: BSD-3-Clause
"""A fresh Debian system in a folder, and our packages as a source of its apt."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(root / "tests" / "kernel"), str(root / "tests" / "tools")]
import debian  # noqa: E402 (of the folders above)
import mirror  # noqa: E402

suite = "bookworm"
# What changes without any package: state and logs of the package manager, and what the kernel shows.
passing = ("/var/lib/dpkg/", "/var/lib/apt/", "/var/cache/", "/var/log/", "/proc/", "/dev/", "/tmp/", "/packages/",
           "/etc/ld.so.cache", "/var/lib/systemd/", "/etc/apt/", "/run/")


class fresh:
    def __init__(self, packages: pathlib.Path) -> None:
        self.packages = packages
        self.scratch = tempfile.mkdtemp(prefix="kcapi-system-", dir="/var/tmp")
        self.folder = pathlib.Path(self.scratch, "root")
        source = mirror.machine_mirror()
        keyring = mirror.keyrings(source).split("\n")[0].split(" ")[0] or str(mirror.archive_keyring)
        try:
            self.make(source.uri, keyring)
        except BaseException:
            self.remove()
            raise

    def make(self, uri: str, keyring: str) -> None:
        done = subprocess.run(["debootstrap", "--variant=minbase", f"--keyring={keyring}", suite, self.folder, uri],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if done.returncode != 0:
            sys.exit(done.stdout.decode(errors="replace")[-3000:])
        # Never the machine's own /dev: a removal would follow it.
        for kind, at in (("proc", "proc"), ("devpts", "dev/pts")):
            (self.folder / at).mkdir(exist_ok=True)
            subprocess.run(["mount", "-t", kind, kind, self.folder / at], check=True)
        # apt as on this machine: proxies and the like.
        settings = subprocess.run(["apt-config", "dump", "--format", "%F \"%v\";%n", "Acquire"], check=True,
                                  capture_output=True, text=True).stdout
        (self.folder / "etc" / "apt" / "apt.conf.d" / "90machine").write_text(
            "".join(line + "\n" for line in settings.splitlines() if "::http" in line or "::https" in line))
        for name in ("resolv.conf", "hosts"):
            shutil.copy(pathlib.Path("/etc", name), self.folder / "etc" / name)
        self.apt("update")

    def remove(self) -> None:
        for at in ("dev/pts", "proc"):
            subprocess.run(["umount", self.folder / at], check=False, capture_output=True)
        with open("/proc/self/mounts", encoding="utf-8") as mounts:
            if any(line.split()[1].startswith(self.scratch) for line in mounts):
                sys.exit(f"something is still mounted in {self.scratch}; it is left as it is")
        shutil.rmtree(self.scratch)

    def run(self, *command: str, data: bytes = b"", **settings: str) -> subprocess.CompletedProcess[bytes]:
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C",
                       "DEBIAN_FRONTEND": "noninteractive", **settings}
        environment |= {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
        return subprocess.run(["chroot", self.folder, *command], input=data, capture_output=True, check=False,
                              env=environment, preexec_fn=debian.deny_af_alg, timeout=900)

    def check(self, *command: str, data: bytes = b"") -> bytes:
        done = self.run(*command, data=data)
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(command)}: exit status {done.returncode}\n"
                                 + (done.stdout + done.stderr).decode(errors="replace")[-3000:])
        return done.stdout

    def apt(self, action: str, *words: str) -> None:
        self.check("apt-get", "-qq", "-y", action, *words)

    def offer_ours(self) -> None:
        there = self.folder / "packages"
        there.mkdir()
        for path in self.packages.glob("*.deb"):
            shutil.copy(path, there)
        listed = subprocess.run(["dpkg-scanpackages", "--multiversion", "."], cwd=there, check=True,
                                capture_output=True).stdout
        (there / "Packages").write_bytes(listed)
        (self.folder / "etc/apt/sources.list.d/ours.list").write_text("deb [trusted=yes] file:/packages ./\n")
        self.apt("update")

    def offered(self) -> set[str]:
        text = (self.folder / "packages" / "Packages").read_text()
        return {line.split()[1] for line in text.splitlines() if line.startswith("Package:")}

    def candidate(self, package: str) -> str:
        text = self.check("apt-cache", "policy", package).decode()
        return next(line.split()[1] for line in text.splitlines() if "Candidate:" in line)

    def installed(self, pattern: str) -> dict[str, str]:
        text = self.run("dpkg-query", "-W", "-f", "${db:Status-Status} ${Package} ${Version}\n", pattern).stdout.decode()
        rows = [line.split() for line in text.splitlines()]
        return {row[1]: row[2] for row in rows if row[0] != "not-installed"}

    def glob(self, pattern: str) -> list[pathlib.Path]:
        return list(self.folder.glob(pattern))

    def files(self) -> set[str]:
        found = set()
        for folder, names, files in os.walk(self.folder):
            for name in (*names, *files):
                path = "/" + os.path.relpath(os.path.join(folder, name), self.folder)
                if not (path + "/").startswith(passing) and path not in passing:
                    found.add(path)
        return found
