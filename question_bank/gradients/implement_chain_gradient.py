"""Implement the gradient of the first bias in a chain of sigmoid neurons (material Q3, eq. 8)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.gradients import chain_gradient
from quizgen.authoring import CodeQuestion, signs

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(source="Q3 eq. (8)", level=3, minutes=10, reference=chain_gradient)


def arguments(rng: np.random.Generator, length: int) -> Arguments:
    """Weights that differ from 1 in size, so that a missing one shows."""
    return {
        "w": rng.uniform(1.3, 4, size=length) * signs(rng, shape=(length,)),
        "b": rng.normal(size=length),
        "a0": float(rng.uniform(0.2, 0.8)),
        "dL_da": float(rng.uniform(1.5, 3)),
    }


@question.cases(visible=True, atol=1e-14)
def two_neurons(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"w": np.array([2.0, 4.0]), "b": np.array([-1.0, -2.0]), "a0": 0.5, "dL_da": 3.0}
    yield arguments(rng, 2)


@question.cases(weight=2, atol=1e-14)
def four_neurons(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 4)
    yield arguments(rng, 4)


@question.cases(atol=1e-14)
def one_neuron(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 1)


@question.cases(atol=1e-30)
def deep_chain(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 12)


@question.cases(keeps_input=True, atol=1e-14)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 3)


def activations(w: Array, b: Array, a0: float) -> Array:
    """Run the chain forwards."""
    a = [a0]
    for weight, bias in zip(w, b, strict=True):
        a.append(float(1 / (1 + np.exp(-(weight * a[-1] + bias)))))
    return np.array(a[1:])


@question.solution
def layer_by_layer_backwards(w: Array, b: Array, a0: float, dL_da: float) -> float:
    """Go back in a loop: through the activation, then through the weight."""
    a = activations(w, b, a0)
    gradient = dL_da
    for layer in range(len(w) - 1, 0, -1):
        gradient *= a[layer] * (1 - a[layer]) * w[layer]
    return float(gradient * a[0] * (1 - a[0]))


@question.solution
def forwards_with_the_derivative(w: Array, b: Array, a0: float, dL_da: float) -> float:
    """Carry the derivative with respect to b1 along in the forward pass."""
    a, da = a0, 0.0
    for layer in range(len(w)):
        dz = w[layer] * da + (1.0 if layer == 0 else 0.0)
        a = 1 / (1 + np.exp(-(w[layer] * a + b[layer])))
        da = a * (1 - a) * dz
    return float(dL_da * da)


@question.mistake
def first_weight_included(w: Array, b: Array, a0: float, dL_da: float) -> float:
    """Multiply w1 in as well."""
    a = activations(w, b, a0)
    return float(dL_da * np.prod(a * (1 - a)) * np.prod(w))


@question.mistake
def last_weight_left_out(w: Array, b: Array, a0: float, dL_da: float) -> float:
    """Leave out the weight of the last neuron."""
    a = activations(w, b, a0)
    return float(dL_da * np.prod(a * (1 - a)) * np.prod(w[1:-1]))


@question.mistake
def all_weights_left_out(w: Array, b: Array, a0: float, dL_da: float) -> float:
    """Multiply the slopes alone."""
    a = activations(w, b, a0)
    return float(dL_da * np.prod(a * (1 - a)))


@question.mistake
def first_slope_left_out(w: Array, b: Array, a0: float, dL_da: float) -> float:
    """Stop at the first neuron's output."""
    a = activations(w, b, a0)
    return float(dL_da * np.prod(a[1:] * (1 - a[1:])) * np.prod(w[1:]))


@question.mistake
def values_for_slopes(w: Array, b: Array, a0: float, dL_da: float) -> float:
    """Take the sigmoid for its slope."""
    return float(dL_da * np.prod(activations(w, b, a0)) * np.prod(w[1:]))


@question.mistake
def upstream_forgotten(w: Array, b: Array, a0: float, dL_da: float) -> float:  # noqa: ARG001 - the mistake
    """Leave out the gradient of the loss with respect to the last activation."""
    a = activations(w, b, a0)
    return float(np.prod(a * (1 - a)) * np.prod(w[1:]))


@question.mistake
def slopes_at_the_outputs(w: Array, b: Array, a0: float, dL_da: float) -> float:
    """Squash twice: take the slope at the activation."""
    s = 1 / (1 + np.exp(-activations(w, b, a0)))
    return float(dL_da * np.prod(s * (1 - s)) * np.prod(w[1:]))


@question.mistake
def four_layers_only(w: Array, b: Array, a0: float, dL_da: float) -> float:
    """Write equation (8) down for four neurons, whatever the length."""
    a = activations(w, b, a0)[:4]
    return float(dL_da * np.prod(a * (1 - a)) * np.prod(w[1:4]))
