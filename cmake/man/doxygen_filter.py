#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""doxygen_filter.py HEADER: the header as Doxygen should see it.

The comments are written for people who read the header. This says in Doxygen's words what stands there by
custom: which lines are results, which are rows of the error table, and which sections there are.
"""

from __future__ import annotations

import pathlib
import re
import sys

banner = "// " + "-" * 107
# "/// -EINVAL    text": an error and, after two blanks or more, its cause.
error_row = re.compile(r"^/// (-E[A-Z0-9]+) {2,}(\S.*)$")
returns = re.compile(r"^/// (Returns .*)$")
row_more = re.compile(r"^/// {3,}(\S.*)$")


def comment_lines(lines: list[str]) -> list[str]:
    """One comment, with @return and @retval where they belong."""
    found = []
    in_rows = False
    for line in lines:
        row = error_row.match(line)
        result = returns.match(line)
        if row:
            found.append(f"/// @retval {row[1]} {row[2]}")
            in_rows = True
        elif in_rows and row_more.match(line):
            found.append(line)
        elif result:
            found.append(f"/// @return {result[1]}")
            in_rows = False
        elif in_rows:
            found += ["///", "/// @par", line]
            in_rows = False
        else:
            found.append(line)
    return found


# Title of a section and the name of its page.
pages = {
    "Handles and utilities": "kcapi_generic",
    "Symmetric ciphers": "kcapi_cipher",
    "Authenticated encryption (aead)": "kcapi_aead",
    "Message digests": "kcapi_md",
    "Random numbers": "kcapi_rng",
    "Key derivation": "kcapi_kdf",
    "Asymmetric ciphers": "kcapi_akcipher",
    "Key agreement": "kcapi_kpp",
}


def page_of(title: str, functions: list[str]) -> str:
    """By the title, or else by the family to which the section's functions belong."""
    if title in pages:
        return pages[title]
    families = [name.split("_")[1] for name in functions]
    return "kcapi_" + max(families, key=families.count)


class section:
    """What lies between two banners: a title, notes in plain comments, declarations."""

    def __init__(self, title: str, lines: list[str]) -> None:
        self.title = title
        self.lines = lines

    def functions(self) -> list[str]:
        return re.findall(r"^[a-z]\w*[\w ]*[ *](kcapi_\w+)\(", "\n".join(self.lines), re.M)

    def notes(self) -> list[str]:
        """Paragraphs of the plain comments, which speak of several functions."""
        paragraphs: list[str] = []
        now: list[str] = []
        for line in [*self.lines, ""]:
            if re.match(r"^// \S|^//$", line) and line != banner:
                now.append(line[3:])
            elif now:
                paragraphs += "\n".join(now).split("\n\n")
                now = []
        return [p for p in paragraphs if p.strip() and not p.startswith("SPDX-")]

    def text(self) -> list[str]:
        name = page_of(self.title, self.functions())
        notes = "\n\n".join(self.notes())
        group = ["/**", f" * @defgroup {name} {self.title}", " *"]
        group += [f" * {line}".rstrip() for line in notes.splitlines()]
        group += [" * @{", " */"]
        body: list[str] = []
        comment: list[str] = []
        for line in self.lines:
            if line.startswith("///"):
                comment.append(line)
                continue
            body += comment_lines(comment)
            comment = []
            body.append("" if line.startswith("// ") or line == "//" else line)
        return [*group, *body, "/** @} */"]


def sections_of(text: str, first_title: str) -> list[section]:
    """The header in sections; what stands before the first banner is one too, if it declares functions."""
    lines = text.splitlines()
    starts = [i for i, line in enumerate(lines) if line == banner and i + 1 < len(lines)
              and lines[i + 1].startswith("// ") and (i < 1 or not lines[i - 1].startswith("// "))]
    end = max((i for i, line in enumerate(lines) if line.startswith("#ifdef __cplusplus")), default=len(lines))
    found = [section(first_title, lines[:starts[0] if starts else end])]
    for at, start in enumerate(starts):
        stop = starts[at + 1] if at + 1 < len(starts) else end
        title = lines[start + 1][3:]
        body = lines[start + 2:stop]
        if banner in body:
            body.remove(banner)
        found.append(section(title, body))
    return found


def convert(text: str, name: str) -> str:
    found = sections_of(text, "Extensions" if name == "kcapi_ext.h" else "Constants and types")
    lines: list[str] = []
    for part in found:
        if part.functions():
            lines += part.text()
        else:
            lines += part.lines
    return "\n".join(["/** @file */", *lines]) + "\n"


if __name__ == "__main__":
    path = pathlib.Path(sys.argv[1])
    sys.stdout.write(convert(path.read_text(encoding="ascii"), path.name))
