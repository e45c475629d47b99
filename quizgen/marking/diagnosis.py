"""Which mistake was made: a wrong value equal to what the program gives with a mistake put in is named."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from quizgen.authoring.numeric import Drawn
from quizgen.authoring.steps import Mistake
from quizgen.authoring.tolerance import half_unit, radii
from quizgen.model import Finding, Reason

Array = NDArray[np.float64]
FAR = 200.0
"""Times the larger of the key's radius and half a unit; honest rounding moves no mistaken way further."""
CHANCE = 0.02
"""How likely, at most, random numbers may be to fit one of the explanations tried together."""
MOST_NAMED = 2
DIGITS = 9
"""Decimals from which on two ways' values are one, but for the last bits."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """What one way to a step gives, and how far honest rounding can move it."""

    mistakes: tuple[Mistake, ...]
    value: Array
    half: Array
    radius: Callable[[], Array]

    def fits(self, response: Array, rough: Array | None = None) -> bool:
        """Say whether the response is this way's answer.

        What lies many times the key's own radius (`rough`) away is told apart without working this way's out.
        """
        if self.value.shape != response.shape:
            return False
        gap = np.abs(response - self.value)
        if rough is not None and rough.shape == gap.shape and not (gap <= FAR * np.maximum(rough, self.half)).all():
            return False
        return bool((gap <= self.radius()).all())


def diagnose(
    solver: Drawn, givens: Mapping[str, Any], known: Mapping[str, Any], step: str, response: Array
) -> list[Finding]:
    """Explain a wrong response at one step: by one mistake, by two together, or by how it looks."""
    options = _possible(solver, known, step)
    right = _way(solver, givens, known, step, ())
    rough = right.radius()
    singles = [_way(solver, givens, known, step, (m,)) for m in options]
    named = _named(solver, step, [w for w in singles if w.fits(response, rough)], options)
    if named:
        certain = _telling([right, *singles], rough, _different(singles, right))
        return [replace(finding, certain=certain) for finding in named]
    pairs = [pair for pair in combinations(options, 2) if pair[0].step != pair[1].step]
    if pairs and _telling([right, *singles], rough, len(pairs)):
        ways = (_way(solver, givens, known, step, pair) for pair in pairs)
        named = _named(solver, step, _new((w for w in ways if w.fits(response, rough)), singles), options)
    return named or _looks(right, step, response)


def _possible(solver: Drawn, known: Mapping[str, Any], step: str) -> list[Mistake]:
    """List the mistakes that can still show: those of the step, and of steps before it that were not handed in."""
    program = solver.program
    open_steps = {step} | {name for name in program.ancestors(step) if name not in known}
    return [m for m in program.mistakes.values() if m.step in open_steps]


def _way(
    solver: Drawn, givens: Mapping[str, Any], known: Mapping[str, Any], step: str, mistakes: tuple[Mistake, ...]
) -> Way:
    values = solver.program.run(givens, swaps=mistakes, known=known)

    def radius() -> Array:
        return radii(solver.program, values, swaps=mistakes, known=frozenset(known))[step]

    value = np.asarray(values[step], dtype=np.float64)
    return Way(
        mistakes=mistakes, value=value, half=half_unit(value, solver.program.steps[step].rounding), radius=radius
    )


def _new(ways: Iterable[Way], singles: Sequence[Way]) -> list[Way]:
    """Keep the pairs that give something else than one of their mistakes alone."""
    return [
        way for way in ways if not any(s.mistakes[0] in way.mistakes and _equal(s.value, way.value) for s in singles)
    ]


def _named(solver: Drawn, step: str, ways: Sequence[Way], options: Sequence[Mistake]) -> list[Finding]:
    """Turn the ways that fit into findings; with more unrelated ones than can be told, into none."""
    possible = {m.name for m in options}
    found: dict[tuple[tuple[str, ...], ...], Finding] = {}
    for way in ways:
        groups = tuple(
            tuple(name for name in solver.fairness.group_of(m.name, step) if name in possible) for m in way.mistakes
        )
        other_convention = all(m.other_convention for m in way.mistakes)
        found[groups] = Finding(step=step, mistakes=groups, other_convention=other_convention)
    return list(found.values()) if len(found) <= MOST_NAMED else []


@np.errstate(over="ignore", invalid="ignore")
def _different(singles: Sequence[Way], right: Way) -> int:
    """Count the wrong values that single mistakes give, of those that have the right shape."""
    values = [w.value for w in (right, *singles) if w.value.shape == right.value.shape]
    return len({(np.round(value, DIGITS) + 0.0).tobytes() for value in values}) - 1


def _telling(ways: Sequence[Way], radius: Array, count: int) -> bool:
    """Say whether `count` explanations would hardly fit random numbers of the size seen here, written as asked.

    The first of the ways is the right one, `radius` its own.
    """
    values = [w.value for w in ways if w.value.shape == radius.shape and np.all(np.isfinite(w.value))]
    if not values:
        return False
    span = np.maximum(np.ptp(values, axis=0), np.abs(values).max(axis=0))
    reach = np.maximum(radius, ways[0].half)
    with np.errstate(all="ignore"):
        share = np.where(span > 0, np.minimum(1.0, 2 * reach / np.where(span > 0, span, 1.0)), 1.0)
    return bool(count * np.prod(share) <= CHANCE)


@np.errstate(over="ignore")
def _looks(right: Way, step: str, response: Array) -> list[Finding]:
    """Recognize right numbers in another form: negated, transposed, off by a power of ten, in another order."""
    for phrase, value, radius in _forms(right.value, right.radius(), response):
        if value.shape == response.shape and (np.abs(response - value) <= radius).all():
            return [Finding(step=step, look=Reason(phrase=phrase))]
    return []


def _forms(value: Array, radius: Array, response: Array) -> Iterator[tuple[str, Array, Array]]:
    """Yield each form with its name and how far honest rounding can move it."""
    yield "negated", -value, radius
    if value.ndim == 2:
        yield "transposed", value.T, radius.T
    for power in (10.0, 100.0, 1000.0, 0.1, 0.01, 0.001):
        if np.all(np.abs(value) * power > 5 * radius):
            yield "power-of-ten", value * power, radius * max(power, 1.0)
    if value.size > 1 and response.size == value.size and len(np.unique(value)) == value.size:
        order = np.argsort(np.argsort(response.ravel()))
        rank = np.argsort(value.ravel())
        shape = response.shape
        yield "other-order", value.ravel()[rank][order].reshape(shape), radius.ravel()[rank][order].reshape(shape)


def _equal(one: Array, other: Array) -> bool:
    return one.shape == other.shape and bool(np.allclose(one, other, rtol=1e-9, atol=1e-12, equal_nan=True))
