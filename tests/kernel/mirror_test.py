#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""Both forms of apt sources, and which of them is taken for the Debian mirror."""

import pathlib
import tempfile
import unittest

import mirror

stanzas = """\
Types: deb deb-src
# a comment inside a stanza
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/some.gpg

Types: deb-src
URIs: http://source.example/debian
Suites: bookworm
Components: main

Enabled: no
Types: deb
URIs: http://disabled.example/debian
Suites: bookworm
Components: main

types: deb
uris: http://block.example/debian
suites: bookworm
components: main
signed-by:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
# Note: a comment inside a field
 abc
"""

lines = """\
# deb http://commented.example/debian bookworm main
deb http://mirror.example/debian bookworm main contrib # trailing words
deb [arch=amd64 signed-by=/a.gpg,/b.gpg check-valid-until=no] http://signed.example/debian/ bookworm main
deb-src http://source.example/debian bookworm main
deb [trusted=yes] https://vendor.example/apt bookworm main
"""


class mirror_test(unittest.TestCase):
    def test_deb822(self):
        first, block = mirror.parse_deb822(stanzas)
        self.assertEqual(first.uri, "http://mirror.example/debian")
        self.assertEqual(first.suites, ("bookworm", "bookworm-updates"))
        self.assertEqual(first.components, ("main", "contrib"))
        self.assertEqual(first.signed_by, "/usr/share/keyrings/some.gpg")
        self.assertEqual(block.uri, "http://block.example/debian")
        self.assertEqual(mirror.keyrings(block), "\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc")

    def test_single_lines(self):
        plain, signed, vendor = mirror.parse_list(lines)
        self.assertEqual((plain.uri, plain.suites, plain.components),
                         ("http://mirror.example/debian", ("bookworm",), ("main", "contrib")))
        self.assertEqual((signed.signed_by, signed.check_valid_until), ("/a.gpg /b.gpg", "no"))
        self.assertEqual(vendor.uri, "https://vendor.example/apt")

    def test_the_archive_keyring_joins_other_key_files(self):
        entry = mirror.parse_list(lines)[1]
        joined = [str(mirror.archive_keyring)] if mirror.archive_keyring.exists() else []
        self.assertEqual(mirror.keyrings(entry).split(), ["/a.gpg", "/b.gpg", *joined])

    def test_a_debian_mirror_is_preferred(self):
        vendor_first = list(reversed(mirror.parse_list(lines)))
        self.assertEqual(mirror.choose(vendor_first, "bookworm").uri, "http://signed.example/debian/")

    def test_a_suite_may_have_its_other_name(self):
        sources = mirror.parse_list("deb http://mirror.example/debian stable main\n")
        self.assertEqual(mirror.choose(sources, "bookworm").uri, "http://mirror.example/debian")

    def test_no_fitting_source_is_an_error(self):
        for text in (
            "",
            "deb http://mirror.example/debian bookworm contrib\n",
            "deb http://mirror.example/debian bullseye main\n",
            "deb cdrom:[disc]/debian bookworm main\n",
        ):
            with self.assertRaises(mirror.mirror_error):
                mirror.choose(mirror.parse_list(text), "bookworm")

    def test_all_files_of_a_machine_are_read(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "sources.list").write_text("deb http://one.example/debian bookworm main\n")
            (root / "parts").mkdir()
            (root / "parts/two.sources").write_text(stanzas)
            (root / "parts/three.list").write_text("deb http://three.example/debian bookworm main\n")
            (root / "parts/four.list.save").write_text("deb http://four.example/debian bookworm main\n")
            sources = mirror.read_sources(root / "sources.list", root / "parts")
        self.assertEqual([entry.uri.split("/")[2] for entry in sources],
                         ["one.example", "three.example", "mirror.example", "block.example"])


if __name__ == "__main__":
    unittest.main()
