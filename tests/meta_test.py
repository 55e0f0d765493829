#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""meta_test.py ROOT CXX: rules about the tree itself.

Include direction between the layers, headers that compile alone, ASCII, licence lines, one place for each danger,
versions that agree. Each check has a planted fault here that it must find.
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(sys.argv[1])
CXX = sys.argv[2] if len(sys.argv) > 2 else "c++"

# folder of src: the folders it may include ("include" stands for the public headers).
MAY_INCLUDE = {
    "base": {"base", "include"},
    "alg": {"alg", "base", "include"},
    "afalg": {"afalg", "alg", "base", "include"},
    "local": {"local", "alg", "base", "include"},
    "drivers": {"drivers", "local", "alg", "base", "include"},
    "runtime": {"runtime", "afalg", "local", "alg", "base", "include"},
    "preload": {"preload", "runtime", "local", "alg", "base", "include"},
    "capi": {"capi", "runtime", "alg", "base", "include"},
    "measure": {"measure"},
    "tools": {"tools", "measure", "include"},
}
# Of src/local a driver module may know the driver interface and the headers written for drivers, nothing else.
DRIVER_API = {"local/driver.hpp", "local/counter128.hpp", "local/module_index.hpp", "local/places.hpp",
              "local/xts_message.hpp"}
# Calls with one place: pattern -> the only file that may have it.
ONE_PLACE = {
    r"(?<!\w)::(socket|bind|accept4|send|recv|sendmsg|recvmsg|setsockopt|vmsplice|splice|poll)\s*\(": {
        "src/base/sys.cpp", "src/tools/doctor.cpp", "src/tools/doctor_af_alg.cpp"},
    r"\b(explicit_bzero)\s*\(": {"src/base/secret.cpp"},
    r"\bcatch\s*\(\s*\.\.\.": {"src/capi/boundary.hpp", "src/preload/serving.hpp", "src/tools/speed_run.cpp"},
    r"\bsecure_getenv\s*\(": {
        "src/runtime/runtime.cpp", "src/local/modules.cpp", "src/tools/check_file.cpp", "src/tools/doctor.cpp",
        "src/tools/inventory.cpp", "src/tools/speed_gnuplot.cpp", "src/preload/settings.cpp", "src/preload/trace.cpp"},
    r"\b(stderr|std::cerr|printf\s*\()": {"src/base/log.cpp"},
    r"\b(abort|_exit|std::terminate)\s*\(": set(),
    r"[^_]\bgetenv\s*\(": set(),
}


def tracked():
    names = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                           capture_output=True, text=True)
    if names.returncode == 0:
        return [ROOT / n for n in names.stdout.split("\n") if n and (ROOT / n).is_file()]
    return [p for p in ROOT.rglob("*") if p.is_file() and "build" not in p.relative_to(ROOT).parts[:1]]


def source_files(files):
    return [f for f in files if f.suffix in {".cpp", ".hpp", ".c", ".h"}]


def includes(text):
    return re.findall(r'^\s*#\s*include\s+"([^"]+)"', text, re.M)


def wrong_includes(folder, text):
    allowed = MAY_INCLUDE[folder]
    wrong = []
    for name in includes(text):
        top = name.split("/")[0] if "/" in name else folder
        if top not in allowed:
            wrong.append(name)
        elif folder == "drivers" and top == "local" and name not in DRIVER_API:
            wrong.append(name)
    return wrong


def without_comments(text):
    text = re.sub(r"//[^\n]*", "", text)
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


def out_of_place(name, text):
    code = re.sub(r'"(\\.|[^"\\])*"', '""', without_comments(text))
    return [p for p, places in ONE_PLACE.items() if name not in places and re.search(p, code)]


def has_licence_line(text):
    return any("SPDX-License-Identifier: BSD-3-Clause" in line for line in text.split("\n")[:3])


class Meta(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.files = tracked()

    def test_include_direction(self):
        for f in source_files(self.files):
            parts = f.relative_to(ROOT).parts
            if parts[0] == "src":
                self.assertEqual(wrong_includes(parts[1], f.read_text()), [], f)
        self.assertEqual(wrong_includes("local", '#include "afalg/engine.hpp"\n'), ["afalg/engine.hpp"])
        self.assertEqual(wrong_includes("drivers", '#include "local/registry.hpp"\n'), ["local/registry.hpp"])

    def test_product_never_includes_tests(self):
        for f in source_files(self.files):
            if f.relative_to(ROOT).parts[0] in {"src", "include"}:
                self.assertNotRegex(f.read_text(), r'#\s*include\s+"(tests|support)/', f)

    def test_one_place_for_each_danger(self):
        for f in source_files(self.files):
            name = str(f.relative_to(ROOT))
            if name.startswith("src/"):
                self.assertEqual(out_of_place(name, f.read_text()), [], name)
        self.assertTrue(out_of_place("src/x.cpp", "int f() { return ::socket(1, 2, 3); }"))
        self.assertTrue(out_of_place("src/x.cpp", "void f() { std::fprintf(stderr, 0); }"))
        self.assertEqual(out_of_place("src/x.cpp", "// ::socket(\n const char *s = \"abort(\";"), [])

    def test_headers_compile_alone(self):
        headers = [f for f in source_files(self.files) if f.suffix in {".hpp", ".h"}
                   and f.relative_to(ROOT).parts[0] in {"src", "include"}]
        self.assertGreater(len(headers), 15)
        for h in headers:
            self.assertRegex(h.read_text(), r"(?m)^#pragma once$|^#ifndef \w+_H$", h)
        # What some source file includes before anything else was compiled alone when that was.
        sources = [f for f in source_files(self.files) if f.suffix == ".cpp"]
        first = {found.group(1) for f in sources if (found := re.search(r'^#include "(.+)"', f.read_text(), re.MULTILINE))
                 and "#include <" not in f.read_text()[:found.start()]}
        headers = [h for h in headers if str(h.relative_to(ROOT)).split("/", 1)[1] not in first]
        self.assertGreater(len(headers), 15)
        def compiles(text):
            return subprocess.run([CXX, "-std=c++20", "-fsyntax-only", "-D_GNU_SOURCE",
                                   '-DKCAPI_BUILD_VERSION="0"', f"-I{ROOT}/src", f"-I{ROOT}/include", "-x", "c++",
                                   "-"], input=text, capture_output=True, text=True)
        # Twice, so that a missing include guard shows too.
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for h, done in pool.map(lambda h: (h, compiles(f'#include "{h}"\n#include "{h}"\n')), headers):
                self.assertEqual(done.returncode, 0, f"{h}:\n{done.stderr}")
        self.assertNotEqual(compiles("std::string s;\n").returncode, 0)

    def test_ascii_and_licence_lines(self):
        for f in self.files:
            name = str(f.relative_to(ROOT))
            if f.suffix in {".json", ".vec", ".map"} or f.name in {"LICENSE", ".gitignore", ".clang-tidy"}:
                continue
            try:
                text = f.read_bytes().decode("ascii")
            except UnicodeDecodeError:
                self.fail(f"{name} is not ASCII")
            if f.suffix in {".cpp", ".hpp", ".c", ".h", ".py", ".cmake", ".sh"} or f.name == "CMakeLists.txt":
                self.assertTrue(has_licence_line(text), f"{name} has no SPDX line")
        self.assertFalse(has_licence_line("int main() {}\n"))

    def test_versions_agree(self):
        cmake = re.search(r"VERSION (\d+)\.(\d+)\.(\d+)", (ROOT / "CMakeLists.txt").read_text().split("project(")[1])
        code = (ROOT / "src/capi/common.cpp").read_text()
        found = [re.search(rf"abi_{part} = (\d+);", code).group(1) for part in ("major", "minor", "patch")]
        self.assertEqual(list(cmake.groups()), found)
        self.assertIn(f"LIBKCAPI_{'.'.join(found)} ", (ROOT / "tests/abi/symbols.txt").read_text() + " ")

    def test_no_reserved_names(self):
        reserved = re.compile(r"\b(?:struct|class|enum|namespace|#define|using)\s+(_\w+|\w*__\w*)")
        for f in source_files(self.files):
            if f.relative_to(ROOT).parts[0] in {"src", "include"}:
                self.assertEqual(reserved.findall(without_comments(f.read_text())), [], f)
        self.assertTrue(reserved.findall("class _hidden {};"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
