"""Implement the SiLU, also known as swish (material Q1, eq. 1, times x)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.activations import silu
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(source="Q1 eq. (1)", level=1, minutes=4, reference=silu)


@question.cases(visible=True)
def vectors(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": np.array([-1.0, 0.5, 2.0])}
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
def by_division(x: Array) -> Array:
    """Divide by 1 + exp(-x): infinity in the denominator is the right 0."""
    with np.errstate(over="ignore"):
        return np.asarray(x / (1 + np.exp(-x)))


@question.solution
def entry_by_entry(x: Array) -> Array:
    """Loop over all entries, with tanh for the sigmoid."""
    result = np.empty_like(x)
    for i in np.ndindex(x.shape):
        result[i] = x[i] * (1 + np.tanh(x[i] / 2)) / 2
    return result


@question.mistake
def weight_alone(x: Array) -> Array:
    """Return the sigmoid alone."""
    return np.asarray(1 / (1 + np.exp(-x)))


@question.mistake
def mirrored_weight(x: Array) -> Array:
    """Weigh by the sigmoid of -x."""
    return np.asarray(x / (1 + np.exp(x)))


@question.mistake
def overflows(x: Array) -> Array:
    """Multiply by a sigmoid that breaks for large x."""
    return np.asarray(x * np.exp(x) / (1 + np.exp(x)))


@question.mistake
def plain_relu(x: Array) -> Array:
    """Return the ReLU."""
    return np.maximum(x, 0)


@question.mistake
def sigmoid_of_the_product(x: Array) -> Array:
    """Apply the sigmoid to the weighted input once more."""
    return np.asarray(1 / (1 + np.exp(-x / (1 + np.exp(-x)))))


@question.mistake
def changes_its_input(x: Array) -> Array:
    """Work in place."""
    x /= 1 + np.exp(-x)
    return x
