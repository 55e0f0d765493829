# SPDX-License-Identifier: BSD-3-Clause
"""Takes apart what a guest sends through its port (see init.sh): the jobs' output, lines of the harness, and
files.

Pure: bytes go in, output comes out through a function, and what was learnt is in the attributes. A line of
the harness is known by a number that only this run has, so no output can be taken for one."""

import dataclasses
import hashlib

timed_out = "timeout"


@dataclasses.dataclass
class job_report:
    """What is known of one job. `status` stays None while the guest has not told how it ended."""

    name: str
    status: int | str | None = None
    output: bytearray = dataclasses.field(default_factory=bytearray)


class guest_stream:
    def __init__(self, nonce, on_output, on_event=lambda kind, text: None):
        self.mark_ = f"\n@@{nonce} ".encode()
        self.on_output_ = on_output
        self.on_event_ = on_event
        self.pending_ = bytearray()
        self.job_ = None
        self.file_ = None
        self.release = None
        self.ready = False
        self.finished = False
        self.failures = []
        self.reports = []
        self.files = {}

    def feed(self, data):
        self.pending_ += data
        while self.file_step() if self.file_ else self.line_step():
            pass

    def close(self):
        """The guest is gone: hands out what was held back because it could have been the beginning of a
        mark."""
        if self.file_:
            self.failures.append(f"the guest was gone before all of {self.file_[2]} had come")
        else:
            self.emit(len(self.pending_))

    def line_step(self):
        """Passes on output up to the next mark and handles its line; False if more data is needed."""
        at = self.pending_.find(self.mark_)
        if at < 0:
            self.emit(len(self.pending_) - self.possible_mark())
            return False
        self.emit(at)
        end = self.pending_.find(b"\n", len(self.mark_))
        if end < 0:
            return False
        line = self.pending_[len(self.mark_):end].decode("utf-8", "replace")
        del self.pending_[:end + 1]
        kind, _, text = line.partition(" ")
        self.handle(kind, text)
        self.on_event_(kind, text)
        return True

    def possible_mark(self):
        """The length of the longest end of the data that may be the beginning of a mark."""
        longest = min(len(self.mark_) - 1, len(self.pending_))
        return next((n for n in range(longest, 0, -1) if self.pending_.endswith(self.mark_[:n])), 0)

    def emit(self, length):
        if length == 0:
            return
        data = bytes(self.pending_[:length])
        del self.pending_[:length]
        if self.job_:
            self.job_.output += data
        self.on_output_(data)

    def handle(self, kind, text):
        if kind == "boot":
            self.release = text
        elif kind == "ready":
            self.ready = True
        elif kind == "start":
            self.job_ = job_report(text)
            self.reports.append(self.job_)
        elif kind == "end":
            self.end_job(text)
        elif kind == "file":
            size, digest, path = text.split(" ", 2)
            self.file_ = (int(size), digest, path)
        elif kind == "nofile":
            self.failures.append(f"the guest has no file {text}")
        elif kind == "failed":
            self.failures.append(text)
        elif kind == "done":
            self.finished = True
        else:
            self.failures.append(f"the guest sent an unknown line: {kind} {text}")

    def end_job(self, text):
        name, _, status = text.rpartition(" ")
        if not self.job_ or self.job_.name != name:
            self.failures.append(f"the guest ended job {name}, which was not running")
            return
        self.job_.status = timed_out if status == timed_out else int(status)
        self.job_ = None

    def file_step(self):
        size, digest, path = self.file_
        if len(self.pending_) < size:
            return False
        content = bytes(self.pending_[:size])
        del self.pending_[:size]
        self.file_ = None
        if hashlib.sha256(content).hexdigest() == digest:
            self.files[path] = content
        else:
            self.failures.append(f"{path} came with a wrong checksum")
        return True
