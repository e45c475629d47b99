"""Stochastic pooling of two windows: probabilities, the drawn cells, and the output at test time (material Q7)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals

Vector = NDArray[np.float64]
Map = NDArray[np.float64]

CELLS = 4
TRIES = 40
ROUNDING = 0.0005

question = NumericQuestion(source="Q7", level=3, minutes=7)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw two windows, and then u so that each wrong way hands on other cells."""
    x = decimals(rng, shape=(2, 4), low=0.2, high=4.5, places=1, distinct=True)
    drawn = (decimals(rng, shape=(2,), low=0.05, high=0.95, places=2, distinct=True) for _ in range(TRIES))
    return {"x": x, "u": next((u for u in drawn if no_edge_near(x, u) and every_way_differs(x, u)), np.zeros(2))}


@question.require
def no_edge_near(x: Map, u: Vector) -> bool:
    """Keep u so far from every running sum that rounded probabilities cannot choose another cell."""
    sums = [np.cumsum(windows(p), axis=1) for p in (shares(x), softmax(x), shares_of_the_map(x))]
    return bool(np.all(u > 0) and np.min(np.abs(np.array(sums) - u[:, None])) > 4 * ROUNDING)


@question.step
def shares(x: Map) -> Map:
    """Divide each activation by the sum of its window."""
    cells = windows(x)
    return unfolded(cells / cells.sum(axis=1, keepdims=True))


@question.step
def chosen(x: Map, shares: Map, u: Vector) -> Vector:
    """Hand on the first cell, row by row, at which the running sum of probabilities exceeds u."""
    return np.asarray(windows(x)[[0, 1], reached(windows(shares), u)])


@question.step
def expected(x: Map, shares: Map) -> Vector:
    """Weight the activations with their probabilities."""
    return np.asarray((windows(shares) * windows(x)).sum(axis=1))


@question.mistake(shares)
def softmax(x: Map) -> Map:
    """Take powers of e first."""
    powers = np.exp(windows(x))
    return unfolded(powers / powers.sum(axis=1, keepdims=True))


@question.mistake(shares)
def shares_of_the_map(x: Map) -> Map:
    """Divide by the sum of the whole map."""
    return np.asarray(x / x.sum())


@question.mistake(shares)
def all_alike(x: Map) -> Map:
    """Give every cell the same probability."""
    return np.full_like(x, 1 / CELLS)


@question.mistake(chosen)
def maximum(x: Map) -> Vector:
    """Hand on the largest activation."""
    return np.asarray(windows(x).max(axis=1))


@question.mistake(chosen)
def cell_before(x: Map, shares: Map, u: Vector) -> Vector:
    """Stop one cell too early: the last one whose running sum stays below u."""
    return np.asarray(windows(x)[[0, 1], np.maximum(reached(windows(shares), u) - 1, 0)])


@question.mistake(expected)
def plain_mean(x: Map) -> Vector:
    """Let all cells count alike at test time."""
    return np.asarray(windows(x).mean(axis=1))


@question.mistake(expected)
def maximum_at_test_time(x: Map) -> Vector:
    """Take the maximum at test time."""
    return np.asarray(windows(x).max(axis=1))


@question.mistake(expected)
def drawn_at_test_time(chosen: Vector) -> Vector:
    """Go on drawing at test time."""
    return chosen


@question.mistake(expected)
def likeliest_alone(x: Map, shares: Map) -> Vector:
    """Weight the largest activation alone."""
    return np.asarray((windows(shares) * windows(x)).max(axis=1))


def every_way_differs(x: Map, u: Vector) -> bool:
    """Say whether right and wrong ways hand on different pairs of cells."""
    handed_on = [chosen(x, p, u) for p in (shares(x), softmax(x), shares_of_the_map(x), all_alike(x))]
    handed_on += [maximum(x), cell_before(x, shares(x), u)]
    return len({tuple(pair) for pair in handed_on}) == len(handed_on)


def windows(x: Map) -> Map:
    """Lay the two windows side by side: (2, 4), each read row by row."""
    return x.reshape(2, 2, 2).transpose(1, 0, 2).reshape(2, CELLS)


def unfolded(cells: Map) -> Map:
    """Put windows back onto the map: the inverse of `windows`."""
    return cells.reshape(2, 2, 2).transpose(1, 0, 2).reshape(2, 4)


def reached(shares: Map, u: Vector) -> NDArray[np.intp]:
    """Find the first place at which the running sum exceeds u, or the last place if none does."""
    exceeds = np.cumsum(shares, axis=1) > u[:, None]
    exceeds[:, -1] = True
    places: NDArray[np.intp] = np.argmax(exceeds, axis=1)
    return places
