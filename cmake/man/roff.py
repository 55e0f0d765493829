# SPDX-License-Identifier: BSD-3-Clause
"""Text as the man macros want it, from text and from Doxygen's XML."""

from __future__ import annotations

import re
import xml.etree.ElementTree as xml


def escape(text: str) -> str:
    """Text that roff prints as it is. Minus signs stay what a user types."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    text = text.replace("^", "\\(ha").replace("~", "\\(ti")
    return re.sub(r"^\.", r"\\&.", text, flags=re.M)


def plain(node: xml.Element) -> str:
    return " ".join("".join(node.itertext()).split())


blocks = ("simplesect", "parameterlist", "itemizedlist")


def plain_own(node: xml.Element) -> str:
    """The same without the blocks in it."""
    parts = [node.text or ""]
    for child in node:
        parts += ["" if child.tag in blocks else plain(child), child.tail or ""]
    return " ".join("".join(parts).split())


def inline(node: xml.Element) -> str:
    """A paragraph's own text; what is a block of its own is left out."""
    parts = [escape(node.text or "")]
    for child in node:
        if child.tag == "computeroutput":
            parts.append(f"\\fI{escape(plain(child))}\\fP")
        elif child.tag in ("bold", "emphasis"):
            parts.append(f"\\fB{escape(plain(child))}\\fP")
        elif child.tag in ("ref", "ulink"):
            parts.append(escape(plain(child)))
        elif child.tag == "ndash":
            parts.append("\\-\\-")
        elif child.tag not in blocks:
            raise ValueError(f"no rule for <{child.tag}>")
        parts.append(escape(child.tail or ""))
    return emphasized(" ".join("".join(parts).split()))


def emphasized(text: str) -> str:
    """Names of functions, error numbers and NULL stand out; each sentence begins a line, as roff wants it."""
    text = re.sub(r"(?<![\w\\])(kcapi_\w*[a-z0-9])(?!\w)", r"\\fB\1\\fP", text)
    text = re.sub(r"(\\-)(E[A-Z][A-Z0-9]+)\b", r"\\fB\1\2\\fP", text)
    lines = re.sub(r"(?<=[.:;]) (?=[A-Z])", "\n", text)
    return re.sub(r"^([.'])", r"\\&\1", lines, flags=re.M)


def prototype(definition: str, arguments: list[str]) -> list[str]:
    """A declaration in lines of at most 76 columns."""
    line = f"{definition}("
    indent = " " * 8
    lines = []
    for at, argument in enumerate(arguments):
        piece = argument + (", " if at + 1 < len(arguments) else ");")
        if len(line) + len(piece.rstrip()) > 76 and line.strip():
            lines.append(line.rstrip())
            line = indent
        line += piece
    return [*lines, line.rstrip()]


def header(name: str, section: int, version: str, manual: str) -> list[str]:
    return [".\\\" SPDX-License-Identifier: BSD-3-Clause",
            f".TH {escape(name.upper())} {section} \"\" \"kcapi++ {version}\" \"{manual}\""]
