"""The gradient at every layer of a chain, with sigmoid and with ReLU (material Q3, eq. 8)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals, signs

Vector = NDArray[np.float64]

question = NumericQuestion(source="Q3 eq. (8)", level=2, minutes=8, decimals=3)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw positive pre-activations, so that every ReLU is active; weights different from 1."""
    return {
        "z": decimals(rng, shape=(3,), low=0.3, high=2.5, places=1, distinct=True),
        "w": decimals(rng, shape=(3,), low=1.2, high=2.8, places=1, distinct=True) * signs(rng, shape=(3,)),
        "g": decimals(rng, low=0.4, high=2, places=1) * signs(rng),
    }


def backward(g: float, factors: Vector, slopes: Vector) -> Vector:
    """Run delta_3 = g f'(z_3), then delta_l = delta_(l+1) factor_(l+1) f'(z_l)."""
    delta = np.empty(3)
    delta[2] = g * slopes[2]
    delta[1] = delta[2] * factors[2] * slopes[1]
    delta[0] = delta[1] * factors[1] * slopes[0]
    return delta


@question.step(decimals=4)
def slopes(z: Vector) -> Vector:
    """Take the sigmoid's slope at every layer."""
    a = 1 / (1 + np.exp(-z))
    return np.asarray(a * (1 - a))


@question.step(significant=3)
def delta_sigmoid(g: float, w: Vector, slopes: Vector) -> Vector:
    """Go back through the sigmoid layers."""
    return backward(g, w, slopes)


@question.step
def delta_relu(g: float, w: Vector) -> Vector:
    """Go back through the ReLU layers, all of them active."""
    return backward(g, w, np.ones(3))


@question.step(significant=3)
def ratio(delta_sigmoid: Vector, delta_relu: Vector) -> float:
    """Compare what is left at the first layer."""
    return float(abs(delta_sigmoid[0] / delta_relu[0]))


@question.mistake(delta_relu)
def values_for_relu_slopes(g: float, w: Vector, z: Vector) -> Vector:
    """Take the ReLU's outputs for its slopes."""
    return backward(g, w, z)


@question.mistake(delta_relu)
def own_weight_with_relu(g: float, w: Vector) -> Vector:
    """Multiply by the weight that leads into a layer, not by the one that leads out of it."""
    return backward(g, np.append(0.0, w[:2]), np.ones(3))


@question.mistake(slopes)
def values_for_slopes(z: Vector) -> Vector:
    """Take the sigmoid for its slope."""
    return 1 / (1 + np.exp(-z))


@question.mistake(delta_sigmoid)
def weights_forgotten(g: float, slopes: Vector) -> Vector:
    """Multiply the slopes alone."""
    return backward(g, np.ones(3), slopes)


@question.mistake(delta_sigmoid)
def own_weight_with_sigmoid(g: float, w: Vector, slopes: Vector) -> Vector:
    """Multiply by the weight that leads into a layer."""
    return backward(g, np.append(0.0, w[:2]), slopes)


@question.mistake(delta_sigmoid)
def own_slope_left_out(g: float, w: Vector, slopes: Vector) -> Vector:
    """Stop at the outputs: the layer's own slope is missing."""
    return backward(g, w, slopes) / slopes


@question.mistake(delta_sigmoid)
def front_to_back(g: float, w: Vector, slopes: Vector) -> Vector:
    """Begin at the first layer, as in the forward pass."""
    return backward(g, w[[0, 2, 1]], slopes[::-1])[::-1]


@question.mistake(ratio)
def upside_down(delta_sigmoid: Vector, delta_relu: Vector) -> float:
    """Divide ReLU's by sigmoid's."""
    return float(abs(delta_relu[0] / delta_sigmoid[0]))


@question.mistake(ratio)
def last_layer_compared(delta_sigmoid: Vector, delta_relu: Vector) -> float:
    """Compare the last layer."""
    return float(abs(delta_sigmoid[2] / delta_relu[2]))
