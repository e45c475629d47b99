"""Implement tanh, safe for inputs of any size (material Q1, eq. 2)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.activations import tanh
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(source="Q1 eq. (2)", level=1, minutes=5, reference=tanh)


@question.cases(visible=True)
def vectors(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": np.array([-1.0, 0.0, 0.5])}
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
def from_the_sigmoid(x: Array) -> Array:
    """Stretch a sigmoid."""
    with np.errstate(over="ignore"):
        return np.asarray(2 / (1 + np.exp(-2 * x)) - 1)


@question.solution
def entry_by_entry(x: Array) -> Array:
    """Loop, with an exponential that cannot overflow."""
    result = np.empty_like(x)
    for i in np.ndindex(x.shape):
        small = np.exp(-2 * abs(x[i]))
        result[i] = np.sign(x[i]) * (1 - small) / (1 + small)
    return result


@question.mistake
def overflows(x: Array) -> Array:
    """Divide infinity by infinity for large x."""
    return np.asarray((np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)))


@question.mistake
def sigmoid_taken(x: Array) -> Array:
    """Return the sigmoid."""
    return np.asarray(1 / (1 + np.exp(-x)))


@question.mistake
def not_doubled(x: Array) -> Array:
    """Stretch the sigmoid of x, not of 2x."""
    return np.asarray(2 / (1 + np.exp(-x)) - 1)


@question.mistake
def half_of_the_difference(x: Array) -> Array:
    """Return the hyperbolic sine."""
    return np.asarray(np.sinh(x))


@question.mistake
def slope_instead(x: Array) -> Array:
    """Return the derivative."""
    return np.asarray(1 - np.tanh(x) ** 2)


@question.mistake
def changes_its_input(x: Array) -> Array:
    """Work in place."""
    x[...] = np.tanh(x)
    return x
