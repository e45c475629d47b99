"""A backward function against the student's own forward: their finite differences must be its gradient."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.sandbox import MissingFunction, Outcome, Returned
from quizgen.authoring.code import Case, Gradient
from quizgen.model import Reason

STEP = 1e-5
RTOL, ATOL = 1e-4, 1e-6
NUMBERS = np.ndarray | np.generic | float | int
"""What comes out of the sandbox as a number or an array of them."""


def probes(gradient: Gradient, case: Case, parameters: Sequence[str]) -> tuple[tuple[Any, ...], ...]:
    """Return the calls of the forward function: each cell moved up and moved down.

    Where no gradient comes from upstream, each cell has only itself to do with its output: all are moved at once.
    """
    values = dict(zip(parameters, case.arguments, strict=True))
    at = values[gradient.of]
    return tuple(_call(gradient, {**values, gradient.of: at + by}) for shift in _shifts(gradient, at) for by in shift)


def _shifts(gradient: Gradient, at: Any) -> list[tuple[Any, Any]]:
    if gradient.upstream is None:
        return [(STEP, -STEP)]
    found = []
    for cell in np.ndindex(at.shape):
        shift = np.zeros_like(at)
        shift[cell] = STEP
        found.append((shift, -shift))
    return found


def _call(gradient: Gradient, values: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(values[name] for name in gradient.forward_parameters)


def applies(outcomes: Sequence[Outcome]) -> bool:
    """Say whether there is a forward function to compare with."""
    return not any(isinstance(o, MissingFunction) for o in outcomes)


@np.errstate(over="ignore", invalid="ignore")
def inconsistency(
    gradient: Gradient, arguments: dict[str, Any], got: Any, outcomes: Sequence[Outcome]
) -> Reason | None:
    """Return how a gradient differs from the finite differences of the student's own forward, or None."""
    at = np.asarray(arguments[gradient.of], dtype=np.float64)
    values = [_plain(o) for o in outcomes]
    upstream = None if gradient.upstream is None else np.asarray(arguments[gradient.upstream], dtype=np.float64)
    shape = at.shape if upstream is None else upstream.shape
    if any(v is None or v.shape != shape for v in values):
        return Reason(phrase="own-forward-fails", values={"name": gradient.forward_name})
    ups, downs = values[::2], values[1::2]
    if upstream is None:
        numeric = (ups[0] - downs[0]) / (2 * STEP)
    else:
        slopes = [np.sum(upstream * (up - down)) / (2 * STEP) for up, down in zip(ups, downs, strict=True)]
        numeric = np.array(slopes).reshape(at.shape)
    mine = got[0] if isinstance(got, tuple | list) and got else got
    if not isinstance(mine, NUMBERS) or np.shape(mine) != numeric.shape:
        return Reason(phrase="wrong-shape", values={"wanted": str(numeric.shape), "got": str(np.shape(mine))})
    near = np.abs(np.asarray(mine, dtype=np.float64) - numeric) <= ATOL + RTOL * np.abs(numeric)
    return None if np.all(near) else Reason(phrase="not-own-gradient", values={"name": gradient.forward_name})


def _plain(outcome: Outcome) -> Any:
    """Return what a probe returned as a finite float array, or None."""
    if not isinstance(outcome, Returned) or not isinstance(outcome.value, NUMBERS):
        return None
    array = np.asarray(outcome.value)
    if array.dtype.kind not in "biuf" or not np.all(np.isfinite(array)):
        return None
    return array.astype(np.float64)
