"""Implement one epoch of mini-batch gradient descent (material Q4, between batch and stochastic)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.descent import minibatch_epoch
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Order = NDArray[np.int64]
Arguments = dict[str, Any]

question = CodeQuestion(
    source="Q4",
    level=3,
    minutes=12,
    reference=minibatch_epoch,
    conventions=("mean_over_batch", "last_short_batch", "simultaneous_update"),
)


def arguments(rng: np.random.Generator, m: int, n: int, size: int) -> Arguments:
    """Draw a problem, an order that is not sorted and a batch size."""
    order = rng.permutation(m)
    return {
        "X": rng.normal(size=(m, n)) + 0.5,
        "y": rng.normal(size=m) + 3,
        "theta": rng.normal(size=n),
        "alpha": float(rng.uniform(0.05, 0.2)),
        "order": order if order[0] > order[-1] else order[::-1].copy(),
        "size": size,
    }


def gradient(X: Array, y: Array, theta: Array) -> Array:
    """Average residual times row over the samples that are handed in."""
    return X.T @ (X @ theta - y) / len(y)


@question.cases(visible=True)
def short_last_batch(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {
        "X": np.array([[1.0, 1.0], [1.0, 2.0], [1.0, 0.0]]),
        "y": np.array([2.0, 4.0, 1.0]),
        "theta": np.array([0.0, 1.0]),
        "alpha": 0.5,
        "order": np.array([2, 0, 1]),
        "size": 2,
    }
    yield arguments(rng, 7, 2, 3)
    yield arguments(rng, 11, 3, 4)


@question.cases()
def equal_batches(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 6, 3, 2)
    yield arguments(rng, 8, 2, 4)


@question.cases()
def single_samples(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 4, 2, 1)


@question.cases()
def one_batch(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 5, 3, 5)
    yield arguments(rng, 3, 2, 8)


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 5, 2, 2)


@question.cases(keeps_dtype=True, rtol=1e-4, atol=1e-5)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    drawn = arguments(rng, 5, 3, 2)
    yield {**drawn, **{name: drawn[name].astype(np.float32) for name in ("X", "y", "theta")}}


@question.solution
def over_split_indices(X: Array, y: Array, theta: Array, alpha: float, order: Order, size: int) -> Array:
    """Let NumPy cut the order."""
    for batch in np.split(order, range(size, len(order), size)):
        theta = theta - alpha * np.mean((X[batch] @ theta - y[batch])[:, None] * X[batch], axis=0)
    return theta


@question.solution
def number_by_number(X: Array, y: Array, theta: Array, alpha: float, order: Order, size: int) -> Array:
    """Collect the slopes of a batch in loops and step when it is full or the samples are over."""
    theta = np.array(theta)
    slopes, count = np.zeros_like(theta), 0
    for position, i in enumerate(order):
        residual = sum(theta[j] * X[i, j] for j in range(len(theta))) - y[i]
        for j in range(len(theta)):
            slopes[j] += residual * X[i, j]
        count += 1
        if count == size or position == len(order) - 1:
            theta -= alpha * slopes / count
            slopes, count = np.zeros_like(theta), 0
    return theta


@question.mistake
def short_batch_dropped(X: Array, y: Array, theta: Array, alpha: float, order: Order, size: int) -> Array:
    """Step on full batches only."""
    for k in range(len(order) // size):
        batch = order[k * size : (k + 1) * size]
        theta = theta - alpha * gradient(X[batch], y[batch], theta)
    return theta


@question.mistake
def divided_by_size(X: Array, y: Array, theta: Array, alpha: float, order: Order, size: int) -> Array:
    """Divide the short batch by the full size."""
    for start in range(0, len(order), size):
        batch = order[start : start + size]
        theta = theta - alpha * gradient(X[batch], y[batch], theta) * len(batch) / size
    return theta


@question.mistake
def divided_by_all(X: Array, y: Array, theta: Array, alpha: float, order: Order, size: int) -> Array:
    """Divide each batch by the number of all samples."""
    for start in range(0, len(order), size):
        batch = order[start : start + size]
        theta = theta - alpha * gradient(X[batch], y[batch], theta) * len(batch) / len(y)
    return theta


@question.mistake
def summed(X: Array, y: Array, theta: Array, alpha: float, order: Order, size: int) -> Array:
    """Add the gradients of a batch up."""
    for start in range(0, len(order), size):
        batch = order[start : start + size]
        theta = theta - alpha * gradient(X[batch], y[batch], theta) * len(batch)
    return theta


@question.mistake
def order_ignored(X: Array, y: Array, theta: Array, alpha: float, order: Order, size: int) -> Array:
    """Cut the samples as they lie."""
    for start in range(0, len(order), size):
        theta = theta - alpha * gradient(X[start : start + size], y[start : start + size], theta)
    return theta


@question.mistake
def targets_not_reordered(X: Array, y: Array, theta: Array, alpha: float, order: Order, size: int) -> Array:
    """Shuffle the rows but not their targets."""
    for start in range(0, len(order), size):
        batch = order[start : start + size]
        theta = theta - alpha * gradient(X[batch], y[start : start + size], theta)
    return theta


@question.mistake
def stale_parameters(X: Array, y: Array, theta: Array, alpha: float, order: Order, size: int) -> Array:
    """Take every gradient at the parameters before the epoch."""
    old = theta
    for start in range(0, len(order), size):
        batch = order[start : start + size]
        theta = theta - alpha * gradient(X[batch], y[batch], old)
    return theta


@question.mistake
def first_batch_only(X: Array, y: Array, theta: Array, alpha: float, order: Order, size: int) -> Array:
    """Return inside the loop."""
    return theta - alpha * gradient(X[order[:size]], y[order[:size]], theta)


@question.mistake
def changes_its_input(X: Array, y: Array, theta: Array, alpha: float, order: Order, size: int) -> Array:
    """Work in place."""
    for start in range(0, len(order), size):
        batch = order[start : start + size]
        theta -= alpha * gradient(X[batch], y[batch], theta)
    return theta
