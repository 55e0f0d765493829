#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Writes the C++ source of kcapi::local::selftest_vectors() from the records marked `Selftest = yes`.

    selftest_vectors.py OUTPUT.cpp VECTORS.vec...

The file format is that of tests/support/vectors.hpp. Every record is read, marked or not, and anything
unknown in one is an error: a misspelt mark would quietly leave a vector out."""

import os
import re
import sys

required = ("Cipher", "Key", "Plaintext", "Ciphertext", "Origin")
optional = ("IV", "Assoc", "Tag", "Selftest")
binary = ("Key", "IV", "Plaintext", "Ciphertext", "Assoc", "Tag")
# An aead may have nothing to encrypt, only a tag to make.
may_be_empty = ("Plaintext", "Ciphertext")
# A record of a hash, and what its attributes are in the table. The key may be missing, or empty.
hash_attributes = {"Hash": "Cipher", "Message": "Plaintext", "Digest": "Ciphertext"}


class bad_vectors(Exception):
    pass


def fail(path, line, what):
    raise bad_vectors(f"{path}:{line}: {what}")


def attribute(path, line, text):
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        fail(path, line, "not of the form NAME = VALUE")
    return name.strip(), value.strip()


def records(path):
    """The records of a file as (line, {name: value}), with what they inherit."""
    group, group_is_new, own, first = {}, False, {}, 0
    with open(path, encoding="ascii") as lines:
        for number, text in enumerate([*lines, ""], 1):
            text = text.strip()
            if text.startswith("#"):
                continue
            if own and (not text or text.startswith("[")):
                yield first, {**group, **own}
                own, group_is_new = {}, False
            if not text:
                continue
            if text.startswith("["):
                if not text.endswith("]"):
                    fail(path, number, "bracket not closed")
                if not group_is_new:
                    group = {}
                group_is_new = True
                name, value = attribute(path, number, text[1:-1])
                to = group
            else:
                name, value = attribute(path, number, text)
                if not own:
                    first = number
                if name in group:
                    fail(path, number, f"{name} is inherited already")
                to = own
            if name in to:
                fail(path, number, f"{name} stands twice")
            to[name] = value


def as_cipher(path, line, record):
    """A record of a hash under the names of a cipher's; any other one as it is."""
    if "Hash" not in record:
        return record
    for name in ("Hash", "Digest", "Origin"):
        # There is one hash of which nothing comes.
        empty = name == "Digest" and record["Hash"] == "digest_null"
        if name not in record or not (record[name] or empty):
            fail(path, line, f"no {name}")
    for name in record:
        if name not in (*hash_attributes, "Key", "Origin", "Selftest"):
            fail(path, line, f"unknown attribute {name}")
    return {hash_attributes.get(name, name): value for name, value in record.items()}


def check(path, line, record):
    is_hash = "Hash" in record
    record = as_cipher(path, line, record)
    for name in required if not is_hash else ():
        # A key may be empty, but it has to be said.
        empty = name == "Key" or ("Tag" in record and name in may_be_empty)
        if name not in record or not (record[name] or empty):
            fail(path, line, f"no {name}")
    for name in record:
        if name not in required + optional:
            fail(path, line, f"unknown attribute {name}")
    for name in binary:
        if not re.fullmatch(r"([0-9a-fA-F]{2})*", record.get(name, "")):
            fail(path, line, f"{name} is not hexadecimal bytes")
    if ("Assoc" in record or "Tag" in record) and not record.get("Tag"):
        fail(path, line, "an aead without a tag")
    if not is_hash and len(record["Plaintext"]) != len(record["Ciphertext"]):
        fail(path, line, "plaintext and ciphertext differ in length")
    if record.get("Selftest", "yes") != "yes":
        fail(path, line, "Selftest can be yes, or left out")
    if not re.fullmatch(r"[a-z0-9_(),-]+", record["Cipher"]):
        fail(path, line, "Cipher is not an algorithm's name")


def byte_rows(digits):
    values = [f"0x{digits[i:i + 2]}," for i in range(0, len(digits), 2)]
    return "".join("    " + " ".join(values[i:i + 16]) + "\n" for i in range(0, len(values), 16))


def source(selected):
    """One array of all bytes, one of all names, and a table of places in them."""
    rows, names, table, at, name_at = [], [], [], 0, 0
    for record in selected:
        fields = []
        for field in binary:
            digits = record.get(field, "").lower()
            fields.append(f"{{{at}, {len(digits) // 2}}}")
            rows.append(byte_rows(digits))
            at += len(digits) // 2
        names.append(f'    "{record["Cipher"]}\\0"\n')
        table.append(f"    {{{name_at}, {', '.join(fields)}}},\n")
        name_at += len(record["Cipher"]) + 1
    return (
        "// Made by cmake/selftest_vectors.py from tests/kat/vectors; changes belong there.\n"
        '#include "local/selftest_vectors.hpp"\n\n'
        "#include <cstdint>\n#include <iterator>\n\n"
        "namespace kcapi::local {\n\nnamespace {\n\n"
        "struct place {\n    std::uint32_t begin;\n    std::uint32_t size;\n};\n\n"
        "struct row {\n    std::uint32_t name;\n"
        + "".join(f"    place {field.lower()};\n" for field in binary)
        + "};\n\nconstexpr std::uint8_t data[] = {\n" + "".join(rows)
        + "};\n\nconstexpr char names[] =\n" + "".join(names)
        + "    ;\n\nconstexpr row rows[] = {\n" + "".join(table) + "};\n\n"
        "base::bytes bytes_at(const place &p) noexcept { return {data + p.begin, p.size}; }\n\n"
        "} // namespace\n\n"
        "std::size_t selftest_vectors::count() noexcept { return std::size(rows); }\n\n"
        "selftest_vector selftest_vectors::at(std::size_t index) noexcept {\n"
        "    const row &r = rows[index];\n"
        "    return {.algorithm = names + r.name,\n"
        + "".join(f"            .{field.lower()} = bytes_at(r.{field.lower()}),\n" for field in binary)
        + "    };\n}\n\n"
        "} // namespace kcapi::local\n")


def write(path, text):
    """All or nothing, so that a failed build leaves no half of a source behind."""
    with open(path + ".new", "w", encoding="ascii") as out:
        out.write(text)
    os.replace(path + ".new", path)


def main(arguments):
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    output, *paths = arguments
    try:
        selected = []
        for path in paths:
            count = 0
            for line, record in records(path):
                check(path, line, record)
                count += 1
                if "Selftest" in record:
                    selected.append(as_cipher(path, line, record))
            if count == 0:
                fail(path, 0, "no records")
        if not selected:
            fail(paths[-1], 0, "no record of any file is marked Selftest = yes")
    except (bad_vectors, UnicodeDecodeError, OSError) as e:
        print(f"selftest_vectors.py: {e}", file=sys.stderr)
        return 1
    write(output, source(selected))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
