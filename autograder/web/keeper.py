"""What has to be done though nobody asks: handing in when a clock has run out, grading what was left over."""

import logging
import threading

from autograder.web.handing import grade_left_over, hand_in_overdue
from autograder.web.site import Site
from quizgen.errors import OperatorError

SECONDS = 5.0
log = logging.getLogger("autograder.web")


class Keeper:
    """Looks every few seconds, in a thread of its own."""

    def __init__(self, site: Site, seconds: float = SECONDS) -> None:
        self._site = site
        self._seconds = seconds
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._work, name="keeper", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def close(self) -> None:
        """Stop looking."""
        self._end.set()
        self._thread.join()

    def _work(self) -> None:
        self._look(first=True)
        while not self._end.wait(self._seconds):
            self._look(first=False)

    def _look(self, *, first: bool) -> None:
        try:
            if first:
                grade_left_over(self._site)
            hand_in_overdue(self._site, self._site.clock())
        except OperatorError as error:
            log.warning("%s", error)
