#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Holds a built libkcapi.so against the list of exported symbols and against the distribution's library.

abi_test.py LIBRARY LIST [--debian DIR]

DIR is an unpacked libkcapi1 package (dpkg-deb -x). Each check prints one line; exit status 1 if one fails.
abi_checks_test.py plants a fault for every check.
"""

from __future__ import annotations

import argparse
import pathlib
import re
import sys

here = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(here), str(here.parents[1] / "cmake")]

import elf_facts  # noqa: E402
import symbols  # noqa: E402

library_name = "libkcapi.so.1"
debians_families = ("generic", "cipher", "aead", "md", "rng", "kdf")
dynamic_loader = re.compile(r"ld(-linux[\w-]*|64)?\.so\.\d+")


def family_of(name: str) -> str:
    """The family to which a function belongs by its name, whether it is in the list or not."""
    for family in ("cipher", "aead", "md", "rng", "kdf", "akcipher", "kpp", "ext"):
        if name.startswith(f"kcapi_{family}_"):
            return family
    return "kdf" if name.startswith(("kcapi_hkdf", "kcapi_pbkdf")) else "generic"


def check_exports(found: elf_facts.library, listed: symbols.symbol_list) -> list[str]:
    """Exactly the listed names, each under its nodes, each a plain function."""
    wanted = {f"{entry.name}@@{entry.node}" for entry in listed.symbols}
    wanted |= {f"{entry.name}@{entry.old_node}" for entry in listed.symbols if entry.old_node}
    present = {str(entry) for entry in found.symbols}
    problems = [f"missing: {name}" for name in sorted(wanted - present)]
    problems += [f"not in the list: {name}" for name in sorted(present - wanted)]
    return problems + [f"{entry} is {entry.kind} {entry.binding}, not FUNC GLOBAL" for entry in found.symbols
                       if (entry.kind, entry.binding) != ("FUNC", "GLOBAL")]


def check_nodes(found: elf_facts.library, listed: symbols.symbol_list) -> list[str]:
    """Every node with the one it depends on, and no other."""
    problems = []
    for node, parent in listed.parents.items():
        wanted = [] if parent is None else [parent]
        if node not in found.nodes:
            problems.append(f"missing node {node}")
        elif found.nodes[node] != wanted:
            problems.append(f"{node} depends on {found.nodes[node]}, not on {wanted}")
    return problems + [f"node {node} is not in the list" for node in found.nodes
                       if node not in listed.parents]


def check_soname(found: elf_facts.library) -> list[str]:
    return [] if found.soname == library_name else [f"soname is '{found.soname}', not {library_name}"]


def check_needed(found: elf_facts.library) -> list[str]:
    """libc only, so that a program gains no dependency with us; the loader is part of libc."""
    foreign = [name for name in found.needed if name != "libc.so.6" and not dynamic_loader.fullmatch(name)]
    absent = [] if "libc.so.6" in found.needed else ["does not need libc.so.6: is this the library?"]
    return [f"needs {name}" for name in foreign] + absent


def check_relro(found: elf_facts.library) -> list[str]:
    """Relocations are done at load time, and the tables are read-only afterwards."""
    flags = f"{found.dynamic.get('FLAGS', '')} {found.dynamic.get('FLAGS_1', '')}"
    problems = [] if "GNU_RELRO" in found.segments else ["no GNU_RELRO segment"]
    return problems if "NOW" in flags or "BIND_NOW" in found.dynamic else [*problems, "bound lazily"]


def check_stack(found: elf_facts.library) -> list[str]:
    flags = found.segments.get("GNU_STACK", "RWE")
    return ["asks for an executable stack"] if "E" in flags else []


def check_text(found: elf_facts.library) -> list[str]:
    flags = found.dynamic.get("FLAGS", "")
    return ["relocations in the text segment"] if "TEXTREL" in found.dynamic or "TEXTREL" in flags else []


def check_debian(found: elf_facts.library, debian: elf_facts.library) -> list[str]:
    """Whatever a program linked to the distribution's library may ask for."""
    wanted = {str(entry) for entry in debian.symbols}
    present = {str(entry) for entry in found.symbols}
    problems = [f"missing family {family}" for family in debians_families
                if not any(family_of(entry.name) == family for entry in debian.symbols)]
    problems += [f"missing: {name}" for name in sorted(wanted - present)]
    return problems + [f"missing node {node}" for node in debian.nodes if node not in found.nodes]


def debian_library(package: pathlib.Path) -> str:
    libraries = [path for path in sorted(package.rglob(f"{library_name}*")) if path.is_file()]
    real = {path.resolve() for path in libraries}
    if len(real) != 1:
        raise elf_facts.elf_error(f"{len(real)} files {library_name}* below {package}, not one")
    return str(real.pop())


def run(path: str, listed: symbols.symbol_list, package: pathlib.Path | None) -> dict[str, list[str]]:
    """The problems by check; a check without problems has an empty list."""
    found = elf_facts.read(path)
    results = {
        "exported names": check_exports(found, listed),
        "version nodes": check_nodes(found, listed),
        "soname": check_soname(found),
        "needed libraries": check_needed(found),
        "relro": check_relro(found),
        "stack": check_stack(found),
        "text relocations": check_text(found),
    }
    if package is not None:
        results["debian's names"] = check_debian(found, elf_facts.read(debian_library(package)))
    return results


def main() -> int:
    parser = argparse.ArgumentParser(description="checks the binary interface of libkcapi.so")
    parser.add_argument("library")
    parser.add_argument("list", type=pathlib.Path)
    parser.add_argument("--debian", type=pathlib.Path, metavar="DIR", help="an unpacked libkcapi1 package")
    options = parser.parse_args()
    try:
        listed = symbols.parse(options.list.read_text(encoding="ascii"))
        results = run(options.library, listed, options.debian)
    except (elf_facts.elf_error, symbols.list_error, OSError) as problem:
        print(f"abi_test.py: {problem}", file=sys.stderr)
        return 1
    for check, problems in results.items():
        print(f"{'FAILED' if problems else 'ok':<7} {check}")
        for problem in problems:
            print(f"        {problem}")
    failed = sum(1 for problems in results.values() if problems)
    print(f"{len(results) - failed} of {len(results)} checks passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
