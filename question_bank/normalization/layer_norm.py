"""Layer normalization: statistics of each sample over its own features (material Q6, eq. 22)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals, integers, one_of

Array = NDArray[np.float64]

question = NumericQuestion(
    source="Q6 eq. (22)",
    level=2,
    minutes=9,
    decimals=3,
    conventions=("rows_are_samples", "biased_variance", "eps_inside_root"),
)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Two samples of three features whose means are whole numbers; eps is large enough to be seen."""
    deviations = integers(rng, shape=(2, 2), low=-4, high=4, nonzero=True)
    means = integers(rng, shape=(2, 1), low=-2, high=6, distinct=True)
    return {
        "X": means + np.hstack([deviations, -deviations.sum(axis=1, keepdims=True)]),
        "gamma": decimals(rng, shape=(3,), low=0.5, high=2, distinct=True),
        "beta": decimals(rng, shape=(3,), low=-1, high=1, distinct=True, nonzero=True),
        "eps": one_of(rng, 0.1, 0.2, 0.5),
    }


@question.step
def mu(X: Array) -> Array:
    """Average every row over its features."""
    return np.asarray(X.mean(axis=1))


@question.step
def var(X: Array, mu: Array) -> Array:
    """Average the squared distances from the sample's own mean."""
    return np.asarray(((X - mu[:, None]) ** 2).mean(axis=1))


@question.step
def x_hat(X: Array, mu: Array, var: Array, eps: float) -> Array:
    """Center every row and divide it by its standard deviation."""
    return (X - mu[:, None]) / np.sqrt(var[:, None] + eps)


@question.step
def y(x_hat: Array, gamma: Array, beta: Array) -> Array:
    """Scale and shift: gamma and beta belong to features, not to samples."""
    return gamma * x_hat + beta


@question.mistake(var, other_convention=True)
def unbiased(X: Array, mu: Array) -> Array:
    """Divide by n - 1."""
    return np.asarray(((X - mu[:, None]) ** 2).sum(axis=1) / (X.shape[1] - 1))


@question.mistake(x_hat)
def batch_axis(X: Array, eps: float) -> Array:
    """Normalize every column, as batch normalization does."""
    return np.asarray((X - X.mean(axis=0)) / np.sqrt(X.var(axis=0) + eps))


@question.mistake(x_hat)
def all_together(X: Array, eps: float) -> Array:
    """Use one mean and one variance for the whole table."""
    return np.asarray((X - X.mean()) / np.sqrt(X.var() + eps))


@question.mistake(x_hat, other_convention=True)
def eps_outside(X: Array, mu: Array, var: Array, eps: float) -> Array:
    """Add eps to the standard deviation."""
    return (X - mu[:, None]) / (np.sqrt(var[:, None]) + eps)


@question.mistake(x_hat)
def divided_by_variance(X: Array, mu: Array, var: Array, eps: float) -> Array:
    """Forget the root."""
    return (X - mu[:, None]) / (var[:, None] + eps)


@question.mistake(y)
def scale_and_shift_swapped(x_hat: Array, gamma: Array, beta: Array) -> Array:
    """Multiply by beta and add gamma."""
    return beta * x_hat + gamma


@question.mistake(y)
def not_scaled(x_hat: Array) -> Array:
    """Stop at the normalized values."""
    return x_hat
