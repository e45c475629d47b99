"""Implement softmax with cross-entropy and its gradient (material Q5, eq. 17, for the last layer)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.backprop import softmax_cross_entropy
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Labels = NDArray[np.int64]
Arguments = dict[str, Any]
LossAndGradient = tuple[float, Array]

question = CodeQuestion(
    source="Q5 eq. (17)",
    level=3,
    minutes=12,
    reference=softmax_cross_entropy,
    conventions=("mean_over_batch", "natural_log"),
)


def arguments(rng: np.random.Generator, n: int, c: int) -> Arguments:
    """Draw scores of a few units and labels, the first two of them different."""
    labels = rng.integers(0, c, n)
    if n > 1:
        labels[:2] = rng.permutation(c)[:2]
    return {"scores": 2 * rng.normal(size=(n, c)), "y": labels}


def stable_softmax(scores: Array) -> Array:
    """Subtract every row's maximum before the exponential."""
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


def one_hot(scores: Array, y: Labels) -> Array:
    """Write every label as a row with a single 1."""
    return np.asarray(np.eye(scores.shape[1], dtype=scores.dtype)[y])


@question.cases(visible=True)
def small_batch(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {"scores": np.array([[1.0, 2.0, 0.0], [0.5, -1.0, 0.5]]), "y": np.array([1, 0])}
    yield arguments(rng, 4, 3)


@question.cases(weight=2)
def other_shapes(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 2, 6)
    yield arguments(rng, 7, 2)
    yield arguments(rng, 4, 4)


@question.cases()
def one_sample(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 1, 5)


@question.cases()
def scores_near_1000(rng: np.random.Generator) -> Iterator[Arguments]:
    drawn = arguments(rng, 3, 4)
    yield {**drawn, "scores": drawn["scores"] + 1000}
    yield {**drawn, "scores": drawn["scores"] - 1000}


@question.cases()
def true_class_far_below(rng: np.random.Generator) -> Iterator[Arguments]:
    far = float(rng.uniform(900, 1500))
    yield {"scores": np.array([[0.0, far, 1.0], [2.0, 1.0, 0.5]]), "y": np.array([0, 2])}


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, 3, 5)


@question.solution
def with_log_sum_exp(scores: Array, y: Labels) -> LossAndGradient:
    """Shift, then take the logarithm of the sum."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(y))
    gradient = np.exp(log_p)
    gradient[rows, y] -= 1
    return float(-log_p[rows, y].mean()), gradient / len(y)


@question.solution
def sample_by_sample(scores: Array, y: Labels) -> LossAndGradient:
    """Loop over samples and classes."""
    n, c = scores.shape
    loss, gradient = 0.0, np.zeros_like(scores)
    for i in range(n):
        top = max(scores[i, k] for k in range(c))
        total = sum(np.exp(scores[i, k] - top) for k in range(c))
        loss += (np.log(total) + top - scores[i, y[i]]) / n
        for k in range(c):
            gradient[i, k] = (np.exp(scores[i, k] - top) / total - (k == y[i])) / n
    return float(loss), gradient


@question.mistake
def overflowing(scores: Array, y: Labels) -> LossAndGradient:
    """Take the exponentials of the scores as they are."""
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    return float(-np.mean(np.log(p[np.arange(len(y)), y]))), (p - one_hot(scores, y)) / len(y)


@question.mistake
def log_of_underflow(scores: Array, y: Labels) -> LossAndGradient:
    """Take the logarithm of a probability that was rounded to 0."""
    p = stable_softmax(scores)
    return float(-np.mean(np.log(p[np.arange(len(y)), y]))), (p - one_hot(scores, y)) / len(y)


@question.mistake
def constant_in_the_log(scores: Array, y: Labels) -> LossAndGradient:
    """Add a small number to the probability."""
    p = stable_softmax(scores)
    return float(-np.mean(np.log(p[np.arange(len(y)), y] + 1e-5))), (p - one_hot(scores, y)) / len(y)


@question.mistake
def loss_summed(scores: Array, y: Labels) -> LossAndGradient:
    """Add the samples' losses up."""
    loss, gradient = with_log_sum_exp(scores, y)
    return loss * len(y), gradient


@question.mistake
def gradient_not_averaged(scores: Array, y: Labels) -> LossAndGradient:
    """Leave 1/N out of the gradient."""
    loss, gradient = with_log_sum_exp(scores, y)
    return loss, gradient * len(y)


@question.mistake
def truth_not_subtracted(scores: Array, y: Labels) -> LossAndGradient:
    """Return p / N."""
    return with_log_sum_exp(scores, y)[0], stable_softmax(scores) / len(y)


@question.mistake
def gradient_reversed(scores: Array, y: Labels) -> LossAndGradient:
    """Subtract p from the truth."""
    loss, gradient = with_log_sum_exp(scores, y)
    return loss, -gradient


@question.mistake
def slope_again(scores: Array, y: Labels) -> LossAndGradient:
    """Multiply by p(1 - p), which is already contained."""
    loss, gradient = with_log_sum_exp(scores, y)
    p = stable_softmax(scores)
    return loss, gradient * p * (1 - p)


@question.mistake
def over_the_batch(scores: Array, y: Labels) -> LossAndGradient:
    """Divide by the sum over all samples."""
    e = np.exp(scores - scores.max())
    p = e / e.sum()
    return float(-np.mean(np.log(p[np.arange(len(y)), y]))), (p - one_hot(scores, y)) / len(y)


@question.mistake
def every_class_counted(scores: Array, y: Labels) -> LossAndGradient:
    """Average -log p over all classes."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return float(-log_p.mean()), with_log_sum_exp(scores, y)[1]
