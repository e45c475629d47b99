"""A ReLU forwards and backwards, with one input exactly at the kink (material Q1, eq. 3)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals

Vector = NDArray[np.float64]

question = NumericQuestion(source="Q1 eq. (3)", level=1, minutes=3, decimals=3, conventions=("relu_slope_zero",))


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Five pre-activations, two of each sign and one 0; upstream gradients of both signs under each."""
    sizes = decimals(rng, shape=(4,), low=0.2, high=3, places=1, distinct=True)
    upstream = decimals(rng, shape=(5,), low=0.2, high=2, places=1, distinct=True)
    order = rng.permutation(5)
    z = np.append(sizes, 0.0) * np.array([1, 1, -1, -1, 0])
    return {"z": z[order], "g": (upstream * np.array([1, -1, 1, -1, 1]))[order]}


@question.step(decimals=0)
def mask(z: Vector) -> Vector:
    """Mark the active units."""
    return np.where(z > 0, 1.0, 0.0)


@question.step
def a(z: Vector, mask: Vector) -> Vector:
    """Keep the active ones."""
    return z * mask


@question.step
def dz(g: Vector, mask: Vector) -> Vector:
    """Let the gradient through where a unit was active."""
    return g * mask


@question.mistake(mask, other_convention=True)
def active_at_zero(z: Vector) -> Vector:
    """Take the slope 1 at 0."""
    return np.where(z >= 0, 1.0, 0.0)


@question.mistake(mask)
def other_side(z: Vector) -> Vector:
    """Mark the negative side."""
    return np.where(z < 0, 1.0, 0.0)


@question.mistake(a)
def sizes_kept(z: Vector) -> Vector:
    """Take the absolute value."""
    return np.abs(z)


@question.mistake(dz)
def all_let_through(g: Vector) -> Vector:
    """Use the slope 1 everywhere."""
    return g


@question.mistake(dz)
def sign_of_upstream(g: Vector) -> Vector:
    """Apply the ReLU to the upstream gradient itself."""
    return np.maximum(g, 0)


@question.mistake(dz)
def times_output(g: Vector, a: Vector) -> Vector:
    """Multiply by the output, not by the slope."""
    return g * a


@question.mistake(dz)
def slope_alone(mask: Vector) -> Vector:
    """Forget the upstream gradient."""
    return mask
