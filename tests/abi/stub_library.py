# SPDX-License-Identifier: BSD-3-Clause
"""Builds a libkcapi.so of empty functions from the list, with the product's macros, to test the tests."""

from __future__ import annotations

import os
import pathlib
import subprocess

import symbols

root = pathlib.Path(__file__).resolve().parents[2]
compiler = os.environ.get("CXX", "c++")
good_link = ("-Wl,-soname,libkcapi.so.1", "-Wl,-z,relro,-z,now", "-Wl,-z,noexecstack")


class build_error(Exception):
    """The compiler or the linker refused."""


def compile_with(*options: str) -> None:
    command = [compiler, "-std=c++20", "-O1", "-fPIC", "-Wall", "-Wextra", "-Wconversion", "-Wshadow",
               "-Werror", f"-I{root / 'src' / 'capi'}", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise build_error(f"{' '.join(command)}\n{done.stderr}")


def sources(listed: symbols.symbol_list, directory: pathlib.Path, extra: str) -> list[str]:
    """Two files, as in the product: the functions, and the old forms of those that have one."""
    new = ['#include "versions.hpp"', "#include <unistd.h>", extra]
    old = ['#include "versions.hpp"']
    for entry in listed.symbols:
        declaration = f'extern "C" ssize_t {entry.name}(ssize_t value);'
        if entry.name not in extra:
            new += [declaration, f"KCAPI_EXPORT ssize_t {entry.name}(ssize_t value) {{",
                    "    return getpid() + value;", "}"]
        if entry.old_node is not None:
            old += [declaration, f'KCAPI_NARROW(int, {entry.name}, "{entry.old_node}", int value) {{',
                    f"    return kcapi::capi::narrow_result({entry.name}(value));", "}"]
    paths = [directory / "new.cpp", directory / "narrow_old.cpp"]
    for path, lines in zip(paths, (new, old)):
        path.write_text("\n".join(lines) + "\n", encoding="ascii")
    return [str(path) for path in paths]


def build(directory: pathlib.Path, listed: symbols.symbol_list, *, map_text: str | None = None,
          extra: str = "", flags: tuple[str, ...] = (), link: tuple[str, ...] = good_link) -> str:
    """`extra` is source text; a listed function that it names is left to it. Returns the library's path."""
    directory.mkdir(parents=True, exist_ok=True)
    script = directory / "test.map"
    script.write_text(symbols.linker_map(listed) if map_text is None else map_text, encoding="ascii")
    library = directory / "libkcapi.so.1.5.1"
    files = sources(listed, directory, extra)
    compile_with("-fvisibility=hidden", *flags, "-shared", "-o", str(library), *files,
                 f"-Wl,--version-script={script}", "-Wl,--as-needed", *link)
    return str(library)
