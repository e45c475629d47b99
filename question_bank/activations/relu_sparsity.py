"""How many units of a ReLU layer are active: its sparsity (material Q1, the paragraph after eq. 3)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, integers, one_of

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

question = NumericQuestion(source="Q1 eq. (3)", level=1, minutes=4, decimals=3)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Eight units with whole numbers; the biases put exactly one of them on 0."""
    active = one_of(rng, 2, 3, 5)
    W = integers(rng, shape=(2, 8), low=-2, high=3, nonzero=True)
    x = integers(rng, shape=(2,), low=-2, high=3, distinct=True, nonzero=True)
    signs = np.array([1] * active + [0] + [-1] * (7 - active))
    z = integers(rng, shape=(8,), low=1, high=6) * rng.permutation(signs)
    b = z - x @ W
    return {"W": W, "x": x, "b": b}


@question.require
def biases_at_work(b: Vector) -> bool:
    """At least six units have a bias, and none a large one."""
    return bool(np.count_nonzero(b) >= 6 and np.max(np.abs(b)) <= 15)


@question.step
def z(x: Vector, W: Matrix, b: Vector) -> Vector:
    """Weigh the inputs and add the biases."""
    return np.asarray(x @ W + b)


@question.step
def share(z: Vector) -> float:
    """Count the units above 0."""
    return float(np.mean(z > 0))


@question.mistake(z)
def bias_dropped(x: Vector, W: Matrix) -> Vector:
    """Weigh the inputs only."""
    return np.asarray(x @ W)


@question.mistake(z)
def relu_applied(x: Vector, W: Matrix, b: Vector) -> Vector:
    """Hand in the outputs for the pre-activations."""
    return np.asarray(np.maximum(x @ W + b, 0))


@question.mistake(share)
def zero_counted(z: Vector) -> float:
    """Count the unit at 0 as active."""
    return float(np.mean(z >= 0))


@question.mistake(share)
def silent_counted(z: Vector) -> float:
    """Count the outputs that are 0."""
    return float(np.mean(z <= 0))


@question.mistake(share)
def nonzero_counted(z: Vector) -> float:
    """Count the pre-activations that are not 0."""
    return float(np.mean(z != 0))


@question.mistake(share)
def number_not_share(z: Vector) -> float:
    """Give the number of active units."""
    return float(np.sum(z > 0))
