"""Implement batch gradient descent on a linear model (material Q4, eq. 10 and 13)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.descent import batch_gd
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(
    source="Q4 eq. (10) (13)",
    level=2,
    minutes=10,
    reference=batch_gd,
    conventions=("half_mean_squares", "simultaneous_update"),
)


def arguments(rng: np.random.Generator, m: int, n: int, steps: int) -> Arguments:
    """Draw a problem whose minimum is far from where the descent starts."""
    return {
        "X": rng.normal(size=(m, n)) + 0.5,
        "y": rng.normal(size=m) + 3,
        "theta": rng.normal(size=n),
        "alpha": float(rng.uniform(0.02, 0.1)),
        "steps": steps,
    }


def gradient(X: Array, y: Array, theta: Array) -> Array:
    """Write equation (13) with matrices."""
    return X.T @ (X @ theta - y) / len(y)


@question.cases(visible=True)
def one_step(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {
        "X": np.array([[1.0, 1.0], [1.0, 3.0]]),
        "y": np.array([2.0, 4.0]),
        "theta": np.array([1.0, 2.0]),
        "alpha": 0.5,
        "steps": 1,
    }
    yield arguments(rng, 5, 2, 1)


@question.cases(weight=2)
def several_steps(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 4, 2, 3)
    yield arguments(rng, 6, 3, 5)


@question.cases()
def one_sample(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 1, 3, 4)


@question.cases()
def no_step(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 3, 2, 0)


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 4, 3, 2)


@question.cases(keeps_dtype=True, rtol=1e-4, atol=1e-5)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    drawn = arguments(rng, 5, 2, 3)
    yield {**drawn, **{name: drawn[name].astype(np.float32) for name in ("X", "y", "theta")}}


@question.solution
def in_place_on_a_copy(X: Array, y: Array, theta: Array, alpha: float, steps: int) -> Array:
    """Update an own array in place."""
    theta = np.array(theta)
    for _ in range(steps):
        theta -= alpha * gradient(X, y, theta)
    return theta


@question.solution
def number_by_number(X: Array, y: Array, theta: Array, alpha: float, steps: int) -> Array:
    """Write equations (10) and (13) as loops over steps, parameters and samples."""
    m, n = X.shape
    theta = np.array(theta)
    for _ in range(steps):
        slopes = np.zeros_like(theta)
        for i in range(m):
            residual = sum(theta[j] * X[i, j] for j in range(n)) - y[i]
            for j in range(n):
                slopes[j] += residual * X[i, j] / m
        for j in range(n):
            theta[j] -= alpha * slopes[j]
    return theta


@question.mistake
def one_after_the_other(X: Array, y: Array, theta: Array, alpha: float, steps: int) -> Array:
    """Update each parameter with the new values of those before it."""
    theta = np.array(theta)
    for _ in range(steps):
        for j in range(len(theta)):
            theta[j] -= alpha * np.mean((X @ theta - y) * X[:, j])
    return theta


@question.mistake
def uphill(X: Array, y: Array, theta: Array, alpha: float, steps: int) -> Array:
    """Add the gradient."""
    for _ in range(steps):
        theta = theta + alpha * gradient(X, y, theta)
    return theta


@question.mistake
def summed(X: Array, y: Array, theta: Array, alpha: float, steps: int) -> Array:
    """Leave 1/m out."""
    for _ in range(steps):
        theta = theta - alpha * X.T @ (X @ theta - y)
    return theta


@question.mistake
def averaged_twice(X: Array, y: Array, theta: Array, alpha: float, steps: int) -> Array:
    """Divide by m in the gradient and in the update."""
    for _ in range(steps):
        theta = theta - alpha / len(y) * gradient(X, y, theta)
    return theta


@question.mistake
def rate_left_out(X: Array, y: Array, theta: Array, alpha: float, steps: int) -> Array:  # noqa: ARG001 - forgetting it is the mistake
    """Subtract the whole gradient, as eq. (14) is printed."""
    for _ in range(steps):
        theta = theta - gradient(X, y, theta)
    return theta


@question.mistake
def gradient_not_renewed(X: Array, y: Array, theta: Array, alpha: float, steps: int) -> Array:
    """Take the gradient once, before the loop."""
    grad = gradient(X, y, theta)
    for _ in range(steps):
        theta = theta - alpha * grad
    return theta


@question.mistake
def single_step(X: Array, y: Array, theta: Array, alpha: float, steps: int) -> Array:  # noqa: ARG001 - forgetting it is the mistake
    """Stop after the first step."""
    return theta - alpha * gradient(X, y, theta)


@question.mistake
def sample_after_sample(X: Array, y: Array, theta: Array, alpha: float, steps: int) -> Array:
    """Update after every sample."""
    for _ in range(steps):
        for row, target in zip(X, y, strict=True):
            theta = theta - alpha * (row @ theta - target) * row
    return theta


@question.mistake
def changes_its_input(X: Array, y: Array, theta: Array, alpha: float, steps: int) -> Array:
    """Work in place."""
    for _ in range(steps):
        theta -= alpha * gradient(X, y, theta)
    return theta
