"""Implement min-max scaling with the training rows' statistics (material Q6, part 1)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.feature_scaling import min_max_scale
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(
    source="Q6, part 1", level=1, minutes=7, reference=min_max_scale, conventions=("rows_are_samples",)
)


def arguments(rng: np.random.Generator, rows: int, others: int, columns: int) -> Arguments:
    """Draw features on different scales; the other rows reach beyond the training range."""
    scale, shift = rng.uniform(0.5, 20, columns), rng.uniform(-5, 5, columns)
    return {
        "train": rng.normal(size=(rows, columns)) * scale + shift,
        "X": rng.normal(size=(others, columns)) * 2 * scale + shift,
    }


@question.cases(visible=True)
def other_rows(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"train": np.array([[1.0, 10.0], [5.0, 30.0]]), "X": np.array([[2.0, 35.0]])}
    yield arguments(rng, 6, 4, 3)
    yield arguments(rng, 3, 5, 2)


@question.cases()
def training_rows(rng: np.random.Generator) -> Iterator[Arguments]:
    train = arguments(rng, 5, 1, 4)["train"]
    yield {"train": train, "X": train.copy()}


@question.cases()
def constant_column(rng: np.random.Generator) -> Iterator[Arguments]:
    drawn = arguments(rng, 4, 3, 3)
    drawn["train"][:, 1] = 7.0
    yield drawn


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 4, 2, 3)


@question.solution
def column_by_column(train: Array, X: Array) -> Array:
    """Loop over the columns and rows."""
    scaled = np.empty_like(X)
    for j in range(X.shape[1]):
        low, high = min(train[:, j]), max(train[:, j])
        spread = high - low if high > low else 1.0
        for i in range(X.shape[0]):
            scaled[i, j] = (X[i, j] - low) / spread
    return scaled


@question.solution
def constant_columns_replaced(train: Array, X: Array) -> Array:
    """Set ranges of 0 to 1."""
    spread = np.ptp(train, axis=0)
    spread[spread == 0] = 1
    return np.asarray((X - np.min(train, axis=0)) / spread)


def safe(spread: Array) -> Array:
    """Replace ranges of 0, which is right; the mistakes below are elsewhere."""
    return np.where(spread > 0, spread, 1)


@question.mistake
def own_statistics(train: Array, X: Array) -> Array:  # noqa: ARG001 - not using it is the mistake
    """Take minimum and maximum from the rows to be scaled."""
    return np.asarray((X - X.min(axis=0)) / safe(np.ptp(X, axis=0)))


@question.mistake
def divides_by_zero(train: Array, X: Array) -> Array:
    """Divide a constant column by its range."""
    return np.asarray((X - train.min(axis=0)) / np.ptp(train, axis=0))


@question.mistake
def largest_value(train: Array, X: Array) -> Array:
    """Divide by the maximum."""
    return np.asarray((X - train.min(axis=0)) / train.max(axis=0))


@question.mistake
def not_shifted(train: Array, X: Array) -> Array:
    """Divide, but do not subtract the minimum."""
    return np.asarray(X / safe(np.ptp(train, axis=0)))


@question.mistake
def one_range(train: Array, X: Array) -> Array:
    """Use one minimum and one range for the whole table."""
    return np.asarray((X - train.min()) / np.ptp(train))


@question.mistake
def clipped(train: Array, X: Array) -> Array:
    """Cut off what lies outside of [0, 1]."""
    return np.asarray(np.clip((X - train.min(axis=0)) / safe(np.ptp(train, axis=0)), 0, 1))
