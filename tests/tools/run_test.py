#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""kcapi-run: what it sets, what it refuses, how it ends. The shim itself is tests/preload's matter; here any library
stands in for it."""

from __future__ import annotations

import ctypes
import os
import pathlib
import shutil
import stat
import struct
import subprocess
import sys

import tools
from tools import checks

nobody = 65534


def run(*arguments: object, stand_in: bool = True, **more: object) -> subprocess.CompletedProcess[bytes]:
    library = ["--library", str((tools.options.lib / "libkcapi.so.1").absolute())] if stand_in else []
    settings = {name: value for name, value in os.environ.items() if name not in ("LD_PRELOAD", "KCAPI_ENGINE")}
    return subprocess.run([str((tools.options.tools / "kcapi-run").absolute()), *library, *map(str, arguments)], check=False,
                          **{"capture_output": True, "timeout": 60, "env": settings, "stdin": subprocess.DEVNULL, **more})


def check(program: object, **more: object) -> tuple[int, str]:
    done = run("--check", program, stand_in=False, **more)
    return done.returncode, done.stdout.decode() + done.stderr.decode()


def settings_of(done: subprocess.CompletedProcess[bytes]) -> dict[str, str]:
    return dict(line.split("=", 1) for line in done.stdout.decode().splitlines() if "=" in line)


def without_new_privileges() -> None:
    ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)


class run_test(checks):
    def setUp(self) -> None:
        super().setUp()
        self.folder.chmod(0o755)
        self.library = str((tools.options.lib / "libkcapi.so.1").absolute())

    def script(self, name: str, content: str, mode: int = 0o755) -> pathlib.Path:
        path = self.file(name, content.encode())
        path.chmod(mode)
        return path

    def built(self, name: str, source: str = "int main(void) { return 7; }", *arguments: str) -> pathlib.Path:
        code = self.file(name + ".c", source.encode())
        path = self.folder / name
        subprocess.run([os.environ.get("CC", "cc"), "-o", path, code, *arguments], check=True)
        return path


class running(run_test):
    def test_the_shim_is_preloaded_before_what_is_there(self) -> None:
        env = {**os.environ, "LD_PRELOAD": ""}
        self.assertEqual(settings_of(run("env", env=env))["LD_PRELOAD"], self.library)
        libm = "libm.so.6"
        for there, wanted in ((libm, f"{self.library}:{libm}"), (f" {libm}::libc.so.6 ", f"{self.library}:{libm}:libc.so.6"),
                              (f"{libm}:{self.library}", f"{self.library}:{libm}")):
            self.assertEqual(settings_of(run("env", env={**env, "LD_PRELOAD": there}))["LD_PRELOAD"], wanted)
        self.assertNotIn("KCAPI_ENGINE", settings_of(run("env")))

    def test_it_is_loaded_and_children_inherit_it(self) -> None:
        for command in (("cat", "/proc/self/maps"), ("sh", "-c", "cat /proc/self/maps; true")):
            done = run(*command)
            self.expect_exit(done, 0)
            self.assertIn(pathlib.Path(self.library).resolve().name, done.stdout.decode())

    def test_choices_become_settings(self) -> None:
        trace = self.folder / "trace"
        trace.write_text("old")
        found = settings_of(run("--engine", "auto", "--driver=openssl", "--trace=trace", "--no-children", "env",
                                cwd=self.folder))
        self.assertEqual(found["KCAPI_ENGINE"], "auto")
        self.assertEqual(found["KCAPI_DRIVER"], "openssl")
        self.assertEqual(found["KCAPI_PRELOAD_TRACE"], str(trace))
        self.assertEqual(found["KCAPI_PRELOAD_CHILDREN"], "no")
        self.assertEqual(trace.read_text(), "")
        run("--trace=new", "true", cwd=self.folder)
        self.assertEqual(stat.S_IMODE((self.folder / "new").stat().st_mode), 0o600)
        self.assertEqual(settings_of(run("--trace", "env"))["KCAPI_PRELOAD_TRACE"], "stderr")
        self.assertNotIn("KCAPI_PRELOAD_CHILDREN",
                         settings_of(run("env", env={**os.environ, "KCAPI_PRELOAD_CHILDREN": "no"})))

    def test_arguments_and_status_are_the_programs(self) -> None:
        done = run("printf", "%s|", "--engine", "-h", "a b", "")
        self.assertEqual(done.stdout, b"--engine|-h|a b||")
        self.assertEqual(run("--", "sh", "-c", "exit 3").returncode, 3)
        self.assertEqual(run("sh", "-c", "kill -9 $$").returncode, -9)
        self.assertEqual(run("cat", stdin=None, input=b"through").stdout, b"through")

    def test_a_closed_stdin_stays_closed(self) -> None:
        done = run("sh", "-c", "readlink /proc/self/fd/0; echo end", stdin=None, preexec_fn=lambda: os.close(0))
        self.assertEqual(done.stdout, b"end\n")

    def test_own_failures_end_with_125(self) -> None:
        for arguments in ((), ("--wrong", "true"), ("--engine", "local"), ("--engine", "fast", "true"),
                          ("--driver=", "true"), ("--trace=/nonexistent/x", "true")):
            done = run(*arguments)
            self.expect_exit(done, 125)
            self.assertTrue(done.stderr.startswith(b"kcapi-run - Error: "), done.stderr)
        for library in ("/nonexistent.so", "relative.so"):
            self.expect_exit(run("--library", library, "true"), 125)
        for name in ("with blank", "with:colon", "with$dollar"):
            place = self.folder / name
            shutil.copy(self.library, place)
            done = run("--library", place, "true")
            self.expect_exit(done, 125)
            self.assertIn(b"the dynamic linker takes no path", done.stderr)

    def test_programs_that_cannot_be_run_end_as_with_env(self) -> None:
        plain = self.file("plain", b"#!/bin/sh\n")
        self.expect_exit(run(plain), 126)
        self.expect_exit(run(self.folder), 126)
        self.expect_exit(run(self.script("lost", "#!/nonexistent/sh\n")), 126)
        self.expect_exit(run("no-such-program"), 127)
        self.expect_exit(run("/nonexistent/program"), 127)
        self.expect_exit(run(""), 127)

    def test_what_would_run_unserved_is_refused_unless_forced(self) -> None:
        program = self.built("static", "int main(void) { return 7; }", "-static")
        done = run(program)
        self.expect_exit(done, 125)
        self.assertIn(b"statically linked", done.stderr)
        self.assertIn(b"--force", done.stderr)
        self.expect_exit(run("--force", program), 7)

    def test_without_a_shim_it_says_so(self) -> None:
        copy = self.folder / "kcapi-run"
        shutil.copy(tools.options.tools / "kcapi-run", copy)
        done = subprocess.run([copy, "true"], capture_output=True, check=False,
                              env={**os.environ, "LD_LIBRARY_PATH": str(tools.options.lib)})
        self.expect_exit(done, 125)
        self.assertIn(b"not installed", done.stderr)

    def test_help_and_version(self) -> None:
        done = run("--help")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertTrue(done.stdout.startswith(b"usage: kcapi-run "))
        self.assertEqual(run("--version").stdout, b"kcapi-run: libkcapi 1.5.1\n")
        with open("/dev/full", "wb") as full:
            self.expect_exit(run("--version", capture_output=False, stdout=full, stderr=subprocess.PIPE), 125)


class checking(run_test):
    def test_dynamic_programs_can_be_served(self) -> None:
        program = self.built("dynamic")
        self.assertEqual(check(program), (0, f"{program}: can be served\n"))
        self.assertEqual(check("sh")[0], 0)
        self.expect_exit(run(program), 7)

    def test_arguments_are_the_programs(self) -> None:
        self.assertEqual(run("--check", "sh", "-c", "exit 5", stand_in=False).returncode, 0)

    def test_what_no_dynamic_linker_loads_is_told(self) -> None:
        for flag in ("-static", "-static-pie"):
            status, text = check(self.built("static", "int main(void) { return 0; }", flag))
            self.assertEqual(status, 1)
            self.assertIn("statically linked", text, flag)

    def test_another_libc_is_told(self) -> None:
        musl = "/lib/ld-musl-x86_64.so.1"
        status, text = check(self.built("musl", "int main(void) { return 0; }", f"-Wl,--dynamic-linker={musl}"))
        self.assertEqual(status, 1)
        self.assertIn(f"another C library ({musl})", text)

    def test_another_machine_is_told(self) -> None:
        original = self.built("native").read_bytes()
        for name, at, value in (("class", 4, b"\x01"), ("order", 5, b"\x02"), ("machine", 18, struct.pack("<H", 183))):
            changed = self.file(name, original[:at] + value + original[at + len(value):])
            changed.chmod(0o755)
            status, text = check(changed)
            self.assertEqual(status, 1, name)
            self.assertIn("another machine", text, name)

    def test_io_uring_is_remarked(self) -> None:
        program = self.built("ring", "void io_uring_submit(void) {} int main(void) { return 0; }", "-rdynamic")
        status, text = check(program)
        self.assertEqual(status, 0)
        self.assertIn("io_uring", text)

    def test_go_is_told(self) -> None:
        program = self.built("go", '__attribute__((section(".note.go.buildid"), aligned(4))) const unsigned note[] = '
                             '{4, 4, 4, 0x6f47, 0x61616161}; int main(void) { return (int)note[0]; }')
        status, text = check(program)
        self.assertEqual(status, 1)
        self.assertIn("written in Go", text)

    def test_scripts_are_followed(self) -> None:
        shell = os.path.realpath("/bin/sh")
        script = self.script("script", "#! /bin/sh -e \nexit 4\n")
        self.assertEqual(check(script), (0, f"{script} -> /bin/sh: can be served\n"), shell)
        self.expect_exit(run(script), 4)
        static = self.built("static", "int main(void) { return 0; }", "-static")
        chained = self.script("chained", f"#!{self.script('inner', f'#!{static}{chr(10)}')}\n")
        status, text = check(chained)
        self.assertEqual(status, 1)
        self.assertIn(f"{chained} -> {self.folder}/inner -> {static}: cannot be served: it is statically", text)
        for line, wanted in (("env python3", "python3"), ("env -S python3 -B", "python3"), ("env A=b python3", "python3"),
                             ("env", "/usr/bin/env"), ("env -u X python3", "/usr/bin/env")):
            text = check(self.script("by_env", f"#!/usr/bin/{line}\n"))[1]
            self.assertIn(wanted + ": can be served", text, line)
        bare = self.script("bare", "exit 6\n")
        self.assertEqual(check(bare)[0], 0)
        self.expect_exit(run(bare), 6)
        circle = self.folder / "circle"
        self.script("circle", f"#!{circle}\n")
        self.assertIn("too many interpreters", check(circle)[1])

    def test_what_is_not_there_is_told(self) -> None:
        self.assertEqual(check("no-such-program"), (1, "no-such-program: cannot be served: No such file or directory\n"))
        self.assertEqual(check(self.file("plain"))[0], 1)
        self.assertEqual(check(self.folder)[0], 1)

    def test_the_search_is_that_of_execvp(self) -> None:
        first, second = self.folder / "first", self.folder / "second"
        for place in (first, second):
            place.mkdir()
        (first / "tool").write_text("#!/bin/sh\n")
        self.script("second/tool", "#!/bin/sh\nexit 9\n")
        path = f"{self.folder}/none:{first}:{second}:/usr/bin:/bin"
        self.assertIn(f"{second}/tool", check("tool", env={**os.environ, "PATH": path})[1])
        self.expect_exit(run("tool", env={**os.environ, "PATH": path}), 9)
        self.assertIn("Permission denied", check("tool", env={**os.environ, "PATH": str(first)})[1])
        self.assertIn("./tool", check("tool", cwd=second, env={**os.environ, "PATH": ":/usr/bin"})[1])

    def test_damaged_files_are_survived(self) -> None:
        original = self.built("whole").read_bytes()
        path = self.folder / "damaged"
        offset, = struct.unpack_from("<Q", original, 32)
        size, count = struct.unpack_from("<HH", original, 54)
        damages = [original[:n] for n in (0, 3, 4, 15, 16, 40, 63, 64, 100, 500, 900)]
        for header in range(count):
            for field in range(0, size, 8):
                at = offset + header * size + field
                damages += [original[:at] + value + original[at + 8:]
                            for value in (b"\xff" * 8, b"\0" * 8, b"\xf0\xff\xff\x7f\0\0\0\0")]
        for at, value in ((32, b"\xff" * 8), (54, b"\0\0"), (56, b"\xff\xff"), (56, b"\0\0")):
            damages.append(original[:at] + value + original[at + len(value):])
        self.assertGreater(len(damages), 200)
        for number, damage in enumerate(damages):
            path.write_bytes(damage)
            path.chmod(0o755)
            status, text = check(path)
            self.assertIn(status, (0, 1), f"{number}: {text}")
            self.assertIn("served", text)


class privileged(run_test):
    """Needs root to make such programs; without, the system's own are tried."""

    def program_of_another(self, name: str, mode: int) -> pathlib.Path:
        path = self.folder / name
        shutil.copy("/bin/cat", path)
        if os.geteuid() != 0:
            return pathlib.Path(shutil.which("su") or "/bin/su")
        os.chown(path, nobody, nobody)
        path.chmod(mode)
        return path

    def test_set_user_id_programs_are_refused(self) -> None:
        program = self.program_of_another("cat", 0o4755)
        for arguments in ((), ("--force",)):
            done = run(*arguments, program, "/dev/null")
            self.expect_exit(done, 125)
            self.assertIn(b"set-user-ID", done.stderr)
        self.assertEqual(check(program)[0], 1)
        status, text = check(program, preexec_fn=without_new_privileges)
        self.assertEqual(status, 0, text)

    def test_scripts_behind_which_one_stands_are_refused(self) -> None:
        program = self.program_of_another("cat", 0o4755)
        self.assertIn("set-user-ID", check(self.script("script", f"#!{program}\n"))[1])

    def test_set_group_id_programs_are_refused(self) -> None:
        if os.geteuid() != 0:
            self.assertEqual(check(self.program_of_another("cat", 0))[0], 1)
            return
        self.assertIn("set-group-ID", check(self.program_of_another("cat", 0o2755))[1])
        self.assertEqual(check(self.program_of_another("cat", 0o2745))[0], 0, "without the group's right to execute")

    def test_capabilities_of_a_file_are_refused_to_those_who_gain_by_them(self) -> None:
        if os.geteuid() != 0:
            self.assertEqual(check(self.program_of_another("cat", 0))[0], 1)
            return
        program = self.program_of_another("cat", 0o755)
        effective_net_raw = struct.pack("<IIIII", 0x02000001, 1 << 13, 0, 0, 0)
        os.setxattr(program, "security.capability", effective_net_raw)
        self.assertEqual(check(program)[0], 0, "root has them anyway")
        # Where nobody can reach it: the build may be in a folder of root's alone.
        for file in (tools.options.tools / "kcapi-run", tools.options.lib / "libkcapi.so.1"):
            shutil.copy(file, self.folder)
        done = subprocess.run([self.folder / "kcapi-run", "--check", program], capture_output=True, check=False, timeout=60,
                              env={**os.environ, "LD_LIBRARY_PATH": str(self.folder)}, cwd=self.folder,
                              user=nobody, group=nobody, extra_groups=[])
        self.expect_exit(done, 1)
        self.assertIn(b"capabilities of its own", done.stdout + done.stderr)

    def test_the_own_ones_are_refused(self) -> None:
        if os.geteuid() != 0:
            self.assertEqual(check(self.program_of_another("cat", 0))[0], 1)
            return
        program = self.folder / "kcapi-run"
        shutil.copy(tools.options.tools / "kcapi-run", program)
        done = subprocess.run([program, "--library", self.library, "true"], capture_output=True, check=False,
                              preexec_fn=lambda: os.setresuid(nobody, 0, 0))
        self.expect_exit(done, 125)
        self.assertIn(b"privileges of another user", done.stderr)


if __name__ == "__main__":
    sys.exit(tools.main())
