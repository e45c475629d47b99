"""Implement the ELU (material Q1, eq. 3, with a bend on the left)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.activations import elu
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(source="Q1 eq. (3)", level=2, minutes=5, reference=elu)


@question.cases(visible=True)
def vectors(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": np.array([-1.0, 3.0]), "alpha": 2.0}
    yield {"x": rng.normal(scale=2, size=6), "alpha": float(rng.uniform(1.3, 2.5))}


@question.cases(weight=2)
def any_shape(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": rng.normal(size=(3, 4)), "alpha": float(rng.uniform(1.3, 2.5))}
    yield {"x": rng.normal(size=(2, 3, 1, 5)), "alpha": float(rng.uniform(1.3, 2.5))}


@question.cases()
def large_inputs(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {
        "x": np.array([-1000.0, -40.0, float(rng.uniform(0.2, 1)), 40.0, 1000.0]),
        "alpha": float(rng.uniform(1.3, 2.5)),
    }


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": rng.normal(size=6), "alpha": float(rng.uniform(1.3, 2.5))}


@question.cases(keeps_dtype=True, rtol=1e-4)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": rng.normal(size=(2, 3)).astype(np.float32), "alpha": float(rng.uniform(1.3, 2.5))}


@question.solution
def by_choice(x: Array, alpha: float) -> Array:
    """Choose by sign; the side that is not chosen may overflow."""
    with np.errstate(over="ignore"):
        return np.where(x > 0, x, alpha * (np.exp(x) - 1))


@question.solution
def entry_by_entry(x: Array, alpha: float) -> Array:
    """Loop over all entries."""
    result = np.empty_like(x)
    for i in np.ndindex(x.shape):
        result[i] = x[i] if x[i] > 0 else alpha * (np.exp(x[i]) - 1)
    return result


@question.mistake
def one_not_subtracted(x: Array, alpha: float) -> Array:
    """Forget the -1."""
    return np.where(x > 0, x, alpha * np.exp(x))


@question.mistake
def alpha_forgotten(x: Array, alpha: float) -> Array:  # noqa: ARG001 - forgetting it is the mistake
    """Bend towards -1, whatever alpha."""
    return np.where(x > 0, x, np.exp(x) - 1)


@question.mistake
def exponent_reversed(x: Array, alpha: float) -> Array:
    """Use exp(-x), which grows on the left."""
    return np.where(x > 0, x, alpha * (np.exp(-x) - 1))


@question.mistake
def bent_everywhere(x: Array, alpha: float) -> Array:
    """Bend the right side too."""
    return np.asarray(alpha * (np.exp(x) - 1))


@question.mistake
def masked_by_product(x: Array, alpha: float) -> Array:
    """Multiply by masks: 0 times infinity is not a number."""
    return np.asarray((x > 0) * x + (x <= 0) * alpha * (np.exp(x) - 1))


@question.mistake
def changes_its_input(x: Array, alpha: float) -> Array:
    """Work in place."""
    left = x < 0
    x[left] = alpha * (np.exp(x[left]) - 1)
    return x
