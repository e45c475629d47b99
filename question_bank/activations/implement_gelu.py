"""Implement the GELU in its tanh form (material Q1, a smooth relative of eq. 3)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.activations import gelu
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(source="Q1", level=2, minutes=6, reference=gelu)


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


@question.solution
def by_the_formula(x: Array) -> Array:
    """Follow the formula."""
    c = np.sqrt(2 / np.pi)
    return np.asarray(0.5 * x * (1 + np.tanh(c * (x + 0.044715 * x**3))))


@question.solution
def entry_by_entry(x: Array) -> Array:
    """Loop, with the sigmoid of twice the argument."""
    result = np.empty_like(x)
    for i in np.ndindex(x.shape):
        u = (2 / np.pi) ** 0.5 * (x[i] + 0.044715 * x[i] * x[i] * x[i])
        small = np.exp(-2 * abs(u))
        share = 1 / (1 + small) if u > 0 else small / (1 + small)
        result[i] = x[i] * share
    return result


@question.mistake
def weight_alone(x: Array) -> Array:
    """Return the weight without x."""
    c = np.sqrt(2 / np.pi)
    return np.asarray(0.5 * (1 + np.tanh(c * (x + 0.044715 * x**3))))


@question.mistake
def half_forgotten(x: Array) -> Array:
    """Forget the half."""
    c = np.sqrt(2 / np.pi)
    return np.asarray(x * (1 + np.tanh(c * (x + 0.044715 * x**3))))


@question.mistake
def cube_forgotten(x: Array) -> Array:
    """Leave out the cubic term."""
    return np.asarray(0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * x)))


@question.mistake
def root_of_the_inverse(x: Array) -> Array:
    """Take the root of pi / 2."""
    c = np.sqrt(np.pi / 2)
    return np.asarray(0.5 * x * (1 + np.tanh(c * (x + 0.044715 * x**3))))


@question.mistake
def by_sigmoid(x: Array) -> Array:
    """Use the other approximation, x s(1.702 x)."""
    with np.errstate(over="ignore"):
        return np.asarray(x / (1 + np.exp(-1.702 * x)))


@question.mistake
def changes_its_input(x: Array) -> Array:
    """Work in place."""
    c = np.sqrt(2 / np.pi)
    x *= 0.5 * (1 + np.tanh(c * (x + 0.044715 * x**3)))
    return x
