"""tanh and its slope, worked out from its output (material Q1, eq. 2)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals

Vector = NDArray[np.float64]

question = NumericQuestion(source="Q1 eq. (2)", level=1, minutes=4, decimals=3)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw two inputs of different sign and size."""
    sizes = decimals(rng, shape=(2,), low=0.2, high=1.8, places=1, distinct=True)
    return {"x": sizes * rng.permutation([1.0, -1.0])}


@question.step(decimals=4)
def a(x: Vector) -> Vector:
    """Squash into (-1, 1)."""
    return np.tanh(x)


@question.step
def da(a: Vector) -> Vector:
    """Take the square of the output from 1."""
    return 1 - a**2


@question.mistake(a)
def sigmoid_taken(x: Vector) -> Vector:
    """Take the sigmoid instead."""
    return 1 / (1 + np.exp(-x))


@question.mistake(a)
def upside_down(x: Vector) -> Vector:
    """Exchange sum and difference."""
    return 1 / np.tanh(x)


@question.mistake(a)
def half_of_the_difference(x: Vector) -> Vector:
    """Take sinh: divide by 2, not by the sum."""
    return np.sinh(x)


@question.mistake(da)
def input_squared(x: Vector) -> Vector:
    """Square the input."""
    return 1 - x**2


@question.mistake(da)
def difference_squared(a: Vector) -> Vector:
    """Square the whole difference."""
    return (1 - a) ** 2


@question.mistake(da)
def rule_of_tangent(a: Vector) -> Vector:
    """Use the rule of the trigonometric tangent."""
    return 1 + a**2


@question.mistake(da)
def one_lost(a: Vector) -> Vector:
    """Lose the 1."""
    return -(a**2)


@question.mistake(da)
def rule_of_sigmoid(a: Vector) -> Vector:
    """Use the rule of the sigmoid."""
    return a * (1 - a)
