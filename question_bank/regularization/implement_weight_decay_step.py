"""Implement one step of gradient descent with weight decay (material Q2, eq. 7)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.regularization import weight_decay_step
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(
    source="Q2 eq. (7)", level=1, minutes=6, reference=weight_decay_step, conventions=("penalty_half_alpha",)
)


def arguments(rng: np.random.Generator, shape: tuple[int, ...]) -> Arguments:
    """Weights and gradients of one shape; eta and alpha are large enough to tell every mistake."""
    return {
        "w": rng.normal(size=shape),
        "grad": rng.normal(size=shape),
        "eta": float(rng.uniform(0.1, 0.5)),
        "alpha": float(rng.uniform(0.2, 0.9)),
    }


@question.cases(visible=True)
def vectors(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"w": np.array([1.0, -2.0]), "grad": np.array([0.5, 0.1]), "eta": 0.5, "alpha": 0.2}
    yield arguments(rng, (5,))


@question.cases(weight=2)
def matrices(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (3, 4))
    yield arguments(rng, (1, 6))


@question.cases()
def no_penalty(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {**arguments(rng, (4,)), "alpha": 0.0}


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (4,))


@question.cases(keeps_dtype=True, rtol=1e-4)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    drawn = arguments(rng, (2, 3))
    yield {**drawn, "w": drawn["w"].astype(np.float32), "grad": drawn["grad"].astype(np.float32)}


@question.solution
def with_the_full_gradient(w: Array, grad: Array, eta: float, alpha: float) -> Array:
    """Follow the first line of equation (7)."""
    return w - eta * (grad + alpha * w)


@question.solution
def entry_by_entry(w: Array, grad: Array, eta: float, alpha: float) -> Array:
    """Loop over all entries."""
    result = np.empty_like(w)
    for i in np.ndindex(w.shape):
        result[i] = (1 - eta * alpha) * w[i] - eta * grad[i]
    return result


@question.mistake
def penalty_doubled(w: Array, grad: Array, eta: float, alpha: float) -> Array:
    """Use the gradient of alpha * w'w."""
    return w - eta * (grad + 2 * alpha * w)


@question.mistake
def rate_forgotten(w: Array, grad: Array, eta: float, alpha: float) -> Array:
    """Decay by alpha, not eta * alpha."""
    return (1 - alpha) * w - eta * grad


@question.mistake
def no_decay(w: Array, grad: Array, eta: float, alpha: float) -> Array:  # noqa: ARG001 - forgetting it is the mistake
    """Leave the penalty out."""
    return w - eta * grad


@question.mistake
def uphill(w: Array, grad: Array, eta: float, alpha: float) -> Array:
    """Add the gradient."""
    return (1 - eta * alpha) * w + eta * grad


@question.mistake
def sign_lost(w: Array, grad: Array, eta: float, alpha: float) -> Array:
    """Open the bracket with the wrong sign."""
    return w - eta * grad + eta * alpha * w


@question.mistake
def decayed_after(w: Array, grad: Array, eta: float, alpha: float) -> Array:
    """Step first, decay the new weights."""
    return (1 - eta * alpha) * (w - eta * grad)


@question.mistake
def changes_its_input(w: Array, grad: Array, eta: float, alpha: float) -> Array:
    """Work in place."""
    w -= eta * (grad + alpha * w)
    return w
