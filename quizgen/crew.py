"""Much work of one kind spread over processes; what comes out does not depend on how many there are.

The process that has the work does it too, from the far end, so that nobody waits while the others start: a helper of
Python with NumPy takes a third of a second to come. Helpers are spawned, never forked: they share no thread and no
open file with the process that started them.
"""

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from typing import Any, Generic, Self, TypeVar

from quizgen.errors import OperatorError, QuizgenError

T = TypeVar("T")
R = TypeVar("R")

IN_HAND = 2
"""Pieces that a helper has, so that it need not wait for its next one."""


class Crew:
    """Whoever has the work, and some helpers; without any, all of it is done here and in order."""

    def __init__(self, helpers: int = 0) -> None:
        """Say how many helpers there may be; they start with the first work."""
        self._helpers = helpers
        self._pool = _pool(helpers) if helpers > 0 else None
        self._begun: list[_Work[Any, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for work in self._begun:
            work.drop()  # or else a helper that is done asks for more while the pool closes
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def map(
        self,
        function: Callable[[T], R],
        tasks: Sequence[T],
        *,
        piece: int = 1,
        progress: Callable[[R], None] = lambda _: None,
    ) -> list[R]:
        """Return what the function gives for each task, in order; the first task that fails says how all failed.

        Helpers are handed `piece` tasks at a time. Function, tasks and results travel pickled. `progress` is called in
        this process for every result, in no order.
        """
        return self.begin(function, tasks, piece=piece, progress=progress)()

    def begin(
        self,
        function: Callable[[T], R],
        tasks: Sequence[T],
        *,
        piece: int = 1,
        progress: Callable[[R], None] = lambda _: None,
    ) -> Callable[[], list[R]]:
        """Let helpers begin with what `map` does; what is returned joins them, and returns the results."""
        if self._pool is None:
            return partial(list, _each(function, tasks, progress))
        pieces = [tasks[start : start + piece] for start in range(0, len(tasks), piece)]
        work = _Work(self._pool, function, pieces, progress)
        self._begun.append(work)
        with _told():
            work.begin(IN_HAND * self._helpers)
        return partial(_finish, work)


ALONE = Crew()


def helpers(tasks: int, *, worth: int) -> int:
    """Say how many helpers so many tasks keep busy; `worth` are those that take as long as a helper needs to start."""
    return max(0, min(os.cpu_count() or 1, tasks // worth) - 1)


class _Work(Generic[T, R]):
    """Pieces of work: helpers take the first that is left, this process the last."""

    def __init__(
        self,
        pool: ProcessPoolExecutor,
        function: Callable[[T], R],
        pieces: Sequence[Sequence[T]],
        progress: Callable[[R], None],
    ) -> None:
        self._pool, self._function, self._pieces, self._progress = pool, function, pieces, progress
        self._left = deque(range(len(pieces)))
        self._lock = threading.Lock()
        self._begun: dict[int, Future[list[R]]] = {}
        self._told: set[int] = set()

    def begin(self, pieces: int) -> None:
        """Hand the first pieces out; whoever is done with one gets the next."""
        with deaf_to_interrupts():
            for _ in range(pieces):
                self._hand_out()

    def _hand_out(self) -> None:
        with self._lock:
            if not self._left:
                return
            at = self._left.popleft()
            future = self._begun[at] = self._pool.submit(_all, self._function, self._pieces[at])
        future.add_done_callback(self._next)

    def _next(self, done: Future[list[R]]) -> None:
        if done.cancelled() or done.exception() is not None:
            self.drop()
        else:
            self._hand_out()

    def drop(self) -> None:
        """Leave undone what nobody has begun: an error of an earlier piece goes before all that could come of it."""
        with self._lock:
            self._left.clear()

    def finish(self) -> list[R]:
        """Do from the far end what is left, wait for the helpers, and return the results in order."""
        while (at := self._last()) is not None:
            self._begun[at] = _done_here(partial(_all, self._function, self._pieces[at]))
            self._tell()
        for _ in as_completed(self._begun.values()):
            self._tell()
        return [result for at in sorted(self._begun) for result in self._begun[at].result()]

    def _last(self) -> int | None:
        with self._lock:
            return self._left.pop() if self._left else None

    def _tell(self) -> None:
        for at, future in list(self._begun.items()):
            if at not in self._told and future.done() and future.exception() is None:
                self._told.add(at)
                for result in future.result():
                    self._progress(result)


@contextmanager
def _told() -> Iterator[None]:
    """Say in a sentence that a helper is gone."""
    try:
        yield
    except BrokenProcessPool:
        raise OperatorError("a helping process died, perhaps for want of memory: run again") from None


def _finish(work: _Work[T, R]) -> list[R]:
    try:
        with _told():
            return work.finish()
    finally:
        work.drop()


def _done_here(work: Callable[[], R]) -> Future[R]:
    """Work in this process; an error is kept, for one of an earlier piece goes before it."""
    future: Future[R] = Future()
    try:
        future.set_result(work())
    except QuizgenError as error:
        future.set_exception(error)
    return future


def _each(function: Callable[[T], R], tasks: Sequence[T], progress: Callable[[R], None]) -> Iterator[R]:
    for task in tasks:
        result = function(task)
        progress(result)
        yield result


def _all(function: Callable[[T], R], tasks: Sequence[T]) -> list[R]:
    return [function(task) for task in tasks]


def _pool(helpers: int) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(helpers, context, initializer=_start, initargs=(gc.get_threshold(),))


@contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """Let processes that are started meanwhile never hear Ctrl-C; one that comes is heard here afterwards.

    They inherit what this thread has blocked. That alone would not keep this thread from being interrupted half-way
    through starting one: a signal finds other threads, and Python handles it in this one all the same.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, before)
        if came:
            signal.raise_signal(signal.SIGINT)


def _start(collect: tuple[int, int, int]) -> None:
    """Collect garbage as rarely as the process that started this one, and go when it is gone."""
    gc.set_threshold(*collect)
    threading.Thread(target=die_with_parent, daemon=True).start()


def die_with_parent() -> None:
    """Wait for the process that started this one to end, however it does, and end at once."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
