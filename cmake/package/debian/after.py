#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""after.py PACKAGE.deb...: packs CPack's packages anew with what CPack 3.25 cannot say of a component.

That is the field Multi-Arch, and a summary of its own: CPack puts that of the project before the text of the component,
whose first line is meant to be it.
"""

from __future__ import annotations

import pathlib
import subprocess
import sys
import tempfile
import textwrap

# The tools serve any architecture, and kcapi-run programs of its own; everything else can be there for several at once.
multi_arch = {"kcapi-tools": "foreign", "kcapi-preload": "no"}


def completed(control: str) -> str:
    lines = [line for line in control.splitlines() if line]
    at = next(i for i, line in enumerate(lines) if line.startswith("Description:"))
    end = next((i for i in range(at + 1, len(lines)) if not lines[i].startswith(" ")), len(lines))
    summary, *text = [line.strip() for line in lines[at + 1:end]]
    fields = "\n".join(lines[:at] + lines[end:])
    name = next(line.split()[1] for line in lines if line.startswith("Package:"))
    folded = [line for part in text for line in textwrap.wrap(part, 76)]
    return (f"{fields}\nMulti-Arch: {multi_arch.get(name, 'same')}\nDescription: {summary}\n"
            + "".join(f" {line}\n" for line in folded))


def repack(package: pathlib.Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch, "package")
        subprocess.run(["dpkg-deb", "--raw-extract", package, folder], check=True)
        control = folder / "DEBIAN" / "control"
        # The trigger does what these do.
        for script in ("postinst", "postrm"):
            control.with_name(script).unlink(missing_ok=True)
        control.write_text(completed(control.read_text()))
        subprocess.run(["dpkg-deb", "--root-owner-group", "-Zxz", "--build", folder, package], check=True,
                       stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        repack(pathlib.Path(argument))
