"""Implement the leaky ReLU (material Q1, eq. 3, with a slope on the left)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.activations import leaky_relu
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(source="Q1 eq. (3)", level=1, minutes=4, reference=leaky_relu)


@question.cases(visible=True)
def vectors(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": np.array([-2.0, 3.0]), "slope": 0.1}
    yield {"x": rng.normal(scale=2, size=6), "slope": float(rng.uniform(0.1, 0.4))}


@question.cases(weight=2)
def any_shape(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": rng.normal(size=(3, 4)), "slope": float(rng.uniform(0.1, 0.4))}
    yield {"x": rng.normal(size=(2, 3, 1, 5)), "slope": float(rng.uniform(0.1, 0.4))}


@question.cases()
def large_inputs(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {
        "x": np.array([-1000.0, -40.0, float(rng.uniform(0.2, 1)), 40.0, 1000.0]),
        "slope": float(rng.uniform(0.1, 0.4)),
    }


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": rng.normal(size=6), "slope": float(rng.uniform(0.1, 0.4))}


@question.cases(keeps_dtype=True, rtol=1e-4)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": rng.normal(size=(2, 3)).astype(np.float32), "slope": float(rng.uniform(0.1, 0.4))}


@question.solution
def by_maximum(x: Array, slope: float) -> Array:
    """Take the larger of two lines: right for slopes below 1."""
    return np.maximum(x, slope * x)


@question.solution
def entry_by_entry(x: Array, slope: float) -> Array:
    """Loop over all entries."""
    result = np.empty_like(x)
    for i in np.ndindex(x.shape):
        result[i] = x[i] if x[i] > 0 else slope * x[i]
    return result


@question.mistake
def wrong_side(x: Array, slope: float) -> Array:
    """Shrink the right side."""
    return np.where(x > 0, slope * x, x)


@question.mistake
def plain_relu(x: Array, slope: float) -> Array:  # noqa: ARG001 - forgetting it is the mistake
    """Set the left side to 0."""
    return np.maximum(x, 0)


@question.mistake
def sign_turned(x: Array, slope: float) -> Array:
    """Turn the left side positive."""
    return np.where(x > 0, x, -slope * x)


@question.mistake
def slope_fixed(x: Array, slope: float) -> Array:  # noqa: ARG001 - forgetting it is the mistake
    """Use 0.01 whatever the slope."""
    return np.where(x > 0, x, 0.01 * x)


@question.mistake
def constant_on_the_left(x: Array, slope: float) -> Array:
    """Return the slope itself on the left."""
    return np.where(x > 0, x, slope)


@question.mistake
def changes_its_input(x: Array, slope: float) -> Array:
    """Work in place."""
    x[x < 0] *= slope
    return x
