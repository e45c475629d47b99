"""Inverted dropout by hand: mask, forward pass, backward pass (material Q2, the list of methods)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals, one_of

Vector = NDArray[np.float64]

question = NumericQuestion(source="Q2", level=2, minutes=6, decimals=3, conventions=("inverted_dropout",))


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Four activations, a uniform number for each, and a gradient from above; p is never 0.5."""
    return {
        "x": decimals(rng, shape=(4,), low=-3, high=3, distinct=True, nonzero=True),
        "u": decimals(rng, shape=(4,), low=0.02, high=0.98, places=2, distinct=True),
        "grad": decimals(rng, shape=(4,), low=-2, high=2, distinct=True, nonzero=True),
        "p": one_of(rng, 0.2, 0.3, 0.4, 0.6),
    }


@question.require
def some_kept_some_dropped(u: Vector, p: float) -> bool:
    """Ask for two kept units at least and one dropped, and for no number at the threshold."""
    return bool(2 <= np.sum(u > p) <= 3 and not np.any(u == p))


@question.step(decimals=0)
def mask(u: Vector, p: float) -> Vector:
    """Keep a unit where its number is at least p."""
    return np.asarray(u >= p, dtype=np.float64)


@question.step
def y(x: Vector, mask: Vector, p: float) -> Vector:
    """Zero the dropped units and scale up the kept ones."""
    return x * mask / (1 - p)


@question.step
def dx(grad: Vector, mask: Vector, p: float) -> Vector:
    """Send the gradient back through the same scaled mask."""
    return grad * mask / (1 - p)


@question.mistake(mask)
def kept_below(u: Vector, p: float) -> Vector:
    """Keep a unit where its number is below p."""
    return np.asarray(u < p, dtype=np.float64)


@question.mistake(mask, other_convention=True)
def p_means_keep(u: Vector, p: float) -> Vector:
    """Take p for the probability to keep, and keep the units with large numbers."""
    return np.asarray(u >= 1 - p, dtype=np.float64)


@question.mistake(y)
def not_scaled(x: Vector, mask: Vector) -> Vector:
    """Leave out the factor 1 / (1 - p)."""
    return x * mask


@question.mistake(y)
def divided_by_p(x: Vector, mask: Vector, p: float) -> Vector:
    """Divide by the probability to drop."""
    return x * mask / p


@question.mistake(y)
def scaled_down(x: Vector, mask: Vector, p: float) -> Vector:
    """Multiply by 1 - p, as plain dropout does at test time."""
    return x * mask * (1 - p)


@question.mistake(y)
def share_really_kept(x: Vector, mask: Vector) -> Vector:
    """Divide by the share of units that happened to be kept."""
    return x * mask / max(float(mask.mean()), 0.25)


@question.mistake(dx)
def gradient_not_scaled(grad: Vector, mask: Vector) -> Vector:
    """Send the gradient back through the mask of zeros and ones."""
    return grad * mask


@question.mistake(dx)
def gradient_not_masked(grad: Vector, p: float) -> Vector:
    """Send the gradient back to dropped units too."""
    return grad / (1 - p)


@question.mistake(dx)
def gradient_untouched(grad: Vector) -> Vector:
    """Hand the gradient on as it is."""
    return grad
