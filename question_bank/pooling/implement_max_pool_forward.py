"""Implement maximum pooling of a batch of feature maps (material Q7, maximum pooling)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.pooling import max_pool_forward
from quizgen.authoring import CodeQuestion

Array = NDArray[np.floating[Any]]
Pair = tuple[int, int]
Arguments = dict[str, Any]

question = CodeQuestion(
    source="Q7", level=2, minutes=12, reference=max_pool_forward, conventions=("nchw", "floor_output_size")
)


def arguments(
    rng: np.random.Generator, shape: tuple[int, ...], window: Pair, stride: Pair, padding: Pair = (0, 0)
) -> Arguments:
    """Draw a batch without ties."""
    return {"x": rng.normal(size=shape), "window": window, "stride": stride, "padding": padding}


@question.cases(visible=True)
def one_map(rng: np.random.Generator) -> Iterator[Arguments]:
    x = np.array([[1.0, -2.0, 3.0, 0.5], [4.0, 0.0, -1.0, 2.0]]).reshape(1, 1, 2, 4)
    yield {"x": x, "window": (2, 2), "stride": (2, 2), "padding": (0, 0)}
    yield arguments(rng, (1, 1, 4, 6), (2, 2), (2, 2))


@question.cases()
def batch_and_channels(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 3, 4, 6), (2, 2), (2, 2))
    yield arguments(rng, (4, 1, 6, 4), (3, 2), (3, 2))


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
    yield arguments(rng, (2, 1, 5, 6), (2, 4), (2, 4))
    yield arguments(rng, (1, 3, 8, 7), (2, 2), (3, 4))


@question.cases(weight=2)
def negative_maps_with_padding(rng: np.random.Generator) -> Iterator[Arguments]:
    drawn = arguments(rng, (2, 3, 4, 5), (3, 3), (2, 2), (1, 1))
    yield {**drawn, "x": -1 - np.abs(drawn["x"])}
    drawn = arguments(rng, (1, 2, 5, 3), (3, 2), (2, 1), (1, 0))
    yield {**drawn, "x": -1 - np.abs(drawn["x"])}


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 2, 4, 4), (2, 2), (2, 2))


@question.cases(keeps_dtype=True, rtol=1e-4)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    drawn = arguments(rng, (2, 2, 4, 5), (2, 2), (2, 2))
    yield {**drawn, "x": drawn["x"].astype(np.float32)}


@question.cases(strided=True)
def gaps_in_memory(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 3, 4, 6), (2, 2), (2, 2))


@question.solution
def window_by_window(x: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Loop over samples, channels and windows, as the definition says."""
    return looped(x, window, stride, padding)


@question.solution
def offset_by_offset(x: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Compare the strided slices that begin at each place of the window."""
    padded = padded_map(x, padding, -np.inf)
    rows = (padded.shape[2] - window[0]) // stride[0] + 1
    columns = (padded.shape[3] - window[1]) // stride[1] + 1
    y = np.full((*x.shape[:2], rows, columns), -np.inf, dtype=x.dtype)
    for i in range(window[0]):
        for j in range(window[1]):
            part = padded[:, :, i : i + rows * stride[0] : stride[0], j : j + columns * stride[1] : stride[1]]
            y = np.maximum(y, part[:, :, :rows, :columns])
    return y


@question.mistake
def memory_taken_for_granted(x: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Work out the strides of a contiguous array instead of asking for those of this one."""
    (ph, pw) = padding
    padded = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)), constant_values=-np.inf) if ph or pw else x
    N, C, H, W = padded.shape
    rows, columns = (H - window[0]) // stride[0] + 1, (W - window[1]) // stride[1] + 1
    cell = padded.itemsize
    windows = np.lib.stride_tricks.as_strided(
        padded,
        (N, C, rows, columns, *window),
        tuple(cell * n for n in (C * H * W, H * W, stride[0] * W, stride[1], W, 1)),
        writeable=False,
    )
    return np.asarray(windows.max(axis=(4, 5)))


@question.mistake
def start_without_stride(x: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Begin window i at row i."""
    padded = padded_map(x, padding, -np.inf)
    y = np.empty((*x.shape[:2], *counts(padded, window, stride)), dtype=x.dtype)
    for i, j in np.ndindex(y.shape[2:]):
        y[:, :, i, j] = padded[:, :, i : i + window[0], j : j + window[1]].max(axis=(2, 3))
    return y


@question.mistake
def window_as_stride(x: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Move on by the window's length."""
    padded = padded_map(x, padding, -np.inf)
    y = np.full((*x.shape[:2], *counts(padded, window, stride)), -np.inf, dtype=x.dtype)
    for i, j in np.ndindex(y.shape[2:]):
        block = padded[:, :, i * window[0] : (i + 1) * window[0], j * window[1] : (j + 1) * window[1]]
        y[:, :, i, j] = block.max(axis=(2, 3), initial=-np.inf)
    return y


@question.mistake
def rounds_up(x: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Keep a window at the edge that does not fit."""
    padded = padded_map(x, padding, -np.inf)
    rows, columns = (-(-(n - k) // s) + 1 for n, k, s in zip(padded.shape[2:], window, stride, strict=True))
    room = ((0, 0), (0, 0), (0, stride[0]), (0, stride[1]))
    more = np.pad(padded, room, constant_values=-np.inf)
    y = np.empty((*x.shape[:2], rows, columns), dtype=x.dtype)
    for i, j in np.ndindex(rows, columns):
        top, left = i * stride[0], j * stride[1]
        y[:, :, i, j] = more[:, :, top : top + window[0], left : left + window[1]].max(axis=(2, 3))
    return y


@question.mistake
def pads_with_zeros(x: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Let the padding hold zeros, which beat negative numbers."""
    return looped(padded_map(x, padding, 0.0), window, stride, (0, 0))


@question.mistake
def padding_ignored(x: Array, window: Pair, stride: Pair, padding: Pair) -> Array:  # noqa: ARG001 - the mistake
    """Pool the map as it is."""
    return looped(x, window, stride, (0, 0))


@question.mistake
def starts_from_zero(x: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Search each window with a best value that begins at 0."""
    return np.maximum(looped(x, window, stride, padding), 0)


@question.mistake
def rows_for_columns(x: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Take window and stride as (columns, rows)."""
    return looped(x, window[::-1], stride[::-1], padding[::-1])


@question.mistake
def mean(x: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Average instead."""
    padded = padded_map(x, padding, 0.0)
    y = np.empty((*x.shape[:2], *counts(padded, window, stride)), dtype=x.dtype)
    for i, j in np.ndindex(y.shape[2:]):
        top, left = i * stride[0], j * stride[1]
        y[:, :, i, j] = padded[:, :, top : top + window[0], left : left + window[1]].mean(axis=(2, 3))
    return y


@question.mistake
def across_channels(x: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Let all channels of a sample share one maximum."""
    y = looped(x, window, stride, padding)
    return np.broadcast_to(y.max(axis=1, keepdims=True), y.shape).copy()


def looped(x: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Take the maximum of one window after the other, in plain loops."""
    padded = padded_map(x, padding, -np.inf)
    y = np.empty((*x.shape[:2], *counts(padded, window, stride)), dtype=x.dtype)
    for n, c, i, j in np.ndindex(y.shape):
        top, left = i * stride[0], j * stride[1]
        y[n, c, i, j] = padded[n, c, top : top + window[0], left : left + window[1]].max()
    return y


def padded_map(x: Array, padding: Pair, fill: float) -> Array:
    """Surround every map with `fill`."""
    (ph, pw) = padding
    return np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)), constant_values=fill)


def counts(padded: Array, window: Pair, stride: Pair) -> Pair:
    """Count the windows that fit, down and across."""
    rows, columns = padded.shape[2:]
    return (rows - window[0]) // stride[0] + 1, (columns - window[1]) // stride[1] + 1
