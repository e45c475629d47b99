"""Maximum pooling, backwards: the gradient goes back to where the maxima were (material Q8)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals, integers

Map = NDArray[np.float64]

SIDE = 2

question = NumericQuestion(source="Q8", level=2, minutes=4, conventions=("no_padding",))


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw a map without ties and upstream gradients of both signs with one decimal."""
    return {
        "x": integers(rng, shape=(4, 4), low=-9, high=9, distinct=True, nonzero=True),
        "dY": decimals(rng, shape=(2, 2), low=-2, high=2, places=1, distinct=True, nonzero=True),
    }


@question.require
def places_differ(winners: Map) -> bool:
    """Let the maxima stand in at least three different places of their windows."""
    return len(np.unique(winners)) >= 3


@question.step(decimals=0)
def winners(x: Map) -> Map:
    """Find the place of each window's maximum, counted row by row."""
    return np.asarray(np.argmax(windows(x), axis=-1), dtype=np.float64)


@question.step
def dx(winners: Map, dY: Map) -> Map:
    """Put each upstream gradient where its window's maximum was, and 0 elsewhere."""
    return unfolded(won(winners) * dY[..., None])


@question.mistake(winners)
def column_by_column(x: Map) -> Map:
    """Count the places of a window column by column."""
    return np.asarray(np.array([0.0, 2.0, 1.0, 3.0])[np.argmax(windows(x), axis=-1)])


@question.mistake(winners)
def counted_from_one(x: Map) -> Map:
    """Count the places from 1."""
    return np.asarray(np.argmax(windows(x), axis=-1) + 1.0)


@question.mistake(winners)
def largest_magnitude(x: Map) -> Map:
    """Find the largest absolute value."""
    return np.asarray(np.argmax(np.abs(windows(x)), axis=-1), dtype=np.float64)


@question.mistake(winners)
def minimum(x: Map) -> Map:
    """Find the smallest number."""
    return np.asarray(np.argmin(windows(x), axis=-1), dtype=np.float64)


@question.mistake(dx)
def spread_evenly(dY: Map) -> Map:
    """Share each gradient among the window's cells, as average pooling does."""
    return unfolded(np.repeat(dY[..., None] / SIDE**2, SIDE**2, axis=-1))


@question.mistake(dx)
def to_every_cell(dY: Map) -> Map:
    """Hand the whole gradient to every cell of the window."""
    return unfolded(np.repeat(dY[..., None], SIDE**2, axis=-1))


@question.mistake(dx)
def at_the_corner(dY: Map) -> Map:
    """Put the gradient into the top left cell of the window."""
    return unfolded(won(np.zeros_like(dY)) * dY[..., None])


@question.mistake(dx)
def rows_and_columns_exchanged(winners: Map, dY: Map) -> Map:
    """Send the gradients of the top right and the bottom left window to each other's places."""
    return unfolded(won(winners) * dY.T[..., None])


@question.mistake(dx)
def times_the_maximum(x: Map, winners: Map, dY: Map) -> Map:
    """Multiply the gradient by the maximum, as if the layer had weights."""
    return unfolded(won(winners) * windows(x) * dY[..., None])


@question.mistake(dx)
def values_put_back(x: Map, winners: Map) -> Map:
    """Put the maxima themselves back and forget the gradient."""
    return unfolded(won(winners) * windows(x))


def windows(x: Map) -> Map:
    """Lay the windows side by side: (2, 2, 4), each read row by row."""
    return x.reshape(2, SIDE, 2, SIDE).transpose(0, 2, 1, 3).reshape(2, 2, SIDE**2)


def unfolded(cells: Map) -> Map:
    """Put windows back onto the map: the inverse of `windows`."""
    return cells.reshape(2, 2, SIDE, SIDE).transpose(0, 2, 1, 3).reshape(4, 4)


def won(places: Map) -> Map:
    """Mark each window's cell at that place with 1; a place that does not exist marks none."""
    return np.asarray(np.rint(places)[..., None] == np.arange(SIDE**2), dtype=np.float64)
