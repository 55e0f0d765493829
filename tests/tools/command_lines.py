# SPDX-License-Identifier: BSD-3-Clause
"""Command lines of kcapi-enc, kcapi-dgst and kcapi-rng by which ours and Debian's are compared.

They run in a folder with FILE, EMPTY, OUT, PADDED and the folder FOLDER, with `data` as stdin; KEYFD gives `key`, LONG
gives `long_key`.
"""

from __future__ import annotations

import pathlib
import subprocess

key, long_key = bytes(range(32)), bytes(range(64))
iv = "000102030405060708090a0b0c0d0e0f"
data = bytes(range(256)) * 5 + b"\x80"
cbc = ("kcapi-enc", "-c", "cbc(aes)", "--keyfd", "KEYFD", "--iv", iv)
ctr = ("kcapi-enc", "-c", "ctr(aes)", "--keyfd", "KEYFD", "--iv", iv)
gcm = ("kcapi-enc", "-c", "gcm(aes)", "--keyfd", "KEYFD", "--iv", iv[:24], "--aad", "00ff")
password = ("-p", "password", "-s", "00ff", "--pbkdfiter", "1000")

# Command lines with the same outcome; stdin is `data`, KEYFD gives `key`.
same = (
    cbc, (*cbc, "-e"), ctr, (*ctr, "-d"), (*cbc, "-d"), (*cbc, "-i", "FILE"), (*cbc, "-i", "FILE", "-o", "OUT"),
    (*ctr, "-i", "FILE", "-o", "OUT"), (*cbc, "-d", "-i", "PADDED", "-o", "OUT"),
    (*cbc, "-d", "-i", "PADDED", "-o", "OUT", "--nounpad"), (*cbc, "-d", "-i", "PADDED"), (*cbc, "-q"), (*cbc, "-v"),
    ("kcapi-enc", "-c", "cbc(aes)", "--iv", iv, *password), ("kcapi-enc", "-c", "cbc(aes)", "--iv", iv, *password, "--pbkdfmac", "hmac(sha1)"),
    ("kcapi-enc", "-c", "cbc(aes)", "--iv", "zz10", "--keyfd", "KEYFD"), ("kcapi-enc", "-c", "cbc(aes)", "--iv", "123", "--keyfd", "KEYFD"),
    ("kcapi-enc", "-c", "cbc(aes)", "--keyfd", "KEYFD"), (*gcm, "--taglen", "16"), (*gcm, "--taglen", "12"), (*gcm, "--taglen", "17"),
    (*gcm, "-d", "--tag", "00" * 16), (*gcm, "--taglen", "0"), gcm, (*gcm, "-d"),
    ("kcapi-enc",), ("kcapi-enc", "-c", "cbc(aes)"), ("kcapi-enc", "-h"), ("kcapi-enc", "--help"), ("kcapi-enc", "--wrong"),
    ("kcapi-enc", "--version"), ("kcapi-enc", "-c", "nothing", "--keyfd", "KEYFD"), (*cbc, "-i", "ABSENT"), (*cbc, "-i", "FOLDER"),
    (*cbc, "-i", "FILE", "-o", "FOLDER"), (*cbc, "word"), ("kcapi-enc", "--ciph", "ctr(aes)", "--keyfd", "KEYFD", "--iv", iv),
    ("kcapi-dgst", "-c", "sha256"), ("kcapi-dgst", "-c", "sha256", "--hex"), ("kcapi-dgst", "-c", "sha256", "-i", "FILE", "-o", "OUT", "--hex"),
    ("kcapi-dgst", "-c", "hmac(sha256)", "--keyfd", "KEYFD"), ("kcapi-dgst", "-c", "hmac(sha512)", *password), ("kcapi-dgst",),
    ("kcapi-dgst", "-c", "nothing"), ("kcapi-dgst", "-c", "sha256", "-i", "ABSENT"), ("kcapi-dgst", "-c", "sha256", "-i", "EMPTY"),
    ("kcapi-dgst", "-h"), ("kcapi-dgst", "--version"), ("kcapi-rng",), ("kcapi-rng", "-b", "0"), ("kcapi-rng", "-b", "5", "-n", "nothing"),
    ("kcapi-rng", "-h"), ("kcapi-rng", "--version"),
)

# Command lines with another outcome, and why.
different = {
    (*cbc, "-i", "EMPTY", "-o", "OUT"): "an empty file is no error (1.5.1)",
    ("kcapi-enc", "-c", "ctr(aes)", "--keyfd", "LONG", "--iv", iv): "24: a key of 64 bytes was cut",
    ("kcapi-dgst", "-c", "hmac(sha256)", "--keyfd", "LONG"): "24: a key of 64 bytes was cut",
}


def padded() -> bytes:
    command = ["openssl", "enc", "-aes-256-cbc", "-K", key.hex(), "-iv", iv]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


def prepare(folder: pathlib.Path) -> None:
    (folder / "FOLDER").mkdir()
    for name, content in {"FILE": data, "EMPTY": b"", "OUT": b"before", "PADDED": padded()}.items():
        (folder / name).write_bytes(content)
