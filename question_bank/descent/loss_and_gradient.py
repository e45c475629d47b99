"""Loss and gradient of a straight line on four samples (material Q4, eq. 11 to 13)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals, integers

Vector = NDArray[np.float64]

question = NumericQuestion(
    source="Q4 eq. (11)-(13)", level=1, minutes=6, decimals=3, conventions=("half_mean_squares",)
)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Four samples, so that 1/m leaves few digits, and parameters with one decimal."""
    return {
        "x": integers(rng, low=-3, high=5, shape=(4,), distinct=True, nonzero=True),
        "y": integers(rng, low=-4, high=6, shape=(4,), nonzero=True),
        "theta": decimals(rng, low=-2, high=2, places=1, shape=(2,), distinct=True, nonzero=True),
    }


@question.step
def h(x: Vector, theta: Vector) -> Vector:
    """Predict: theta_0 + theta_1 x, eq. (11) with x_0 = 1."""
    return np.asarray(theta[0] + theta[1] * x)


@question.step
def residual(h: Vector, y: Vector) -> Vector:
    """Subtract the targets from the predictions."""
    return h - y


@question.step
def loss(residual: Vector) -> float:
    """Halve the mean of the squares, eq. (12)."""
    return float(np.mean(residual**2) / 2)


@question.step
def gradient(residual: Vector, x: Vector) -> Vector:
    """Average residual times input, the input of theta_0 being 1, eq. (13)."""
    return np.array([np.mean(residual), np.mean(residual * x)])


@question.require
def few_digits(loss: float) -> bool:
    """Keep the squares small enough for paper and pencil."""
    return loss < 40


@question.mistake(h)
def intercept_dropped(x: Vector, theta: Vector) -> Vector:
    """Predict theta_1 x alone."""
    return np.asarray(theta[1] * x)


@question.mistake(h)
def parameters_swapped(x: Vector, theta: Vector) -> Vector:
    """Take theta_1 for the intercept and theta_0 for the slope."""
    return np.asarray(theta[1] + theta[0] * x)


@question.mistake(residual)
def residual_reversed(h: Vector, y: Vector) -> Vector:
    """Subtract the predictions from the targets."""
    return y - h


@question.mistake(loss, other_convention=True)
def half_forgotten(residual: Vector) -> float:
    """Take the mean of the squares."""
    return float(np.mean(residual**2))


@question.mistake(loss)
def loss_summed(residual: Vector) -> float:
    """Halve the sum of the squares."""
    return float(np.sum(residual**2) / 2)


@question.mistake(loss)
def mean_squared_afterwards(residual: Vector) -> float:
    """Square the mean residual rather than average the squares."""
    return float(np.mean(residual) ** 2 / 2)


@question.mistake(gradient)
def gradient_summed(residual: Vector, x: Vector) -> Vector:
    """Leave 1/m out."""
    return np.array([np.sum(residual), np.sum(residual * x)])


@question.mistake(gradient)
def gradient_halved(residual: Vector, x: Vector) -> Vector:
    """Keep the 1/2 of the loss although the square's 2 has canceled it."""
    return np.array([np.mean(residual), np.mean(residual * x)]) / 2


@question.mistake(gradient, other_convention=True)
def gradient_doubled(residual: Vector, x: Vector) -> Vector:
    """Differentiate the loss without its 1/2."""
    return 2 * np.array([np.mean(residual), np.mean(residual * x)])


@question.mistake(gradient)
def input_forgotten(residual: Vector) -> Vector:
    """Give both parameters the mean residual."""
    return np.array([np.mean(residual), np.mean(residual)])
