"""Implement the forward pass of inverted dropout with a given mask (material Q2, the list of methods)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.dropout import dropout_forward
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(source="Q2", level=1, minutes=5, reference=dropout_forward, conventions=("inverted_dropout",))


def arguments(rng: np.random.Generator, shape: tuple[int, ...], p: float) -> Arguments:
    """Draw values and a mask whose share of kept units is not 1 - p."""
    mask = np.ones(shape)
    mask.flat[:: 4 if p > 0.5 else 2] = 0
    return {"x": rng.normal(size=shape) + 0.3, "mask": rng.permuted(mask), "p": p}


@question.cases(visible=True)
def vectors(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": np.array([2.0, 4.0, -1.0]), "mask": np.array([1.0, 0.0, 1.0]), "p": 0.2}
    yield arguments(rng, (8,), 0.3)


@question.cases(weight=2)
def batches(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (3, 5), 0.3)
    yield arguments(rng, (4, 6), 0.8)
    yield arguments(rng, (2, 3, 2, 4), 0.8)


@question.cases()
def nothing_dropped(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"x": rng.normal(size=(2, 3)), "mask": np.ones((2, 3)), "p": 0.0}


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (8,), 0.3)


@question.cases(keeps_dtype=True, rtol=1e-4)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    drawn = arguments(rng, (3, 4), 0.3)
    yield {**drawn, "x": drawn["x"].astype(np.float32), "mask": drawn["mask"].astype(np.float32)}


@question.solution
def scaled_mask(x: Array, mask: Array, p: float) -> Array:
    """Scale the mask."""
    return x * (mask / (1 - p))


@question.solution
def unit_by_unit(x: Array, mask: Array, p: float) -> Array:
    """Loop over all units."""
    y = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        if mask[i] == 1:
            y[i] = x[i] / (1 - p)
    return y


@question.mistake
def not_scaled(x: Array, mask: Array, p: float) -> Array:  # noqa: ARG001 - forgetting p is the mistake
    """Leave out the factor."""
    return x * mask


@question.mistake
def divided_by_p(x: Array, mask: Array, p: float) -> Array:
    """Divide by the probability to drop."""
    return x * mask / p if p else x * mask


@question.mistake
def scaled_down(x: Array, mask: Array, p: float) -> Array:
    """Multiply by the probability to keep."""
    return x * mask * (1 - p)


@question.mistake
def share_really_kept(x: Array, mask: Array, p: float) -> Array:  # noqa: ARG001 - not using p is the mistake
    """Divide by the share of units that happened to be kept."""
    return np.asarray(x * mask / mask.mean())


@question.mistake
def dropped_units_kept(x: Array, mask: Array, p: float) -> Array:
    """Turn the mask round."""
    return x * (1 - mask) / (1 - p)


@question.mistake
def changes_its_input(x: Array, mask: Array, p: float) -> Array:
    """Work in place."""
    x *= mask / (1 - p)
    return x
