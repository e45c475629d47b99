"""Forward and backward through a network with one hidden ReLU layer (material Q5, eq. 15 to 18, layer by layer)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, integers, one_of, signs, some_of

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]

question = NumericQuestion(
    source="Q5 eq. (15)-(18)", level=3, minutes=12, decimals=3, conventions=("half_square", "relu_slope_zero")
)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw whole and half numbers, the columns of W1 signed so that one neuron gets a negative sum."""
    x = np.array(some_of(rng, [1.0, 2.0, 3.0, 4.0], 2)) * signs(rng, shape=(2,))
    W1 = integers(rng, low=-3, high=3, shape=(2, 3), nonzero=True)
    W1 = W1 * np.where(x @ W1 < 0, -1, 1) * rng.permutation([-1, 1, 1])
    b1 = integers(rng, low=-2, high=2, shape=(3,), nonzero=True)
    w2 = integers(rng, low=-4, high=4, shape=(3,), distinct=True, nonzero=True) / 2
    b2 = float(integers(rng, low=-5, high=5, nonzero=True)) / 2
    error = one_of(rng, -5.0, -4.0, -3.0, -2.5, -2.0, 2.0, 2.5, 3.0, 4.0, 5.0)
    y = float(np.maximum(x @ W1 + b1, 0) @ w2 + b2 - error)
    return {"x": x, "W1": W1, "b1": b1, "w2": w2, "b2": b2, "y": y}


@question.step
def h(x: Vector, W1: Matrix, b1: Vector) -> Vector:
    """Run the hidden layer: weighted sums and ReLU."""
    return np.maximum(x @ W1 + b1, 0)


@question.step
def out(h: Vector, w2: Vector, b2: float) -> float:
    """Weigh the hidden activations; the output has no activation function."""
    return float(h @ w2 + b2)


@question.step
def loss(out: float, y: float) -> float:
    """Halve the squared error."""
    return (out - y) ** 2 / 2


@question.step
def dout(out: float, y: float) -> float:
    """Differentiate the loss by the output."""
    return out - y


@question.step
def dw2(dout: float, h: Vector) -> Vector:
    """Multiply by what the output weights were given."""
    return dout * h


@question.step
def dz(dout: float, w2: Vector, h: Vector) -> Vector:
    """Go back through the output weights and through ReLU, which lets pass what was active."""
    return dout * w2 * (h > 0)


@question.step
def dW1(dz: Vector, x: Vector) -> Matrix:  # noqa: N802 - the weights' gradient
    """Multiply every hidden gradient by every input."""
    return np.outer(x, dz)


@question.require
def one_hidden_neuron_off(x: Vector, W1: Matrix, b1: Vector) -> bool:
    """Have the mask matter, and no neuron at 0."""
    z = x @ W1 + b1
    return bool(np.all(z != 0) and np.sum(z < 0) == 1)


@question.require
def loss_is_no_given(loss: float, y: float) -> bool:
    """Keep the answer out of the stem."""
    return loss != abs(y)


@question.require
def mask_is_no_relu(dz: Vector) -> bool:
    """Have a negative gradient pass, so that cutting those off shows."""
    return bool(np.any(dz < 0))


@question.mistake(h)
def relu_forgotten(x: Vector, W1: Matrix, b1: Vector) -> Vector:
    """Hand on the weighted sums."""
    return x @ W1 + b1


@question.mistake(h)
def hidden_bias_dropped(x: Vector, W1: Matrix) -> Vector:
    """Leave the hidden biases out."""
    return np.maximum(x @ W1, 0)


@question.mistake(h)
def absolute_for_relu(x: Vector, W1: Matrix, b1: Vector) -> Vector:
    """Turn negative sums positive instead of zero."""
    return np.abs(x @ W1 + b1)


@question.mistake(out)
def output_bias_dropped(h: Vector, w2: Vector) -> float:
    """Leave the output's bias out."""
    return float(h @ w2)


@question.mistake(loss, other_convention=True)
def half_forgotten(out: float, y: float) -> float:
    """Square the error only."""
    return (out - y) ** 2


@question.mistake(dout)
def error_reversed(out: float, y: float) -> float:
    """Subtract the output from the target."""
    return y - out


@question.mistake(dout, other_convention=True)
def error_doubled(out: float, y: float) -> float:
    """Differentiate the square without its 1/2."""
    return 2 * (out - y)


@question.mistake(dw2)
def weights_for_activations(dout: float, w2: Vector) -> Vector:
    """Multiply by the output weights."""
    return dout * w2


@question.mistake(dz)
def mask_forgotten(dout: float, w2: Vector) -> Vector:
    """Let every neuron pass the gradient."""
    return dout * w2


@question.mistake(dz)
def weights_left_out(dout: float, h: Vector) -> Vector:
    """Hand the error to every active neuron as it is."""
    return np.where(h > 0, dout, 0.0)


@question.mistake(dz)
def mask_of_gradient(dout: float, w2: Vector) -> Vector:
    """Apply ReLU to the gradient."""
    return np.asarray(np.maximum(dout * w2, 0))


@question.mistake(dz)
def activation_for_mask(dout: float, w2: Vector, h: Vector) -> Vector:
    """Multiply by ReLU's value rather than by its slope."""
    return dout * w2 * h


@question.mistake(dW1)
def inputs_left_out(dz: Vector) -> Matrix:
    """Repeat the hidden gradient in every row."""
    return np.stack([dz, dz])


@question.mistake(dW1)
def inputs_swapped(dz: Vector, x: Vector) -> Matrix:
    """Put the rows of the inputs the wrong way round."""
    return np.asarray(np.outer(x[::-1], dz))
