"""Random givens that people can work with by hand: few digits, no accidental zeros or ties."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from quizgen.errors import AuthorError

T = TypeVar("T")
Shape = tuple[int, ...]


def decimals(  # noqa: PLR0913 - each is a choice of its own, by keyword
    rng: np.random.Generator,
    *,
    low: float,
    high: float,
    places: int = 1,
    shape: Shape = (),
    distinct: bool = False,
    nonzero: bool = False,
) -> NDArray[np.float64]:
    """Draw numbers with that many decimal places from [low, high]; `distinct` draws without repetition."""
    scale = 10**places
    grid = np.arange(round(low * scale), round(high * scale) + 1)
    if nonzero:
        grid = grid[grid != 0]
    return _pick(rng, grid / scale, shape, distinct=distinct)


def integers(
    rng: np.random.Generator,
    *,
    low: int,
    high: int,
    shape: Shape = (),
    distinct: bool = False,
    nonzero: bool = False,
) -> NDArray[np.float64]:
    """Draw whole numbers from [low, high], as floats so that gradients and means stay exact."""
    return decimals(rng, low=low, high=high, places=0, shape=shape, distinct=distinct, nonzero=nonzero)


def signs(rng: np.random.Generator, *, shape: Shape = ()) -> NDArray[np.float64]:
    """Draw -1 and 1 with equal chances."""
    return np.asarray(rng.integers(0, 2, shape) * 2.0 - 1.0)


def one_of(rng: np.random.Generator, *choices: T) -> T:
    """Draw one of the choices."""
    return choices[int(rng.integers(len(choices)))]


def some_of(rng: np.random.Generator, choices: Sequence[T], count: int) -> list[T]:
    """Draw `count` different choices, in random order."""
    if count > len(choices):
        raise AuthorError(f"cannot draw {count} different choices from {len(choices)}")
    return [choices[int(i)] for i in rng.permutation(len(choices))[:count]]


def _pick(rng: np.random.Generator, grid: NDArray[np.float64], shape: Shape, *, distinct: bool) -> NDArray[np.float64]:
    count = int(np.prod(shape))
    if distinct and count > grid.size:
        raise AuthorError(f"cannot draw {count} distinct numbers from {grid.size} candidates")
    chosen = rng.permutation(grid)[:count] if distinct else grid[rng.integers(0, grid.size, count)]
    return np.asarray(chosen.reshape(shape), dtype=np.float64)
