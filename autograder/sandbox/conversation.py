"""The talk with one child: every wait has a deadline, every byte is counted, nothing that comes back is believed."""

import contextlib
import dataclasses
import os
import select
import signal
import time
from pathlib import Path

from autograder.sandbox.inside import codec, wire
from autograder.sandbox.outcomes import Limits, SandboxRefused
from autograder.sandbox.worker import Ended, Worker

_CHUNK = 1 << 18
_ENVELOPE_BYTES = 4096
_CONFINE_SECONDS = 10.0
_DYING_MILLISECONDS = 200


class Broken(Exception):  # noqa: N818 - it is not an error of ours: the talk is over
    """The child can no longer be talked to."""


class Silent(Broken):
    """The deadline passed."""


class Gone(Broken):
    """The child closed its end: it died, or it is about to."""


class Babble(Broken):
    """What came back is not a frame with one value in it."""


class Conversation:
    """One forked child, from the moment it is ordered until it is buried."""

    def __init__(self, worker: Worker, limits: Limits) -> None:
        self.limits = limits
        self._worker = worker
        self._serial, self._pipes = worker.order(limits)
        self._pidfd = -1
        self._clock = 0
        self._hung_up = False
        self._received = bytearray()
        self._poll = select.poll()
        self._poll.register(self._pipes.replies, select.POLLIN)
        self._poll.register(self._pipes.output, select.POLLIN)
        self.output = bytearray()
        self.flooded = False

    def begin(self) -> None:
        """Wait until the child has shut itself in."""
        self._pidfd = self._worker.pidfd(self._serial)
        self._clock = _processor_clock(self._pidfd)
        try:
            first = self._reply(wire.NO_TOKEN, time.monotonic() + _CONFINE_SECONDS)
        except Broken as error:
            raise SandboxRefused("a child ended before it was confined") from error
        if first != ("ready",):
            raise SandboxRefused(f"a child could not be confined: {first!r}")

    def ask(self, payload: bytes, seconds: float) -> codec.Value:
        """Send one frame and wait at most `seconds` for the one that answers it."""
        if self._received or dict(self._poll.poll(0)).get(self._pipes.replies, 0) & select.POLLIN:
            raise Babble("sent an answer before it was asked")
        deadline = time.monotonic() + seconds
        token = os.urandom(wire.TOKEN_BYTES)
        self._send(token + payload, deadline)
        return self._reply(token, deadline)

    def cpu_seconds(self) -> float:
        """Read the processor time of the child so far, from outside."""
        try:
            return time.clock_gettime(self._clock)
        except OSError:  # it has just been buried
            return 0.0

    def end(self) -> Ended:
        """Kill the child, whatever it is doing, and wait until nothing of it is left."""
        try:
            if self._pidfd < 0:
                self._pidfd = self._worker.pidfd(self._serial)
            by_itself = self._is_over()
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            self._drain_output()
            return dataclasses.replace(self._worker.ended(self._serial), by_itself=by_itself)
        finally:
            self.hang_up()

    def hang_up(self) -> None:
        """Close what the judge holds of the child; one that still waits for its first word then leaves."""
        self._pipes.close()
        if self._pidfd >= 0:
            os.close(self._pidfd)

    def _is_over(self) -> bool:
        """Tell whether the child ended before it was killed; one that has hung up is given a moment to finish dying."""
        poll = select.poll()
        poll.register(self._pidfd, select.POLLIN)
        return bool(poll.poll(_DYING_MILLISECONDS if self._hung_up else 0))

    def _send(self, payload: bytes, deadline: float) -> None:
        data = memoryview(wire.HEADER.pack(len(payload)) + payload)
        while data:
            try:
                data = data[os.write(self._pipes.requests, data) :]
            except BlockingIOError:
                self._wait_to_write(deadline)
            except BrokenPipeError as error:
                self._hung_up = True
                raise Gone from error

    def _wait_to_write(self, deadline: float) -> None:
        if time.monotonic() >= deadline:
            raise Silent
        self._poll.register(self._pipes.requests, select.POLLOUT)
        try:
            self._wait(deadline)
        finally:
            self._poll.unregister(self._pipes.requests)

    def _reply(self, token: bytes, deadline: float) -> codec.Value:
        header = wire.HEADER.size
        self._receive(header, deadline)
        (size,) = wire.HEADER.unpack(self._received[:header])
        if size > self.limits.reply_bytes + _ENVELOPE_BYTES:
            raise Babble(f"answered with {size} bytes; at most {self.limits.reply_bytes} are allowed")
        self._receive(header + size, deadline)
        frame = bytes(self._received[header : header + size])
        del self._received[: header + size]
        if frame[: len(token)] != token:
            raise Babble("answered a question that was not asked")
        try:
            return codec.decode(frame[len(token) :])
        except codec.CodecError as error:
            raise Babble(f"answered with something that is not a value: {error}") from error

    def _receive(self, size: int, deadline: float) -> None:
        while len(self._received) < size:
            late = time.monotonic() >= deadline
            self._wait(deadline)
            if late and len(self._received) < size:
                raise Silent

    def _wait(self, deadline: float) -> None:
        """Wait for something to come and take it in; past the deadline, take only what is there."""
        left = max(deadline - time.monotonic(), 0.0)
        ready = dict(self._poll.poll(left * 1000))
        if self._pipes.output in ready:
            self._drain_output()
        if self._pipes.replies in ready:
            self._read_replies()

    def _read_replies(self) -> None:
        try:
            data = os.read(self._pipes.replies, _CHUNK)
        except BlockingIOError:
            return
        if not data:
            self._hung_up = True
            raise Gone
        self._received += data
        if len(self._received) > self.limits.reply_bytes + _ENVELOPE_BYTES + _CHUNK:
            raise Babble("talked without end")

    def _drain_output(self) -> None:
        """Empty the pipe, so that an honest program that prints much does not block; keep what fits."""
        for _ in range(16):
            try:
                data = os.read(self._pipes.output, _CHUNK)
            except BlockingIOError:
                return
            if not data:
                self._stop_watching_output()
                return
            room = max(0, self.limits.output_bytes - len(self.output))
            self.flooded |= len(data) > room
            self.output += data[:room]

    def _stop_watching_output(self) -> None:
        try:
            self._poll.unregister(self._pipes.output)
        except KeyError:
            return


def _processor_clock(pidfd: int) -> int:
    """Give the clock of the processor time of a process, by which the judge measures it without its help."""
    for line in Path(f"/proc/self/fdinfo/{pidfd}").read_text().splitlines():
        if line.startswith("Pid:"):
            return (~int(line.split()[1]) << 3) | 2
    raise SandboxRefused("the kernel does not tell which process a descriptor names")
