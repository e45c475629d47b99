"""A class at one moment: where everyone is, in figures and in words; pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import quote

from autograder.scores import Score
from autograder.sitting import Sitting, Stage, ends_at, stage
from autograder.web.moment import clock
from quizgen.model import Exam, Language
from quizgen.wording.phrases import phrase

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Where(StrEnum):
    """How far a student has come."""

    NOT_BEGUN = "not-begun"
    ANSWERING = "answering"
    OVER = "over"
    HANDED_IN = "handed-in"
    GRADED = "graded"

    @property
    def words(self) -> str:
        """Name the phrase that says it."""
        return f"teach-{self.value}"


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How many boxes of a paper are filled, which item was changed last and when."""

    of: int
    filled: int = 0
    item: int = 0
    saved_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Seat:
    """One student at one moment; `left` is the time that remains to who is still answering."""

    sitting: Sitting
    where: Where
    progress: Progress
    left: timedelta | None
    score: Score | None


@dataclass(frozen=True, kw_only=True)
class Line:
    """One seat in words."""

    student: str
    name: str
    address: str
    where: Where
    stands: str
    started: str
    item: str
    filled: int
    of: int
    saved: str
    hand_ins: int
    handed_in: str
    left: str
    score: str


@dataclass(frozen=True, kw_only=True)
class Sums:
    """The class in a few figures; `mean` is empty before the first score."""

    counts: tuple[tuple[Where, int], ...]
    mean: str
    at: str


def seat(exam: Exam, sitting: Sitting, progress: Progress, score: Score | None, now: datetime) -> Seat:
    """Say where a student is."""
    end = ends_at(exam, sitting)
    where = _where(exam, sitting, progress, score, now)
    begun = sitting.started_at is not None or not exam.minutes
    left = max(end - now, timedelta()) if end is not None and begun and where is Where.ANSWERING else None
    return Seat(sitting=sitting, where=where, progress=progress, left=left, score=score)


def _where(exam: Exam, sitting: Sitting, progress: Progress, score: Score | None, now: datetime) -> Where:
    end, saved = ends_at(exam, sitting), progress.saved_at
    still = stage(exam, sitting, now) is Stage.OPEN and (end is None or now <= end)
    if sitting.hand_ins:
        if still and saved is not None and saved > sitting.hand_ins[-1]:
            return Where.ANSWERING
        return Where.GRADED if score is not None else Where.HANDED_IN
    if sitting.started_at is None and saved is None:
        return Where.NOT_BEGUN
    return Where.ANSWERING if still else Where.OVER


def lines(seats: Sequence[Seat], now: datetime, language: Language) -> list[Line]:
    """Write every seat."""
    return [_line(found, now, language) for found in seats]


def _line(found: Seat, now: datetime, language: Language) -> Line:
    sitting, progress = found.sitting, found.progress
    return Line(
        student=sitting.paper.student,
        name=sitting.paper.name,
        address=address(sitting.paper.student),
        where=found.where,
        stands=phrase(found.where.words, language),
        started=clock(sitting.started_at, now),
        item=str(progress.item or ""),
        filled=progress.filled,
        of=progress.of,
        saved=ago(progress.saved_at, now, language),
        hand_ins=len(sitting.hand_ins),
        handed_in=clock(sitting.hand_ins[-1], now) if sitting.hand_ins else "",
        left=_left(found.left, language),
        score=worth(found.score.points, found.score.possible) if found.score is not None else "",
    )


def sums(seats: Sequence[Seat], now: datetime) -> Sums:
    """Count the class."""
    counts = Counter(found.where for found in seats)
    shares = [found.score.share for found in seats if found.score is not None and found.score.possible]
    return Sums(
        counts=tuple((where, counts[where]) for where in Where if counts[where] or where is not Where.OVER),
        mean=f"{100 * sum(shares) / len(shares):.0f} %" if shares else "",
        at=now.astimezone().strftime("%H:%M:%S"),
    )


def spoken(exam: Exam, language: Language) -> Language:
    """Return the language in which every question of the exam can be explained: that asked for, or else the exam's."""
    return language if all(language in r.words for r in exam.questions.values()) else exam.language


def address(student: str) -> str:
    """Return where a student's page is."""
    return f"/teach/student/{quote(student, safe='')}"


def worth(points: float, possible: float) -> str:
    """Write points over possible points."""
    return f"{points:.4g} / {possible:.4g}"


def ago(at: datetime | None, now: datetime, language: Language) -> str:
    """Write how long ago something was."""
    if at is None:
        return ""
    past = max(now - at, timedelta())
    for unit, size in (("days", DAY), ("hours", HOUR), ("minutes", MINUTE)):
        if past >= size:
            return phrase(f"teach-{unit}-ago", language, count=past // size)
    return phrase("teach-seconds-ago", language, count=past // timedelta(seconds=1))


def _left(left: timedelta | None, language: Language) -> str:
    return "" if left is None else phrase("teach-minutes", language, count=-(-left // MINUTE))
