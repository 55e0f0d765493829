# SPDX-License-Identifier: BSD-3-Clause
"""check_files.py [--root DIR] [--directory DIR] [--prefix P] [--suffix S] FILE...: writes the check files by which
kcapi-hasher checks itself and its library in FIPS mode, under the names of src/tools/check_file.cpp."""

import argparse
import hmac
import pathlib

KEY = b"FIPS-FTW-RHT2009"  # that of the package hmaccalc


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", default="", help="what the installed paths begin with")
    parser.add_argument("--directory", default="")
    parser.add_argument("--prefix", default="")
    parser.add_argument("--suffix", required=True)
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    for file in options.files:
        folder, prefix = file.parent, options.prefix
        if options.directory:
            folder = pathlib.Path(options.root + options.directory, "hmaccalc")
            folder.mkdir(parents=True, exist_ok=True)
        elif not prefix:
            prefix = "."
        digest = hmac.digest(KEY, file.read_bytes(), "sha512").hex()
        (folder / f"{prefix}{file.name}.{options.suffix}").write_text(f"{digest} *{file.name}\n")


if __name__ == "__main__":
    main()
