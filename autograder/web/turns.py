"""Whose turn it is: owners go round, and gradings and trial runs take turns; without clocks and threads."""

from collections import deque
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from itertools import zip_longest
from typing import Generic, Protocol, TypeVar


class Waiting(Protocol):
    """What can wait: `urgent` jobs are gradings of hand-ins, the others trial runs."""

    @property
    def owner(self) -> str:
        """Whose job it is."""

    @property
    def urgent(self) -> bool:
        """Whether it must not be replaced."""


Job = TypeVar("Job", bound=Waiting)


class Lane(Generic[Job]):
    """Jobs of one kind in rounds: one of every owner, then the next of every owner."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Job]] = {}  # in the order of the round

    def add(self, job: Job) -> None:
        """Put a job behind all others of its owner."""
        self._waiting.setdefault(job.owner, deque()).append(job)

    def replace(self, job: Job) -> Job | None:
        """Put a job in the place of the one that its owner waits with, and return that one."""
        before = self._waiting.get(job.owner)
        self._waiting[job.owner] = deque([job])  # an owner who was there keeps the place in the round
        return before[0] if before else None

    def take(self, busy: AbstractSet[str]) -> Job | None:
        """Return the next job whose owner is not busy."""
        owner = next((o for o in self._waiting if o not in busy), None)
        if owner is None:
            return None
        jobs = self._waiting.pop(owner)
        job = jobs.popleft()
        if jobs:
            self._waiting[owner] = jobs
        return job

    def order(self) -> Iterator[Job]:
        """Yield what waits, as its turns come."""
        for row in zip_longest(*self._waiting.values()):
            yield from (job for job in row if job is not None)


class Turns(Generic[Job]):
    """Two lanes, urgent or not, that are served alternately while both wait: neither starves the other.

    Two jobs of one owner never run side by side, so that nobody holds two workers.
    """

    def __init__(self) -> None:
        self._busy: set[str] = set()
        self._lanes = {True: Lane[Job](), False: Lane[Job]()}
        self._next = True

    def put(self, job: Job) -> Job | None:
        """Let a job wait; return the one that it replaces, for of trial runs each owner's newest alone waits."""
        lane = self._lanes[job.urgent]
        if not job.urgent:
            return lane.replace(job)
        lane.add(job)
        return None

    def take(self) -> Job | None:
        """Return the next job, or None where every owner who waits has one running."""
        for urgent in (self._next, not self._next):
            job = self._lanes[urgent].take(self._busy)
            if job is not None:
                self._next = not urgent
                self._busy.add(job.owner)
                return job
        return None

    def release(self, job: Job) -> None:
        """Say that a job which was taken is over."""
        self._busy.discard(job.owner)

    def order(self) -> Iterator[Job]:
        """Yield what waits, as its turns come."""
        for pair in zip_longest(self._lanes[self._next].order(), self._lanes[not self._next].order()):
            yield from (job for job in pair if job is not None)

    def place(self, job: Job) -> int:
        """Return how many turns there are until this job's, its own with them; 0 for one that does not wait."""
        return next((n for n, waiting in enumerate(self.order(), start=1) if waiting is job), 0)
