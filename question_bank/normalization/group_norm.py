"""Group normalization: channels in groups, one mean and variance each (material Q6, group normalization, figure 8)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals, integers, one_of

Array = NDArray[np.float64]

question = NumericQuestion(
    source="Q6 figure 8",
    level=3,
    minutes=9,
    decimals=3,
    conventions=("groups_contiguous", "biased_variance", "eps_inside_root"),
)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """One sample: six channels of two pixels, in two or three groups; the output of one channel is asked for."""
    return {
        "x": integers(rng, shape=(6, 2), low=0, high=9),
        "G": one_of(rng, 2, 3),
        "c": int(integers(rng, low=1, high=4)),
        "gamma": decimals(rng, low=0.5, high=2),
        "beta": decimals(rng, low=-1, high=1, nonzero=True),
        "eps": one_of(rng, 0.1, 0.2, 0.5),
    }


@question.require
def scale_shows(gamma: float) -> bool:
    """Refuse a scale of 1, which would hide that it was left out."""
    return gamma != 1


@question.step
def mu(x: Array, G: int) -> Array:
    """Average each group over its channels and pixels."""
    return np.asarray(x.reshape(G, -1).mean(axis=1))


@question.step
def var(x: Array, mu: Array, G: int) -> Array:
    """Average the squared distances from the group's mean."""
    return np.asarray(((x.reshape(G, -1) - mu[:, None]) ** 2).mean(axis=1))


@question.step
def y(x: Array, mu: Array, var: Array, G: int, c: int, gamma: float, beta: float, eps: float) -> Array:  # noqa: PLR0913, PLR0917 - a whole layer
    """Normalize the channel with its group's statistics, then scale and shift."""
    group = c // (len(x) // G)
    return np.asarray(gamma * (x[c] - mu[group]) / np.sqrt(var[group] + eps) + beta)


@question.mistake(mu)
def interleaved_mean(x: Array, G: int) -> Array:
    """Deal the channels out to the groups in turn."""
    return np.array([x[g::G].mean() for g in range(G)])


@question.mistake(var, other_convention=True)
def unbiased(x: Array, mu: Array, G: int) -> Array:
    """Divide by one less."""
    return np.asarray(((x.reshape(G, -1) - mu[:, None]) ** 2).sum(axis=1) / (x.size // G - 1))


@question.mistake(y)
def interleaved(x: Array, G: int, c: int, gamma: float, beta: float, eps: float) -> Array:
    """Normalize with a group of every G-th channel."""
    group = x[c % G :: G]
    return np.asarray(gamma * (x[c] - group.mean()) / np.sqrt(group.var() + eps) + beta)


@question.mistake(y)
def groups_of_g(x: Array, G: int, c: int, gamma: float, beta: float, eps: float) -> Array:
    """Put G channels into each group."""
    group = x[c // G * G : c // G * G + G]
    return np.asarray(gamma * (x[c] - group.mean()) / np.sqrt(group.var() + eps) + beta)


@question.mistake(y)
def all_channels(x: Array, c: int, gamma: float, beta: float, eps: float) -> Array:
    """Use all channels, as layer normalization does."""
    return np.asarray(gamma * (x[c] - x.mean()) / np.sqrt(x.var() + eps) + beta)


@question.mistake(y)
def channel_alone(x: Array, c: int, gamma: float, beta: float, eps: float) -> Array:
    """Use the channel alone, as instance normalization does."""
    return np.asarray(gamma * (x[c] - x[c].mean()) / np.sqrt(x[c].var() + eps) + beta)


@question.mistake(y)
def not_scaled(x: Array, mu: Array, var: Array, G: int, c: int, eps: float) -> Array:
    """Stop at the normalized values."""
    group = c // (len(x) // G)
    return np.asarray((x[c] - mu[group]) / np.sqrt(var[group] + eps))
