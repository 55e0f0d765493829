#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""pages.py XML_DIR OUTPUT_DIR VERSION: manual pages of section 3, one per function and one per family.

Doxygen has read the headers (Doxyfile.in, doxygen_filter.py); what it found is put in the order of a manual page.
"""

from __future__ import annotations

import pathlib
import re
import sys
import xml.etree.ElementTree as xml
from dataclasses import dataclass, field

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import roff  # noqa: E402

manual = "The C interface of libkcapi"


@dataclass
class text:
    """What a comment says, sorted by where it goes. Everything is roff already."""

    paragraphs: list[str] = field(default_factory=list)
    returns: list[str] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)
    afterwards: list[str] = field(default_factory=list)
    summary: str = ""


@dataclass
class function:
    name: str
    header: str
    definition: str
    arguments: list[str]
    text: text


@dataclass
class family:
    name: str
    title: str
    paragraphs: list[str]
    functions: list[function]
    types: list[list[str]]


def summary_of(sentence: str, name: str) -> str:
    """The first sentence without the name, short enough for a list of pages."""
    sentence = re.split(r"(?<=[\w)\]])[.:;](?:\s|$)", sentence.removeprefix(name).strip() + " ")[0]
    sentence = re.sub(r" \([^()]*(?:\([^()]*\)[^()]*)*\)", "", sentence).strip()
    while len(sentence) > 80 and sentence.rfind(", ") > 20:
        sentence = sentence[:sentence.rfind(", ")]
    return sentence.split(" (")[0].rstrip(".,")


def own_paragraphs(node: xml.Element) -> list[xml.Element]:
    """Those of the comment itself, not of a result or an error in it. A comment of one line is a brief one."""
    return [p for tag in ("briefdescription", "detaileddescription") for p in node.findall(f"{tag}/para")]


def description(node: xml.Element) -> list[str]:
    return [words for words in map(roff.inline, own_paragraphs(node)) if words]


def text_of(member: xml.Element, name: str) -> text:
    found = text(paragraphs=description(member))
    found.summary = summary_of(roff.plain_own(own_paragraphs(member)[0]), name)
    for section in member.iter("simplesect"):
        to = found.returns if section.get("kind") == "return" else found.afterwards
        to += [roff.inline(p) for p in section.findall("para") if roff.plain(p)]
    for item in member.iter("parameteritem"):
        number = roff.plain(item.find("parameternamelist/parametername"))
        cause = " ".join(roff.inline(p) for p in item.findall("parameterdescription/para"))
        found.errors.append((roff.escape(number), cause.rstrip(";")))
    return found


def function_of(member: xml.Element) -> function:
    name = member.findtext("name")
    arguments = re.sub(r"^\(|\)$", "", member.findtext("argsstring")).split(", ")
    return function(name=name, header=pathlib.Path(member.find("location").get("file")).name,
                    definition=member.findtext("definition"), arguments=arguments,
                    text=text_of(member, name))


def tagged(tag: str, words: str) -> list[str]:
    return [".TP", f".B {tag}", words or "\\&"]


def enum_lines(member: xml.Element) -> list[str]:
    lines = [".SS enum " + roff.escape(member.findtext("name") or "")]
    lines += description(member)
    for value in member.findall("enumvalue"):
        initial = (value.findtext("initializer") or "").strip()
        words = " ".join(description(value))
        lines += tagged(roff.escape(f"{value.findtext('name')} {initial}".strip()), words)
    return lines


def struct_lines(compound: xml.Element) -> list[str]:
    lines = [".SS struct " + roff.escape(compound.findtext("compoundname"))]
    lines += description(compound)
    for member in compound.iter("memberdef"):
        type_name = roff.plain(member.find("type"))
        space = "" if type_name.endswith("*") else " "
        words = " ".join(description(member))
        lines += tagged(roff.escape(f"{type_name}{space}{member.findtext('name')}"), words)
    return lines


def family_of(root: pathlib.Path, compound: xml.Element) -> family:
    members = list(compound.iter("memberdef"))
    types = [enum_lines(m) for m in members if m.get("kind") == "enum"]
    types += [struct_lines(xml.parse(root / f"{c.get('refid')}.xml").getroot().find("compounddef"))
              for c in compound.findall("innerclass")]
    types += [[f".SS {roff.escape(m.findtext('name'))}", ".nf",
               f".B {roff.escape(m.findtext('definition') + m.findtext('argsstring'))};", ".fi", ".PP",
               *description(m)]
              for m in members if m.get("kind") == "typedef"]
    return family(name=compound.findtext("compoundname"), title=compound.findtext("title"),
                  paragraphs=description(compound), functions=[function_of(m) for m in members if m.get("kind") == "function"],
                  types=types)


def paragraphs(words: list[str]) -> list[str]:
    lines: list[str] = []
    for at, paragraph in enumerate(words):
        lines += [".PP", paragraph] if at else [paragraph]
    return lines


def see_also(names: list[str]) -> list[str]:
    found = [f".BR {roff.escape(name)} ({section})," for name, section in
             [*((n, 3) for n in names), ("kcapi-engines", 7)]]
    found[-1] = found[-1].rstrip(",")
    return [".SH SEE ALSO", *found]


def synopsis(functions: list[function]) -> list[str]:
    lines = [".SH SYNOPSIS", ".nf", f".B #include <{functions[0].header}>"]
    for f in functions:
        lines.append(".PP")
        lines += [f".B \"{roff.escape(line)}\"" for line in roff.prototype(f.definition, f.arguments)]
    return [*lines, ".fi"]


def function_page(f: function, of: family, known: set[str], version: str) -> str:
    lines = roff.header(f.name, 3, version, manual)
    lines += [".SH NAME", f"{roff.escape(f.name)} \\- {roff.escape(f.text.summary)}"]
    lines += synopsis([f])
    lines += [".SH DESCRIPTION", *paragraphs(f.text.paragraphs)]
    if f.text.returns:
        lines += [".SH RETURN VALUE", *paragraphs(f.text.returns)]
    if f.text.errors:
        lines.append(".SH ERRORS")
        for number, cause in f.text.errors:
            lines += tagged(number, cause)
        if f.text.afterwards:
            lines += [".PP", *paragraphs(f.text.afterwards)]
    said = " ".join([*f.text.paragraphs, *f.text.returns, *f.text.afterwards])
    named = dict.fromkeys(n for n in re.findall(r"kcapi_\w+", said) if n in known and n != f.name)
    return "\n".join([*lines, *see_also([*named, of.name])]) + "\n"


def family_page(of: family, families: list[family], version: str) -> str:
    lines = roff.header(of.name, 3, version, manual)
    lines += [".SH NAME", f"{roff.escape(of.name)} \\- {roff.escape(of.title.lower())}"]
    lines += synopsis(of.functions)
    lines += [".SH DESCRIPTION", *paragraphs([*of.paragraphs, "Each function has a page of its own:"])]
    for f in of.functions:
        lines += [".TP", f".BR {roff.escape(f.name)} (3)", roff.escape(f.text.summary) + "."]
    if of.types:
        lines.append(".SH TYPES")
        for entry in of.types:
            lines += entry
    return "\n".join([*lines, *see_also([f.name for f in families if f is not of])]) + "\n"


def main(root: pathlib.Path, output: pathlib.Path, version: str) -> int:
    compounds = [xml.parse(path).getroot().find("compounddef") for path in sorted(root.glob("group__*.xml"))]
    families = [family_of(root, compound) for compound in compounds]
    known = {f.name for of in families for f in of.functions}
    output.mkdir(parents=True, exist_ok=True)
    for old in output.glob("*.3"):
        old.unlink()
    for of in families:
        (output / f"{of.name}.3").write_text(family_page(of, families, version), encoding="ascii")
        for f in of.functions:
            (output / f"{f.name}.3").write_text(function_page(f, of, known, version), encoding="ascii")
    print(f"{len(known)} functions in {len(families)} families")
    return 0 if known else 1


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]))
