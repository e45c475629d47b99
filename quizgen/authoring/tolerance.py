"""What honest rounding can reach: the accepted interval of every step, propagated through the graph.

A student who rounds each step to d decimals, and goes on with the rounded numbers, carries an error of at most half a
unit of the last decimal from every step into the next. To first order the errors add up as |df/dx| * error; the
derivatives are taken as differences over that very error, so that no step function has to provide them.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from quizgen.authoring.steps import Array, Mistake, Program, Step, Values, evaluate
from quizgen.model import Rounding

SLACK = 1.02
"""Second-order room, and what the last binary digit needs."""
WHOLE = 0.05
"""How far an exact value may be missed at most, however coarse the rounding."""


@np.errstate(all="ignore")
def radii(
    program: Program, values: Values, *, swaps: Sequence[Mistake] = (), known: frozenset[str] = frozenset()
) -> dict[str, Array]:
    """Return how far from `values` each step can land, cell by cell; `known` steps carry only their own rounding."""
    wrong = {mistake.step: mistake for mistake in swaps}
    errors: dict[str, Array] = {}
    accepted: dict[str, Array] = {}
    for name, step in program.steps.items():
        value = np.asarray(values[name], dtype=np.float64)
        half = half_unit(value, step.rounding)
        if name in known:
            # Handed in rounded, but perhaps carried on with more digits; whole numbers are carried on as they are.
            errors[name] = np.zeros_like(half) if step.rounding.decimals == 0 else half
        else:
            spread = _spread(wrong.get(name, step), values, errors)
            errors[name] = spread + half
            if not spread.all():
                exact = (spread == 0) & _printable(value, half)
                errors[name] = np.where(exact, 0.0, errors[name])
        # Who has an exact value at hand has it exactly; whole numbers must not reach halfway to the next.
        lenient = np.maximum(errors[name], np.minimum(half, WHOLE))
        accepted[name] = lenient * SLACK + 1e-9
    return accepted


def half_unit(value: Array, rounding: Rounding) -> Array:
    """Return half a unit of the last decimal or significant digit that the paper asks for."""
    if rounding.significant is None:
        return np.full_like(value, 0.5 * 10.0 ** -(rounding.decimals or 0))
    size = np.abs(np.where(value == 0, 1.0, value))
    with np.errstate(all="ignore"):
        unit = 0.5 * 10.0 ** (np.floor(np.log10(size)) - rounding.significant + 1)
    return np.where(value == 0, 0.0, unit)


def round_as_asked(value: Any, rounding: Rounding) -> Array:
    """Round as a student does who follows the paper (halves away from zero)."""
    array = np.asarray(value, dtype=np.float64)
    return _rounded(array, half_unit(array, rounding))


def _rounded(array: Array, half: Array) -> Array:
    """Round to the nearest multiple of twice `half`, which is 0 only where the value is."""
    unit = np.where(half == 0, 1.0, 2 * half)
    rounded = np.sign(array) * np.floor(np.abs(array) / unit + 0.5 + 1e-9) * unit
    return np.asarray(np.round(rounded, 15) + 0.0)


def _printable(value: Array, half: Array) -> Array:
    """Say where a value has no more digits than the paper asks for."""
    return np.asarray(np.abs(_rounded(value, half) - value) <= 1e-9 * np.maximum(np.abs(value), 1e-6))


def _spread(step: Step | Mistake, values: Values, errors: dict[str, Array]) -> Array:
    """Add up what the errors of the inputs do to one step."""
    here = values[step.name if isinstance(step, Step) else step.step]
    total = np.zeros(np.shape(here))
    for name in step.inputs:
        if name in errors and errors[name].any():
            total += _push(step, values, name, errors[name], here)
    return total


def _push(step: Step | Mistake, values: Values, name: str, error: Array, here: Any) -> Array:
    """Move each cell of one input by its error, up and down, and add up the larger effects."""
    total = np.zeros(np.shape(here))
    moved = dict(values)
    for shifted in _shifts(values[name], error):
        effects = []
        for moved[name] in shifted:
            effects.append(_effect(evaluate(step, moved), here))
        total += np.maximum(*effects)
    return total


def _shifts(value: Any, error: Array) -> Iterator[tuple[Any, Any]]:
    """Yield, for each cell with an error, the value with that cell moved up and moved down."""
    if error.ndim == 0:
        by = float(error)
        yield value + by, value - by
        return
    for cell in zip(*np.nonzero(error), strict=True):
        up, down = np.array(value, dtype=np.float64), np.array(value, dtype=np.float64)
        up[cell] += error[cell]
        down[cell] -= error[cell]
        yield up, down


def _effect(there: Any, here: Any) -> Any:
    """Return how far a step moved; a value that leaves its domain moves nothing."""
    if isinstance(there, float) and isinstance(here, float):
        effect = abs(there - here)
        return effect if effect < math.inf else 0.0
    if np.shape(there) != np.shape(here):
        return np.zeros(np.shape(here))
    gap = np.abs(there - here)
    return gap if np.isfinite(gap).all() else np.where(np.isfinite(gap), gap, 0.0)
