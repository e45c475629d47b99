"""Implement global average pooling, backwards (material Q8, with one window as large as the map)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.pooling_backward import global_avg_pool_backward
from quizgen.authoring import CodeQuestion

Array = NDArray[np.floating[Any]]
Arguments = dict[str, Any]

question = CodeQuestion(source="Q8", level=2, minutes=6, reference=global_avg_pool_backward, conventions=("nchw",))


def arguments(rng: np.random.Generator, shape: tuple[int, ...]) -> Arguments:
    """Draw a batch and a gradient for each of its channel means."""
    return {"x": rng.normal(size=shape), "dY": rng.normal(size=shape[:2])}


@question.cases(visible=True)
def one_sample(rng: np.random.Generator) -> Iterator[Arguments]:
    x = np.array([[[1.0, 2.0], [3.0, 6.0]], [[0.0, -4.0], [2.0, 0.0]]]).reshape(1, 2, 2, 2)
    yield {"x": x, "dY": np.array([[4.0, -2.0]])}
    yield arguments(rng, (1, 3, 2, 4))


@question.cases(weight=2)
def batches(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 3, 4, 5))
    yield arguments(rng, (5, 4, 3, 2))


@question.cases()
def one_channel_or_one_row(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (3, 1, 4, 2))
    yield arguments(rng, (2, 4, 1, 6))


@question.cases()
def square(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (3, 3, 3, 3))


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 3, 3, 2))


@question.cases(keeps_dtype=True, rtol=1e-4)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    drawn = arguments(rng, (2, 3, 4, 2))
    yield {"x": drawn["x"].astype(np.float32), "dY": drawn["dY"].astype(np.float32)}


@question.solution
def cell_by_cell(x: Array, dY: Array) -> Array:
    """Fill every cell in plain loops."""
    dx = np.empty_like(x)
    for n, c, i, j in np.ndindex(x.shape):
        dx[n, c, i, j] = dY[n, c] / (x.shape[2] * x.shape[3])
    return dx


@question.solution
def repeated(x: Array, dY: Array) -> Array:
    """Repeat each share for all cells of its map and give them the map's shape."""
    cells = x.shape[2] * x.shape[3]
    return np.repeat(dY / cells, cells).reshape(x.shape)


@question.mistake
def undivided(x: Array, dY: Array) -> Array:
    """Hand on the whole gradient."""
    return np.asarray(dY[:, :, None, None] * np.ones_like(x))


@question.mistake
def divided_by_one_side(x: Array, dY: Array) -> Array:
    """Divide by the number of rows only."""
    return np.asarray(dY[:, :, None, None] * np.ones_like(x) / x.shape[2])


@question.mistake
def divided_by_all_channels(x: Array, dY: Array) -> Array:
    """Divide by the number of cells of all channels."""
    return np.asarray(dY[:, :, None, None] * np.ones_like(x) / x[0].size)


@question.mistake
def divided_by_the_batch_too(x: Array, dY: Array) -> Array:
    """Divide by the number of samples as well."""
    return np.asarray(dY[:, :, None, None] * np.ones_like(x) / (x.shape[0] * x.shape[2] * x.shape[3]))


@question.mistake
def broadcast_over_columns(x: Array, dY: Array) -> Array:
    """Let NumPy line dY up with the last two axes."""
    return np.asarray(np.ones_like(x) * dY / (x.shape[2] * x.shape[3]))


@question.mistake
def to_the_maximum(x: Array, dY: Array) -> Array:
    """Send each gradient to the largest cell of its map."""
    dx = np.zeros_like(x)
    for n, c in np.ndindex(dY.shape):
        dx[n, c].reshape(-1)[x[n, c].argmax()] = dY[n, c]
    return dx


@question.mistake
def times_the_input(x: Array, dY: Array) -> Array:
    """Multiply by the input."""
    return np.asarray(dY[:, :, None, None] * x / (x.shape[2] * x.shape[3]))


@question.mistake
def one_cell_a_map(x: Array, dY: Array) -> Array:
    """Keep maps of one cell."""
    return np.asarray(dY[:, :, None, None] / (x.shape[2] * x.shape[3]))
