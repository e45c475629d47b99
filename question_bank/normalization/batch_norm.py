"""Batch normalization of a small table: statistics per feature, then scale and shift (material Q6, eq. 21)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals, integers, one_of

Array = NDArray[np.float64]

question = NumericQuestion(
    source="Q6 eq. (21)",
    level=2,
    minutes=9,
    decimals=3,
    conventions=("rows_are_samples", "biased_variance", "eps_inside_root"),
)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Three samples of two features whose means are whole numbers; eps is large enough to be seen."""
    deviations = integers(rng, shape=(2, 2), low=-3, high=3, nonzero=True)
    means = integers(rng, shape=(2,), low=-2, high=5)
    return {
        "X": means + np.vstack([deviations, -deviations.sum(axis=0)]),
        "gamma": decimals(rng, shape=(2,), low=0.5, high=2, distinct=True),
        "beta": decimals(rng, shape=(2,), low=-1, high=1, distinct=True, nonzero=True),
        "eps": one_of(rng, 0.1, 0.2, 0.5),
    }


@question.require
def features_differ(var: Array) -> bool:
    """Ask for unequal variances, so that they cannot be mixed up unnoticed."""
    return bool(var[0] != var[1])


@question.step
def mu(X: Array) -> Array:
    """Average every column over the batch."""
    return np.asarray(X.mean(axis=0))


@question.step
def var(X: Array, mu: Array) -> Array:
    """Average the squared distances from the mean."""
    return np.asarray(((X - mu) ** 2).mean(axis=0))


@question.step
def x_hat(X: Array, mu: Array, var: Array, eps: float) -> Array:
    """Center every column and divide it by its standard deviation."""
    return (X - mu) / np.sqrt(var + eps)


@question.step
def y(x_hat: Array, gamma: Array, beta: Array) -> Array:
    """Scale and shift every column with its own gamma and beta."""
    return gamma * x_hat + beta


@question.mistake(var, other_convention=True)
def unbiased(X: Array, mu: Array) -> Array:
    """Divide by K - 1."""
    return np.asarray(((X - mu) ** 2).sum(axis=0) / (len(X) - 1))


@question.mistake(var)
def sum_of_squares(X: Array, mu: Array) -> Array:
    """Add up the squared distances and do not divide."""
    return np.asarray(((X - mu) ** 2).sum(axis=0))


@question.mistake(x_hat, other_convention=True)
def eps_outside(X: Array, mu: Array, var: Array, eps: float) -> Array:
    """Add eps to the standard deviation."""
    return (X - mu) / (np.sqrt(var) + eps)


@question.mistake(x_hat)
def eps_left_out(X: Array, mu: Array, var: Array) -> Array:
    """Forget eps."""
    return (X - mu) / np.sqrt(var)


@question.mistake(x_hat)
def divided_by_variance(X: Array, mu: Array, var: Array, eps: float) -> Array:
    """Forget the root."""
    return (X - mu) / (var + eps)


@question.mistake(x_hat)
def bracket_lost(X: Array, mu: Array, var: Array, eps: float) -> Array:
    """Divide the mean alone: x - mu / sigma."""
    return X - mu / np.sqrt(var + eps)


@question.mistake(x_hat)
def per_sample(X: Array, eps: float) -> Array:
    """Normalize every row, as layer normalization does."""
    mean, variance = X.mean(axis=1, keepdims=True), X.var(axis=1, keepdims=True)
    return np.asarray((X - mean) / np.sqrt(variance + eps))


@question.mistake(y)
def scale_and_shift_swapped(x_hat: Array, gamma: Array, beta: Array) -> Array:
    """Multiply by beta and add gamma."""
    return beta * x_hat + gamma


@question.mistake(y)
def shift_left_out(x_hat: Array, gamma: Array) -> Array:
    """Scale, but do not shift."""
    return gamma * x_hat
