"""Implement the L2 penalty (material Q2, eq. 6)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.regularization import l2_penalty
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(
    source="Q2 eq. (6)", level=1, minutes=4, reference=l2_penalty, conventions=("penalty_half_alpha",)
)


@question.cases(visible=True)
def vectors(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"w": np.array([3.0, -4.0]), "alpha": 0.1}
    yield {"w": rng.normal(size=6) * 2, "alpha": float(rng.uniform(0.2, 0.9))}


@question.cases(weight=2)
def matrices(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"w": rng.normal(size=(3, 4)) * 2, "alpha": float(rng.uniform(0.2, 0.9))}
    yield {"w": rng.normal(size=(2, 3, 2, 2)), "alpha": float(rng.uniform(0.2, 0.9))}


@question.cases()
def no_penalty(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"w": rng.normal(size=4), "alpha": 0.0}


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"w": rng.normal(size=(3, 2)) * 2, "alpha": 0.3}


@question.solution
def entry_by_entry(w: Array, alpha: float) -> float:
    """Loop over all entries."""
    total = 0.0
    for value in w.ravel():
        total += value * value
    return alpha / 2 * total


@question.solution
def inner_product(w: Array, alpha: float) -> float:
    """Multiply the flattened weights with themselves."""
    flat = w.reshape(-1)
    return float(0.5 * alpha * (flat @ flat))


@question.mistake
def half_forgotten(w: Array, alpha: float) -> float:
    """Use equation (5) with alpha for lambda."""
    return float(alpha * np.sum(w**2))


@question.mistake
def root_taken(w: Array, alpha: float) -> float:
    """Take the norm, not its square."""
    return float(alpha / 2 * np.linalg.norm(w.ravel()))


@question.mistake
def absolute_values(w: Array, alpha: float) -> float:
    """Add up magnitudes, as L1 does."""
    return float(alpha / 2 * np.abs(w).sum())


@question.mistake
def averaged(w: Array, alpha: float) -> float:
    """Take the mean of the squares."""
    return float(alpha / 2 * np.mean(w**2))


@question.mistake
def first_axis_only(w: Array, alpha: float) -> Array:
    """Add up along the first axis alone."""
    return np.asarray(alpha / 2 * np.sum(w**2, axis=0))


@question.mistake
def gradient_returned(w: Array, alpha: float) -> Array:
    """Give the penalty's gradient."""
    return alpha * w
