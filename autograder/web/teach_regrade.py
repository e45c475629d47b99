"""Counting something differently: asked for, shown as a dry run, and entered into the ledger just as it was shown."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from starlette.responses import Response

from autograder.ledger import Entry
from autograder.regrade import Move, Plan, Wish, change_of, listed_mistakes, propose, standing_entries
from autograder.reports.regrades import change_in_words, plan_json
from autograder.web.call import Call, RefusedError, see_other
from autograder.web.moment import clock
from autograder.web.teach_live import address, worth
from quizgen.errors import InstructorError, OperatorError
from quizgen.model import CodeBody, Exam, Language
from quizgen.wording.phrases import in_words, phrase

ASKED = ("kind", "item", "mistake", "student", "key", "entry", "never_lower")
"""Fields that say what is to count differently; a dry run carries them on."""
LONGEST = 2_000
"""Characters of a reason or a key."""


@dataclass(frozen=True, kw_only=True)
class ItemChoice:
    """One number of the papers: what it may be, which mistakes its words know, and whether it has a key to type."""

    number: int
    title: str
    mistakes: tuple[str, ...]
    has_key: bool


@dataclass(frozen=True, kw_only=True)
class EntryLine:
    """One entry of the ledger in words; what holds can be undone."""

    number: int
    at: str
    by: str
    reason: str
    what: str
    holds: bool


@dataclass(frozen=True, kw_only=True)
class MoveLine:
    """One student who moves: `way` is up, down or level."""

    student: str
    name: str
    address: str
    before: str
    after: str
    way: str
    why: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PlanView:
    """A dry run in words; `stamp` changes with anything that is shown."""

    what: str
    moves: tuple[MoveLine, ...]
    totals: str
    means: str
    stamp: str


def overview(call: Call, fault: str = "") -> Response:
    """Show what can be counted differently, and the ledger."""
    return call.page(
        "teach_regrade.html.j2",
        status=400 if fault else 200,
        tab="teach-regrade",
        items=item_choices(call.site.exam, call.language),
        entries=entry_lines(call),
        papers=call.site.exam.papers,
        asked=_asked(call.form),
        fault=fault,
    )


def show(call: Call) -> Response:
    """Show a dry run."""
    try:
        return _shown(call, _plan(call))
    except InstructorError as error:
        return overview(call, str(error))


def apply(call: Call) -> Response:
    """Enter it into the ledger, if it would still do exactly what was shown."""
    try:
        return _entered(call, _plan(call))
    except InstructorError as error:
        return overview(call, str(error))


def _entered(call: Call, found: Plan) -> Response:
    if call.form.get("stamp") != stamp_of(found):
        return _shown(call, found, notice="teach-plan-moved")
    if not found.entry.reason:
        return _shown(call, found, notice="teach-reason-missing")
    try:
        call.site.store.add_entry(found.entry)
    except OperatorError:
        if len(call.site.store.entries()) + 1 == found.entry.number:
            raise  # the ledger is as it was: the database itself refuses
        return _shown(call, _plan(call), notice="teach-plan-moved")
    return see_other("/teach/regrade#ledger")


def wish_of(form: Mapping[str, str]) -> Wish:
    """Read what a form asks for."""
    match form.get("kind"):
        case "drop-item":
            return Wish(drop=_number(form["item"]))
        case "full-marks":
            return Wish(item=_number(form["item"]), full_marks=True)
        case "accept-mistake":
            number, _, mistake = form["mistake"].partition(":")
            return Wish(item=_number(number), mistake=mistake)
        case "new-key":
            return Wish(item=_number(form["item"]), student=form["student"], key=form["key"].strip())
        case "undo":
            return Wish(undo=_number(form["entry"]))
        case _:
            raise RefusedError(400, "page-not-a-form")


def stamp_of(found: Plan) -> str:
    """Return a digest of all that a dry run shows."""
    shown = (msgspec.to_builtins(found.entry.change), plan_json(found))
    return hashlib.sha256(msgspec.json.encode(shown, order="deterministic")).hexdigest()


def item_choices(exam: Exam, language: Language) -> list[ItemChoice]:
    """List the items that the papers have, by number; where papers differ, with all their questions."""
    found: dict[int, dict[str, bool]] = {}
    for paper in exam.papers:
        for item in paper.items:
            is_code = isinstance(item.variant.body, CodeBody)
            found.setdefault(item.number, {})[item.variant.question] = not is_code
    return [
        ItemChoice(
            number=number,
            title=" / ".join(exam.questions[q].titles.get(language, q) for q in questions),
            mistakes=tuple(sorted({m for q in questions for m in listed_mistakes(exam, q)})),
            has_key=any(questions.values()),
        )
        for number, questions in sorted(found.items())
    ]


def entry_lines(call: Call) -> list[EntryLine]:
    """Write the ledger, oldest entry first."""
    entries = call.site.store.entries()
    holding = standing_entries(entries)
    return [
        EntryLine(
            number=e.number,
            at=clock(e.at, call.now),
            by=e.by,
            reason=e.reason,
            what=_in_words(e, call.language),
            holds=e.number in holding,
        )
        for e in entries
    ]


def _plan(call: Call) -> Plan:
    store = call.site.store
    entries, attempts = store.entries(), store.attempts()
    return propose(
        call.site.exam,
        attempts,
        entries,
        change_of(wish_of(_asked(call.form)), call.site.exam, entries),
        at=call.now,
        by=call.form.get("by", "").strip()[:LONGEST],
        reason=call.form.get("reason", "").strip()[:LONGEST],
        never_lower=call.form.get("never_lower") == "1",
    )


def _shown(call: Call, found: Plan, notice: str = "") -> Response:
    return call.page(
        "teach_plan.html.j2",
        status=409 if notice else 200,
        tab="teach-regrade",
        plan=view_of(found, call.language),
        asked=_asked(call.form),
        reason=found.entry.reason,
        by=found.entry.by,
        notice=notice,
    )


def view_of(found: Plan, language: Language) -> PlanView:
    """Write a dry run."""
    level = len(found.moves) - found.raised - found.lowered
    totals = phrase(
        "teach-plan-totals", language, up=found.raised, down=found.lowered, level=level, scored=found.scored
    )
    means = ""
    if found.mean_before is not None and found.mean_after is not None:
        means = phrase(
            "teach-plan-means", language, before=f"{100 * found.mean_before:.1f}", after=f"{100 * found.mean_after:.1f}"
        )
    moves = tuple(
        MoveLine(
            student=m.student,
            name=m.name,
            address=address(m.student),
            before=worth(m.before.points, m.before.possible),
            after=worth(m.after.points, m.after.possible),
            way=_way(m),
            why=tuple(
                phrase("teach-why-item", language, item=item, why=in_words(reason, language))
                if item
                else in_words(reason, language)
                for item, reason in m.why
            ),
        )
        for m in found.moves
    )
    return PlanView(
        what=_in_words(found.entry, language), moves=moves, totals=totals, means=means, stamp=stamp_of(found)
    )


def _way(move: Move) -> str:
    before, after = move.before.share, move.after.share
    return "level" if after == before else "up" if after > before else "down"


def _in_words(entry: Entry, language: Language) -> str:
    lower = phrase("change-never-lower", language) if entry.never_lower else ""
    return change_in_words(entry.change, language) + lower


def _asked(form: Mapping[str, str]) -> dict[str, str]:
    return {name: form.get(name, "")[:LONGEST] for name in ASKED}


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 7):
        raise RefusedError(400, "page-not-a-form")
    return int(text)
