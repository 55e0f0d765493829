#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Every option that a tool's --help has is in its manual page and in both completions, and the other way round."""

from __future__ import annotations

import re
import subprocess

import tools
from tools import checks, run

programs = ("kcapi-enc", "kcapi-dgst", "kcapi-rng", "kcapi-hasher", "kcapi-info", "kcapi-run", "kcapi-speed")


def help_of(program: str) -> str:
    done = run(program, "--help")
    return (done.stdout + done.stderr).decode("ascii")


def options_in_help(text: str) -> set[str]:
    found: set[str] = set()
    for line in text.splitlines():
        if re.match(r"  (-\w|    --)", line):
            found |= set(re.findall(r"(?<![\w-])(-\w|--[a-z][a-z0-9-]*)", line[:27] if len(line) > 27 else line))
    return found


def options_in_page(text: str) -> set[str]:
    headings = re.findall(r"^\.TP\n(.*)$", text.partition(".SH OPTIONS")[2].partition(".SH ")[0], re.M)
    return {option.replace("\\-", "-") for heading in headings for option in re.findall(r"\\fB((?:\\-)[^\\]*(?:\\-[^\\]*)*)\\fR", heading)}


def options_in_zsh(text: str, program: str) -> set[str]:
    part = text.partition(f"\n{program})\n")[2].partition(";;")[0]
    return set(re.findall(r"'\*?(-\w|--[a-z0-9-]+?)(?:[+]|=-?|-)?\[", part))


class documents(checks):
    def test_help_fits_80_columns(self) -> None:
        for program in programs:
            self.assertLessEqual(max(map(len, help_of(program).splitlines())), 80, program)
        self.assertGreater(len(options_in_help(help_of("kcapi-enc"))), 30)

    def test_pages_have_exactly_the_options(self) -> None:
        for program in programs:
            page = (tools.options.root / "docs" / "man" / f"{program}.1").read_text(encoding="ascii")
            self.assertEqual(options_in_page(page), options_in_help(help_of(program)), program)
            altered = page.replace("\\-\\-version", "\\-\\-versiom")
            self.assertNotEqual(options_in_page(altered), options_in_help(help_of(program)), program)

    def test_groff_finds_no_fault_in_the_pages(self) -> None:
        for program in programs:
            page = tools.options.root / "docs" / "man" / f"{program}.1"
            done = subprocess.run(["groff", "-t", "-man", "-ww", "-Tutf8", page], capture_output=True, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, b""), program)

    def test_zsh_has_exactly_the_options(self) -> None:
        text = (tools.options.root / "docs" / "completion" / "_kcapi-tools").read_text(encoding="ascii")
        for program in programs:
            self.assertEqual(options_in_zsh(text, program), options_in_help(help_of(program)), program)

    def complete(self, *words: str) -> list[str]:
        script = ('. "$1"; shift; PATH=$1:$PATH; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); '
                  '_kcapi_tools "$1"; printf "%s\\n" "${COMPREPLY[@]}"')
        done = subprocess.run(["bash", "-c", script, "bash", tools.options.root / "docs" / "completion" / "kcapi-tools.bash",
                               tools.options.tools, *words], capture_output=True, check=True, env=tools.environment(), text=True)
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_bash_completes_every_long_option(self) -> None:
        for program in programs:
            wanted = {option for option in options_in_help(help_of(program)) if option.startswith("--")}
            self.assertEqual(set(self.complete(program, "--")), wanted, program)

    def test_bash_completes_the_hashers_other_names(self) -> None:
        wanted = set(self.complete("kcapi-hasher", "--"))
        for name in ("sha3sum", "fipscheck", "sha512hmac", "sha256sum", "md5sum"):
            self.assertEqual(set(self.complete(name, "--")), wanted, name)
        self.assertEqual(self.complete("/usr/bin/sha256sum", "--"), [], "that of coreutils")

    def test_bash_completes_values(self) -> None:
        self.assertEqual(self.complete("kcapi-enc", "--aead-format", "=", "f"), ["file"])
        self.assertEqual(self.complete("kcapi-enc", "--kdf", ""), ["pbkdf2", "hkdf", "none"])
        self.assertIn("cbc\\(aes\\)", self.complete("kcapi-enc", "-c", "cbc"))
        self.assertIn("sha3sum", self.complete("kcapi-hasher", "-n", "sha3"))
        self.assertIn("gcm\\(aes\\)", self.complete("kcapi-info", "gcm"))
        self.assertEqual(self.complete("kcapi-run", "--engine", ""), ["auto", "local", "kernel"])
        self.assertIn("printf", self.complete("kcapi-run", "--check", "printf"))
        self.assertEqual(self.complete("kcapi-run", "printf", "--"), [], "the program's own options")
        self.assertIn("gcm\\(aes\\)", self.complete("kcapi-speed", "gcm"))
        self.assertEqual(self.complete("kcapi-speed", "--engine", "=", "k"), ["kernel"])


if __name__ == "__main__":
    tools.main()
