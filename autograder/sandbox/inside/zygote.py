"""The zygote: Python with NumPy loaded, from which every submission gets a confined copy of its own.

It never sees a byte of a submission. The judge tells it over a socket to fork, hands over the child's pipes, and is
told when the child has ended. It goes when the judge goes, and its children with it.
"""

import fcntl
import gc
import io
import json
import os
import select
import signal
import socket
import sys
from pathlib import Path
from typing import NoReturn

import numpy as np

from autograder.sandbox.inside import child, codec, confinement, imports, kernel, layers, probes, wire

_MESSAGE_BYTES = 65536
_PIPES = 3


class Zygote:
    """What is prepared once and used by every child."""

    def __init__(self, *, control: socket.socket, judge: int, applied: frozenset[str]) -> None:
        self.control = control
        self.judge = judge
        self.applied = applied
        self.landlock = self.program = b""
        self.pid_namespace = -1
        self.end_of_input = -1
        self.base_memory = 0
        self.children: dict[int, tuple[int, int]] = {}
        """pidfd -> serial number, process id"""

    def prepare(self) -> None:
        """Load what children need, then put up the wall they share."""
        imports.preload()
        _warm_up()
        self.end_of_input, writer = os.pipe()
        os.close(writer)
        if layers.LANDLOCK in self.applied:
            self.landlock = confinement.landlock_attributes(kernel.landlock_abi())
        if layers.SECCOMP in self.applied:
            self.program = confinement.seccomp_program()
        self.base_memory = _address_space()
        if layers.NAMESPACES in self.applied:
            self.pid_namespace = os.open("/proc/self/ns/pid", os.O_RDONLY)
            confinement.empty_filesystem(probes.COVER)
        if layers.PRIVILEGES in self.applied:
            confinement.keep_only_what_forking_needs()
        _forget_the_outside()
        gc.collect()
        gc.freeze()

    def run(self) -> None:
        """Fork when told to and report who has ended, until the judge is gone."""
        poll = select.poll()
        poll.register(self.control, select.POLLIN)
        poll.register(self.judge, select.POLLIN)
        while self._step(poll):
            continue
        for pidfd in self.children:
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)

    def _step(self, poll: "select.poll") -> bool:
        ready = {descriptor for descriptor, _ in poll.poll()}
        for pidfd in ready & self.children.keys():
            poll.unregister(pidfd)
            self._bury(pidfd)
        if self.judge in ready:
            return False
        if self.control.fileno() in ready:
            message, descriptors, _, _ = socket.recv_fds(self.control, _MESSAGE_BYTES, _PIPES)
            if not message:
                return False
            poll.register(self._fork(json.loads(message), descriptors), select.POLLIN)
        return True

    def _fork(self, order: dict[str, int], descriptors: list[int]) -> int:
        if self.pid_namespace >= 0:
            confinement.prepare_namespaces_of_child(self.pid_namespace)
        pid = os.fork()
        if pid == 0:
            self._become_child(order, descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        pidfd = os.pidfd_open(pid)
        self.children[pidfd] = order["serial"], pid
        self._tell([pidfd], forked=order["serial"])
        return pidfd

    def _bury(self, pidfd: int) -> None:
        serial, pid = self.children.pop(pidfd)
        _, status, usage = os.wait4(pid, 0)
        os.close(pidfd)
        cpu_seconds = usage.ru_utime + usage.ru_stime
        self._tell([], ended=serial, status=status, cpu_seconds=cpu_seconds, peak_bytes=usage.ru_maxrss * 1024)

    def _tell(self, descriptors: list[int], **facts: float) -> None:
        try:
            socket.send_fds(self.control, [json.dumps(facts).encode()], descriptors)
        except (BrokenPipeError, ConnectionResetError):
            return  # the judge is gone, which the loop sees next

    def _become_child(self, order: dict[str, int], descriptors: list[int]) -> NoReturn:
        requests, output, replies = descriptors
        try:
            kernel.die_with_parent()
            os.setsid()  # a signal to its group then reaches neither the zygote nor the next child
            _keep_only([self.end_of_input, output, output, requests, replies])
            self._confine(order)
        except OSError as error:
            wire.send(child.REPLIES, wire.NO_TOKEN, codec.encode(("unconfined", str(error)), limit=4096))
            os._exit(1)
        try:
            child.serve(order["reply_bytes"])
        finally:
            os._exit(0)  # whatever ends the talk: nothing of the zygote may go on in a child

    def _confine(self, order: dict[str, int]) -> None:
        if layers.PRIVILEGES in self.applied:
            confinement.drop_privileges(self.applied)
            kernel.die_with_parent()  # a change of user takes this promise back
        if layers.LIMITS in self.applied:
            memory_bytes = self.base_memory + order["memory_bytes"]
            confinement.limit_resources(memory_bytes=memory_bytes, cpu_seconds=order["cpu_seconds"])
        if self.landlock or self.program:
            kernel.forbid_new_privileges()
        if self.landlock:
            kernel.landlock(self.landlock)
        if self.program:
            kernel.seccomp(self.program)


def _keep_only(descriptors: list[int]) -> None:
    """Put the given descriptors at 0, 1, 2, ... and close every other."""
    high = [fcntl.fcntl(descriptor, fcntl.F_DUPFD, 64) for descriptor in descriptors]
    for number, descriptor in enumerate(high):
        os.dup2(descriptor, number)
    kernel.close_from(len(high))
    sys.stdout, sys.stderr = _text_stream(1), _text_stream(2)


def _text_stream(descriptor: int) -> io.TextIOWrapper:
    return open(descriptor, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _warm_up() -> None:
    """Do what NumPy does lazily once, here: its buffers and caches are then shared by all children."""
    square = np.eye(64) + 0.5
    np.linalg.solve(square, square @ square)
    np.einsum("ij,jk->ik", square, square)
    np.fft.fft(square)
    np.sort(square, axis=None)
    np.random.default_rng(0).normal(size=4)
    np.lib.stride_tricks.sliding_window_view(square, (2, 2))
    repr(square)


def _forget_the_outside() -> None:
    """Leave no path, argument or variable of the judge where a child could read it."""
    sys.argv[:] = sys.orig_argv[:] = [""]
    sys.path.clear()
    sys.path_importer_cache.clear()
    sys.executable = ""
    os.environ.clear()
    for name in [name for name in sys.modules if name.partition(".")[0] == "autograder"]:
        del sys.modules[name]
