"""What every request needs: the exam, its store, the queue of code, the clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from autograder.store import Store
from autograder.web.access import Identity, identify
from autograder.web.rate import RateLimiter
from autograder.web.runner import Runner
from autograder.web.saver import Saver
from quizgen.bank import Shelf
from quizgen.model import Exam, Paper


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much one browser may ask for: bursts, and so many a minute for ever."""

    saves: RateLimiter
    runs: RateLimiter
    hand_ins: RateLimiter
    sign_ins: RateLimiter
    hosts: RateLimiter


def usual_limits() -> Limits:
    """Return limits that no honest student meets."""
    return Limits(
        saves=RateLimiter(burst=120, per_minute=240),
        runs=RateLimiter(burst=10, per_minute=20),
        hand_ins=RateLimiter(burst=10, per_minute=4),
        sign_ins=RateLimiter(burst=10, per_minute=6),
        # A whole class may come from one address: the secrets' length, not this, is what keeps guessers out.
        hosts=RateLimiter(burst=1000, per_minute=600),
    )


@dataclass(frozen=True, kw_only=True)
class Site:
    """One exam on the page; `practice` says whether students may practise beside it, `secure` that they use HTTPS."""

    exam: Exam
    shelf: Shelf
    store: Store
    saver: Saver
    runner: Runner
    clock: Callable[[], datetime]
    program: str
    practice: bool = False
    by_code: bool = False
    secure: bool = False
    limits: Limits = field(default_factory=usual_limits)

    @cached_property
    def papers(self) -> Mapping[str, Paper]:
        """Return every student's paper."""
        return {p.student: p for p in self.exam.papers}

    def identify(self, secret: str) -> Identity | None:
        """Find out whose secret this is: of those who have a paper, or the instructor's."""
        found = identify(self.store, secret)
        return found if found is not None and (found.is_instructor or found.student in self.papers) else None

    def paper(self, student: str) -> Paper:
        """Return a student's paper; only those on the roster have an access."""
        return self.papers[student]


def load_questions(shelf: Shelf, exam: Exam) -> None:
    """Load an exam's questions once, before threads would load them side by side."""
    for question in exam.questions:
        shelf.find(question)
