"""The part of the store that the page works with: each method is one transaction."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Engine

from autograder.sitting import Access, Mark, Save, Saved, Sitting
from autograder.store import page
from autograder.store.engine import session
from autograder.store.exams import ExamRecord
from quizgen.model import Paper, Submission


class PageStore:
    """What the page keeps of one exam; any thread may call."""

    def __init__(self, engine: Engine, exam: ExamRecord, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._exam = exam
        self._clock = clock

    def add_accesses(self, digests: Mapping[str, str]) -> None:
        """Let these secrets, student -> digest, open the page; the empty student is the instructor."""
        with session(self._engine, writes=True) as opened:
            page.add_accesses(opened, self._exam, digests, self._clock())

    def renew_accesses(self, keep: Collection[str], digests: Mapping[str, str]) -> None:
        """Let these secrets, student -> digest, open the page besides the digests in `keep`, and no others."""
        with session(self._engine, writes=True) as opened:
            page.renew_accesses(opened, self._exam, keep, digests, self._clock())

    def find_access(self, digest: str) -> str | None:
        """Return whose secret this is: a student, the instructor's empty name, or None."""
        with session(self._engine, writes=False) as opened:
            return page.find_access(opened, self._exam, digest)

    def accesses(self) -> frozenset[str]:
        """Return the digests of all secrets in force."""
        with session(self._engine, writes=False) as opened:
            return page.accesses(opened, self._exam)

    def revoke(self, students: Sequence[str] | None = None) -> int:
        """Let the secrets of these students, or else all of them, open nothing any more; return how many."""
        with session(self._engine, writes=True) as opened:
            return page.revoke(opened, self._exam, students, self._clock())

    def accesses_of(self, student: str) -> tuple[Access, ...]:
        """Return every access that a student was given, oldest first."""
        with session(self._engine, writes=False) as opened:
            return page.accesses_of(opened, self._exam, student)

    def start(self, student: str) -> datetime:
        """Start a student's clock unless it runs; return when it did."""
        with session(self._engine, writes=True) as opened:
            return page.start(opened, self._exam, student, self._clock())

    def close(self, student: str) -> None:
        """End a student's answering: from now on nothing can be handed in."""
        with session(self._engine, writes=True) as opened:
            page.close(opened, self._exam, student, self._clock())

    def sitting(self, paper: Paper) -> Sitting:
        """Return when a student started, handed in and opened the feedback."""
        with session(self._engine, writes=False) as opened:
            return page.sitting(opened, self._exam, paper)

    def sittings(self, papers: Iterable[Paper]) -> tuple[Sitting, ...]:
        """Return when each of these papers' students started, handed in and opened the feedback."""
        with session(self._engine, writes=False) as opened:
            return page.sittings(opened, self._exam, papers)

    def hand_in(self, submission: Submission, received: datetime, *, most: int) -> bool:
        """Save a hand-in unless answering has ended or the student has handed in `most` times (0: no limit)."""
        with session(self._engine, writes=True) as opened:
            return page.hand_in(opened, self._exam, submission, received, most)

    def add_saves(self, saves: Sequence[Save]) -> list[int]:
        """Append changes of boxes; once this returns, they survive whatever happens to the program."""
        with session(self._engine, writes=True) as opened:
            return page.add_saves(opened, self._exam, saves)

    def saved(self, student: str, until: datetime | None = None) -> Saved:
        """Return what stands in a student's boxes, or stood there at some time."""
        with session(self._engine, writes=False) as opened:
            return page.saved(opened, self._exam, student, until)

    def save_times(self) -> list[tuple[str, int, datetime]]:
        """Return student, item and time of every save, oldest first."""
        with session(self._engine, writes=False) as opened:
            return page.save_times(opened, self._exam)

    def marks(self, after: int = 0) -> list[Mark]:
        """Return what was changed after that serial, oldest first."""
        with session(self._engine, writes=False) as opened:
            return page.marks(opened, self._exam, after)

    def release(self, *, visible: bool, by: str) -> None:
        """Release feedback, or take it back."""
        with session(self._engine, writes=True) as opened:
            page.release(opened, self._exam, visible=visible, by=by, now=self._clock())

    def released(self) -> bool | None:
        """Return the newest word on whether feedback is visible; None where nobody spoke."""
        with session(self._engine, writes=False) as opened:
            return page.released(opened, self._exam)
