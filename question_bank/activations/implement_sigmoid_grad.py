"""Implement the slope of the sigmoid at its input (material Q1, eq. 1, and Q3, figure 5)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.activations import sigmoid, sigmoid_grad
from quizgen.authoring import CodeQuestion, Gradient

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(source="Q1 eq. (1)", level=1, minutes=5, reference=sigmoid_grad)


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
    yield {"x": np.array([-1000.0, -40.0, float(rng.uniform(0.2, 1)), 40.0, 1000.0])}


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": rng.normal(size=6)}


@question.cases(keeps_dtype=True, rtol=1e-4)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": rng.normal(size=(2, 3)).astype(np.float32)}


@question.cases(gradient=Gradient(sigmoid))
def own_forward(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": rng.normal(size=5)}


@question.solution
def by_the_output(x: Array) -> Array:
    """Work out the output first."""
    with np.errstate(over="ignore"):
        a = 1 / (1 + np.exp(-x))
    return np.asarray(a * (1 - a))


@question.solution
def entry_by_entry(x: Array) -> Array:
    """Loop, with an exponential that cannot overflow; the slope is symmetric."""
    result = np.empty_like(x)
    for i in np.ndindex(x.shape):
        small = np.exp(-abs(x[i]))
        result[i] = small / (1 + small) ** 2
    return result


@question.mistake
def input_not_output(x: Array) -> Array:
    """Put the input into a (1 - a)."""
    return x * (1 - x)


@question.mistake
def half_input(x: Array) -> Array:
    """Put the input into the second factor only."""
    return np.asarray(1 / (1 + np.exp(-x)) * (1 - x))


@question.mistake
def factor_forgotten(x: Array) -> Array:
    """Return the sigmoid itself."""
    return np.asarray(1 / (1 + np.exp(-x)))


@question.mistake
def squared(x: Array) -> Array:
    """Multiply the output by itself."""
    return np.asarray(1 / (1 + np.exp(-x)) ** 2)


@question.mistake
def squashed_twice(x: Array) -> Array:
    """Squash the output once more before the rule."""
    a = 1 / (1 + np.exp(-x))
    s = 1 / (1 + np.exp(-a))
    return np.asarray(s * (1 - s))


@question.mistake
def overflows(x: Array) -> Array:
    """Divide infinity by infinity for very negative x."""
    return np.asarray(np.exp(-x) / (1 + np.exp(-x)) ** 2)


@question.mistake
def changes_its_input(x: Array) -> Array:
    """Work in place."""
    x[...] = 1 / (1 + np.exp(-x))
    x *= 1 - x
    return x
