"""Softmax, cross-entropy and the gradient at the scores (material Q5, eq. 17, for a last layer with softmax)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]

question = NumericQuestion(
    source="Q5 eq. (17)", level=2, minutes=8, decimals=3, conventions=("mean_over_batch", "natural_log")
)


def softmax(scores: Matrix) -> Matrix:
    """Turn every row into shares of its exponentials."""
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


def truth(labels: Vector) -> Matrix:
    """Write every label as a row with a single 1."""
    return np.asarray(np.eye(3)[labels.astype(int) - 1])


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw positive and negative scores of two samples in three classes, and two different labels, from 1."""
    return {
        "scores": decimals(rng, low=-1, high=2.5, places=1, shape=(2, 3), distinct=True, nonzero=True),
        "labels": rng.permutation([1, 2, 3])[:2],
    }


@question.step
def p(scores: Matrix) -> Matrix:
    """Turn scores into probabilities, row by row."""
    return softmax(scores)


@question.step
def loss(p: Matrix, labels: Vector) -> float:
    """Average -log of the true classes' probabilities."""
    return float(-np.sum(truth(labels) * np.log(p)) / 2)


@question.step
def dscores(p: Matrix, labels: Vector) -> Matrix:
    """Subtract 1 at the true classes and divide by the batch size."""
    return (p - truth(labels)) / 2


@question.require
def every_class_likely_enough(p: Matrix) -> bool:
    """Keep three decimals meaningful."""
    return bool(np.all(p > 0.05))


@question.mistake(p)
def down_the_columns(scores: Matrix) -> Matrix:
    """Make the columns sum to 1."""
    return softmax(scores.T).T


@question.mistake(p)
def over_the_batch(scores: Matrix) -> Matrix:
    """Divide by the sum of the whole table."""
    return np.asarray(np.exp(scores) / np.exp(scores).sum())


@question.mistake(p)
def sigmoid_each(scores: Matrix) -> Matrix:
    """Squash every score on its own."""
    return np.asarray(1 / (1 + np.exp(-scores)))


@question.mistake(p)
def divided_by_largest(scores: Matrix) -> Matrix:
    """Divide by the largest exponential rather than by their sum."""
    return np.asarray(np.exp(scores - scores.max(axis=1, keepdims=True)))


@question.mistake(loss, other_convention=True)
def loss_summed(p: Matrix, labels: Vector) -> float:
    """Add the samples' losses up."""
    return float(-np.sum(truth(labels) * np.log(p)))


@question.mistake(loss, other_convention=True)
def common_logarithm(p: Matrix, labels: Vector) -> float:
    """Use the logarithm to the base 10."""
    return float(-np.sum(truth(labels) * np.log10(p)) / 2)


@question.mistake(loss)
def every_class_counted(p: Matrix) -> float:
    """Add up -log p over all classes."""
    return float(-np.sum(np.log(p)) / 2)


@question.mistake(loss)
def sign_lost(p: Matrix, labels: Vector) -> float:
    """Forget the minus sign."""
    return float(np.sum(truth(labels) * np.log(p)) / 2)


@question.mistake(loss)
def log_of_mean(p: Matrix, labels: Vector) -> float:
    """Average the probabilities before the logarithm."""
    return float(-np.log(np.sum(truth(labels) * p) / 2))


@question.mistake(dscores, other_convention=True)
def not_averaged(p: Matrix, labels: Vector) -> Matrix:
    """Leave 1/N out."""
    return p - truth(labels)


@question.mistake(dscores)
def truth_not_subtracted(p: Matrix) -> Matrix:
    """Hand back p / N."""
    return p / 2


@question.mistake(dscores)
def reversed_gradient(p: Matrix, labels: Vector) -> Matrix:
    """Subtract p from the truth."""
    return (truth(labels) - p) / 2


@question.mistake(dscores)
def divided_by_classes(p: Matrix, labels: Vector) -> Matrix:
    """Divide by the number of classes."""
    return (p - truth(labels)) / 3


@question.mistake(dscores)
def slope_again(p: Matrix, labels: Vector) -> Matrix:
    """Multiply by p(1 - p), which is already contained."""
    return (p - truth(labels)) * p * (1 - p) / 2


@question.mistake(dscores)
def gradient_of_p(p: Matrix, labels: Vector) -> Matrix:
    """Stop at the probabilities: -1/p at the true class."""
    return -truth(labels) / p / 2
