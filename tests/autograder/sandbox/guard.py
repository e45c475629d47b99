"""A throw-away machine inside this one: what runs there can harm neither its files, network, processes nor memory."""

import ctypes
import fcntl
import os
import resource
import socket
import struct
import sys
from pathlib import Path

from autograder.sandbox.inside import kernel

_LIBC = ctypes.CDLL(None, use_errno=True)
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1
_NAMESPACES = kernel.NEWPID | kernel.NEWIPC | kernel.NEWNET | kernel.NEWNS
_UNSHARE, _MOUNT, _SETNS = 272, 165, 308
_MEBIBYTE = 2**20
_MS_BIND = 4096


def enter():
    """Become process 1 of a new machine with its own /tmp and loopback; the old one waits and returns its status."""
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        kernel.unshare(_NAMESPACES)
    else:
        kernel.unshare(_NAMESPACES | kernel.NEWUSER)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    kernel.die_with_parent()
    kernel.mount(None, b"/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.mount(b"proc", b"/proc", b"proc", 0)
    for place in ("/tmp", "/var/tmp", "/dev/shm"):  # noqa: S108 - of the throw-away machine
        _empty(Path(place))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", _IFF_UP))


def _empty(place):
    """Cover a folder with an empty one; what this test runs from stays where it is, should it lie in there."""
    ours = {Path(p).resolve() for p in (Path(__file__).parents[3], sys.prefix, sys.base_prefix)}
    kept = {path: os.open(path, os.O_PATH) for path in sorted(ours) if place in path.parents}
    kernel.mount(b"none", bytes(place), b"tmpfs", 0, b"size=64m,mode=1777")
    for path, handle in kept.items():
        path.mkdir(parents=True, exist_ok=True)
        kernel.mount(f"/proc/self/fd/{handle}".encode(), bytes(path), None, _MS_BIND | kernel.MS_REC)
        kernel.mount(None, bytes(path), None, _MS_BIND | kernel.MS_REMOUNT | kernel.MS_RDONLY)
        os.close(handle)


def bound():
    """Keep even the worst submission small; not yet as small as the sandbox would."""
    bounds = {
        resource.RLIMIT_AS: (1500 * _MEBIBYTE, 1500 * _MEBIBYTE),
        resource.RLIMIT_FSIZE: (16 * _MEBIBYTE, 16 * _MEBIBYTE),
        resource.RLIMIT_NOFILE: (200, 400),
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_CPU: (20, 20),
    }
    for which, pair in bounds.items():
        resource.setrlimit(which, pair)


def become_small_user(user):
    """Give up root for a user of whom there can be only a few processes."""
    if os.geteuid() == 0 and Path("/proc/self/uid_map").read_text().split()[2] != "1":
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    else:
        kernel.keep_capabilities()
    resource.setrlimit(resource.RLIMIT_NPROC, (40, 40))


def container():
    """Lose what root has not in a container: the right to mount, and to make any namespace."""
    load, equal, give = 0x20, 0x15, 0x06
    code = [(load, 0, 0, 0)]
    for number in (_UNSHARE, _MOUNT, _SETNS):
        code += [(equal, 0, 1, number), (give, 0, 0, 0x00050001)]
    code.append((give, 0, 0, 0x7FFF0000))
    kernel.seccomp(b"".join(struct.pack("<HBBI", *instruction) for instruction in code))
    kernel._prctl("CAPBSET_DROP", kernel._PR_CAPBSET_DROP, kernel.CAP_SYS_ADMIN)
    kernel.keep_capabilities(*(kernel.capabilities() - {kernel.CAP_SYS_ADMIN}))
