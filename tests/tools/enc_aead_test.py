#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""kcapi-enc with authentication, against pyca/cryptography: layouts, the file format, and altered data."""

from __future__ import annotations

import hashlib
import struct
import subprocess

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

import tools
from tools import checks, exit_ebadmsg, exit_einval, run, sample

key, iv, aad = bytes(range(32)), bytes(range(12)), bytes(range(200, 220))
sizes = (0, 1, 15, 16, 61440, 61441, 126977, (3 << 20) + 5)


def enc(*arguments: object, with_key: bytes | None = key, **options: object) -> subprocess.CompletedProcess[bytes]:
    return run("kcapi-enc", "--keyfd", "KEYFD", *arguments, key=with_key, **options)


def gcm(plain: bytes, associated: bytes = aad, tag: int = 16) -> tuple[bytes, bytes]:
    sealed = AESGCM(key).encrypt(iv, plain, associated)
    return sealed[:len(plain)], sealed[len(plain):][:tag]


class originals_layout(checks):
    common = ("-c", "gcm(aes)", "--iv", iv.hex(), "--aad", aad.hex())

    def test_encryption_gives_aad_ciphertext_and_tag_decryption_takes_ciphertext(self) -> None:
        for size in sizes:
            for tag_length in (16, 12):
                plain = sample(size)
                cipher, tag = gcm(plain, tag=tag_length)
                with self.subTest(size=size, tag=tag_length):
                    seal = (*self.common, "--taglen", tag_length)
                    unseal = (*self.common, "-d", "--tag", tag.hex())
                    self.expect_same(enc(*seal, data=plain).stdout, aad + cipher + tag)
                    self.expect_same(enc(*unseal, data=cipher).stdout, aad + plain)
                    out = self.folder / "out"
                    self.expect_exit(enc(*seal, "-i", self.file("in", plain), "-o", out), 0)
                    self.expect_same(out.read_bytes(), aad + cipher + tag)
                    self.expect_exit(enc(*unseal, "-i", self.file("in", cipher), "-o", out), 0)
                    self.expect_same(out.read_bytes(), aad + plain)

    def test_ccm_by_its_nonce_or_its_iv(self) -> None:
        for nonce in (bytes(7), bytes(range(11)), bytes(range(13))):
            sealed = AESCCM(key, tag_length=8).encrypt(nonce, b"some data", aad)
            ccm = ("-c", "ccm(aes)", "--aad", aad.hex(), "--taglen", "8")
            self.assertEqual(enc(*ccm, "--ccm-nonce", nonce.hex(), data=b"some data").stdout, aad + sealed)
            block = bytes([14 - len(nonce)]) + nonce
            self.assertEqual(enc(*ccm, "--iv", block.hex(), data=b"some data").stdout, aad + sealed)
        self.expect_exit(enc(*ccm, "--ccm-nonce", bytes(15).hex(), data=b"some data"), exit_einval)

    def test_lengths_that_are_refused(self) -> None:
        self.expect_exit(enc(*self.common, "--taglen", "17", data=b"data"), exit_einval)
        self.expect_exit(enc("-c", "gcm(aes)", "--aad", "", "--taglen", "16", data=b"data"), exit_einval)
        self.expect_exit(enc(*self.common, "--taglen", "16", data=b"data", with_key=bytes(20)), exit_einval)

    def test_an_altered_message_gives_no_output(self) -> None:
        cipher, tag = gcm(b"some data")
        for data, wrong_tag, wrong_iv, wrong_aad in ((b"x" + cipher[1:], tag, iv, aad), (cipher[:-1], tag, iv, aad),
                                                     (cipher, bytes(16), iv, aad), (cipher, tag, bytes(12), aad),
                                                     (cipher, tag, iv, b"x"), (b"", tag, iv, aad)):
            unseal = ("-c", "gcm(aes)", "-d", "--iv", wrong_iv.hex(), "--aad", wrong_aad.hex(), "--tag", wrong_tag.hex())
            done = enc(*unseal, data=data)
            self.expect_exit(done, exit_ebadmsg)
            self.assertEqual(done.stdout, b"")
            self.assertIn(b"integrity", done.stderr)
            self.expect_exit(enc(*unseal, "-i", self.file("in", data), "-o", self.folder / "out"), exit_ebadmsg)
            self.expect_nothing_left("in")

    def test_a_message_that_the_engine_cannot_take_gives_no_output(self) -> None:
        # More room than a process may have.
        command = ["sh", "-c", 'ulimit -v 400000; exec "$@"', "sh", str(tools.options.tools / "kcapi-enc"), "-c", "gcm(aes)",
                   "-p", "x", "-s", "00", "--pbkdfiter", "1", "--aad", "00", "--taglen", "16"]
        with subprocess.Popen(["head", "-c", "600000000", "/dev/zero"], stdout=subprocess.PIPE) as zeros:
            done = subprocess.run(command, stdin=zeros.stdout, capture_output=True, check=False, env=tools.environment())
            zeros.stdout.close()
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(done.stdout, b"")


class joined_layout(checks):
    def test_ciphertext_and_tag_both_ways(self) -> None:
        for size in sizes:
            for associated in (b"", aad):
                plain = sample(size)
                cipher, tag = gcm(plain, associated)
                common = ("-c", "gcm(aes)", "--iv", iv.hex(), "--aead-format", "joined",
                          *(["--aad", associated.hex()] if associated else []))
                with self.subTest(size=size, aad=len(associated)):
                    self.expect_same(enc(*common, data=plain).stdout, cipher + tag)
                    self.expect_same(enc(*common, "-d", data=cipher + tag).stdout, plain)
        self.expect_exit(enc(*common, "-d", data=tag[:15]), exit_ebadmsg)


def header_of(data: bytes) -> dict[str, object]:
    """The format as kcapi-enc(1) has it."""
    magic, kdf, key_length, name, mac, salt, iv_length, tag, zero, iterations, associated = struct.unpack(">8s8BII", data[:24])
    fields: dict[str, object] = {"magic": magic, "kdf": kdf, "key": key_length, "tag": tag, "zero": zero,
                                 "iterations": iterations}
    at = 24
    for field, length in (("name", name), ("mac", mac), ("salt", salt), ("iv", iv_length), ("aad", associated)):
        fields[field] = data[at:at + length]
        at += length
    return {**fields, "header": data[:at], "sealed": data[at:]}


class file_format(checks):
    def test_the_password_alone_decrypts(self) -> None:
        for cipher in ("gcm(aes)", "ccm(aes)", "rfc7539(chacha20,poly1305)"):
            for size in (0, 1, (1 << 20) + 3):
                plain = sample(size)
                out, back = self.folder / "out", self.folder / "back"
                with self.subTest(cipher=cipher, size=size):
                    self.expect_exit(run("kcapi-enc", "-c", cipher, "--aead-format=file", "--passwdfd", "KEYFD",
                                         "--pbkdfiter", "1000", "-i", self.file("in", plain), "-o", out, key=b"password"), 0)
                    self.expect_exit(run("kcapi-enc", "-d", "--aead-format=file", "--passwdfd", "KEYFD", "-i", out, "-o",
                                         back, key=b"password"), 0)
                    self.expect_same(back.read_bytes(), plain)

    def test_the_file_is_what_the_manual_says(self) -> None:
        done = run("kcapi-enc", "-c", "gcm(aes)", "--aead-format=file", "-p", "password", "--aad", aad.hex(), "--pbkdfmac",
                   "hmac(sha512)", data=b"some data")
        self.expect_exit(done, 0)
        h = header_of(done.stdout)
        self.assertEqual((h["magic"], h["kdf"], h["key"], h["tag"], h["zero"]), (b"KCAPIAE1", 1, 32, 16, 0))
        self.assertEqual((h["name"], h["mac"], h["aad"]), (b"gcm(aes)", b"hmac(sha512)", aad))
        self.assertEqual((len(h["salt"]), len(h["iv"])), (32, 12))
        self.assertGreaterEqual(h["iterations"], 65536)
        derived = hashlib.pbkdf2_hmac("sha512", b"password", h["salt"], h["iterations"], 32)
        self.assertEqual(AESGCM(derived).decrypt(h["iv"], h["sealed"], h["header"]), b"some data")

    def test_a_key_as_it_is_and_one_derived_from_it(self) -> None:
        for kdf, number in (("none", 0), ("hkdf", 2)):
            done = enc("-c", "gcm(aes)", "--aead-format=file", "--kdf", kdf, data=b"some data")
            self.expect_exit(done, 0)
            h = header_of(done.stdout)
            used = key
            if kdf == "hkdf":
                used = HKDF(hashes.SHA256(), 32, h["salt"], b"kcapi-enc").derive(key)
            self.assertEqual(h["kdf"], number)
            self.assertEqual(AESGCM(used).decrypt(h["iv"], h["sealed"], h["header"]), b"some data")
            self.assertEqual(enc("-d", "--aead-format=file", data=done.stdout).stdout, b"some data")

    def test_salt_and_iv_are_new_each_time(self) -> None:
        seal = ("-c", "gcm(aes)", "--aead-format=file", "--kdf", "hkdf")
        first, second = (header_of(enc(*seal, data=b"some data").stdout) for _ in range(2))
        self.assertNotEqual(first["salt"], second["salt"])
        self.assertNotEqual(first["iv"], second["iv"])

    def test_every_altered_byte_and_every_cut_is_found_and_nothing_is_written(self) -> None:
        sealed = enc("-c", "gcm(aes)", "--aead-format=file", "--kdf", "hkdf", "--aad", "0102", "-s", "00112233",
                     data=b"some data").stdout
        unseal = ("-d", "--aead-format=file", "-o", self.folder / "out")
        wrong = [sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1:] for at in range(len(sealed))]
        wrong += [sealed[:length] for length in range(len(sealed))]
        for number, data in enumerate(wrong):
            done = enc(*unseal, data=data)
            self.assertNotEqual(done.returncode, 0, number)
            self.assertGreater(len(done.stderr), 10, number)
            self.expect_nothing_left()
        self.expect_exit(enc(*unseal, data=sealed), 0)
        self.assertEqual((self.folder / "out").read_bytes(), b"some data")

    def test_a_wrong_password_key_or_cipher_is_told(self) -> None:
        sealed = enc("-c", "gcm(aes)", "--aead-format=file", data=b"some data").stdout
        self.expect_exit(enc("-d", "--aead-format=file", data=sealed, with_key=bytes(32)), exit_ebadmsg)
        self.expect_exit(run("kcapi-enc", "-d", "--aead-format=file", "-p", "x", data=sealed), exit_einval)
        self.expect_exit(enc("-d", "-c", "ccm(aes)", "--aead-format=file", data=sealed), exit_einval)

    def test_a_header_cannot_ask_for_days_of_work(self) -> None:
        sealed = bytearray(run("kcapi-enc", "-c", "gcm(aes)", "--aead-format=file", "-p", "x", "--pbkdfiter", "1",
                               data=b"some data").stdout)
        sealed[16:20] = b"\xff\xff\xff\xff"
        self.expect_exit(run("kcapi-enc", "-d", "--aead-format=file", "-p", "x", data=bytes(sealed), timeout=20), exit_ebadmsg)


if __name__ == "__main__":
    tools.main()
