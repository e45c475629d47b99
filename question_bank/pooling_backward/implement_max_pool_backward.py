"""Implement maximum pooling, backwards (material Q8)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.pooling import max_pool_forward
from question_bank.reference.pooling_backward import max_pool_backward
from quizgen.authoring import CodeQuestion, Gradient

Array = NDArray[np.floating[Any]]
Pair = tuple[int, int]
Arguments = dict[str, Any]

question = CodeQuestion(
    source="Q8",
    level=3,
    minutes=15,
    reference=max_pool_backward,
    conventions=("nchw", "floor_output_size", "first_maximum"),
)


def arguments(
    rng: np.random.Generator, shape: tuple[int, ...], window: Pair, stride: Pair, padding: Pair = (0, 0)
) -> Arguments:
    """Draw a batch without ties and upstream gradients of the size that fits."""
    x = rng.normal(size=shape)
    return with_gradients(rng, x, window, stride, padding)


def with_gradients(rng: np.random.Generator, x: Array, window: Pair, stride: Pair, padding: Pair) -> Arguments:
    """Draw upstream gradients for a batch."""
    rows, columns = ((n + 2 * p - k) // s + 1 for n, p, k, s in zip(x.shape[2:], padding, window, stride, strict=True))
    dY = rng.normal(size=(*x.shape[:2], rows, columns))
    return {"x": x, "dY": dY, "window": window, "stride": stride, "padding": padding}


@question.cases(visible=True)
def one_map(rng: np.random.Generator) -> Iterator[Arguments]:
    x = np.array([[1.0, -2.0, 3.0, 0.5], [4.0, 0.0, -1.0, 2.0]]).reshape(1, 1, 2, 4)
    dY = np.array([5.0, 7.0]).reshape(1, 1, 1, 2)
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
def negative_maps_with_padding(rng: np.random.Generator) -> Iterator[Arguments]:
    x = -1 - np.abs(rng.normal(size=(2, 3, 4, 5)))
    yield with_gradients(rng, x, (3, 3), (2, 2), (1, 1))
    yield with_gradients(rng, x, (3, 2), (2, 1), (1, 0))


@question.cases()
def ties(rng: np.random.Generator) -> Iterator[Arguments]:
    x = rng.integers(0, 2, size=(2, 2, 4, 6)).astype(np.float64)
    x[:, :, :2, :2] = 1
    yield with_gradients(rng, x, (2, 2), (2, 2), (0, 0))


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 2, 4, 4), (2, 2), (2, 2))


@question.cases(keeps_dtype=True, rtol=1e-4)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    drawn = arguments(rng, (2, 2, 4, 6), (2, 2), (2, 2))
    yield {**drawn, "x": drawn["x"].astype(np.float32), "dY": drawn["dY"].astype(np.float32)}


@question.cases(gradient=Gradient(max_pool_forward, upstream="dY"))
def own_forward(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (1, 2, 3, 3), (2, 2), (1, 1))


@question.solution
def window_by_window(x: Array, dY: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Find each window's winner in plain loops and add the gradient there."""
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dY.shape):
        top, left = i * stride[0] - padding[0], j * stride[1] - padding[1]
        best, place = -np.inf, (0, 0)
        for r in range(max(top, 0), min(top + window[0], x.shape[2])):
            for s in range(max(left, 0), min(left + window[1], x.shape[3])):
                if x[n, c, r, s] > best:
                    best, place = x[n, c, r, s], (r, s)
        dx[(n, c, *place)] += dY[n, c, i, j]
    return dx


@question.solution
def with_argmax(x: Array, dY: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Turn each flat winner into row and column of the padded map."""
    padded, total = padded_pair(x, padding)
    for n, c, i, j in np.ndindex(dY.shape):
        top, left = i * stride[0], j * stride[1]
        flat = int(padded[n, c, top : top + window[0], left : left + window[1]].argmax())
        total[n, c, top + flat // window[1], left + flat % window[1]] += dY[n, c, i, j]
    return cropped(total, x, padding)


@question.mistake
def overwritten(x: Array, dY: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Assign to the winner instead of adding."""
    padded, total = padded_pair(x, padding)
    for n, c, i, j in np.ndindex(dY.shape):
        block = np.s_[n, c, i * stride[0] : i * stride[0] + window[0], j * stride[1] : j * stride[1] + window[1]]
        row, column = np.unravel_index(padded[block].argmax(), padded[block].shape)
        total[block][row, column] = dY[n, c, i, j]
    return cropped(total, x, padding)


@question.mistake
def whole_window_assigned(x: Array, dY: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Assign mask times gradient to the whole window, which wipes out earlier windows."""
    padded, total = padded_pair(x, padding)
    for n, c, i, j in np.ndindex(dY.shape):
        block = np.s_[n, c, i * stride[0] : i * stride[0] + window[0], j * stride[1] : j * stride[1] + window[1]]
        total[block] = first_winner(padded[block]) * dY[n, c, i, j]
    return cropped(total, x, padding)


@question.mistake
def to_every_tied_cell(x: Array, dY: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Hand the whole gradient to all cells that equal the maximum."""
    return scattered(x, dY, window, stride, padding, lambda cells: (cells == cells.max()).astype(cells.dtype))


@question.mistake
def last_of_tied_cells(x: Array, dY: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Choose the last of the tied cells."""
    return scattered(x, dY, window, stride, padding, lambda cells: first_winner(cells[::-1, ::-1])[::-1, ::-1])


@question.mistake
def spread_evenly(x: Array, dY: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Share the gradient among all cells, as average pooling does."""
    return scattered(x, dY, window, stride, padding, lambda cells: np.full_like(cells, 1 / cells.size))


@question.mistake
def to_every_cell(x: Array, dY: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Hand the whole gradient to every cell of the window."""
    return scattered(x, dY, window, stride, padding, np.ones_like)


@question.mistake
def at_the_corner(x: Array, dY: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Put the gradient into the window's first cell."""
    return scattered(x, dY, window, stride, padding, lambda cells: first_winner(np.zeros_like(cells)))


@question.mistake
def start_without_stride(x: Array, dY: Array, window: Pair, stride: Pair, padding: Pair) -> Array:  # noqa: ARG001 - the mistake
    """Begin window i at row i."""
    return scattered(x, dY, window, (1, 1), padding, first_winner)


@question.mistake
def divided_by_the_height(x: Array, dY: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Turn a flat place into row and column with the window's height instead of its width."""
    padded, total = padded_pair(x, padding)
    for n, c, i, j in np.ndindex(dY.shape):
        top, left = i * stride[0], j * stride[1]
        flat = int(padded[n, c, top : top + window[0], left : left + window[1]].argmax())
        total[n, c, top + flat // window[0], left + flat % window[0]] += dY[n, c, i, j]
    return cropped(total, x, padding)


@question.mistake
def pads_with_zeros(x: Array, dY: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Let zeros of the padding win against negative numbers."""
    (ph, pw) = padding
    padded = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    return cropped(scattered(padded, dY, window, stride, (0, 0), first_winner), x, padding)


@question.mistake
def times_the_maximum(x: Array, dY: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Multiply the gradient by the maximum."""
    return scattered(x, dY, window, stride, padding, lambda cells: first_winner(cells) * cells.max())


@question.mistake
def compared_with_the_gradient(x: Array, dY: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Mark the cells that equal the upstream gradient, not the maximum."""
    padded, total = padded_pair(x, padding)
    for n, c, i, j in np.ndindex(dY.shape):
        block = np.s_[n, c, i * stride[0] : i * stride[0] + window[0], j * stride[1] : j * stride[1] + window[1]]
        total[block] += (padded[block] == dY[n, c, i, j]) * dY[n, c, i, j]
    return cropped(total, x, padding)


def scattered(x: Array, dY: Array, window: Pair, stride: Pair, padding: Pair, slopes: Any) -> Array:
    """Add each window's slopes, times its gradient, onto the map."""
    padded, total = padded_pair(x, padding)
    for n, c, i, j in np.ndindex(dY.shape):
        block = np.s_[n, c, i * stride[0] : i * stride[0] + window[0], j * stride[1] : j * stride[1] + window[1]]
        total[block] += slopes(padded[block]) * dY[n, c, i, j]
    return cropped(total, x, padding)


def first_winner(cells: Array) -> Array:
    """Mark the first maximum in row order with 1."""
    mask = np.zeros_like(cells)
    mask[np.unravel_index(cells.argmax(), cells.shape)] = 1
    return mask


def padded_pair(x: Array, padding: Pair) -> tuple[Array, Array]:
    """Pad the map with minus infinity, and make zeros of the padded size."""
    (ph, pw) = padding
    padded = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)), constant_values=-np.inf)
    return padded, np.zeros_like(padded)


def cropped(total: Array, x: Array, padding: Pair) -> Array:
    """Cut the padding off again."""
    (ph, pw), (height, width) = padding, x.shape[2:]
    return total[:, :, ph : ph + height, pw : pw + width].copy()
