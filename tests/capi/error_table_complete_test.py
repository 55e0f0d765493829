# SPDX-License-Identifier: BSD-3-Clause
"""Every function of libkcapi that can fail stands in the tables of errors, or it says here why it need not."""
import pathlib
import re
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
SYMBOLS = HERE.parent / "abi" / "symbols.txt"
FAMILY_CALLS = HERE.parent / "support" / "family_calls.hpp"

RETURN_NOTHING = {
    "kcapi_set_verbosity", "kcapi_version", "kcapi_versionstring", "kcapi_memset_secure",
    "kcapi_aead_setassoclen", "kcapi_aead_getdata_input", "kcapi_aead_getdata_output",
    "kcapi_pbkdf_iteration_count",
}


def exported():
    names = set()
    for line in SYMBOLS.read_text().splitlines():
        fields = line.split()
        if fields[:1] == ["symbol"] and fields[4] != "ext":
            names.add(fields[1])
    return names


def tabled():
    """Names in rows, in the calls by family, and called by loops over functions."""
    names = set()
    for file in HERE.glob("error_table*_test.cpp"):
        names |= set(re.findall(r"\bkcapi_\w+", file.read_text()))
    text = FAMILY_CALLS.read_text()
    names |= {f"kcapi_{family}_{name}" for family, name in re.findall(r"KCAPI_TEST_CALL\((\w+), (\w+)", text)}
    return names


class complete(unittest.TestCase):
    def test_every_function_that_can_fail_is_in_a_table(self):
        functions = {n for n in exported() if n not in RETURN_NOTHING and not n.endswith("_destroy")}
        self.assertGreater(len(functions), 100)
        self.assertEqual(sorted(functions - tabled()), [])

    def test_exceptions_exist(self):
        self.assertEqual(sorted(RETURN_NOTHING - exported()), [])


if __name__ == "__main__":
    sys.exit(unittest.main())
