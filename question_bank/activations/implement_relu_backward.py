"""Implement the way back through a ReLU (material Q1, eq. 3)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.activations import relu_backward
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(
    source="Q1 eq. (3)", level=2, minutes=5, reference=relu_backward, conventions=("relu_slope_zero",)
)


def arguments(rng: np.random.Generator, shape: tuple[int, ...]) -> Arguments:
    """Draw inputs of both signs, with upstream gradients of both signs under each."""
    signs = np.resize([[1, 1], [1, -1], [-1, 1], [-1, -1]], (int(np.prod(shape)), 2))
    sizes = rng.uniform(0.2, 3, size=signs.shape)
    x, dY = rng.permutation(signs * sizes).T
    return {"x": x.reshape(shape).copy(), "dY": dY.reshape(shape).copy()}


@question.cases(visible=True)
def vectors(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": np.array([-2.0, 1.0, 3.0, -1.0]), "dY": np.array([5.0, 6.0, -7.0, -8.0])}
    yield arguments(rng, (8,))


@question.cases(weight=2)
def any_shape(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (3, 4))
    yield arguments(rng, (2, 3, 1, 5))


@question.cases()
def inputs_at_zero(rng: np.random.Generator) -> Iterator[Arguments]:
    drawn = arguments(rng, (2, 3))
    drawn["x"][0, 1] = drawn["x"][1, 2] = 0.0
    yield drawn


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (4,))


@question.cases(keeps_dtype=True, rtol=1e-4)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    drawn = arguments(rng, (2, 4))
    yield {"x": drawn["x"].astype(np.float32), "dY": drawn["dY"].astype(np.float32)}


@question.solution
def by_mask(x: Array, dY: Array) -> Array:
    """Multiply by the slope."""
    return dY * (x > 0)


@question.solution
def copied_and_cut(x: Array, dY: Array) -> Array:
    """Set entries of a copy to 0."""
    dx = dY.copy()
    dx[x <= 0] = 0
    return dx


@question.solution
def entry_by_entry(x: Array, dY: Array) -> Array:
    """Loop over all entries."""
    dx = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        if x[i] > 0:
            dx[i] = dY[i]
    return dx


@question.mistake
def all_let_through(x: Array, dY: Array) -> Array:  # noqa: ARG001 - forgetting it is the mistake
    """Use the slope 1 everywhere."""
    return dY.copy()


@question.mistake
def sign_of_upstream(x: Array, dY: Array) -> Array:  # noqa: ARG001 - forgetting it is the mistake
    """Apply the ReLU to the upstream gradient itself."""
    return np.maximum(dY, 0)


@question.mistake
def times_output(x: Array, dY: Array) -> Array:
    """Multiply by the output, not by the slope."""
    return np.asarray(dY * np.maximum(x, 0))


@question.mistake
def slope_alone(x: Array, dY: Array) -> Array:
    """Forget the upstream gradient."""
    return (x > 0).astype(dY.dtype)


@question.mistake
def active_at_zero(x: Array, dY: Array) -> Array:
    """Take the slope 1 at 0."""
    return dY * (x >= 0)


@question.mistake
def other_side(x: Array, dY: Array) -> Array:
    """Let the gradient through on the negative side."""
    return dY * (x < 0)


@question.mistake
def changes_its_input(x: Array, dY: Array) -> Array:
    """Cut the upstream gradient in place."""
    dY[x <= 0] = 0
    return dY
