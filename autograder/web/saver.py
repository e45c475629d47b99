"""Saves of many students in few transactions: whoever waits for the disk waits together."""

import queue
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from autograder.sitting import Save
from autograder.store import Store
from quizgen.errors import OperatorError

MOST = 256
"""Requests that share a transaction."""
WAIT_SECONDS = 35.0
"""Longer than the store waits for another writer."""


@dataclass(frozen=True)
class _Request:
    saves: Sequence[Save]
    done: "Future[int]" = field(default_factory=Future)


class Saver:
    """Appends saves in the order of their coming, in a thread of its own."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._requests: queue.SimpleQueue[_Request | None] = queue.SimpleQueue()
        self._door = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="saver", daemon=True)
        self._thread.start()

    def save(self, saves: Sequence[Save]) -> int:
        """Append these saves and return the serial of the last; once this returns, they are on the disk."""
        request = _Request(saves)
        with self._door:
            if self._closed:
                raise OperatorError("the server was stopped before this was saved")
            self._requests.put(request)
        try:
            return request.done.result(timeout=WAIT_SECONDS)
        except TimeoutError:
            raise OperatorError("the database does not take saves at the moment") from None

    def close(self) -> None:
        """Finish what was asked for, then stop."""
        with self._door:
            self._closed = True
            self._requests.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (first := self._requests.get()) is not None:
            batch, last = self._batch(first)
            self._append(batch)
            if last:
                return

    def _batch(self, first: _Request) -> tuple[list[_Request], bool]:
        """Take what has come meanwhile; the second value says that this is the end."""
        batch = [first]
        while len(batch) < MOST:
            try:
                following = self._requests.get_nowait()
            except queue.Empty:
                return batch, False
            if following is None:
                return batch, True
            batch.append(following)
        return batch, False

    def _append(self, batch: list[_Request]) -> None:
        try:
            serials = self._store.page.add_saves([s for request in batch for s in request.saves])
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait hear of it, and the next are served
            self._refuse(batch, error)
            return
        at = 0
        for request in batch:
            at += len(request.saves)
            request.done.set_result(serials[at - 1])

    def _refuse(self, batch: list[_Request], error: Exception) -> None:
        """Try the requests one by one, so that one that cannot be saved does not cost the others."""
        if len(batch) == 1:
            batch[0].done.set_exception(error)
            return
        for request in batch:
            self._append([request])
