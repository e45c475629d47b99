"""The walls, one function each; the zygote puts up the outer one once, every child the inner ones for itself."""

import errno
import os
import resource
import struct
from pathlib import Path

from autograder.sandbox.inside import filters, kernel, layers

STRANGER = 64321
"""A user and group id that owns nothing: what a child becomes when the judge is root."""

_FILESYSTEM_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}  # ABI -> how many rights it knows; 16 from ABI 5 on
_STACK_BYTES = 8 * 2**20
_OPEN_FILES = 16


def enter_namespaces() -> None:
    """Step into namespaces of our own; the next fork is the first process of its own pid namespace."""
    everything = kernel.NEWNS | kernel.NEWPID | kernel.NEWNET | kernel.NEWIPC | kernel.NEWUTS | kernel.NEWCGROUP
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        kernel.unshare(everything)
        return
    kernel.unshare(everything | kernel.NEWUSER)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def empty_filesystem(cover: str) -> None:
    """Replace the whole tree by an empty read-only one, built over the directory `cover`."""
    sealed = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
    target = os.fsencode(cover)
    kernel.mount(None, b"/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.mount(b"none", target, b"tmpfs", sealed, b"size=4k,nr_inodes=2,mode=0555")
    os.chdir(target)
    kernel.swap_root_for_working_directory()
    os.chdir("/")
    kernel.mount(None, b"/", None, kernel.MS_REMOUNT | kernel.MS_RDONLY | sealed)


def prepare_namespaces_of_child(home: int) -> None:
    """Let the next fork be process 1 of a fresh pid namespace; `home` refers to the caller's own."""
    kernel.join_pid_namespace(home)
    kernel.unshare(kernel.NEWPID | kernel.NEWIPC)


def landlock_attributes(abi: int) -> bytes:
    """Handle every right this ABI knows, so that all of them are denied."""
    rights = (1 << _FILESYSTEM_RIGHTS.get(abi, 16)) - 1
    words = [rights]
    if abi >= 4:
        words.append(0b11)  # bind and connect TCP
    if abi >= 6:
        words.append(0b11)  # abstract unix sockets, signals to the outside
    return struct.pack(f"<{len(words)}Q", *words)


def limit_resources(*, memory_bytes: int, cpu_seconds: int) -> None:
    """Bound what one process may use; no further process can be started."""
    bounds = {
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_CPU: cpu_seconds,
    }
    for which, bound in bounds.items():
        resource.setrlimit(which, (bound, bound))
    _, hard = resource.getrlimit(resource.RLIMIT_STACK)
    stack = _STACK_BYTES if hard == resource.RLIM_INFINITY else min(_STACK_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_STACK, (stack, stack))


def become_stranger() -> None:
    """Give up root for a user who owns nothing."""
    os.setgroups([])
    os.setresgid(STRANGER, STRANGER, STRANGER)
    os.setresuid(STRANGER, STRANGER, STRANGER)


def keep_only_what_forking_needs() -> None:
    """Leave the zygote the capabilities for making namespaces and strangers, if it has any."""
    needed = {kernel.CAP_KILL, kernel.CAP_SETGID, kernel.CAP_SETUID, kernel.CAP_SETPCAP, kernel.CAP_SYS_ADMIN}
    kernel.keep_capabilities(*(needed & kernel.capabilities()))
    kernel.empty_bounding_set()


def drop_privileges(applied: frozenset[str]) -> None:
    """Stop being root, then hold no capability, where possible in a user namespace of one's own."""
    if layers.STRANGER_USER in applied:
        become_stranger()
    if layers.USER_NAMESPACE in applied:
        kernel.unshare(kernel.NEWUSER)
    kernel.keep_capabilities()
    kernel.forbid_inspection()


def seccomp_program() -> bytes:
    """Assemble the filter of this machine, or say that there is none."""
    if not filters.known(kernel.MACHINE):
        raise OSError(errno.ENOSYS, f"no system call table for {kernel.MACHINE}")
    return filters.program(kernel.MACHINE)
