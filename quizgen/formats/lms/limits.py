"""What a platform cannot express of an item, and what its own rule gives instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from quizgen.formats.lms.entries import Entry
from quizgen.formats.lms.fields import Part, parts
from quizgen.formats.lms.mistakes import wrongs
from quizgen.formats.lms.responses import Response, chosen, steps
from quizgen.marking.concept import share_of
from quizgen.model import CodeBody, ConceptBody, ConceptDetail, ConceptKey, Key, NumericBody, Select, Status, Verdict


class Order(StrEnum):
    """How a platform credits a sequence; ours is the longest run in the right order, beyond the first element."""

    WHOLE = "only the whole sequence earns credit"
    LONGEST = "the longest run in the right order earns its share, the first element included"
    PLACES = "every element in its right place earns its share"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one platform can do; `beyond_guess`: cells count only beyond the best constant answer, as with us.

    `wrong_costs_one`: of several choices, a wrong one costs what a right one earns, however few of them are wrong.
    """

    order: Order
    wrong_costs_one: bool = False
    beyond_guess: bool = False
    names_mistakes: bool = False
    runs_code: bool = False


def lost(entry: Entry, limits: Limits) -> tuple[str, ...]:
    """Say what is lost of one entry."""
    body = entry.item.variant.body
    match body:
        case NumericBody():
            return tuple(_lost_numeric(entry, limits))
        case ConceptBody():
            return tuple(_lost_concept(body, entry.key, limits))
        case CodeBody() if limits.runs_code:
            return ("the function runs beside its frozen cases, without our sandbox or clock; mistakes are not named",)
        case CodeBody():
            return ("the function is handed in as text and not run: mark it by hand",)


def _lost_numeric(entry: Entry, limits: Limits) -> list[str]:
    found = []
    names = {part.field.name for part in parts(entry)}
    program = entry.solver.program if entry.solver is not None else None
    if program is None:
        found.append("the question has changed since: steps weigh the same and mistakes are not named")
    elif any(program.ancestors(name) & names for name in names):
        found.append("a slip costs every step after it (no follow-through)")
    if not limits.beyond_guess and any(_generous(part) for part in parts(entry)):
        found.append("every right cell earns its share, also those that one constant answer gets right")
    if wrongs(entry) and not limits.names_mistakes:
        found.append("mistakes are not named")
    elif len(wrongs(entry)) > 1:
        found.append("two mistakes made together are not named")
    return found


def _lost_concept(body: ConceptBody, key: Key, limits: Limits) -> list[str]:
    if body.select is Select.ORDER:
        return [] if body.all_or_nothing and limits.order is Order.WHOLE else [limits.order.value]
    if body.all_or_nothing and body.select is not Select.ONE and not limits.beyond_guess:
        return ["a part of the right choices earns its share, though only all of them should"]
    if limits.wrong_costs_one and body.select is Select.SEVERAL and isinstance(key, ConceptKey):
        few = len(body.options) - len(key.right) < len(key.right)
        return ["choosing everything earns something, for few options are wrong"] if few else []
    return []


def _generous(part: Part) -> bool:
    return part.guess > 0


def credit(entry: Entry, response: Response, limits: Limits) -> float:
    """Return the share that a response earns by the platform's rule, from our own marking by the key alone."""
    if isinstance(entry.key, ConceptKey):
        return _concept_credit(entry, entry.key, chosen(entry, response), limits)
    marked = steps(entry, response, follow=False)
    if limits.beyond_guess:
        return _weighed(entry, [step.credit for step in marked])
    return _weighed(entry, [_count(s.cells) / len(p.cells) for s, p in zip(marked, parts(entry), strict=True)])


def our_credit(entry: Entry, response: Response) -> float:
    """Return the share that a response earns with us."""
    if isinstance(entry.key, ConceptKey):
        return chosen(entry, response).credit
    marked = steps(entry, response, follow=False)
    if len(marked) > 1 and any(step.status is not Status.CORRECT for step in marked):
        marked = steps(entry, response, follow=True)
    return _weighed(entry, [step.credit for step in marked])


def _weighed(entry: Entry, shares: Sequence[float]) -> float:
    weights = [part.weight for part in parts(entry)]
    return sum(w * c for w, c in zip(weights, shares, strict=True)) / sum(weights)


def _count(cells: object) -> int:
    return sum(_count(c) for c in cells) if isinstance(cells, list) else int(bool(cells))


def _concept_credit(entry: Entry, key: ConceptKey, verdict: Verdict, limits: Limits) -> float:
    body = entry.item.variant.body
    if not isinstance(body, ConceptBody) or not isinstance(verdict.detail, ConceptDetail):
        return 0.0
    if body.select is Select.SEVERAL and limits.wrong_costs_one:
        ticked, right = set(verdict.detail.chosen), set(key.right)
        return max(0.0, (len(ticked & right) - len(ticked - right)) / len(right))
    if body.select is not Select.ORDER:
        return verdict.credit if limits.beyond_guess else share_of(body, key, verdict.detail.chosen)
    count = len(key.right)
    match limits.order:
        case Order.WHOLE:
            return float(verdict.credit == 1)
        case Order.LONGEST:
            longest = round(share_of(body, key, verdict.detail.chosen) * (count - 1)) + 1
            return longest / count if longest > 1 else 0.0
        case Order.PLACES:
            return sum(c == r for c, r in zip(verdict.detail.chosen, key.right, strict=True)) / count
