"""Clip gradients by their norm: the remedy against explosion (material Q3)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals, one_of

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

question = NumericQuestion(source="Q3", level=2, minutes=5, decimals=3)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Two gradients, one longer and one shorter than the bound, in random order."""
    bound = one_of(rng, 1.0, 1.5, 2.0, 2.5)
    rows = [
        decimals(rng, shape=(2,), low=-4, high=4, places=1, distinct=True, nonzero=True),
        decimals(rng, shape=(2,), low=-1.2, high=1.2, places=1, distinct=True, nonzero=True),
    ]
    return {"G": np.array(rows)[rng.permutation(2)], "bound": bound}


@question.require
def one_over_one_under(norms: Vector, bound: float) -> bool:
    """One gradient must be clipped and the other left alone, neither of them by a hair."""
    short, long = np.sort(norms / bound)
    return bool(short < 0.85 and long > 1.2)


@question.step(decimals=4)
def norms(G: Matrix) -> Vector:
    """Measure both gradients."""
    return np.asarray(np.sqrt((G**2).sum(axis=1)))


@question.step(decimals=4)
def scales(norms: Vector, bound: float) -> Vector:
    """Shrink what is too long, and leave the rest."""
    return np.minimum(1, bound / norms)


@question.step
def clipped(G: Matrix, scales: Vector) -> Matrix:
    """Scale each gradient as a whole."""
    return G * scales[:, np.newaxis]


@question.mistake(norms)
def root_forgotten(G: Matrix) -> Vector:
    """Take the sum of squares for the norm."""
    return np.asarray((G**2).sum(axis=1))


@question.mistake(norms, other_convention=True)
def sum_of_sizes(G: Matrix) -> Vector:
    """Take the 1-norm."""
    return np.asarray(np.abs(G).sum(axis=1))


@question.mistake(scales)
def short_one_stretched(norms: Vector, bound: float) -> Vector:
    """Scale to the bound even what is shorter than it."""
    return bound / norms


@question.mistake(scales)
def upside_down(norms: Vector, bound: float) -> Vector:
    """Divide the norm by the bound."""
    return np.maximum(1, norms / bound)


@question.mistake(clipped, other_convention=True)
def by_value(G: Matrix, bound: float) -> Matrix:
    """Cut every entry off at the bound."""
    return np.clip(G, -bound, bound)


@question.mistake(clipped)
def nothing_clipped(G: Matrix) -> Matrix:
    """Leave both gradients alone."""
    return G


@question.mistake(clipped)
def divided_by_norm(G: Matrix, norms: Vector) -> Matrix:
    """Bring both gradients to length 1."""
    return G / norms[:, np.newaxis]
