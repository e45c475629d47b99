"""Implement gradient clipping by norm (material Q3, the explosion of gradients)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.gradients import clip_by_norm
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(source="Q3", level=2, minutes=6, reference=clip_by_norm)


@question.cases(visible=True)
def too_long(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"grad": np.array([6.0, -8.0]), "max_norm": 5.0}
    yield {"grad": rng.normal(scale=4, size=5) + 3, "max_norm": float(rng.uniform(0.5, 2))}


@question.cases(weight=2)
def short_enough(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"grad": rng.uniform(0.1, 0.5, size=4), "max_norm": float(rng.uniform(1.5, 3))}
    yield {"grad": -rng.uniform(0.1, 0.3, size=(2, 3)), "max_norm": 5.0}


@question.cases(weight=2)
def matrices_and_kernels(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"grad": rng.normal(size=(3, 4)) + 1, "max_norm": float(rng.uniform(0.5, 1.5))}
    yield {"grad": rng.normal(size=(2, 3, 1, 5)) - 1, "max_norm": float(rng.uniform(0.5, 1.5))}


@question.cases()
def zero_gradient(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"grad": np.zeros((2, 3)), "max_norm": float(rng.uniform(0.5, 2))}


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"grad": rng.normal(size=4) + 3, "max_norm": 1.0}


@question.cases(keeps_dtype=True, rtol=1e-4)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"grad": (rng.normal(size=(2, 3)) + 2).astype(np.float32), "max_norm": 1.5}


@question.solution
def with_a_branch(grad: Array, max_norm: float) -> Array:
    """Scale only where the norm is too large."""
    norm = float(np.sqrt(np.sum(grad**2)))
    return grad * (max_norm / norm) if norm > max_norm else grad.copy()


@question.solution
def entry_by_entry(grad: Array, max_norm: float) -> Array:
    """Add the squares in a loop."""
    squares = 0.0
    for g in grad.ravel():
        squares += float(g) ** 2
    scale = min(1.0, max_norm / squares**0.5) if squares > 0 else 1.0
    return grad * scale


@question.mistake
def by_value(grad: Array, max_norm: float) -> Array:
    """Cut off every entry at the bound."""
    return np.clip(grad, -max_norm, max_norm)


@question.mistake
def short_one_stretched(grad: Array, max_norm: float) -> Array:
    """Scale to the bound also what is shorter."""
    return grad * float(max_norm / np.linalg.norm(grad))


@question.mistake
def root_forgotten(grad: Array, max_norm: float) -> Array:
    """Take the sum of squares for the norm."""
    squares = float(np.sum(grad**2))
    return grad * (max_norm / squares) if squares > max_norm else grad.copy()


@question.mistake
def row_by_row(grad: Array, max_norm: float) -> Array:
    """Measure the last axis only."""
    norm = np.sqrt(np.sum(grad**2, axis=-1, keepdims=True))
    return np.asarray(grad * (max_norm / np.maximum(norm, max_norm)))


@question.mistake
def to_length_one(grad: Array, max_norm: float) -> Array:
    """Forget to multiply by the bound."""
    norm = float(np.sqrt(np.sum(grad**2)))
    return grad / norm if norm > max_norm else grad.copy()


@question.mistake
def sum_of_sizes(grad: Array, max_norm: float) -> Array:
    """Take the 1-norm."""
    norm = float(np.sum(np.abs(grad)))
    return grad * (max_norm / norm) if norm > max_norm else grad.copy()


@question.mistake
def changes_its_input(grad: Array, max_norm: float) -> Array:
    """Work in place."""
    grad *= min(1.0, max_norm / max(float(np.linalg.norm(grad)), max_norm))
    return grad
