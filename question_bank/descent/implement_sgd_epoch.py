"""Implement one epoch of stochastic gradient descent (material Q4, stochastic gradient descent)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.descent import sgd_epoch
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Order = NDArray[np.int64]
Arguments = dict[str, Any]

question = CodeQuestion(source="Q4", level=2, minutes=10, reference=sgd_epoch, conventions=("simultaneous_update",))


def arguments(rng: np.random.Generator, m: int, n: int) -> Arguments:
    """Draw a problem and an order that does not begin with sample 0."""
    order = rng.permutation(m)
    return {
        "X": rng.normal(size=(m, n)) + 0.5,
        "y": rng.normal(size=m) + 3,
        "theta": rng.normal(size=n),
        "alpha": float(rng.uniform(0.02, 0.1)),
        "order": order if order[0] != 0 else order[::-1].copy(),
    }


@question.cases(visible=True)
def two_samples(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {
        "X": np.array([[1.0, 1.0], [1.0, 2.0]]),
        "y": np.array([2.0, 4.0]),
        "theta": np.array([0.0, 1.0]),
        "alpha": 0.5,
        "order": np.array([1, 0]),
    }
    yield arguments(rng, 2, 3)


@question.cases(weight=2)
def more_samples(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 5, 2)
    yield arguments(rng, 7, 4)


@question.cases()
def one_sample(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 1, 3)


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 4, 2)


@question.cases(keeps_dtype=True, rtol=1e-4, atol=1e-5)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    drawn = arguments(rng, 4, 3)
    yield {**drawn, **{name: drawn[name].astype(np.float32) for name in ("X", "y", "theta")}}


@question.solution
def over_reordered_rows(X: Array, y: Array, theta: Array, alpha: float, order: Order) -> Array:
    """Put rows and targets in order first."""
    for row, target in zip(X[order], y[order], strict=True):
        theta = theta - alpha * (row @ theta - target) * row
    return theta


@question.solution
def number_by_number(X: Array, y: Array, theta: Array, alpha: float, order: Order) -> Array:
    """Loop over samples and parameters."""
    theta = np.array(theta)
    n = len(theta)
    for i in order:
        residual = sum(theta[j] * X[i, j] for j in range(n)) - y[i]
        for j in range(n):
            theta[j] -= alpha * residual * X[i, j]
    return theta


@question.mistake
def batch_gradient(X: Array, y: Array, theta: Array, alpha: float, order: Order) -> Array:
    """Take as many steps, each with the mean gradient over all samples."""
    for _ in order:
        theta = theta - alpha * X.T @ (X @ theta - y) / len(y)
    return theta


@question.mistake
def stale_parameters(X: Array, y: Array, theta: Array, alpha: float, order: Order) -> Array:
    """Take every residual at the parameters before the epoch."""
    start = theta
    for i in order:
        theta = theta - alpha * (X[i] @ start - y[i]) * X[i]
    return theta


@question.mistake
def order_ignored(X: Array, y: Array, theta: Array, alpha: float, order: Order) -> Array:  # noqa: ARG001 - forgetting it is the mistake
    """Go through the samples as they lie."""
    for row, target in zip(X, y, strict=True):
        theta = theta - alpha * (row @ theta - target) * row
    return theta


@question.mistake
def targets_not_reordered(X: Array, y: Array, theta: Array, alpha: float, order: Order) -> Array:
    """Shuffle the rows but not their targets."""
    for row, target in zip(X[order], y, strict=True):
        theta = theta - alpha * (row @ theta - target) * row
    return theta


@question.mistake
def divided_by_all(X: Array, y: Array, theta: Array, alpha: float, order: Order) -> Array:
    """Divide each sample's gradient by the number of samples."""
    for i in order:
        theta = theta - alpha * (X[i] @ theta - y[i]) * X[i] / len(y)
    return theta


@question.mistake
def first_sample_only(X: Array, y: Array, theta: Array, alpha: float, order: Order) -> Array:
    """Return inside the loop."""
    i = order[0]
    return np.asarray(theta - alpha * (X[i] @ theta - y[i]) * X[i])


@question.mistake
def input_forgotten(X: Array, y: Array, theta: Array, alpha: float, order: Order) -> Array:
    """Move all parameters by the residual."""
    for i in order:
        theta = theta - alpha * (X[i] @ theta - y[i])
    return theta


@question.mistake
def uphill(X: Array, y: Array, theta: Array, alpha: float, order: Order) -> Array:
    """Add the gradient."""
    for i in order:
        theta = theta + alpha * (X[i] @ theta - y[i]) * X[i]
    return theta


@question.mistake
def changes_its_input(X: Array, y: Array, theta: Array, alpha: float, order: Order) -> Array:
    """Work in place."""
    for i in order:
        theta -= alpha * (X[i] @ theta - y[i]) * X[i]
    return theta
