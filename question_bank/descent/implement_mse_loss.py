"""Implement half the mean squared error of a linear model (material Q4, eq. 11 and 12)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.descent import mse_loss
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(
    source="Q4 eq. (11) (12)", level=1, minutes=6, reference=mse_loss, conventions=("half_mean_squares",)
)


def arguments(rng: np.random.Generator, m: int, n: int) -> Arguments:
    """Draw samples, targets and parameters away from the minimum."""
    return {"X": rng.normal(size=(m, n)), "y": rng.normal(size=m) + 3, "theta": rng.normal(size=n)}


@question.cases(visible=True)
def straight_line(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"X": np.array([[1.0, 1.0], [1.0, 2.0]]), "y": np.array([2.0, 5.0]), "theta": np.array([0.0, 1.0])}
    x = rng.normal(size=5)
    yield {"X": np.stack([np.ones(5), x], axis=1), "y": 2 * x + 1, "theta": rng.normal(size=2)}


@question.cases(weight=2)
def several_features(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 6, 3)
    yield arguments(rng, 3, 5)


@question.cases()
def one_sample(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 1, 3)


@question.cases()
def perfect_fit(rng: np.random.Generator) -> Iterator[Arguments]:
    drawn = arguments(rng, 4, 2)
    yield {**drawn, "y": drawn["X"] @ drawn["theta"]}


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 4, 2)


@question.solution
def with_a_product(X: Array, y: Array, theta: Array) -> float:
    """Square by a scalar product."""
    r = X @ theta - y
    return float(r @ r) / (2 * len(y))


@question.solution
def sample_by_sample(X: Array, y: Array, theta: Array) -> float:
    """Write equation (12) as two loops."""
    m, n = X.shape
    total = 0.0
    for i in range(m):
        h = sum(theta[j] * X[i, j] for j in range(n))
        total += (h - y[i]) ** 2
    return float(total / (2 * m))


@question.mistake
def half_forgotten(X: Array, y: Array, theta: Array) -> float:
    """Take the mean of the squares."""
    return float(np.mean((X @ theta - y) ** 2))


@question.mistake
def summed(X: Array, y: Array, theta: Array) -> float:
    """Halve the sum of the squares."""
    return float(np.sum((X @ theta - y) ** 2) / 2)


@question.mistake
def mean_squared_afterwards(X: Array, y: Array, theta: Array) -> float:
    """Square the mean residual."""
    return float(np.mean(X @ theta - y) ** 2 / 2)


@question.mistake
def absolute_values(X: Array, y: Array, theta: Array) -> float:
    """Average sizes rather than squares."""
    return float(np.mean(np.abs(X @ theta - y)) / 2)


@question.mistake
def divided_by_parameters(X: Array, y: Array, theta: Array) -> float:
    """Divide by the number of parameters."""
    return float(np.sum((X @ theta - y) ** 2) / (2 * len(theta)))


@question.mistake
def column_broadcast(X: Array, y: Array, theta: Array) -> float:
    """Subtract a row from a column, which broadcasts to an m x m table."""
    return float(np.mean((X @ theta[:, None] - y) ** 2) / 2)


@question.mistake
def not_reduced(X: Array, y: Array, theta: Array) -> Array:
    """Return one loss per sample."""
    return np.asarray((X @ theta - y) ** 2 / 2)


@question.mistake
def changes_its_input(X: Array, y: Array, theta: Array) -> float:
    """Turn the targets into residuals in place."""
    y -= X @ theta
    return float(np.mean(y**2) / 2)
