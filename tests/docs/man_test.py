#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""man_test.py PAGES ROOT: the manual is complete, and groff finds no fault in it.

PAGES is the directory of the pages of section 3 that the build wrote. Each check is tried on a planted fault too.
"""

from __future__ import annotations

import pathlib
import re
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True

pages = pathlib.Path()
root = pathlib.Path()

# Pages of other packages that ours refer to.
foreign = {"accept(2)", "execve(2)", "fork(2)", "ld.so(8)", "secure_getenv(3)", "syscall(2)"}


def exported_names(listed: str) -> set[str]:
    return set(re.findall(r"^symbol\s+(\w+)", listed, re.M))


def missing(names: set[str], files: set[str]) -> list[str]:
    return sorted(name for name in names if f"{name}.3" not in files)


def faults_of(name: str, text: str, files: set[str]) -> list[str]:
    """What every page has, and references that lead somewhere. `files` are the names of all pages."""
    found = []
    title = re.search(r"^\.SH NAME\n(\S+) \\- (.+)$", text, re.M)
    if title is None or title[1].replace("\\-", "-") != name.rsplit(".", 1)[0]:
        found.append(f"{name}: no NAME line of its own with a summary")
    elif not 8 < len(title[2]) <= 120:
        found.append(f"{name}: the summary has {len(title[2])} characters")
    sections = re.findall(r"^\.SH (.+)$", text, re.M)
    wanted = ["NAME", "SYNOPSIS", "DESCRIPTION", "SEE ALSO"] if name.endswith(".3") else ["NAME", "DESCRIPTION"]
    if [s for s in sections if s in wanted] != wanted:
        found.append(f"{name}: sections {sections}")
    description = re.search(r"^\.SH DESCRIPTION\n(.*?)^\.SH", text, re.M | re.S)
    if description is None or len(description[1].strip()) < 20:
        found.append(f"{name}: no description")
    for page, number in re.findall(r"^\.BR (\S+) \((\d)\)", text, re.M):
        page = page.replace("\\-", "-")
        if f"{page}.{number}" not in files and f"{page}({number})" not in foreign:
            found.append(f"{name}: refers to {page}({number}), which is not there")
    return found


def groff_says(text: str) -> str:
    done = subprocess.run(["groff", "-ww", "-man", "-Tascii", "-z"], input=text, capture_output=True, text=True,
                          timeout=60, check=False)
    return done.stderr + (f"exit status {done.returncode}" if done.returncode else "")


class manual(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.paths = [*sorted(pages.glob("*.3")), *sorted((root / "docs/man").glob("*.7"))]
        cls.texts = {path.name: path.read_text(encoding="ascii") for path in cls.paths}
        cls.names = exported_names((root / "tests/abi/symbols.txt").read_text(encoding="ascii"))

    def test_every_exported_function_has_a_page(self) -> None:
        self.assertGreater(len(self.names), 60)
        self.assertEqual(missing(self.names, set(self.texts)), [])
        without = set(self.texts) - {"kcapi_version.3"}
        self.assertEqual(missing(self.names, without), ["kcapi_version"])

    def test_every_family_has_a_page(self) -> None:
        families = set(re.findall(r"^symbol\s+kcapi_(cipher|aead|md|rng|akcipher|kpp|ext)_",
                                  (root / "tests/abi/symbols.txt").read_text(encoding="ascii"), re.M))
        self.assertGreaterEqual(families, {"cipher", "aead", "rng", "ext"})
        for name in families | {"generic", "kdf"}:
            text = self.texts[f"kcapi_{name}.3"]
            members = [n for n in self.names if n.startswith(f"kcapi_{name}_") and n not in text.replace("\\", "")]
            self.assertEqual(members, [], f"kcapi_{name}(3) leaves out")

    def test_every_page_is_whole(self) -> None:
        files = set(self.texts) | {path.name for path in (root / "docs/man").glob("*.1")}
        for name, text in self.texts.items():
            self.assertEqual(faults_of(name, text, files), [])
        text = self.texts["kcapi_cipher_encrypt.3"]
        for broken, fault in ((text.replace(".SH SYNOPSIS", ".SH USE"), "sections"),
                              (re.sub(r" \\- .*", " \\- ", text, count=1), "NAME"),
                              (text.replace("kcapi_cipher (3)", "kcapi_nothing (3)"), "not there"),
                              (re.sub(r"(?s)(\.SH DESCRIPTION\n).*?(?=\.SH)", r"\1", text), "no description")):
            self.assertNotEqual(broken, text)
            self.assertIn(fault, " ".join(faults_of("kcapi_cipher_encrypt.3", broken, files)))

    def test_results_and_errors_have_their_sections(self) -> None:
        text = self.texts["kcapi_cipher_encrypt.3"]
        self.assertIn(".SH RETURN VALUE\nReturns", text)
        for number in ("EINVAL", "EFAULT", "EMSGSIZE", "ENOKEY", "ENOMEM"):
            self.assertIn(f".TP\n.B \\-{number}\n", text)
        self.assertIn("#include <kcapi.h>", text)
        self.assertIn("#include <kcapi_ext.h>", self.texts["kcapi_ext_batch.3"])

    def test_groff_finds_no_fault(self) -> None:
        for path in self.paths:
            self.assertEqual(groff_says(self.texts[path.name]), "", path.name)
        text = self.texts["kcapi_version.3"]
        self.assertIn("NOSUCH", groff_says(text.replace(".SH NAME", ".NOSUCH\n.SH NAME")))


if __name__ == "__main__":
    pages, root = map(pathlib.Path, sys.argv[1:3])
    unittest.main(argv=sys.argv[:1], verbosity=2)
