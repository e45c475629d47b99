"""One student's history: every score there was, and what changed it; worked out anew from what is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.ledger import AcceptMistake, Attempt, Entry, Marked, Place, Undo, in_force
from autograder.regrade import kind
from autograder.reports.regrades import worth
from autograder.scores import Score, score_of
from quizgen.model import Exam, Paper
from quizgen.policy import TermsChange
from quizgen.terms import exam_at
from quizgen.wording.phrases import in_words

Thing = Attempt | Marked | TermsChange | Entry
Happening = tuple[datetime, int, Thing]


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened (`thing`), and the score after it: None while what counts is not graded."""

    at: datetime
    thing: Thing
    what: str
    by: str
    reason: str
    score: Score | None


def history_of(exam: Exam, paper: Paper, attempts: Sequence[Attempt], entries: Sequence[Entry]) -> tuple[Event, ...]:
    """Tell hand-ins, gradings and entries in their order, each with the score that held afterwards."""
    events, seen_attempts, seen_gradings, seen_entries = [], 0, set(), list[Entry]()
    for at, _, thing in sorted(_happenings(exam, attempts, entries), key=lambda h: h[:2]):
        match thing:
            case Attempt():
                seen_attempts = thing.number
            case Marked():
                seen_gradings.add(thing.id)
            case TermsChange():
                pass
            case Entry():
                seen_entries.append(thing)
        known = [
            replace(a, gradings=tuple(g for g in a.gradings if g.id in seen_gradings))
            for a in attempts
            if a.number <= seen_attempts
        ]
        then = exam_at(exam, at)
        own = then.paper_of(paper.student) or paper
        score = score_of(then, own, known, in_force(seen_entries)) if known else None
        by, reason = (thing.by, thing.reason) if isinstance(thing, Entry | TermsChange) else ("", "")
        events.append(Event(at=at, thing=thing, what=_what(thing), by=by, reason=reason, score=score))
    return tuple(events)


def history_json(paper: Paper, events: Sequence[Event]) -> dict[str, Any]:
    """Return what `autograder history --json` prints."""
    return {
        "student": paper.student,
        "name": paper.name,
        "events": [
            {
                "at": e.at.isoformat(),
                "what": e.what,
                "by": e.by,
                "reason": e.reason,
                "points": e.score.points if e.score else None,
                "possible": e.score.possible if e.score else None,
                "deductions": _deductions(e.score),
            }
            for e in events
        ],
    }


def print_history(paper: Paper, events: Sequence[Event], out: Console) -> None:
    """Print one line per event, then what the score lacks and why."""
    table = Table(title=Text(f"{paper.student} {paper.name}"), title_justify="left", box=None, pad_edge=False)
    table.add_column("when (UTC)", no_wrap=True)
    table.add_column("score", justify="right", no_wrap=True)
    for heading in ("what", "by", "reason"):
        table.add_column(heading)
    for e in events:
        score = worth(e.score) if e.score else "–"
        table.add_row(*(Text(cell) for cell in (f"{e.at:%Y-%m-%d %H:%M:%S}", score, e.what, e.by, e.reason)))
    out.print(table)
    for found in _deductions(events[-1].score if events else None):
        out.print(Text(f"{found['why']}: −{found['points']:.4g}"))
    if not events:
        out.print("nothing was handed in")


def _happenings(exam: Exam, attempts: Sequence[Attempt], entries: Sequence[Entry]) -> list[Happening]:
    """List everything with its time; a grading, whose clock is coarser, never stands before its hand-in."""
    found: list[Happening] = [(a.received_at, 0, a) for a in attempts]
    gradings: dict[int, Happening] = {}
    for attempt in attempts:
        for marked in attempt.gradings:
            at = datetime.fromisoformat(marked.grading.graded_at)
            gradings.setdefault(marked.id, (max(at, attempt.received_at), 1, marked))
    changes: list[Happening] = [(c.at, 2, c) for c in exam.changes]
    return [*found, *gradings.values(), *changes, *((e.at, 2, e) for e in entries)]


def _what(thing: Thing) -> str:
    match thing:
        case Attempt(number=number):
            return f"handed in (attempt {number})"
        case Marked(grading=grading):
            return f"graded by {grading.program}, sandbox level {grading.level}: {grading.points:.4g} points"
        case TermsChange():
            return "other terms: see `autograder policy`"
        case Entry(change=Undo(entry=entry)):
            return f"entry {thing.number}: undo entry {entry}"
        case Entry(change=change):
            assert not isinstance(change, Undo)  # noqa: S101 - the case above
            mistake = f" {change.mistake}" if isinstance(change, AcceptMistake) else ""
            lower = ", never lower" if thing.never_lower else ""
            return f"entry {thing.number}: {kind(change)}{mistake}{_where(change.place)}{lower}"


def _where(place: Place) -> str:
    return (f", item {place.item}" if place.item else "") + (f", {place.question}" if place.question else "")


def _deductions(score: Score | None) -> list[dict[str, Any]]:
    if score is None:
        return []
    return [{"points": d.points, "why": in_words(d.reason, "en")} for d in score.deductions]
