"""Gradients of one sigmoid neuron by the chain rule (material Q5, eq. 15 to 18)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals, one_of

Vector = NDArray[np.float64]

question = NumericQuestion(source="Q5 eq. (17) (18)", level=2, minutes=7, decimals=4, conventions=("half_square",))


def sigmoid(z: float) -> float:
    """Squash z into (0, 1)."""
    return float(1 / (1 + np.exp(-z)))


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Two inputs and weights with one decimal, and a target of 0 or 1."""
    return {
        "x": decimals(rng, low=-2, high=2, places=1, shape=(2,), distinct=True, nonzero=True),
        "w": decimals(rng, low=-1.5, high=1.5, places=1, shape=(2,), distinct=True, nonzero=True),
        "b": float(decimals(rng, low=-1, high=1, places=1, nonzero=True)),
        "y": one_of(rng, 0.0, 1.0),
    }


@question.step
def z(x: Vector, w: Vector, b: float) -> float:
    """Weigh the inputs and add the bias, eq. (15)."""
    return float(w @ x + b)


@question.step
def a(z: float) -> float:
    """Activate, eq. (16)."""
    return sigmoid(z)


@question.step
def dL_da(a: float, y: float) -> float:  # noqa: N802 - the derivative's usual name
    """Differentiate the loss by the activation."""
    return a - y


@question.step
def dz(dL_da: float, a: float) -> float:
    """Multiply by the sigmoid's slope at z, a(1 - a)."""
    return dL_da * a * (1 - a)


@question.step
def dw(dz: float, x: Vector) -> Vector:
    """Multiply by dz/dw = x, eq. (17)."""
    return dz * x


@question.step
def db(dz: float) -> float:
    """Multiply by dz/db = 1, eq. (18)."""
    return dz


@question.require
def neither_saturated_nor_flat(z: float) -> bool:
    """Keep the slope large enough for four decimals, and z away from 0, where mistakes agree."""
    return 0.2 < abs(z) < 2.5


@question.mistake(z)
def bias_dropped(x: Vector, w: Vector) -> float:
    """Leave the bias out of the sum."""
    return float(w @ x)


@question.mistake(dL_da)
def error_reversed(a: float, y: float) -> float:
    """Subtract the activation from the target."""
    return y - a


@question.mistake(dL_da, other_convention=True)
def error_doubled(a: float, y: float) -> float:
    """Differentiate the square without its 1/2."""
    return 2 * (a - y)


@question.mistake(dz)
def slope_left_out(dL_da: float) -> float:
    """Hand the error on as it is."""
    return dL_da


@question.mistake(dz)
def slope_of_activation(dL_da: float, a: float) -> float:
    """Put the activation, not z, into the slope: the sigmoid is applied twice."""
    return dL_da * sigmoid(a) * (1 - sigmoid(a))


@question.mistake(dz)
def slope_from_z(dL_da: float, z: float) -> float:
    """Use the rule s(1 - s) on z itself."""
    return dL_da * z * (1 - z)


@question.mistake(dz)
def activation_for_slope(dL_da: float, a: float) -> float:
    """Multiply by the activation rather than by its slope."""
    return dL_da * a


@question.mistake(dw)
def input_left_out(dz: float) -> Vector:
    """Give every weight the bias's gradient."""
    return np.array([dz, dz])


@question.mistake(dw)
def weights_for_inputs(dz: float, w: Vector) -> Vector:
    """Multiply by dz/dx = w."""
    return dz * w


@question.mistake(db)
def bias_multiplied(dz: float, b: float) -> float:
    """Multiply by the bias itself."""
    return dz * b


@question.mistake(db)
def inputs_in_bias(dz: float, x: Vector) -> float:
    """Multiply by the sum of the inputs."""
    return float(dz * np.sum(x))
