"""Average pooling of one map with overlapping windows (material Q7, average pooling)."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, integers, one_of

Vector = NDArray[np.float64]
Map = NDArray[np.float64]

OUTPUTS = 2

question = NumericQuestion(source="Q7", level=2, minutes=4, conventions=("no_padding",))


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw a map on which a window that is not square fits twice along each axis, overlapping."""
    window, stride = one_of(rng, ((2, 3), (2, 2)), ((3, 2), (2, 2)), ((2, 3), (1, 2)), ((3, 2), (2, 1)))
    shape = (window[0] + stride[0], window[1] + stride[1])
    return {
        "x": integers(rng, shape=shape, low=-5, high=9, nonzero=True),
        "window": np.array(window),
        "stride": np.array(stride),
    }


@question.step
def sums(x: Map, window: Vector, stride: Vector) -> Map:
    """Add up each window."""
    return reduced(x, window, stride, np.sum)


@question.step
def means(sums: Map, window: Vector) -> Map:
    """Divide by the number of cells of a window."""
    return sums / float(np.prod(window))


@question.mistake(sums)
def stride_forgotten(x: Map, window: Vector) -> Map:
    """Move on by one cell only, in both directions."""
    return reduced(x, window, np.array([1, 1]), np.sum)


@question.mistake(sums)
def side_by_side(x: Map, window: Vector) -> Map:
    """Begin the next window where the last one ended, and cut it off at the edge."""
    return reduced(x, window, window, np.sum)


@question.mistake(sums)
def window_turned(x: Map, window: Vector, stride: Vector) -> Map:
    """Exchange the rows and columns of the window."""
    return reduced(x, window[::-1], stride, np.sum)


@question.mistake(sums)
def absolute_values(x: Map, window: Vector, stride: Vector) -> Map:
    """Lose the signs."""
    return reduced(np.abs(x), window, stride, np.sum)


@question.mistake(means)
def undivided(sums: Map) -> Map:
    """Stop at the sums."""
    return sums


@question.mistake(means)
def divided_by_one_side(sums: Map, window: Vector) -> Map:
    """Divide by the number of columns of the window alone."""
    return sums / float(window[1])


@question.mistake(means)
def divided_by_map(sums: Map, x: Map) -> Map:
    """Divide by the number of cells of the whole map."""
    return sums / x.size


@question.mistake(means)
def maximum(x: Map, window: Vector, stride: Vector) -> Map:
    """Take the largest number of each window."""
    return reduced(x, window, stride, np.max)


def reduced(x: Map, window: Vector, stride: Vector, reduce: Callable[[Map], float]) -> Map:
    """Reduce the four windows that begin a stride apart to one number each."""
    (kh, kw), (sh, sw) = window.astype(int), stride.astype(int)
    rows = [slice(i * sh, i * sh + kh) for i in range(OUTPUTS)]
    columns = [slice(j * sw, j * sw + kw) for j in range(OUTPUTS)]
    return np.array([[reduce(x[r, c]) for c in columns] for r in rows], dtype=np.float64)
