"""Batch normalization at test time: running statistics from training (material Q6, eq. 21)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals, integers, one_of

Array = NDArray[np.float64]

question = NumericQuestion(
    source="Q6 eq. (21)",
    level=3,
    minutes=8,
    decimals=3,
    conventions=("biased_variance", "eps_inside_root", "momentum_of_old"),
)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """One feature: a training batch of four values, and a test batch of two."""
    return {
        "train": integers(rng, shape=(4,), low=-2, high=8, distinct=True),
        "test": integers(rng, shape=(2,), low=-3, high=9, distinct=True),
        "mean_before": decimals(rng, low=-1, high=3, nonzero=True),
        "var_before": decimals(rng, low=1, high=6),
        "m": one_of(rng, 0.6, 0.7, 0.8, 0.9),
        "gamma": decimals(rng, low=0.5, high=2),
        "beta": decimals(rng, low=-1, high=1, nonzero=True),
        "eps": one_of(rng, 0.1, 0.2),
    }


@question.require
def scale_shows(gamma: float) -> bool:
    """Refuse a scale of 1, which would hide that it was left out."""
    return gamma != 1


@question.step
def batch_mean(train: Array) -> float:
    """Average the training batch."""
    return float(train.mean())


@question.step
def batch_var(train: Array, batch_mean: float) -> float:
    """Average the squared distances from the batch's mean."""
    return float(((train - batch_mean) ** 2).mean())


@question.step
def running_mean(batch_mean: float, mean_before: float, m: float) -> float:
    """Keep the share m of the old mean."""
    return m * mean_before + (1 - m) * batch_mean


@question.step
def running_var(batch_var: float, var_before: float, m: float) -> float:
    """Keep the share m of the old variance."""
    return m * var_before + (1 - m) * batch_var


@question.step
def y(test: Array, running_mean: float, running_var: float, gamma: float, beta: float, eps: float) -> Array:
    """Normalize the test batch with the running statistics."""
    return np.asarray(gamma * (test - running_mean) / np.sqrt(running_var + eps) + beta)


@question.mistake(batch_var, other_convention=True)
def unbiased(train: Array, batch_mean: float) -> float:
    """Divide by K - 1."""
    return float(((train - batch_mean) ** 2).sum() / (len(train) - 1))


@question.mistake(running_mean, other_convention=True)
def mean_momentum_reversed(batch_mean: float, mean_before: float, m: float) -> float:
    """Give the momentum to the new mean."""
    return (1 - m) * mean_before + m * batch_mean


@question.mistake(running_mean)
def mean_overwritten(batch_mean: float) -> float:
    """Take the batch's mean alone."""
    return batch_mean


@question.mistake(running_var, other_convention=True)
def var_momentum_reversed(batch_var: float, var_before: float, m: float) -> float:
    """Give the momentum to the new variance."""
    return (1 - m) * var_before + m * batch_var


@question.mistake(running_var)
def deviation_blended(batch_var: float, var_before: float, m: float) -> float:
    """Blend the standard deviation of the batch into the running variance."""
    return m * var_before + (1 - m) * float(np.sqrt(batch_var))


@question.mistake(y)
def test_statistics(test: Array, gamma: float, beta: float, eps: float) -> Array:
    """Normalize the test batch by its own statistics."""
    return np.asarray(gamma * (test - test.mean()) / np.sqrt(test.var() + eps) + beta)


@question.mistake(y)
def train_statistics(test: Array, batch_mean: float, batch_var: float, gamma: float, beta: float, eps: float) -> Array:
    """Normalize the test batch by the last training batch's statistics."""
    return np.asarray(gamma * (test - batch_mean) / np.sqrt(batch_var + eps) + beta)


@question.mistake(y)
def divided_by_variance(
    test: Array, running_mean: float, running_var: float, gamma: float, beta: float, eps: float
) -> Array:
    """Forget the root."""
    return np.asarray(gamma * (test - running_mean) / (running_var + eps) + beta)


@question.mistake(y)
def not_scaled(test: Array, running_mean: float, running_var: float, eps: float) -> Array:
    """Leave gamma and beta out at test time."""
    return np.asarray((test - running_mean) / np.sqrt(running_var + eps))
