"""Processes of this machine: each in a pool of its own, so that it is known what it was doing when it died."""

import multiprocessing
import os
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
    """One grading process, which with its sandbox keeps to some of the processors."""

    name = "a grading process"
    losses: tuple[type[Exception], ...] = (BrokenProcessPool, SandboxRefused)

    def __init__(self, errand: Errand, processors: frozenset[int]) -> None:
        self.dismissed = False
        self._errand = errand
        # Spawned, not forked: a worker must not share this process's threads and open files.
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(1, context, initializer=_start, initargs=(processors,))

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
        self._places = places(size, sorted(os.sched_getaffinity(0)))
        self._workers = [LocalWorker(errand, processors) for processors in self._places]

    def workers(self) -> Sequence[LocalWorker]:
        """Return the processes, with new ones for those that were dismissed."""
        self._workers = [
            LocalWorker(self._errand, processors) if worker.dismissed else worker
            for worker, processors in zip(self._workers, self._places, strict=True)
        ]
        return self._workers

    def close(self) -> None:
        """Let every process finish what it is doing, all at once."""
        with ThreadPoolExecutor(len(self._workers)) as doors:
            list(doors.map(LocalWorker.close, self._workers))


def places(size: int, processors: Sequence[int]) -> list[frozenset[int]]:
    """Say which processors each worker keeps to: one of its own where the workers take all of them anyway.

    A worker and its sandbox take turns: on one processor each wakes the other at once, on two it waits for the other to
    wake up. Where processors are left over, the system knows better which are idle.
    """
    if size < len(processors):
        return [frozenset(processors)] * size
    return [frozenset({processors[n % len(processors)]}) for n in range(size)]


_station: list[Station] = []
"""The process's own; made once by `_introduce`."""


def _start(processors: frozenset[int]) -> None:
    os.sched_setaffinity(0, processors)
    # Ctrl-C is for the process that stores results; when that one is gone, however it went, so are we.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=die_with_parent, daemon=True).start()


def _introduce(errand: Errand) -> Introduction:
    _station.append(Station(errand))
    return _station[0].introduction


def _grade(job: Job) -> Grading:
    return _station[0].grade(job)
