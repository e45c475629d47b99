"""Finds out which walls hold, by trying each in a process that is thrown away; versions are never trusted."""

import os
from collections.abc import Callable

from autograder.sandbox.inside import confinement, kernel

COVER = os.path.dirname(__file__)  # noqa: PTH120 - pathlib would be one more import before every start
"""A directory that surely exists; the empty root is mounted over it, in a private mount namespace."""

_AF_INET_STREAM = (2, 1, 0)
_SOCKET = {"x86_64": 41, "aarch64": 198}


def attempt(action: Callable[[], None]) -> str:
    """Run `action` in a child; the reason why it failed, or an empty text."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _report(action, writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        reason = stream.read().decode(errors="replace")
    _, status = os.waitpid(child, 0)
    return reason or ("" if status == 0 else f"the probe ended with status {status}")


def _report(action: Callable[[], None], writer: int) -> None:
    try:
        action()
    except (OSError, ValueError) as error:
        os.write(writer, (getattr(error, "strerror", None) or str(error)).encode())
        os._exit(0)
    os._exit(0)


def seccomp() -> None:
    """Check that no file can be opened and no socket made."""
    kernel.forbid_new_privileges()
    kernel.seccomp(confinement.seccomp_program())
    _must_fail(_open_root, "a directory could be opened under the filter")
    _must_fail(
        lambda: kernel.call(_SOCKET[kernel.MACHINE], *_AF_INET_STREAM), "a socket could be made under the filter"
    )


def landlock() -> None:
    """Check that the root directory cannot be opened."""
    kernel.forbid_new_privileges()
    kernel.landlock(confinement.landlock_attributes(kernel.landlock_abi()))
    _must_fail(_open_root, "a directory could be opened under Landlock")


def namespaces() -> None:
    """Go through the whole sequence: own namespaces, an empty root, and a process 1 inside another pid namespace."""
    confinement.enter_namespaces()
    _in_child(_second_level)


def own_user_namespace() -> None:
    """Check that a child may have a user namespace of its own, after giving up root."""
    if os.geteuid() == 0:
        confinement.become_stranger()
    kernel.unshare(kernel.NEWUSER)


def stranger() -> None:
    """Check that root can be given up."""
    confinement.become_stranger()


def _second_level() -> None:
    home = os.open("/proc/self/ns/pid", os.O_RDONLY)
    confinement.empty_filesystem(COVER)
    if os.listdir("/"):  # noqa: PTH208 - pathlib would be one more import before every start
        raise ValueError("the new root is not empty")
    confinement.prepare_namespaces_of_child(home)
    _in_child(_third_level)


def _third_level() -> None:
    if os.getpid() != 1:
        raise ValueError("the child is not process 1 of its pid namespace")


def _in_child(action: Callable[[], None]) -> None:
    reason = attempt(action)
    if reason:
        raise ValueError(reason)


def _open_root() -> None:
    os.close(os.open("/", os.O_RDONLY | os.O_DIRECTORY))


def _must_fail(action: Callable[[], object], otherwise: str) -> None:
    try:
        action()
    except PermissionError:
        return
    raise ValueError(otherwise)
