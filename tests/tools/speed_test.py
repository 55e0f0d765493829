#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""kcapi-speed: what it measures and shows, as a table, JSON and SVG; options; mistakes. Nothing about how fast."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
import xml.etree.ElementTree

import debian
import tools
from tools import checks, run

quick = "--time=0.01"
eafnosupport = 256 - 97


class speed_checks(checks):
    def speed(self, *arguments: object, **settings: str) -> subprocess.CompletedProcess[bytes]:
        return run("kcapi-speed", quick, *arguments, **settings)

    def rows(self, *arguments: object) -> list[dict]:
        """The rows that it writes as JSON; the first line is the host's."""
        path = self.folder / "rows.json"
        self.expect_exit(self.speed("--json", path, *arguments), 0)
        host, *rows = [json.loads(line) for line in path.read_text().splitlines()]
        self.assertEqual([host["kind"]] + [row["kind"] for row in rows], ["host"] + ["row"] * len(rows))
        for fact in ("cpu", "cores", "load", "kernel", "compiler", "library"):
            self.assertTrue(host[fact], fact)
        return rows

    def begin(self, *arguments: object, **settings: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([tools.options.tools / "kcapi-speed", *map(str, arguments)], env=tools.environment(**settings),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process


class results(speed_checks):
    def test_every_type_and_direction(self) -> None:
        names = ["cbc(aes)", "gcm(aes)", "ccm(aes)", "rfc4106(gcm(aes))", "authenc(hmac(sha256),cbc(aes))", "sha256",
                 "hmac(sha256)", "stdrng", "hkdf(hmac(sha256))", "pbkdf2(hmac(sha256))"]
        rows = self.rows("--size=64", *names)
        found = [(row["type"], row["algorithm"], row["direction"]) for row in rows]
        types = ["skcipher", "aead", "aead", "aead", "aead", "hash", "hash", "rng", "kdf", "kdf"]
        wanted = [(kind, name, way) for kind, name in zip(types, names) for way in (["enc", "dec"] if kind in ("skcipher", "aead") else [""])]
        self.assertEqual(found, wanted)
        for row in rows:
            self.assertNotIn("error", row)
            self.assertEqual((row["engine"], row["path"], row["size"], row["messages"], row["threads"]), ("local", "one-shot", 64, 1, 1))
            self.assertTrue(row["driver"])
            self.assertGreater(row["samples"], 0)
            self.assertTrue(0 < row["ns_p10"] <= row["ns"] <= row["ns_p90"], row)
            self.assertAlmostEqual(row["bytes_per_second"] / (64e9 / row["ns"]), 1, places=6)
            self.assertAlmostEqual(row["calls_per_second"] * row["ns"], 1e9, delta=1e3)

    def test_table_shows_what_the_json_has(self) -> None:
        path = self.folder / "rows.json"
        text = self.speed("--size=16,4K", "--json", path, "ctr(aes)").stdout.decode()
        lines = [line for line in text.splitlines() if line.startswith("ctr(aes)")]
        rows = [json.loads(line) for line in path.read_text().splitlines()[1:]]
        self.assertEqual(len(lines), 4)
        for line, row, size in zip(lines, rows, ("16 B", "4 KiB", "16 B", "4 KiB")):
            self.assertRegex(line, rf"^ctr\(aes\) +{row['direction']} local +{re.escape(row['driver'])} +{size} +[\d.]+ +[\d.]+ +[\d.]+ [kMG]B/s$")
            self.assertLessEqual(len(line), 100)

    def test_sizes_fit_the_block(self) -> None:
        self.assertEqual([row["size"] for row in self.rows("--size=1,17,16", "--direction=enc", "cbc(aes)")], [16, 16, 32])
        self.assertEqual([row["size"] for row in self.rows("--blocks=3", "cbc(aes)", "sha256")], [48, 48, 192])
        self.assertEqual([row["size"] for row in self.rows("--size=17", "sha256")], [17])

    def test_batches_and_aio(self) -> None:
        for row in self.rows("--size=64", "--batch=5", "cbc(aes)", "gcm(aes)", "sha256"):
            self.assertEqual((row["path"], row["messages"]), ("batch", 5))
            self.assertAlmostEqual(row["bytes_per_second"] / (5 * 64e9 / row["ns"]), 1, places=6)
        for row in self.rows("--size=64", "--aio=4", "cbc(aes)", "gcm(aes)"):
            self.assertEqual((row["path"], row["messages"]), ("aio", 4))

    def test_drivers(self) -> None:
        listed = json.loads(run("kcapi-info", "--engine=local", "--json").stdout)
        wanted = {entry["driver"] for entry in listed if entry["name"] == "cbc(aes)"}
        found = {row["driver"] for row in self.rows("--size=64", "--direction=enc", "--driver=all", "cbc(aes)")}
        self.assertGreaterEqual(found, wanted)
        found = [row["driver"] for row in self.rows("--size=64", "--driver=openssl", "sha256", "--driver=sha512-openssl", "sha512")]
        self.assertEqual(found, ["sha256-openssl", "sha512-openssl"])
        (row,) = self.rows("--size=64", "--driver=hmac-sha256-openssl", "hmac(sha256)")
        self.assertEqual(row["driver"], "hmac-sha256-openssl")

    def test_all_measures_every_name_that_is_listed(self) -> None:
        rows = self.rows("--all", "--size=64", "--time=0.001")
        listed = json.loads(run("kcapi-info", "--engine=local", "--json").stdout)
        names = {(entry["type"], entry["name"]) for entry in listed if entry["type"] in ("skcipher", "aead", "hash", "rng")}
        self.assertEqual({(row["type"], row["algorithm"]) for row in rows}, names)
        # A digest of no length is none; everything else can be measured.
        self.assertLessEqual({row["algorithm"] for row in rows if "error" in row}, {"digest_null"})

    def test_threads_are_that_many(self) -> None:
        (row,) = self.rows("--size=1K", "--threads=3", "sha256")
        self.assertEqual((row["threads"], len(row["calls"])), (3, 3))
        self.assertGreater(min(row["calls"]), 0)
        # A tenth for the clocks, which are two.
        self.assertTrue(0 < row["processor_share"] <= 1.1, row)
        process = self.begin("--size=64", "--threads=3", "--time=1", "sha256")
        most = 0
        while process.poll() is None:
            try:
                most = max(most, len(os.listdir(f"/proc/{process.pid}/task")))
            except FileNotFoundError:
                break
            time.sleep(0.01)
        self.assertEqual((most, process.wait()), (4, 0), "and one that waits for them")


class choice(speed_checks):
    def test_list_is_that_of_the_original(self) -> None:
        lines = run("kcapi-speed", "-l", "-c", "cbc(aes)").stdout.decode().splitlines()
        self.assertEqual(len(lines), 2)
        for line, way in zip(lines, "ed"):
            self.assertRegex(line, rf"^skcipher  \| cbc\(aes\) {{27}} \| cbc-aes-\S+ \| {way}$")
        self.assertGreater(len(run("kcapi-speed", "--list").stdout.splitlines()), 100)

    def test_cipher_takes_the_beginning_of_name_type_or_driver(self) -> None:
        for beginning, pattern in (("sha51", r"hash +\| sha512"), ("rng", r"rng  "), ("sha256-open", r".*\| sha256-openssl(\+| )")):
            lines = run("kcapi-speed", "-l", "-c", beginning).stdout.decode().splitlines()
            self.assertTrue(lines)
            for line in lines:
                self.assertRegex(line, "^" + pattern)

    def test_raw_lines(self) -> None:
        done = self.speed("-r", "-b", "4", "-v", "ecb(aes)", "sha256")
        lines = [line.split(",") for line in done.stdout.decode().splitlines()]
        self.assertEqual([line[:3] for line in lines], [["ecb(aes)", "e", "64"], ["ecb(aes)", "d", "64"], ["sha256", "d", "256"]])
        for *_, rate, calls in lines:
            self.assertGreater(int(rate), int(calls))

    def test_setting_of_the_environment_holds_without_an_option(self) -> None:
        self.assertIn(b"sha256-gcrypt", self.speed("--size=64", "sha256", KCAPI_DRIVER="gcrypt").stdout)

    def test_progress(self) -> None:
        done = self.speed("--size=64", "--progress", "--time=0.12", "sha256", "sha1", "sha512")
        self.assertIn(b"of 3, ", done.stderr)
        self.assertEqual(self.speed("--size=64", "sha256").stderr, b"")

    def test_help_and_version(self) -> None:
        for option, text in (("--help", b"--threads"), ("-h", b"--plot"), ("--version", b"libkcapi 1.5.1")):
            done = run("kcapi-speed", option)
            self.expect_exit(done, 0)
            self.assertIn(text, done.stdout)


class mistakes(speed_checks):
    def test_arguments(self) -> None:
        for arguments in (("--wrong",), ("--engine=x",), ("--engine=local,",), ("--size=0",), ("--size=",), ("--size=1G",), ("--size=-1",),
                          ("--size=2000000M",), ("--threads=0",), ("--threads=9999",), ("--batch=x",), ("--batch=2", "--aio=2"),
                          ("-b", "1", "--size=1"), ("-v", "-s"), ("--time=0",), ("--time=nan",), ("--time=1x",), ("--direction=up",),
                          ("--plot=a.png",)):
            done = run("kcapi-speed", *arguments, "sha256")
            self.assertEqual((done.returncode, done.stdout), (1, b""), arguments)
            self.assertIn(b"kcapi-speed - Error: ", done.stderr)

    def test_names(self) -> None:
        for arguments, status, text in ((("unknown",), 254, b"cannot open unknown"), (("rsa",), 1, b"akcipher"),
                                        (("--driver=none", "sha256"), 254, b"sha256-openssl"), (("-c", "unknown"), 254, b"'unknown'"),
                                        (("--driver=openssl", "hkdf(hmac(sha256))"), 1, b"--driver")):
            done = self.speed(*arguments)
            self.assertEqual((done.returncode, done.stdout), (status, b""), done.stderr)
            self.assertIn(text, done.stderr)

    def test_what_cannot_be_called_so_says_it_in_its_row(self) -> None:
        done = self.speed("--size=64", "--aio=2", "sha256", "cbc(aes)")
        self.expect_exit(done, 256 - 95)
        self.assertIn(b"not measured: there are no aio functions of type hash", done.stdout)
        self.assertEqual(len(re.findall(rb"^cbc\(aes\).*B/s$", done.stdout, re.M)), 2)

    def test_kernel_engine_that_is_not_there(self) -> None:
        done = debian.start([str(tools.options.tools / "kcapi-speed"), "--engine=local,kernel", "sha256"], environment=tools.environment())
        self.assertEqual((done.returncode, done.stdout), (eafnosupport, b""))
        self.assertIn(b"cannot open sha256 on the kernel engine: Address family not supported by protocol", done.stderr)
        self.assertIn(b"kcapi-info --doctor", done.stderr)

    def test_files_that_cannot_be_written_are_found_before_measuring(self) -> None:
        for option in ("--json", "--plot"):
            done = self.speed(f"{option}=/nonexistent/x.svg", "sha256")
            self.assertEqual((done.returncode, done.stdout), (256 - 5, b""))
            self.assertIn(b"/nonexistent/x.svg", done.stderr)
        with open("/dev/full", "wb") as full:
            self.expect_exit(run("kcapi-speed", "--size=64", quick, "sha256", stdout=full), 1)


class pictures(speed_checks):
    def test_svg_has_a_line_for_each_series(self) -> None:
        # A name in which a shell or gnuplot could see a command.
        path = self.folder / "it's `id` $(id) \"a\\b\".svg"
        self.expect_exit(self.speed("--size=16,64,1K", "--driver=openssl", "--plot", path, "cbc(aes)", "sha256"), 0)
        self.expect_nothing_left(path.name)
        svg = xml.etree.ElementTree.parse(path).getroot()
        self.assertEqual(svg.tag, "{http://www.w3.org/2000/svg}svg")
        texts = ["".join(text.itertext()).strip() for text in svg.iter("{http://www.w3.org/2000/svg}text")]
        for title in ("cbc(aes) enc, local, cbc-aes-openssl", "cbc(aes) dec, local, cbc-aes-openssl", "sha256, local, sha256-openssl"):
            self.assertEqual(texts.count(title), 1, texts)
        for label in ("throughput (GB/s = 10^9 bytes/s)", "time of a call (ns)"):
            self.assertEqual(texts.count(label), 1, texts)
        for label in ("size of a message", "16 B", "64 B", "1 KiB"):
            self.assertEqual(texts.count(label), 2, texts)
        # Each curve is a path of three points, twice, and none looks like another.
        curves = re.findall(r"<path\s+([^>]*)d='M[\d.,]+ L[\d.,]+ L[\d.,]+\s*'", path.read_text())
        self.assertEqual(len(curves), 6, curves)
        self.assertEqual(len({re.sub(r"\s+", " ", look) for look in curves}), 3, curves)
        self.assertEqual(len({tuple(re.findall("stroke-dasharray='([^']*)'", look)) for look in curves}), 3, curves)

    def test_without_gnuplot_it_says_so_before_it_measures(self) -> None:
        done = self.speed("--plot", self.folder / "x.svg", "sha256", PATH=str(self.folder))
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertIn(b"needs the program gnuplot", done.stderr)
        self.assertIn(b"gnuplot-nox", done.stderr)
        self.expect_nothing_left()

    def stand_in(self, script: str) -> str:
        (self.folder / "bin").mkdir()
        program = self.folder / "bin" / "gnuplot"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        return f"{program.parent}:{os.environ['PATH']}"

    def test_a_gnuplot_that_fails_leaves_no_picture(self) -> None:
        path = self.stand_in("echo '<svg></svg>'; exit 3")
        done = self.speed("--size=64", "--plot", self.folder / "x.svg", "sha256", PATH=path)
        self.expect_exit(done, 1)
        self.assertIn(b"gnuplot failed", done.stderr)
        self.expect_nothing_left("bin")

    def test_interruption_leaves_no_part_of_a_file(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            process = self.begin("--time=60", "--json", self.folder / "x.json", "--plot", self.folder / "x.svg", "sha256")
            time.sleep(0.3)
            process.send_signal(number)
            self.assertEqual(process.wait(10), -number)
            self.expect_nothing_left()
        path = self.stand_in(f": >'{self.folder}/begun'; exec sleep 3")
        process = self.begin("--size=64", quick, "--json", self.folder / "x.json", "--plot", self.folder / "x.svg", "sha256", PATH=path)
        deadline = time.monotonic() + 20
        while not (self.folder / "begun").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        process.terminate()
        self.assertEqual(process.wait(10), -signal.SIGTERM)
        self.expect_nothing_left("begun", "bin", "x.json")
        self.assertTrue((self.folder / "x.json").read_text().endswith("}\n"))


if __name__ == "__main__":
    tools.main()
