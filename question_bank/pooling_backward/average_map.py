"""Average pooling, backwards: each gradient is shared by the cells of its window (material Q8)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals, one_of

Vector = NDArray[np.float64]
Map = NDArray[np.float64]

question = NumericQuestion(source="Q8", level=1, minutes=3, conventions=("no_padding",))


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw a window that is not square and upstream gradients for two of them, below or beside each other."""
    window, pooled = one_of(rng, ((2, 3), (2, 1)), ((3, 2), (1, 2)), ((2, 3), (1, 2)), ((3, 2), (2, 1)))
    return {
        "window": np.array(window),
        "dY": decimals(rng, shape=pooled, low=-3, high=3, places=1, distinct=True, nonzero=True),
    }


@question.step
def shares(dY: Map, window: Vector) -> Map:
    """Divide each gradient by the number of cells of a window."""
    return dY / float(np.prod(window))


@question.step
def dx(shares: Map, window: Vector) -> Map:
    """Give its share to every cell of the window."""
    return np.asarray(np.kron(shares, np.ones(window.astype(int))), dtype=np.float64)


@question.mistake(shares)
def undivided(dY: Map) -> Map:
    """Hand on the whole gradient."""
    return dY


@question.mistake(shares)
def divided_by_the_map(dY: Map, window: Vector) -> Map:
    """Divide by the number of cells of the whole map."""
    return dY / float(dY.size * np.prod(window))


@question.mistake(shares)
def divided_by_one_side(dY: Map, window: Vector) -> Map:
    """Divide by the number of columns of a window."""
    return dY / float(window[1])


@question.mistake(shares)
def times_the_cells(dY: Map, window: Vector) -> Map:
    """Multiply instead of dividing."""
    return dY * float(np.prod(window))


@question.mistake(dx)
def one_cell_only(shares: Map, window: Vector) -> Map:
    """Put the share into the top left cell of the window and 0 elsewhere."""
    corner = np.zeros(window.astype(int))
    corner[0, 0] = 1
    return np.asarray(np.kron(shares, corner), dtype=np.float64)


@question.mistake(dx)
def laid_as_tiles(shares: Map, window: Vector) -> Map:
    """Repeat the pooled map side by side instead of enlarging each of its cells."""
    return np.tile(shares, window.astype(int))


@question.mistake(dx)
def gradients_mixed(shares: Map, window: Vector) -> Map:
    """Give every cell the mean of all shares."""
    return np.full(np.array(shares.shape) * window.astype(int), shares.mean())
