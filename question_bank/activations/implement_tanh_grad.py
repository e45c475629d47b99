"""Implement the slope of tanh at its input (material Q1, eq. 2)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.activations import tanh, tanh_grad
from quizgen.authoring import CodeQuestion, Gradient

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(source="Q1 eq. (2)", level=1, minutes=4, reference=tanh_grad)


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


@question.cases(gradient=Gradient(tanh))
def own_forward(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": rng.normal(size=5)}


@question.solution
def by_cosh(x: Array) -> Array:
    """Use 1 / cosh^2: infinity in the denominator is the right 0."""
    with np.errstate(over="ignore"):
        return np.asarray(1 / np.cosh(x) ** 2)


@question.solution
def entry_by_entry(x: Array) -> Array:
    """Loop over all entries."""
    result = np.empty_like(x)
    for i in np.ndindex(x.shape):
        a = np.tanh(x[i])
        result[i] = (1 - a) * (1 + a)
    return result


@question.mistake
def input_squared(x: Array) -> Array:
    """Square the input."""
    return 1 - x**2


@question.mistake
def difference_squared(x: Array) -> Array:
    """Square the whole difference."""
    return np.asarray((1 - np.tanh(x)) ** 2)


@question.mistake
def rule_of_tangent(x: Array) -> Array:
    """Use the rule of the trigonometric tangent."""
    return np.asarray(1 + np.tanh(x) ** 2)


@question.mistake
def one_lost(x: Array) -> Array:
    """Lose the 1."""
    return np.asarray(-(np.tanh(x) ** 2))


@question.mistake
def rule_of_sigmoid(x: Array) -> Array:
    """Use the rule of the sigmoid."""
    a = np.tanh(x)
    return np.asarray(a * (1 - a))


@question.mistake
def squashed_twice(x: Array) -> Array:
    """Apply tanh to the output once more."""
    return np.asarray(1 - np.tanh(np.tanh(x)) ** 2)


@question.mistake
def changes_its_input(x: Array) -> Array:
    """Work in place."""
    x[...] = 1 - np.tanh(x) ** 2
    return x
