"""Implement standardization with the training rows' statistics (material Q6, part 1)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.feature_scaling import standardize
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(
    source="Q6, part 1",
    level=1,
    minutes=7,
    reference=standardize,
    conventions=("rows_are_samples", "biased_variance"),
)


def arguments(rng: np.random.Generator, rows: int, others: int, columns: int) -> Arguments:
    """Draw features that differ in mean and spread."""
    scale, shift = rng.uniform(3, 20, columns), rng.uniform(1, 5, columns)
    return {
        "train": rng.normal(size=(rows, columns)) * scale + shift,
        "X": rng.normal(size=(others, columns)) * 2 * scale - shift,
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
    """Loop over the columns and follow the definition."""
    scaled = np.empty_like(X)
    for j in range(X.shape[1]):
        values = train[:, j]
        mu = values.sum() / len(values)
        sigma = (((values - mu) ** 2).sum() / len(values)) ** 0.5
        scaled[:, j] = (X[:, j] - mu) / (sigma if sigma > 0 else 1)
    return scaled


@question.solution
def constant_columns_replaced(train: Array, X: Array) -> Array:
    """Set deviations of 0 to 1."""
    sigma = np.std(train, axis=0)
    sigma[sigma == 0] = 1
    return np.asarray((X - np.mean(train, axis=0)) / sigma)


def safe(sigma: Array) -> Array:
    """Replace deviations of 0, which is right; the mistakes below are elsewhere."""
    return np.where(sigma > 0, sigma, 1)


@question.mistake
def own_statistics(train: Array, X: Array) -> Array:  # noqa: ARG001 - not using it is the mistake
    """Take mean and deviation from the rows to be scaled."""
    return np.asarray((X - X.mean(axis=0)) / safe(X.std(axis=0)))


@question.mistake
def divides_by_zero(train: Array, X: Array) -> Array:
    """Divide a constant column by its deviation."""
    return np.asarray((X - train.mean(axis=0)) / train.std(axis=0))


@question.mistake
def unbiased(train: Array, X: Array) -> Array:
    """Divide the variance by M - 1."""
    return np.asarray((X - train.mean(axis=0)) / safe(train.std(axis=0, ddof=1)))


@question.mistake
def divided_by_variance(train: Array, X: Array) -> Array:
    """Forget the root."""
    return np.asarray((X - train.mean(axis=0)) / safe(train.var(axis=0)))


@question.mistake
def one_mean(train: Array, X: Array) -> Array:
    """Use one mean and one deviation for the whole table."""
    return np.asarray((X - train.mean()) / train.std())


@question.mistake
def not_centered(train: Array, X: Array) -> Array:
    """Divide, but do not subtract the mean."""
    return np.asarray(X / safe(train.std(axis=0)))


@question.mistake
def bracket_lost(train: Array, X: Array) -> Array:
    """Divide the mean alone."""
    return np.asarray(X - train.mean(axis=0) / safe(train.std(axis=0)))
