"""Updates per epoch, and the step on a last, shorter mini-batch (material Q4, between batch and stochastic)."""

import math

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals, integers, one_of

Vector = NDArray[np.float64]

question = NumericQuestion(
    source="Q4", level=2, minutes=6, decimals=3, conventions=("mean_over_batch", "last_short_batch")
)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw a data set that the batch size does not divide: two or three samples are left over."""
    size, rest = one_of(rng, 4, 5, 8, 10), one_of(rng, 2, 3)
    return {
        "m": size * int(rng.integers(3, 13)) + rest,
        "size": size,
        "epochs": one_of(rng, 3, 5, 10, 20),
        "x": integers(rng, low=-3, high=4, shape=(rest,), distinct=True, nonzero=True),
        "y": integers(rng, low=-5, high=6, shape=(rest,), distinct=True, nonzero=True),
        "theta": float(decimals(rng, low=-2, high=2, places=1, nonzero=True)),
        "alpha": one_of(rng, 0.1, 0.2, 0.05),
    }


@question.step(decimals=0)
def updates(m: float, size: float) -> float:
    """Count the batches of an epoch, the short one too."""
    return math.ceil(m / size)


@question.step(decimals=0)
def total(updates: float, epochs: float) -> float:
    """Count the updates of the whole training."""
    return updates * epochs


@question.step
def gradient(theta: float, x: Vector, y: Vector) -> float:
    """Average residual times input over the samples of this batch."""
    return float(np.mean((theta * x - y) * x))


@question.step
def theta_next(theta: float, gradient: float, alpha: float) -> float:
    """Step against the gradient."""
    return theta - alpha * gradient


@question.mistake(updates)
def short_batch_dropped(m: float, size: float) -> float:
    """Count full batches only."""
    return m // size


@question.mistake(updates)
def one_per_sample(m: float) -> float:
    """Update after every sample."""
    return m


@question.mistake(total)
def one_per_epoch(epochs: float) -> float:
    """Update once in an epoch, as the batch way does."""
    return epochs


@question.mistake(gradient)
def divided_by_size(theta: float, x: Vector, y: Vector, size: float) -> float:
    """Divide by the size of a full batch, as if it were padded."""
    return float(np.sum((theta * x - y) * x) / size)


@question.mistake(gradient)
def divided_by_all(theta: float, x: Vector, y: Vector, m: float) -> float:
    """Divide by the size of the whole data set."""
    return float(np.sum((theta * x - y) * x) / m)


@question.mistake(gradient, other_convention=True)
def summed(theta: float, x: Vector, y: Vector) -> float:
    """Add the samples' gradients up."""
    return float(np.sum((theta * x - y) * x))


@question.mistake(gradient)
def input_forgotten(theta: float, x: Vector, y: Vector) -> float:
    """Average the residuals."""
    return float(np.mean(theta * x - y))


@question.mistake(gradient)
def residual_reversed(theta: float, x: Vector, y: Vector) -> float:
    """Subtract the predictions from the targets."""
    return float(np.mean((y - theta * x) * x))


@question.mistake(theta_next)
def uphill(theta: float, gradient: float, alpha: float) -> float:
    """Add the gradient."""
    return theta + alpha * gradient


@question.mistake(theta_next)
def rate_left_out(theta: float, gradient: float) -> float:
    """Subtract the whole gradient."""
    return theta - gradient
