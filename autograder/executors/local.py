"""Processes of this machine: each in a pool of its own, so that it is known what it was doing when it died."""

import multiprocessing
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from autograder.executors.station import Errand, Introduction, Job, Station
from autograder.sandbox import SandboxRefused
from quizgen.crew import deaf_to_interrupts, die_with_parent
from quizgen.model import Grading


class LocalWorker:
    """One grading process."""

    name = "a grading process"
    losses: tuple[type[Exception], ...] = (BrokenProcessPool, SandboxRefused)

    def __init__(self, errand: Errand) -> None:
        self.dismissed = False
        self._errand = errand
        # Spawned, not forked: a worker must not share this process's threads and open files.
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(1, context, initializer=_start)

    def introduce(self) -> Future[Introduction]:
        """Ask what is installed there, which makes its grader first.

        The errand is not an argument of the initializer: a process that died before it had read a large one would be
        waited for without end.
        """
        with deaf_to_interrupts():  # the process starts now, and would end with a traceback at a Ctrl-C
            return self._pool.submit(_introduce, self._errand)

    def grade(self, job: Job) -> Future[Grading]:
        """Have one submission graded."""
        return self._pool.submit(_grade, job)

    def dismiss(self) -> None:
        """Let another process take its place."""
        self.dismissed = True
        self._pool.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """Wait for what it is doing, and end it."""
        self._pool.shutdown(wait=True, cancel_futures=True)


class LocalPool:
    """So many grading processes; who dies is replaced."""

    remedy = "grading processes cannot be started on this machine, or die at once"

    def __init__(self, errand: Errand, size: int) -> None:
        self._errand = errand
        self._size = size
        self._workers: list[LocalWorker] = []

    def workers(self) -> Sequence[LocalWorker]:
        """Return the processes, with new ones for those that were dismissed."""
        self._workers = [w for w in self._workers if not w.dismissed]
        self._workers += [LocalWorker(self._errand) for _ in range(self._size - len(self._workers))]
        return self._workers

    def close(self) -> None:
        """Let every process finish what it is doing, all at once."""
        with ThreadPoolExecutor(self._size) as doors:
            list(doors.map(LocalWorker.close, self._workers))


_station: list[Station] = []
"""The process's own; made once by `_introduce`."""


def _start() -> None:
    # Ctrl-C is for the process that stores results; when that one is gone, however it went, so are we.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=die_with_parent, daemon=True).start()


def _introduce(errand: Errand) -> Introduction:
    _station.append(Station(errand))
    return _station[0].introduction


def _grade(job: Job) -> Grading:
    return _station[0].grade(job)
