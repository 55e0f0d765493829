#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What the Debian packages have in them, against contents.txt.

contents_test.py (--build DIR | --packages DIR) [--record]

--build makes the packages of a build tree for this, without debug symbols; --packages looks at finished ones.
"""

from __future__ import annotations

import argparse
import difflib
import gzip
import hmac
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import packages

options = argparse.Namespace()
here = pathlib.Path(__file__).resolve().parent
stored = here / "contents.txt"
symbols = "libkcapi-dbgsym"


def listing(found: dict[str, packages.package]) -> str:
    return "".join(f"{name}: {line}\n" for name in sorted(found) if name != symbols for line in found[name].lines)


def made(folder: str) -> pathlib.Path:
    components = subprocess.run(["grep", "-oP", r'CPACK_COMPONENTS_ALL "\K[^"]+', f"{options.build}/CPackConfig.cmake"],
                                check=True, capture_output=True, text=True).stdout.strip().split(";")
    components.remove("symbols")
    subprocess.run(["cpack", "--config", f"{options.build}/CPackConfig.cmake", "-B", folder, "-D",
                    f"CPACK_COMPONENTS_ALL={';'.join(components)}"], check=True, capture_output=True,
                   env={**os.environ, "DESTDIR": ""})
    return pathlib.Path(folder)


class contents(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls) -> None:
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.found = packages.read_all(pathlib.Path(options.packages) if options.packages else made(scratch.name))
        if options.record:
            stored.write_text(listing(cls.found))

    def test_are_those_listed(self) -> None:
        self.assertGreaterEqual(len(self.found), 5)
        difference = list(difflib.unified_diff(stored.read_text().splitlines(), listing(self.found).splitlines(),
                                               "contents.txt", "the packages", lineterm="", n=0))
        self.assertEqual(difference, [], "\n" + "\n".join(difference))

    def test_no_file_is_in_two_packages(self) -> None:
        every = [line for one in self.found.values() for line in one.lines]
        self.assertEqual(len(every), len(set(every)))

    def test_check_files_are_those_of_the_files_as_packed(self) -> None:
        """They would be wrong if something were stripped after they were computed."""
        checked = 0
        for name, path, target in (("libkcapi1", "usr/lib/.libkcapi.so.1.hmac", "usr/lib/libkcapi.so.1.5.1"),
                                   ("libkcapi1", "usr/lib/.libkcapi.so.1.5.1.hmac", "usr/lib/libkcapi.so.1.5.1")):
            one = self.found[name]
            digest = hmac.digest(b"FIPS-FTW-RHT2009", one.files[target], "sha512").hex()
            self.assertEqual(one.files[path].decode().split(" ")[0], digest, path)
            checked += 1
        self.assertEqual(checked, 2)

    def test_packages_fit_together(self) -> None:
        version = self.found["libkcapi1"].fields["Version"]
        self.assertRegex(version, r"^1\.5\.1\+kcapi[\d.]+-\d+$")
        exact = f"libkcapi1 (= {version})"
        for name, one in self.found.items():
            self.assertEqual(one.fields["Version"], version, name)
            wanted = {"kcapi-tools": "foreign", "kcapi-preload": "no"}.get(name, "same")
            self.assertEqual(one.fields["Multi-Arch"], wanted, name)
            if name == "libkcapi-dev" or name.startswith("kcapi-drivers-"):
                self.assertIn(exact, one.fields["Depends"], name)
        self.assertIn("libssl3", self.found["kcapi-drivers-openssl"].fields["Depends"])
        self.assertIn("libkcapi1 (>= ", self.found["kcapi-tools"].fields["Depends"])
        self.assertIn(f"kcapi-drivers-openssl (= {version})", self.found["libkcapi1"].fields["Recommends"])

    def test_the_library_has_symbols_shlibs_and_a_trigger_and_no_scripts(self) -> None:
        self.assertEqual(self.found["libkcapi1"].control, {"control", "md5sums", "shlibs", "symbols", "triggers"})

    def test_documents_are_compressed_and_there(self) -> None:
        for name, one in self.found.items():
            for file in ("changelog.Debian.gz", "changelog.gz", "copyright"):
                self.assertIn(f"usr/share/doc/{name}/{file}", one.files, name)
            text = gzip.decompress(one.files[f"usr/share/doc/{name}/changelog.Debian.gz"]).decode()
            self.assertIn(f"libkcapi ({one.fields['Version']})", text)
            for line in one.lines:
                if line.startswith("usr/share/man/"):
                    self.assertTrue(line.endswith(".gz"), line)

    def test_pages_of_the_hashers_names_lead_to_its_own(self) -> None:
        one = self.found["kcapi-tools"]
        names = [line for line in one.files if line.endswith(".1kcapi.gz")]
        self.assertEqual(len(names), 16)
        for line in names:
            self.assertEqual(gzip.decompress(one.files[line]), b".so man1/kcapi-hasher.1\n", line)
        page = gzip.decompress(one.files["usr/share/man/man1/kcapi-hasher.1.gz"]).decode()
        for line in names:
            name = line.rsplit("/", 1)[1].removesuffix(".1kcapi.gz")
            self.assertTrue(f"\n.TP\n.B {name}\n" in page, name)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build")
    parser.add_argument("--packages")
    parser.add_argument("--record", action="store_true")
    _, others = parser.parse_known_args(namespace=options)
    unittest.main(argv=[sys.argv[0], *others])
