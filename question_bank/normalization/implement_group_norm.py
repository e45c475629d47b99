"""Implement group normalization of images (material Q6, group normalization, figure 8)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.normalization import group_norm
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(
    source="Q6 figure 8",
    level=3,
    minutes=10,
    reference=group_norm,
    conventions=("nchw", "groups_contiguous", "biased_variance", "eps_inside_root"),
)


def arguments(rng: np.random.Generator, shape: tuple[int, int, int, int], groups: int, eps: float) -> Arguments:
    """Draw maps that differ in mean and spread, with a scale and a shift per channel."""
    maps = (*shape[:2], 1, 1)
    return {
        "x": rng.normal(size=shape) * rng.uniform(0.5, 2, maps) + rng.uniform(-4, 4, maps),
        "gamma": rng.uniform(0.5, 2, shape[1]),
        "beta": rng.uniform(-2, -0.5, shape[1]),
        "groups": groups,
        "eps": eps,
    }


@question.cases(visible=True)
def one_image(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {
        "x": np.array([1.0, 3.0, 5.0, 9.0]).reshape(1, 4, 1, 1),
        "gamma": np.ones(4),
        "beta": np.array([0.0, 0.0, 3.0, 4.0]),
        "groups": 2,
        "eps": 0.0,
    }
    yield arguments(rng, (1, 6, 4, 5), 2, 1e-5)


@question.cases(weight=2)
def batches(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 6, 4, 5), 3, 1e-5)
    yield arguments(rng, (3, 8, 2, 5), 2, 1e-5)


@question.cases()
def one_group(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 3, 4, 5), 1, 1e-5)


@question.cases()
def a_group_per_channel(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 3, 4, 5), 3, 1e-5)


@question.cases()
def large_eps(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (3, 4, 2, 5), 2, 0.1)


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 4, 3, 5), 2, 1e-5)


@question.cases(keeps_dtype=True, rtol=1e-4, atol=1e-5)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    drawn = arguments(rng, (2, 4, 3, 5), 2, 1e-3)
    yield {name: v.astype(np.float32) if isinstance(v, np.ndarray) else v for name, v in drawn.items()}


@question.solution
def group_by_group(x: Array, gamma: Array, beta: Array, groups: int, eps: float) -> Array:
    """Loop over samples and groups and follow the definition."""
    y = np.empty_like(x)
    size = x.shape[1] // groups
    for n in range(x.shape[0]):
        for g in range(groups):
            values = x[n, g * size : (g + 1) * size]
            mu = values.sum() / values.size
            var = ((values - mu) ** 2).sum() / values.size
            y[n, g * size : (g + 1) * size] = (values - mu) / (var + eps) ** 0.5
    for c in range(x.shape[1]):
        y[:, c] = gamma[c] * y[:, c] + beta[c]
    return y


@question.solution
def five_axes(x: Array, gamma: Array, beta: Array, groups: int, eps: float) -> Array:
    """Split the channels' axis in two."""
    n, c, h, w = x.shape
    split = x.reshape(n, groups, c // groups, h, w)
    return scaled(normalized(split, (2, 3, 4), eps).reshape(x.shape), gamma, beta)


def normalized(values: Array, axes: tuple[int, ...], eps: float) -> Array:
    """Normalize over some axes."""
    mu, var = values.mean(axis=axes, keepdims=True), values.var(axis=axes, keepdims=True)
    return np.asarray((values - mu) / np.sqrt(var + eps))


def scaled(x_hat: Array, gamma: Array, beta: Array) -> Array:
    """Scale and shift every channel."""
    return np.asarray(gamma[:, None, None] * x_hat + beta[:, None, None])


@question.mistake
def interleaved(x: Array, gamma: Array, beta: Array, groups: int, eps: float) -> Array:
    """Deal the channels out to the groups in turn."""
    n, c, h, w = x.shape
    split = x.reshape(n, c // groups, groups, h, w)
    return scaled(normalized(split, (1, 3, 4), eps).reshape(x.shape), gamma, beta)


@question.mistake
def groups_of_that_size(x: Array, gamma: Array, beta: Array, groups: int, eps: float) -> Array:
    """Put `groups` channels into each group."""
    n, c, h, w = x.shape
    split = x.reshape(n, c // groups, groups, h, w)
    return scaled(normalized(split, (2, 3, 4), eps).reshape(x.shape), gamma, beta)


@question.mistake
def per_pixel(x: Array, gamma: Array, beta: Array, groups: int, eps: float) -> Array:
    """Average over the channels of a group only."""
    n, c, h, w = x.shape
    split = x.reshape(n, groups, c // groups, h, w)
    return scaled(normalized(split, (2,), eps).reshape(x.shape), gamma, beta)


@question.mistake
def over_the_batch(x: Array, gamma: Array, beta: Array, groups: int, eps: float) -> Array:
    """Average over the samples too."""
    n, c, h, w = x.shape
    split = x.reshape(n, groups, c // groups, h, w)
    return scaled(normalized(split, (0, 2, 3, 4), eps).reshape(x.shape), gamma, beta)


@question.mistake
def all_channels(x: Array, gamma: Array, beta: Array, groups: int, eps: float) -> Array:  # noqa: ARG001 - ignoring the groups is the mistake
    """Take layer normalization's statistics."""
    return scaled(normalized(x, (1, 2, 3), eps), gamma, beta)


@question.mistake
def channel_alone(x: Array, gamma: Array, beta: Array, groups: int, eps: float) -> Array:  # noqa: ARG001 - ignoring the groups is the mistake
    """Take instance normalization's statistics."""
    return scaled(normalized(x, (2, 3), eps), gamma, beta)


@question.mistake
def eps_outside(x: Array, gamma: Array, beta: Array, groups: int, eps: float) -> Array:
    """Add eps to the standard deviation."""
    split = x.reshape(len(x), groups, -1)
    mu, sigma = split.mean(axis=2, keepdims=True), split.std(axis=2, keepdims=True)
    return scaled(((split - mu) / (sigma + eps)).reshape(x.shape), gamma, beta)
