"""Where submissions are graded: processes of this machine, or the workers of a Dask cluster.

An executor has workers, each a process of its own with a warm grader, and a worker grades one submission at a time. So
it is always known which submission a worker had when it died, and no other is blamed for it.
"""

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Protocol

from autograder.executors.station import Introduction, Job
from quizgen.model import Grading


class Worker(Protocol):
    """A process that grades one submission at a time."""

    @property
    def name(self) -> str:
        """Say which worker it is, in words for the operator."""

    @property
    def losses(self) -> tuple[type[Exception], ...]:
        """Name the exceptions that mean that the worker is lost, rather than that it failed at its work."""

    def introduce(self) -> Future[Introduction]:
        """Ask what is installed there, and whether it can grade."""

    def grade(self, job: Job) -> Future[Grading]:
        """Have one submission graded."""

    def dismiss(self) -> None:
        """Never use this worker again."""


class Executor(Protocol):
    """Workers that come and go."""

    @property
    def remedy(self) -> str:
        """Say what the operator can do where there is no worker."""

    def workers(self) -> Sequence[Worker]:
        """Return the workers that are there now: the same objects as before, and new ones."""

    def close(self) -> None:
        """Let all workers go."""
