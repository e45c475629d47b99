"""Implement the size of the gradient at every layer of a deep network (material Q3, eq. 8, in matrix form)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.gradients import gradient_norms
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(
    source="Q3 eq. (8)", level=3, minutes=15, reference=gradient_norms, conventions=("relu_slope_zero",)
)


def arguments(rng: np.random.Generator, shape: tuple[int, int, int], activation: str) -> Arguments:
    """Draw L layers of width D for a batch of N; weights and inputs lean to the positive, so that ReLUs stay alive."""
    layers, width, batch = shape
    return {
        "W": rng.normal(0.25, 0.8, size=(layers, width, width)),
        "x": rng.uniform(0.5, 2, size=(batch, width)),
        "dY": rng.normal(size=(batch, width)),
        "activation": activation,
    }


@question.cases(visible=True, atol=1e-12)
def one_unit_wide(rng: np.random.Generator) -> Iterator[Arguments]:
    W = np.array([[[1.0]], [[2.0]], [[0.5]]])
    yield {"W": W, "x": np.array([[2.0]]), "dY": np.array([[3.0]]), "activation": "relu"}
    yield {"W": W, "x": rng.uniform(0.5, 2, size=(1, 1)), "dY": np.array([[3.0]]), "activation": "sigmoid"}


@question.cases(weight=2, atol=1e-12)
def sigmoid_layers(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (4, 3, 2), "sigmoid")
    yield arguments(rng, (6, 5, 4), "sigmoid")


@question.cases(weight=2, atol=1e-12)
def relu_layers(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (4, 5, 6), "relu")
    yield arguments(rng, (3, 8, 5), "relu")


@question.cases(atol=1e-12)
def one_layer(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (1, 3, 4), "sigmoid")


@question.cases(keeps_input=True, atol=1e-12)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (3, 4, 2), "relu")


def forward(W: Array, x: Array, activation: str) -> tuple[list[Array], list[Array]]:
    """Return the inputs of all layers, the last output behind them, and the slopes."""
    a, slopes = [x], []
    for weights in W:
        z = a[-1] @ weights
        out = np.asarray(1 / (1 + np.exp(-z)) if activation == "sigmoid" else np.maximum(z, 0))
        slopes.append(np.asarray(out * (1 - out) if activation == "sigmoid" else (z > 0) * 1.0))
        a.append(out)
    return a, slopes


@question.solution
def with_einsum(W: Array, x: Array, dY: Array, activation: str) -> Array:
    """Go back with Einstein sums."""
    a, slopes = forward(W, x, activation)
    norms = np.zeros(len(W))
    da = dY
    for layer in range(len(W) - 1, -1, -1):
        dz = da * slopes[layer]
        dW = np.einsum("ni,nj->ij", a[layer], dz)
        norms[layer] = np.sqrt(np.einsum("ij,ij->", dW, dW))
        da = np.einsum("nj,ij->ni", dz, W[layer])
    return norms


@question.solution
def sample_by_sample(W: Array, x: Array, dY: Array, activation: str) -> Array:
    """Add up the outer products of all samples in loops."""
    dW = np.zeros_like(W)
    for sample in range(len(x)):
        a, slopes = forward(W, x[sample : sample + 1], activation)
        da = dY[sample]
        for layer in reversed(range(len(W))):
            dz = da * slopes[layer][0]
            dW[layer] += np.outer(a[layer][0], dz)
            da = W[layer] @ dz
    return np.array([np.sqrt(np.sum(d**2)) for d in dW])


@question.mistake
def slopes_forgotten(W: Array, x: Array, dY: Array, activation: str) -> Array:
    """Go back through the weights alone."""
    a, _ = forward(W, x, activation)
    norms, da = np.zeros(len(W)), dY
    for layer in reversed(range(len(W))):
        norms[layer] = np.linalg.norm(a[layer].T @ da)
        da = da @ W[layer].T
    return norms


@question.mistake
def not_transposed(W: Array, x: Array, dY: Array, activation: str) -> Array:
    """Go back through W instead of its transpose."""
    a, slopes = forward(W, x, activation)
    norms, da = np.zeros(len(W)), dY
    for layer in reversed(range(len(W))):
        dz = da * slopes[layer]
        norms[layer] = np.linalg.norm(a[layer].T @ dz)
        da = dz @ W[layer]
    return norms


@question.mistake
def last_layer_first(W: Array, x: Array, dY: Array, activation: str) -> Array:
    """Return the norms in the order in which they are found."""
    return np.asarray(gradient_norms(W, x, dY, activation)[::-1])


@question.mistake
def always_sigmoid(W: Array, x: Array, dY: Array, activation: str) -> Array:  # noqa: ARG001 - the mistake
    """Ignore the name of the activation."""
    return np.asarray(gradient_norms(W, x, dY, "sigmoid"))


@question.mistake
def input_left_out(W: Array, x: Array, dY: Array, activation: str) -> Array:
    """Measure the gradient of the pre-activations, not of the weights."""
    _, slopes = forward(W, x, activation)
    norms, da = np.zeros(len(W)), dY
    for layer in reversed(range(len(W))):
        dz = da * slopes[layer]
        norms[layer] = np.linalg.norm(dz)
        da = dz @ W[layer].T
    return norms


@question.mistake
def own_output_taken(W: Array, x: Array, dY: Array, activation: str) -> Array:
    """Multiply by the layer's output instead of its input."""
    a, slopes = forward(W, x, activation)
    norms, da = np.zeros(len(W)), dY
    for layer in reversed(range(len(W))):
        dz = da * slopes[layer]
        norms[layer] = np.linalg.norm(a[layer + 1].T @ dz)
        da = dz @ W[layer].T
    return norms


@question.mistake
def root_forgotten(W: Array, x: Array, dY: Array, activation: str) -> Array:
    """Return the sums of squares."""
    return np.asarray(gradient_norms(W, x, dY, activation) ** 2)


@question.mistake
def averaged(W: Array, x: Array, dY: Array, activation: str) -> Array:
    """Divide by the batch, which dY has already seen to."""
    return np.asarray(gradient_norms(W, x, dY, activation) / len(x))
