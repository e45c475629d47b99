"""One sigmoid neuron: pre-activation and output (material Q1, eq. 1)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals, integers

Vector = NDArray[np.float64]

question = NumericQuestion(source="Q1 eq. (1)", level=1, minutes=3, decimals=3)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Two inputs; one decimal in weights and bias, so that z is exact."""
    return {
        "w": decimals(rng, shape=(2,), low=-1.5, high=1.5, places=1, distinct=True, nonzero=True),
        "x": integers(rng, shape=(2,), low=-3, high=3, distinct=True, nonzero=True),
        "b": decimals(rng, low=-1, high=1, places=1, nonzero=True),
    }


@question.require
def neither_flat_nor_central(z: float) -> bool:
    """Keep z where the output says something."""
    return 0.4 <= abs(z) <= 3


@question.step
def z(w: Vector, x: Vector, b: float) -> float:
    """Weigh the inputs and add the bias."""
    return float(w @ x + b)


@question.step
def a(z: float) -> float:
    """Squash into (0, 1)."""
    return float(1 / (1 + np.exp(-z)))


@question.mistake(z)
def bias_dropped(w: Vector, x: Vector) -> float:
    """Weigh the inputs only."""
    return float(w @ x)


@question.mistake(z)
def bias_subtracted(w: Vector, x: Vector, b: float) -> float:
    """Subtract the bias, as if it were a threshold."""
    return float(w @ x - b)


@question.mistake(a)
def exponent_positive(z: float) -> float:
    """Use exp(+z): the mirror image of the sigmoid."""
    return float(1 / (1 + np.exp(z)))


@question.mistake(a)
def hyperbolic(z: float) -> float:
    """Take tanh instead."""
    return float(np.tanh(z))


@question.mistake(a)
def not_inverted(z: float) -> float:
    """Stop at the denominator."""
    return float(1 + np.exp(-z))


@question.mistake(a)
def percent(z: float) -> float:
    """Write the fraction as a percentage."""
    return float(100 / (1 + np.exp(-z)))
