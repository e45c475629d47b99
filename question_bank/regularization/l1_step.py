"""One step with an L1 penalty: subgradient, and soft threshold with exact zeros (material Q2, the list of methods)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals, integers, one_of, signs

Vector = NDArray[np.float64]

question = NumericQuestion(source="Q2", level=3, minutes=8, decimals=3)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Three weights, the middle one so small that the penalty makes it exactly 0."""
    w = decimals(rng, shape=(3,), low=0.6, high=2, distinct=True)
    w[1] = decimals(rng, low=0.02, high=0.08, places=2)
    return {
        "w": w * signs(rng, shape=(3,)),
        "grad": integers(rng, shape=(3,), low=-4, high=4, distinct=True, nonzero=True) / 10,
        "eta": one_of(rng, 0.1, 0.2),
        "alpha": one_of(rng, 0.6, 0.8, 1.5),
    }


@question.require
def one_zero(w: Vector, grad: Vector, eta: float, alpha: float) -> bool:
    """Ask for both signs among the weights, and for a small one well inside of the threshold."""
    inside = abs(w[1] - eta * grad[1]) < eta * alpha - 0.01
    return bool(inside and w.min() < 0 < w.max() and w[0] * w[2] < 0)


@question.require
def off_the_edge(moved: Vector) -> bool:
    """Keep every weight off 0 after the step down the loss, where its sign would be a matter of rounding."""
    return bool(np.abs(moved).min() > 0.005)


@question.step
def slope(w: Vector, alpha: float) -> Vector:
    """Differentiate the penalty: alpha with the sign of the weight."""
    return alpha * np.sign(w)


@question.step
def w_subgradient(w: Vector, slope: Vector, grad: Vector, eta: float) -> Vector:
    """Step down the loss and the penalty at once."""
    return w - eta * (grad + slope)


@question.step
def moved(w: Vector, grad: Vector, eta: float) -> Vector:
    """Step down the loss alone."""
    return w - eta * grad


@question.step
def w_proximal(moved: Vector, eta: float, alpha: float) -> Vector:
    """Pull every weight towards 0 by eta * alpha and stop there."""
    return np.sign(moved) * np.maximum(np.abs(moved) - eta * alpha, 0)


@question.mistake(slope)
def l2_term(w: Vector, alpha: float) -> Vector:
    """Use the L2 penalty's gradient."""
    return alpha * w


@question.mistake(slope)
def sign_left_out(w: Vector, alpha: float) -> Vector:
    """Take alpha for negative weights too."""
    return np.full_like(w, alpha)


@question.mistake(slope)
def penalty_itself(w: Vector, alpha: float) -> Vector:
    """Take the penalty of each weight for its gradient."""
    return alpha * np.abs(w)


@question.mistake(w_subgradient)
def uphill(w: Vector, slope: Vector, grad: Vector, eta: float) -> Vector:
    """Add the gradient."""
    return w + eta * (grad + slope)


@question.mistake(w_subgradient)
def penalty_without_rate(w: Vector, slope: Vector, grad: Vector, eta: float) -> Vector:
    """Subtract the penalty's slope in full."""
    return w - eta * grad - slope


@question.mistake(w_proximal)
def crosses_zero(moved: Vector, eta: float, alpha: float) -> Vector:
    """Pull by the threshold even past 0."""
    return moved - eta * alpha * np.sign(moved)


@question.mistake(w_proximal)
def sign_dropped(moved: Vector, eta: float, alpha: float) -> Vector:
    """Give back magnitudes."""
    return np.maximum(np.abs(moved) - eta * alpha, 0)


@question.mistake(w_proximal)
def negatives_zeroed(moved: Vector, eta: float, alpha: float) -> Vector:
    """Subtract the threshold and cut off at 0, whatever the sign."""
    return np.maximum(moved - eta * alpha, 0)


@question.mistake(w_proximal)
def small_ones_only(moved: Vector, eta: float, alpha: float) -> Vector:
    """Zero what is small and leave the rest as it is."""
    return np.where(np.abs(moved) > eta * alpha, moved, 0)
