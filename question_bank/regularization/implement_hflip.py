"""Implement a horizontal flip (material Q2, the list of methods)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.augmentation import hflip
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(source="Q2", level=1, minutes=3, reference=hflip)


@question.cases(visible=True)
def maps(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])}
    yield {"x": rng.normal(size=(3, 5))}


@question.cases(weight=2)
def batches(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": rng.normal(size=(2, 3, 4, 5))}
    yield {"x": rng.normal(size=(3, 1, 2, 4))}


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": rng.normal(size=(2, 2, 3, 4))}


@question.cases(keeps_dtype=True, rtol=1e-4)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": rng.normal(size=(2, 3, 2, 4)).astype(np.float32)}


@question.solution
def column_by_column(x: Array) -> Array:
    """Copy every column to its mirror place."""
    y = np.empty_like(x)
    width = x.shape[-1]
    for j in range(width):
        y[..., j] = x[..., width - 1 - j]
    return y


@question.solution
def along_the_last_axis(x: Array) -> Array:
    """Use NumPy's own function on the last axis."""
    return np.flip(x, axis=-1)


@question.mistake
def upside_down(x: Array) -> Array:
    """Reverse the rows."""
    return x[..., ::-1, :]


@question.mistake
def turned(x: Array) -> Array:
    """Reverse rows and columns."""
    return x[..., ::-1, ::-1]


@question.mistake
def second_axis(x: Array) -> Array:
    """Reverse axis 1, which is right for a single map only."""
    return np.flip(x, axis=1)


@question.mistake
def all_axes(x: Array) -> Array:
    """Reverse every axis."""
    return np.flip(x)


@question.mistake
def transposed(x: Array) -> Array:
    """Swap rows and columns."""
    return np.swapaxes(x, -1, -2)


@question.mistake
def overwrites_itself(x: Array) -> Array:
    """Mirror in place, reading columns that were already written."""
    y = x.copy()
    for j in range(x.shape[-1]):
        y[..., j] = y[..., x.shape[-1] - 1 - j]
    return y
