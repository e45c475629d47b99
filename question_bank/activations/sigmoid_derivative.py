"""Slope of the sigmoid, worked out from its output (material Q1, eq. 1, and Q3, figure 5)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals

Vector = NDArray[np.float64]

question = NumericQuestion(source="Q1 eq. (1)", level=1, minutes=4, decimals=3)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw two inputs of different sign and size."""
    sizes = decimals(rng, shape=(2,), low=0.3, high=2.8, places=1, distinct=True)
    return {"x": sizes * rng.permutation([1.0, -1.0])}


@question.step
def a(x: Vector) -> Vector:
    """Squash into (0, 1)."""
    return 1 / (1 + np.exp(-x))


@question.step
def da(a: Vector) -> Vector:
    """Multiply the output by what is missing to 1."""
    return a * (1 - a)


@question.mistake(a)
def exponent_positive(x: Vector) -> Vector:
    """Use exp(+x)."""
    return 1 / (1 + np.exp(x))


@question.mistake(a)
def hyperbolic(x: Vector) -> Vector:
    """Take tanh instead."""
    return np.tanh(x)


@question.mistake(da)
def input_not_output(x: Vector) -> Vector:
    """Put the input into a (1 - a)."""
    return x * (1 - x)


@question.mistake(da)
def half_input(a: Vector, x: Vector) -> Vector:
    """Put the input into the second factor only."""
    return a * (1 - x)


@question.mistake(da)
def factor_forgotten(a: Vector) -> Vector:
    """Leave out (1 - a)."""
    return a


@question.mistake(da)
def squared(a: Vector) -> Vector:
    """Multiply the output by itself."""
    return a * a


@question.mistake(da)
def rule_of_tanh(a: Vector) -> Vector:
    """Use the rule of tanh."""
    return 1 - a**2


@question.mistake(da)
def squashed_twice(a: Vector) -> Vector:
    """Squash the output once more before the rule."""
    s = 1 / (1 + np.exp(-a))
    return s * (1 - s)
