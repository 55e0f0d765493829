#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""The matrix as it stands, and what a mistake in it leads to."""

import pathlib
import tempfile
import unittest

import matrix

small = """
modules = ["af_alg"]
allowed_skips = [
    { job = "unit", test = "a.b", why = "-" },
    { job = "unit", test = "c.d", why = "-", kernel = "7.3" },
]
allowed_log = []
[kernels."6.1"]
suite = "bookworm"
package = "linux-image-cloud-amd64"
cpus = 2
"""

flavour = """
[kernels."6.1".flavours.large]
package = "linux-image-amd64"
modules = ["virtio_crypto"]
"""


def load(text):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "matrix.toml"
        path.write_text(text)
        return matrix.load(path)


class matrix_test(unittest.TestCase):
    def test_the_real_matrix_tolerates_nothing(self):
        known = matrix.load()
        self.assertEqual(list(known.kernels), ["6.1", "6.12", "7.3"])
        for entry in known.kernels.values():
            self.assertEqual((entry.allowed_skips, entry.allowed_log), ((), ()))
            self.assertIn("af_alg", entry.modules)

    def test_a_flavour_is_its_kernel_with_another_package(self):
        known = load(small + flavour)
        self.assertEqual((list(known.kernels), list(known.flavours)), (["6.1"], ["6.1.large"]))
        entry = known.bootable["6.1.large"]
        self.assertEqual((entry.version, entry.suite, entry.package), ("6.1", "bookworm", "linux-image-amd64"))
        self.assertEqual(entry.modules, ("af_alg", "virtio_crypto"))
        self.assertEqual(known.kernels["6.1"].modules, ("af_alg",))
        with self.assertRaises(matrix.matrix_error):
            load(small + flavour + "cpus = 1\n")

    def test_an_entry_for_another_kernel_does_not_hold(self):
        entry = load(small).kernels["6.1"]
        self.assertEqual([skip["test"] for skip in entry.allowed_skips], ["a.b"])
        self.assertEqual((entry.suite, entry.cpus, entry.sysctl), ("bookworm", 2, {}))

    def test_a_mistake_is_an_error(self):
        for right, wrong in (
            ("cpus = 2", "cpu = 2"),
            ("cpus = 2", "cpus = 2\nsysctls = {}"),
            ("allowed_log = []", ""),
            ('test = "a.b", why = "-"', 'test = "a.b"'),
            ('test = "c.d", why', 'tset = "c.d", why'),
        ):
            self.assertIn(right, small)
            with self.assertRaises(matrix.matrix_error, msg=wrong):
                load(small.replace(right, wrong))


if __name__ == "__main__":
    unittest.main()
