"""Implement average pooling, backwards (material Q8)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.pooling import avg_pool_forward
from question_bank.reference.pooling_backward import avg_pool_backward
from quizgen.authoring import CodeQuestion, Gradient

Array = NDArray[np.floating[Any]]
Pair = tuple[int, int]
Arguments = dict[str, Any]

question = CodeQuestion(
    source="Q8",
    level=2,
    minutes=12,
    reference=avg_pool_backward,
    conventions=("nchw", "floor_output_size", "padding_counts"),
)


def arguments(
    rng: np.random.Generator, shape: tuple[int, ...], window: Pair, stride: Pair, padding: Pair = (0, 0)
) -> Arguments:
    """Draw a batch and upstream gradients of the size that fits."""
    rows, columns = ((n + 2 * p - k) // s + 1 for n, p, k, s in zip(shape[2:], padding, window, stride, strict=True))
    dY = rng.normal(size=(*shape[:2], rows, columns))
    return {"x": rng.normal(size=shape), "dY": dY, "window": window, "stride": stride, "padding": padding}


@question.cases(visible=True)
def one_map(rng: np.random.Generator) -> Iterator[Arguments]:
    x = np.array([[1.0, -2.0, 3.0, 0.5], [4.0, 0.0, -1.0, 2.0]]).reshape(1, 1, 2, 4)
    dY = np.array([6.0, -2.0]).reshape(1, 1, 1, 2)
    yield {"x": x, "dY": dY, "window": (2, 2), "stride": (2, 2), "padding": (0, 0)}
    yield arguments(rng, (1, 1, 4, 6), (2, 2), (2, 2))


@question.cases()
def batch_and_channels(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 3, 4, 6), (2, 2), (2, 2))
    yield arguments(rng, (4, 1, 6, 2), (3, 2), (3, 2))


@question.cases(weight=3)
def overlapping_windows(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 3, 6, 7), (3, 3), (1, 1))
    yield arguments(rng, (1, 2, 7, 9), (3, 3), (2, 2))


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
    yield {**drawn, "x": drawn["x"].astype(np.float32), "dY": drawn["dY"].astype(np.float32)}


@question.cases(gradient=Gradient(avg_pool_forward, upstream="dY"))
def own_forward(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (1, 2, 3, 3), (2, 2), (1, 1))


@question.solution
def window_by_window(x: Array, dY: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Give every cell of every window its share, in plain loops without a padded map."""
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dY.shape):
        top, left = i * stride[0] - padding[0], j * stride[1] - padding[1]
        for r in range(max(top, 0), min(top + window[0], x.shape[2])):
            for s in range(max(left, 0), min(left + window[1], x.shape[3])):
                dx[n, c, r, s] += dY[n, c, i, j] / (window[0] * window[1])
    return dx


@question.solution
def offset_by_offset(x: Array, dY: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Add the shares at each place of the window, for all windows at once."""
    total = np.zeros_like(padded_map(x, padding))
    rows, columns = dY.shape[2:]
    for i in range(window[0]):
        for j in range(window[1]):
            part = total[:, :, i :: stride[0], j :: stride[1]]
            part[:, :, :rows, :columns] += dY / (window[0] * window[1])
    return cropped(total, x, padding)


@question.mistake
def undivided(x: Array, dY: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Hand the whole gradient to every cell."""
    return scattered(x, dY, window, stride, padding)


@question.mistake
def divided_by_the_map(x: Array, dY: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Divide by the number of cells of the whole map."""
    return scattered(x, dY / (x.shape[2] * x.shape[3]), window, stride, padding)


@question.mistake
def divided_by_one_side(x: Array, dY: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Divide by the window's rows only."""
    return scattered(x, dY / window[0], window, stride, padding)


@question.mistake
def overwritten(x: Array, dY: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Assign to the window instead of adding."""
    total = np.zeros_like(padded_map(x, padding))
    for i, j in np.ndindex(dY.shape[2:]):
        top, left = i * stride[0], j * stride[1]
        share = dY[:, :, i : i + 1, j : j + 1] / (window[0] * window[1])
        total[:, :, top : top + window[0], left : left + window[1]] = share
    return cropped(total, x, padding)


@question.mistake
def padding_not_counted(x: Array, dY: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Divide by the number of real cells of each window."""
    real = padded_map(np.ones_like(x), padding)
    counts = np.empty_like(dY)
    for i, j in np.ndindex(dY.shape[2:]):
        top, left = i * stride[0], j * stride[1]
        counts[:, :, i, j] = real[:, :, top : top + window[0], left : left + window[1]].sum(axis=(2, 3))
    return scattered(x, dY / counts, window, stride, padding)


@question.mistake
def to_the_maximum(x: Array, dY: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Send each gradient to the window's maximum."""
    padded = padded_map(x, padding)
    total = np.zeros_like(padded)
    for n, c, i, j in np.ndindex(dY.shape):
        top, left = i * stride[0], j * stride[1]
        row, column = divmod(int(padded[n, c, top : top + window[0], left : left + window[1]].argmax()), window[1])
        total[n, c, top + row, left + column] += dY[n, c, i, j]
    return cropped(total, x, padding)


@question.mistake
def times_the_input(x: Array, dY: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Multiply the shares by the input."""
    return x * scattered(x, dY / (window[0] * window[1]), window, stride, padding)


@question.mistake
def start_without_stride(x: Array, dY: Array, window: Pair, stride: Pair, padding: Pair) -> Array:  # noqa: ARG001 - the mistake
    """Begin window i at row i."""
    return scattered(x, dY / (window[0] * window[1]), window, (1, 1), padding)


@question.mistake
def padding_kept(x: Array, dY: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Return the gradient of the padded map."""
    wide = padded_map(x, padding)
    return scattered(wide, dY / (window[0] * window[1]), window, stride, (0, 0))


def scattered(x: Array, shares: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Add each share to all cells of its window."""
    total = np.zeros_like(padded_map(x, padding))
    for i, j in np.ndindex(shares.shape[2:]):
        top, left = i * stride[0], j * stride[1]
        total[:, :, top : top + window[0], left : left + window[1]] += shares[:, :, i : i + 1, j : j + 1]
    return cropped(total, x, padding)


def padded_map(x: Array, padding: Pair) -> Array:
    """Surround every map with zeros."""
    (ph, pw) = padding
    return np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))


def cropped(total: Array, x: Array, padding: Pair) -> Array:
    """Cut the padding off again."""
    (ph, pw), (height, width) = padding, x.shape[2:]
    return total[:, :, ph : ph + height, pw : pw + width].copy()
