"""The edition of the exam that is served: exam.json is read again when it has changed."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from autograder.web.site import Site, load_questions
from quizgen.errors import InstructorError, OperatorError, QuizgenError
from quizgen.exam_file import NAME, read_exam
from quizgen.model import Exam

log = logging.getLogger("autograder.web")


class Editions:
    """Hands out the site with the exam as it stands in its folder; without a folder, as it was opened.

    Who asks once has one edition for as long as they need it. What cannot be taken up leaves the edition before.
    """

    def __init__(
        self, site: Site, folder: Path | None = None, welcome: Callable[[Exam], object] = lambda _: None
    ) -> None:
        """Begin with the edition of the site; `welcome` lets in who was not on the roster before."""
        self._site = site
        self._welcome = welcome
        self._file = folder / NAME if folder is not None else None
        # None yet, so that the first look reads the file: it may have changed since the site was opened.
        self._stamp: tuple[int, ...] = ()
        self._lock = threading.Lock()

    @property
    def newest(self) -> Site:
        """Return the site; while one thread reads a new edition, the others still get the one before."""
        stamp = self._stamp_now()
        if stamp != self._stamp and self._lock.acquire(blocking=False):
            try:
                self._take_up(stamp)
            finally:
                self._lock.release()
        return self._site

    def _stamp_now(self) -> tuple[int, ...]:
        """Return what differs as soon as the file does; of one that is not there, what is known already."""
        try:
            found = self._file.stat() if self._file is not None else None
        except OSError:
            found = None
        return (found.st_mtime_ns, found.st_size, found.st_ino) if found is not None else self._stamp

    def _take_up(self, stamp: tuple[int, ...]) -> None:
        assert self._file is not None  # noqa: S101 - something without a file has no stamp
        try:
            exam = read_exam(self._file.parent)
            self._check_same(exam)
            load_questions(self._site.shelf, exam)
        except QuizgenError as error:
            self._stamp = stamp
            log.warning("%s; the exam is served as it was before", error)
            return
        try:
            self._site.store.add_exam(exam)
            if {p.student for p in exam.papers} - self._site.papers.keys():
                self._welcome(exam)
        except OperatorError as error:
            log.warning("%s; the exam is served as it was before, until that is mended", error)
            return
        self._site = replace(self._site, exam=exam)
        self._stamp = stamp

    def _check_same(self, exam: Exam) -> None:
        served = self._site.exam
        if (exam.title, exam.seed) != (served.title, served.seed):
            raise InstructorError(f"{self._file}: is now {exam.title!r}, another exam: serve it by itself")
