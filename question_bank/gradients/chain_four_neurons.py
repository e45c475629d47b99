"""The gradient of the first bias in a chain of four sigmoid neurons (material Q3, eq. 8, figure 4)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals, signs

Vector = NDArray[np.float64]

question = NumericQuestion(source="Q3 eq. (8)", level=3, minutes=10, decimals=3)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Weights that tell each of them apart from 1, so that a missing one shows."""
    return {
        "w": decimals(rng, shape=(4,), low=1.3, high=3, places=1, distinct=True) * signs(rng, shape=(4,)),
        "b": decimals(rng, shape=(4,), low=-1, high=1, places=1, nonzero=True),
        "a0": decimals(rng, low=0.2, high=0.9, places=1),
        "g": decimals(rng, low=0.3, high=0.9, places=1) * signs(rng),
    }


@question.require
def not_saturated(z1: float, z2: float, z3: float, z4: float) -> bool:
    """Keep all neurons where the sigmoid is neither flat nor at its center."""
    return all(0.1 <= abs(z) <= 2.8 for z in (z1, z2, z3, z4))


def sigmoid(z: float) -> float:
    """Squash into (0, 1)."""
    return float(1 / (1 + np.exp(-z)))


@question.step
def z1(w: Vector, b: Vector, a0: float) -> float:
    """Feed the input to the first neuron."""
    return float(w[0] * a0 + b[0])


@question.step
def z2(w: Vector, b: Vector, z1: float) -> float:
    """Feed the first neuron's output to the second."""
    return float(w[1] * sigmoid(z1) + b[1])


@question.step
def z3(w: Vector, b: Vector, z2: float) -> float:
    """Feed the second neuron's output to the third."""
    return float(w[2] * sigmoid(z2) + b[2])


@question.step
def z4(w: Vector, b: Vector, z3: float) -> float:
    """Feed the third neuron's output to the fourth."""
    return float(w[3] * sigmoid(z3) + b[3])


@question.step(decimals=4)
def slopes(z1: float, z2: float, z3: float, z4: float) -> Vector:
    """Take the sigmoid's slope at every neuron."""
    a = 1 / (1 + np.exp(-np.array([z1, z2, z3, z4])))
    return np.asarray(a * (1 - a))


@question.step(significant=3, weight=2)
def grad_b1(g: float, w: Vector, slopes: Vector) -> float:
    """Multiply all slopes and the weights between the neurons: w1 is not among them."""
    return float(g * np.prod(slopes) * np.prod(w[1:]))


@question.mistake(z1)
def bias_dropped(w: Vector, a0: float) -> float:
    """Leave out the first bias."""
    return float(w[0] * a0)


@question.mistake(z2)
def not_squashed(w: Vector, b: Vector, z1: float) -> float:
    """Hand on the pre-activation itself."""
    return float(w[1] * z1 + b[1])


@question.mistake(slopes)
def values_for_slopes(z1: float, z2: float, z3: float, z4: float) -> Vector:
    """Take the sigmoid for its slope."""
    return np.asarray(1 / (1 + np.exp(-np.array([z1, z2, z3, z4]))))


@question.mistake(slopes)
def input_not_output(z1: float, z2: float, z3: float, z4: float) -> Vector:
    """Put the pre-activation into a (1 - a)."""
    z = np.array([z1, z2, z3, z4])
    return np.asarray(z * (1 - z))


@question.mistake(grad_b1)
def first_weight_included(g: float, w: Vector, slopes: Vector) -> float:
    """Multiply w1 in as well."""
    return float(g * np.prod(slopes) * np.prod(w))


@question.mistake(grad_b1)
def last_weight_left_out(g: float, w: Vector, slopes: Vector) -> float:
    """Start the weights at w3."""
    return float(g * np.prod(slopes) * np.prod(w[1:3]))


@question.mistake(grad_b1)
def all_weights_left_out(g: float, slopes: Vector) -> float:
    """Multiply the slopes alone."""
    return float(g * np.prod(slopes))


@question.mistake(grad_b1)
def first_slope_left_out(g: float, w: Vector, slopes: Vector) -> float:
    """Stop at the first neuron's output."""
    return float(g * np.prod(slopes[1:]) * np.prod(w[1:]))


@question.mistake(grad_b1)
def input_multiplied(g: float, w: Vector, slopes: Vector, a0: float) -> float:
    """Give the gradient of w1: the input is multiplied in."""
    return float(g * np.prod(slopes) * np.prod(w[1:]) * a0)


@question.mistake(grad_b1)
def upstream_forgotten(w: Vector, slopes: Vector) -> float:
    """Leave out the gradient of the loss with respect to a4."""
    return float(np.prod(slopes) * np.prod(w[1:]))
