"""What becomes of hand-ins: which counts, what lateness costs, which items do not count, who sees feedback when."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class Attempts(StrEnum):
    """Which of a student's hand-ins makes the score."""

    FIRST = "first"
    LAST = "last"
    BEST = "best"
    AVERAGE = "average"


class Release(StrEnum):
    """When students may see their feedback."""

    AT_ONCE = "at_once"
    AFTER_DEADLINE = "after_deadline"
    BY_HAND = "by_hand"
    NEVER = "never"


class Policy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How marks become a score; the defaults are: the last hand-in counts, whenever it came.

    `late_per_day` is the percentage of the points that each day begun after the deadline takes away;
    a hand-in up to `grace_minutes` after the deadline is in time. `dropped` items count for nobody,
    `bonus` items add points but none to what is possible. Before `opens`, the page shows no paper; `hand_ins` is how
    often it takes one, 0 for as often as a student likes.
    """

    attempts: Attempts = Attempts.LAST
    hand_ins: int = 0
    release: Release = Release.AT_ONCE
    opens: datetime | None = None
    deadline: datetime | None = None
    late_per_day: float = 0.0
    grace_minutes: float = 0.0
    dropped: tuple[int, ...] = ()
    bonus: tuple[int, ...] = ()


class Terms(Struct, frozen=True, kw_only=True):
    """All that may still change of a frozen exam: its policy, its minutes, and students' minutes of extra time."""

    policy: Policy = Policy()
    minutes: float = 0.0
    extra_time: dict[str, float] = {}


class TermsChange(Struct, frozen=True, kw_only=True):
    """When, by whom and why the terms changed, and what they were before."""

    at: datetime
    by: str
    reason: str
    before: Terms
