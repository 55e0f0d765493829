#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Every check of abi_test.py lets a good library pass and reports the fault it is there for.

The libraries are built from the list, with src/capi/versions.hpp, by the compiler that CXX names: so this
also shows that the macros and the map give the wanted versions, with GCC also under -flto.
"""

from __future__ import annotations

import dataclasses
import pathlib
import subprocess
import sys
import tempfile
import unittest

import abi_test
import elf_facts
import stub_library
import symbols

good = symbols.parse((pathlib.Path(__file__).parent / "symbols.txt").read_text(encoding="ascii"))


def changed(name: str, **fields: str | None) -> symbols.symbol_list:
    """The list with one entry altered."""
    return symbols.symbol_list(dict(good.parents), [
        dataclasses.replace(entry, **fields) if entry.name == name else entry for entry in good.symbols])


def with_symbols(*more: symbols.symbol) -> symbols.symbol_list:
    return symbols.symbol_list(dict(good.parents), [*good.symbols, *more])


def without(name: str) -> symbols.symbol_list:
    return symbols.symbol_list(dict(good.parents), [entry for entry in good.symbols if entry.name != name])


class checks(unittest.TestCase):
    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.scratch = pathlib.Path(scratch.name)

    def build(self, listed: symbols.symbol_list = good, **how) -> str:
        return stub_library.build(self.scratch / "ours", listed, **how)

    def package(self, listed: symbols.symbol_list) -> pathlib.Path:
        stub_library.build(self.scratch / "package" / "usr" / "lib", listed)
        return self.scratch / "package"

    def expect_only(self, check: str, problem: str, library: str,
                    package: pathlib.Path | None = None) -> None:
        """One check fails, no other, and it names the problem."""
        results = abi_test.run(library, good, package)
        self.assertEqual([name for name, problems in results.items() if problems], [check], results)
        self.assertIn(problem, "\n".join(results[check]))


class good_library(checks):
    def test_passes_every_check(self) -> None:
        command = [stub_library.compiler, "--version"]
        version = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        for flags in [()] if "clang" in version else [(), ("-flto",), ("-flto", "-O2")]:
            with self.subTest(flags=flags):
                results = abi_test.run(self.build(flags=flags), good, self.package(good))
                self.assertEqual(len(results), 8)
                self.assertEqual([problem for problems in results.values() for problem in problems], [])

    def test_old_forms_are_not_in_a_static_library(self) -> None:
        self.scratch.joinpath("static").mkdir()
        files = stub_library.sources(good, self.scratch / "static", "")
        library = str(self.scratch / "static" / "other.so")
        stub_library.compile_with("-DKCAPI_STATIC_LIBRARY", "-shared", "-o", library, *files)
        names = {str(entry) for entry in elf_facts.read(library).symbols}
        self.assertEqual(names, {entry.name for entry in good.symbols})


class exported_names(checks):
    def test_missing_function(self) -> None:
        self.expect_only("exported names", "missing: kcapi_cipher_init@@LIBKCAPI_0.12.0",
                         self.build(without("kcapi_cipher_init")))

    def test_unlisted_function(self) -> None:
        more = symbols.symbol("kcapi_cipher_more", "LIBKCAPI_1.4.0", None, "cipher")
        self.expect_only("exported names", "not in the list: kcapi_cipher_more@@LIBKCAPI_1.4.0",
                         self.build(with_symbols(more)))

    def test_wrong_default_node(self) -> None:
        self.expect_only("exported names", "not in the list: kcapi_version@@LIBKCAPI_0.13.0",
                         self.build(changed("kcapi_version", node="LIBKCAPI_0.13.0")))

    def test_missing_old_form(self) -> None:
        self.expect_only("exported names", "missing: kcapi_cipher_stream_op@LIBKCAPI_0.12.0",
                         self.build(changed("kcapi_cipher_stream_op", old_node=None)))

    def test_wrong_old_node(self) -> None:
        self.expect_only("exported names", "not in the list: kcapi_cipher_enc_aes_cbc@LIBKCAPI_1.0.1",
                         self.build(changed("kcapi_cipher_enc_aes_cbc", old_node="LIBKCAPI_1.0.1")))

    def test_old_node_as_default(self) -> None:
        self.expect_only("exported names", "not in the list: kcapi_memset_secure@@LIBKCAPI_0.12.0",
                         self.build(changed("kcapi_memset_secure", node="LIBKCAPI_0.12.0", old_node=None)))

    def test_data_instead_of_function(self) -> None:
        data = 'extern "C" { KCAPI_EXPORT extern const int kcapi_version; const int kcapi_version = 1; }'
        self.expect_only("exported names", "kcapi_version@@LIBKCAPI_0.12.0 is OBJECT", self.build(extra=data))

    def test_weak_function(self) -> None:
        weak = 'extern "C" KCAPI_EXPORT [[gnu::weak]] int kcapi_version() { return 1; }'
        self.expect_only("exported names", "kcapi_version@@LIBKCAPI_0.12.0 is FUNC WEAK",
                         self.build(extra=weak))

    def test_leaked_internal_function(self) -> None:
        leak = 'extern "C" KCAPI_EXPORT int helper(); int helper() { return 1; }'
        everything = symbols.linker_map(good).replace("local:\n    *;\n", "")
        names = self.build(extra=leak, map_text=everything)
        self.expect_only("exported names", "not in the list: helper", names)


class version_nodes(checks):
    def test_wrong_parent(self) -> None:
        script = symbols.linker_map(good).replace("} LIBKCAPI_1.3.0;", "} LIBKCAPI_1.2.1;")
        self.expect_only("version nodes", "LIBKCAPI_1.3.1 depends on ['LIBKCAPI_1.2.1']",
                         self.build(map_text=script))

    def test_missing_node(self) -> None:
        script = symbols.linker_map(good).replace("LIBKCAPI_1.5.1 {\n} LIBKCAPI_1.5.0;\n", "")
        self.expect_only("version nodes", "missing node LIBKCAPI_1.5.1",
                         self.build(map_text=script.replace("} LIBKCAPI_1.5.1;", "} LIBKCAPI_1.5.0;")))

    def test_unlisted_node(self) -> None:
        script = symbols.linker_map(good) + "\nKCAPI_EXT_2 {\n} KCAPI_EXT_1;\n"
        self.expect_only("version nodes", "node KCAPI_EXT_2 is not in the list", self.build(map_text=script))


class linking(checks):
    def test_wrong_soname(self) -> None:
        self.expect_only("soname", "'libkcapi.so.2'",
                         self.build(link=(*stub_library.good_link, "-Wl,-soname,libkcapi.so.2")))

    def test_needs_another_library(self) -> None:
        use = 'extern "C" double cos(double); double use(int); double use(int x) { return cos(x); }'
        self.expect_only("needed libraries", "needs libm.so.6",
                         self.build(extra=use, link=(*stub_library.good_link, "-lm")))

    def test_needs_nothing(self) -> None:
        self.expect_only("needed libraries", "does not need libc.so.6",
                         self.build(link=(*stub_library.good_link, "-nostdlib")))

    def test_lazy_binding(self) -> None:
        self.expect_only("relro", "bound lazily", self.build(link=(*stub_library.good_link, "-Wl,-z,lazy")))

    def test_no_relro(self) -> None:
        self.expect_only("relro", "no GNU_RELRO",
                         self.build(link=(*stub_library.good_link, "-Wl,-z,norelro")))

    def test_executable_stack(self) -> None:
        self.expect_only("stack", "executable stack",
                         self.build(link=(*stub_library.good_link, "-Wl,-z,execstack")))

    def test_text_relocations(self) -> None:
        address = 'asm(".pushsection .text\\n.balign 8\\n.dc.a getpid\\n.popsection");'
        self.expect_only("text relocations", "text segment",
                         self.build(extra=address, link=(*stub_library.good_link, "-Wl,-z,notext")))


class debians_names(checks):
    def test_function_that_debian_has(self) -> None:
        more = symbols.symbol("kcapi_cipher_more", "LIBKCAPI_1.4.0", None, "cipher")
        self.expect_only("debian's names", "missing: kcapi_cipher_more@@LIBKCAPI_1.4.0", self.build(),
                         self.package(with_symbols(more)))

    def test_old_form_that_debian_has(self) -> None:
        theirs = changed("kcapi_handle_reinit", old_node="LIBKCAPI_1.0.0")
        self.expect_only("debian's names", "missing: kcapi_handle_reinit@LIBKCAPI_1.0.0", self.build(),
                         self.package(theirs))

    def test_node_that_debian_has(self) -> None:
        theirs = symbols.symbol_list(good.parents | {"LIBKCAPI_9.0.0": "KCAPI_EXT_1"}, good.symbols)
        self.expect_only("debian's names", "missing node LIBKCAPI_9.0.0", self.build(), self.package(theirs))

    def test_family_that_debian_has(self) -> None:
        more = symbols.symbol("kcapi_more_init", "LIBKCAPI_1.0.0", None, "generic")
        self.expect_only("debian's names", "missing: kcapi_more_init@@LIBKCAPI_1.0.0", self.build(),
                         self.package(with_symbols(more)))

    def test_some_other_library(self) -> None:
        theirs = symbols.symbol_list(dict(good.parents),
                                     [entry for entry in good.symbols if entry.family != "cipher"])
        self.expect_only("debian's names", "missing family cipher", self.build(), self.package(theirs))

    def test_a_folder_without_the_library(self) -> None:
        self.scratch.joinpath("empty").mkdir()
        with self.assertRaisesRegex(elf_facts.elf_error, "0 files"):
            abi_test.run(self.build(), good, self.scratch / "empty")


class program(checks):
    def run_program(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        here = pathlib.Path(__file__).parent
        command = [sys.executable, str(here / "abi_test.py"), *arguments, str(here / "symbols.txt")]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def test_exit_status_tells(self) -> None:
        self.assertEqual(self.run_program(self.build()).returncode, 0)
        failed = self.run_program(self.build(without("kcapi_version")))
        self.assertEqual(failed.returncode, 1)
        self.assertIn("6 of 7 checks passed", failed.stdout)

    def test_a_file_that_is_no_library_fails(self) -> None:
        self.assertEqual(self.run_program(__file__).returncode, 1)
        self.assertEqual(self.run_program(str(self.scratch / "absent.so")).returncode, 1)


if __name__ == "__main__":
    unittest.main()
