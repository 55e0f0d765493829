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

    def check(self, use_c, use_cxx, environment=None):
        environment = self.environment if environment is None else environment
        self.assertEqual(run(use_c, env=environment), "local ecb-aes-openssl\n")
        self.assertEqual(run(use_cxx, env=environment), "87ce baad 2 local\n")

    def check_static(self, use_c, use_cxx):
        """Whatever is said about modules and libraries: everything is inside."""
        bare = {"KCAPI_ENGINE": "local", "PATH": os.environ["PATH"]}
        self.check(use_c, use_cxx, bare)
        for program in (use_c, use_cxx):
            self.assertNotIn("libkcapi", run("readelf", "--dynamic", program))

    def test_cmake_package(self):
        build = self.root / "by_cmake"
        run("cmake", "-G", "Ninja", "-S", HERE / "project", "-B", build, f"-DCMAKE_PREFIX_PATH={self.prefix}",
            f"-DCMAKE_C_COMPILER={CC}", f"-DCMAKE_CXX_COMPILER={CXX}")
        run("cmake", "--build", build)
        self.check(build / "use_c_kcapi", build / "use_cxx_kcapi")
        self.assertIn("libkcapi.so.1", run("readelf", "--dynamic", build / "use_c_kcapi"))
        self.check_static(build / "use_c_kcapi_static", build / "use_cxx_kcapi_static")

    def flags(self, *how):
        """What pkg-config says. The file states the configured prefix; a moved tree is told so."""
        return run("pkg-config", f"--define-variable=libdir={self.library}",
                   f"--define-variable=includedir={self.prefix}/include", *how, "--cflags", "--libs", "libkcapi",
                   env={**os.environ, "PKG_CONFIG_PATH": str(self.library / "pkgconfig")}).split()

    def compile_both(self, build, flags, *how):
        build.mkdir()
        run(CC, *how, HERE / "project/use.c", "-o", build / "use_c", *flags)
        run(CXX, *how, "-std=c++20", HERE / "project/use_cxx.cpp", "-o", build / "use_cxx", *flags)
        return build / "use_c", build / "use_cxx"

    def test_pkg_config(self):
        flags = self.flags()
        self.assertNotIn("-lcrypto", flags, "the shared library brings what it needs")
        self.check(*self.compile_both(self.root / "by_pkg_config", flags))

    def test_pkg_config_static(self):
        self.check_static(*self.compile_both(self.root / "static", self.flags("--static"), "-static"))

    def test_pkg_config_static_library_in_a_dynamic_program(self):
        flags = [f"-l:libkcapi.a" if flag == "-lkcapi" else flag for flag in self.flags("--static")]
        self.check_static(*self.compile_both(self.root / "half_static", flags))

    def test_manual_and_headers_are_installed(self):
        names = {path.name for path in self.prefix.rglob("*") if path.is_file()}
        self.assertGreaterEqual(names, {"kcapi.h", "kcapi_ext.h", "kcapi.hpp", "cipher.hpp", "result.hpp",
                                        "kcapi_cipher_encrypt.3", "kcapi_cipher.3", "kcapi-engines.7", "libkcapi.a",
                                        "libkcapi.so.1", "libkcapi.pc", "kcapi-config.cmake"})
        self.assertEqual([p for p in self.prefix.rglob("*.3") if p.parent.name != "man3"], [])

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
