"""Implement the forward pass of batch normalization, for tables and for images (material Q6, eq. 21)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.normalization import batch_norm_forward
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(
    source="Q6 eq. (21)",
    level=2,
    minutes=12,
    reference=batch_norm_forward,
    conventions=("nchw", "biased_variance", "eps_inside_root"),
)


def arguments(rng: np.random.Generator, shape: tuple[int, ...], eps: float) -> Arguments:
    """Draw a batch whose features differ in mean and spread, with a scale and a shift of their own."""
    features = (shape[1], *[1] * (len(shape) - 2))
    return {
        "X": rng.normal(size=shape) * rng.uniform(0.5, 2, features) + rng.uniform(1, 4, features),
        "gamma": rng.uniform(0.5, 2, shape[1]),
        "beta": rng.uniform(-2, -0.5, shape[1]),
        "eps": eps,
    }


@question.cases(visible=True)
def tables(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"X": np.array([[1.0, 2.0], [5.0, 8.0]]), "gamma": np.ones(2), "beta": np.array([0.0, 3.0]), "eps": 0.0}
    yield arguments(rng, (5, 3), 1e-5)
    yield arguments(rng, (2, 7), 1e-5)


@question.cases(weight=2)
def images(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 3, 4, 5), 1e-5)
    yield arguments(rng, (3, 1, 2, 4), 1e-5)
    yield arguments(rng, (1, 4, 3, 2), 1e-5)


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
def channels_last(X: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Bring the channels to the end, so that everything is a table."""
    last = np.moveaxis(X, 1, -1)
    flat = last.reshape(-1, X.shape[1])
    mu = flat.mean(axis=0)
    var = ((flat - mu) ** 2).mean(axis=0)
    scaled = gamma * (flat - mu) / np.sqrt(var + eps) + beta
    return np.moveaxis(scaled.reshape(last.shape), -1, 1)


@question.solution
def channel_by_channel(X: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Loop over the channels and follow the definition."""
    Y = np.empty_like(X)
    for c in range(X.shape[1]):
        values = X[:, c]
        mu = values.sum() / values.size
        var = ((values - mu) ** 2).sum() / values.size
        Y[:, c] = gamma[c] * (values - mu) / np.sqrt(var + eps) + beta[c]
    return Y


def normalized(X: Array, gamma: Array, beta: Array, mu: Array, sigma: Array) -> Array:
    """Scale and shift with given statistics; the mistakes below differ in those."""
    per_channel = (-1, *[1] * (X.ndim - 2))
    return np.asarray(gamma.reshape(per_channel) * ((X - mu) / sigma) + beta.reshape(per_channel))


def batch_axes(X: Array) -> tuple[int, ...]:
    """All axes but the channels'."""
    return (0, *range(2, X.ndim))


@question.mistake
def unbiased(X: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Divide by one less."""
    axes = batch_axes(X)
    mu = X.mean(axis=axes, keepdims=True)
    var = ((X - mu) ** 2).sum(axis=axes, keepdims=True) / (X.size // X.shape[1] - 1)
    return normalized(X, gamma, beta, mu, np.sqrt(var + eps))


@question.mistake
def eps_outside(X: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Add eps to the standard deviation."""
    axes = batch_axes(X)
    return normalized(X, gamma, beta, X.mean(axis=axes, keepdims=True), X.std(axis=axes, keepdims=True) + eps)


@question.mistake
def eps_left_out(X: Array, gamma: Array, beta: Array, eps: float) -> Array:  # noqa: ARG001 - forgetting it is the mistake
    """Forget eps."""
    axes = batch_axes(X)
    return normalized(X, gamma, beta, X.mean(axis=axes, keepdims=True), X.std(axis=axes, keepdims=True))


@question.mistake
def divided_by_variance(X: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Forget the root."""
    axes = batch_axes(X)
    return normalized(X, gamma, beta, X.mean(axis=axes, keepdims=True), X.var(axis=axes, keepdims=True) + eps)


@question.mistake
def per_sample(X: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Take layer normalization's statistics."""
    axes = tuple(range(1, X.ndim))
    sigma = np.sqrt(X.var(axis=axes, keepdims=True) + eps)
    return normalized(X, gamma, beta, X.mean(axis=axes, keepdims=True), sigma)


@question.mistake
def per_pixel(X: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Average over the batch axis only, so that every pixel of an image has its own statistics."""
    sigma = np.sqrt(X.var(axis=0, keepdims=True) + eps)
    return normalized(X, gamma, beta, X.mean(axis=0, keepdims=True), sigma)


@question.mistake
def channels_mixed(X: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Reshape images to (N * H * W, C) without moving the channels to the end first."""
    flat = X.reshape(-1, X.shape[1])
    scaled = gamma * (flat - flat.mean(axis=0)) / np.sqrt(flat.var(axis=0) + eps) + beta
    return np.asarray(scaled.reshape(X.shape))


@question.mistake
def scale_and_shift_swapped(X: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Multiply by beta and add gamma."""
    axes = batch_axes(X)
    sigma = np.sqrt(X.var(axis=axes, keepdims=True) + eps)
    return normalized(X, beta, gamma, X.mean(axis=axes, keepdims=True), sigma)


@question.mistake
def changes_its_input(X: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Center the array that was handed in."""
    axes = batch_axes(X)
    X -= X.mean(axis=axes, keepdims=True)
    sigma = np.sqrt(X.var(axis=axes, keepdims=True) + eps)
    return normalized(X, gamma, beta, np.zeros_like(sigma), sigma)
