"""Owns the sandboxes of the page: a few threads, each with its own, that run students' jobs in turn."""

import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

from autograder.sandbox import Sandbox, SandboxRefused
from autograder.web.ticket import ClosedError, SupersededError, Ticket, Work
from autograder.web.turns import Turns
from quizgen.errors import OperatorError

T = TypeVar("T")

KEPT_SECONDS = 300.0
"""How long a ticket that is over can still be asked for."""
MOST_KEPT = 10_000
"""Tickets that are over and remembered; beyond, the oldest go early."""

_log = logging.getLogger(__name__)


class Runner:
    """Runs jobs in sandboxes: every owner in turn, trial runs and gradings of hand-ins with a share each.

    Of an owner's trial runs only the newest waits: an older one that was not begun is superseded. Urgent jobs, the
    gradings, are never dropped.
    """

    def __init__(self, workers: int, *, unsafe: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        """Set up so many workers; they start with the first job, or with `start`."""
        self._unsafe = unsafe
        self._clock = clock
        # Daemons, for an interpreter that ends without `close`; the sandboxes end with their thread.
        self._threads = [threading.Thread(target=self._work, name=f"sandbox-{n}", daemon=True) for n in range(workers)]
        self._changed = threading.Condition()
        self._turns: Turns[Ticket[Any]] = Turns()
        self._tickets: dict[str, Ticket[Any]] = {}
        self._over: deque[tuple[float, str]] = deque()
        self._warm = 0
        self._refusal: Exception | None = None
        self._started = False
        self._closed = False

    def start(self) -> None:
        """Start all workers and wait until their sandboxes are warm.

        Raises
        ------
        OperatorError
            If student code cannot be shut in on this machine.
        """
        with self._changed:
            self._launch()
            self._changed.wait_for(lambda: self._warm == len(self._threads))
            refusal = self._refusal
        if refusal is not None:
            raise OperatorError(f"the sandbox does not start: {refusal}")

    def submit(self, owner: str, work: Work[T], *, urgent: bool = False) -> Ticket[T]:
        """Let a job wait for its owner's turn; `urgent` is for gradings, which no newer job replaces.

        `work` is called at most once, in a worker's thread, with that worker's sandbox.

        Raises
        ------
        ClosedError
            If the runner is closed.
        """
        ticket = Ticket(owner, work, self._place, urgent=urgent)
        with self._changed:
            if self._closed:
                raise ClosedError
            self._launch()
            self._forget()
            self._tickets[ticket.id] = ticket
            replaced = self._turns.put(ticket)
            if replaced is not None:
                self._settle(replaced, SupersededError())
            self._changed.notify()
        return ticket

    def ticket(self, ticket_id: str, owner: str) -> Ticket[Any] | None:
        """Find a ticket of this owner; there is none for whoever names another's, or comes too late."""
        with self._changed:
            self._forget()
            found = self._tickets.get(ticket_id)
        return found if found is not None and found.owner == owner else None

    def close(self) -> None:
        """Fail what waits, let what runs come to its end (its limits see to that), and end the sandboxes."""
        with self._changed:
            self._closed = True
            for waiting in tuple(self._turns.order()):
                self._settle(waiting, ClosedError())
            self._turns = Turns()
            self._changed.notify_all()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _launch(self) -> None:
        if not self._started and not self._closed:
            self._started = True
            for thread in self._threads:
                thread.start()

    def _place(self, ticket: Ticket[Any]) -> int:
        with self._changed:
            return self._turns.place(ticket)

    def _settle(self, ticket: Ticket[Any], failure: Exception | None = None) -> None:
        ticket.settle(failure)
        self._over.append((self._clock(), ticket.id))

    def _forget(self) -> None:
        while self._over and (len(self._over) > MOST_KEPT or self._over[0][0] <= self._clock() - KEPT_SECONDS):
            self._tickets.pop(self._over.popleft()[1], None)

    def _work(self) -> None:
        """Be one worker: warm up, then run one job after the other."""
        # The kernel ends a sandbox with the thread that started it: each thread makes its own, here and later.
        with contextlib.closing(_Seat(unsafe=self._unsafe)) as seat:
            refusal = seat.warm_up()
            with self._changed:
                self._warm += 1
                self._refusal = self._refusal or refusal
                self._changed.notify_all()
            while (ticket := self._next()) is not None:
                failure = seat.run(ticket)
                with self._changed:
                    self._turns.release(ticket)
                    self._settle(ticket, failure)

    def _next(self) -> Ticket[Any] | None:
        """Wait for a turn; None when the runner is closed."""
        with self._changed:
            while not self._closed:
                ticket = self._turns.take()
                if ticket is not None:
                    return ticket
                self._changed.wait()
        return None


class _Seat:
    """The place of one sandbox: made when it is needed, and anew when it was lost."""

    def __init__(self, *, unsafe: bool) -> None:
        self._unsafe = unsafe
        self._sandbox: Sandbox | None = None

    def warm_up(self) -> Exception | None:
        """Make the sandbox ahead of the first job; return why that is not possible."""
        try:
            self._ready()
        except (SandboxRefused, OSError) as error:
            return error
        return None

    def run(self, ticket: Ticket[Any]) -> Exception | None:
        """Run one job; return its failure."""
        try:
            ticket.run(self._ready())
        except (SandboxRefused, OSError) as error:
            # A sandbox whose process is lost runs the submission once more by itself: this one was lost again.
            self.close()
            _log.error("a sandbox failed and is replaced: %s", error)
            return OperatorError(f"the sandbox failed: {error}")
        except Exception as error:  # noqa: BLE001 - a job that fails is one job; the worker has others to run
            _log.warning("a job failed", exc_info=True)
            return error
        return None

    def _ready(self) -> Sandbox:
        self._sandbox = self._sandbox or Sandbox(unsafe=self._unsafe)
        return self._sandbox

    def close(self) -> None:
        """End the sandbox."""
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None
