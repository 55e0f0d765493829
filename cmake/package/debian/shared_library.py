#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""shared_library.py LIST PACKAGE VERSION FOLDER: writes symbols, shlibs and triggers of the package of the library.

A program needs the oldest version that has all it uses, and a node of libkcapi's says which that is: so what is built
here runs with Debian's own library too if it uses no more than that has. LIST is tests/abi/symbols.txt.
"""

from __future__ import annotations

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
import symbols  # noqa: E402 (of the directory above)


def oldest_version(node: str, own: str) -> str:
    return node.removeprefix("LIBKCAPI_") if node.startswith("LIBKCAPI_") else own


def symbols_file(listed: symbols.symbol_list, package: str, own: str) -> str:
    rows = {f"{node}@{node}": oldest_version(node, own) for node in listed.parents}
    for one in listed.symbols:
        for node in filter(None, (one.node, one.old_node)):
            rows[f"{one.name}@{node}"] = oldest_version(node, own)
    return f"libkcapi.so.1 {package}\n* Build-Depends-Package: libkcapi-dev\n" + "".join(f" {name} {rows[name]}\n" for name in sorted(rows))


def main() -> None:
    source, package, version, folder = sys.argv[1:]
    own = version.rpartition("-")[0]
    out = pathlib.Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    listed = symbols.parse(pathlib.Path(source).read_text(encoding="ascii"))
    (out / "symbols").write_text(symbols_file(listed, package, own))
    (out / "shlibs").write_text(f"libkcapi 1 {package} (>= {own})\n")
    (out / "triggers").write_text("activate-noawait ldconfig\n")
    for file in out.iterdir():
        file.chmod(0o644)


if __name__ == "__main__":
    main()
