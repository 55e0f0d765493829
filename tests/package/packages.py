# SPDX-License-Identifier: BSD-3-Clause
"""Debian packages as the tests look at them: fields, control files, and what lies in them."""

from __future__ import annotations

import dataclasses
import io
import pathlib
import re
import subprocess
import tarfile


@dataclasses.dataclass
class package:
    name: str
    fields: dict[str, str]
    control: set[str]
    lines: list[str]  # what is in it but folders: "PATH", "PATH -> TARGET", "PATH (executable)"
    files: dict[str, bytes]


def part(path: pathlib.Path, option: str) -> tarfile.TarFile:
    data = subprocess.run(["dpkg-deb", option, path], check=True, capture_output=True).stdout
    return tarfile.open(fileobj=io.BytesIO(data))


def without_architecture(path: str) -> str:
    """Packages of a build tree with another prefix have no folder for the architecture."""
    return re.sub(r"usr/lib/\w+-linux-\w+/", "usr/lib/", path)


def read(path: pathlib.Path) -> package:
    with part(path, "--ctrl-tarfile") as archive:
        control = {member.name.removeprefix("./") for member in archive if member.isfile()}
        text = archive.extractfile("./control").read().decode()
    fields = dict(re.findall(r"^([\w-]+): (.*(?:\n .*)*)", text, re.M))
    lines, files = [], {}
    with part(path, "--fsys-tarfile") as archive:
        for member in archive:
            if member.isdir():
                continue
            name = without_architecture(member.name.removeprefix("./"))
            if member.issym():
                name += f" -> {member.linkname}"
            elif member.mode & 0o111:
                name += " (executable)"
            elif member.isfile():
                files[name] = archive.extractfile(member).read()
            lines.append(name)
    return package(fields["Package"], fields, control, sorted(lines), files)


def read_all(folder: pathlib.Path) -> dict[str, package]:
    found = [read(path) for path in sorted(folder.glob("*.deb"))]
    return {one.name: one for one in found}
