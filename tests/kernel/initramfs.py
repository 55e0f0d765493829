# SPDX-License-Identifier: BSD-3-Clause
"""Builds a guest's initramfs in two parts. The base holds a shell and its tools, modprobe and the kernel's
crypto modules; it is the same for every run and cached per kernel. The job part holds programs, their
libraries and what is to be done. The kernel unpacks one after the other."""

import dataclasses
import hashlib
import lzma
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile

import cpio

# Folders and files below lib/modules/RELEASE/kernel that a guest can need; what a kernel has built in is
# simply not there.
module_folders = ("crypto", "lib", "arch/x86/crypto", "drivers/virtio", "drivers/char", "drivers/crypto/virtio")
module_tools = ("modprobe", "insmod", "lsmod", "rmmod", "modinfo", "depmod")
linker_cache = pathlib.Path("/etc/ld.so.cache")
users = b"root:x:0:0:root:/tmp:/bin/sh\nnobody:x:65534:65534:nobody:/tmp:/bin/sh\n"
groups = b"root:x:0:\nnogroup:x:65534:\n"


class initramfs_error(Exception):
    """Something that belongs in the initramfs is missing on this machine."""


@dataclasses.dataclass(frozen=True)
class job:
    name: str
    command: str


@dataclasses.dataclass
class guest_plan:
    """What the job part carries: files as (source, guest path or None), jobs, and what init.sh has to
    know."""

    nonce: str
    jobs: list
    files: list
    environment: dict
    modules: list
    sysctl: dict
    collect: list
    job_limit: int


def need(program):
    path = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if not path:
        raise initramfs_error(f"{program} is not installed (packages: busybox-static, kmod)")
    return path


def libraries(path):
    """The shared libraries of a program or library, at the paths where the dynamic linker finds them on this
    machine."""
    done = subprocess.run(["ldd", path], capture_output=True, text=True)
    text = done.stdout + done.stderr
    if "not a dynamic executable" in text or "statically linked" in text:
        return []
    missing = re.findall(r"^\s*(\S+) => not found", text, re.MULTILINE)
    if done.returncode != 0 or missing:
        raise initramfs_error(f"{path}: libraries not found: {' '.join(missing) or text.strip()}")
    return re.findall(r"(?:^|=>)\s*(/\S+) \(0x", text, re.MULTILINE)


def is_elf(path):
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"


def add_with_libraries(tree, path, source):
    tree.add_file(path, source)
    if is_elf(source):
        for library in libraries(source):
            tree.add_file(library, library)


def add_modules(tree, kernel, scratch):
    """The modules, uncompressed, with an index made by depmod for just these."""
    root = pathlib.Path(scratch)
    folder = root / "lib/modules" / kernel.release
    folder.mkdir(parents=True)
    for name in ("modules.order", "modules.builtin", "modules.builtin.modinfo"):
        shutil.copy(kernel.modules / name, folder)
    tops = [kernel.modules / "kernel" / name for name in module_folders]
    for source in sorted(path for top in tops for path in top.glob("**/*.ko*")):
        target = folder / source.relative_to(kernel.modules)
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.suffix == ".xz":
            target.with_suffix("").write_bytes(lzma.decompress(source.read_bytes()))
        elif source.suffix == ".zst":
            subprocess.run([need("zstd"), "-q", "-d", source, "-o", target.with_suffix("")], check=True)
        else:
            shutil.copy(source, target)
    subprocess.run([need("depmod"), "-b", root, kernel.release], check=True)
    for path in sorted(path for path in folder.glob("**/*") if path.is_file()):
        tree.add_bytes(f"/lib/modules/{kernel.release}/{path.relative_to(folder)}", path.read_bytes())


def base_tree(kernel, scratch):
    tree = cpio.tree()
    for name in cpio.merged:
        tree.put(name, 0o120777, f"usr/{name}".encode())
    for name in ("dev", "proc", "sys"):
        tree.put(name, 0o040755, b"")
    for name in ("/run", "/job", "/root"):
        tree.add_folder(name)
    tree.add_folder("/tmp", 0o1777)
    tree.add_bytes("/etc/passwd", users)
    tree.add_bytes("/etc/group", groups)
    busybox = need("busybox")
    if libraries(busybox):
        raise initramfs_error(f"{busybox} needs shared libraries: install busybox-static")
    tree.add_file("/bin/busybox", busybox)
    applets = subprocess.run([busybox, "--list"], check=True, capture_output=True, text=True).stdout.split()
    for applet in applets:
        if applet not in (*module_tools, "busybox"):
            tree.add_link(f"/bin/{applet}", "busybox")
    add_with_libraries(tree, "/bin/kmod", need("kmod"))
    for name in module_tools:
        tree.add_link(f"/sbin/{name}", "../bin/kmod")
    add_modules(tree, kernel, scratch)
    return tree


def base_archive(kernel, cache):
    """The cached base for a kernel. Its name holds a digest of all that it is made from, so a stale one is
    never used."""
    digest = hashlib.sha256(f"{kernel.release} {kernel.version}".encode())
    for path in (__file__, cpio.__file__, need("busybox"), need("kmod")):
        digest.update(pathlib.Path(path).read_bytes())
    folder = cache / "initramfs"
    path = folder / f"{kernel.id}-{digest.hexdigest()[:16]}.cpio"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder) as scratch:
        tree = base_tree(kernel, pathlib.Path(scratch) / "root")
        new = pathlib.Path(scratch) / "base.cpio"
        with open(new, "wb") as file:
            tree.write(file)
        os.replace(new, path)
    for other in folder.glob(f"{kernel.id}-*.cpio"):
        if other != path:
            other.unlink(missing_ok=True)
    return path


def add_job_file(tree, source, destination):
    """Puts a file or folder into the guest. Without a destination it keeps its own path, where a run path
    relative to the program still holds, and is reached through a link in /job."""
    source = pathlib.Path(os.path.abspath(source))
    if not source.exists():
        raise initramfs_error(f"{source}: no such file")
    if destination is None:
        destination = str(source)
        tree.add_link(f"/job/{source.name}", destination)
    if source.is_dir():
        tree.add_folder(destination)
        for path in sorted(source.glob("**/*")):
            if path.is_file():
                add_with_libraries(tree, f"{destination}/{path.relative_to(source)}", path)
    else:
        add_with_libraries(tree, destination, source)


def job_tree(plan, init):
    tree = cpio.tree()
    tree.add_bytes("/init", init, 0o755)
    if linker_cache.exists():
        tree.add_file(linker_cache, linker_cache)
    for source, destination in plan.files:
        add_job_file(tree, source, destination)
    exports = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in plan.environment.items())
    for number, entry in enumerate(plan.jobs):
        folder = f"/guest/jobs/{number:03}"
        tree.add_bytes(f"{folder}/name", f"{entry.name}\n".encode())
        tree.add_bytes(f"{folder}/script", f"cd /job\n{exports}{entry.command}\n".encode())
    tree.add_bytes("/guest/nonce", f"{plan.nonce}\n".encode())
    tree.add_bytes("/guest/limit", f"{plan.job_limit}\n".encode())
    for name, lines in (
        ("modules", plan.modules),
        ("sysctl", [f"{key.replace('.', '/')} {value}" for key, value in plan.sysctl.items()]),
        ("collect", plan.collect),
    ):
        tree.add_bytes(f"/guest/{name}", "".join(f"{line}\n" for line in lines).encode())
    return tree


def build(kernel, plan, cache, out):
    """Writes the whole initramfs for one run to the path `out`."""
    init = pathlib.Path(__file__).with_name("init.sh").read_bytes()
    tree = job_tree(plan, init)
    with open(out, "wb") as file:
        with open(base_archive(kernel, cache), "rb") as base:
            shutil.copyfileobj(base, file)
        tree.write(file)
