"""Implement global average pooling (material Q7, global average pooling)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.pooling import global_avg_pool
from quizgen.authoring import CodeQuestion

Array = NDArray[np.floating[Any]]
Arguments = dict[str, Any]

question = CodeQuestion(source="Q7", level=1, minutes=5, reference=global_avg_pool, conventions=("nchw",))


@question.cases(visible=True)
def one_sample(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": np.array([[[1.0, 2.0], [3.0, 6.0]], [[0.0, -4.0], [2.0, 0.0]]]).reshape(1, 2, 2, 2)}
    yield {"x": rng.normal(size=(1, 3, 2, 4))}


@question.cases(weight=2)
def batches(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": rng.normal(size=(2, 3, 4, 5))}
    yield {"x": rng.normal(size=(5, 4, 3, 2))}


@question.cases()
def one_channel_or_one_row(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": rng.normal(size=(3, 1, 4, 2))}
    yield {"x": rng.normal(size=(2, 4, 1, 6))}


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": rng.normal(size=(2, 3, 3, 2))}


@question.cases(keeps_dtype=True, rtol=1e-4)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": rng.normal(size=(2, 3, 4, 2)).astype(np.float32)}


@question.solution
def channel_by_channel(x: Array) -> Array:
    """Add up the cells of every channel in plain loops."""
    samples, channels, rows, columns = x.shape
    y = np.zeros((samples, channels), dtype=x.dtype)
    for n, c, i, j in np.ndindex(x.shape):
        y[n, c] += x[n, c, i, j]
    return np.asarray(y / (rows * columns))


@question.solution
def flattened(x: Array) -> Array:
    """Lay each map out in a row and average it."""
    return np.asarray(x.reshape(*x.shape[:2], -1).mean(axis=2))


@question.mistake
def undivided(x: Array) -> Array:
    """Return sums."""
    return np.asarray(x.sum(axis=(2, 3)))


@question.mistake
def maximum(x: Array) -> Array:
    """Return maxima."""
    return np.asarray(x.max(axis=(2, 3)))


@question.mistake
def across_channels(x: Array) -> Array:
    """Average each sample over its channels too."""
    return np.repeat(x.mean(axis=(1, 2, 3))[:, None], x.shape[1], axis=1)


@question.mistake
def across_the_batch(x: Array) -> Array:
    """Average each channel over all samples."""
    return np.repeat(x.mean(axis=(0, 2, 3))[None], x.shape[0], axis=0)


@question.mistake
def divided_by_the_rows(x: Array) -> Array:
    """Divide by the number of rows only."""
    return np.asarray(x.sum(axis=(2, 3)) / x.shape[2])


@question.mistake
def per_row(x: Array) -> Array:
    """Average over the columns only."""
    return np.asarray(x.mean(axis=3))


@question.mistake
def axes_kept(x: Array) -> Array:
    """Keep the axes of length 1."""
    return np.asarray(x.mean(axis=(2, 3), keepdims=True))


@question.mistake
def channels_last(x: Array) -> Array:
    """Take the last axis for the channels."""
    return np.asarray(x.mean(axis=(1, 2)))
