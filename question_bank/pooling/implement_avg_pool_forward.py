"""Implement average pooling of a batch of feature maps (material Q7, average pooling)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.pooling import avg_pool_forward
from quizgen.authoring import CodeQuestion

Array = NDArray[np.floating[Any]]
Pair = tuple[int, int]
Arguments = dict[str, Any]

question = CodeQuestion(
    source="Q7",
    level=2,
    minutes=12,
    reference=avg_pool_forward,
    conventions=("nchw", "floor_output_size", "padding_counts"),
)


def arguments(
    rng: np.random.Generator, shape: tuple[int, ...], window: Pair, stride: Pair, padding: Pair = (0, 0)
) -> Arguments:
    """Draw a batch whose mean is far from 0, so that zeros of the padding show."""
    return {"x": rng.normal(2, 1, size=shape), "window": window, "stride": stride, "padding": padding}


@question.cases(visible=True)
def one_map(rng: np.random.Generator) -> Iterator[Arguments]:
    x = np.array([[1.0, -2.0, 3.0, 0.5], [4.0, 0.0, -1.0, 2.0]]).reshape(1, 1, 2, 4)
    yield {"x": x, "window": (2, 2), "stride": (2, 2), "padding": (0, 0)}
    yield arguments(rng, (1, 1, 4, 6), (2, 2), (2, 2))


@question.cases()
def batch_and_channels(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 3, 4, 6), (2, 2), (2, 2))
    yield arguments(rng, (4, 1, 6, 2), (3, 2), (3, 2))


@question.cases(weight=2)
def overlapping_windows(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 3, 5, 7), (3, 3), (2, 2))
    yield arguments(rng, (1, 2, 4, 5), (3, 2), (1, 1))


@question.cases(weight=2)
def rows_and_columns_differ(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 3, 6, 7), (2, 3), (2, 1))
    yield arguments(rng, (3, 2, 7, 4), (3, 1), (1, 2))


@question.cases()
def cells_left_over(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 1, 5, 7), (2, 3), (2, 3))
    yield arguments(rng, (1, 3, 8, 7), (2, 2), (3, 4))


@question.cases(weight=2)
def padding_of_zeros(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 3, 4, 5), (3, 3), (2, 2), (1, 1))
    yield arguments(rng, (1, 2, 5, 3), (3, 2), (2, 1), (1, 0))


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 2, 4, 4), (2, 2), (2, 2))


@question.cases(keeps_dtype=True, rtol=1e-4)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    drawn = arguments(rng, (2, 2, 4, 6), (2, 2), (2, 2))
    yield {**drawn, "x": drawn["x"].astype(np.float32)}


@question.solution
def window_by_window(x: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Loop over samples, channels and windows, as the definition says."""
    return reduced(x, window, stride, padding, lambda cells: cells.sum() / cells.size)


@question.solution
def offset_by_offset(x: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Add up the strided slices that begin at each place of the window."""
    padded = padded_map(x, padding)
    rows, columns = counts(padded, window, stride)
    y = np.zeros((*x.shape[:2], rows, columns), dtype=x.dtype)
    for i in range(window[0]):
        for j in range(window[1]):
            part = padded[:, :, i :: stride[0], j :: stride[1]]
            y += part[:, :, :rows, :columns]
    return y / (window[0] * window[1])


@question.mistake
def undivided(x: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Return sums."""
    return reduced(x, window, stride, padding, np.sum)


@question.mistake
def maximum(x: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Return maxima."""
    return reduced(x, window, stride, padding, np.max)


@question.mistake
def divided_by_one_side(x: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Divide by the window's rows only."""
    return reduced(x, window, stride, padding, lambda cells: cells.sum() / cells.shape[0])


@question.mistake
def divided_by_the_map(x: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Divide by the number of cells of the whole map."""
    return reduced(x, window, stride, padding, lambda cells: cells.sum() / (x.shape[2] * x.shape[3]))


@question.mistake
def padding_not_counted(x: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Divide by the number of real cells of each window."""
    real = reduced(np.ones_like(x), window, stride, padding, np.sum)
    return np.asarray(reduced(x, window, stride, padding, np.sum) / real)


@question.mistake
def padding_ignored(x: Array, window: Pair, stride: Pair, padding: Pair) -> Array:  # noqa: ARG001 - the mistake
    """Pool the map as it is."""
    return reduced(x, window, stride, (0, 0), np.mean)


@question.mistake
def start_without_stride(x: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Begin window i at row i."""
    y = reduced(x, window, (1, 1), padding, np.mean)
    rows, columns = counts(padded_map(x, padding), window, stride)
    return y[:, :, :rows, :columns]


@question.mistake
def window_as_stride(x: Array, window: Pair, stride: Pair, padding: Pair) -> Array:  # noqa: ARG001 - the mistake
    """Lay windows side by side."""
    return reduced(x, window, window, padding, np.mean)


@question.mistake
def rows_for_columns(x: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Take the pairs as (columns, rows)."""
    return reduced(x, window[::-1], stride[::-1], padding[::-1], np.mean)


@question.mistake
def across_channels(x: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Average over the channels too."""
    y = reduced(x, window, stride, padding, np.mean)
    return np.broadcast_to(y.mean(axis=1, keepdims=True), y.shape).copy()


def reduced(x: Array, window: Pair, stride: Pair, padding: Pair, reduce: Any) -> Array:
    """Reduce one window after the other to one number, in plain loops."""
    padded = padded_map(x, padding)
    y = np.empty((*x.shape[:2], *counts(padded, window, stride)), dtype=x.dtype)
    for n, c, i, j in np.ndindex(y.shape):
        top, left = i * stride[0], j * stride[1]
        y[n, c, i, j] = reduce(padded[n, c, top : top + window[0], left : left + window[1]])
    return y


def padded_map(x: Array, padding: Pair) -> Array:
    """Surround every map with zeros."""
    (ph, pw) = padding
    return np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))


def counts(padded: Array, window: Pair, stride: Pair) -> Pair:
    """Count the windows that fit, down and across."""
    rows, columns = padded.shape[2:]
    return (rows - window[0]) // stride[0] + 1, (columns - window[1]) // stride[1] + 1
