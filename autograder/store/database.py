"""Opening and upgrading a database, and the store that the rest of the program sees."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Self

from sqlalchemy import Engine

from autograder.ledger import Attempt, Entry
from autograder.store import entries, exams, gradings, submissions, upkeep
from autograder.store.engine import connection, file_of, make_engine, one_at_a_time, place, read_url, session
from autograder.store.page_store import PageStore
from autograder.store.revisions import check, is_empty, upgrade_tables
from quizgen.errors import OperatorError
from quizgen.model import Exam, Grading, Submission

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


def open_store(url_or_path: str | Path, *, create: bool, clock: Clock = utc_now, exam: Exam | None = None) -> "Store":
    """Open a database whose tables are in this program's state, to work on an exam.

    With `create`, an empty one is made ready; without an exam, `add_exam` says which one later.
    """
    engine = _engine(url_or_path, create=create)
    with ExitStack() as undo:
        undo.callback(engine.dispose)
        with connection(engine, writes=create) as opened:
            if create:
                one_at_a_time(opened)
            if create and is_empty(opened):
                upgrade_tables(opened, place(engine.url))
            check(opened, place(engine.url))
        store = Store(engine, clock=clock)
        if exam is not None:
            store.add_exam(exam)
        undo.pop_all()
    return store


def upgrade(url_or_path: str | Path) -> None:
    """Bring an existing database to this program's state."""
    with _existing(url_or_path) as engine, connection(engine, writes=True) as opened:
        upgrade_tables(opened, place(engine.url))


def examine(url_or_path: str | Path) -> list[str]:
    """List what is wrong with an existing database; its tables must be in this program's state."""
    with _existing(url_or_path) as engine:
        return upkeep.problems(engine)


def backup(url_or_path: str | Path, target: Path) -> int:
    """Copy an existing database, also one in use or on a server, into a new SQLite file; return its rows."""
    with _existing(url_or_path) as engine:
        return upkeep.copy_to(engine, target)


def export(url_or_path: str | Path) -> Iterator[str]:
    """Yield everything in an existing database, one line of JSON for each row."""
    with _existing(url_or_path) as engine:
        yield from upkeep.lines(engine)


@contextmanager
def _existing(url_or_path: str | Path) -> Iterator[Engine]:
    engine = _engine(url_or_path, create=False)
    try:
        yield engine
    finally:
        engine.dispose()


def _engine(url_or_path: str | Path, *, create: bool) -> Engine:
    url = read_url(url_or_path)
    file = file_of(url)
    if file is not None and not create and not file.exists():
        raise OperatorError(f"{file}: no such database")
    if file is not None and not file.parent.is_dir():
        raise OperatorError(f"{file}: no folder {str(file.parent)!r} to make the database in")
    return make_engine(url)


class Store:
    """The hand-ins and gradings of the exam added last; one writer at a time, each change is one transaction.

    Every opened store is one marking run: `run` stands in the gradings that it saves.
    """

    def __init__(self, engine: Engine, *, clock: Clock = utc_now) -> None:
        self._engine = engine
        self._clock = clock
        self._exam: exams.ExamRecord | None = None
        self.run = uuid.uuid4().hex

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    def add_exam(self, exam: Exam) -> None:
        """Work on this exam: needed first; an exam known by title and seed is brought up to date."""
        with session(self._engine, writes=False) as opened:
            known = exams.find_exam(opened, exam)
        if known is None:
            with session(self._engine, writes=True) as opened:
                one_at_a_time(opened.connection())
                known = exams.save_exam(opened, exam, self._clock())
        self._exam = known

    def save_submission(self, submission: Submission, received: datetime | None = None) -> bool:
        """Save a hand-in, received now or then, and say whether its content is new."""
        return self.save_submissions([submission], received)[0]

    def save_submissions(
        self,
        new: Iterable[Submission],
        received: datetime | None = None,
        times: Mapping[str, datetime] = MappingProxyType({}),
    ) -> list[bool]:
        """Save hand-ins in one go; `times` says of some students when; content other than the newest is an attempt."""
        with session(self._engine, writes=True) as opened:
            return submissions.save_submissions(opened, self._current, new, received or self._clock(), times)

    def newest_contents(self) -> frozenset[tuple[str, str]]:
        """Return student and digest of everyone's newest hand-in."""
        with session(self._engine, writes=False) as opened:
            return submissions.newest_contents(opened, self._current)

    def latest_submissions(self) -> tuple[Submission, ...]:
        """Return the newest hand-in of each student, in roster order."""
        with session(self._engine, writes=False) as opened:
            return submissions.latest_submissions(opened, self._current)

    def submissions_of(self, digests: Iterable[str]) -> tuple[Submission, ...]:
        """Return the hand-ins of these contents."""
        with session(self._engine, writes=False) as opened:
            return submissions.submissions_of(opened, self._current, digests)

    def save_grading(self, grading: Grading) -> None:
        """Append a grading; once this returns, it survives whatever happens to the program."""
        self.save_gradings([grading])

    def save_gradings(self, new: Iterable[Grading]) -> None:
        """Append gradings, all or none."""
        with session(self._engine, writes=True) as opened:
            gradings.save_gradings(opened, self._current, new, run=self.run, now=self._clock())

    def is_graded(self, student: str, digest: str) -> bool:
        """Say whether this hand-in was marked against the exam as it stands."""
        with session(self._engine, writes=False) as opened:
            return gradings.is_graded(opened, self._current, student, digest)

    def ungraded(self, before: datetime) -> list[str]:
        """Name the students with a hand-in from before a time that nobody has marked against the exam as it stands."""
        with session(self._engine, writes=False) as opened:
            return gradings.ungraded(opened, self._current, before)

    def latest_gradings(self) -> tuple[Grading, ...]:
        """Return the newest grading of each student's newest hand-in, in roster order."""
        with session(self._engine, writes=False) as opened:
            return gradings.latest_gradings(opened, self._current)

    def gradings_of(self, student: str) -> tuple[Grading, ...]:
        """Return all gradings of a student, oldest first."""
        with session(self._engine, writes=False) as opened:
            return gradings.gradings_of(opened, self._current, student)

    def newest_gradings(self) -> dict[str, int]:
        """Return the number of each student's newest grading."""
        with session(self._engine, writes=False) as opened:
            return gradings.newest_gradings(opened, self._current)

    def attempts(self, student: str | None = None) -> tuple[Attempt, ...]:
        """Return every hand-in in roster order with its newest grading; of one student, with all gradings."""
        with session(self._engine, writes=False) as opened:
            return gradings.attempts(opened, self._current, student)

    def add_entry(self, entry: Entry) -> Entry:
        """Append an entry to the ledger of regrades and return it as stored."""
        with session(self._engine, writes=True) as opened:
            return entries.save_entry(opened, self._current, entry, self._clock())

    def entries(self) -> tuple[Entry, ...]:
        """Return the ledger of regrades, oldest entry first."""
        with session(self._engine, writes=False) as opened:
            return entries.entries(opened, self._current)

    @property
    def page(self) -> PageStore:
        """Return the part that the page works with."""
        return PageStore(self._engine, self._current, self._clock)

    @property
    def _current(self) -> exams.ExamRecord:
        if self._exam is None:
            raise OperatorError(f"{place(self._engine.url)}: no exam chosen: add_exam comes first")
        return self._exam
