"""The kinds of array the solver computes with, and what it says when a shape does not fit."""

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
Integers = NDArray[np.integer[Any]]
Numbers = TypeVar("Numbers", float, Array)


def require_shape(name: str, array: NDArray[Any], wanted: tuple[int, ...]) -> None:
    """Raise ValueError unless `array` has exactly the shape `wanted`."""
    if array.shape != wanted:
        raise ValueError(f"{name} has shape {array.shape}, wanted {wanted}")


def require_axes(name: str, array: NDArray[Any], *layouts: str) -> None:
    """Raise ValueError unless `array` has as many axes as one of the layouts, such as "N C H W"."""
    if array.ndim not in {len(layout.split()) for layout in layouts}:
        wanted = " or ".join(f"({', '.join(layout.split())})" for layout in layouts)
        raise ValueError(f"{name} has shape {array.shape}, wanted {wanted}")
