"""Which mistake was made: a wrong value equal to what the program gives with a mistake put in is named."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring.numeric import Drawn
from quizgen.authoring.steps import Mistake
from quizgen.authoring.tolerance import radii
from quizgen.model import Finding, Reason

Array = NDArray[np.float64]
CHANCE = 0.02
"""How likely, at most, random numbers may be to fit one of the explanations tried together."""
MOST_NAMED = 2


@dataclass(frozen=True, kw_only=True)
class Way:
    """What one way to a step gives, and how far honest rounding can move it."""

    mistakes: tuple[Mistake, ...]
    value: Array
    radius: Array

    def fits(self, response: Array) -> bool:
        """Say whether the response is this way's answer."""
        if self.value.shape != response.shape:
            return False
        with np.errstate(invalid="ignore"):
            return bool(np.all(np.abs(response - self.value) <= self.radius))


def diagnose(
    solver: Drawn, givens: Mapping[str, Any], known: Mapping[str, Any], step: str, response: Array
) -> list[Finding]:
    """Explain a wrong response at one step: by one mistake, by two together, or by how it looks."""
    options = _possible(solver, known, step)
    singles = [_way(solver, givens, known, step, (m,)) for m in options]
    named = _named(solver, step, singles, options, response)
    if named:
        return named
    pairs = [pair for pair in combinations(options, 2) if pair[0].step != pair[1].step]
    if pairs and _telling(singles, len(pairs)):
        ways = (_way(solver, givens, known, step, pair) for pair in pairs)
        named = _named(solver, step, _new(ways, singles), options, response)
    return named or _looks(_way(solver, givens, known, step, ()), step, response)


def _possible(solver: Drawn, known: Mapping[str, Any], step: str) -> list[Mistake]:
    """List the mistakes that can still show: those of the step, and of steps before it that were not handed in."""
    program = solver.program
    open_steps = {step} | {name for name in program.ancestors(step) if name not in known}
    return [m for m in program.mistakes.values() if m.step in open_steps]


def _way(
    solver: Drawn, givens: Mapping[str, Any], known: Mapping[str, Any], step: str, mistakes: tuple[Mistake, ...]
) -> Way:
    values = solver.program.run(givens, swaps=mistakes, known=known)
    reach = radii(solver.program, values, swaps=mistakes, known=frozenset(known))
    return Way(mistakes=mistakes, value=np.asarray(values[step], dtype=np.float64), radius=reach[step])


def _new(ways: Iterator[Way], singles: Sequence[Way]) -> list[Way]:
    """Keep the pairs that give something else than one of their mistakes alone."""
    return [
        way for way in ways if not any(s.mistakes[0] in way.mistakes and _equal(s.value, way.value) for s in singles)
    ]


def _named(solver: Drawn, step: str, ways: Sequence[Way], options: Sequence[Mistake], response: Array) -> list[Finding]:
    """Turn the ways that fit into findings; with more unrelated ones than can be told, into none."""
    possible = {m.name for m in options}
    found: dict[tuple[tuple[str, ...], ...], Finding] = {}
    for way in ways:
        if way.fits(response):
            groups = tuple(
                tuple(name for name in solver.fairness.group_of(m.name, step) if name in possible) for m in way.mistakes
            )
            found[groups] = Finding(
                step=step,
                mistakes=groups,
                other_convention=all(m.other_convention for m in way.mistakes),
            )
    return list(found.values()) if len(found) <= MOST_NAMED else []


def _telling(singles: Sequence[Way], count: int) -> bool:
    """Say whether `count` further explanations would hardly fit random numbers of the size seen here."""
    values = [w.value for w in singles if w.value.shape == singles[0].value.shape and np.all(np.isfinite(w.value))]
    if not values:
        return False
    span = np.maximum(np.ptp(values, axis=0), np.abs(values).max(axis=0))
    width = 2 * singles[0].radius
    with np.errstate(all="ignore"):
        share = np.where(span > 0, np.minimum(1.0, width / np.where(span > 0, span, 1.0)), 1.0)
    return bool(count * np.prod(share) <= CHANCE)


def _looks(right: Way, step: str, response: Array) -> list[Finding]:
    """Recognise right numbers in another form: negated, transposed, off by a power of ten, in another order."""
    for phrase, candidate in _forms(right, response):
        if candidate.fits(response):
            return [Finding(step=step, look=Reason(phrase=phrase))]
    return []


def _forms(right: Way, response: Array) -> Iterator[tuple[str, Way]]:
    value, radius = right.value, right.radius
    yield "negated", Way(mistakes=(), value=-value, radius=radius)
    if value.ndim == 2:
        yield "transposed", Way(mistakes=(), value=value.T, radius=radius.T)
    for power in (10.0, 100.0, 1000.0, 0.1, 0.01, 0.001):
        if np.all(np.abs(value) * power > 5 * radius):
            yield "power-of-ten", Way(mistakes=(), value=value * power, radius=radius * max(power, 1.0))
    if value.size > 1 and response.size == value.size and len(np.unique(value)) == value.size:
        order = np.argsort(np.argsort(response.ravel()))
        rank = np.argsort(value.ravel())
        shuffled = value.ravel()[rank][order].reshape(response.shape)
        yield (
            "other-order",
            Way(mistakes=(), value=shuffled, radius=radius.ravel()[rank][order].reshape(response.shape)),
        )


def _equal(one: Array, other: Array) -> bool:
    return one.shape == other.shape and bool(np.allclose(one, other, rtol=1e-9, atol=1e-12, equal_nan=True))
