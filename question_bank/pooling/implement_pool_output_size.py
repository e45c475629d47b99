"""Implement the size of a pooled map (material Q7)."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from question_bank.reference.pooling import pool_output_size
from quizgen.authoring import CodeQuestion

Arguments = dict[str, Any]

question = CodeQuestion(source="Q7", level=1, minutes=4, reference=pool_output_size, conventions=("floor_output_size",))


def arguments(size: int, window: int, stride: int, padding: int) -> Arguments:
    """Give the four numbers their names."""
    return {"size": size, "window": window, "stride": stride, "padding": padding}


@question.cases(visible=True)
def windows_side_by_side(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(6, 2, 2, 0)
    count, window = (int(n) for n in rng.integers(3, 7, 2))
    yield arguments(count * window, window, window, 0)


@question.cases(weight=2)
def overlapping_windows(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(7, 3, 1, 0)
    yield arguments(2 * int(rng.integers(5, 15)) + 1, 5, 2, 0)


@question.cases(weight=2)
def cells_left_over(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(2 * int(rng.integers(3, 15)) + 1, 2, 2, 0)
    yield arguments(5 * int(rng.integers(3, 9)) + 4, 3, 5, 0)


@question.cases(weight=2)
def with_padding(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(2 * int(rng.integers(4, 12)), 4, 2, 1)
    yield arguments(3 * int(rng.integers(4, 9)), 7, 3, 2)


@question.cases()
def one_window(rng: np.random.Generator) -> Iterator[Arguments]:
    side = int(rng.integers(2, 8))
    yield arguments(side, side, 1, 0)
    yield arguments(side + 1, side, 3, 0)


@question.solution
def counted(size: int, window: int, stride: int, padding: int) -> int:
    """Move the window on as long as it fits."""
    places = 0
    start = 0
    while start + window <= size + 2 * padding:
        places += 1
        start += stride
    return places


@question.solution
def as_a_range(size: int, window: int, stride: int, padding: int) -> int:
    """Count the places where a window can begin."""
    return len(range(0, size + 2 * padding - window + 1, stride))


@question.mistake
def rounded_up(size: int, window: int, stride: int, padding: int) -> int:
    """Keep a last window that does not fit."""
    return math.ceil((size + 2 * padding - window) / stride) + 1


@question.mistake
def padding_once(size: int, window: int, stride: int, padding: int) -> int:
    """Add the padding on one side only."""
    return (size + padding - window) // stride + 1


@question.mistake
def padding_forgotten(size: int, window: int, stride: int, padding: int) -> int:  # noqa: ARG001 - the mistake
    """Leave the padding out."""
    return (size - window) // stride + 1


@question.mistake
def one_too_few(size: int, window: int, stride: int, padding: int) -> int:
    """Forget the first window."""
    return (size + 2 * padding - window) // stride


@question.mistake
def divided_by_window(size: int, window: int, stride: int, padding: int) -> int:  # noqa: ARG001 - the mistake
    """Lay windows side by side, whatever the stride."""
    return (size + 2 * padding) // window


@question.mistake
def divided_by_stride(size: int, window: int, stride: int, padding: int) -> int:  # noqa: ARG001 - the mistake
    """Leave the window out."""
    return (size + 2 * padding) // stride


@question.mistake
def not_rounded(size: int, window: int, stride: int, padding: int) -> float:
    """Divide without rounding down."""
    return (size + 2 * padding - window) / stride + 1
