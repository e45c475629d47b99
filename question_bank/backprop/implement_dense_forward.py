"""Implement the forward pass of a dense layer (material Q5, eq. 15, for a batch)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.backprop import dense_forward
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(
    source="Q5 eq. (15)", level=1, minutes=5, reference=dense_forward, conventions=("rows_are_samples",)
)


def arguments(rng: np.random.Generator, n: int, d: int, m: int) -> Arguments:
    """Draw a batch of n samples and a layer from d to m neurons."""
    return {"X": rng.normal(size=(n, d)), "W": rng.normal(size=(d, m)), "b": rng.normal(size=m) + 1}


@question.cases(visible=True)
def small_batch(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {
        "X": np.array([[1.0, 2.0], [0.0, -1.0]]),
        "W": np.array([[1.0, 0.0, 2.0], [3.0, 1.0, -1.0]]),
        "b": np.array([0.5, 1.0, -2.0]),
    }
    yield arguments(rng, 4, 2, 3)


@question.cases(weight=2)
def other_shapes(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 2, 5, 3)
    yield arguments(rng, 6, 3, 4)


@question.cases()
def square_layer(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 3, 3, 3)


@question.cases()
def one_sample(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 1, 4, 2)


@question.cases()
def one_neuron(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 4, 3, 1)


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 3, 2, 4)


@question.cases(keeps_dtype=True, rtol=1e-4, atol=1e-5)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {name: value.astype(np.float32) for name, value in arguments(rng, 4, 3, 2).items()}


@question.solution
def column_of_ones(X: Array, W: Array, b: Array) -> Array:
    """Treat the bias as the weight of an input that is always 1."""
    return np.hstack([X, np.ones_like(X[:, :1])]) @ np.vstack([W, b])


@question.solution
def number_by_number(X: Array, W: Array, b: Array) -> Array:
    """Loop over samples, neurons and inputs."""
    n, d = X.shape
    Y = np.zeros((n, len(b)), dtype=X.dtype)
    for i in range(n):
        for j in range(len(b)):
            Y[i, j] = b[j]
            for k in range(d):
                Y[i, j] += X[i, k] * W[k, j]
    return Y


@question.mistake
def bias_dropped(X: Array, W: Array, b: Array) -> Array:  # noqa: ARG001 - forgetting it is the mistake
    """Leave the bias out."""
    return X @ W


@question.mistake
def bias_summed(X: Array, W: Array, b: Array) -> Array:
    """Add all biases to every neuron."""
    return np.asarray(X @ W + b.sum())


@question.mistake
def bias_in_weights(X: Array, W: Array, b: Array) -> Array:
    """Add the bias to the weights before multiplying."""
    return X @ (W + b)


@question.mistake
def bias_down_the_samples(X: Array, W: Array, b: Array) -> Array:
    """Turn the bias into a column: one entry per sample."""
    return X @ W + b[:, None]


@question.mistake
def weights_transposed(X: Array, W: Array, b: Array) -> Array:
    """Multiply by the transpose of W."""
    return X @ W.T + b


@question.mistake
def factors_swapped(X: Array, W: Array, b: Array) -> Array:
    """Multiply in the order of a single column vector."""
    return W @ X + b


@question.mistake
def bias_per_input(X: Array, W: Array, b: Array) -> Array:
    """Add the bias once for every input."""
    return X @ W + len(W) * b


@question.mistake
def activated(X: Array, W: Array, b: Array) -> Array:
    """Apply ReLU, which is not part of the layer."""
    return np.maximum(X @ W + b, 0)
