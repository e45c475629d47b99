"""The sandbox as the grader sees it: source and calls in, one outcome per call out."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Self

import numpy as np

from autograder.sandbox.claims import death, ending, named, read, shown, shown_lines
from autograder.sandbox.conversation import Babble, Conversation, Gone, Silent
from autograder.sandbox.inside import codec
from autograder.sandbox.levels import NONE, Level, wanted_layers
from autograder.sandbox.outcomes import (
    Call,
    Died,
    Limits,
    NotLoaded,
    NotRun,
    Outcome,
    OutOfMemory,
    ProtocolError,
    Returned,
    Run,
    SandboxRefused,
    TimedOut,
)
from autograder.sandbox.worker import Ended, Worker

MAX_SOURCE_BYTES = 2**20
_REQUEST_BYTES = 256 * 2**20

_CANARY = b"""
import sys
import numpy as np

def double(x):
    return 2 * x

def holes():
    system, network, found = sys.modules["os"], sys.modules["_socket"], []
    attempts = {"file": lambda: system.open("/", 0), "socket": network.socket, "process": system.fork}
    for name, attempt in attempts.items():
        try:
            attempt()
        except OSError:
            continue
        found.append(name)
    return found
"""


class Sandbox:
    """A warm place to run submissions, one after the other; every worker process has its own."""

    def __init__(
        self, *, unsafe: bool = False, max_level: int = 3, layers: frozenset[str] | None = None, spare: bool = True
    ) -> None:
        """Find out what holds here, load NumPy behind it, and try it.

        Parameters
        ----------
        unsafe : bool
            Run student code even where nothing shuts it in; the level, 0, stands in every run.
        max_level : int
            Use no more than this level.
        layers : frozenset of str, optional
            Exactly these walls, for tests of each wall alone.
        spare : bool
            Fork the next child while the last one is talked to.

        Raises
        ------
        SandboxRefused
            If the level is 0 and `unsafe` was not given, or if a correct submission does not pass.
        """
        self._wanted = wanted_layers(max_level) if layers is None else layers
        self._unsafe = unsafe
        self._ahead = spare
        self._spare: Conversation | None = None
        self._worker = self._start()
        with ExitStack() as undo:
            undo.callback(self.close)
            self.canary()
            undo.pop_all()

    @property
    def level(self) -> Level:
        """Return what shuts student code in."""
        return self._worker.level

    def _start(self) -> Worker:
        worker = Worker(self._wanted)
        if worker.level.number == NONE and not self._unsafe:
            worker.close()
            why = "; ".join(f"{probe.name}: {probe.reason} ({probe.remedy})" for probe in worker.level.probes)
            raise SandboxRefused(f"student code cannot be shut in on this machine: {why or 'no wall was asked for'}")
        worker.become_zygote()
        return worker

    def run(self, source: bytes, calls: Sequence[Call], limits: Limits | None = None) -> Run:
        """Load one submission and make the calls in order; what it does can only change its own outcomes."""
        try:
            return self._run(source, calls, limits or Limits())
        except SandboxRefused:
            # The zygote was lost, to the kernel's out-of-memory killer for one: once more with another.
            self.close()
            self._worker = self._start()
            return self._run(source, calls, limits or Limits())

    def _run(self, source: bytes, calls: Sequence[Call], limits: Limits) -> Run:
        turn = _Turn(self, source, limits)
        try:
            outcomes = tuple(turn.outcome(call) for call in calls)
        finally:
            turn.retire()
        return Run(
            outcomes=outcomes,
            output=turn.printed(),
            level=self.level.number,
            seconds=time.monotonic() - turn.started,
            cpu_seconds=turn.cpu_seconds,
            peak_bytes=turn.peak_bytes,
        )

    def canary(self) -> None:
        """Raise :class:`SandboxRefused` if a correct submission no longer passes, or a wall no longer stands."""
        calls = [Call(function="double", args=(np.arange(6.0).reshape(2, 3),))]
        if self.level.number != NONE:
            calls.append(Call(function="holes", args=()))
        match self.run(_CANARY, calls).outcomes:
            case (Returned(value=np.ndarray() as value), *rest) if value.tolist() == [[0, 2, 4], [6, 8, 10]]:
                pass
            case outcomes:
                raise SandboxRefused(f"a correct submission does not pass: {outcomes}")
        match rest:
            case [] | [Returned(value=[])]:
                return
            case _:
                raise SandboxRefused(f"a wall does not stand: {rest}")

    def take(self, limits: Limits) -> Conversation:
        """Give out a pristine confined child, and have the next one forked meanwhile."""
        child, self._spare = self._spare, None
        if child is not None and child.limits != limits:
            child.end()
            child = None
        child = child or Conversation(self._worker, limits)
        with ExitStack() as undo:
            undo.callback(child.hang_up)
            child.begin()
            if self._ahead:
                self._spare = Conversation(self._worker, limits)
            undo.pop_all()
        return child

    def close(self) -> None:
        """End the zygote; nothing is left of it."""
        if self._spare is not None:
            self._spare.hang_up()
            self._spare = None
        self._worker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Turn:
    """One submission's turn: a child, what it has used up, and which functions have lost their right to more."""

    def __init__(self, sandbox: Sandbox, source: bytes, limits: Limits) -> None:
        self.started = time.monotonic()
        self.cpu_seconds = 0.0
        self.peak_bytes = 0
        self._output = bytearray()
        self._flooded = False
        self._sandbox = sandbox
        self._source = source
        self._limits = limits
        self._child: Conversation | None = None
        self._spoiled: dict[str, str] = {}
        self._not_loaded: NotLoaded | None = None
        if len(source) > MAX_SOURCE_BYTES:
            message = f"the submission has {len(source)} bytes; at most {MAX_SOURCE_BYTES} are allowed"
            self._not_loaded = NotLoaded("TooLarge", message, ())

    def outcome(self, call: Call) -> Outcome:
        """Make one call, in a fresh child if the last one was lost."""
        if self._not_loaded is None and call.function in self._spoiled:
            return NotRun(f"an earlier call of {call.function} {self._spoiled[call.function]}")
        if self._not_loaded is None and self._left() <= 0:
            return NotRun(f"the {self._limits.total_seconds:g} seconds of this submission were used up")
        if self._not_loaded is None and self._child is None:
            self._not_loaded = self._load()
        if self._not_loaded is not None:
            return self._not_loaded
        outcome = self._ask(call)
        if isinstance(outcome, NotRun | TimedOut | Died | OutOfMemory) or self._child is None:
            self._spoiled[call.function] = ending(outcome)
            self.retire()
        return outcome

    def retire(self) -> Ended | None:
        """End the child, and keep what is known of it."""
        child, self._child = self._child, None
        if child is None:
            return None
        ended = child.end()
        room = max(0, self._limits.output_bytes - len(self._output))
        self._flooded |= child.flooded or len(child.output) > room
        self._output += child.output[:room]
        self.cpu_seconds += ended.cpu_seconds
        self.peak_bytes = max(self.peak_bytes, ended.peak_bytes)
        return ended

    def printed(self) -> str:
        """Give what was printed, and say so where it was cut."""
        text = shown(self._output.decode(errors="replace"), most=len(self._output))
        return f"{text}\n[cut here: at most {self._limits.output_bytes} bytes are kept]\n" if self._flooded else text

    def _left(self) -> float:
        return self.started + self._limits.total_seconds - time.monotonic()

    def _load(self) -> NotLoaded | None:
        self._child = self._sandbox.take(self._limits)
        seconds = min(self._limits.load_seconds, self._left())
        try:
            reply = self._child.ask(self._source, seconds)
        except Silent:
            self.retire()
            return NotLoaded("TimedOut", f"the file was still being loaded after {seconds:.3g} seconds", ())
        except Gone:
            return NotLoaded("Died", ending(death(self.retire())), ())
        except Babble as error:
            self.retire()
            return NotLoaded("ProtocolError", str(error), ())
        match reply if named(reply) else ():
            case ("loaded",):
                return None
            case ("raised", str(kind), str(message), tuple(lines)):
                problem = NotLoaded(shown(kind), shown(message), shown_lines(lines))
            case ("memory",):
                problem = NotLoaded("MemoryError", "the file needs more memory than it may have", ())
            case _:
                problem = NotLoaded("ProtocolError", "answered with something that was not asked", ())
        self.retire()
        return problem

    def _ask(self, call: Call) -> Outcome:
        child = self._child
        assert child is not None  # noqa: S101 - outcome() has loaded it
        seconds = min(self._limits.call_seconds, self._left())
        request = codec.encode((call.function, call.args, call.echo, call.strided), limit=_REQUEST_BYTES)
        before = child.cpu_seconds()
        try:
            reply = child.ask(request, seconds)
        except Silent:
            return TimedOut(seconds)
        except Gone:
            return death(self.retire())
        except Babble as error:
            self.retire()
            return ProtocolError(str(error))
        outcome = read(reply, call, max(child.cpu_seconds() - before, 0.0))
        if outcome is None:
            self.retire()
            return ProtocolError("answered with something that was not asked")
        return outcome
