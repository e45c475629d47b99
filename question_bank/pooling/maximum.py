"""Maximum pooling of one map with a 2 x 2 window and stride 2 (material Q7, maximum pooling)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, integers, one_of

Map = NDArray[np.float64]

SIDE = 2

question = NumericQuestion(source="Q7", level=1, minutes=2, conventions=("no_padding",))


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw 16 different whole numbers; one window holds negative numbers alone, and that must show."""
    cold = integers(rng, shape=(4,), low=-9, high=-1, distinct=True)
    others = np.setdiff1d(np.arange(-9, 10), [0, *cold])
    row, column = one_of(rng, 0, 2), one_of(rng, 0, 2)
    inside = np.zeros((4, 4), dtype=bool)
    inside[row : row + SIDE, column : column + SIDE] = True
    x = np.empty((4, 4))
    x[inside], x[~inside] = cold, rng.permutation(others)[:12]
    return {"x": x}


@question.step
def maxima(x: Map) -> Map:
    """Take the largest number of each window."""
    return np.asarray(windows(x, SIDE).max(axis=-1))


@question.mistake(maxima)
def stride_forgotten(x: Map) -> Map:
    """Move on by one cell only."""
    return np.asarray(windows(x, 1).max(axis=-1))


@question.mistake(maxima)
def absolute_value(x: Map) -> Map:
    """Take the largest absolute value."""
    return np.asarray(np.abs(windows(x, SIDE)).max(axis=-1))


@question.mistake(maxima)
def farthest_from_zero(x: Map) -> Map:
    """Take the number that is farthest from zero, with its sign."""
    cells = windows(x, SIDE)
    farthest: Map = np.take_along_axis(cells, np.abs(cells).argmax(axis=-1)[..., None], axis=-1)[..., 0]
    return farthest


@question.mistake(maxima)
def mean(x: Map) -> Map:
    """Take the mean, as average pooling does."""
    return np.asarray(windows(x, SIDE).mean(axis=-1))


@question.mistake(maxima)
def minimum(x: Map) -> Map:
    """Take the smallest number."""
    return np.asarray(windows(x, SIDE).min(axis=-1))


@question.mistake(maxima)
def negatives_become_zero(x: Map) -> Map:
    """Put 0 where all numbers are negative, as if a ReLU came first."""
    return np.asarray(np.maximum(windows(x, SIDE).max(axis=-1), 0))


@question.mistake(maxima)
def rows_as_windows(x: Map) -> Map:
    """Take each row of the map for a window, as x.reshape(2, 2, 4) would."""
    return np.asarray(x.max(axis=1).reshape(SIDE, SIDE))


def windows(x: Map, stride: int) -> Map:
    """Lay the first four windows side by side: (2, 2, 4), each read row by row."""
    at = (0, stride)
    return np.array([[x[r : r + SIDE, c : c + SIDE].ravel() for c in at] for r in at])
