#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""examples_test.py ROOT: what README.md shows exists.

Every block marked ```c or ```cpp is an example file as a whole (its licence line may be left out), or the
part of one between the comments `[readme: ...]` and `[/readme]`; every such part is in the README. Every
./dev command of the README is one that `./dev help` knows, and the first two are demo and test.
"""

from __future__ import annotations

import pathlib
import re
import subprocess
import sys

code_languages = ("c", "cpp")
part_begin = re.compile(r"^\s*// \[readme: (?P<title>.+)\]$")
part_end = re.compile(r"^\s*// \[/readme\]$")


def code_blocks(text: str) -> list[tuple[str, str]]:
    """Language and content of each fenced block."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S)


def marked_parts(text: str) -> dict[str, str]:
    """Title and content of the parts of a file for the README. ValueError for a marker without its pair."""
    parts = {}
    title = None
    lines: list[str] = []
    for line in text.splitlines(keepends=True):
        begin = part_begin.match(line)
        if begin and title is None:
            title, lines = begin["title"], []
        elif begin or (part_end.match(line) and title is None):
            raise ValueError(f"marker without its pair: {line.strip()}")
        elif part_end.match(line):
            parts[title] = "".join(lines)
            title = None
        else:
            lines.append(line)
    if title is not None:
        raise ValueError(f"part without end: {title}")
    return parts


def without_licence(text: str) -> str:
    return re.sub(r"\A// SPDX-License-Identifier: [^\n]*\n", "", text)


def check_code(readme: str, examples: dict[str, str]) -> list[str]:
    """Faults in the code that the README shows; `examples` is text by file name."""
    faults = []
    blocks_of = code_blocks(readme)
    shown = {language: [code for name, code in blocks_of if name == language] for language in code_languages}
    known = set(examples.values()) | {without_licence(text) for text in examples.values()}
    for name, text in examples.items():
        try:
            parts = marked_parts(text)
        except ValueError as fault:
            faults.append(f"{name}: {fault}")
            continue
        known |= set(parts.values())
        for title, part in parts.items():
            if part not in shown["c"] + shown["cpp"]:
                faults.append(f"{name}: README.md does not show the part \"{title}\" as it is there")
    for language, blocks in shown.items():
        if not blocks:
            faults.append(f"README.md has no block marked {language}")
        unknown = [code for code in blocks if code not in known]
        faults += [f"README.md: no example has this {language} block:\n{code}" for code in unknown]
    return faults


def dev_commands(readme: str) -> list[str]:
    """Subcommands of ./dev in code, in order: in fenced and indented blocks and between backquotes."""
    fence = False
    found = []
    for line in readme.splitlines():
        if line.startswith("```"):
            fence = not fence
        elif fence or line.startswith("    "):
            found += re.findall(r"^\s*(?:\$ )?\./dev ([\w-]+)", line)
        else:
            found += re.findall(r"`\./dev ([\w-]+)[^`]*`", line)
    return found


def known_commands(help_text: str) -> set[str]:
    """The first word of each line that is indented or begins with ./dev."""
    lines = (re.match(r"(?:\s+|\s*\./dev )([a-z][\w-]*)", line) for line in help_text.splitlines())
    return {found[1] for found in lines if found}


def check_commands(readme: str, help_text: str) -> list[str]:
    commands = dev_commands(readme)
    known = known_commands(help_text)
    faults = [f"README.md: ./dev help does not know {name}" for name in commands if name not in known]
    if commands[:2] != ["demo", "test"]:
        faults.append(f"README.md: the first commands are {commands[:2]}, not ./dev demo and ./dev test")
    return faults


def main(root: pathlib.Path) -> int:
    readme = (root / "README.md").read_text()
    folder = root / "examples"
    files = sorted(f for f in folder.iterdir() if f.suffix in (".c", ".cpp", ".hpp"))
    examples = {str(f.relative_to(root)): f.read_text() for f in files}
    answer = subprocess.run([root / "dev", "help"], capture_output=True, text=True, timeout=60, check=True)
    faults = check_code(readme, examples) + check_commands(readme, answer.stdout)
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(examples)} example files, {len(code_blocks(readme))} blocks, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
