"""One step of batch gradient descent on a straight line (material Q4, eq. 10 and 13)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals, integers, one_of

Vector = NDArray[np.float64]

question = NumericQuestion(
    source="Q4 eq. (10) (13)",
    level=2,
    minutes=7,
    decimals=3,
    conventions=("half_mean_squares", "simultaneous_update"),
)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Four samples, so that 1/m leaves few digits, and a learning rate that does not overshoot far."""
    return {
        "x": integers(rng, low=-2, high=4, shape=(4,), distinct=True, nonzero=True),
        "y": integers(rng, low=-4, high=6, shape=(4,), nonzero=True),
        "theta": decimals(rng, low=-2, high=2, places=1, shape=(2,), distinct=True, nonzero=True),
        "alpha": one_of(rng, 0.05, 0.1, 0.2),
    }


@question.step
def residual(x: Vector, y: Vector, theta: Vector) -> Vector:
    """Subtract the targets from the predictions of the old parameters."""
    return np.asarray(theta[0] + theta[1] * x - y)


@question.step
def gradient(residual: Vector, x: Vector) -> Vector:
    """Average residual times input, eq. (13)."""
    return np.array([np.mean(residual), np.mean(residual * x)])


@question.step
def theta_next(theta: Vector, gradient: Vector, alpha: float) -> Vector:
    """Step against the gradient with both parameters at once, eq. (10)."""
    return theta - alpha * gradient


@question.require
def not_yet_at_the_minimum(gradient: Vector) -> bool:
    """Have both parameters move visibly."""
    return bool(np.all(np.abs(gradient) > 0.4))


@question.mistake(residual)
def residual_reversed(x: Vector, y: Vector, theta: Vector) -> Vector:
    """Subtract the predictions from the targets."""
    return np.asarray(y - theta[0] - theta[1] * x)


@question.mistake(gradient)
def gradient_summed(residual: Vector, x: Vector) -> Vector:
    """Leave 1/m out."""
    return np.array([np.sum(residual), np.sum(residual * x)])


@question.mistake(gradient)
def input_forgotten(residual: Vector) -> Vector:
    """Give both parameters the mean residual."""
    return np.array([np.mean(residual), np.mean(residual)])


@question.mistake(gradient)
def gradient_halved(residual: Vector, x: Vector) -> Vector:
    """Divide by 2m."""
    return np.array([np.mean(residual), np.mean(residual * x)]) / 2


@question.mistake(gradient)
def input_squared(residual: Vector, x: Vector) -> Vector:
    """Multiply by the input once too often."""
    return np.array([np.mean(residual * x), np.mean(residual * x * x)])


@question.mistake(theta_next)
def uphill(theta: Vector, gradient: Vector, alpha: float) -> Vector:
    """Add the gradient."""
    return theta + alpha * gradient


@question.mistake(theta_next)
def rate_left_out(theta: Vector, gradient: Vector) -> Vector:
    """Subtract the whole gradient, as eq. (14) is printed."""
    return theta - gradient


@question.mistake(theta_next)
def averaged_twice(theta: Vector, gradient: Vector, alpha: float, x: Vector) -> Vector:
    """Divide by m once more in the update."""
    return theta - alpha * gradient / len(x)


@question.mistake(theta_next)
def one_after_the_other(theta: Vector, gradient: Vector, alpha: float, x: Vector, y: Vector) -> Vector:
    """Update theta_0 first and use it for the gradient of theta_1."""
    first = theta[0] - alpha * gradient[0]
    return np.array([first, theta[1] - alpha * np.mean((first + theta[1] * x - y) * x)])
