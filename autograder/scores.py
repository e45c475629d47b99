"""Scores by policy: marked attempts and the ledger -> one score per student, and why it is not more; pure."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from autograder.amendment import Standing, standing
from autograder.ledger import Attempt, Entry, in_force
from quizgen.errors import InstructorError
from quizgen.model import Exam, Grading, Paper, Reason
from quizgen.policy import Attempts, Policy

DAY = timedelta(days=1)


class Deduction(Struct, frozen=True, kw_only=True):
    """Points that the shown attempt earned and the score has not (negative: has beyond them), and why."""

    points: float
    reason: Reason


class Score(Struct, frozen=True, kw_only=True):
    """What a student has in the end.

    `grading` is that of the attempt that is shown, with the ledger's verdicts; its points are those before deductions
    for lateness and averaging. `counted` are the attempts that made the score.
    """

    student: str
    points: float
    possible: float
    grading: Grading
    attempt: int
    counted: tuple[int, ...]
    deductions: tuple[Deduction, ...] = ()

    @property
    def share(self) -> float:
        """Return points over possible points; 0 where nothing could be had."""
        return self.points / self.possible if self.possible else 0.0


def final_scores(exam: Exam, attempts: Iterable[Attempt], entries: Sequence[Entry]) -> dict[str, Score]:
    """Return the score of everyone on the roster whose attempts that count have been graded."""
    mine: defaultdict[str, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        mine[attempt.student].append(attempt)
    holding = in_force(entries)
    scores = (score_of(exam, paper, mine[paper.student], holding) for paper in exam.papers if paper.student in mine)
    return {score.student: score for score in scores if score is not None}


def score_of(exam: Exam, paper: Paper, attempts: Sequence[Attempt], holding: Sequence[Entry]) -> Score | None:
    """Return one student's score by the exam's policy, or None while an attempt that counts is not graded."""
    single = [_single(exam, paper, attempt, holding) for attempt in _counting(exam.policy.attempts, attempts)]
    graded = [score for score in single if score is not None]
    if not graded or len(graded) < len(single):
        return None
    match exam.policy.attempts:
        case Attempts.FIRST | Attempts.LAST:
            return graded[0]
        case Attempts.BEST:
            return max(graded, key=lambda s: s.share)
        case Attempts.AVERAGE:
            return _mean(graded)


def days_late(policy: Policy, extra_minutes: float, received: datetime) -> int:
    """Count the days begun after a student's own deadline; within the grace it is none."""
    if policy.deadline is None:
        return 0
    over = received - policy.deadline - timedelta(minutes=extra_minutes)
    return 0 if over <= timedelta(minutes=policy.grace_minutes) else math.ceil(over / DAY)


def _counting(which: Attempts, attempts: Sequence[Attempt]) -> Sequence[Attempt]:
    match which:
        case Attempts.FIRST:
            return attempts[:1]
        case Attempts.LAST:
            return attempts[-1:]
        case Attempts.BEST | Attempts.AVERAGE:
            return attempts


def _single(exam: Exam, paper: Paper, attempt: Attempt, holding: Sequence[Entry]) -> Score | None:
    """Score one attempt by itself."""
    if attempt.newest is None:
        return None
    found = standing(exam, paper, attempt.newest, holding)
    points, possible = found.tally()
    deductions = _for_dropped(found)
    days = days_late(exam.policy, paper.extra_time, attempt.received_at)
    percent = min(100.0, days * exam.policy.late_per_day)
    if percent:
        lost = round(points * percent / 100, 10)
        values = {"days": str(days), "percent": f"{percent:g}"}
        deductions.append(Deduction(points=lost, reason=Reason(phrase="deducted-late", values=values)))
        late_points = round(points - lost, 10)
    else:
        late_points = points
    verdicts = tuple(found.verdicts.values())
    return Score(
        student=paper.student,
        points=late_points,
        possible=possible,
        grading=replace(attempt.newest.grading, verdicts=verdicts, points=points, possible=possible),
        attempt=attempt.number,
        counted=(attempt.number,),
        deductions=tuple(deductions),
    )


def _for_dropped(found: Standing) -> list[Deduction]:
    return [
        Deduction(
            points=found.verdicts[number].points,
            reason=Reason(phrase="deducted-dropped", values={"item": str(number)}),
        )
        for number in sorted(found.dropped & found.verdicts.keys())
    ]


def _mean(graded: Sequence[Score]) -> Score:
    """Average the attempts' points; shown is the last one."""
    shown = graded[-1]
    if len(graded) == 1:
        return shown
    points = round(sum(s.points for s in graded) / len(graded), 10)
    numbers = tuple(s.attempt for s in graded)
    reason = Reason(phrase="deducted-average", values={"attempts": ", ".join(map(str, numbers))})
    return replace(
        shown,
        points=points,
        possible=sum(s.possible for s in graded) / len(graded),
        counted=numbers,
        deductions=(*shown.deductions, Deduction(points=round(shown.points - points, 10), reason=reason)),
    )


def time_received(policy: Policy, text: str | None, new: int, now: datetime) -> datetime:
    """Read when hand-ins came; where lateness would cost points, the time of grading is no stand-in for it."""
    if text is None:
        late = policy.deadline is not None and now > policy.deadline
        if new and late and policy.late_per_day:
            raise InstructorError(
                f"the deadline was {policy.deadline} and lateness costs points: say with --received when the "
                f"{new} new hand-ins came"
            )
        return now
    try:
        time = datetime.fromisoformat(text)
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (OverflowError, ValueError):
        raise InstructorError(f"--received is {text!r}, wanted the like of 2026-11-30T18:00+01:00") from None
