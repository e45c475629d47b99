"""Implement the backward pass of layer normalization (material Q6, eq. 22, differentiated)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.normalization import layer_norm_backward
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Gradients = tuple[Array, Array, Array]
Arguments = dict[str, Any]

question = CodeQuestion(
    source="Q6 eq. (22)",
    level=3,
    minutes=15,
    reference=layer_norm_backward,
    conventions=("nchw", "layer_norm_all_axes", "biased_variance", "eps_inside_root"),
)


def arguments(rng: np.random.Generator, shape: tuple[int, ...], eps: float) -> Arguments:
    """Draw an input, a gradient from above that is not balanced, and scales that differ from 1."""
    return {
        "dY": rng.normal(size=shape) + 0.5,
        "X": rng.normal(size=shape) * 0.7 + 2,
        "gamma": rng.uniform(1.2, 2.5, shape[1:]),
        "eps": eps,
    }


@question.cases(visible=True)
def tables(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {
        "dY": np.array([[1.0, 0.0, 2.0]]),
        "X": np.array([[1.0, 2.0, 3.0]]),
        "gamma": np.array([2.0, 1.0, 0.5]),
        "eps": 0.0,
    }
    yield arguments(rng, (5, 3), 1e-5)
    yield arguments(rng, (4, 7), 1e-5)


@question.cases(weight=2)
def images(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 3, 4, 5), 1e-5)
    yield arguments(rng, (3, 2, 1, 4), 1e-5)


@question.cases()
def large_eps(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (4, 3), 0.1)
    yield arguments(rng, (3, 2, 2, 5), 0.1)


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (4, 3), 1e-5)


@question.solution
def sample_by_sample(dY: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """Loop over the samples and follow the chain rule through variance and mean."""
    dX, dgamma, dbeta = np.empty_like(X), np.zeros_like(gamma), np.zeros_like(gamma)
    for n in range(len(X)):
        x, dy = X[n], dY[n]
        centered = x - x.mean()
        sigma = np.sqrt((centered**2).mean() + eps)
        dgamma += dy * centered / sigma
        dbeta += dy
        dx_hat = gamma * dy
        dvar = -0.5 * (dx_hat * centered).sum() / sigma**3
        dmu = -dx_hat.sum() / sigma
        dX[n] = dx_hat / sigma + dvar * 2 * centered / x.size + dmu / x.size
    return dX, dgamma, dbeta


def normalized(X: Array, eps: float) -> tuple[Array, Array]:
    """Return the normalized input and its standard deviation."""
    axes = tuple(range(1, X.ndim))
    sigma = np.sqrt(X.var(axis=axes, keepdims=True) + eps)
    return (X - X.mean(axis=axes, keepdims=True)) / sigma, sigma


def through(dx_hat: Array, x_hat: Array, sigma: Array) -> Array:
    """Send a gradient back through mean and variance."""
    axes = tuple(range(1, x_hat.ndim))
    mean = dx_hat.mean(axis=axes, keepdims=True)
    return np.asarray((dx_hat - mean - x_hat * (dx_hat * x_hat).mean(axis=axes, keepdims=True)) / sigma)


def scales(dY: Array, x_hat: Array) -> tuple[Array, Array]:
    """Return the gradients of gamma and beta."""
    axes = 0
    return np.asarray((dY * x_hat).sum(axis=axes)), np.asarray(dY.sum(axis=axes))


@question.solution
def in_one_formula(dY: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """Use the closed form."""
    x_hat, sigma = normalized(X, eps)
    return through(gamma * dY, x_hat, sigma), *scales(dY, x_hat)


@question.mistake
def statistics_held_constant(dY: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """Treat mean and variance as constants."""
    x_hat, sigma = normalized(X, eps)
    return gamma * dY / sigma, *scales(dY, x_hat)


@question.mistake
def variance_held_constant(dY: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """Forget the path through the variance."""
    x_hat, sigma = normalized(X, eps)
    dx_hat = gamma * dY
    return (dx_hat - dx_hat.mean(axis=tuple(range(1, X.ndim)), keepdims=True)) / sigma, *scales(dY, x_hat)


@question.mistake
def scale_left_out(dY: Array, X: Array, gamma: Array, eps: float) -> Gradients:  # noqa: ARG001 - forgetting gamma is the mistake
    """Send dY back as it is."""
    x_hat, sigma = normalized(X, eps)
    return through(dY, x_hat, sigma), *scales(dY, x_hat)


@question.mistake
def averaged(dY: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """Average the gradients of gamma and beta."""
    x_hat, sigma = normalized(X, eps)
    dgamma, dbeta = scales(dY, x_hat)
    count = len(X)
    return through(gamma * dY, x_hat, sigma), dgamma / count, dbeta / count


@question.mistake
def input_for_normalized(dY: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """Multiply dY by X for the gradient of gamma."""
    x_hat, sigma = normalized(X, eps)
    return through(gamma * dY, x_hat, sigma), *scales(dY, X)


@question.mistake
def eps_left_out(dY: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """Leave eps out of the gradient of gamma."""
    x_hat, sigma = normalized(X, eps)
    return through(gamma * dY, x_hat, sigma), *scales(dY, normalized(X, 0.0)[0])


@question.mistake
def batch_axis(dY: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """Send the gradient through the statistics of batch normalization."""
    axes = (0, *range(2, X.ndim))
    sigma = np.sqrt(X.var(axis=axes, keepdims=True) + eps)
    x_hat = (X - X.mean(axis=axes, keepdims=True)) / sigma
    dx_hat = gamma * dY
    mean = dx_hat.mean(axis=axes, keepdims=True)
    dX = (dx_hat - mean - x_hat * (dx_hat * x_hat).mean(axis=axes, keepdims=True)) / sigma
    return np.asarray(dX), *scales(dY, x_hat)
