"""What somebody holds while their job waits, runs and is over."""

import secrets
from collections.abc import Callable
from concurrent import futures
from concurrent.futures import Future
from typing import Generic, TypeVar, cast

from autograder.sandbox import Sandbox
from quizgen.errors import OperatorError, StudentError

T = TypeVar("T")
Work = Callable[[Sandbox], T]


class SupersededError(StudentError):
    """A newer run of the same owner took the place of this one, which was not run."""

    def __init__(self) -> None:
        super().__init__("a newer run took the place of this one")


class ClosedError(OperatorError):
    """The runner was closed before the job was run."""

    def __init__(self) -> None:
        super().__init__("the server was stopped before this was run")


class Ticket(Generic[T]):
    """One job; every thread may ask it how it stands, only the runner settles it."""

    def __init__(self, owner: str, work: Work[T], place: Callable[["Ticket[T]"], int], *, urgent: bool) -> None:
        """Give it an id that nobody can guess; `place` tells how many turns it still waits."""
        self.id = secrets.token_urlsafe(16)
        self.owner = owner
        self.urgent = urgent
        self._work: Work[T] | None = work
        self._place = place
        self._value: T | None = None
        self._failure: Exception | None = None
        self._over: Future[None] = Future()

    @property
    def place(self) -> int:
        """Return 0 once it runs or is over, before that the number of jobs that must end first: the next one has 1."""
        return 0 if self.done else self._place(self)

    @property
    def done(self) -> bool:
        """Say whether it is over, with a value or a failure."""
        return self._over.done()

    @property
    def failure(self) -> Exception | None:
        """Return why there is no value, once that is known."""
        return self._failure

    @property
    def superseded(self) -> bool:
        """Say whether a newer run took its place."""
        return isinstance(self._failure, SupersededError)

    def result(self, timeout: float | None = None) -> T:
        """Return the value, after at most `timeout` seconds, or raise TimeoutError or the failure."""
        self._over.result(timeout)
        if self._failure is not None:
            raise self._failure
        return cast("T", self._value)

    def settled(self, timeout: float) -> bool:
        """Wait at most so long, and say whether it is over, however it went."""
        return bool(futures.wait([self._over], timeout).done)

    def run(self, sandbox: Sandbox) -> None:
        """Do the work and keep its value; what it raises is the caller's to settle."""
        assert self._work is not None  # noqa: S101 - a ticket has one turn
        self._value = self._work(sandbox)

    def settle(self, failure: Exception | None = None) -> None:
        """Say that it is over; the work, with all it holds on to, is let go of."""
        self._work = None
        self._failure = failure
        self._over.set_result(None)
