"""Global average pooling, backwards (material Q8, with one window as large as the map)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals, one_of

Vector = NDArray[np.float64]
Maps = NDArray[np.float64]

CHANNELS = 2

question = NumericQuestion(source="Q8", level=1, minutes=3)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw the size of two channels and a gradient for each of their means."""
    return {
        "size": np.array(one_of(rng, (2, 3), (3, 2), (2, 4), (4, 2))),
        "dY": decimals(rng, shape=(CHANNELS,), low=-3, high=3, places=1, distinct=True, nonzero=True),
    }


@question.step
def shares(dY: Vector, size: Vector) -> Vector:
    """Divide each gradient by the number of cells of a map."""
    return dY / float(np.prod(size))


@question.step
def dx(shares: Vector, size: Vector) -> Maps:
    """Give every cell of a channel the channel's share."""
    return np.ones((CHANNELS, int(size[0]), int(size[1]))) * shares[:, None, None]


@question.mistake(shares)
def undivided(dY: Vector) -> Vector:
    """Hand on the whole gradient."""
    return dY


@question.mistake(shares)
def divided_by_all_channels(dY: Vector, size: Vector) -> Vector:
    """Divide by the number of cells of all channels together."""
    return dY / float(CHANNELS * np.prod(size))


@question.mistake(shares)
def divided_by_one_side(dY: Vector, size: Vector) -> Vector:
    """Divide by the number of rows only."""
    return dY / float(size[0])


@question.mistake(shares)
def channels_mixed(dY: Vector, size: Vector) -> Vector:
    """Give both channels the mean of the two gradients."""
    return np.full(CHANNELS, dY.mean() / float(np.prod(size)))


@question.mistake(dx)
def one_cell_only(shares: Vector, size: Vector) -> Maps:
    """Put the share into the top left cell and 0 elsewhere."""
    maps = np.zeros((CHANNELS, int(size[0]), int(size[1])))
    maps[:, 0, 0] = shares
    return maps


@question.mistake(dx)
def channels_exchanged(shares: Vector, size: Vector) -> Maps:
    """Give each channel the other one's share."""
    return np.ones((CHANNELS, int(size[0]), int(size[1]))) * shares[::-1, None, None]
