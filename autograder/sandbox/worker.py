"""The judge's end of the zygote: starts it, has it fork, hears who has ended."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograder.sandbox.levels import Level, level_of, wanted_layers
from autograder.sandbox.outcomes import Limits, SandboxRefused

_INSIDE = Path(__file__).parent / "inside" / "__main__.py"
_ENVIRONMENT = {
    # A second BLAS thread would make fork unsafe, user namespaces impossible and the address space larger.
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "LC_ALL": "C.UTF-8",
    "PYTHONHASHSEED": "0",  # the same submission iterates over its sets in the same order whenever it is marked
}
_START_SECONDS = 20.0
_ANSWER_SECONDS = 10.0
_MESSAGE_BYTES = 65536


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a child ended, as the kernel tells it; `by_itself` if it was not the judge who killed it."""

    status: int
    by_itself: bool = False
    cpu_seconds: float
    peak_bytes: int


@dataclass(frozen=True, kw_only=True)
class Pipes:
    """The judge's ends: calls go down `requests`; `replies` and `output` come back."""

    requests: int
    output: int
    replies: int

    def close(self) -> None:
        """Close all three."""
        for descriptor in (self.requests, self.output, self.replies):
            os.close(descriptor)


class Worker:
    """One zygote process and the socket on which it is told to fork."""

    def __init__(self, wanted: frozenset[str]) -> None:
        if sys.platform != "linux":
            raise SandboxRefused("student code can only be run on Linux; on Windows use WSL2")
        try:
            os.close(os.pidfd_open(os.getpid()))
        except OSError as error:
            raise SandboxRefused(f"student code can only be run on Linux 5.9 or newer: {error}") from error
        self._serial = 0
        self._forked: dict[int, int] = {}
        self._ended: dict[int, Ended] = {}
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(_START_SECONDS)
        with ExitStack() as undo:
            undo.callback(self._control.close)
            with theirs:
                self._process = _start(theirs)
            self._open = True
            undo.callback(self.close)
            self.level = self._probe(wanted)
            undo.pop_all()

    def _probe(self, wanted: frozenset[str]) -> Level:
        self._tell({"probe": sorted(wanted)})
        found = self._hear()
        return level_of(wanted, found["failures"], found["abi"])

    def become_zygote(self) -> None:
        """Load NumPy behind the walls that hold."""
        site = str(Path(np.__file__).parent.parent)
        self._tell({"layers": sorted(self.level.layers), "site": site})
        ready = self._hear()
        if "failed" in ready:
            self.close()
            raise SandboxRefused(f"the sandbox could not be set up: {ready['failed']}")
        self._control.settimeout(_ANSWER_SECONDS)

    def order(self, limits: Limits) -> tuple[int, Pipes]:
        """Ask for a child without waiting for it."""
        self._serial += 1
        down, up, out = _three_pipes()
        theirs = [down[0], out[1], up[1]]
        ours = Pipes(requests=down[1], output=out[0], replies=up[0])
        message = {
            "serial": self._serial,
            "memory_bytes": limits.memory_bytes,
            "cpu_seconds": int(limits.total_seconds) + 2,
            "reply_bytes": limits.reply_bytes,
        }
        try:
            self._tell(message, theirs)
        except SandboxRefused:
            ours.close()
            raise
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        for descriptor in (down[1], out[0], up[0]):
            os.set_blocking(descriptor, False)
        return self._serial, ours

    def pidfd(self, serial: int) -> int:
        """Wait until the child is forked; the descriptor that names it is the caller's to close."""
        while serial not in self._forked:
            self._note()
        return self._forked.pop(serial)

    def ended(self, serial: int) -> Ended:
        """Wait until the kernel has buried the child."""
        while serial not in self._ended:
            self._note()
        return self._ended.pop(serial)

    def _note(self) -> None:
        told = self._hear()
        if "forked" in told:
            if "descriptor" not in told:  # the kernel drops what finds no place
                raise SandboxRefused("the descriptor of a child got lost: too many files are open")
            self._forked[told["forked"]] = told["descriptor"]
        elif "ended" in told:
            self._ended[told["ended"]] = Ended(
                status=told["status"], cpu_seconds=told["cpu_seconds"], peak_bytes=told["peak_bytes"]
            )

    def _tell(self, message: Mapping[str, Any], descriptors: list[int] | None = None) -> None:
        try:
            socket.send_fds(self._control, [json.dumps(message).encode()], descriptors or [])
        except OSError as error:
            raise SandboxRefused(f"the sandbox process is gone: {error}") from error

    def _hear(self) -> dict[str, Any]:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, _MESSAGE_BYTES, 1, socket.MSG_CMSG_CLOEXEC)
        except OSError as error:
            raise SandboxRefused(f"the sandbox process does not answer: {error}") from error
        if not data:
            raise SandboxRefused("the sandbox process is gone")
        message: dict[str, Any] = json.loads(data)
        if descriptors:
            message["descriptor"] = descriptors[0]
        return message

    def close(self) -> None:
        """End the zygote and with it every child."""
        if not self._open:
            return
        self._open = False
        self._control.close()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for descriptor in self._forked.values():
            os.close(descriptor)


def probe(max_level: int = 3) -> Level:
    """Try every wall without running anything behind it: what the doctor prints."""
    worker = Worker(wanted_layers(max_level))
    worker.close()
    return worker.level


def _three_pipes() -> list[tuple[int, int]]:
    """Make three pipes or none."""
    with ExitStack() as undo:
        pipes = []
        for _ in range(3):
            pipes.append(os.pipe())
            for descriptor in pipes[-1]:
                undo.callback(os.close, descriptor)
        undo.pop_all()
    return pipes


def _start(control: socket.socket) -> "subprocess.Popen[bytes]":
    executable = os.path.realpath(sys.executable)
    command = [executable, "-P", "-s", "-S", "-X", "utf8", str(_INSIDE), str(control.fileno())]
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(  # noqa: S603 - our own interpreter and our own file
        command, stdin=nowhere, stdout=nowhere, stderr=nowhere, env=_ENVIRONMENT, cwd="/", pass_fds=[control.fileno()]
    )
