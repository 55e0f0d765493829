#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""before.py --source DIR --changelog FILE STAGE COMPONENT=PACKAGE...: completes what CPack installed for each package.

Documents that every package of Debian has, manual pages compressed, archives without debug sections, and the
overrides for lintian that stand in the file beside this one.
"""

from __future__ import annotations

import argparse
import fnmatch
import gzip
import pathlib
import subprocess

here = pathlib.Path(__file__).resolve().parent


def write_gzip(path: pathlib.Path, data: bytes) -> None:
    """The same bytes each time: neither name nor time."""
    with open(path, "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(data)


def put_documents(doc: pathlib.Path, source: pathlib.Path, changelog: pathlib.Path, package: str) -> None:
    doc.mkdir(parents=True)
    text = here.joinpath("copyright").read_text()
    license_text = source.joinpath("LICENSE").read_text().partition("\n")[2].strip()
    indented = "".join(f" {line or '.'}\n" for line in license_text.splitlines())
    doc.joinpath("copyright").write_text(text + indented)
    write_gzip(doc / "changelog.Debian.gz", changelog.read_bytes())
    write_gzip(doc / "changelog.gz", source.joinpath("CHANGELOG.md").read_bytes())
    if package == "libkcapi-dev":
        for name in ("algorithms", "api-conventions", "compatibility"):
            doc.joinpath(f"{name}.md").write_bytes(source.joinpath("docs", f"{name}.md").read_bytes())


def put_overrides(folder: pathlib.Path, package: str) -> None:
    """The lines of lintian-overrides that are for the package, with the comments before them."""
    text = here.joinpath("lintian-overrides").read_text()
    kept, comments = [], []
    for line in text.splitlines():
        if line.startswith("#"):
            comments.append(line)
            continue
        who, _, tag = line.partition(": ")
        if fnmatch.fnmatch(package, who):
            kept += [*comments, f"{package}: {tag}"]
        comments = []
    if kept:
        folder.mkdir(parents=True)
        folder.joinpath(package).write_text("\n".join(kept) + "\n")


def complete(stage: pathlib.Path, source: pathlib.Path, changelog: pathlib.Path, package: str) -> None:
    share = stage / "usr" / "share"
    put_documents(share / "doc" / package, source, changelog, package)
    for page in sorted(share.glob("man/man*/*")):
        write_gzip(page.with_name(page.name + ".gz"), page.read_bytes())
        page.unlink()
    for archive in stage.rglob("*.a"):
        subprocess.run(["strip", "--strip-debug", "--remove-section=.comment", "--enable-deterministic-archives",
                        archive], check=True)
    put_overrides(share / "lintian" / "overrides", package)
    for path in [stage, *stage.rglob("*")]:
        if not path.is_symlink():
            program = path.parent.name == "bin" and not path.name.startswith(".")
            path.chmod(0o755 if path.is_dir() or program else 0o644)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--changelog", type=pathlib.Path, required=True)
    parser.add_argument("stage", type=pathlib.Path)
    parser.add_argument("packages", nargs="+", metavar="COMPONENT=PACKAGE")
    options = parser.parse_args()
    for pair in options.packages:
        component, package = pair.split("=")
        complete(options.stage / component, options.source, options.changelog, package)


if __name__ == "__main__":
    main()
