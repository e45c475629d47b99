"""Responses that an export is tried with: right, rounded, one per mistake, half right, blank; marked as we mark."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from quizgen.formats.lms.entries import Entry
from quizgen.formats.lms.fields import parts
from quizgen.formats.lms.mistakes import wrongs
from quizgen.marking.concept import LETTERS, mark_concept
from quizgen.marking.numeric import Marking
from quizgen.marking.reading import Reading, read
from quizgen.model import ConceptBody, ConceptKey, NumericKey, Rounding, Select, StepVerdict, Verdict
from quizgen.wording import format_value

DIGITS = 12
"""Significant digits of a response that is not rounded."""


@dataclass(frozen=True, kw_only=True)
class Response:
    """What is entered: a text per cell, in the order shown, or the letters of a choice."""

    kind: str
    entered: tuple[str, ...]


def responses(entry: Entry) -> tuple[Response, ...]:
    """Return the responses to try; functions have none, as no platform takes them like numbers."""
    if isinstance(entry.key, ConceptKey):
        return tuple(_concept(entry, entry.key))
    return tuple(_numeric(entry)) if parts(entry) else ()


def chosen(entry: Entry, response: Response) -> Verdict:
    """Mark the letters of a concept entry."""
    if not isinstance(entry.key, ConceptKey):
        raise TypeError(f"{entry.ident} is no concept question")
    return mark_concept(entry.item, entry.key, {"answer": list(response.entered)})


@lru_cache(maxsize=4)
def steps(entry: Entry, response: Response, *, follow: bool) -> tuple[StepVerdict, ...]:
    """Mark the numbers of an entry, step by step; without `follow` by the key alone, as a platform must."""
    if not isinstance(entry.key, NumericKey):
        raise TypeError(f"{entry.ident} is no numeric question")
    solver = entry.solver if follow else None
    marking = Marking(item=entry.item, key=entry.key, readings=_readings(entry, response), solver=solver)
    return tuple(marking.step(part.field) for part in parts(entry))


@lru_cache(maxsize=4)
def _readings(entry: Entry, response: Response) -> Mapping[str, Reading]:
    """Put the cells' texts back into the shapes of their steps, and read them."""
    found, start = {}, 0
    for part in parts(entry):
        texts = np.array(response.entered[start : start + len(part.cells)], dtype=object)
        found[part.field.name] = read(texts.reshape(part.field.shape).tolist())
        start += len(part.cells)
    return found


def _numeric(entry: Entry) -> Iterator[Response]:
    exact = [f"{cell.value:.{DIGITS}g}" for part in parts(entry) for cell in part.cells]
    yield Response(kind="right", entered=tuple(exact))
    yield Response(
        kind="rounded", entered=_rounded(entry, {p.field.name: [c.value for c in p.cells] for p in parts(entry)})
    )
    for wrong in wrongs(entry):
        if _fits(entry, wrong.values):
            yield Response(kind=f"mistake: {wrong.mistake.name}", entered=_rounded(entry, wrong.values))
    half = len(exact) // 2
    off = [f"{cell.high + 1 + cell.radius:.{DIGITS}g}" for part in parts(entry) for cell in part.cells]
    yield Response(kind="half right", entered=tuple(exact[:half] + off[half:]))
    yield Response(kind="blank", entered=("",) * len(exact))


def _fits(entry: Entry, values: Mapping[str, Any]) -> bool:
    """Say whether there is one finite number for every cell."""
    arrays = [(np.asarray(values[p.field.name]), p.field.shape) for p in parts(entry)]
    return all(array.shape == shape and bool(np.isfinite(array).all()) for array, shape in arrays)


def _rounded(entry: Entry, values: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(
        _text(v, part.field.rounding) for part in parts(entry) for v in np.ravel(values[part.field.name]).tolist()
    )


def _text(value: float, rounding: Rounding) -> str:
    return format_value(value, decimals=rounding.decimals, significant=rounding.significant)


def _concept(entry: Entry, key: ConceptKey) -> Iterator[Response]:
    body = entry.item.variant.body
    if not isinstance(body, ConceptBody):
        return
    yield _letters("right", key.right)
    count = len(body.options)
    match body.select:
        case Select.ONE:
            for at in range(count):
                if at not in key.right:
                    yield _letters(f"wrong: {LETTERS[at]}", (at,))
        case Select.SEVERAL:
            wrong = [at for at in range(count) if at not in key.right]
            yield _letters("half right", key.right[: max(1, len(key.right) // 2)])
            yield _letters("one too many", (*key.right, *wrong[:1]))
            yield _letters("all", tuple(range(count)))
            yield _letters("wrong", tuple(wrong))
        case Select.MATCH:
            shown = len(body.targets)
            half = count // 2
            yield _letters("half right", (*key.right[:half], *((r + 1) % shown for r in key.right[half:])))
        case Select.ORDER:
            first, second, *rest = key.right
            yield _letters("two exchanged", (second, first, *rest))
            yield _letters("first comes last", (second, *rest, first))
            yield _letters("backwards", key.right[::-1])
    yield Response(kind="blank", entered=())


def _letters(kind: str, positions: tuple[int, ...]) -> Response:
    return Response(kind=kind, entered=tuple(LETTERS[at] for at in positions))
