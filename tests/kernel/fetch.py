#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""Downloads what the guests need, once: `fetch.py 6.1 6.12`, `fetch.py debian-libkcapi`, `fetch.py all`.

Prints for each name its folder (for a package set) or its kernel. With a filled cache neither network nor apt
is touched, unless --refresh asks for the suite's present version. A folder appears under its name only when
it is complete, by renaming."""

import argparse
import contextlib
import dataclasses
import fcntl
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import archive
import matrix
import mirror


class fetch_error(Exception):
    """What the suite offers is not what matrix.toml asks for."""


failures = (fetch_error, archive.archive_error, mirror.mirror_error)


@dataclasses.dataclass(frozen=True)
class kernel_image:
    id: str
    version: str
    release: str
    image: pathlib.Path
    modules: pathlib.Path


@contextlib.contextmanager
def locked(cache):
    """One download at a time: others wait, and then find the cache filled."""
    cache.mkdir(parents=True, exist_ok=True)
    with open(cache / "lock", "wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def unpacked(cache, name, wanted, refresh, resolve, check):
    """The folder of an unpacked set of packages, from the cache if it is there and was made from the same
    request.

    `wanted` is the request as matrix.toml words it; `resolve(suite)` turns it into (name, version) pairs;
    `check(folder)` raises if the result is not usable, before anything is put in its place."""
    current = cache / "unpacked" / name

    def cached():
        manifest = current / "manifest.json"
        return not refresh and manifest.is_file() and json.loads(manifest.read_text())["wanted"] == wanted

    if cached():
        return current.resolve()
    with locked(cache):
        if cached():
            return current.resolve()
        suite = archive.archive(wanted["suite"], cache / "apt" / wanted["suite"])
        suite.update()
        packages = resolve(suite)
        current.parent.mkdir(exist_ok=True)
        for leftover in current.parent.glob(".new-*"):
            shutil.rmtree(leftover)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=current.parent) as scratch:
            folder = pathlib.Path(scratch) / "root"
            suite.unpack(packages, folder)
            check(folder)
            manifest = {"wanted": wanted, "packages": packages}
            (folder / "manifest.json").write_text(json.dumps(manifest, indent=1))
            publish(folder, current)
    return current.resolve()


def publish(folder, current):
    """Puts a complete folder in the place of an older one. The name is a link, since a link can be replaced
    in one step."""
    stale = list(current.parent.glob(f"{current.name}@*"))
    kept = pathlib.Path(tempfile.mkdtemp(prefix=f"{current.name}@", dir=current.parent))
    os.chmod(folder, 0o755)
    os.rename(folder, kept)
    link = kept.with_name(f".link-{kept.name}")
    link.symlink_to(kept.name)
    os.replace(link, current)
    for path in stale:
        shutil.rmtree(path)


def find_release(folder, kernel_id):
    found = sorted({path.parent for path in folder.glob("**/lib/modules/*/kernel")})
    if len(found) != 1:
        raise fetch_error(f"kernel {kernel_id}: expected one module folder, found {len(found)}")
    return found[0]


def kernel(entry, refresh=False, cache=None):
    cache = cache or archive.cache_folder()
    wanted = {"suite": entry.suite, "package": entry.package}
    flavour = entry.package.removeprefix("linux-image")

    def is_part(name):
        # A kernel comes in parts (image, modules, binary, base) whose names all end with its flavour.
        return name.startswith("linux-") and name.endswith(flavour)

    def resolve(suite):
        return archive.closure(suite, entry.package, is_part)

    def check(folder):
        release = find_release(folder, entry.id).name
        if not release.startswith(f"{entry.version}."):
            raise fetch_error(
                f"suite {entry.suite} has Linux {release}, not {entry.version}: matrix.toml needs another suite"
            )

    folder = unpacked(cache, f"linux-{entry.id}", wanted, refresh, resolve, check)
    modules = find_release(folder, entry.id)
    images = [*folder.glob("boot/vmlinuz-*"), *modules.glob("vmlinuz")]
    if len(images) != 1:
        raise fetch_error(f"kernel {entry.id}: expected one vmlinuz, found {len(images)}")
    packages = dict(json.loads((folder / "manifest.json").read_text())["packages"])
    return kernel_image(entry.id, packages[entry.package], modules.name, images[0], modules)


def package_set(entry, refresh=False, cache=None):
    def resolve(suite):
        return [(name, suite.show(name)["Version"]) for name in entry.names]

    wanted = {"suite": entry.suite, "names": list(entry.names)}
    return unpacked(cache or archive.cache_folder(), entry.id, wanted, refresh, resolve, lambda folder: None)


def main(arguments):
    known = matrix.load()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="+", metavar="NAME", choices=[*known.bootable, *known.packages, "all"])
    parser.add_argument("--refresh", action="store_true", help="ask the suite again, replace what is cached")
    options = parser.parse_args(arguments)
    names = [*known.bootable, *known.packages] if "all" in options.names else options.names
    try:
        for name in names:
            if name in known.packages:
                print(package_set(known.packages[name], options.refresh))
            else:
                found = kernel(known.bootable[name], options.refresh)
                print(f"{found.id}: linux {found.release}, package version {found.version}, {found.image}")
    except (*failures, OSError, subprocess.SubprocessError) as error:
        print(f"fetch.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
