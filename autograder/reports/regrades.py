"""What a regrade would do, or has done: who moves, from what to what, and why."""

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.ledger import AcceptMistake, Change, Place, Undo
from autograder.regrade import Effect, Move, Plan, kind
from autograder.scores import Score
from quizgen.model import Language
from quizgen.wording.phrases import in_words, phrase


def plan_json(found: Plan) -> dict[str, Any]:
    """Return what `autograder regrade --json` prints."""
    return {
        "entry": found.entry.number,
        "kind": kind(found.entry.change),
        "never_lower": found.entry.never_lower,
        "scored": found.scored,
        "raised": found.raised,
        "lowered": found.lowered,
        "mean_before": found.mean_before,
        "mean_after": found.mean_after,
        "moves": [_move_json(move) for move in found.moves],
    }


def print_plan(found: Plan, out: Console, *, applied: bool) -> None:
    """Print one line per student who moves, then the totals."""
    print_effect(found, out)
    number = found.entry.number
    if applied:
        out.print(Text(f"Applied as entry {number}; undo it with --undo {number}.", style="bold"))
    else:
        out.print(Text('A dry run: nothing is stored. Do it with --apply --reason "…".', style="bold"))


def print_effect(found: Effect, out: Console) -> None:
    """Print who moves, one line each, and the totals."""
    if found.moves:
        out.print(_table(found))
    out.print(Text(_totals(found)))


def change_in_words(change: Change, language: Language) -> str:
    """Say what is to count differently."""
    match change:
        case Undo(entry=entry):
            return phrase("change-undo", language, entry=entry)
        case AcceptMistake(place=place, mistake=mistake):
            name = mistake.replace("_", " ")
            return phrase("change-accept-mistake", language, place=_place(place, language), mistake=name)
        case _:
            return phrase(f"change-{kind(change)}", language, place=_place(change.place, language))


def _place(place: Place, language: Language) -> str:
    item = phrase("change-at-item", language, item=place.item) if place.item else ""
    return " · ".join(filter(None, (item, place.question))) or phrase("change-everywhere", language)


def worth(score: Score) -> str:
    """Write points over possible points."""
    return f"{score.points:.4g} / {score.possible:.4g}"


def _table(found: Effect) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("student", no_wrap=True)
    table.add_column("name")
    table.add_column("before", justify="right", no_wrap=True)
    table.add_column("after", justify="right", no_wrap=True)
    table.add_column("why")
    for move in found.moves:
        cells = (move.student, move.name, worth(move.before), worth(move.after), "\n".join(_why(move)))
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _totals(found: Effect) -> str:
    means = ""
    if found.mean_before is not None and found.mean_after is not None:
        means = f", mean {found.mean_before:.1%} → {found.mean_after:.1%}"
    level = len(found.moves) - found.raised - found.lowered
    return f"\n{found.raised} up, {found.lowered} down, {level} otherwise changed, of {found.scored} scored{means}"


def _why(move: Move) -> list[str]:
    texts = [(item, in_words(reason, "en")) for item, reason in move.why]
    return [f"item {item}: {text}" if item else text for item, text in texts]


def _move_json(move: Move) -> dict[str, Any]:
    return {
        "student": move.student,
        "name": move.name,
        "points_before": move.before.points,
        "possible_before": move.before.possible,
        "points_after": move.after.points,
        "possible_after": move.after.possible,
        "why": [{"item": item, "reason": in_words(reason, "en")} for item, reason in move.why],
    }
