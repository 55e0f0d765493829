#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""The guest's stream, taken apart whole and in pieces of every size."""

import hashlib
import unittest

import stream

nonce = "0123abcd"
content = bytes(range(256)) + b"\n@@0123abcd end first 0\n"
digest = hashlib.sha256(content).hexdigest()


def line(text):
    return f"\n@@{nonce} {text}\n".encode()


def take(data, size=None):
    output = bytearray()
    port = stream.guest_stream(nonce, output.extend)
    for at in range(0, len(data), size or max(1, len(data))):
        port.feed(data[at:at + (size or len(data))])
    port.close()
    return port, bytes(output)


class stream_test(unittest.TestCase):
    def test_a_whole_run_in_pieces_of_any_size(self):
        first, second = b"one\r\n\n\n@@0123abc", b"no newline at the end"
        data = (
            line("boot 6.12.1") + line("ready") + line("start first") + first + line("end first 0") +
            line("start second") + second + line("end second 3") +
            line(f"file {len(content)} {digest} /tmp/a b") + content + line("nofile /tmp/c") + line("done")
        )
        for size in range(1, len(data) + 1):
            port, output = take(data, size)
            self.assertEqual(output, first + second)
            self.assertEqual([(r.name, r.status, bytes(r.output)) for r in port.reports],
                             [("first", 0, first), ("second", 3, second)])
            self.assertEqual(port.files, {"/tmp/a b": content})
            self.assertEqual(port.failures, ["the guest has no file /tmp/c"])
            self.assertEqual((port.release, port.ready, port.finished), ("6.12.1", True, True))

    def test_output_is_passed_on_as_it_comes(self):
        output = bytearray()
        port = stream.guest_stream(nonce, output.extend)
        port.feed(line("start first") + b"half a line")
        self.assertEqual(output, b"half a line")

    def test_a_guest_that_ends_within_a_job(self):
        port, output = take(line("start first") + b"said so far\n")
        self.assertEqual(output, b"said so far\n")
        self.assertIsNone(port.reports[0].status)
        self.assertFalse(port.finished)

    def test_a_timeout(self):
        port, _ = take(line("start first") + line("end first timeout"))
        self.assertEqual(port.reports[0].status, stream.timed_out)

    def test_a_mark_of_another_run_is_output(self):
        other = b"\n@@ffffffff end first 0\n"
        port, output = take(line("start first") + other)
        self.assertEqual(output, other)
        self.assertIsNone(port.reports[0].status)

    def test_an_end_that_fits_no_start(self):
        port, _ = take(line("start first") + line("end other 0"))
        self.assertEqual(len(port.failures), 1)
        self.assertIsNone(port.reports[0].status)

    def test_a_damaged_file(self):
        port, _ = take(line(f"file {len(content)} {digest} /tmp/a") + content[::-1] + line("done"))
        self.assertEqual((port.files, len(port.failures)), ({}, 1))

    def test_a_file_that_is_cut_short(self):
        port, _ = take(line(f"file {len(content)} {digest} /tmp/a") + content[:-1])
        self.assertEqual((port.files, len(port.failures)), ({}, 1))

    def test_an_unknown_line(self):
        self.assertEqual(len(take(line("strange thing"))[0].failures), 1)


if __name__ == "__main__":
    unittest.main()
