# SPDX-License-Identifier: BSD-3-Clause
"""One suite of the Debian archive, seen through an apt configuration of its own: own sources, lists, cache
and status file. The machine's apt is read (mirror, keyring, proxies) and never changed. Signatures are
verified as apt always does."""

import os
import pathlib
import re
import subprocess

import mirror


class archive_error(Exception):
    """apt could not do what was asked; the text holds what it said."""


class archive:
    def __init__(self, suite, folder):
        self.suite_ = suite
        self.folder_ = folder
        self.config_ = folder / "apt.conf"
        for name in ("state/lists/partial", "cache/archives/partial"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / "state/status").touch()
        self.write_sources()
        self.write_config()

    def write_sources(self):
        entry = mirror.machine_mirror()
        lines = ["Types: deb", f"URIs: {entry.uri}", f"Suites: {self.suite_}", "Components: main"]
        signed_by = mirror.keyrings(entry)
        if signed_by:
            lines.append(f"Signed-By: {signed_by}")
        if entry.check_valid_until:
            lines.append(f"Check-Valid-Until: {entry.check_valid_until}")
        (self.folder_ / "mirror.sources").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def write_config(self):
        """Of the machine's settings only those of the download methods are taken over (proxies and the like).
        Its hooks are not: some clean or refresh the machine's own caches."""
        dump = subprocess.run(["apt-config", "dump"], check=True, capture_output=True, text=True).stdout
        own_choice = ("Acquire::IndexTargets", "Acquire::Languages")
        taken = [
            line
            for line in dump.splitlines()
            if line.startswith("Acquire::") and not line.startswith(own_choice)
        ]
        own = {
            "Dir::Etc::main": "/dev/null",
            "Dir::Etc::parts": "/dev/null",
            "Dir::Etc::sourcelist": self.folder_ / "mirror.sources",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Etc::preferences": "/dev/null",
            "Dir::Etc::preferencesparts": "/dev/null",
            "Dir::State": self.folder_ / "state",
            "Dir::State::status": self.folder_ / "state/status",
            "Dir::Cache": self.folder_ / "cache",
            "Acquire::Languages": "none",
        }
        if os.geteuid() == 0:
            # apt's download user cannot enter a cache below root's home folder.
            own["APT::Sandbox::User"] = "root"
        lines = taken + [f'{name} "{value}";' for name, value in own.items()]
        self.config_.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def apt(self, *command, cwd=None):
        environment = dict(os.environ, APT_CONFIG=str(self.config_), LC_ALL="C.UTF-8")
        done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            said = done.stdout + done.stderr
            raise archive_error(f"{' '.join(command)} failed for suite {self.suite_}:\n{said}")
        return done.stdout

    def update(self):
        # Without the option apt reports a failed download as a warning and exits with 0.
        self.apt("apt-get", "-o", "APT::Update::Error-Mode=any", "update")

    def show(self, package):
        """The fields of the newest version of a package."""
        fields = {}
        for line in self.apt("apt-cache", "show", "--no-all-versions", package).splitlines():
            if not line:
                break
            if ": " in line and not line.startswith(" "):
                name, value = line.split(": ", 1)
                fields[name] = value
        if "Version" not in fields:
            raise archive_error(f"suite {self.suite_} has no package {package}")
        return fields

    def unpack(self, packages, folder):
        """Downloads the packages, each a (name, version) pair, checks them against the signed lists, unpacks
        them."""
        downloads = folder / "downloads"
        downloads.mkdir(parents=True)
        self.apt("apt-get", "download", *(f"{name}={version}" for name, version in packages), cwd=downloads)
        for package in sorted(downloads.iterdir()):
            subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
            package.unlink()
        downloads.rmdir()


def names_in(field):
    """The first alternative of each dependency in a Depends field, without version and architecture."""
    return [re.split(r"[|(:]", part)[0].strip() for part in field.split(",") if part.strip()]


def closure(suite, package, wanted):
    """(name, version) of a package and of all it depends on, followed through names for which wanted(name)
    holds."""
    found = {}
    pending = [package]
    while pending:
        name = pending.pop()
        if name in found:
            continue
        fields = suite.show(name)
        found[name] = fields["Version"]
        depends = names_in(fields.get("Depends", "")) + names_in(fields.get("Pre-Depends", ""))
        pending += [other for other in depends if wanted(other)]
    return sorted(found.items())


def cache_folder():
    """Where downloads are kept: outside the tree, and shared by all build trees of a user."""
    own = os.environ.get("KCAPI_CACHE_DIR")
    if own:
        return pathlib.Path(own).absolute()
    base = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(base).absolute() / "kcapi"
