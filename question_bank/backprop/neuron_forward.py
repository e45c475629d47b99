"""Forward pass of one sigmoid neuron (material Q5, eq. 15 and 16, figure 6)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import Edge, Graph, Node, NumericQuestion, decimals

Vector = NDArray[np.float64]

INDEX = "₁₂₃"

question = NumericQuestion(source="Q5 eq. (15) (16)", level=1, minutes=3, decimals=3)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw three inputs, three weights and a bias with one decimal."""
    return {
        "x": decimals(rng, low=-2, high=2, places=1, shape=(3,), distinct=True, nonzero=True),
        "w": decimals(rng, low=-2, high=2, places=1, shape=(3,), distinct=True, nonzero=True),
        "b": float(decimals(rng, low=-1, high=1, places=1, nonzero=True)),
    }


@question.picture
def picture(x: Vector, w: Vector, b: float) -> Graph:
    """Draw the computation graph of the neuron (material figure 6)."""
    inputs = [Node(label=f"x{INDEX[i]} = {value:g}".replace("-", "−"), column=0, row=i) for i, value in enumerate(x)]
    bias = Node(label=f"b = {b:g}".replace("-", "−"), column=1, row=2.4)
    total, squash = Node(label="Σ", column=1, row=1, round=True), Node(label="σ", column=2, row=1, round=True)
    weighed = [Edge(start=i, end=3, label=f"w{INDEX[i]} = {v:g}".replace("-", "−")) for i, v in enumerate(w)]
    onward = [Edge(start=4, end=3), Edge(start=3, end=5, label="z"), Edge(start=5, end=6)]
    output = Node(label="a", column=2.6, row=1)
    return Graph(nodes=(*inputs, total, bias, squash, output), edges=(*weighed, *onward))


@question.step
def z(x: Vector, w: Vector, b: float) -> float:
    """Weigh the inputs, add them up and add the bias, eq. (15)."""
    return float(w @ x + b)


@question.step
def a(z: float) -> float:
    """Squash the sum with the sigmoid, eq. (16)."""
    return float(1 / (1 + np.exp(-z)))


@question.require
def not_saturated(z: float) -> bool:
    """Keep the activation where it tells one sum from another, and z away from 0, where a is 1/2 anyway."""
    return 0.3 < abs(z) < 3.5


@question.mistake(z)
def bias_dropped(x: Vector, w: Vector) -> float:
    """Leave the bias out."""
    return float(w @ x)


@question.mistake(z)
def bias_subtracted(x: Vector, w: Vector, b: float) -> float:
    """Subtract the bias, as if it were a threshold."""
    return float(w @ x - b)


@question.mistake(z)
def bias_multiplied(x: Vector, w: Vector, b: float) -> float:
    """Multiply the weighted sum by the bias."""
    return float(w @ x * b)


@question.mistake(z)
def bias_per_input(x: Vector, w: Vector, b: float) -> float:
    """Add the bias once for every input."""
    return float(np.sum(w * x + b))


@question.mistake(z)
def signs_dropped(x: Vector, w: Vector, b: float) -> float:
    """Add up the sizes of the products."""
    return float(np.sum(np.abs(w * x)) + b)


@question.mistake(a)
def activation_dropped(z: float) -> float:
    """Hand out the weighted sum."""
    return z


@question.mistake(a)
def exponent_positive(z: float) -> float:
    """Lose the minus sign of the exponent."""
    return float(1 / (1 + np.exp(z)))


@question.mistake(a)
def one_forgotten(z: float) -> float:
    """Leave the 1 out of the denominator."""
    return float(1 / np.exp(-z))


@question.mistake(a)
def tanh_taken(z: float) -> float:
    """Apply the other squashing function."""
    return float(np.tanh(z))


@question.mistake(a)
def slope_taken(z: float) -> float:
    """Hand out the sigmoid's slope."""
    return float(1 / (2 + np.exp(-z) + np.exp(z)))
