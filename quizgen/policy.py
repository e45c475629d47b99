"""What becomes of marked hand-ins: which attempt counts, what lateness costs, which items do not count or are extra."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class Attempts(StrEnum):
    """Which of a student's hand-ins makes the score."""

    FIRST = "first"
    LAST = "last"
    BEST = "best"
    AVERAGE = "average"


class Policy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How marks become a score; the defaults are: the last hand-in counts, whenever it came.

    `late_per_day` is the percentage of the points that each day begun after the deadline takes away;
    a hand-in up to `grace_minutes` after the deadline is in time. `dropped` items count for nobody,
    `bonus` items add points but none to what is possible.
    """

    attempts: Attempts = Attempts.LAST
    deadline: datetime | None = None
    late_per_day: float = 0.0
    grace_minutes: float = 0.0
    dropped: tuple[int, ...] = ()
    bonus: tuple[int, ...] = ()
