# SPDX-License-Identifier: BSD-3-Clause
"""A file tree for a guest, and its writing as a cpio archive of the "newc" kind (the kernel's
Documentation/driver-api/early-userspace/buffer-format.rst). All is owned by root and dated 0, whoever builds
it, so that no privilege is needed and equal trees give equal bytes. The kernel unpacks archives that follow
one another."""

import os
import pathlib
import posixpath
import stat

# Debian keeps these folders under /usr, and reaches them by links.
merged = ("bin", "sbin", "lib", "lib64")
alignment = 4


class tree_error(Exception):
    """Two different things were put at one path, or a path that the guest hides."""


def guest_path(path):
    """An absolute path as the guest names it: without dots, and with the folders of `merged` under /usr."""
    parts = posixpath.normpath("/" + str(path)).lstrip("/").split("/")
    if parts[0] in merged:
        parts.insert(0, "usr")
    if parts[0] in ("dev", "proc", "sys"):
        raise tree_error(f"{path}: the guest mounts a file system of its own on /{parts[0]}")
    return "/".join(parts)


class tree:
    """Guest paths and what stands there: a folder, a link, bytes, or a file of the host that is read when
    written out."""

    def __init__(self):
        self.entries_ = {}

    def add_folder(self, path, mode=0o755):
        self.put(guest_path(path), stat.S_IFDIR | mode, b"")

    def add_link(self, path, target):
        self.put(guest_path(path), stat.S_IFLNK | 0o777, os.fsencode(target))

    def add_bytes(self, path, content, mode=0o644):
        self.put(guest_path(path), stat.S_IFREG | mode, content)

    def add_file(self, path, source):
        source = pathlib.Path(source)
        mode = 0o755 if source.stat().st_mode & 0o111 else 0o644
        self.put(guest_path(path), stat.S_IFREG | mode, source.absolute())

    def put(self, path, mode, content):
        parent = posixpath.dirname(path)
        if parent and parent not in self.entries_:
            self.put(parent, stat.S_IFDIR | 0o755, b"")
        entry = (mode, content)
        present = self.entries_.setdefault(path, entry)
        if present != entry and not (stat.S_ISDIR(mode) and stat.S_ISDIR(present[0])):
            raise tree_error(f"/{path}: both {present[1]!r} and {content!r} were put there")

    def write(self, out):
        # Sorted, a folder precedes what it holds.
        for number, (path, (mode, content)) in enumerate(sorted(self.entries_.items()), start=1):
            if isinstance(content, pathlib.Path):
                content = content.read_bytes()
            write_entry(out, number, path, mode, content)
        write_entry(out, 0, "TRAILER!!!", 0, b"")


def write_entry(out, number, path, mode, content):
    name = os.fsencode(path) + b"\0"
    links = 2 if stat.S_ISDIR(mode) else 1
    fields = (number, mode, 0, 0, links, 0, len(content), 0, 0, 0, 0, len(name), 0)
    header = b"070701" + b"".join(b"%08x" % field for field in fields) + name
    for part in (header, content):
        out.write(part)
        out.write(bytes(-len(part) % alignment))
