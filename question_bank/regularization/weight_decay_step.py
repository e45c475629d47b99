"""Weight decay: one step of gradient descent with an L2 penalty (material Q2, eq. 7)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals, one_of

Vector = NDArray[np.float64]

question = NumericQuestion(source="Q2 eq. (7)", level=1, minutes=4, decimals=3, conventions=("penalty_half_alpha",))


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Two weights and a gradient with one decimal, so that the step can be done by hand."""
    return {
        "w": decimals(rng, shape=(2,), low=-2, high=2, places=1, distinct=True, nonzero=True),
        "grad": decimals(rng, shape=(2,), low=-1, high=1, places=1, distinct=True, nonzero=True),
        "eta": one_of(rng, 0.1, 0.2, 0.5),
        "alpha": one_of(rng, 0.1, 0.2, 0.4),
    }


@question.step
def decayed(w: Vector, eta: float, alpha: float) -> Vector:
    """Shrink the weights by the factor 1 - eta * alpha."""
    return (1 - eta * alpha) * w


@question.step
def w_next(decayed: Vector, grad: Vector, eta: float) -> Vector:
    """Take the gradient step from the shrunk weights."""
    return decayed - eta * grad


@question.mistake(decayed, other_convention=True)
def penalty_doubled(w: Vector, eta: float, alpha: float) -> Vector:
    """Differentiate alpha * w'w instead of alpha/2 * w'w."""
    return (1 - 2 * eta * alpha) * w


@question.mistake(decayed)
def rate_forgotten(w: Vector, alpha: float) -> Vector:
    """Shrink by 1 - alpha: the penalty's gradient is not multiplied by the learning rate."""
    return (1 - alpha) * w


@question.mistake(decayed)
def sign_lost(w: Vector, eta: float, alpha: float) -> Vector:
    """Grow the weights: the sign was lost when the bracket was opened."""
    return (1 + eta * alpha) * w


@question.mistake(decayed)
def no_decay(w: Vector) -> Vector:
    """Leave the weights as they are."""
    return w


@question.mistake(w_next)
def uphill(decayed: Vector, grad: Vector, eta: float) -> Vector:
    """Add the gradient."""
    return decayed + eta * grad


@question.mistake(w_next)
def gradient_without_rate(decayed: Vector, grad: Vector) -> Vector:
    """Subtract the whole gradient."""
    return decayed - grad


@question.mistake(w_next)
def decayed_after(w: Vector, grad: Vector, eta: float, alpha: float) -> Vector:
    """Step first and shrink afterwards, so that the gradient is shrunk too."""
    return (1 - eta * alpha) * (w - eta * grad)
