"""Instance normalization: each channel of each sample on its own (material Q6, instance normalization, figure 7)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, integers, one_of

Array = NDArray[np.float64]

question = NumericQuestion(
    source="Q6, instance normalization",
    level=2,
    minutes=8,
    decimals=3,
    conventions=("nchw", "biased_variance", "eps_inside_root"),
)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Two samples with two channels of 2 x 2 pixels, and the map whose normalized values are asked for."""
    levels = integers(rng, shape=(2, 2, 1, 1), low=0, high=6)
    return {
        "x": levels + integers(rng, shape=(2, 2, 2, 2), low=0, high=6),
        "n": int(rng.integers(2)),
        "c": int(rng.integers(2)),
        "eps": one_of(rng, 0.1, 0.2, 0.5),
    }


@question.require
def no_flat_map(x: Array) -> bool:
    """Refuse maps of one value only: their variance is 0."""
    return bool(np.all(x.var(axis=(2, 3)) > 0))


@question.step
def mu(x: Array) -> Array:
    """Average every map."""
    return np.asarray(x.mean(axis=(2, 3)))


@question.step
def var(x: Array, mu: Array) -> Array:
    """Average the squared distances from the map's own mean."""
    return np.asarray(((x - mu[:, :, None, None]) ** 2).mean(axis=(2, 3)))


@question.step
def x_hat(x: Array, mu: Array, var: Array, n: int, c: int, eps: float) -> Array:
    """Normalize the map that is asked for."""
    return np.asarray((x[n, c] - mu[n, c]) / np.sqrt(var[n, c] + eps))


@question.mistake(mu)
def mean_of_sample(x: Array) -> Array:
    """Average all channels of a sample together, as layer normalization does."""
    return np.repeat(x.mean(axis=(1, 2, 3))[:, None], x.shape[1], axis=1)


@question.mistake(mu)
def mean_of_channel(x: Array) -> Array:
    """Average a channel over both samples, as batch normalization does."""
    return np.repeat(x.mean(axis=(0, 2, 3))[None], len(x), axis=0)


@question.mistake(var, other_convention=True)
def unbiased(x: Array, mu: Array) -> Array:
    """Divide by one less."""
    return np.asarray(((x - mu[:, :, None, None]) ** 2).sum(axis=(2, 3)) / (x[0, 0].size - 1))


@question.mistake(x_hat)
def layer_axes(x: Array, n: int, c: int, eps: float) -> Array:
    """Use layer normalization's mean and variance."""
    return np.asarray((x[n, c] - x[n].mean()) / np.sqrt(x[n].var() + eps))


@question.mistake(x_hat)
def batch_axes(x: Array, n: int, c: int, eps: float) -> Array:
    """Use batch normalization's mean and variance."""
    return np.asarray((x[n, c] - x[:, c].mean()) / np.sqrt(x[:, c].var() + eps))


@question.mistake(x_hat)
def divided_by_variance(x: Array, mu: Array, var: Array, n: int, c: int, eps: float) -> Array:
    """Forget the root."""
    return np.asarray((x[n, c] - mu[n, c]) / (var[n, c] + eps))


@question.mistake(x_hat)
def indices_swapped(x: Array, mu: Array, var: Array, n: int, c: int, eps: float) -> Array:
    """Normalize the map of channel n in sample c."""
    return np.asarray((x[c, n] - mu[c, n]) / np.sqrt(var[c, n] + eps))
