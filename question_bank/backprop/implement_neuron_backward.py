"""Implement the gradients of a sigmoid neuron (material Q5, eq. 17 and 18)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.backprop import neuron_backward
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]
Gradients = tuple[Array, float]

question = CodeQuestion(source="Q5 eq. (17) (18)", level=2, minutes=8, reference=neuron_backward)


def sigmoid(z: float) -> float:
    """Squash z into (0, 1)."""
    return float(1 / (1 + np.exp(-z)))


def arguments(rng: np.random.Generator, n: int) -> Arguments:
    """Draw a neuron that is not saturated, its bias clearly not 0, and a gradient that is not 1."""
    b = float(rng.uniform(0.3, 0.8) * rng.choice([-1, 1]))
    upstream = float(rng.uniform(1.5, 4) * rng.choice([-1, 1]))
    return {"x": rng.normal(size=n), "w": rng.normal(size=n) / np.sqrt(n), "b": b, "dL_da": upstream}


@question.cases(visible=True)
def two_inputs(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": np.array([1.0, 2.0]), "w": np.array([3.0, -1.0]), "b": -1.0, "dL_da": 2.0}
    yield arguments(rng, 2)


@question.cases(weight=2)
def more_inputs(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 5)
    yield arguments(rng, 8)


@question.cases()
def one_input(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 1)


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 4)


@question.solution
def with_cosh(x: Array, w: Array, b: float, dL_da: float) -> Gradients:
    """Write the slope as 1 / (4 cosh(z/2)^2)."""
    dz = float(dL_da / (4 * np.cosh((np.sum(w * x) + b) / 2) ** 2))
    return x * dz, dz


@question.solution
def input_by_input(x: Array, w: Array, b: float, dL_da: float) -> Gradients:
    """Follow the chain with single numbers."""
    z = b
    for i in range(len(x)):
        z += float(w[i] * x[i])
    dz = dL_da * sigmoid(z) * (1 - sigmoid(z))
    return np.array([dz * float(entry) for entry in x]), dz


@question.mistake
def slope_left_out(x: Array, w: Array, b: float, dL_da: float) -> Gradients:  # noqa: ARG001 - forgetting them is the mistake
    """Hand the upstream gradient on."""
    return dL_da * x, dL_da


@question.mistake
def slope_of_activation(x: Array, w: Array, b: float, dL_da: float) -> Gradients:
    """Apply the sigmoid twice."""
    a = sigmoid(sigmoid(float(w @ x + b)))
    dz = dL_da * a * (1 - a)
    return dz * x, dz


@question.mistake
def slope_from_z(x: Array, w: Array, b: float, dL_da: float) -> Gradients:
    """Use z(1 - z)."""
    z = float(w @ x + b)
    dz = dL_da * z * (1 - z)
    return dz * x, dz


@question.mistake
def activation_for_slope(x: Array, w: Array, b: float, dL_da: float) -> Gradients:
    """Multiply by the activation alone."""
    dz = dL_da * sigmoid(float(w @ x + b))
    return dz * x, dz


@question.mistake
def upstream_forgotten(x: Array, w: Array, b: float, dL_da: float) -> Gradients:  # noqa: ARG001 - forgetting it is the mistake
    """Return the neuron's own slope."""
    a = sigmoid(float(w @ x + b))
    return a * (1 - a) * x, a * (1 - a)


@question.mistake
def bias_dropped(x: Array, w: Array, b: float, dL_da: float) -> Gradients:  # noqa: ARG001 - forgetting it is the mistake
    """Leave the bias out of z."""
    a = sigmoid(float(w @ x))
    dz = dL_da * a * (1 - a)
    return dz * x, dz


@question.mistake
def weights_for_inputs(x: Array, w: Array, b: float, dL_da: float) -> Gradients:
    """Return the gradient with respect to the input."""
    a = sigmoid(float(w @ x + b))
    dz = dL_da * a * (1 - a)
    return dz * w, dz


@question.mistake
def input_left_out(x: Array, w: Array, b: float, dL_da: float) -> Gradients:
    """Give every weight the bias's gradient."""
    a = sigmoid(float(w @ x + b))
    dz = dL_da * a * (1 - a)
    return np.full_like(x, dz), dz


@question.mistake
def inputs_in_bias(x: Array, w: Array, b: float, dL_da: float) -> Gradients:
    """Multiply the bias's gradient by the sum of the inputs."""
    a = sigmoid(float(w @ x + b))
    dz = dL_da * a * (1 - a)
    return dz * x, dz * float(np.sum(x))


@question.mistake
def bias_times_itself(x: Array, w: Array, b: float, dL_da: float) -> Gradients:
    """Multiply the bias's gradient by the bias."""
    a = sigmoid(float(w @ x + b))
    dz = dL_da * a * (1 - a)
    return dz * x, dz * b
