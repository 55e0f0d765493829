#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""kcapi-hasher under its names, against coreutils, Python's hashes and the conventions of fipscheck and hmaccalc."""

from __future__ import annotations

import hashlib
import hmac
import os
import random
import shutil
import subprocess

import tools
from tools import checks, run, sample

sums = {"sha1sum": "sha1", "sha224sum": "sha224", "sha256sum": "sha256", "sha384sum": "sha384", "sha512sum": "sha512",
        "md5sum": "md5", "sm3sum": "sm3", "sha3sum": "sha3_224"}
macs = {"sha1hmac": "sha1", "sha224hmac": "sha224", "sha256hmac": "sha256", "sha384hmac": "sha384",
        "sha512hmac": "sha512", "sm3hmac": "sm3"}
fips_key, hmac_key = b"orboDeJITITejsirpADONivirpUkvarP", b"FIPS-FTW-RHT2009"
sizes = (0, 1, 63, 64, 1000, (1 << 20) + 4095, (1 << 20) + 4096, (1 << 20) + 4097, (5 << 20) + 1, (9 << 20) + 3)
names = ("plain", "with blank", "back\\slash", "new\nline", "car\rriage", "x = y", "(a) = b", " leading", "\xe4\xff",
         "-dash", "SHA256 (x) = 0", "trailing ", "*star")


def digest(name: str, data: bytes) -> str:
    if name == "sm3":  # OpenSSL has it, Python's own does not always
        return subprocess.run(["openssl", "dgst", "-sm3", "-r"], input=data, capture_output=True, check=True).stdout[:64].decode()
    return hashlib.new(name, data).hexdigest()


def mac(name: str, key: bytes, data: bytes) -> str:
    if name == "sm3":
        command = ["openssl", "dgst", "-sm3", "-r", "-mac", "HMAC", "-macopt", f"hexkey:{key.hex()}"]
        return subprocess.run(command, input=data, capture_output=True, check=True).stdout[:64].decode()
    return hmac.new(key, data, name).hexdigest()


def coreutils(*arguments: str, cwd: object = None, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(arguments, cwd=cwd, input=data, capture_output=True, check=False, env={**os.environ, "LC_ALL": "C"})


class computing(checks):
    def test_every_name_is_its_hash(self) -> None:
        data = sample(1000)
        path = self.file("data", data)
        for tool, name in sums.items():
            self.assertEqual(run(tool, path).stdout.decode(), f"{digest(name, data)}  {path}\n")
        for tool, name in macs.items():
            self.assertEqual(run(tool, path).stdout.decode(), f"{mac(name, hmac_key, data)}  {path}\n")
        self.assertEqual(run("kcapi-hasher", "-h", "sha3-256", path).stdout.decode(), f"{digest('sha3_256', data)}  {path}\n")

    def test_the_name_is_the_first_option_or_the_beginning_of_the_programs(self) -> None:
        wanted = f"{digest('sha256', b'data')}  -\n".encode()
        for arguments in (("-n", "sha256sum"), ("-nsha256sum",), ("--name", "sha256sum"), ("--name=sha256sum",),
                          ("--na=sha256sum-x",), ("-", "-n", "sha256sum")):
            self.assertEqual(run("kcapi-hasher", *arguments, data=b"data").stdout, wanted, arguments)
        (self.folder / "sha256sum-x").symlink_to(tools.options.tools / "kcapi-hasher")
        done = subprocess.run([self.folder / "sha256sum-x"], input=b"data", capture_output=True, env=tools.environment(), check=False)
        self.assertEqual(done.stdout, wanted)
        for arguments in (("--quiet", "-n", "sha256sum"), ("-n", "unknown"), ("-n",), ()):
            self.assertEqual(run("kcapi-hasher", *arguments, data=b"data").returncode, 1, arguments)

    def test_a_first_option_with_more_in_its_word_is_whole(self) -> None:
        listed = self.file("list", f"{digest('sha256', b'')}  /dev/null\n".encode())
        for arguments, out in ((("-qc", listed), b""), (("-cq", listed), b""), ((f"-c{listed}",), b"/dev/null: OK\n"),
                               ((f"--check={listed}",), b"/dev/null: OK\n"), (("-c", listed), b"/dev/null: OK\n")):
            done = run("sha256sum", *arguments)
            self.expect_exit(done, 0)
            self.assertEqual(done.stdout, out, arguments)
        self.assertEqual(run("sha256sum", "-t128", data=b"data").stdout.decode(), f"{digest('sha256', b'data')[:32]}  -\n")
        self.assertEqual(run("sha256sum", "-Kabc", data=b"data").stdout.decode(), f"{mac('sha256', b'abc', b'data')}  -\n")

    def test_files_of_every_size(self) -> None:
        for size in sizes:
            data = sample(size)
            path = self.file("data", data)
            for tool, name in (("sha256sum", "sha256"), ("sha512hmac", None)):
                wanted = digest(name, data) if name else mac("sha512", hmac_key, data)
                with self.subTest(size=size, tool=tool):
                    self.assertEqual(run(tool, path).stdout.decode(), f"{wanted}  {path}\n")
                    self.assertEqual(run(tool, data=data).stdout.decode(), f"{wanted}  -\n")

    def test_many_files_come_in_order_whatever_the_number_of_jobs(self) -> None:
        # A thread reads 256 KiB before it hashes, and several files into one room.
        room = 256 << 10
        odd_sizes = (0, 1, 5000, 100000, room - 51, room - 50, room - 1, room, room + 1, 2 * room, (1 << 20) + 5000, 6 << 20)
        generator = random.Random(7)
        all_names = []
        for number in range(300):
            size = generator.choice(odd_sizes) if number % 5 == 0 else 50
            all_names.append(f"f{generator.randrange(10**9)}")
            self.file(all_names[-1], generator.randbytes(size))
        wanted = coreutils("sha256sum", *all_names, cwd=self.folder)
        for jobs in ((), ("--jobs=1",), ("--jobs=2",), ("--jobs=7",)):
            done = run("sha256sum", *jobs, *all_names, cwd=self.folder)
            self.expect_exit(done, 0)
            self.expect_same(done.stdout, wanted.stdout)

    def test_lines_are_those_of_coreutils_for_every_name(self) -> None:
        for name in names:
            self.file(name, name.encode())
        for arguments in ((), ("--tag",), ("-z",), ("--zero", "--tag"), ("--binary",)):
            for tool in ("sha256sum", "md5sum", "sha512sum"):
                theirs = ("-b",) if arguments == ("--binary",) else arguments
                self.assertEqual(run(tool, *arguments, "--", *names, cwd=self.folder).stdout,
                                 coreutils(tool, *theirs, "--", *names, cwd=self.folder).stdout, (tool, arguments))

    def test_keys_in_every_form_the_last_wins(self) -> None:
        raw = bytes(range(256)) + b"\n"
        key_file, empty = self.file("key", raw), self.file("empty")
        for arguments, key in ((("-k", key_file), raw), (("--key-file", key_file), raw), (("-K", "text"), b"text"),
                               (("--key", "text"), b"text"), (("-K", "text", "-k", key_file), raw),
                               (("-k", key_file, "-K", "text"), b"text"), (("-k", empty), b""), (("-K", ""), b""),
                               (("-K", "text", "-u"), None), (("-u", "-K", "text"), b"text")):
            wanted = digest("sha256", b"data") if key is None else mac("sha256", key, b"data")
            self.assertEqual(run("sha256sum", *arguments, data=b"data").stdout.decode(), f"{wanted}  -\n", arguments)
        self.assertEqual(run("sha512hmac", "-u", data=b"data").stdout.decode(), f"{digest('sha512', b'data')}  -\n")
        self.assertEqual(run("sha256sum", "-k", self.folder / "absent").returncode, 1)

    def test_truncation_tags_and_other_hashes(self) -> None:
        full = digest("sha256", b"data")
        self.assertEqual(run("sha256sum", "-t", "0", data=b"data").stdout.decode(), f"{full}  -\n")
        self.assertEqual(run("sha256sum", "--truncate=64", "--tag", data=b"data").stdout.decode(), f"SHA256 (-) = {full[:16]}\n")
        for bits in ("7", "264", "x", "-8"):
            self.assertEqual(run("sha256sum", "-t", bits, data=b"data").returncode, 1, bits)
        self.assertEqual(run("sha256hmac", "--tag", data=b"data").stdout.decode(),
                         f"HMAC(SHA256) (-) = {mac('sha256', hmac_key, b'data')}\n")
        self.assertEqual(run("sha1hmac", "-h", "sha3-512", "--tag", data=b"data").stdout.decode(),
                         f"HMAC(SHA3-512) (-) = {mac('sha3_512', hmac_key, b'data')}\n")
        self.assertEqual(run("sha1sum", "-h", "md5", data=b"data").returncode, 1)
        self.assertEqual(run("sha1sum", "-b", "-P", "--text", data=b"data").stdout.decode(), f"{digest('sha1', b'data')}  -\n")

    def test_help_and_version(self) -> None:
        done = run("sha256sum", "--help")
        self.expect_exit(done, 0)
        self.assertIn(b"--ignore-missing", done.stderr)
        done = run("sha256sum", "--version")
        self.expect_exit(done, 0)
        self.assertEqual(done.stderr, b"sha256sum: libkcapi 1.5.1\n")


class checking(checks):
    def listed(self, text: str | bytes) -> str:
        return str(self.file("list", text if isinstance(text, bytes) else text.encode()))

    def test_its_own_lines_and_those_of_coreutils_and_openssl_verify(self) -> None:
        for name in names:
            self.file(name, name.encode())
        for tool in ("sha256sum", "md5sum", "sha512sum", "sha256hmac"):
            for style in ((), ("--tag",), ("--binary",)):
                text = run(tool, *style, "--", *names, cwd=self.folder).stdout
                for lines in (text, text.replace(b"\n", b"\r\n"), text.rstrip(b"\n"), b"# comment\n\n" + text):
                    done = run(tool, "-c", self.listed(lines), cwd=self.folder)
                    self.expect_exit(done, 0)
                    self.assertEqual(done.stderr, b"")
                    self.assertEqual(done.stdout.count(b": OK\n"), len(names))
        text = coreutils("sha256sum", "--", *names, cwd=self.folder).stdout
        self.expect_exit(run("sha256sum", "--strict", "-c", self.listed(text), cwd=self.folder), 0)
        text = coreutils("openssl", "dgst", "-sha1", "plain", "with blank", cwd=self.folder).stdout
        done = run("sha1sum", "--strict", "-c", self.listed(text), cwd=self.folder)
        self.assertEqual((done.returncode, done.stdout), (0, b"plain: OK\nwith blank: OK\n"))

    def test_same_status_and_warnings_as_coreutils(self) -> None:
        good = digest("sha256", b"data")
        self.file("good", b"data")
        self.file("bad", b"other")
        lines = {"good": f"{good}  good\n", "star": f"{good} *good\n", "upper": f"{good.upper()}  good\n",
                 "bad": f"{good}  bad\n", "missing": f"{good}  missing\n", "garbage": "garbage\n",
                 "short": f"{good[:-1]}  good\n", "long": f"{good}0  good\n",
                 "label": f"SHA512 (good) = {good}\n", "tagged": f"SHA256 (good) = {good}\n",
                 "wrong_escape": f"\\{good}  go\\xod\n", "blank": "\n", "comment": "# text\n",
                 "leading": f"  {good}  good\n", "binary": "\x01\x7f\x02\n", "folder": f"{good}  .\n"}
        generator = random.Random(3)
        cases = [[name] for name in lines] + [generator.sample(sorted(lines), 4) for _ in range(40)]
        for case in cases:
            listed = self.listed("".join(lines[name] for name in case))
            for arguments in ((), ("--status",), ("--quiet",), ("--warn",), ("--strict",), ("--ignore-missing",)):
                ours = run("sha256sum", "-c", *arguments, listed, cwd=self.folder)
                theirs = coreutils("sha256sum", "-c", *arguments, listed, cwd=self.folder)
                with self.subTest(case=case, arguments=arguments):
                    self.expect_exit(ours, theirs.returncode)
                    said = theirs.stdout.replace(b": FAILED open or read", b": Not OK").replace(b": FAILED", b": Not OK")
                    self.assertEqual(ours.stdout, said)
                    self.assertEqual(sorted(ours.stderr.splitlines()), sorted(theirs.stderr.splitlines()))

    def test_a_sum_without_a_name_is_skipped(self) -> None:
        good = digest("sha256", b"")
        done = run("sha256sum", "--strict", "-c", self.listed(f"{good}\n{good}  \n{good}  /dev/null\n"))
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"/dev/null: OK\n", b""))

    def test_several_lists_stdin_and_a_list_that_is_not_there(self) -> None:
        good = f"{digest('sha256', b'')}  /dev/null\n".encode()
        one, two = self.file("one", good), self.file("two", good * 2)
        self.assertEqual(run("sha256sum", "-c", one, two).stdout, b"/dev/null: OK\n" * 3)
        for arguments in (("-c",), ("-c", "-")):
            self.assertEqual(run("sha256sum", *arguments, data=good).stdout, b"/dev/null: OK\n")
        done = run("sha256sum", "-c", self.folder / "absent", one)
        self.assertEqual((done.returncode, done.stdout), (253, b"/dev/null: OK\n"))
        self.assertEqual(run("sha256sum", "-c", self.folder).returncode, 1)

    def test_a_hundred_thousand_lines_of_which_256_fail(self) -> None:
        good, bad = digest("sha256", b""), digest("sha256", b"x")
        text = f"{good}  /dev/null\n" * 99_744 + f"{bad}  /dev/null\n" * 256
        done = run("sha256sum", "-c", self.listed(text))
        self.assertEqual(done.returncode, 1)
        self.assertEqual((done.stdout.count(b": OK\n"), done.stdout.count(b": Not OK\n")), (99_744, 256))

    def test_binary_garbage_is_no_list(self) -> None:
        done = run("sha256sum", "-c", self.listed(random.Random(1).randbytes(1 << 20)))
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertIn(b"no properly formatted", done.stderr)

    def test_another_target_than_the_listed_name(self) -> None:
        path = self.file("data", b"data")
        good = digest("sha256", b"data")
        for text in (f"{good}\n", f"{good}  absent\n", f"SHA256 (absent) = {good}\n"):
            done = run("sha256sum", "-c", self.listed(text), "-T", path)
            self.assertEqual((done.returncode, done.stdout), (0, f"{path}: OK\n".encode()), text)
        self.assertEqual(run("sha256sum", "-c", self.listed(f"{digest('sha256', b'')}\n"), "--target", path).returncode, 1)

    def test_truncated_sums_verify_with_the_same_truncation(self) -> None:
        self.file("data", b"data")
        text = run("sha256sum", "-t", "128", "data", cwd=self.folder).stdout
        self.expect_exit(run("sha256sum", "-t", "128", "-c", self.listed(text), cwd=self.folder), 0)
        self.assertEqual(run("sha256sum", "-c", self.listed(text), cwd=self.folder).returncode, 1)

    def test_a_check_file_as_distributions_have_it_verifies(self) -> None:
        # dracut: (cd /boot && sha512hmac -c .vmlinuz-VERSION.hmac)
        kernel = self.file("vmlinuz-6.1", sample(300_000))
        text = f"{mac('sha512', hmac_key, kernel.read_bytes())}  vmlinuz-6.1\n"
        self.file(".vmlinuz-6.1.hmac", text.encode())
        done = run("sha512hmac", "-c", ".vmlinuz-6.1.hmac", cwd=self.folder)
        self.assertEqual((done.returncode, done.stdout), (0, b"vmlinuz-6.1: OK\n"))
        kernel.write_bytes(sample(300_001))
        self.assertEqual(run("sha512hmac", "-c", ".vmlinuz-6.1.hmac", cwd=self.folder).returncode, 1)


class check_files(checks):
    def test_fipshmac_writes_what_fipscheck_reads(self) -> None:
        program = self.file("program", b"data")
        self.expect_exit(run("fipshmac", program), 0)
        written = self.folder / ".program.hmac"
        self.assertEqual(written.read_text(), mac("sha256", fips_key, b"data") + "\n")
        done = run("fipscheck", program)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))
        written.write_text(mac("sha256", fips_key, b"data") + " *program\nsecond line\n")
        self.expect_exit(run("fipscheck", program), 0)
        for text, status in (("", 1), ("\n", 1), ("zz\n", 1), (mac("sha256", fips_key, b"x") + "\n", 1)):
            written.write_text(text)
            self.expect_exit(run("fipscheck", program), status)

    def test_fipscheck_tells_by_its_status(self) -> None:
        program = self.file("program", b"data")
        self.expect_exit(run("fipscheck", program), 253)
        self.expect_exit(run("fipshmac", program), 0)
        program.unlink()
        self.expect_exit(run("fipscheck", program), 251)
        program.mkdir()
        self.expect_exit(run("fipscheck", program), 234)
        for arguments in ((), (program, program), ("-c", program), ("-T", program, program)):
            self.expect_exit(run("fipscheck", *arguments), 1)

    def test_fipshmac_into_a_directory_tagged_and_from_stdin(self) -> None:
        program = self.file("program", b"data")
        (self.folder / "sums").mkdir()
        self.expect_exit(run("fipshmac", "-d", self.folder / "sums", "--tag", program), 0)
        self.assertEqual((self.folder / "sums" / ".program.hmac").read_text(),
                         f"HMAC(SHA256) ({program}) = {mac('sha256', fips_key, b'data')}\n")
        self.assertEqual(run("fipshmac", data=b"data").stdout.decode(), f"{mac('sha256', fips_key, b'data')}  -\n")

    def test_a_check_file_that_cannot_be_written_is_a_failure_and_others_are_written(self) -> None:
        one, two = self.file("one", b"1"), self.file("two", b"2")
        (self.folder / ".one.hmac").mkdir()
        done = run("fipshmac", one, two, self.folder / "absent")
        self.expect_exit(done, 1)
        self.assertEqual((self.folder / ".two.hmac").read_text(), mac("sha256", fips_key, b"2") + "\n")
        self.expect_nothing_left("one", "two", ".one.hmac", ".two.hmac")

    def copied(self) -> tuple[str, str]:
        """The program and its library, alone, as their check files lie beside them."""
        program, library = self.folder / "kcapi-hasher", self.folder / "libkcapi.so.1"
        shutil.copy(tools.options.tools / "kcapi-hasher", program)
        shutil.copy((tools.options.lib / "libkcapi.so.1").resolve(), library)
        return str(program), str(library)

    def forced(self, program: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([program, *arguments], input=b"data", capture_output=True, check=False,
                              env=tools.environment(KCAPI_HASHER_FORCE_FIPS="1", LD_LIBRARY_PATH=str(self.folder)))

    def test_the_program_checks_itself_and_its_library_if_told(self) -> None:
        program, library = self.copied()
        unchecked = {**tools.environment(), "LD_LIBRARY_PATH": str(self.folder)}

        def own(option: str) -> str:
            return subprocess.run([program, option], capture_output=True, check=True, env=unchecked).stdout.decode()

        with open(program, "rb") as file:
            self.assertEqual(own("-S"), mac("sha512", hmac_key, file.read()) + "\n")
        with open(library, "rb") as file:
            self.assertEqual(own("-L"), mac("sha512", hmac_key, file.read()) + "\n")
        work = ("-n", "sha256sum")
        self.expect_exit(self.forced(program, *work), 1)
        check_program, check_library = self.folder / ".kcapi-hasher.hmac", self.folder / ".libkcapi.so.1.hmac"
        check_program.write_text(own("-S").strip() + " *kcapi-hasher\n")
        self.expect_exit(self.forced(program, *work), 1)
        check_library.write_text(own("-L"))
        done = self.forced(program, *work)
        self.expect_exit(done, 0)
        self.assertEqual(done.stdout.decode(), f"{digest('sha256', b'data')}  -\n")
        # As 1.4.0 had it: the other key and a shorter sum.
        with open(library, "rb") as file:
            check_library.write_text(mac("sha256", fips_key, file.read()) + "\n")
        self.expect_exit(self.forced(program, *work), 0)
        with open(library, "ab") as file:
            file.write(b"\0")
        done = self.forced(program, *work)
        self.expect_exit(done, 1)
        self.assertIn(b"integrity check", done.stderr)
        self.assertEqual(done.stdout, b"")

    def test_self_sums_take_nothing_else(self) -> None:
        for arguments in (("-S", "file"), ("-L", "-c"), ("-S", "-c")):
            self.expect_exit(run("sha256sum", *arguments), 1)


class bad_input(checks):
    def test_files_that_cannot_be_read_do_not_stop_the_others(self) -> None:
        good = self.file("good", b"data")
        done = run("sha256sum", self.folder, good, self.folder / "absent", good)
        self.expect_exit(done, 1)
        self.assertEqual(done.stdout.decode(), f"{digest('sha256', b'data')}  {good}\n" * 2)
        self.assertEqual(done.stderr.decode(), f"sha256sum: {self.folder}: Is a directory\n"
                                               f"sha256sum: {self.folder}/absent: No such file or directory\n")

    def test_fifos_devices_and_files_of_proc(self) -> None:
        fifo = self.folder / "fifo"
        os.mkfifo(fifo)
        writer = subprocess.Popen(["sh", "-c", f"printf data > '{fifo}'"])
        self.assertEqual(run("sha256sum", fifo).stdout.decode(), f"{digest('sha256', b'data')}  {fifo}\n")
        writer.wait()
        self.assertEqual(run("sha256sum", "/dev/null").stdout.decode(), f"{digest('sha256', b'')}  /dev/null\n")
        with open("/proc/version", "rb") as file:
            self.assertEqual(run("sha256sum", "/proc/version").stdout.decode(), f"{digest('sha256', file.read())}  /proc/version\n")

    def test_a_file_that_grows_or_shrinks_gives_some_sum_and_no_crash(self) -> None:
        path = self.file("data", bytes(8 << 20))
        script = f"while :; do truncate -s 20M '{path}'; truncate -s 1000 '{path}'; done"
        changer = subprocess.Popen(["sh", "-c", script], start_new_session=True)
        try:
            for _ in range(30):
                done = run("sha256sum", path)
                self.expect_exit(done, 0)
                self.assertRegex(done.stdout, rb"^[0-9a-f]{64}  ")
        finally:
            os.killpg(changer.pid, 9)
            changer.wait()

    def test_a_file_that_vanishes_is_told_or_done(self) -> None:
        paths = [self.file(f"f{number}", b"data") for number in range(500)]
        process = subprocess.Popen([tools.options.tools / "sha256sum", *paths], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=tools.environment())
        for path in reversed(paths):
            path.unlink()
        out, err = process.communicate(timeout=60)
        self.assertEqual(len(out.splitlines()) + len(err.splitlines()), len(paths))
        self.assertIn(process.returncode, (0, 1))

    def test_a_full_closed_or_broken_stdout_is_an_error(self) -> None:
        path = self.file("data", b"data")
        with open("/dev/full", "wb") as full:
            done = run("sha256sum", path, stdout=full)
            self.assertEqual(done.returncode, 1)
            self.assertIn(b"write error: No space left on device", done.stderr)
            self.assertEqual(run("sha256sum", "-c", data=run("sha256sum", path).stdout, stdout=full).returncode, 1)
        done = subprocess.run(["sh", "-c", f"'{tools.options.tools}/sha256sum' '{path}' >&-"], capture_output=True, check=False,
                              env=tools.environment())
        self.assertEqual(done.returncode, 1)
        read_end, write_end = os.pipe()
        os.close(read_end)
        self.assertNotEqual(run("sha256sum", path, stdout=write_end).returncode, 0)
        os.close(write_end)

    def test_options_for_checking_need_it(self) -> None:
        for option in ("--strict", "--warn", "--ignore-missing", "--quiet", "--target=x"):
            self.expect_exit(run("sha256sum", option, data=b""), 1)
        for jobs in ("0", "x", "-1", "100000"):
            self.expect_exit(run("sha256sum", f"--jobs={jobs}", data=b""), 1)

    def test_no_algorithm_is_told_by_the_status(self) -> None:
        done = run("sha256sum", data=b"data", KCAPI_DRIVER_PATH="/none")
        self.expect_exit(done, 242)
        self.assertIn(b"kcapi-info --doctor", done.stderr)


if __name__ == "__main__":
    tools.main()
