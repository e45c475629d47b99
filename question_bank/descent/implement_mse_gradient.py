"""Implement the gradient of half the mean squared error (material Q4, eq. 13)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.descent import mse_gradient
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(
    source="Q4 eq. (13)", level=2, minutes=8, reference=mse_gradient, conventions=("half_mean_squares",)
)


def arguments(rng: np.random.Generator, m: int, n: int) -> Arguments:
    """Draw samples, targets and parameters away from the minimum."""
    return {"X": rng.normal(size=(m, n)), "y": rng.normal(size=m) + 3, "theta": rng.normal(size=n)}


@question.cases(visible=True)
def straight_line(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"X": np.array([[1.0, 1.0], [1.0, 2.0]]), "y": np.array([2.0, 4.0]), "theta": np.array([0.0, 1.0])}
    x = rng.normal(size=5)
    yield {"X": np.stack([np.ones(5), x], axis=1), "y": 2 * x + 1, "theta": rng.normal(size=2)}


@question.cases(weight=2)
def several_features(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 6, 3)
    yield arguments(rng, 3, 5)
    yield arguments(rng, 4, 4)


@question.cases()
def one_sample(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 1, 3)


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 4, 2)


@question.cases(keeps_dtype=True, rtol=1e-4, atol=1e-5)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {name: value.astype(np.float32) for name, value in arguments(rng, 5, 3).items()}


@question.solution
def mean_of_products(X: Array, y: Array, theta: Array) -> Array:
    """Average residual times row over the samples."""
    return np.asarray(np.mean((X @ theta - y)[:, None] * X, axis=0))


@question.solution
def sample_by_sample(X: Array, y: Array, theta: Array) -> Array:
    """Write equation (13) as two loops."""
    m, n = X.shape
    grad = np.zeros_like(theta)
    for j in range(n):
        for i in range(m):
            residual = sum(theta[k] * X[i, k] for k in range(n)) - y[i]
            grad[j] += residual * X[i, j] / m
    return grad


@question.mistake
def summed(X: Array, y: Array, theta: Array) -> Array:
    """Leave 1/m out."""
    return X.T @ (X @ theta - y)


@question.mistake
def halved(X: Array, y: Array, theta: Array) -> Array:
    """Keep the 1/2 of the loss."""
    return X.T @ (X @ theta - y) / (2 * len(y))


@question.mistake
def doubled(X: Array, y: Array, theta: Array) -> Array:
    """Differentiate the mean of the squares without 1/2."""
    return 2 * X.T @ (X @ theta - y) / len(y)


@question.mistake
def residual_reversed(X: Array, y: Array, theta: Array) -> Array:
    """Subtract the predictions from the targets."""
    return X.T @ (y - X @ theta) / len(y)


@question.mistake
def input_forgotten(X: Array, y: Array, theta: Array) -> Array:
    """Give every parameter the mean residual."""
    return np.full_like(theta, np.mean(X @ theta - y))


@question.mistake
def divided_by_parameters(X: Array, y: Array, theta: Array) -> Array:
    """Divide by the number of parameters rather than samples."""
    return X.T @ (X @ theta - y) / len(theta)


@question.mistake
def column_broadcast(X: Array, y: Array, theta: Array) -> Array:
    """Subtract a row from a column, which broadcasts to an m x m table."""
    return np.asarray((X.T @ (X @ theta[:, None] - y)).mean(axis=1) / len(y))


@question.mistake
def changes_its_input(X: Array, y: Array, theta: Array) -> Array:
    """Turn the targets into residuals in place."""
    y -= X @ theta
    return -X.T @ y / len(y)
