"""The penalized loss in the forms of equations (5) and (6) (material Q2)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals, integers, one_of

Vector = NDArray[np.float64]

question = NumericQuestion(
    source="Q2 eq. (5), (6)", level=1, minutes=4, decimals=3, conventions=("penalty_half_alpha",)
)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Three weights and a bias, and a loss that the penalty changes visibly."""
    return {
        "w": integers(rng, shape=(3,), low=-5, high=5, distinct=True, nonzero=True),
        "b": integers(rng, low=-4, high=4, nonzero=True),
        "J": decimals(rng, low=0.2, high=2.5, places=2),
        "alpha": one_of(rng, 0.01, 0.02, 0.05, 0.1),
    }


@question.step
def squares(w: Vector) -> float:
    """Add up the squared weights."""
    return float(w @ w)


@question.step
def penalty(squares: float, alpha: float) -> float:
    """Take half of alpha times the sum of squares."""
    return alpha / 2 * squares


@question.step
def total(J: float, penalty: float) -> float:
    """Add the penalty to the loss."""
    return J + penalty


@question.step
def lam(alpha: float) -> float:
    """Give the factor of equation (5) that makes the same penalty."""
    return alpha / 2


@question.mistake(squares)
def root_taken(w: Vector) -> float:
    """Take the norm, not its square."""
    return float(np.sqrt(w @ w))


@question.mistake(squares)
def absolute_values(w: Vector) -> float:
    """Add up the magnitudes, as L1 does."""
    return float(np.abs(w).sum())


@question.mistake(squares)
def square_of_sum(w: Vector) -> float:
    """Square the sum of the weights."""
    return float(w.sum() ** 2)


@question.mistake(squares)
def bias_penalized(w: Vector, b: float) -> float:
    """Count the bias as a weight."""
    return float(w @ w + b**2)


@question.mistake(penalty, other_convention=True)
def half_forgotten(squares: float, alpha: float) -> float:
    """Multiply by alpha, not alpha / 2."""
    return alpha * squares


@question.mistake(total)
def penalty_subtracted(J: float, penalty: float) -> float:
    """Subtract the penalty."""
    return J - penalty


@question.mistake(lam)
def lambda_doubled(alpha: float) -> float:
    """Turn the relation round."""
    return 2 * alpha


@question.mistake(lam)
def lambda_equal(alpha: float) -> float:
    """Take lambda and alpha for the same number."""
    return alpha
