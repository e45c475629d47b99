"""Implement the update of batch normalization's running statistics (material Q6, eq. 21)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.normalization import batch_norm_running
from quizgen.authoring import CodeQuestion, one_of

Array = NDArray[np.float64]
Pair = tuple[Array, Array]
Arguments = dict[str, Any]

question = CodeQuestion(
    source="Q6 eq. (21)",
    level=2,
    minutes=8,
    reference=batch_norm_running,
    conventions=("nchw", "biased_variance", "momentum_of_old"),
)


def arguments(rng: np.random.Generator, shape: tuple[int, ...]) -> Arguments:
    """Draw a batch and running statistics that are far from the batch's and from 0."""
    return {
        "X": rng.normal(size=shape) * 2 + 3,
        "running_mean": rng.uniform(-3, -1, shape[1]),
        "running_var": rng.uniform(6, 9, shape[1]),
        "momentum": one_of(rng, 0.7, 0.8, 0.9, 0.99),
    }


@question.cases(visible=True)
def tables(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {
        "X": np.array([[1.0, 2.0], [5.0, 8.0]]),
        "running_mean": np.array([1.0, 0.0]),
        "running_var": np.array([2.0, 1.0]),
        "momentum": 0.75,
    }
    yield arguments(rng, (5, 3))


@question.cases(weight=2)
def images(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 3, 4, 5))
    yield arguments(rng, (4, 1, 2, 3))
    yield arguments(rng, (1, 2, 5, 3))


@question.cases()
def one_sample(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (1, 4))


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (4, 3))


@question.solution
def channel_by_channel(X: Array, running_mean: Array, running_var: Array, momentum: float) -> Pair:
    """Loop over the channels and follow the definition."""
    mean_next, var_next = running_mean.copy(), running_var.copy()
    for c in range(X.shape[1]):
        values = X[:, c].ravel()
        mu = sum(values) / len(values)
        var = sum((v - mu) ** 2 for v in values) / len(values)
        mean_next[c] = momentum * running_mean[c] + (1 - momentum) * mu
        var_next[c] = momentum * running_var[c] + (1 - momentum) * var
    return mean_next, var_next


@question.solution
def move_towards_the_batch(X: Array, running_mean: Array, running_var: Array, momentum: float) -> Pair:
    """Go the share 1 - momentum of the way."""
    flat = np.moveaxis(X, 1, 0).reshape(X.shape[1], -1)
    rate = 1 - momentum
    return running_mean + rate * (flat.mean(1) - running_mean), running_var + rate * (flat.var(1) - running_var)


def statistics(X: Array) -> Pair:
    """Return the batch's mean and variance per feature or channel."""
    flat = np.moveaxis(X, 1, 0).reshape(X.shape[1], -1)
    return flat.mean(axis=1), flat.var(axis=1)


def blend(old: Array, new: Array, momentum: float) -> Array:
    """Blend two statistics the right way round."""
    return np.asarray(momentum * old + (1 - momentum) * new)


@question.mistake
def momentum_reversed(X: Array, running_mean: Array, running_var: Array, momentum: float) -> Pair:
    """Give the momentum to the new values."""
    mu, var = statistics(X)
    return blend(mu, running_mean, momentum), blend(var, running_var, momentum)


@question.mistake
def deviation_stored(X: Array, running_mean: Array, running_var: Array, momentum: float) -> Pair:
    """Blend the standard deviation into the running variance."""
    mu, var = statistics(X)
    return blend(running_mean, mu, momentum), blend(running_var, np.sqrt(var), momentum)


@question.mistake
def unbiased(X: Array, running_mean: Array, running_var: Array, momentum: float) -> Pair:
    """Blend in the variance divided by K - 1."""
    mu, var = statistics(X)
    count = X.size // X.shape[1]
    return blend(running_mean, mu, momentum), blend(running_var, var * np.float64(count) / (count - 1), momentum)


@question.mistake
def overwritten(X: Array, running_mean: Array, running_var: Array, momentum: float) -> Pair:  # noqa: ARG001 - not using them is the mistake
    """Return the batch's statistics."""
    return statistics(X)


@question.mistake
def variance_forgotten(X: Array, running_mean: Array, running_var: Array, momentum: float) -> Pair:
    """Update the mean alone."""
    return blend(running_mean, statistics(X)[0], momentum), running_var


@question.mistake
def updated_in_place(X: Array, running_mean: Array, running_var: Array, momentum: float) -> Pair:
    """Write into the arrays that were handed in."""
    mu, var = statistics(X)
    running_mean[:] = blend(running_mean, mu, momentum)
    running_var[:] = blend(running_var, var, momentum)
    return running_mean, running_var
