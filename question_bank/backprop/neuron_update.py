"""One training step of a sigmoid neuron: forward, backward, update (material Q5, eq. 15 to 20)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals, one_of

Vector = NDArray[np.float64]

question = NumericQuestion(
    source="Q5 eq. (19) (20)", level=2, minutes=8, decimals=4, conventions=("half_square", "simultaneous_update")
)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw two inputs and weights with one decimal, a target of 0 or 1 and a rate that moves the weights visibly."""
    return {
        "x": decimals(rng, low=-2, high=2, places=1, shape=(2,), distinct=True, nonzero=True),
        "w": decimals(rng, low=-1.5, high=1.5, places=1, shape=(2,), distinct=True, nonzero=True),
        "b": float(decimals(rng, low=-1, high=1, places=1, nonzero=True)),
        "y": one_of(rng, 0.0, 1.0),
        "eta": one_of(rng, 0.2, 0.5, 0.8),
    }


@question.step
def a(x: Vector, w: Vector, b: float) -> float:
    """Forward, eq. (15) and (16)."""
    return float(1 / (1 + np.exp(-(w @ x + b))))


@question.step
def dz(a: float, y: float) -> float:
    """Multiply the error by the slope a(1 - a)."""
    return (a - y) * a * (1 - a)


@question.step
def w_next(w: Vector, dz: float, x: Vector, eta: float) -> Vector:
    """Subtract eta times the gradient dz x, eq. (19)."""
    return w - eta * dz * x


@question.step
def b_next(b: float, dz: float, eta: float) -> float:
    """Subtract eta times the gradient dz, eq. (20)."""
    return b - eta * dz


@question.require
def visible_gradient(a: float, dz: float) -> bool:
    """Refuse saturated neurons and activations of one half, where mistakes agree."""
    return abs(dz) > 0.03 and abs(a - 0.5) > 0.03


@question.mistake(a)
def bias_dropped(x: Vector, w: Vector) -> float:
    """Leave the bias out of the sum."""
    return float(1 / (1 + np.exp(-(w @ x))))


@question.mistake(dz)
def error_reversed(a: float, y: float) -> float:
    """Subtract the activation from the target."""
    return (y - a) * a * (1 - a)


@question.mistake(dz)
def slope_left_out(a: float, y: float) -> float:
    """Take the error alone."""
    return a - y


@question.mistake(dz, other_convention=True)
def error_doubled(a: float, y: float) -> float:
    """Differentiate the square without its 1/2."""
    return 2 * (a - y) * a * (1 - a)


@question.mistake(dz)
def slope_of_activation(a: float, y: float) -> float:
    """Evaluate the sigmoid's slope at a."""
    return float((a - y) / (2 + np.exp(-a) + np.exp(a)))


@question.mistake(w_next)
def weights_uphill(w: Vector, dz: float, x: Vector, eta: float) -> Vector:
    """Add the gradient to the weights."""
    return w + eta * dz * x


@question.mistake(w_next)
def input_left_out(w: Vector, dz: float, eta: float) -> Vector:
    """Move both weights by eta dz."""
    return w - eta * dz


@question.mistake(w_next)
def weights_without_rate(w: Vector, dz: float, x: Vector) -> Vector:
    """Subtract the whole gradient."""
    return w - dz * x


@question.mistake(w_next)
def weights_for_inputs(w: Vector, dz: float, eta: float) -> Vector:
    """Take dz w for the gradient."""
    return w - eta * dz * w


@question.mistake(b_next)
def bias_uphill(b: float, dz: float, eta: float) -> float:
    """Add the gradient to the bias."""
    return b + eta * dz


@question.mistake(b_next)
def bias_kept(b: float) -> float:
    """Leave the bias as it is."""
    return b


@question.mistake(b_next)
def bias_times_itself(b: float, dz: float, eta: float) -> float:
    """Take dz b for the gradient."""
    return b - eta * dz * b


@question.mistake(b_next)
def bias_without_rate(b: float, dz: float) -> float:
    """Subtract the whole gradient from the bias."""
    return b - dz
