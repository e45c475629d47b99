"""Fairness: whether what was drawn made an item harder for some than for others; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from autograder.reports.estimates import Estimate, share
from autograder.reports.gradebook import Gradebook
from autograder.reports.item_analysis import Answer, answers
from quizgen.model import Status, Value

MOST_LEVELS = 6
"""A number that was drawn in more ways than this is divided into thirds."""
QUESTION, LANGUAGE = "@question", "@language"
"""Names of factors that are not drawn numbers."""


@dataclass(frozen=True, kw_only=True)
class Level:
    """The students who got one value, or one third of the values, of what was drawn."""

    label: str
    students: int
    correct: int
    share: Estimate


@dataclass(frozen=True, kw_only=True)
class Factor:
    """One thing that differs between papers; `uneven` where the intervals of two levels do not overlap."""

    number: int
    question: str
    name: str
    levels: tuple[Level, ...]

    @property
    def uneven(self) -> bool:
        """Say whether the levels differ by more than chance explains."""
        return any(a.share.apart_from(b.share) for a, b in combinations(self.levels, 2))


def fairness(book: Gradebook) -> tuple[Factor, ...]:
    """Compare difficulty by drawn number, by language and, where an item varies, by question.

    Only what splits the class into at least two parts with enough students is compared.
    """
    slots: dict[int, list[Answer]] = {}
    for answer in answers(book):
        slots.setdefault(answer.item.number, []).append(answer)
    return tuple(factor for number, found in sorted(slots.items()) for factor in _factors(number, found))


def _factors(number: int, found: Sequence[Answer]) -> Iterator[Factor]:
    yield from _compared(number, "", QUESTION, [(a.item.variant.question, a) for a in found])
    questions = sorted({a.item.variant.question for a in found})
    for question in questions:
        same = [a for a in found if a.item.variant.question == question]
        yield from _compared(number, question, LANGUAGE, [(a.row.paper.language, a) for a in same])
        drawn: dict[str, list[tuple[Value, Answer]]] = {}
        for answer in same:
            for name, value in features(answer.item.variant.givens).items():
                drawn.setdefault(name, []).append((value, answer))
        for name, values in sorted(drawn.items()):
            yield from _compared(number, question, name, values)


def features(givens: Mapping[str, Value]) -> dict[str, Value]:
    """Return what of the givens can be compared: single values, and of arrays the size and the negative numbers."""
    found: dict[str, Value] = {}
    for name, value in givens.items():
        if isinstance(value, bool | int | float | str):
            found[name] = value
        elif isinstance(value, list) and (array := _numbers(value)) is not None:
            found[f"{name}: n"] = array.size
            found[f"{name} < 0: n"] = int((array < 0).sum())
    return found


def _numbers(value: Value) -> Any:
    try:
        return np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        return None


def _compared(number: int, question: str, name: str, values: Sequence[tuple[Value, Answer]]) -> Iterator[Factor]:
    labels = _labels([value for value, _ in values])
    groups: dict[str, list[Answer]] = {}
    for value, answer in values:
        groups.setdefault(labels[value], []).append(answer)
    levels = tuple(_level(label, groups[label]) for label in dict.fromkeys(labels.values()))
    if sum(level.share.enough for level in levels) > 1:
        yield Factor(number=number, question=question, name=name, levels=levels)


def _labels(values: Sequence[Value]) -> dict[Value, str]:
    """Name each value's level, in order; many numbers are divided into three about equal parts of the class."""
    distinct = sorted(set(values), key=lambda v: (isinstance(v, str), v))
    if len(distinct) <= MOST_LEVELS:
        return {v: f"{v:g}" if isinstance(v, float) else str(v) for v in distinct}
    if isinstance(distinct[-1], str):
        return dict.fromkeys(distinct, "")
    cuts = np.quantile(np.array(values, dtype=np.float64), [1 / 3, 2 / 3])
    parts = [[v for v in distinct if int(np.searchsorted(cuts, v, side="left")) == i] for i in range(3)]
    return {v: f"{part[0]:g} … {part[-1]:g}" for part in parts for v in part}


def _level(label: str, found: Sequence[Answer]) -> Level:
    correct = sum(a.verdict.status is Status.CORRECT for a in found)
    return Level(label=label, students=len(found), correct=correct, share=share(correct, len(found)))
