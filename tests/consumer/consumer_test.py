#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""consumer_test.py BUILD_DIR CC CXX: installs BUILD_DIR into a directory of its own and uses that as a stranger would.

The driver directory is fixed in the library at build time, so the installed modules are named by KCAPI_DRIVER_PATH.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
BUILD, CC, CXX = sys.argv[1:4]


def run(*command, **options):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


class Consumer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.temporary.name)
        cls.prefix = cls.root / "prefix"
        run("cmake", "--install", BUILD, "--prefix", cls.prefix)
        cls.library = next(cls.prefix.rglob("libkcapi.so")).parent
        cls.environment = {**os.environ, "LD_LIBRARY_PATH": str(cls.library), "KCAPI_ENGINE": "local",
                           "KCAPI_DRIVER_PATH": str(cls.library / "kcapi" / "drivers")}

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def check(self, directory):
        self.assertEqual(run(directory / "use_c", env=self.environment), "local ecb-aes-openssl\n")
        self.assertEqual(run(directory / "use_cxx", env=self.environment), "2\n")

    def test_cmake_package(self):
        build = self.root / "by_cmake"
        run("cmake", "-G", "Ninja", "-S", HERE / "project", "-B", build, f"-DCMAKE_PREFIX_PATH={self.prefix}",
            f"-DCMAKE_C_COMPILER={CC}", f"-DCMAKE_CXX_COMPILER={CXX}")
        run("cmake", "--build", build)
        self.check(build)

    def test_pkg_config(self):
        build = self.root / "by_pkg_config"
        build.mkdir()
        # The file states the configured prefix; a moved tree is told so.
        flags = run("pkg-config", f"--define-variable=libdir={self.library}",
                    f"--define-variable=includedir={self.prefix}/include", "--cflags", "--libs", "libkcapi",
                    env={**os.environ, "PKG_CONFIG_PATH": str(self.library / "pkgconfig")}).split()
        run(CC, HERE / "project/use.c", "-o", build / "use_c", *flags)
        run(CXX, "-std=c++20", HERE / "project/use_cxx.cpp", "-o", build / "use_cxx", *flags)
        self.check(build)

    def test_library_finds_nothing_without_modules(self):
        build = self.root / "without"
        build.mkdir()
        run(CC, HERE / "project/use.c", "-o", build / "use_c", f"-I{self.prefix}/include", f"-L{self.library}", "-lkcapi")
        done = subprocess.run([build / "use_c"], env={**self.environment, "KCAPI_DRIVER_PATH": "/nonexistent"},
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("ENOENT", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
