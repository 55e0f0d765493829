# SPDX-License-Identifier: BSD-3-Clause
"""Reads matrix.toml and checks it, so that a misspelt key is an error and never a setting that silently does
nothing."""

import dataclasses
import pathlib
import tomllib


class matrix_error(Exception):
    """matrix.toml says something that cannot be meant."""


@dataclasses.dataclass(frozen=True)
class kernel_entry:
    id: str
    version: str  # what its release begins with
    suite: str
    package: str
    cpus: int
    modules: tuple
    sysctl: dict
    allowed_skips: tuple
    allowed_log: tuple


@dataclasses.dataclass(frozen=True)
class package_set:
    id: str
    suite: str
    names: tuple


@dataclasses.dataclass(frozen=True)
class matrix:
    kernels: dict
    flavours: dict  # further builds of the kernels, for jobs that name one
    packages: dict

    @property
    def bootable(self):
        return {**self.kernels, **self.flavours}


def checked(table, where, required, optional=()):
    missing = [key for key in required if key not in table]
    unknown = [key for key in table if key not in required and key not in optional]
    if missing or unknown:
        raise matrix_error(f"{where}: missing keys {missing}, unknown keys {unknown}")
    return table


def for_kernel(entries, kernel_id, keys):
    """The entries that hold for this kernel: those that name it, and those that name none."""
    for entry in entries:
        checked(entry, str(entry), (*keys, "why"), ("kernel",))
    return tuple(entry for entry in entries if entry.get("kernel", kernel_id) == kernel_id)


top_keys = ("modules", "allowed_skips", "allowed_log", "kernels")


def load(path=pathlib.Path(__file__).with_name("matrix.toml")):
    with open(path, "rb") as file:
        top = checked(tomllib.load(file), str(path), top_keys, ("packages",))

    def entry_of(kernel_id, version, table):
        return kernel_entry(
            id=kernel_id,
            version=version,
            suite=table["suite"],
            package=table["package"],
            cpus=table["cpus"],
            modules=tuple(top["modules"]) + tuple(table.get("modules", ())),
            sysctl=dict(table.get("sysctl", {})),
            allowed_skips=for_kernel(top["allowed_skips"], kernel_id, ("job", "test")),
            allowed_log=for_kernel(top["allowed_log"], kernel_id, ("pattern",)),
        )

    kernels, flavours = {}, {}
    for version, table in top["kernels"].items():
        checked(table, version, ("suite", "package", "cpus"), ("modules", "sysctl", "flavours"))
        kernels[version] = entry_of(version, version, table)
        for name, own in table.get("flavours", {}).items():
            kernel_id = f"{version}.{name}"
            checked(own, kernel_id, ("package",), ("modules",))
            flavours[kernel_id] = entry_of(kernel_id, version, {**table, **own})
    packages = {}
    for name, table in top.get("packages", {}).items():
        checked(table, name, ("suite", "names"))
        packages[name] = package_set(id=name, suite=table["suite"], names=tuple(table["names"]))
    return matrix(kernels=kernels, flavours=flavours, packages=packages)
