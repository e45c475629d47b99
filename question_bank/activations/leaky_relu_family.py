"""Relatives of the ReLU that let something through on the left (material Q1, eq. 3)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals, one_of

Vector = NDArray[np.float64]

question = NumericQuestion(source="Q1 eq. (3)", level=2, minutes=6, decimals=3)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """One input on either side of the kink, of different size."""
    left, right = decimals(rng, shape=(2,), low=0.4, high=2, places=1, distinct=True)
    return {
        "z": np.array([-left, right]),
        "slope": one_of(rng, 0.1, 0.2, 0.3),
        "alpha": one_of(rng, 0.5, 0.8, 1.5, 2.0),
    }


@question.step
def leaky(z: Vector, slope: float) -> Vector:
    """Shrink the left side."""
    return np.where(z > 0, z, slope * z)


@question.step
def leaky_slope(z: Vector, slope: float) -> Vector:
    """Take 1 on the right and the given slope on the left."""
    return np.where(z > 0, 1.0, slope)


@question.step
def elu(z: Vector, alpha: float) -> Vector:
    """Bend the left side towards -alpha."""
    return np.where(z > 0, z, alpha * (np.exp(z) - 1))


@question.step
def elu_slope(z: Vector, alpha: float) -> Vector:
    """Differentiate: the -1 vanishes."""
    return np.where(z > 0, 1.0, alpha * np.exp(z))


@question.step
def silu(z: Vector) -> Vector:
    """Weigh the input by its sigmoid."""
    return np.asarray(z / (1 + np.exp(-z)))


@question.mistake(leaky)
def wrong_side(z: Vector, slope: float) -> Vector:
    """Shrink the right side."""
    return np.where(z > 0, slope * z, z)


@question.mistake(leaky)
def plain_relu(z: Vector) -> Vector:
    """Set the left side to 0."""
    return np.maximum(z, 0)


@question.mistake(leaky)
def sign_turned(z: Vector, slope: float) -> Vector:
    """Turn the left side positive."""
    return np.where(z > 0, z, -slope * z)


@question.mistake(leaky_slope)
def slope_on_the_right(z: Vector, slope: float) -> Vector:
    """Exchange the two slopes."""
    return np.where(z > 0, slope, 1.0)


@question.mistake(leaky_slope)
def flat_on_the_left(z: Vector) -> Vector:
    """Use the slopes of the plain ReLU."""
    return np.where(z > 0, 1.0, 0.0)


@question.mistake(elu)
def one_not_subtracted(z: Vector, alpha: float) -> Vector:
    """Forget the -1, so that the function jumps at 0."""
    return np.where(z > 0, z, alpha * np.exp(z))


@question.mistake(elu)
def exponent_reversed(z: Vector, alpha: float) -> Vector:
    """Use exp(-z), which grows on the left."""
    return np.where(z > 0, z, alpha * (np.exp(-z) - 1))


@question.mistake(elu)
def alpha_forgotten(z: Vector) -> Vector:
    """Bend towards -1."""
    return np.where(z > 0, z, np.exp(z) - 1)


@question.mistake(elu_slope)
def value_for_slope(elu: Vector) -> Vector:
    """Take the function's own value for its slope on the left."""
    return np.where(elu > 0, 1.0, elu)


@question.mistake(elu_slope)
def alpha_lost(z: Vector) -> Vector:
    """Lose alpha when differentiating."""
    return np.where(z > 0, 1.0, np.exp(z))


@question.mistake(silu)
def weight_alone(z: Vector) -> Vector:
    """Give the sigmoid alone."""
    return 1 / (1 + np.exp(-z))


@question.mistake(silu)
def mirrored_weight(z: Vector) -> Vector:
    """Weigh by the sigmoid of -z."""
    return np.asarray(z / (1 + np.exp(z)))
