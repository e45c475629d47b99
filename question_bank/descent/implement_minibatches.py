"""Implement the cutting of an epoch into mini-batches (material Q4, between batch and stochastic)."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.descent import minibatches
from quizgen.authoring import CodeQuestion

Order = NDArray[np.int64]
Batches = tuple[Order, ...]
Arguments = dict[str, Any]

question = CodeQuestion(source="Q4", level=1, minutes=6, reference=minibatches, conventions=("last_short_batch",))


def arguments(rng: np.random.Generator, m: int, size: int) -> Arguments:
    """Draw an order that is not sorted."""
    order = rng.permutation(m)
    return {"order": order if order[0] > order[-1] else order[::-1].copy(), "size": size}


@question.cases(visible=True)
def short_last_batch(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"order": np.array([3, 0, 4, 1, 2]), "size": 2}
    yield arguments(rng, 10, 4)
    yield arguments(rng, 13, 5)


@question.cases()
def equal_batches(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 6, 3)
    yield arguments(rng, 12, 4)


@question.cases()
def single_samples(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 4, 1)


@question.cases()
def size_above_m(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 3, 8)
    yield arguments(rng, 5, 5)


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 7, 3)


@question.solution
def with_split(order: Order, size: int) -> Batches:
    """Say where to cut."""
    return tuple(np.split(order, range(size, len(order), size)))


@question.solution
def index_by_index(order: Order, size: int) -> Batches:
    """Fill a batch until it is full, then begin another."""
    batches: list[list[int]] = []
    for index in order:
        if not batches or len(batches[-1]) == size:
            batches.append([])
        batches[-1].append(int(index))
    return tuple(np.array(batch) for batch in batches)


@question.mistake
def short_batch_dropped(order: Order, size: int) -> Batches:
    """Make full batches only."""
    return tuple(order[k * size : (k + 1) * size] for k in range(len(order) // size))


@question.mistake
def empty_batch_added(order: Order, size: int) -> Batches:
    """Make one batch more than there are full ones."""
    return tuple(order[k * size : (k + 1) * size] for k in range(len(order) // size + 1))


@question.mistake
def padded(order: Order, size: int) -> Batches:
    """Fill the last batch up from the beginning."""
    count = math.ceil(len(order) / size)
    return tuple(np.resize(order, count * size).reshape(count, size))


@question.mistake
def evened_out(order: Order, size: int) -> Batches:
    """Make the batches as equal as possible."""
    return tuple(np.array_split(order, math.ceil(len(order) / size)))


@question.mistake
def size_taken_for_count(order: Order, size: int) -> Batches:
    """Make that many batches."""
    return tuple(np.array_split(order, size))


@question.mistake
def order_ignored(order: Order, size: int) -> Batches:
    """Cut 0 .. m - 1."""
    return tuple(np.arange(len(order))[start : start + size] for start in range(0, len(order), size))


@question.mistake
def overlapping(order: Order, size: int) -> Batches:
    """Begin a batch at every sample."""
    return tuple(order[start : start + size] for start in range(len(order)))


@question.mistake
def sorted_batches(order: Order, size: int) -> Batches:
    """Sort the indices inside of each batch."""
    return tuple(np.sort(order[start : start + size]) for start in range(0, len(order), size))
