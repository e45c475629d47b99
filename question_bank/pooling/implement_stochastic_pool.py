"""Implement stochastic pooling with its random numbers handed in (material Q7, stochastic pooling)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.stochastic_pooling import stochastic_pool
from quizgen.authoring import CodeQuestion

Array = NDArray[np.floating[Any]]
Pair = tuple[int, int]
Arguments = dict[str, Any]

question = CodeQuestion(
    source="Q7", level=3, minutes=15, reference=stochastic_pool, conventions=("nchw", "floor_output_size")
)


def arguments(rng: np.random.Generator, shape: tuple[int, ...], window: Pair, stride: Pair) -> Arguments:
    """Draw activations and one random number a window, none of them near the edge of a share."""
    x = rng.uniform(0.1, 3, size=shape)
    rows, columns = ((n - k) // s + 1 for n, k, s in zip(shape[2:], window, stride, strict=True))
    return {"x": x, "uniforms": safe(rng, x, (rows, columns), window, stride), "window": window, "stride": stride}


def safe(rng: np.random.Generator, x: Array, counts: Pair, window: Pair, stride: Pair) -> Array:
    """Draw where in the window's share the number falls: in the middle half of one cell's share."""
    u = np.empty((*x.shape[:2], *counts))
    for n, c, i, j in np.ndindex(u.shape):
        top, left = i * stride[0], j * stride[1]
        cells = x[n, c, top : top + window[0], left : left + window[1]].ravel()
        edges = np.concatenate([[0], np.cumsum(cells)]) / cells.sum()
        place = rng.choice(cells.size, p=cells / cells.sum())
        u[n, c, i, j] = edges[place] + rng.uniform(0.25, 0.75) * (edges[place + 1] - edges[place])
    return u


@question.cases(visible=True)
def one_map(rng: np.random.Generator) -> Iterator[Arguments]:
    x = np.array([[1.0, 2.0, 0.5, 1.5], [3.0, 4.0, 1.0, 1.0]]).reshape(1, 1, 2, 4)
    yield {"x": x, "uniforms": np.array([0.5, 0.2]).reshape(1, 1, 1, 2), "window": (2, 2), "stride": (2, 2)}
    yield arguments(rng, (1, 1, 6, 8), (2, 2), (2, 2))


@question.cases()
def batch_and_channels(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 3, 6, 8), (2, 2), (2, 2))
    yield arguments(rng, (4, 1, 6, 4), (3, 2), (3, 2))


@question.cases(weight=2)
def overlapping_windows(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 3, 7, 9), (3, 3), (2, 2))
    yield arguments(rng, (1, 2, 5, 6), (3, 2), (1, 1))


@question.cases()
def rows_and_columns_differ(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 3, 6, 7), (2, 3), (2, 1))
    yield arguments(rng, (3, 2, 8, 5), (2, 2), (3, 4))


@question.cases()
def cells_of_zero(rng: np.random.Generator) -> Iterator[Arguments]:
    x = rng.uniform(0.5, 2, size=(2, 2, 4, 6)) * (np.arange(6) % 2)
    yield {"x": x, "uniforms": safe(rng, x, (2, 3), (2, 2), (2, 2)), "window": (2, 2), "stride": (2, 2)}
    yield {"x": x, "uniforms": np.zeros((2, 2, 2, 3)), "window": (2, 2), "stride": (2, 2)}


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 2, 4, 4), (2, 2), (2, 2))


@question.cases(keeps_dtype=True, rtol=1e-4)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    drawn = arguments(rng, (2, 2, 4, 6), (2, 2), (2, 2))
    yield {**drawn, "x": drawn["x"].astype(np.float32), "uniforms": drawn["uniforms"].astype(np.float32)}


@question.solution
def cell_by_cell(x: Array, uniforms: Array, window: Pair, stride: Pair) -> Array:
    """Add the activations up one by one until u times their sum is exceeded."""
    y = np.empty(uniforms.shape, dtype=x.dtype)
    for n, c, i, j in np.ndindex(y.shape):
        cells = x[n, c, i * stride[0] : i * stride[0] + window[0], j * stride[1] : j * stride[1] + window[1]]
        reached = 0.0
        for value in cells.ravel():
            reached += float(value)
            if reached > uniforms[n, c, i, j] * cells.sum():
                y[n, c, i, j] = value
                break
    return y


@question.solution
def with_searchsorted(x: Array, uniforms: Array, window: Pair, stride: Pair) -> Array:
    """Look u up among the running sums of the probabilities."""
    return drawn_with(x, uniforms, window, stride, lambda cells: cells / cells.sum())


@question.mistake
def maximum(x: Array, uniforms: Array, window: Pair, stride: Pair) -> Array:
    """Hand on the largest activation."""
    return drawn_with(x, uniforms, window, stride, lambda cells: (np.arange(cells.size) == cells.argmax()) * 1.0)


@question.mistake
def all_alike(x: Array, uniforms: Array, window: Pair, stride: Pair) -> Array:
    """Give every cell the same chance."""
    return drawn_with(x, uniforms, window, stride, lambda cells: np.full(cells.size, 1 / cells.size))


@question.mistake
def softmax(x: Array, uniforms: Array, window: Pair, stride: Pair) -> Array:
    """Take powers of e for probabilities."""
    return drawn_with(x, uniforms, window, stride, lambda cells: np.exp(cells) / np.exp(cells).sum())


@question.mistake
def shares_of_the_map(x: Array, uniforms: Array, window: Pair, stride: Pair) -> Array:
    """Divide by the sum of the whole map."""
    y = np.empty(uniforms.shape, dtype=x.dtype)
    for n, c in np.ndindex(x.shape[:2]):
        part = np.s_[n : n + 1, c : c + 1]
        total = x[n, c].sum()
        y[part] = drawn_with(x[part], uniforms[part], window, stride, lambda cells, total=total: cells / total)
    return y


@question.mistake
def column_by_column(x: Array, uniforms: Array, window: Pair, stride: Pair) -> Array:
    """Add the probabilities up column by column."""
    turned = drawn_with(
        x.swapaxes(2, 3), uniforms.swapaxes(2, 3), window[::-1], stride[::-1], lambda cells: cells / cells.sum()
    )
    return np.asarray(turned.swapaxes(2, 3))


@question.mistake
def reached_is_enough(x: Array, uniforms: Array, window: Pair, stride: Pair) -> Array:
    """Compare with >=, so that u = 0 chooses a first cell of zero."""
    y = with_searchsorted(x, uniforms, window, stride)
    for n, c, i, j in np.argwhere(uniforms == 0):
        y[n, c, i, j] = x[n, c, i * stride[0], j * stride[1]]
    return np.asarray(y)


@question.mistake
def expectation(x: Array, uniforms: Array, window: Pair, stride: Pair) -> Array:
    """Return the weighted mean, the output at test time."""
    y = np.empty(uniforms.shape, dtype=x.dtype)
    for n, c, i, j in np.ndindex(y.shape):
        cells = x[n, c, i * stride[0] : i * stride[0] + window[0], j * stride[1] : j * stride[1] + window[1]]
        y[n, c, i, j] = (cells**2).sum() / cells.sum()
    return y


@question.mistake
def start_without_stride(x: Array, uniforms: Array, window: Pair, stride: Pair) -> Array:  # noqa: ARG001 - the mistake
    """Begin window i at row i."""
    return drawn_with(x, uniforms, window, (1, 1), lambda cells: cells / cells.sum())


@question.mistake
def place_returned(x: Array, uniforms: Array, window: Pair, stride: Pair) -> Array:
    """Return which cell was chosen, not its value."""
    y = np.empty(uniforms.shape, dtype=x.dtype)
    for n, c, i, j in np.ndindex(y.shape):
        cells = x[n, c, i * stride[0] : i * stride[0] + window[0], j * stride[1] : j * stride[1] + window[1]]
        y[n, c, i, j] = np.searchsorted(np.cumsum(cells) / cells.sum(), uniforms[n, c, i, j], side="right")
    return y


def drawn_with(x: Array, uniforms: Array, window: Pair, stride: Pair, probabilities: Any) -> Array:
    """Choose a cell of each window with these probabilities; the last one where they do not reach u."""
    y = np.empty(uniforms.shape, dtype=x.dtype)
    for n, c, i, j in np.ndindex(y.shape):
        top, left = i * stride[0], j * stride[1]
        cells = x[n, c, top : top + window[0], left : left + window[1]].ravel()
        place = np.searchsorted(np.cumsum(probabilities(cells)), uniforms[n, c, i, j], side="right")
        y[n, c, i, j] = cells[min(int(place), cells.size - 1)]
    return y
