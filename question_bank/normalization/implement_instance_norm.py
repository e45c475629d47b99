"""Implement instance normalization of images (material Q6, instance normalization, figure 7)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.normalization import instance_norm
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(
    source="Q6, instance normalization",
    level=2,
    minutes=8,
    reference=instance_norm,
    conventions=("nchw", "biased_variance", "eps_inside_root"),
)


def arguments(rng: np.random.Generator, shape: tuple[int, int, int, int], eps: float) -> Arguments:
    """Draw maps that differ in mean and spread, with a scale and a shift per channel."""
    maps = (*shape[:2], 1, 1)
    return {
        "x": rng.normal(size=shape) * rng.uniform(0.5, 2, maps) + rng.uniform(1, 4, maps),
        "gamma": rng.uniform(0.5, 2, shape[1]),
        "beta": rng.uniform(-2, -0.5, shape[1]),
        "eps": eps,
    }


@question.cases(visible=True)
def one_image(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {
        "x": np.array([[[[1.0, 3.0]], [[5.0, 9.0]]]]),
        "gamma": np.array([1.0, 2.0]),
        "beta": np.array([0.0, 3.0]),
        "eps": 0.0,
    }
    yield arguments(rng, (1, 3, 4, 5), 1e-5)


@question.cases(weight=2)
def batches(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 3, 4, 5), 1e-5)
    yield arguments(rng, (4, 1, 3, 2), 1e-5)
    yield arguments(rng, (3, 3, 2, 3), 1e-5)


@question.cases()
def large_eps(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (3, 2, 4, 5), 0.1)


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 3, 2, 4), 1e-5)


@question.cases(keeps_dtype=True, rtol=1e-4, atol=1e-5)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    drawn = arguments(rng, (2, 3, 4, 2), 1e-3)
    yield {name: v.astype(np.float32) if isinstance(v, np.ndarray) else v for name, v in drawn.items()}


@question.solution
def map_by_map(x: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Loop over samples and channels and follow the definition."""
    y = np.empty_like(x)
    for n in range(x.shape[0]):
        for c in range(x.shape[1]):
            values = x[n, c]
            mu = values.sum() / values.size
            var = ((values - mu) ** 2).sum() / values.size
            y[n, c] = gamma[c] * (values - mu) / (var + eps) ** 0.5 + beta[c]
    return y


@question.solution
def over_rows_and_columns(x: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Average over the last two axes."""
    return normalized(x, gamma, beta, eps, (2, 3))


def normalized(x: Array, gamma: Array, beta: Array, eps: float, axes: tuple[int, ...]) -> Array:
    """Normalize over the given axes, then scale and shift each channel."""
    mu, var = x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True)
    return np.asarray(gamma[:, None, None] * (x - mu) / np.sqrt(var + eps) + beta[:, None, None])


@question.mistake
def layer_axes(x: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Take layer normalization's statistics."""
    return normalized(x, gamma, beta, eps, (1, 2, 3))


@question.mistake
def batch_axes(x: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Take batch normalization's statistics."""
    return normalized(x, gamma, beta, eps, (0, 2, 3))


@question.mistake
def rows_only(x: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Normalize every row of a map on its own."""
    return normalized(x, gamma, beta, eps, (3,))


@question.mistake
def scale_along_width(x: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Let gamma and beta run along the last axis."""
    mu, var = x.mean(axis=(2, 3), keepdims=True), x.var(axis=(2, 3), keepdims=True)
    return np.asarray(gamma * (x - mu) / np.sqrt(var + eps) + beta)


@question.mistake
def unbiased(x: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Divide by one less."""
    mu, var = x.mean(axis=(2, 3), keepdims=True), x.var(axis=(2, 3), ddof=1, keepdims=True)
    return np.asarray(gamma[:, None, None] * (x - mu) / np.sqrt(var + eps) + beta[:, None, None])


@question.mistake
def eps_outside(x: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Add eps to the standard deviation."""
    mu, sigma = x.mean(axis=(2, 3), keepdims=True), x.std(axis=(2, 3), keepdims=True)
    return np.asarray(gamma[:, None, None] * (x - mu) / (sigma + eps) + beta[:, None, None])


@question.mistake
def not_scaled(x: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Leave gamma and beta out."""
    return normalized(x, np.ones_like(gamma), np.zeros_like(beta), eps, (2, 3))
