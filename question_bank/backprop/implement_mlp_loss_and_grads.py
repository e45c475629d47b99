"""Implement loss and gradients of a network with one hidden ReLU layer (material Q5, eq. 15 to 18, layer by layer)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.backprop import mlp_loss_and_grads
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Labels = NDArray[np.int64]
Arguments = dict[str, Any]
Results = tuple[float, Array, Array, Array, Array]

question = CodeQuestion(
    source="Q5 eq. (15)-(18)",
    level=3,
    minutes=20,
    reference=mlp_loss_and_grads,
    conventions=("mean_over_batch", "rows_are_samples", "relu_slope_zero", "natural_log"),
)


def arguments(rng: np.random.Generator, n: int, d: int, m: int, c: int) -> Arguments:
    """Draw n samples for a network from d inputs over m hidden neurons to c classes."""
    return {
        "X": rng.normal(size=(n, d)),
        "y": rng.integers(0, c, n),
        "W1": rng.normal(size=(d, m)),
        "b1": rng.normal(size=m),
        "W2": rng.normal(size=(m, c)),
        "b2": rng.normal(size=c),
    }


def loss_and_dscores(scores: Array, y: Labels) -> tuple[float, Array]:
    """Return the mean cross-entropy of the softmax and its gradient."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    truth = np.eye(scores.shape[1])[y]
    return float(-np.sum(truth * log_p) / len(y)), np.asarray((np.exp(log_p) - truth) / len(y))


@question.cases(visible=True)
def two_samples(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {
        "X": np.array([[1.0, 2.0], [2.0, -1.0]]),
        "y": np.array([1, 0]),
        "W1": np.array([[1.0, -1.0], [0.5, 1.0]]),
        "b1": np.array([0.5, 0.5]),
        "W2": np.array([[1.0, 0.0], [-1.0, 2.0]]),
        "b2": np.array([0.0, 0.5]),
    }
    yield arguments(rng, 2, 3, 5, 2)


@question.cases(weight=2)
def larger_networks(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 5, 3, 6, 4)
    yield arguments(rng, 3, 6, 8, 2)


@question.cases()
def square_layers(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 4, 4, 4, 4)


@question.cases()
def one_sample(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 1, 3, 5, 4)


@question.cases()
def large_scores(rng: np.random.Generator) -> Iterator[Arguments]:
    drawn = arguments(rng, 3, 2, 4, 3)
    yield {**drawn, "b2": drawn["b2"] + 1000}


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 4, 2, 3, 5)


@question.solution
def layer_by_layer(X: Array, y: Labels, W1: Array, b1: Array, W2: Array, b2: Array) -> Results:
    """Name the axes of every product."""
    Z = np.einsum("nd,dm->nm", X, W1) + b1
    H = np.where(Z > 0, Z, 0.0)
    loss, dS = loss_and_dscores(np.einsum("nm,mc->nc", H, W2) + b2, y)
    dZ = np.einsum("nc,mc->nm", dS, W2) * (Z > 0)
    return loss, np.einsum("nd,nm->dm", X, dZ), dZ.sum(axis=0), np.einsum("nm,nc->mc", H, dS), dS.sum(axis=0)


@question.solution
def sample_by_sample(X: Array, y: Labels, W1: Array, b1: Array, W2: Array, b2: Array) -> Results:
    """Add up the gradients of single samples, each with vectors only."""
    loss, dW1, db1, dW2, db2 = 0.0, np.zeros_like(W1), np.zeros_like(b1), np.zeros_like(W2), np.zeros_like(b2)
    for x, label in zip(X, y, strict=True):
        z = W1.T @ x + b1
        h = np.maximum(z, 0)
        part, ds = loss_and_dscores((W2.T @ h + b2)[None], np.array([label]))
        ds = ds[0] / len(y)
        loss += part / len(y)
        dW2 += np.outer(h, ds)
        db2 += ds
        dz = np.array([float(W2[j] @ ds) if z[j] > 0 else 0.0 for j in range(len(z))])
        dW1 += np.outer(x, dz)
        db1 += dz
    return loss, dW1, db1, dW2, db2


@question.mistake
def mask_forgotten(X: Array, y: Labels, W1: Array, b1: Array, W2: Array, b2: Array) -> Results:
    """Send the gradient through ReLU unchanged."""
    H = np.maximum(X @ W1 + b1, 0)
    loss, dS = loss_and_dscores(H @ W2 + b2, y)
    dZ = dS @ W2.T
    return loss, X.T @ dZ, dZ.sum(axis=0), H.T @ dS, dS.sum(axis=0)


@question.mistake
def mask_of_gradient(X: Array, y: Labels, W1: Array, b1: Array, W2: Array, b2: Array) -> Results:
    """Cut off negative gradients."""
    H = np.maximum(X @ W1 + b1, 0)
    loss, dS = loss_and_dscores(H @ W2 + b2, y)
    dZ = np.maximum(dS @ W2.T, 0)
    return loss, X.T @ dZ, dZ.sum(axis=0), H.T @ dS, dS.sum(axis=0)


@question.mistake
def output_weights_left_out(X: Array, y: Labels, W1: Array, b1: Array, W2: Array, b2: Array) -> Results:
    """Send the scores' gradient back without the weights."""
    H = np.maximum(X @ W1 + b1, 0)
    loss, dS = loss_and_dscores(H @ W2 + b2, y)
    dZ = dS @ np.ones_like(W2).T * (H > 0)
    return loss, X.T @ dZ, dZ.sum(axis=0), H.T @ dS, dS.sum(axis=0)


@question.mistake
def relu_forgotten(X: Array, y: Labels, W1: Array, b1: Array, W2: Array, b2: Array) -> Results:
    """Leave the activation out of the network."""
    H = X @ W1 + b1
    loss, dS = loss_and_dscores(H @ W2 + b2, y)
    dZ = dS @ W2.T
    return loss, X.T @ dZ, dZ.sum(axis=0), H.T @ dS, dS.sum(axis=0)


@question.mistake
def sums_for_activations(X: Array, y: Labels, W1: Array, b1: Array, W2: Array, b2: Array) -> Results:
    """Take Z, not H, for the output weights' gradient."""
    Z = X @ W1 + b1
    loss, dS = loss_and_dscores(np.maximum(Z, 0) @ W2 + b2, y)
    dZ = dS @ W2.T * (Z > 0)
    return loss, X.T @ dZ, dZ.sum(axis=0), Z.T @ dS, dS.sum(axis=0)


@question.mistake
def not_averaged(X: Array, y: Labels, W1: Array, b1: Array, W2: Array, b2: Array) -> Results:
    """Leave 1/N out of all gradients."""
    loss, *grads = layer_by_layer(X, y, W1, b1, W2, b2)
    dW1, db1, dW2, db2 = (grad * len(y) for grad in grads)
    return loss, dW1, db1, dW2, db2


@question.mistake
def averaged_twice(X: Array, y: Labels, W1: Array, b1: Array, W2: Array, b2: Array) -> Results:
    """Divide the weights' gradients by N although the scores' one is already averaged."""
    loss, dW1, db1, dW2, db2 = layer_by_layer(X, y, W1, b1, W2, b2)
    return loss, dW1 / len(y), db1, dW2 / len(y), db2


@question.mistake
def biases_averaged(X: Array, y: Labels, W1: Array, b1: Array, W2: Array, b2: Array) -> Results:
    """Average the biases' gradients over the batch."""
    loss, dW1, db1, dW2, db2 = layer_by_layer(X, y, W1, b1, W2, b2)
    return loss, dW1, db1 / len(y), dW2, db2 / len(y)


@question.mistake
def overflowing(X: Array, y: Labels, W1: Array, b1: Array, W2: Array, b2: Array) -> Results:
    """Take the exponentials of the scores as they are."""
    H = np.maximum(X @ W1 + b1, 0)
    e = np.exp(H @ W2 + b2)
    p = e / e.sum(axis=1, keepdims=True)
    dS = (p - np.eye(len(b2))[y]) / len(y)
    dZ = dS @ W2.T * (H > 0)
    return float(-np.mean(np.log(p[np.arange(len(y)), y]))), X.T @ dZ, dZ.sum(axis=0), H.T @ dS, dS.sum(axis=0)
