"""Implement the forward pass of a sigmoid neuron (material Q5, eq. 15 and 16)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.backprop import neuron_forward
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(source="Q5 eq. (15) (16)", level=1, minutes=5, reference=neuron_forward)


def arguments(rng: np.random.Generator, n: int) -> Arguments:
    """Draw a neuron that is not saturated, its bias clearly not 0."""
    b = float(rng.uniform(0.3, 0.8) * rng.choice([-1, 1]))
    return {"x": rng.normal(size=n), "w": rng.normal(size=n) / np.sqrt(n), "b": b}


@question.cases(visible=True)
def two_inputs(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": np.array([1.0, 2.0]), "w": np.array([0.5, -1.0]), "b": 0.5}
    yield arguments(rng, 2)


@question.cases(weight=2)
def more_inputs(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 5)
    yield arguments(rng, 9)


@question.cases()
def one_input(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 1)


@question.cases()
def large_sums(rng: np.random.Generator) -> Iterator[Arguments]:
    size = float(rng.uniform(800, 2000))
    yield {"x": np.array([1.0, -1.0]), "w": np.array([size, 3.0]), "b": 1.0}
    yield {"x": np.array([1.0, -1.0]), "w": np.array([-size, 3.0]), "b": 1.0}


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 4)


@question.solution
def with_tanh(x: Array, w: Array, b: float) -> float:
    """Write the sigmoid as a shifted tanh, which never overflows."""
    return float((1 + np.tanh((np.sum(w * x) + b) / 2)) / 2)


@question.solution
def input_by_input(x: Array, w: Array, b: float) -> float:
    """Add up in a loop and choose the form of the sigmoid by the sign."""
    z = b
    for i in range(len(x)):
        z += float(w[i] * x[i])
    if z >= 0:
        return float(1 / (1 + np.exp(-z)))
    return float(np.exp(z) / (1 + np.exp(z)))


@question.mistake
def bias_dropped(x: Array, w: Array, b: float) -> float:  # noqa: ARG001 - forgetting it is the mistake
    """Leave the bias out."""
    return float(1 / (1 + np.exp(-(w @ x))))


@question.mistake
def bias_per_input(x: Array, w: Array, b: float) -> float:
    """Add the bias inside the sum."""
    return float(1 / (1 + np.exp(-np.sum(w * x + b))))


@question.mistake
def bias_subtracted(x: Array, w: Array, b: float) -> float:
    """Subtract the bias."""
    return float(1 / (1 + np.exp(-(w @ x - b))))


@question.mistake
def activation_dropped(x: Array, w: Array, b: float) -> float:
    """Return the weighted sum."""
    return float(w @ x + b)


@question.mistake
def exponent_positive(x: Array, w: Array, b: float) -> float:
    """Lose the minus sign of the exponent."""
    return float(1 / (1 + np.exp(w @ x + b)))


@question.mistake
def tanh_taken(x: Array, w: Array, b: float) -> float:
    """Apply tanh."""
    return float(np.tanh(w @ x + b))


@question.mistake
def mean_for_sum(x: Array, w: Array, b: float) -> float:
    """Average the products."""
    return float(1 / (1 + np.exp(-(np.mean(w * x) + b))))


@question.mistake
def not_added_up(x: Array, w: Array, b: float) -> Array:
    """Activate every product on its own."""
    return np.asarray(1 / (1 + np.exp(-(w * x + b))))


@question.mistake
def overflowing(x: Array, w: Array, b: float) -> float:
    """Divide two large exponentials."""
    z = np.float64(w @ x + b)
    return float(np.exp(z) / (1 + np.exp(z)))
