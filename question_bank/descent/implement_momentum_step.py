"""Implement one step of gradient descent with momentum (material Q4, eq. 10 with a memory)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.descent import momentum_step
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]
Pair = tuple[Array, Array]

question = CodeQuestion(
    source="Q4 eq. (10)", level=2, minutes=8, reference=momentum_step, conventions=("velocity_form",)
)


def arguments(rng: np.random.Generator, shape: tuple[int, ...]) -> Arguments:
    """Draw arrays of one shape; the velocity is not 0, and mu is not one half."""
    return {
        "theta": rng.normal(size=shape),
        "velocity": rng.normal(size=shape),
        "grad": rng.normal(size=shape),
        "alpha": float(rng.uniform(0.05, 0.4)),
        "mu": float(rng.uniform(0.6, 0.95)),
    }


@question.cases(visible=True)
def vectors(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {
        "theta": np.array([1.0, -1.0]),
        "velocity": np.array([0.5, 2.0]),
        "grad": np.array([2.0, -1.0]),
        "alpha": 0.1,
        "mu": 0.8,
    }
    yield arguments(rng, (5,))


@question.cases(weight=2)
def matrices(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (3, 4))
    yield arguments(rng, (2, 1))


@question.cases()
def first_step(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {**arguments(rng, (4,)), "velocity": np.zeros(4)}


@question.cases()
def no_memory(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {**arguments(rng, (3,)), "mu": 0.0}


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (4,))


@question.cases(keeps_dtype=True, rtol=1e-4, atol=1e-6)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    drawn = arguments(rng, (2, 3))
    yield {**drawn, **{name: drawn[name].astype(np.float32) for name in ("theta", "velocity", "grad")}}


@question.solution
def written_out(theta: Array, velocity: Array, grad: Array, alpha: float, mu: float) -> Pair:
    """Put the velocity's formula into the parameters' one."""
    return theta + mu * velocity - alpha * grad, mu * velocity - alpha * grad


@question.solution
def entry_by_entry(theta: Array, velocity: Array, grad: Array, alpha: float, mu: float) -> Pair:
    """Loop over all entries."""
    theta_next, velocity_next = np.empty_like(theta), np.empty_like(theta)
    for i in np.ndindex(theta.shape):
        velocity_next[i] = mu * velocity[i] - alpha * grad[i]
        theta_next[i] = theta[i] + velocity_next[i]
    return theta_next, velocity_next


@question.mistake
def velocity_not_kept(theta: Array, velocity: Array, grad: Array, alpha: float, mu: float) -> Pair:
    """Return the velocity that came in."""
    return theta + mu * velocity - alpha * grad, velocity


@question.mistake
def old_velocity_used(theta: Array, velocity: Array, grad: Array, alpha: float, mu: float) -> Pair:
    """Move by the velocity from before the step."""
    return theta + velocity, mu * velocity - alpha * grad


@question.mistake
def plain_descent(theta: Array, velocity: Array, grad: Array, alpha: float, mu: float) -> Pair:
    """Move by the gradient alone."""
    return theta - alpha * grad, mu * velocity - alpha * grad


@question.mistake
def averaged(theta: Array, velocity: Array, grad: Array, alpha: float, mu: float) -> Pair:
    """Weigh the gradient by 1 - mu."""
    velocity = mu * velocity - (1 - mu) * alpha * grad
    return theta + velocity, velocity


@question.mistake
def weights_swapped(theta: Array, velocity: Array, grad: Array, alpha: float, mu: float) -> Pair:
    """Weigh the gradient, not the velocity, by mu."""
    velocity = velocity - mu * alpha * grad
    return theta + velocity, velocity


@question.mistake
def rate_outside_velocity(theta: Array, velocity: Array, grad: Array, alpha: float, mu: float) -> Pair:
    """Use the other form, whose velocity holds gradients without the learning rate."""
    velocity = mu * velocity + grad
    return theta - alpha * velocity, velocity


@question.mistake
def rate_twice(theta: Array, velocity: Array, grad: Array, alpha: float, mu: float) -> Pair:
    """Multiply by the learning rate in both lines."""
    velocity = mu * velocity - alpha * grad
    return theta + alpha * velocity, velocity


@question.mistake
def uphill(theta: Array, velocity: Array, grad: Array, alpha: float, mu: float) -> Pair:
    """Add the gradient to the velocity."""
    velocity = mu * velocity + alpha * grad
    return theta + velocity, velocity


@question.mistake
def returned_the_other_way_round(theta: Array, velocity: Array, grad: Array, alpha: float, mu: float) -> Pair:
    """Return the velocity first."""
    velocity = mu * velocity - alpha * grad
    return velocity, theta + velocity


@question.mistake
def changes_its_input(theta: Array, velocity: Array, grad: Array, alpha: float, mu: float) -> Pair:
    """Update the velocity in place."""
    velocity *= mu
    velocity -= alpha * grad
    return theta + velocity, velocity
