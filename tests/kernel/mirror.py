# SPDX-License-Identifier: BSD-3-Clause
"""Finds the Debian mirror and keyring that this machine's apt already uses. Both source formats are read:
deb822 stanzas (`.sources`) and single lines (`.list`). Nothing is written, and only the reading is done here;
archive.py uses the answer."""

import dataclasses
import pathlib
import re
import shlex
import subprocess

archive_keyring = pathlib.Path("/usr/share/keyrings/debian-archive-keyring.gpg")
suite_aliases = {"unstable", "testing", "stable", "oldstable", "oldoldstable"}


class mirror_error(Exception):
    """No usable Debian source on this machine."""


@dataclasses.dataclass(frozen=True)
class source:
    """One apt source: where it is, what it offers, and the fields that another suite of the same mirror needs
    too."""

    uri: str
    suites: tuple
    components: tuple
    signed_by: str = ""
    check_valid_until: str = ""


def parse_deb822(text):
    sources = []
    uncommented = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for stanza in re.split(r"\n\s*\n", uncommented):
        fields = {}
        name = ""
        for line in stanza.splitlines():
            if line[:1] in (" ", "\t"):
                fields[name] = fields.get(name, "") + "\n" + line
            elif ":" in line:
                name, value = line.split(":", 1)
                name = name.strip().lower()
                fields[name] = value.strip()
        disabled = fields.get("enabled", "yes").lower() in ("no", "false", "0")
        if disabled or "deb" not in fields.get("types", "").split():
            continue
        for uri in fields.get("uris", "").split():
            sources.append(
                source(
                    uri=uri,
                    suites=tuple(fields.get("suites", "").split()),
                    components=tuple(fields.get("components", "").split()),
                    signed_by=fields.get("signed-by", ""),
                    check_valid_until=fields.get("check-valid-until", ""),
                )
            )
    return sources


def parse_list(text):
    sources = []
    for line in text.splitlines():
        match = re.match(r"\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)\s*([^#]*)", line)
        if not match:
            continue
        options, uri, suite, components = match.groups()
        values = dict(option.split("=", 1) for option in (options or "").split() if "=" in option)
        sources.append(
            source(
                uri=uri,
                suites=(suite,),
                components=tuple(components.split()),
                signed_by=values.get("signed-by", "").replace(",", " "),
                check_valid_until=values.get("check-valid-until", ""),
            )
        )
    return sources


def read_sources(list_file, parts_folder):
    files = [list_file] if list_file.is_file() else []
    if parts_folder.is_dir():
        files += sorted(path for path in parts_folder.iterdir() if path.suffix in (".list", ".sources"))
    sources = []
    for path in files:
        parse = parse_deb822 if path.suffix == ".sources" else parse_list
        sources += parse(path.read_text(encoding="utf-8"))
    return sources


def choose(sources, codename):
    """The machine's own Debian archive. Others may offer the same codename and component, hence the
    preference for a path that ends as a Debian mirror's does; a wrong guess cannot do harm, since its
    signature would not verify."""
    wanted = suite_aliases | {codename}
    fitting = [entry for entry in sources if wanted & set(entry.suites) and "main" in entry.components]
    fitting = [entry for entry in fitting if not entry.uri.startswith("cdrom:")]
    if not fitting:
        raise mirror_error(f"apt's sources have no entry for suite {codename}, component main")
    return min(fitting, key=lambda entry: not entry.uri.rstrip("/").endswith("/debian"))


def keyrings(entry):
    """The value of Signed-By for any suite of this mirror. A key block stays as it is; key files are joined
    by the archive's keyring, since a file for this machine's own release need not know the key of a later
    one."""
    if "\n" in entry.signed_by:
        return entry.signed_by
    files = entry.signed_by.split()
    if archive_keyring.exists() and str(archive_keyring) not in files:
        files.append(str(archive_keyring))
    return " ".join(files)


def machine_mirror():
    shell = subprocess.run(
        ["apt-config", "shell", "list", "Dir::Etc::sourcelist/f", "parts", "Dir::Etc::sourceparts/d"],
        check=True, capture_output=True, text=True,
    ).stdout
    paths = dict(word.split("=", 1) for word in shlex.split(shell))
    os_release = pathlib.Path("/etc/os-release").read_text(encoding="utf-8")
    release = dict(word.split("=", 1) for word in shlex.split(os_release, comments=True) if "=" in word)
    sources = read_sources(pathlib.Path(paths["list"]), pathlib.Path(paths["parts"]))
    return choose(sources, release.get("VERSION_CODENAME", ""))
