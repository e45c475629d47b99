"""Planning a regrade: what is to count differently, checked against the exam, and who would move."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from autograder.ledger import (
    AcceptMistake,
    Attempt,
    Change,
    DropItem,
    Entry,
    FullMarks,
    ItemKey,
    NewKey,
    Place,
    Undo,
    in_force,
)
from autograder.scores import Score, final_scores
from quizgen.blueprint import read_text
from quizgen.errors import InstructorError
from quizgen.marking.concept import read_letters
from quizgen.marking.numeric import fit
from quizgen.marking.reading import UnreadableError, read
from quizgen.model import (
    CodeKey,
    ConceptBody,
    ConceptKey,
    Exam,
    Item,
    Key,
    NumericBody,
    NumericKey,
    Paper,
    Reason,
    Select,
    StepKey,
    Verdict,
)
from quizgen.wording.phrases import in_words

OPTION_NUMBERS = re.compile(r"\s*\d+(\s*,\s*\d+)*\s*")
NO_MISTAKES = frozenset({"stem", "solution", "options", "pairs", "sequence"})
"""Sections of a question's words that are never about a mistake."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What an instructor asks to count differently, as typed: one thing, at a place that `item` and `question` name."""

    item: int | None = None
    question: str = ""
    student: str = ""
    key: str | None = None
    keys: Path | None = None
    mistake: str | None = None
    drop: int | None = None
    full_marks: bool = False
    undo: int | None = None

    @property
    def place(self) -> Place:
        """Return which items are meant."""
        return Place(item=self.item or 0, question=self.question)


@dataclass(frozen=True, kw_only=True)
class Move:
    """One student whose score or verdicts a regrade changes; `why` names the items."""

    student: str
    name: str
    before: Score
    after: Score
    why: tuple[tuple[int, Reason], ...]


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a change does to scores: who moves, and the class's mean share before and after."""

    moves: tuple[Move, ...]
    scored: int
    mean_before: float | None
    mean_after: float | None

    @property
    def raised(self) -> int:
        """Count whose share of the points rises."""
        return sum(m.after.share > m.before.share for m in self.moves)

    @property
    def lowered(self) -> int:
        """Count whose share of the points falls."""
        return sum(m.after.share < m.before.share for m in self.moves)


@dataclass(frozen=True, kw_only=True)
class Plan(Effect):
    """What an entry of the ledger would do."""

    entry: Entry


def plan(exam: Exam, attempts: Sequence[Attempt], entries: Sequence[Entry], entry: Entry) -> Plan:
    """Compare everybody's score without and with one more entry."""
    before = final_scores(exam, attempts, entries)
    after = final_scores(exam, attempts, (*entries, entry))
    return Plan(entry=entry, **vars(effect(exam, before, after)))


def effect(exam: Exam, before: Mapping[str, Score], after: Mapping[str, Score]) -> Effect:
    """Compare everybody's score before and after."""
    moves = tuple(
        Move(student=paper.student, name=paper.name, before=was, after=now, why=_why(was, now))
        for paper in exam.papers
        if (was := before.get(paper.student)) and _differs(was, now := after[paper.student])
    )
    return Effect(moves=moves, scored=len(before), mean_before=_mean_share(before), mean_after=_mean_share(after))


def propose(  # noqa: PLR0913 - all that an entry holds, by keyword
    exam: Exam,
    attempts: Sequence[Attempt],
    entries: Sequence[Entry],
    change: Change,
    *,
    at: datetime,
    by: str = "",
    reason: str = "",
    never_lower: bool = False,
) -> Plan:
    """Plan a change as the ledger's next entry."""
    number = len(entries) + 1
    entry = Entry(number=number, at=at, by=by, reason=reason, change=change, never_lower=never_lower)
    return plan(exam, attempts, entries, entry)


def change_of(wish: Wish, exam: Exam, entries: Sequence[Entry]) -> Change:
    """Check a wish against the exam and the ledger, and return the change that it comes to."""
    if wish.key is not None:
        return new_key(exam, wish.place, {wish.student: wish.key} if wish.student else wish.key)
    if wish.keys is not None:
        return new_key(exam, wish.place, read_keys(wish.keys))
    if wish.mistake is not None:
        return accept_mistake(exam, wish.place, wish.mistake)
    if wish.drop is not None:
        return drop_item(exam, wish.drop)
    if wish.undo is not None:
        return undo(entries, wish.undo)
    if wish.full_marks:
        return full_marks(exam, wish.place)
    raise InstructorError("nothing was said that is to count differently")


def kind(change: Change) -> str:
    """Name the kind of a change as the command line does."""
    return str(change.__struct_config__.tag)


def drop_item(exam: Exam, number: int) -> DropItem:
    """Plan that an item does not count."""
    place = Place(item=number)
    items_at(exam, place)
    return DropItem(place=place)


def full_marks(exam: Exam, place: Place) -> FullMarks:
    """Plan that everybody who handed in gets all points of the items meant."""
    items_at(exam, _named(place, "--full-marks"))
    return FullMarks(place=place)


def accept_mistake(exam: Exam, place: Place, name: str) -> AcceptMistake:
    """Plan that a listed mistake counts as right, on the items meant or wherever it can be made."""
    questions = {i.variant.question for _, i in items_at(exam, place)}
    listed = {n for q in questions for n in listed_mistakes(exam, q)}
    if name not in listed:
        raise InstructorError(f"no mistake {name!r} there; there are {', '.join(sorted(listed)) or 'none'}")
    return AcceptMistake(place=place, mistake=name)


def undo(entries: Sequence[Entry], number: int) -> Undo:
    """Plan that an entry no longer holds."""
    if number not in {e.number for e in entries}:
        raise InstructorError(f"no entry {number} in the ledger; it has {len(entries)}")
    if number not in standing_entries(entries):
        raise InstructorError(f"entry {number} is undone already")
    return Undo(entry=number)


def standing_entries(entries: Sequence[Entry]) -> set[int]:
    """Return the numbers of the entries that hold, undoings among them: those that can be undone."""
    undoing = {e.number for e in entries if isinstance(e.change, Undo)} - _undone(entries)
    return {e.number for e in in_force(entries)} | undoing


def new_key(exam: Exam, place: Place, texts: Mapping[str, str] | str) -> NewKey:
    """Plan another key: one for every paper, or one for each student named."""
    found = items_at(exam, _named(place, "--key"))
    if isinstance(texts, str):
        _check_alike(found, texts)
        wanted = {paper.student: texts for paper, _ in found}
    else:
        wanted = dict(texts)
        strangers = sorted(wanted.keys() - {p.student for p, _ in found})
        if strangers:
            raise InstructorError(f"student {strangers[0]!r} has no such item on the paper")
    keys: dict[str, tuple[ItemKey, ...]] = {}
    for paper, item in found:
        if paper.student in wanted:
            key = read_key(exam, paper, item, wanted[paper.student])
            keys[paper.student] = (*keys.get(paper.student, ()), ItemKey(item=item.number, key=key))
    return NewKey(place=place, keys=keys)


def read_keys(path: Path) -> dict[str, str]:
    """Read a CSV with the columns student and key."""
    rows = csv.DictReader(io.StringIO(read_text(path)), strict=True)
    try:
        missing = [c for c in ("student", "key") if c not in (rows.fieldnames or ())]
        if missing:
            raise InstructorError(f"{path}:1: no column {missing[0]!r}; the first line must name student and key")
        return {(row["student"] or "").strip(): (row["key"] or "").strip() for row in rows}
    except csv.Error as error:
        raise InstructorError(f"{path}:{rows.reader.line_num}: {error}") from None


def read_key(exam: Exam, paper: Paper, item: Item, text: str) -> Key:
    """Read a key as it is typed: `0.4, -1.4`, `step=0.4; other=2`, `B`, `A, C`, or `2, 5` for options of the pool."""
    where = f"key of item {item.number} on the paper of {paper.student}"
    at = [i.number for i in paper.items].index(item.number)
    old, body = exam.keys[paper.student][at], item.variant.body
    try:
        match old, body:
            case NumericKey(), NumericBody():
                return _numeric_key(item, old, text, where)
            case ConceptKey(), ConceptBody():
                return ConceptKey(right=_concept_key(body, text, where))
            case _:
                assert isinstance(old, CodeKey)  # noqa: S101 - keys and bodies are of one kind
    except UnreadableError as error:
        raise InstructorError(f"{where}: {in_words(error.reason, 'en')}") from None
    raise InstructorError(f"{where}: code has no key; there are --question-version, --accept-mistake and --full-marks")


def items_at(exam: Exam, place: Place) -> list[tuple[Paper, Item]]:
    """List the papers with the items meant; there must be some."""
    found = [(paper, item) for paper in exam.papers for item in paper.items if place.holds(item)]
    if not found:
        wanted = " ".join(filter(None, (f"item {place.item}" if place.item else "", place.question)))
        questions = ", ".join(sorted(exam.questions))
        most = max((i.number for p in exam.papers for i in p.items), default=0)
        raise InstructorError(f"no {wanted} in this exam: items are 1 to {most}, questions {questions}")
    return found


def _named(place: Place, option: str) -> Place:
    if place == Place():
        raise InstructorError(f"{option} needs --item or --question: which one is meant?")
    return place


def listed_mistakes(exam: Exam, question: str) -> set[str]:
    """Name the mistakes of a question that its words know."""
    record = exam.questions[question]
    bodies = (i.variant.body for p in exam.papers for i in p.items if i.variant.question == question)
    body = next(bodies)
    steps = {f.name for f in body.fields} if isinstance(body, NumericBody) else set()
    sections = {name for words in record.words.values() for name in words}
    return sections - NO_MISTAKES - steps - {g.name for g in record.groups}


def _undone(entries: Sequence[Entry]) -> set[int]:
    undone: set[int] = set()
    for entry in reversed(entries):
        if isinstance(entry.change, Undo) and entry.number not in undone:
            undone.add(entry.change.entry)
    return undone


def _check_alike(found: Sequence[tuple[Paper, Item]], text: str) -> None:
    """Refuse one key for papers on which it would mean different things."""
    bodies = {item.variant.body for _, item in found}
    if any(isinstance(b, ConceptBody) for b in bodies) and OPTION_NUMBERS.fullmatch(text):
        return
    first = found[0][1].variant
    if any((i.variant.givens, i.variant.body) != (first.givens, first.body) for _, i in found):
        letters = any(isinstance(b, ConceptBody) for b in bodies)
        hint = "; or number the options as the words file lists them: --key 2" if letters else ""
        raise InstructorError(
            f"the papers differ here, so one key cannot serve all: name --student, or give --keys FILE{hint}"
        )


def _numeric_key(item: Item, old: NumericKey, text: str, where: str) -> NumericKey:
    body = item.variant.body
    assert isinstance(body, NumericBody)  # noqa: S101 - checked by the caller
    fields = {f.name: f for f in body.asked(item.ask)}
    radii = {s.name: s.radius for s in old.steps}
    steps = []
    for part in filter(str.strip, text.split(";")):
        name, value = (s.strip() for s in part.split("=", 1)) if "=" in part else ("", part)
        if not name and len(fields) == 1:
            name = next(iter(fields))
        if name not in fields:
            raise InstructorError(f"{where}: {part.strip()!r} names no step; wanted the like of {next(iter(fields))}=…")
        reading = read(value)
        if reading.reason is not None:
            raise InstructorError(f"{where}: {name} {in_words(reading.reason, 'en')}")
        array = None if reading.array is None else fit(reading.array, fields[name].shape)
        if array is None or not np.all(np.isfinite(array)):
            raise InstructorError(f"{where}: {name} is {value!r}, wanted numbers in the shape {fields[name].shape}")
        steps.append(StepKey(name=name, value=array.tolist(), radius=radii[name]))
    if not steps:
        raise InstructorError(f"{where}: it is empty")
    return NumericKey(steps=tuple(steps))


def _concept_key(body: ConceptBody, text: str, where: str) -> tuple[int, ...]:
    ticks = body.select in {Select.ONE, Select.SEVERAL}
    if ticks and OPTION_NUMBERS.fullmatch(text):
        numbers = {int(n) - 1 for n in text.split(",")}
        right = tuple(at for at, index in enumerate(body.options) if index in numbers)
        if not right:
            raise InstructorError(f"{where}: this paper shows none of the options {text.strip()}")
        return right
    several = ConceptBody(select=Select.SEVERAL, options=body.options) if ticks else body
    right = read_letters(text, several)
    if -1 in right:
        raise InstructorError(f"{where}: {text!r} leaves a place without a letter")
    return right


def _why(before: Score, after: Score) -> tuple[tuple[int, Reason], ...]:
    """Say item by item what moves a student; item 0 stands for the hand-in as a whole."""
    if before.attempt != after.attempt:
        return ((0, Reason(phrase="other-attempt", values={"attempt": str(after.attempt)})),)
    old = {v.item: v for v in before.grading.verdicts}
    found = [(v.item, _reason(old[v.item], v)) for v in after.grading.verdicts if _marks(old[v.item]) != _marks(v)]
    was, now = _dropped(before), _dropped(after)
    found += [(n, Reason(phrase="counts-no-more")) for n in sorted(now - was)]
    found += [(n, Reason(phrase="counts-again")) for n in sorted(was - now)]
    if _lateness(before) != _lateness(after):
        found.append((0, _lateness(after) or Reason(phrase="late-no-more")))
    return tuple(found) or ((0, Reason(phrase="other-attempts-changed")),)


def _reason(before: Verdict, after: Verdict) -> Reason:
    """Return the note that the regrade left; an undoing takes notes away."""
    new = [note for note in after.notes if note not in before.notes]
    values = {"before": f"{before.points:.4g}", "after": f"{after.points:.4g}"}
    return new[-1] if new else Reason(phrase="regraded-undo", values=values)


def _lateness(score: Score) -> Reason | None:
    return next((d.reason for d in score.deductions if d.reason.phrase == "deducted-late"), None)


def _dropped(score: Score) -> set[int]:
    return {int(d.reason.values["item"]) for d in score.deductions if d.reason.phrase == "deducted-dropped"}


def _marks(verdict: Verdict) -> tuple[str, float]:
    return verdict.status, verdict.points


def _differs(before: Score, after: Score) -> bool:
    if (before.points, before.possible) != (after.points, after.possible):
        return True
    return [_marks(v) for v in before.grading.verdicts] != [_marks(v) for v in after.grading.verdicts]


def _mean_share(scores: Mapping[str, Score]) -> float | None:
    shares = [s.share for s in scores.values() if s.possible]
    return sum(shares) / len(shares) if shares else None
