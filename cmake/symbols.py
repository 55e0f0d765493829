#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Reads the list of exported symbols and writes the linker map.

symbols.py LIST --map FILE     writes the map
symbols.py LIST --check FILE   exit status 1 if the map is not what the list gives

The format of the list is described at its top. As a module: parse() and linker_map().
"""

from __future__ import annotations

import argparse
import pathlib
import re
import sys
from dataclasses import dataclass, field

families = ("generic", "cipher", "aead", "md", "rng", "kdf", "akcipher", "kpp", "ext")


class list_error(Exception):
    """The list is wrong; the text says in which line and why."""


@dataclass(frozen=True)
class symbol:
    name: str
    node: str
    old_node: str | None
    family: str


@dataclass
class symbol_list:
    parents: dict[str, str | None] = field(default_factory=dict)  # node to the node before it, oldest first
    symbols: list[symbol] = field(default_factory=list)


def parse(text: str) -> symbol_list:
    result = symbol_list()
    names: set[str] = set()
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split("#", 1)[0].split()
        if not words:
            continue
        try:
            if words[0] == "node" and len(words) == 3:
                add_node(result, words[1], None if words[2] == "-" else words[2])
            elif words[0] == "symbol" and len(words) == 5:
                entry = symbol(words[1], words[2], None if words[3] == "-" else words[3], words[4])
                if entry.name in names:
                    raise list_error(f"{entry.name} stands twice")
                names.add(entry.name)
                add_symbol(result, entry)
            else:
                raise list_error(f"neither a node nor a symbol: {line.strip()}")
        except list_error as problem:
            raise list_error(f"line {number}: {problem}") from None
    if not result.symbols:
        raise list_error("the list has no symbols")
    return result


def add_node(result: symbol_list, name: str, parent: str | None) -> None:
    last = next(reversed(result.parents), None)
    if name in result.parents:
        raise list_error(f"node {name} stands twice")
    if parent != last:
        raise list_error(f"node {name} must depend on {last or '-'}, the node before it")
    result.parents[name] = parent


def add_symbol(result: symbol_list, entry: symbol) -> None:
    order = list(result.parents)
    if not re.fullmatch(r"kcapi_[a-z0-9_]+", entry.name):
        raise list_error(f"not a name of ours: {entry.name}")
    for node in (entry.node, entry.old_node):
        if node is not None and node not in result.parents:
            raise list_error(f"{entry.name}: unknown node {node}")
    if entry.old_node is not None and order.index(entry.old_node) >= order.index(entry.node):
        raise list_error(f"{entry.name}: the old node {entry.old_node} is not before {entry.node}")
    if entry.family not in families:
        raise list_error(f"{entry.name}: unknown family {entry.family}")
    ours = entry.node.startswith("KCAPI_EXT_")
    if ours != (entry.family == "ext") or ours != entry.name.startswith("kcapi_ext_"):
        raise list_error(f"{entry.name}: kcapi_ext_ names, family ext and KCAPI_EXT_ nodes go together")
    result.symbols.append(entry)


def linker_map(listed: symbol_list) -> str:
    """The version script.

    An old symbol does not stand in it: its object carries the node (src/capi/versions.hpp), and a second
    mention would move the new symbol to the old node. `local: *` stands in the last node, because in an
    earlier one the linker would also hide the old symbols of that node.
    """
    lines = [
        "# SPDX-License-Identifier: BSD-3-Clause",
        "# Generated from tests/abi/symbols.txt by cmake/symbols.py; change the list, not this file.",
    ]
    last = next(reversed(listed.parents))
    for node, parent in listed.parents.items():
        names = sorted(entry.name for entry in listed.symbols if entry.node == node)
        lines += ["", f"{node} {{"]
        if names:
            lines += ["global:", *(f"    {name};" for name in names)]
        if node == last:
            lines += ["local:", "    *;"]
        lines += ["};" if parent is None else f"}} {parent};"]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description="linker map of the list of exported symbols")
    parser.add_argument("list", type=pathlib.Path)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--map", type=pathlib.Path, help="write the map to this file")
    action.add_argument("--check", type=pathlib.Path, help="compare the map in this file")
    options = parser.parse_args()
    try:
        wanted = linker_map(parse(options.list.read_text(encoding="ascii")))
        if options.map is not None:
            options.map.write_text(wanted, encoding="ascii")
        elif options.check.read_text(encoding="ascii") != wanted:
            print(f"{options.check} is not what {options.list} gives: run symbols.py --map", file=sys.stderr)
            return 1
    except (list_error, OSError, UnicodeError) as problem:
        print(f"symbols.py: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
