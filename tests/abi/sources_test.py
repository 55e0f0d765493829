#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The list of symbols, the linker map, both headers and header_test.c say the same.

Every comparison is a function from texts to problems, tried on the tree's files and on a planted fault.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

here = pathlib.Path(__file__).resolve().parent
root = here.parents[1]
sys.path[:0] = [str(here), str(root / "cmake")]

import abi_test  # noqa: E402
import symbols  # noqa: E402

declaration = re.compile(r"^(?!typedef)\w[\w ]*[ *](kcapi_\w+)\(", re.MULTILINE)


def text_of(path: str) -> str:
    return (root / path).read_text(encoding="ascii")


def names_in(listed: symbols.symbol_list, ours: bool) -> set[str]:
    return {entry.name for entry in listed.symbols if (entry.family == "ext") == ours}


def compare_header(header: str, wanted: set[str]) -> list[str]:
    """The header declares the wanted functions, no other, each below a comment that begins with its name."""
    declared = declaration.findall(header)
    problems = [f"not declared: {name}" for name in sorted(wanted - set(declared))]
    problems += [f"not in the list: {name}" for name in sorted(set(declared) - wanted)]
    problems += [f"declared twice: {name}" for name in sorted(set(declared)) if declared.count(name) > 1]
    for match in declaration.finditer(header):
        above = re.search(r"((?:^///.*\n)+)\Z", header[:match.start()], re.MULTILINE)
        if above is None or not above.group(1).startswith(f"/// {match.group(1)} "):
            problems.append(f"no comment that begins with its name: {match.group(1)}")
    return problems


def compare_includes(header: str) -> list[str]:
    """kcapi.h brings in what the original does, no more."""
    found = re.findall(r"#include (\S+)", header)
    return [] if found == ["<stdint.h>", "<sys/uio.h>"] else [f"includes {found}"]


def compare_expectations(source: str, wanted: set[str]) -> list[str]:
    expected = set(re.findall(r"EXPECT\([^,]+, (kcapi_\w+),", source))
    return [f"header_test.c does not expect {name}" for name in sorted(wanted - expected)]


def compare_map(text: str, listed: symbols.symbol_list) -> list[str]:
    return [] if text == symbols.linker_map(listed) else ["libkcapi.map is out of date: symbols.py --map"]


def compare_families(listed: symbols.symbol_list) -> list[str]:
    return [f"{entry.name} belongs to {abi_test.family_of(entry.name)}, not {entry.family}"
            for entry in listed.symbols if abi_test.family_of(entry.name) != entry.family]


class agreement(unittest.TestCase):
    listed = symbols.parse(text_of("tests/abi/symbols.txt"))

    def expect_fault(self, problems: list[str], text: str) -> None:
        self.assertEqual(len(problems), 1, problems)
        self.assertIn(text, problems[0])

    def test_map(self) -> None:
        text = text_of("src/capi/libkcapi.map")
        self.assertEqual(compare_map(text, self.listed), [])
        self.expect_fault(compare_map(text.replace("    kcapi_version;\n", ""), self.listed), "out of date")

    def test_families(self) -> None:
        self.assertEqual(compare_families(self.listed), [])
        wrong = symbols.symbol("kcapi_md_init", "LIBKCAPI_0.12.0", None, "aead")
        self.expect_fault(compare_families(symbols.symbol_list({}, [wrong])), "belongs to md")

    def test_headers(self) -> None:
        self.assertEqual(compare_header(text_of("include/kcapi.h"), names_in(self.listed, False)), [])
        self.assertEqual(compare_header(text_of("include/kcapi_ext.h"), names_in(self.listed, True)), [])

    def test_faults_in_headers(self) -> None:
        header = text_of("include/kcapi.h")
        wanted = names_in(self.listed, False)
        self.expect_fault(compare_header(header, wanted | {"kcapi_more"}), "not declared: kcapi_more")
        self.expect_fault(compare_header(header, wanted - {"kcapi_version"}), "not in the list: kcapi_ver")
        nameless = header.replace("/// kcapi_version returns", "/// It returns")
        self.expect_fault(compare_header(nameless, wanted), "begins with its name: kcapi_version")
        twice = header + "/// kcapi_version again\nuint32_t kcapi_version(void);\n"
        self.expect_fault(compare_header(twice, wanted), "declared twice: kcapi_version")

    def test_includes(self) -> None:
        header = text_of("include/kcapi.h")
        self.assertEqual(compare_includes(header), [])
        self.expect_fault(compare_includes(header + "#include <stdio.h>\n"), "<stdio.h>")

    def test_expectations(self) -> None:
        source = text_of("tests/abi/header_test.c")
        wanted = {entry.name for entry in self.listed.symbols}
        self.assertEqual(compare_expectations(source, wanted), [])
        lacking = source.replace("kcapi_version,", "other,")
        self.expect_fault(compare_expectations(lacking, wanted), "kcapi_version")


class header_test(unittest.TestCase):
    """header_test.c does not compile against headers that are wrong."""

    def compiles(self, old: str, new: str) -> bool:
        with tempfile.TemporaryDirectory() as scratch:
            replaced = 0
            for name in ("kcapi.h", "kcapi_ext.h"):
                text = text_of(f"include/{name}")
                replaced += text.count(old)
                pathlib.Path(scratch, name).write_text(text.replace(old, new), encoding="ascii")
            self.assertEqual(replaced, 1, f"{old} stands {replaced} times")
            commands = ([os.environ.get("CC", "cc"), "-std=c99", str(here / "header_test.c")],
                        [os.environ.get("CXX", "c++"), "-std=c++20", str(here / "header_test_cxx.cpp")])
            flags = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", f"-I{scratch}", "-fsyntax-only"]
            results = {subprocess.run([*command, *flags], capture_output=True, check=False).returncode == 0
                       for command in commands}
        self.assertEqual(len(results), 1, "C and C++ disagree")
        return results.pop()

    def test_right_headers(self) -> None:
        self.assertTrue(self.compiles("#define KCAPI_H\n", "#define KCAPI_H\n"))

    def test_wrong_constants(self) -> None:
        for old, new in (("KCAPI_ACCESS_SENDMSG 0x2", "KCAPI_ACCESS_SENDMSG 0x3"), ("(1 << 0)", "(1 << 1)"),
                         ("KCAPI_LOG_DEBUG = 4", "KCAPI_LOG_DEBUG = 5"), ("P256 0x0002", "P256 0x0003"),
                         ("ENGINE_LOCAL = 2", "ENGINE_LOCAL = 3")):
            with self.subTest(new):
                self.assertFalse(self.compiles(old, new))

    def test_wrong_prototypes(self) -> None:
        for old, new in (("uint32_t kcapi_version(", "uint64_t kcapi_version("),
                         ("uint32_t *new_iv_len", "size_t *new_iv_len"),
                         ("handle *handle, unsigned int size", "handle *handle, unsigned long size"),
                         ("log_fn)(void *context, int level", "log_fn)(void *context, long level")):
            with self.subTest(new):
                self.assertFalse(self.compiles(old, new))

    def test_wrong_guard(self) -> None:
        self.assertFalse(self.compiles("#define KCAPI_H\n", "#define KCAPI_HEADER\n"))


class list_format(unittest.TestCase):
    """symbols.parse refuses a list that contradicts itself."""

    nodes = "node A_1 -\nnode A_2 A_1\nnode KCAPI_EXT_1 A_2\n"

    def test_a_right_list(self) -> None:
        listed = symbols.parse(self.nodes + "symbol kcapi_x A_2 A_1 generic # why\n")
        self.assertEqual(listed.symbols, [symbols.symbol("kcapi_x", "A_2", "A_1", "generic")])
        self.assertEqual(listed.parents, {"A_1": None, "A_2": "A_1", "KCAPI_EXT_1": "A_2"})

    def test_faults(self) -> None:
        good = "symbol kcapi_x A_2 A_1 generic\n"
        for lines, problem in (
                ("", "no symbols"),
                ("symbl kcapi_x A_2 A_1 generic\n", "line 4: neither"),
                ("partial generic\n" + good, "line 4: neither"),
                (good + good, "line 5: kcapi_x stands twice"),
                ("symbol kcapi_x A_3 - generic\n", "unknown node A_3"),
                ("symbol kcapi_x A_1 A_2 generic\n", "not before"),
                ("symbol kcapi_x A_1 A_1 generic\n", "not before"),
                ("symbol kcapi_x A_1 - sundry\n", "unknown family"),
                ("symbol x A_1 - generic\n", "not a name"),
                ("node A_2 A_1\n" + good, "node A_2 stands twice"),
                ("node A_4 A_2\n" + good, "must depend on"),
                ("symbol kcapi_ext_x A_1 - ext\n", "go together"),
                ("symbol kcapi_x KCAPI_EXT_1 - ext\n", "go together"),
                ("symbol kcapi_ext_x KCAPI_EXT_1 - generic\n", "go together")):
            with self.subTest(lines), self.assertRaisesRegex(symbols.list_error, problem):
                symbols.parse(self.nodes + lines)

    def test_program_writes_and_compares(self) -> None:
        with tempfile.TemporaryDirectory() as scratch:
            script = pathlib.Path(scratch, "map")
            command = [sys.executable, str(root / "cmake" / "symbols.py"), str(here / "symbols.txt")]
            subprocess.run([*command, "--map", str(script)], check=True)
            self.assertEqual(script.read_text(encoding="ascii"), text_of("src/capi/libkcapi.map"))
            subprocess.run([*command, "--check", str(script)], check=True)
            script.write_text("other\n", encoding="ascii")
            done = subprocess.run([*command, "--check", str(script)], capture_output=True, check=False)
            self.assertEqual(done.returncode, 1)


if __name__ == "__main__":
    unittest.main()
