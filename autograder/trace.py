"""Where numbers come from: the papers that hold them, and answers that fit another student's paper; pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import log10, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.intake import Answers
from quizgen.errors import InstructorError
from quizgen.marking.numeric import fit, within
from quizgen.marking.reading import UnreadableError, normalize, read, read_number
from quizgen.model import Exam, NumericBody, NumericKey, Paper, Value
from quizgen.wording.phrases import in_words

Array = NDArray[np.float64]

UNLIKELY = 0.01
"""Papers that would be expected to fit by chance; a pair is listed below it."""
DECIMAL = re.compile(r"[+-]?\d*(?:\.(?P<places>\d*))?(?:[eE](?P<power>[+-]?\d+))?")
EXACT = 1e-9
"""How far a number may be from a given, relative to it: givens are printed whole."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where on a paper a number stands, or should stand as an answer."""

    item: int
    name: str
    answer: bool


@dataclass(frozen=True, kw_only=True)
class Origin:
    """A paper that holds some of the numbers: number -> places; `weight` counts rare numbers for more."""

    student: str
    name: str
    code: str
    places: dict[str, tuple[Place, ...]]
    weight: float


@dataclass(frozen=True, kw_only=True)
class Borrowed:
    """Answers that are wrong on one's own paper and right on another's.

    `chance` is how many papers would be expected to fit as well if the answers had nothing to do with them, taking
    numbers as independent.
    """

    student: str
    other: str
    steps: tuple[tuple[int, str], ...]
    chance: float


def trace(exam: Exam, text: str) -> tuple[Origin, ...]:
    """Find the papers that numbers come from; the one that holds most of them, and the rarest, comes first."""
    numbers = _numbers(text)
    found = {paper.student: _holds(exam, paper, numbers) for paper in exam.papers}
    holders = {n: sum(n in places for places in found.values()) for n in numbers}
    origins = (
        Origin(
            student=paper.student,
            name=paper.name,
            code=paper.code,
            places=found[paper.student],
            weight=sum(log10(len(exam.papers) / holders[n]) for n in found[paper.student]),
        )
        for paper in exam.papers
        if found[paper.student]
    )
    return tuple(sorted(origins, key=lambda o: (-len(o.places), -o.weight)))


def _numbers(text: str) -> dict[str, tuple[float, float]]:
    """Read each number with half a unit of its last digit."""
    parts = re.split(r"[\s,;]+", text.strip())
    try:
        return {part: (read_number(part), _half_unit(part)) for part in parts if part}
    except UnreadableError as error:
        raise InstructorError(f"a number to trace {in_words(error.reason, 'en')}") from None


def _half_unit(text: str) -> float:
    """Return half a unit of a decimal's last digit; fractions, products and percentages are taken as exact."""
    found = DECIMAL.fullmatch(normalize(text))
    if found is None:
        return 0.0
    return 0.5 * float(f"1e{int(found['power'] or 0) - len(found['places'] or '')}")


def _holds(exam: Exam, paper: Paper, numbers: Mapping[str, tuple[float, float]]) -> dict[str, tuple[Place, ...]]:
    cells = list(_cells(exam, paper))
    found = {
        text: tuple(place for place, values, reach in cells if _stands(values, reach, number, half))
        for text, (number, half) in numbers.items()
    }
    return {text: places for text, places in found.items() if places}


def _stands(values: Array, reach: Array | None, number: float, half: float) -> bool:
    limit = EXACT * max(1.0, abs(number)) if reach is None else np.maximum(reach, half * (1 + EXACT))
    return bool(np.any(np.abs(values - number) <= limit))


def _cells(exam: Exam, paper: Paper) -> Iterator[tuple[Place, Array, Array | None]]:
    """Yield the numbers of a paper: its givens, and its right answers with how far from them is accepted."""
    for item, key in zip(paper.items, exam.keys[paper.student], strict=True):
        for name, value in item.variant.givens.items():
            array = _array(value)
            if array is not None:
                yield Place(item=item.number, name=name, answer=False), array, None
        for step in key.steps if isinstance(key, NumericKey) else ():
            value, radius = np.asarray(step.value, dtype=np.float64), np.asarray(step.radius, dtype=np.float64)
            yield Place(item=item.number, name=step.name, answer=True), value, radius


def _array(value: Value) -> Any:
    if isinstance(value, bool | str | dict):
        return None
    try:
        return np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        return None


@dataclass(frozen=True, kw_only=True)
class _Step:
    """One asked step of one question over all papers: values and accepted distances by paper, (papers, cells)."""

    students: tuple[str, ...]
    values: Array
    radii: Array


def borrowed(exam: Exam, answers: Mapping[str, Answers]) -> tuple[Borrowed, ...]:
    """Find answers that fit the numbers of another paper, where chance is no explanation; the least likely first."""
    steps = _steps(exam)
    pairs: dict[tuple[str, str], list[tuple[int, str, float]]] = {}
    for paper in exam.papers:
        if paper.student in answers:
            for item, name, other, chance in _fitting(paper, answers[paper.student], steps):
                pairs.setdefault((paper.student, other), []).append((item, name, chance))
    found = (
        Borrowed(
            student=s, other=o, steps=tuple((i, n) for i, n, _ in fits), chance=_chance(fits, len(exam.papers) - 1)
        )
        for (s, o), fits in pairs.items()
    )
    return tuple(sorted((b for b in found if b.chance < UNLIKELY), key=lambda b: (b.chance, b.student, b.other)))


def _chance(fits: list[tuple[int, str, float]], others: int) -> float:
    """Count of each item only its least likely step: the steps of one item follow from each other."""
    least: dict[int, float] = {}
    for item, _, chance in fits:
        least[item] = min(chance, least.get(item, 1.0))
    return others * prod(least.values())


def _steps(exam: Exam) -> dict[tuple[str, str, tuple[int, ...]], _Step]:
    """Stack the keys of all papers by question, step and shape."""
    found: dict[tuple[str, str, tuple[int, ...]], list[tuple[str, Array, Array]]] = {}
    for paper in exam.papers:
        for item, key in zip(paper.items, exam.keys[paper.student], strict=True):
            for step in key.steps if isinstance(key, NumericKey) else ():
                value, radius = np.asarray(step.value, dtype=np.float64), np.asarray(step.radius, dtype=np.float64)
                entry = (paper.student, value.ravel(), np.broadcast_to(radius, value.shape).ravel())
                found.setdefault((item.variant.question, step.name, value.shape), []).append(entry)
    return {
        name: _Step(
            students=tuple(s for s, _, _ in e),
            values=np.stack([v for _, v, _ in e]),
            radii=np.stack([r for _, _, r in e]),
        )
        for name, e in found.items()
    }


def _fitting(
    paper: Paper, answers: Answers, steps: Mapping[tuple[str, str, tuple[int, ...]], _Step]
) -> Iterator[tuple[int, str, str, float]]:
    """Yield item, step, other student and chance for each answer that fits another paper and not one's own."""
    for item in paper.items:
        body, response = item.variant.body, answers.items.get(item.number, {})
        for field in body.asked(item.ask) if isinstance(body, NumericBody) else ():
            array = read(response.get(field.name)).array
            own = fit(array, field.shape) if array is not None else None
            step = steps.get((item.variant.question, field.name, field.shape))
            if own is not None and step is not None and np.all(np.isfinite(own)):
                yield from ((item.number, field.name, o, c) for o, c in _others(paper.student, own.ravel(), step))


def _others(student: str, response: Array, step: _Step) -> Iterator[tuple[str, float]]:
    fits = within(response, step.values, step.radii)
    at = step.students.index(student)
    wrong = ~fits[at]
    others = np.arange(len(step.students)) != at
    if np.any(wrong) and np.any(others):
        chance = float(np.prod(fits[others][:, wrong].mean(axis=0)))
        for other in np.flatnonzero(fits.all(axis=1) & others):
            yield step.students[int(other)], chance
