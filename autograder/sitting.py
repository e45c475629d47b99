"""A student at the page: the clock, what may be done when, and what has been saved; pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from quizgen.model import Exam, Paper
from quizgen.policy import Policy, Release

COURTESY = timedelta(seconds=30)
"""What a page needs at most to send, when the time is over, what was typed before."""


class Stage(StrEnum):
    """What a student can do: wait, start the clock, answer, or only look, for no hand-in is left."""

    NOT_YET = "not-yet"
    READY = "ready"
    OPEN = "open"
    DONE = "done"


class Save(Struct, frozen=True, kw_only=True):
    """One change of one box: field `field` of item `item` was made to read `text`."""

    student: str
    item: int
    field: str
    text: str
    at: datetime


class Saved(Struct, frozen=True, kw_only=True):
    """What stands in a student's boxes, item -> field -> text; `serial` grows with every save, 0 before the first."""

    serial: int = 0
    texts: dict[int, dict[str, str]] = {}
    at: datetime | None = None


class Sitting(Struct, frozen=True, kw_only=True):
    """One student's way through the page so far; `hand_ins` are the times of what was handed in.

    `closed_at` is when the feedback was opened: who has seen the right answers hands in no more. `newest` is the digest
    of what was handed in last.
    """

    paper: Paper
    started_at: datetime | None = None
    closed_at: datetime | None = None
    hand_ins: tuple[datetime, ...] = ()
    newest: str = ""


class Mark(Struct, frozen=True, kw_only=True):
    """That a box was changed, and whether it has held something since; `serial` grows with every save."""

    serial: int
    student: str
    item: int
    field: str
    filled: bool
    at: datetime


class Access(Struct, frozen=True, kw_only=True):
    """A secret that opens the page, without the secret; `revoked_at` is None while it does."""

    made_at: datetime
    revoked_at: datetime | None = None


def ends_at(exam: Exam, sitting: Sitting) -> datetime | None:
    """Return when a student's time is over: the end of the minutes or of the deadline, each with extra time."""
    extra = timedelta(minutes=sitting.paper.extra_time)
    ends = []
    if exam.policy.deadline is not None:
        ends.append(exam.policy.deadline + extra)
    if exam.minutes and sitting.started_at is not None:
        ends.append(sitting.started_at + timedelta(minutes=exam.minutes) + extra)
    return min(ends, default=None)


def stage(exam: Exam, sitting: Sitting, now: datetime) -> Stage:
    """Say what the student can do now; whose time is over can still hand in, late."""
    if exam.policy.opens is not None and now < exam.policy.opens:
        return Stage.NOT_YET
    if sitting.closed_at is not None or hand_ins_left(exam.policy, len(sitting.hand_ins)) == 0:
        return Stage.DONE
    if exam.minutes and sitting.started_at is None:
        return Stage.READY
    return Stage.OPEN


def hand_ins_left(policy: Policy, used: int) -> int | None:
    """Return how many hand-ins are left; None where there is no limit."""
    return max(policy.hand_ins - used, 0) if policy.hand_ins else None


def received_at(exam: Exam, sitting: Sitting, now: datetime) -> datetime:
    """Return when a hand-in of now counts as received: what only the network delayed came as the time was over."""
    end = ends_at(exam, sitting)
    return end if end is not None and end < now <= end + COURTESY else now


def minutes_late(exam: Exam, sitting: Sitting, received: datetime) -> float:
    """Return the minutes by which a student's time was over; 0 while it was not, or within the grace."""
    end = ends_at(exam, sitting)
    over = (received - end).total_seconds() / 60 if end is not None else 0.0
    return over if over > exam.policy.grace_minutes else 0.0


def is_released(exam: Exam, now: datetime, *, by_hand: bool | None) -> bool:
    """Say whether students may see their feedback; an instructor's own word (`by_hand`) goes before the policy's.

    After the deadline means after that of the student with the most extra time: nobody answers what others may see.
    """
    if by_hand is not None:
        return by_hand
    match exam.policy.release:
        case Release.AT_ONCE:
            return True
        case Release.AFTER_DEADLINE:
            last = released_at(exam)
            return last is not None and now > last
        case Release.BY_HAND | Release.NEVER:
            return False


def released_at(exam: Exam) -> datetime | None:
    """Return when the last student's deadline, grace included, is over."""
    policy = exam.policy
    if policy.deadline is None:
        return None
    extra = max((p.extra_time for p in exam.papers), default=0.0)
    return policy.deadline + timedelta(minutes=extra + policy.grace_minutes)
