#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""kcapi-enc with symmetric ciphers, against `openssl enc` and pyca/cryptography: every option, byte by byte."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

import tools
from tools import checks, exit_ebadmsg, exit_eio, exit_einval, run, sample

key = bytes(range(32))
iv = bytes(range(0xF0, 0x100))  # so that a counter carries into its upper bytes
sizes = (1, 15, 16, 17, 61440, 126976, 1 << 20, (1 << 20) + 1, (3 << 20) + 5)


def enc(*arguments: object, **options: object) -> subprocess.CompletedProcess[bytes]:
    if "key" not in options and not {"-p", "--passwdfd"} & set(arguments):
        options["key"] = key
    if options.get("key") is not None and "KEYFD" not in arguments:
        arguments = ("--keyfd", "KEYFD", *arguments)
    return run("kcapi-enc", *arguments, **options)


def openssl(mode: str, plain: bytes, *, with_key: bytes = key, with_iv: bytes = iv, padding: bool = False) -> bytes:
    command = ["openssl", "enc", f"-aes-{len(with_key) * 8}-{mode}", "-K", with_key.hex(), "-iv", with_iv.hex()]
    if not padding and len(plain) % 16 == 0:
        command.append("-nopad")
    return subprocess.run(command, input=plain, capture_output=True, check=True).stdout


class bytes_of_each_mode(checks):
    def test_every_way_in_and_out_is_what_openssl_does(self) -> None:
        for mode in ("cbc", "ctr"):
            for size in sizes:
                plain = sample(size)
                cipher = openssl(mode, plain)
                source, target = self.file("in", plain), self.folder / "out"
                common = ("-c", f"{mode}(aes)", "--iv", iv.hex())
                for infile in (True, False):
                    for outfile in (True, False):
                        with self.subTest(mode=mode, size=size, infile=infile, outfile=outfile):
                            target.unlink(missing_ok=True)
                            done = enc(*common, *(["-i", source] if infile else []),
                                       *(["-o", target] if outfile else []), data=b"" if infile else plain)
                            self.expect_exit(done, 0)
                            self.expect_same(target.read_bytes() if outfile else done.stdout, cipher)

    def test_decrypts_and_takes_padding_off_from_file_to_file_only(self) -> None:
        for mode in ("cbc", "ctr"):
            for size in sizes:
                plain = sample(size)
                source, target = self.file("in", openssl(mode, plain)), self.folder / "out"
                common = ("-c", f"{mode}(aes)", "-d", "--iv", iv.hex())
                missing = -size % 16 if mode == "cbc" else 0
                padded = plain + bytes([missing]) * missing
                with self.subTest(mode=mode, size=size):
                    self.expect_exit(enc(*common, "-i", source, "-o", target), 0)
                    self.expect_same(target.read_bytes(), plain)
                    self.expect_exit(enc(*common, "-i", source, "-o", target, "--nounpad"), 0)
                    self.expect_same(target.read_bytes(), padded)
                    self.expect_same(enc(*common, "-i", source).stdout, padded)
                    self.expect_same(enc(*common, data=source.read_bytes()).stdout, padded)

    def test_pkcs7_is_openssls_padding_in_both_directions(self) -> None:
        for size in (0, 1, 15, 16, 17, 1 << 20, (1 << 20) + 7):
            plain = sample(size)
            cipher = openssl("cbc", plain, padding=True)
            with self.subTest(size):
                common = ("-c", "cbc(aes)", "--pkcs7", "--iv", iv.hex())
                self.expect_same(enc(*common, data=plain).stdout, cipher)
                self.expect_same(enc(*common, "-d", data=cipher).stdout, plain)
                source, target = self.file("in", cipher), self.folder / "out"
                self.expect_exit(enc(*common, "-d", "-i", source, "-o", target), 0)
                self.expect_same(target.read_bytes(), plain)

    def test_wrong_pkcs7_padding_is_an_error_and_no_file(self) -> None:
        for end in (bytes(16), b"\x11" * 16, sample(14) + b"\x03\x02", sample(13) + b"\x02\x03\x03"):
            cipher = openssl("cbc", end)
            done = enc("-c", "cbc(aes)", "-d", "--pkcs7", "--iv", iv.hex(), "-i", self.file("in", cipher), "-o",
                       self.folder / "out")
            self.expect_exit(done, exit_ebadmsg)
            self.expect_nothing_left("in")

    def test_a_whole_padding_block_of_openssl_stays_by_default(self) -> None:
        cipher = openssl("cbc", sample(32), padding=True)
        self.expect_exit(enc("-c", "cbc(aes)", "-d", "--iv", iv.hex(), "-i", self.file("in", cipher), "-o",
                             self.folder / "out"), 0)
        self.assertEqual((self.folder / "out").read_bytes(), sample(32) + b"\x10" * 16)

    def test_xts_of_any_length_is_one_message(self) -> None:
        both = bytes(range(64))
        for size in (16, 4096, 126976, 1 << 20, (3 << 20) + 16):
            plain = sample(size)
            cipher = Cipher(algorithms.AES(both), modes.XTS(iv)).encryptor().update(plain)
            with self.subTest(size):
                common = ("-c", "xts(aes)", "--iv", iv.hex())
                self.expect_same(enc(*common, data=plain, key=both).stdout, cipher)
                source, target = self.file("in", plain), self.folder / "out"
                self.expect_exit(enc(*common, "-i", source, "-o", target, key=both), 0)
                self.expect_same(target.read_bytes(), cipher)
                self.expect_same(enc(*common, "-d", data=cipher, key=both).stdout, plain)

    def test_aligned_data_that_looks_padded_is_warned_of(self) -> None:
        self.assertIn(b"--nounpad", enc("-c", "cbc(aes)", data=sample(14) + b"\x02\x02").stderr)
        self.assertNotIn(b"--nounpad", enc("-c", "cbc(aes)", data=sample(16)).stderr)
        self.assertNotIn(b"--nounpad", enc("-c", "ctr(aes)", data=sample(14) + b"\x02\x02").stderr)

    def test_no_data_is_no_data(self) -> None:
        for direction in ("-e", "-d"):
            done = enc("-c", "cbc(aes)", direction, "--iv", iv.hex())
            self.expect_exit(done, 0)
            self.assertEqual(done.stdout, b"")
            existing = self.file("out", b"before")
            self.expect_exit(enc("-c", "cbc(aes)", direction, "-i", self.file("in"), "-o", existing), 0)
            self.assertEqual(existing.read_bytes(), b"before")


class keys_and_ivs(checks):
    def test_keys_of_every_length_come_whole(self) -> None:
        for length in (16, 24, 32):
            cipher = openssl("ctr", b"data", with_key=key[:length])
            self.assertEqual(enc("-c", "ctr(aes)", "--iv", iv.hex(), data=b"data", key=key[:length]).stdout, cipher)
        for length in (0, 1, 15, 17, 31, 33, 64):
            self.expect_exit(enc("-c", "ctr(aes)", data=b"data", key=bytes(length)), exit_einval)

    def test_key_len_takes_the_beginning(self) -> None:
        done = enc("-c", "ctr(aes)", "--iv", iv.hex(), "--key-len", "16", data=b"data", key=key)
        self.assertEqual(done.stdout, openssl("ctr", b"data", with_key=key[:16]))
        self.assertIn(b"not used", done.stderr)
        self.expect_exit(enc("-c", "ctr(aes)", "--key-len", "65", data=b"data"), exit_einval)

    def test_a_key_from_an_endless_descriptor_needs_a_length(self) -> None:
        with open("/dev/zero", "rb") as zero:
            for more, status in (((), 166), (("--key-len=32",), 0)):
                done = subprocess.run([tools.options.tools / "kcapi-enc", "-c", "ctr(aes)", "--keyfd",
                                       str(zero.fileno()), *more], input=b"data", capture_output=True, check=False,
                                      pass_fds=(zero.fileno(),), env=tools.environment(), timeout=60)
                self.expect_exit(done, status)

    def test_password_makes_the_key_by_pbkdf2(self) -> None:
        for mac, python in (("hmac(sha256)", "sha256"), ("hmac(sha512)", "sha512")):
            for length in (16, 32):
                derived = hashlib.pbkdf2_hmac(python, b"password", bytes.fromhex("00ff"), 1000, length)
                wanted = openssl("cbc", b"data", with_key=derived)
                common = ("-c", "cbc(aes)", "--iv", iv.hex(), "-s", "00ff", "--pbkdfiter", "1000", "--pbkdfmac", mac,
                          "--key-len", length)
                with self.subTest(mac=mac, length=length):
                    self.assertEqual(enc(*common, "-p", "password", data=b"data").stdout, wanted)
                    by_fd = run("kcapi-enc", *common, "--passwdfd", "KEYFD", data=b"data", key=b"password")
                    self.assertEqual(by_fd.stdout, wanted)
                    # The descriptor's password wins.
                    both = run("kcapi-enc", *common, "-p", "other", "--passwdfd", "KEYFD", data=b"data", key=b"password")
                    self.assertEqual(both.stdout, wanted)

    def test_a_password_is_taken_whole_with_its_newline(self) -> None:
        for password in (b"x" * 127, b"x" * 128, b"x" * 300, b"line\n"):
            derived = hashlib.pbkdf2_hmac("sha256", password, b"\1", 10, 32)
            done = run("kcapi-enc", "-c", "cbc(aes)", "--iv", iv.hex(), "-s", "01", "--pbkdfiter", "10", "--passwdfd",
                       "KEYFD", data=b"data", key=password)
            self.assertEqual(done.stdout, openssl("cbc", b"data", with_key=derived))

    def test_salt_and_iterations_that_were_chosen_are_told(self) -> None:
        done = enc("-c", "cbc(aes)", "--iv", iv.hex(), "-p", "password", data=b"data")
        salt = re.search(rb"PBKDF2 salt used: ([0-9a-f]{64})\n", done.stderr)[1]
        count = int(re.search(rb"PBKDF2 iterations used: (\d+)\n", done.stderr)[1])
        self.assertGreaterEqual(count, 65536)
        derived = hashlib.pbkdf2_hmac("sha256", b"password", bytes.fromhex(salt.decode()), count, 32)
        self.assertEqual(done.stdout, openssl("cbc", b"data", with_key=derived))
        self.assertEqual(enc("-q", "-c", "cbc(aes)", "-p", "password", data=b"data").stderr, b"")

    def test_the_descriptors_key_wins_over_the_password(self) -> None:
        done = enc("-c", "cbc(aes)", "--iv", iv.hex(), "-p", "password", "-s", "00", "--pbkdfiter", "1", data=b"data",
                   key=key)
        self.assertEqual(done.stdout, openssl("cbc", b"data"))

    def test_an_empty_password_is_no_key(self) -> None:
        self.expect_exit(run("kcapi-enc", "-c", "cbc(aes)", "-p", "", data=b"data"), exit_einval)

    def test_an_iv_is_filled_up_or_cut(self) -> None:
        for given in (b"\1", iv[:8], iv, iv + b"more"):
            for mode in ("cbc", "ctr"):
                done = enc("-c", f"{mode}(aes)", "--iv", given.hex(), data=b"data")
                self.assertEqual(done.stdout, openssl(mode, b"data", with_iv=(given + bytes(16))[:16]), given)
        self.assertEqual(enc("-c", "cbc(aes)", data=b"data").stdout, openssl("cbc", b"data", with_iv=bytes(16)))

    def test_hex_is_read_as_ever_and_mistakes_are_told(self) -> None:
        for text, value in (("F0F1f2", b"\xf0\xf1\xf2"), ("zz01", b"\0\1"), ("123", b"\x01\x23"), ("0x10", b"\0\x10")):
            done = enc("-c", "ctr(aes)", "--iv", text, data=b"data")
            self.assertEqual(done.stdout, openssl("ctr", b"data", with_iv=value.ljust(16, b"\0")), text)
            self.assertEqual(b"Warning" in done.stderr, text != "F0F1f2", text)
        self.expect_exit(enc("-c", "ctr(aes)", "--iv", "", data=b"data"), exit_einval)

    def test_secrets_are_never_told(self) -> None:
        secret = "Correct-Horse"
        done = run("kcapi-enc", "-vvv", "-c", "cbc(aes)", "-p", secret, "-s", "00ff", "--pbkdfiter", "10", data=b"data")
        derived = hashlib.pbkdf2_hmac("sha256", secret.encode(), bytes.fromhex("00ff"), 10, 32)
        for text in (secret, derived.hex(), derived.hex()[:16]):
            self.assertNotIn(text.encode(), done.stderr)
        self.assertNotIn(key.hex().encode(), enc("-vvv", "-c", "cbc(aes)", data=b"data").stderr)
        self.assertIn(b"Verbose", done.stderr)

    def test_the_password_is_not_left_in_the_list_of_processes(self) -> None:
        process = subprocess.Popen([tools.options.tools / "kcapi-enc", "-v", "-c", "ctr(aes)", "-p", "Correct-Horse", "-s",
                                    "00", "--pbkdfiter", "1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=tools.environment())
        try:
            while b"served by" not in process.stderr.readline():
                pass  # the algorithm is opened after the password was taken
            with open(f"/proc/{process.pid}/cmdline", "rb") as file:
                words = file.read()
        finally:
            process.communicate(timeout=60)
        self.assertIn(b"ctr(aes)", words)
        self.assertNotIn(b"Correct", words)


class usage(checks):
    def test_usage_mistakes_exit_1(self) -> None:
        for arguments in ((), ("-c", "cbc(aes)"), ("-p", "x"), ("-c",), ("-c", "cbc(aes)", "-p", "x", "--wrong"),
                          ("-c", "cbc(aes)", "-p", "x", "-Z"), ("-c", "gcm(aes)", "-p", "x", "--aad", "00"),
                          ("-c", "gcm(aes)", "-p", "x", "--aad", "00", "-d"),
                          ("-c", "ccm(aes)", "-p", "x", "--iv", "00", "--ccm-nonce", "00"),
                          ("-c", "cbc(aes)", "-p", "x", "--kdf", "hkdf"),
                          ("-c", "cbc(aes)", "-p", "x", "--aead-format", "other"),
                          ("-c", "cbc(aes)", "-p", "x", "--pbkdfiter", "4294967295")):
            done = run("kcapi-enc", *arguments, data=b"data")
            self.expect_exit(done, 1)
            self.assertEqual(done.stdout, b"", arguments)
            self.assertIn(b"--help", done.stderr, arguments)

    def test_help_and_version(self) -> None:
        done = run("kcapi-enc", "--help")
        self.expect_exit(done, 1)
        self.assertIn(b"libkcapi 1.5.1, 1050100", done.stderr)
        done = run("kcapi-enc", "--version")
        self.expect_exit(done, 0)
        self.assertEqual(done.stderr, b"Version libkcapi 1.5.1\n")

    def test_long_options_may_be_abbreviated_the_last_wins_and_words_are_ignored(self) -> None:
        done = enc("word", "--ciph", "ctr(aes)", "--decr", "--encr", "--iv", "00", "--iv", iv.hex(), data=b"data")
        self.assertEqual(done.stdout, openssl("ctr", b"data"))
        self.assertIn(b"'word'", done.stderr)
        self.assertIn(b"kcapi-enc - Warning: ", done.stderr)


class failures(checks):
    def test_wrong_lengths_and_names(self) -> None:
        self.expect_exit(enc("-c", "cbc(aes)", "-d", data=bytes(17)), exit_einval)
        self.expect_exit(enc("-c", "cbc(unknown)", data=b"data"), 254)
        self.expect_exit(enc("-c", "sha256", data=b"data"), 254)

    def test_inputs_that_are_no_files(self) -> None:
        os.mkfifo(self.folder / "fifo")
        for path, status in ((self.folder, exit_einval), (self.folder / "fifo", exit_einval), ("/dev/zero", exit_einval),
                             (self.folder / "absent", exit_eio), ("", exit_eio)):
            done = enc("-c", "ctr(aes)", "-i", path, "-o", self.folder / "out", timeout=20)
            self.expect_exit(done, status)
        self.expect_nothing_left("fifo")

    def test_files_of_proc_say_no_size_and_are_read(self) -> None:
        with open("/proc/version", "rb") as file:
            text = file.read()
        self.assertEqual(enc("-c", "ctr(aes)", "--iv", iv.hex(), "-i", "/proc/version").stdout, openssl("ctr", text))

    def test_outputs_that_cannot_be(self) -> None:
        os.mkfifo(self.folder / "fifo")
        source = self.file("in", sample(100))
        for path, status in ((self.folder, exit_eio), (self.folder / "fifo", exit_einval), ("/dev/full", exit_einval),
                             (self.folder / "absent" / "out", exit_eio), ("/proc/sys/kernel/none", exit_eio)):
            self.expect_exit(enc("-c", "ctr(aes)", "-i", source, "-o", path), status)
        self.expect_nothing_left("fifo", "in")

    def test_a_full_or_closed_stdout_is_an_error(self) -> None:
        with open("/dev/full", "wb") as full:
            self.expect_exit(enc("-c", "ctr(aes)", data=b"data", stdout=full), exit_eio)
        command = f"'{tools.options.tools}/kcapi-enc' -c 'ctr(aes)' -p x -s 00 --pbkdfiter 1 >&-"
        done = subprocess.run(["sh", "-c", command], input=b"data", capture_output=True, env=tools.environment(), check=False)
        self.expect_exit(done, exit_eio)
        self.assertIn(b"Bad file descriptor", done.stderr)

    def test_a_failure_does_not_wait_for_an_idle_pipe(self) -> None:
        read_end, write_end = os.pipe()
        with open("/dev/full", "wb") as full:
            process = subprocess.Popen([tools.options.tools / "kcapi-enc", "-q", "-c", "ctr(aes)", "-p", "x", "-s", "00",
                                        "--pbkdfiter", "1"], stdin=read_end, stdout=full, env=tools.environment())
            os.close(read_end)
            left = (512 << 10) + 100  # two pieces, the first of which cannot be written, and some of a third
            while left:
                left -= os.write(write_end, bytes(min(left, 1 << 12)))
            try:
                self.assertEqual(process.wait(timeout=20), exit_eio)
            finally:
                os.close(write_end)
                process.wait(timeout=20)

    def test_a_failure_keeps_the_file_that_was_there(self) -> None:
        existing = self.file("out", b"before")
        self.expect_exit(enc("-c", "cbc(aes)", "-d", "-i", self.file("in", bytes((2 << 20) + 1)), "-o", existing), exit_einval)
        self.assertEqual(existing.read_bytes(), b"before")
        self.expect_nothing_left("in", "out")

    def test_a_disk_that_is_full_leaves_nothing(self) -> None:
        source = self.file("in", sample(3 << 20))
        for cipher, length in (("ctr(aes)", 32), ("xts(aes)", 64)):
            command = ["sh", "-c", 'ulimit -f 1024; trap "" XFSZ; exec "$@"', "sh", str(tools.options.tools / "kcapi-enc"),
                       "-c", cipher, "-p", "x", "-s", "00", "--pbkdfiter", "1", "--key-len", str(length), "-i", str(source),
                       "-o", str(self.folder / "out")]
            done = subprocess.run(command, capture_output=True, env=tools.environment(), check=False)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(b"File too large", done.stderr)
            self.expect_nothing_left("in")

    def test_permissions_links_and_in_place(self) -> None:
        plain = sample(1000)
        real = self.file("real", plain)
        real.chmod(0o640)
        link = self.folder / "link"
        link.symlink_to(real)
        self.expect_exit(enc("-c", "ctr(aes)", "--iv", iv.hex(), "-i", link, "-o", link), 0)
        self.assertTrue(link.is_symlink())
        self.assertEqual(real.read_bytes(), openssl("ctr", plain))
        self.assertEqual(real.stat().st_mode & 0o777, 0o640)
        previous = os.umask(0o027)
        try:
            self.expect_exit(enc("-c", "ctr(aes)", "-i", real, "-o", self.folder / "new"), 0)
        finally:
            os.umask(previous)
        self.assertEqual((self.folder / "new").stat().st_mode & 0o777, 0o640)


if __name__ == "__main__":
    tools.main()
