"""Implement the forward pass of layer normalization, for tables and for images (material Q6, eq. 22)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.normalization import layer_norm_forward
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(
    source="Q6 eq. (22)",
    level=2,
    minutes=9,
    reference=layer_norm_forward,
    conventions=("nchw", "layer_norm_all_axes", "biased_variance", "eps_inside_root"),
)


def arguments(rng: np.random.Generator, shape: tuple[int, ...], eps: float) -> Arguments:
    """Draw samples that differ in mean and spread, with a scale and a shift for every entry of a sample."""
    samples = (shape[0], *[1] * (len(shape) - 1))
    return {
        "X": rng.normal(size=shape) * rng.uniform(0.5, 2, samples) + rng.uniform(1, 4, samples),
        "gamma": rng.uniform(0.5, 2, shape[1:]),
        "beta": rng.uniform(-2, -0.5, shape[1:]),
        "eps": eps,
    }


@question.cases(visible=True)
def tables(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"X": np.array([[1.0, 3.0], [5.0, 9.0]]), "gamma": np.ones(2), "beta": np.array([0.0, 3.0]), "eps": 0.0}
    yield arguments(rng, (5, 3), 1e-5)
    yield arguments(rng, (2, 7), 1e-5)


@question.cases(weight=2)
def images(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 3, 4, 5), 1e-5)
    yield arguments(rng, (3, 2, 1, 4), 1e-5)


@question.cases()
def large_eps(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (4, 3), 0.1)
    yield arguments(rng, (3, 2, 2, 5), 0.1)


@question.cases()
def one_sample(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (1, 4), 0.1)


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (4, 3), 1e-5)


@question.cases(keeps_dtype=True, rtol=1e-4, atol=1e-5)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    drawn = arguments(rng, (2, 3, 4, 2), 1e-3)
    yield {name: v.astype(np.float32) if isinstance(v, np.ndarray) else v for name, v in drawn.items()}


@question.solution
def sample_by_sample(X: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Loop over the samples and follow the definition."""
    Y = np.empty_like(X)
    for n in range(len(X)):
        mu = X[n].sum() / X[n].size
        var = ((X[n] - mu) ** 2).sum() / X[n].size
        Y[n] = gamma * (X[n] - mu) / (var + eps) ** 0.5 + beta
    return Y


@question.solution
def flattened(X: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Make every sample a row."""
    rows = X.reshape(len(X), -1)
    centered = rows - rows.mean(axis=1)[:, None]
    x_hat = centered / np.sqrt((centered**2).mean(axis=1)[:, None] + eps)
    return np.asarray(gamma * x_hat.reshape(X.shape) + beta)


def moments(X: Array, axes: tuple[int, ...]) -> tuple[Array, Array]:
    """Return mean and variance over some axes, ready to broadcast."""
    return X.mean(axis=axes, keepdims=True), X.var(axis=axes, keepdims=True)


@question.mistake
def batch_axis(X: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Take batch normalization's statistics."""
    mu, var = moments(X, (0, *range(2, X.ndim)))
    return np.asarray(gamma * (X - mu) / np.sqrt(var + eps) + beta)


@question.mistake
def channels_only(X: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Average images over their channels only, pixel by pixel."""
    mu, var = moments(X, (1,))
    return np.asarray(gamma * (X - mu) / np.sqrt(var + eps) + beta)


@question.mistake
def last_axis_only(X: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Average over the last axis, whatever the rank."""
    mu, var = moments(X, (X.ndim - 1,))
    return np.asarray(gamma * (X - mu) / np.sqrt(var + eps) + beta)


@question.mistake
def unbiased(X: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Divide by one less."""
    mu, var = moments(X, tuple(range(1, X.ndim)))
    count = X[0].size
    return np.asarray(gamma * (X - mu) / np.sqrt(var * count / (count - 1) + eps) + beta)


@question.mistake
def eps_outside(X: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Add eps to the standard deviation."""
    mu, var = moments(X, tuple(range(1, X.ndim)))
    return np.asarray(gamma * (X - mu) / (np.sqrt(var) + eps) + beta)


@question.mistake
def divided_by_variance(X: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Forget the root."""
    mu, var = moments(X, tuple(range(1, X.ndim)))
    return np.asarray(gamma * (X - mu) / (var + eps) + beta)


@question.mistake
def scale_and_shift_swapped(X: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Multiply by beta and add gamma."""
    mu, var = moments(X, tuple(range(1, X.ndim)))
    return np.asarray(beta * (X - mu) / np.sqrt(var + eps) + gamma)
