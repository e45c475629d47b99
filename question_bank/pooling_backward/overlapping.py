"""Overlapping windows, backwards: contributions to the same cell are added (material Q8)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals, integers, one_of

Map = NDArray[np.float64]

SIDE = 2
PLACES = ((0, 0), (0, 1), (1, 0), (1, 1))

question = NumericQuestion(source="Q8", level=3, minutes=6, conventions=("no_padding",))


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw a 3 x 3 map without ties, its largest number in the middle of an edge, so that it wins two windows."""
    x = integers(rng, shape=(3, 3), low=-9, high=9, distinct=True, nonzero=True)
    largest, edge = divmod(int(np.argmax(x)), 3), one_of(rng, (0, 1), (1, 0), (1, 2), (2, 1))
    x[largest], x[edge] = x[edge], x[largest]
    return {"x": x, "dY": decimals(rng, shape=(2, 2), low=-2, high=2, places=1, distinct=True, nonzero=True)}


@question.require
def nothing_cancels(x: Map, dx_maximum: Map, dx_average: Map) -> bool:
    """Let no cell end at 0 by accident."""
    return bool(np.all(dx_average)) and np.count_nonzero(dx_maximum) == len(set(winners(x)))


@question.step
def dx_maximum(x: Map, dY: Map) -> Map:
    """Add each gradient at the cell that was its window's maximum."""
    total = np.zeros_like(x)
    for (i, j), place in zip(PLACES, winners(x), strict=True):
        total[place] += dY[i, j]
    return total


@question.step
def dx_average(dY: Map) -> Map:
    """Add a quarter of each gradient to all cells of its window."""
    return spread(dY / SIDE**2)


@question.mistake(dx_maximum)
def overwritten(x: Map, dY: Map) -> Map:
    """Let the last window replace what a cell had received."""
    total = np.zeros_like(x)
    for (i, j), place in zip(PLACES, winners(x), strict=True):
        total[place] = dY[i, j]
    return total


@question.mistake(dx_maximum)
def first_kept(x: Map, dY: Map) -> Map:
    """Keep what the first window gave and ignore later ones."""
    total = np.zeros_like(x)
    for (i, j), place in zip(reversed(PLACES), reversed(winners(x)), strict=True):
        total[place] = dY[i, j]
    return total


@question.mistake(dx_maximum)
def averaged(x: Map, dY: Map) -> Map:
    """Take the mean of what meets in a cell."""
    times = np.zeros_like(x)
    for place in winners(x):
        times[place] += 1
    return np.asarray(dx_maximum(x, dY) / np.maximum(times, 1))


@question.mistake(dx_average)
def average_overwritten(dY: Map) -> Map:
    """Let the last window replace what its cells had received."""
    total = np.zeros((3, 3))
    for i, j in PLACES:
        total[i : i + SIDE, j : j + SIDE] = dY[i, j] / SIDE**2
    return total


@question.mistake(dx_average)
def average_undivided(dY: Map) -> Map:
    """Hand the whole gradient to every cell."""
    return spread(dY)


@question.mistake(dx_average)
def divided_by_the_windows(dY: Map) -> Map:
    """Divide each cell's sum by the number of windows it lies in."""
    return spread(dY) / spread(np.ones((2, 2)))


@question.mistake(dx_average)
def divided_by_the_map(dY: Map) -> Map:
    """Divide by the nine cells of the whole map."""
    return spread(dY / 9)


def winners(x: Map) -> list[tuple[int, int]]:
    """Find row and column of each window's maximum."""
    found = []
    for i, j in PLACES:
        row, column = divmod(int(np.argmax(x[i : i + SIDE, j : j + SIDE])), SIDE)
        found.append((i + row, j + column))
    return found


def spread(dY: Map) -> Map:
    """Add each gradient to all cells of its window."""
    total = np.zeros((3, 3))
    for i, j in PLACES:
        total[i : i + SIDE, j : j + SIDE] += dY[i, j]
    return total
