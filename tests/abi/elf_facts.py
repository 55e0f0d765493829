# SPDX-License-Identifier: BSD-3-Clause
"""What readelf says about a shared library, as data. Says nothing about what is right."""

import os
import re
import subprocess
from dataclasses import dataclass, field


class elf_error(Exception):
    """readelf failed, or its answer was not understood."""


@dataclass(frozen=True)
class exported:
    name: str
    node: str  # "" if the name has no version
    is_default: bool
    kind: str  # FUNC, OBJECT, ...
    binding: str  # GLOBAL, WEAK, UNIQUE

    def __str__(self) -> str:
        return f"{self.name}{'@@' if self.is_default else '@'}{self.node}" if self.node else self.name


@dataclass
class library:
    soname: str = ""
    needed: list[str] = field(default_factory=list)
    dynamic: dict[str, str] = field(default_factory=dict)  # tag without brackets to value
    segments: dict[str, str] = field(default_factory=dict)  # type to flags such as "RW"
    nodes: dict[str, list[str]] = field(default_factory=dict)  # version definition to its parents
    symbols: list[exported] = field(default_factory=list)


def readelf(path: str, *options: str) -> list[str]:
    done = subprocess.run(["readelf", "--wide", *options, path], env=os.environ | {"LC_ALL": "C"},
                          capture_output=True, text=True, check=False)
    if done.returncode != 0 or "Error" in done.stderr:
        raise elf_error(f"readelf {' '.join(options)} {path}: {done.stderr.strip()}")
    return done.stdout.splitlines()


def read(path: str) -> library:
    found = library()
    read_dynamic(found, readelf(path, "--dynamic"))
    read_segments(found, readelf(path, "--program-headers"))
    read_nodes(found, readelf(path, "--version-info"))
    read_symbols(found, readelf(path, "--dyn-syms"))
    if not found.dynamic or not found.segments:
        raise elf_error(f"{path} is not a shared library")
    return found


def read_dynamic(found: library, lines: list[str]) -> None:
    for line in lines:
        match = re.match(r"\s*0x[0-9a-f]+ \((\w+)\)\s*(.*)", line)
        if match is None:
            continue
        tag, value = match.groups()
        found.dynamic[tag] = value
        name = re.search(r"\[(.*)\]", value)
        if tag == "NEEDED" and name:
            found.needed.append(name.group(1))
        if tag == "SONAME" and name:
            found.soname = name.group(1)


def read_segments(found: library, lines: list[str]) -> None:
    for line in lines:
        match = re.match(r"\s*([A-Z_]+)(?:\s+0x[0-9a-f]+){5}\s+([RWE ]{3})\s", line)
        if match:
            found.segments[match.group(1)] = match.group(2).replace(" ", "")


def read_nodes(found: library, lines: list[str]) -> None:
    in_definitions = False
    node = ""
    for line in lines:
        if line.startswith("Version "):
            in_definitions = line.startswith("Version definition")
        if not in_definitions:
            continue
        definition = re.search(r"Flags: (\S+).*Name: (\S+)$", line)
        parent = re.search(r"Parent \d+: (\S+)$", line)
        if definition and definition.group(1) != "BASE":
            node = definition.group(2)
            found.nodes[node] = []
        elif parent:
            found.nodes[node].append(parent.group(1))


def read_symbols(found: library, lines: list[str]) -> None:
    for line in lines:
        match = re.match(r"\s*\d+: [0-9a-f]+\s+\S+ (\w+)\s+(\w+)\s+(\w+)\s.*?(\w+) (\S+)(?: \(\d+\))?$", line)
        if match is None:
            continue
        kind, binding, _, section, versioned = match.groups()
        name, _, node = versioned.partition("@")
        is_node_itself = section == "ABS" and name in found.nodes  # GNU ld makes a symbol of every node
        if section == "UND" or binding == "LOCAL" or is_node_itself:
            continue
        found.symbols.append(exported(name, node.lstrip("@"), node.startswith("@"), kind, binding))
