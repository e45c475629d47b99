"""Implement the backward pass of a dense layer (material Q5, eq. 17 and 18, for a batch)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.backprop import dense_backward
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]
Gradients = tuple[Array, Array, Array]

question = CodeQuestion(
    source="Q5 eq. (17) (18)", level=2, minutes=10, reference=dense_backward, conventions=("rows_are_samples",)
)


def arguments(rng: np.random.Generator, n: int, d: int, m: int) -> Arguments:
    """Draw a batch of n samples, a layer from d to m neurons and a gradient at its output."""
    return {"dY": rng.normal(size=(n, m)) + 1, "X": rng.normal(size=(n, d)) + 1, "W": rng.normal(size=(d, m))}


@question.cases(visible=True)
def small_batch(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {
        "dY": np.array([[1.0], [2.0]]),
        "X": np.array([[3.0, 1.0], [4.0, -1.0]]),
        "W": np.array([[5.0], [-2.0]]),
    }
    yield arguments(rng, 3, 2, 4)


@question.cases(weight=2)
def other_shapes(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 5, 3, 2)
    yield arguments(rng, 2, 4, 6)


@question.cases()
def square_layer(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 3, 3, 3)


@question.cases()
def one_sample(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 1, 4, 3)


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 4, 2, 3)


@question.cases(keeps_dtype=True, rtol=1e-4, atol=1e-5)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {name: value.astype(np.float32) for name, value in arguments(rng, 4, 3, 2).items()}


@question.solution
def with_einsum(dY: Array, X: Array, W: Array) -> Gradients:
    """Name the axes rather than transpose."""
    return np.einsum("nm,dm->nd", dY, W), np.einsum("nd,nm->dm", X, dY), np.einsum("nm->m", dY)


@question.solution
def sample_by_sample(dY: Array, X: Array, W: Array) -> Gradients:
    """Add up what every weight of every sample contributes."""
    dX, dW, db = np.zeros_like(X), np.zeros_like(W), np.zeros_like(W[0])
    for n, i, j in np.ndindex(len(X), *W.shape):
        dX[n, i] += dY[n, j] * W[i, j]
        dW[i, j] += dY[n, j] * X[n, i]
    for row in dY:
        db += row
    return dX, dW, db


@question.mistake
def weights_not_transposed(dY: Array, X: Array, W: Array) -> Gradients:
    """Multiply by W where its transpose belongs."""
    return dY @ W, X.T @ dY, dY.sum(axis=0)


@question.mistake
def weight_gradient_transposed(dY: Array, X: Array, W: Array) -> Gradients:
    """Return dW as (M, D)."""
    return dY @ W.T, dY.T @ X, dY.sum(axis=0)


@question.mistake
def bias_not_summed(dY: Array, X: Array, W: Array) -> Gradients:
    """Return a bias gradient per sample."""
    return dY @ W.T, X.T @ dY, dY


@question.mistake
def bias_summed_over_neurons(dY: Array, X: Array, W: Array) -> Gradients:
    """Sum each sample's row rather than each neuron's column."""
    return dY @ W.T, X.T @ dY, dY.sum(axis=1)


@question.mistake
def bias_total(dY: Array, X: Array, W: Array) -> Gradients:
    """Sum everything into one number for all neurons."""
    return dY @ W.T, X.T @ dY, np.full(dY.shape[1], dY.sum())


@question.mistake
def bias_averaged(dY: Array, X: Array, W: Array) -> Gradients:
    """Average the bias's gradient while the weights' is summed."""
    return dY @ W.T, X.T @ dY, dY.mean(axis=0)


@question.mistake
def averaged(dY: Array, X: Array, W: Array) -> Gradients:
    """Divide the parameters' gradients by the batch size."""
    return dY @ W.T, X.T @ dY / len(X), dY.mean(axis=0)


@question.mistake
def last_sample_only(dY: Array, X: Array, W: Array) -> Gradients:
    """Overwrite in the loop over the samples where it should add."""
    dW, db = np.zeros_like(W), np.zeros_like(W[0])
    for x, dy in zip(X, dY, strict=True):
        dW = np.outer(x, dy)
        db = dy
    return dY @ W.T, dW, db
