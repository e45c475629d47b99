"""Global average pooling in the place of the last dense layer, and the softmax after it (material Q7)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals

Vector = NDArray[np.float64]
Maps = NDArray[np.float64]

question = NumericQuestion(source="Q7", level=2, minutes=5)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw one map of three rows and two columns for each of three classes."""
    return {"x": decimals(rng, shape=(3, 3, 2), low=-2, high=4, places=1, nonzero=True)}


@question.require
def classes_are_apart(means: Vector) -> bool:
    """Let no class win by less than the rounding, and none by so much that the others vanish."""
    gaps = np.diff(np.sort(means))
    return bool(np.min(gaps) > 0.1 and np.ptp(means) < 3)


@question.step
def means(x: Maps) -> Vector:
    """Average each channel over all its rows and columns."""
    return np.asarray(x.mean(axis=(1, 2)))


@question.step
def probabilities(means: Vector) -> Vector:
    """Turn the three means into probabilities."""
    powers = np.exp(means - np.max(means))
    return np.asarray(powers / powers.sum())


@question.mistake(means)
def sums(x: Maps) -> Vector:
    """Add up each channel and do not divide."""
    return np.asarray(x.sum(axis=(1, 2)))


@question.mistake(means)
def maxima(x: Maps) -> Vector:
    """Take the largest number of each channel."""
    return np.asarray(x.max(axis=(1, 2)))


@question.mistake(means)
def across_channels(x: Maps) -> Vector:
    """Average everything into one number for all classes."""
    return np.full(3, x.mean())


@question.mistake(means)
def rows_for_channels(x: Maps) -> Vector:
    """Average row 0, row 1 and row 2 over all channels."""
    return np.asarray(x.mean(axis=(0, 2)))


@question.mistake(means)
def divided_by_one_side(x: Maps) -> Vector:
    """Divide each channel's sum by its number of rows."""
    return np.asarray(x.sum(axis=(1, 2)) / x.shape[1])


@question.mistake(probabilities)
def shares(means: Vector) -> Vector:
    """Divide each mean by the sum of the means, without powers of e."""
    return np.asarray(means / np.where(np.sum(means) == 0, 1, np.sum(means)))


@question.mistake(probabilities)
def sigmoids(means: Vector) -> Vector:
    """Squash each mean by itself."""
    return np.asarray(1 / (1 + np.exp(-means)))


@question.mistake(probabilities)
def not_normalized(means: Vector) -> Vector:
    """Stop at the powers of e."""
    return np.asarray(np.exp(means))


@question.mistake(probabilities)
def negated(means: Vector) -> Vector:
    """Take powers of e with the opposite sign."""
    powers = np.exp(np.min(means) - means)
    return np.asarray(powers / powers.sum())
