"""Tries the walls, steps into namespaces where they hold, and there becomes the zygote."""

import json
import os
import socket
import sys
from collections.abc import Callable

from autograder.sandbox.inside import confinement, kernel, layers, probes

_MESSAGE_BYTES = 65536
_PROBES: dict[str, Callable[[], None]] = {
    layers.SECCOMP: probes.seccomp,
    layers.LANDLOCK: probes.landlock,
    layers.NAMESPACES: probes.namespaces,
    layers.USER_NAMESPACE: probes.own_user_namespace,
    layers.STRANGER_USER: probes.stranger,
}


def main(descriptor: int) -> None:
    """Serve the judge at the other end of `descriptor` until it goes."""
    judge = os.pidfd_open(os.getppid())
    control = socket.socket(fileno=descriptor)
    order = json.loads(control.recv(_MESSAGE_BYTES))
    failures = {name: probes.attempt(probe) for name, probe in _PROBES.items() if name in order["probe"]}
    control.send(json.dumps({"failures": failures, "abi": _abi()}).encode())
    answer = json.loads(control.recv(_MESSAGE_BYTES) or b"{}")
    if not answer:
        return
    os.setsid()
    applied = frozenset(answer["layers"])
    if layers.NAMESPACES in applied:
        confinement.enter_namespaces()
        child = os.fork()
        if child:
            control.close()
            os.waitpid(child, 0)
            return
        kernel.die_with_parent()
    sys.path.append(answer["site"])
    _become_zygote(control, judge, applied)


def _abi() -> int:
    try:
        return kernel.landlock_abi()
    except OSError:
        return 0


def _become_zygote(control: socket.socket, judge: int, applied: frozenset[str]) -> None:
    try:
        from autograder.sandbox.inside import zygote  # noqa: PLC0415 - NumPy is loaded in the namespaces, not before

        process = zygote.Zygote(control=control, judge=judge, applied=applied)
        process.prepare()
    except (ImportError, OSError, RuntimeError) as error:
        control.send(json.dumps({"failed": f"{type(error).__name__}: {error}"}).encode())
        return
    control.send(json.dumps({"ready": True}).encode())
    process.run()
