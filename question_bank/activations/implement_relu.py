"""Implement the ReLU (material Q1, eq. 3)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.activations import relu
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(source="Q1 eq. (3)", level=1, minutes=3, reference=relu)


@question.cases(visible=True)
def vectors(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": np.array([[-1.0, 2.0], [3.0, -4.0]])}
    yield {"x": rng.normal(scale=2, size=6)}


@question.cases(weight=2)
def any_shape(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": rng.normal(size=(3, 4))}
    yield {"x": rng.normal(size=(2, 3, 1, 5))}


@question.cases()
def large_inputs(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": np.array([-1000.0, -40.0, float(rng.uniform(0.2, 1)), 40.0, 1000.0])}


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": rng.normal(size=6)}


@question.cases(keeps_dtype=True, rtol=1e-4)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": rng.normal(size=(2, 3)).astype(np.float32)}


@question.solution
def by_mask(x: Array) -> Array:
    """Multiply by the mask of what is positive."""
    return x * (x > 0)


@question.solution
def entry_by_entry(x: Array) -> Array:
    """Loop over all entries."""
    result = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        if x[i] > 0:
            result[i] = x[i]
    return result


@question.mistake
def column_maxima(x: Array) -> Array:
    """Use np.max, whose second argument is an axis."""
    return np.asarray(np.max(x, 0))


@question.mistake
def sizes_kept(x: Array) -> Array:
    """Take the absolute value."""
    return np.abs(x)


@question.mistake
def negative_side(x: Array) -> Array:
    """Keep the negative side."""
    return np.minimum(x, 0)


@question.mistake
def mask_only(x: Array) -> Array:
    """Return the slope, not the value."""
    return (x > 0).astype(x.dtype)


@question.mistake
def capped_at_one(x: Array) -> Array:
    """Cut off at 1 as well."""
    return np.clip(x, 0, 1)


@question.mistake
def changes_its_input(x: Array) -> Array:
    """Work in place."""
    x[x < 0] = 0
    return x
