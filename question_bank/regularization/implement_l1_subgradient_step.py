"""Implement one subgradient step with an L1 penalty (material Q2, the list of methods)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.regularization import l1_subgradient_step
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(source="Q2", level=2, minutes=6, reference=l1_subgradient_step)


def arguments(rng: np.random.Generator, shape: tuple[int, ...]) -> Arguments:
    """Draw weights of both signs and gradients of one shape."""
    w = rng.uniform(0.2, 2, shape)
    w.flat[::2] *= -1
    return {
        "w": w,
        "grad": rng.normal(size=shape),
        "eta": float(rng.uniform(0.1, 0.5)),
        "alpha": float(rng.uniform(0.3, 0.9)),
    }


@question.cases(visible=True)
def vectors(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"w": np.array([2.0, -1.0]), "grad": np.array([0.5, 0.1]), "eta": 0.5, "alpha": 0.2}
    yield arguments(rng, (5,))


@question.cases(weight=2)
def matrices(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (3, 4))
    yield arguments(rng, (1, 6))


@question.cases()
def weights_at_zero(rng: np.random.Generator) -> Iterator[Arguments]:
    drawn = arguments(rng, (4,))
    drawn["w"][1:3] = 0.0
    yield drawn


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (4,))


@question.cases(keeps_dtype=True, rtol=1e-4)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    drawn = arguments(rng, (2, 3))
    yield {**drawn, "w": drawn["w"].astype(np.float32), "grad": drawn["grad"].astype(np.float32)}


@question.solution
def entry_by_entry(w: Array, grad: Array, eta: float, alpha: float) -> Array:
    """Loop over all entries and look at the sign."""
    result = np.empty_like(w)
    for i in np.ndindex(w.shape):
        sign = 1 if w[i] > 0 else -1 if w[i] < 0 else 0
        result[i] = w[i] - eta * (grad[i] + alpha * sign)
    return result


@question.solution
def masks(w: Array, grad: Array, eta: float, alpha: float) -> Array:
    """Add and subtract where the weights are negative and positive."""
    result = w - eta * grad
    result[w > 0] -= eta * alpha
    result[w < 0] += eta * alpha
    return result


@question.mistake
def l2_term(w: Array, grad: Array, eta: float, alpha: float) -> Array:
    """Use the L2 penalty's gradient."""
    return w - eta * (grad + alpha * w)


@question.mistake
def sign_left_out(w: Array, grad: Array, eta: float, alpha: float) -> Array:
    """Add alpha to the gradient of negative weights too."""
    return w - eta * (grad + alpha)


@question.mistake
def penalty_itself(w: Array, grad: Array, eta: float, alpha: float) -> Array:
    """Use |w|, not its slope."""
    return w - eta * (grad + alpha * np.abs(w))


@question.mistake
def sign_of_gradient(w: Array, grad: Array, eta: float, alpha: float) -> Array:
    """Take the sign of the gradient."""
    return w - eta * (grad + alpha * np.sign(grad))


@question.mistake
def rate_forgotten(w: Array, grad: Array, eta: float, alpha: float) -> Array:
    """Leave the rate out of the penalty's part."""
    return w - eta * grad - alpha * np.sign(w)


@question.mistake
def divides_by_magnitude(w: Array, grad: Array, eta: float, alpha: float) -> Array:
    """Write the sign as w / |w|, which has no value at 0."""
    return w - eta * (grad + alpha * w / np.abs(w))


@question.mistake
def uphill(w: Array, grad: Array, eta: float, alpha: float) -> Array:
    """Add the gradient."""
    return w + eta * (grad + alpha * np.sign(w))


@question.mistake
def changes_its_input(w: Array, grad: Array, eta: float, alpha: float) -> Array:
    """Work in place."""
    w -= eta * (grad + alpha * np.sign(w))
    return w
