"""Implement the sigmoid, safe for inputs of any size (material Q1, eq. 1)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.activations import sigmoid
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(source="Q1 eq. (1)", level=1, minutes=5, reference=sigmoid)


@question.cases(visible=True)
def vectors(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": np.array([-2.0, 0.0, 1.0])}
    yield {"x": rng.normal(scale=2, size=6)}


@question.cases(weight=2)
def any_shape(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": rng.normal(size=(3, 4))}
    yield {"x": rng.normal(size=(2, 3, 1, 5))}


@question.cases()
def large_inputs(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": np.array([-1000.0, -40.0, float(rng.uniform(-1, 1)), 40.0, 1000.0])}


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": rng.normal(size=4)}


@question.cases(keeps_dtype=True, rtol=1e-4)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": rng.normal(size=(2, 3)).astype(np.float32)}


@question.cases(max_ratio=15)
def whole_arrays(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": rng.normal(scale=3, size=(100, 300))}


@question.solution
def by_the_formula(x: Array) -> Array:
    """Follow equation (1): exp(-x) may become infinite, and 1 / infinity is the right 0."""
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-x))


@question.solution
def by_tanh(x: Array) -> Array:
    """Use tanh, which cannot overflow."""
    return (1 + np.tanh(x / 2)) / 2


@question.solution
def entry_by_entry(x: Array) -> Array:
    """Loop, with the form of the exponent that cannot overflow."""
    result = np.empty_like(x)
    for i in np.ndindex(x.shape):
        small = np.exp(-abs(x[i]))
        result[i] = 1 / (1 + small) if x[i] >= 0 else small / (1 + small)
    return result


@question.mistake
def exponent_positive(x: Array) -> Array:
    """Use exp(+x)."""
    return 1 / (1 + np.exp(x))


@question.mistake
def hyperbolic(x: Array) -> Array:
    """Take tanh, with values in (-1, 1)."""
    return np.tanh(x)


@question.mistake
def overflows(x: Array) -> Array:
    """Divide infinity by infinity for large x."""
    return np.asarray(np.exp(x) / (1 + np.exp(x)))


@question.mistake
def normalized(x: Array) -> Array:
    """Take the softmax over all entries."""
    raised = np.exp(x - x.max())
    return np.asarray(raised / raised.sum())


@question.mistake
def slope_instead(x: Array) -> Array:
    """Return the derivative."""
    a = 1 / (1 + np.exp(-x))
    return a * (1 - a)


@question.mistake
def changes_its_input(x: Array) -> Array:
    """Work in place."""
    x[...] = 1 / (1 + np.exp(-x))
    return x
