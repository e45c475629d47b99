"""Scale the columns of a table with the training rows' statistics: min-max, standardization (material Q6, part 1)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, integers

Array = NDArray[np.float64]

question = NumericQuestion(
    source="Q6, part 1", level=1, minutes=8, decimals=3, conventions=("rows_are_samples", "biased_variance")
)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Three training rows and two test rows of two features, one of them a hundred times the other."""
    units = np.array([1.0, 100.0])
    train = [integers(rng, shape=(3,), low=1, high=9, distinct=True) for _ in units]
    test = [integers(rng, shape=(2,), low=1, high=12, distinct=True) for _ in units]
    return {"train": np.column_stack(train) * units, "test": np.column_stack(test) * units}


@question.step
def low(train: Array) -> Array:
    """Take the smallest value of every column."""
    return np.asarray(train.min(axis=0))


@question.step
def spread(train: Array, low: Array) -> Array:
    """Take the distance from the smallest to the largest value."""
    return np.asarray(train.max(axis=0) - low)


@question.step
def min_max(test: Array, low: Array, spread: Array) -> Array:
    """Bring the training range to [0, 1]; test values may lie outside."""
    return (test - low) / spread


@question.step
def mean(train: Array) -> Array:
    """Average every column of the training rows."""
    return np.asarray(train.mean(axis=0))


@question.step
def deviation(train: Array, mean: Array) -> Array:
    """Take the root of the average squared distance."""
    return np.asarray(np.sqrt(((train - mean) ** 2).mean(axis=0)))


@question.step
def standardized(test: Array, mean: Array, deviation: Array) -> Array:
    """Count how many standard deviations a test value lies from the training mean."""
    return (test - mean) / deviation


@question.mistake(spread)
def largest_value(train: Array) -> Array:
    """Divide by the maximum, not by the range."""
    return np.asarray(train.max(axis=0))


@question.mistake(min_max)
def not_shifted(test: Array, spread: Array) -> Array:
    """Divide by the range, but do not subtract the minimum."""
    return test / spread


@question.mistake(min_max)
def range_of_test_rows(test: Array) -> Array:
    """Take minimum and maximum from the test rows."""
    return np.asarray((test - test.min(axis=0)) / np.ptp(test, axis=0))


@question.mistake(min_max)
def range_of_each_row(test: Array) -> Array:
    """Scale rows in place of columns."""
    return np.asarray((test - test.min(axis=1, keepdims=True)) / np.ptp(test, axis=1)[:, None])


@question.mistake(deviation, other_convention=True)
def unbiased(train: Array, mean: Array) -> Array:
    """Divide by one less."""
    return np.asarray(np.sqrt(((train - mean) ** 2).sum(axis=0) / (len(train) - 1)))


@question.mistake(deviation)
def variance(train: Array, mean: Array) -> Array:
    """Forget the root."""
    return np.asarray(((train - mean) ** 2).mean(axis=0))


@question.mistake(standardized)
def statistics_of_test_rows(test: Array) -> Array:
    """Take mean and deviation from the test rows."""
    return np.asarray((test - test.mean(axis=0)) / test.std(axis=0))


@question.mistake(standardized)
def not_centered(test: Array, deviation: Array) -> Array:
    """Divide by the deviation, but do not subtract the mean."""
    return test / deviation
