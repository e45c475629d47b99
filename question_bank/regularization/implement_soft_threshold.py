"""Implement the soft threshold of the L1 penalty (material Q2, the list of methods)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.regularization import soft_threshold
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(source="Q2", level=2, minutes=6, reference=soft_threshold)


def weights(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Draw weights of both signs, two of them well inside of a threshold of 0.4."""
    w = rng.uniform(0.5, 2, shape)
    w.flat[1:3] = rng.uniform(0.05, 0.35, 2)
    w.flat[::2] *= -1
    return w


@question.cases(visible=True)
def vectors(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"w": np.array([2.0, 0.25, -1.0]), "threshold": 0.5}
    yield {"w": weights(rng, (6,)), "threshold": 0.4}


@question.cases(weight=2)
def matrices(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"w": weights(rng, (3, 4)), "threshold": 0.4}
    yield {"w": weights(rng, (2, 3)), "threshold": 0.45}


@question.cases()
def no_threshold(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"w": weights(rng, (5,)), "threshold": 0.0}


@question.cases()
def everything_is_zeroed(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"w": weights(rng, (4,)), "threshold": 3.0}


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"w": weights(rng, (5,)), "threshold": 0.4}


@question.cases(keeps_dtype=True, rtol=1e-4)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"w": weights(rng, (2, 4)).astype(np.float32), "threshold": 0.4}


@question.solution
def sign_and_magnitude(w: Array, threshold: float) -> Array:
    """Shrink the magnitude and give the sign back."""
    return np.asarray(np.sign(w) * np.maximum(np.abs(w) - threshold, 0))


@question.solution
def entry_by_entry(w: Array, threshold: float) -> Array:
    """Loop over all entries with three cases."""
    result = np.zeros_like(w)
    for i in np.ndindex(w.shape):
        if w[i] > threshold:
            result[i] = w[i] - threshold
        elif w[i] < -threshold:
            result[i] = w[i] + threshold
    return result


@question.mistake
def crosses_zero(w: Array, threshold: float) -> Array:
    """Pull past 0."""
    return w - threshold * np.sign(w)


@question.mistake
def sign_dropped(w: Array, threshold: float) -> Array:
    """Give back magnitudes."""
    return np.maximum(np.abs(w) - threshold, 0)


@question.mistake
def negatives_zeroed(w: Array, threshold: float) -> Array:
    """Treat negative weights as small ones."""
    return np.maximum(w - threshold, 0)


@question.mistake
def hard_threshold(w: Array, threshold: float) -> Array:
    """Zero small weights and leave the rest as it is."""
    return np.where(np.abs(w) > threshold, w, 0)


@question.mistake
def clipped(w: Array, threshold: float) -> Array:
    """Cut the large ones off in place of the small ones."""
    return np.asarray(np.clip(w, -threshold, threshold))


@question.mistake
def changes_its_input(w: Array, threshold: float) -> Array:
    """Work in place."""
    w -= np.clip(w, -threshold, threshold)
    return w
