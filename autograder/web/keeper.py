"""What has to be done though nobody asks: handing in when a clock has run out, grading what was left over."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from autograder.web.edition import Editions
from autograder.web.handing import grade_left_over, hand_in_overdue
from quizgen.errors import OperatorError

SECONDS = 5.0
LOOKS = 12
"""Every so many looks, what nobody graded is looked for: a grading may have failed, or another server died."""
PATIENCE = timedelta(minutes=5)
"""How long a hand-in may wait for the server that took it."""
log = logging.getLogger("autograder.web")


class Keeper:
    """Looks every few seconds, in a thread of its own."""

    def __init__(self, editions: Editions, seconds: float = SECONDS) -> None:
        self._editions = editions
        self._seconds = seconds
        self._end = threading.Event()
        self._patience = timedelta(0)  # at first: what an earlier server left over
        self._settled: set[tuple[str, datetime]] = set()
        self._thread = threading.Thread(target=self._work, name="keeper", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def close(self) -> None:
        """Stop looking."""
        self._end.set()
        self._thread.join()

    def _work(self) -> None:
        looks = 0
        while True:
            self._tried(self._hand_in)
            if looks % LOOKS == 0 and not self._tried(self._grade):
                looks -= 1  # at the next look again
            looks += 1
            if self._end.wait(self._seconds):
                return

    def _hand_in(self) -> None:
        site = self._editions.newest
        hand_in_overdue(site, site.clock(), self._settled)

    def _grade(self) -> None:
        site = self._editions.newest
        grade_left_over(site, site.clock() - self._patience)
        self._patience = PATIENCE

    def _tried(self, work: Callable[[], None]) -> bool:
        try:
            work()
        except OperatorError as error:
            log.warning("%s", error)
        except Exception:
            log.exception("what nobody asks for failed, and is tried again")  # whatever it is, the keeper must go on
        else:
            return True
        return False
