"""Time spent: what the moments of saving on the page tell of how long each item took; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby, pairwise

from autograder.reports.estimates import Estimate, median
from quizgen.model import Exam, Language

CAP = timedelta(minutes=5)
"""Counted at most of one pause: who saves nothing for longer may have been away."""
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Save:
    """A moment at which a change in an item was saved; the start of a sitting can stand as one of item 0."""

    student: str
    item: int
    at: datetime


class Pace(StrEnum):
    """How the median stands to the question's own estimate: beyond it only where the whole interval is."""

    SLOWER = "slower"
    FASTER = "faster"
    AS_ESTIMATED = "as-estimated"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class ItemTime:
    """One slot of the paper: the median of its students' active minutes, and how many the question estimates."""

    number: int
    question: str
    title: str
    estimated: float
    spent: Estimate

    @property
    def pace(self) -> Pace:
        """Compare the interval with the estimate."""
        if self.spent.low is None or self.spent.high is None:
            return Pace.UNKNOWN
        if self.spent.low > self.estimated:
            return Pace.SLOWER
        return Pace.FASTER if self.spent.high < self.estimated else Pace.AS_ESTIMATED


def active_minutes(saves: Iterable[Save], cap: timedelta = CAP) -> dict[int, dict[str, float]]:
    """Return item -> student -> minutes: the time before each save belongs to its item, pauses up to `cap`.

    Nothing is known of the time before a student's first save, so that alone gives no minutes.
    """
    spent: dict[int, dict[str, timedelta]] = {}
    for student, mine in groupby(sorted(saves, key=lambda s: (s.student, s.at)), key=lambda s: s.student):
        for before, save in pairwise(mine):
            of_item = spent.setdefault(save.item, {})
            of_item[student] = of_item.get(student, timedelta()) + min(save.at - before.at, cap)
    return {item: {student: time / MINUTE for student, time in of_item.items()} for item, of_item in spent.items()}


def item_times(exam: Exam, saves: Sequence[Save], language: Language, cap: timedelta = CAP) -> tuple[ItemTime, ...]:
    """Return the times of every slot of the exam's papers; none at all where nothing was recorded."""
    return _by_slot(exam, active_minutes(saves, cap), language) if saves else ()


def _by_slot(exam: Exam, minutes: Mapping[int, Mapping[str, float]], language: Language) -> tuple[ItemTime, ...]:
    slots: dict[tuple[int, str], list[float]] = {}
    for paper in exam.papers:
        for item in paper.items:
            found = slots.setdefault((item.number, item.variant.question), [])
            if (spent := minutes.get(item.number, {}).get(paper.student)) is not None:
                found.append(spent)
    return tuple(
        ItemTime(
            number=number,
            question=name,
            title=exam.questions[name].titles.get(language, name),
            estimated=exam.questions[name].minutes,
            spent=median(found),
        )
        for (number, name), found in sorted(slots.items())
    )
