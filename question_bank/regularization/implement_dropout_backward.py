"""Implement the backward pass of inverted dropout (material Q2, the list of methods)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.dropout import dropout_backward
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(source="Q2", level=2, minutes=5, reference=dropout_backward, conventions=("inverted_dropout",))


def arguments(rng: np.random.Generator, shape: tuple[int, ...], p: float) -> Arguments:
    """Draw a gradient and a mask whose share of kept units is not 1 - p."""
    mask = np.ones(shape)
    mask.flat[:: 4 if p > 0.5 else 2] = 0
    return {"dY": rng.normal(size=shape) + 0.3, "mask": rng.permuted(mask), "p": p}


@question.cases(visible=True)
def vectors(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"dY": np.array([1.0, 3.0, -2.0]), "mask": np.array([1.0, 0.0, 1.0]), "p": 0.2}
    yield arguments(rng, (8,), 0.3)


@question.cases(weight=2)
def batches(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (3, 5), 0.3)
    yield arguments(rng, (4, 6), 0.8)
    yield arguments(rng, (2, 3, 2, 4), 0.8)


@question.cases()
def nothing_dropped(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"dY": rng.normal(size=(2, 3)), "mask": np.ones((2, 3)), "p": 0.0}


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (8,), 0.3)


@question.cases(keeps_dtype=True, rtol=1e-4)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    drawn = arguments(rng, (3, 4), 0.3)
    yield {**drawn, "dY": drawn["dY"].astype(np.float32), "mask": drawn["mask"].astype(np.float32)}


@question.solution
def scaled_mask(dY: Array, mask: Array, p: float) -> Array:
    """Multiply by the slope of the forward pass."""
    return dY * (mask / (1 - p))


@question.solution
def unit_by_unit(dY: Array, mask: Array, p: float) -> Array:
    """Loop over all units."""
    dx = np.zeros_like(dY)
    for i in np.ndindex(dY.shape):
        if mask[i] == 1:
            dx[i] = dY[i] / (1 - p)
    return dx


@question.mistake
def not_scaled(dY: Array, mask: Array, p: float) -> Array:  # noqa: ARG001 - forgetting p is the mistake
    """Use the mask of zeros and ones."""
    return dY * mask


@question.mistake
def not_masked(dY: Array, mask: Array, p: float) -> Array:  # noqa: ARG001 - forgetting the mask is the mistake
    """Scale, but send gradient to dropped units too."""
    return dY / (1 - p)


@question.mistake
def untouched(dY: Array, mask: Array, p: float) -> Array:  # noqa: ARG001 - not using them is the mistake
    """Hand the gradient on as it is."""
    return dY.copy()


@question.mistake
def scale_undone(dY: Array, mask: Array, p: float) -> Array:
    """Multiply by 1 - p, as if backward undid forward."""
    return dY * mask * (1 - p)


@question.mistake
def scaled_twice(dY: Array, mask: Array, p: float) -> Array:
    """Divide twice."""
    return dY * mask / (1 - p) ** 2


@question.mistake
def changes_its_input(dY: Array, mask: Array, p: float) -> Array:
    """Zero entries of the gradient that was handed in."""
    dY[mask == 0] = 0
    return dY / (1 - p)
