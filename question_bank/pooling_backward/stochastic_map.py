"""Stochastic pooling, backwards: the gradient goes to the cell that was drawn (material Q7 and Q8)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals

Vector = NDArray[np.float64]
Map = NDArray[np.float64]

CELLS = 4
WINDOWS = 2
TRIES = 40

question = NumericQuestion(source="Q8", level=3, minutes=6)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw two windows whose sums are 10, so that probabilities have two decimals, then u and the gradients."""
    cells = np.array([window_of_ten(rng), window_of_ten(rng)])
    drawn = (decimals(rng, shape=(WINDOWS,), low=0.05, high=0.95, places=2, distinct=True) for _ in range(TRIES))
    return {
        "x": unfolded(cells),
        "u": next((u for u in drawn if every_way_differs(unfolded(cells), u)), np.zeros(WINDOWS)),
        "dY": decimals(rng, shape=(WINDOWS,), low=-2, high=2, places=1, distinct=True, nonzero=True),
    }


@question.require
def no_edge_near(x: Map, u: Vector) -> bool:
    """Keep u off every running sum."""
    return bool(np.min(np.abs(np.cumsum(windows(x) / 10, axis=1) - u[:, None])) > 0.005 and np.all(u > 0))


@question.require
def sizes_differ(dY: Vector) -> bool:
    """Keep the two gradients apart also without their signs."""
    return bool(abs(dY[0]) != abs(dY[1]))


@question.step(decimals=0)
def chosen(x: Map, u: Vector) -> Vector:
    """Find the first cell, row by row, at which the running sum of probabilities exceeds u."""
    return reached(windows(x), u)


@question.step
def dx(chosen: Vector, dY: Vector) -> Map:
    """Put each gradient where the drawn cell is, and 0 elsewhere."""
    return unfolded(marked(chosen) * dY[:, None])


@question.mistake(chosen)
def maximum(x: Map) -> Vector:
    """Take the place of the largest activation."""
    return np.asarray(np.argmax(windows(x), axis=1), dtype=np.float64)


@question.mistake(chosen)
def all_alike(u: Vector) -> Vector:
    """Give every cell the same chance."""
    return reached(np.ones((WINDOWS, CELLS)), u)


@question.mistake(chosen)
def cell_before(x: Map, u: Vector) -> Vector:
    """Stop one cell too early."""
    return np.maximum(reached(windows(x), u) - 1, 0)


@question.mistake(chosen)
def counted_from_one(x: Map, u: Vector) -> Vector:
    """Count the places from 1."""
    return reached(windows(x), u) + 1


@question.mistake(dx)
def in_proportion(x: Map, dY: Vector) -> Map:
    """Share each gradient in proportion to the probabilities."""
    return unfolded(windows(x) / windows(x).sum(axis=1, keepdims=True) * dY[:, None])


@question.mistake(dx)
def spread_evenly(dY: Vector) -> Map:
    """Share each gradient evenly, as average pooling does."""
    return unfolded(np.repeat(dY[:, None] / CELLS, CELLS, axis=1))


@question.mistake(dx)
def times_probability(x: Map, chosen: Vector, dY: Vector) -> Map:
    """Multiply the gradient by the probability of the drawn cell."""
    return unfolded(marked(chosen) * windows(x) / windows(x).sum(axis=1, keepdims=True) * dY[:, None])


@question.mistake(dx)
def times_activation(x: Map, chosen: Vector, dY: Vector) -> Map:
    """Multiply the gradient by the drawn activation."""
    return unfolded(marked(chosen) * windows(x) * dY[:, None])


def window_of_ten(rng: np.random.Generator) -> Vector:
    """Cut ten into four different positive parts; 1 + 2 + 3 + 4 is the only way, so parts come in halves."""
    while True:
        parts = decimals(rng, shape=(CELLS,), low=1, high=11, places=0, distinct=True) / 2
        if parts.sum() == 10:
            return np.asarray(parts)


def every_way_differs(x: Map, u: Vector) -> bool:
    """Say whether right and wrong ways choose different pairs of cells."""
    ways = [chosen(x, u), maximum(x), all_alike(u), cell_before(x, u), counted_from_one(x, u)]
    return len({tuple(pair) for pair in ways}) == len(ways)


def windows(x: Map) -> Map:
    """Lay the two windows side by side: (2, 4), each read row by row."""
    return x.reshape(2, 2, 2).transpose(1, 0, 2).reshape(WINDOWS, CELLS)


def unfolded(cells: Map) -> Map:
    """Put windows back onto the map: the inverse of `windows`."""
    return cells.reshape(2, 2, 2).transpose(1, 0, 2).reshape(2, 4)


def marked(places: Vector) -> Map:
    """Mark each window's cell at that place with 1; a place that does not exist marks none."""
    return np.asarray(np.rint(places)[:, None] == np.arange(CELLS), dtype=np.float64)


def reached(weights: Map, u: Vector) -> Vector:
    """Find the first place at which the running share exceeds u."""
    sums = np.cumsum(weights, axis=1)
    return np.asarray(np.argmax(sums > u[:, None] * sums[:, -1:], axis=1), dtype=np.float64)
