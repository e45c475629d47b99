"""Implement batch normalization at test time (material Q6, eq. 21, after training)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.normalization import batch_norm_inference
from quizgen.authoring import CodeQuestion

Array = NDArray[np.float64]
Arguments = dict[str, Any]

question = CodeQuestion(
    source="Q6 eq. (21)",
    level=2,
    minutes=8,
    reference=batch_norm_inference,
    conventions=("nchw", "eps_inside_root"),
)


def arguments(rng: np.random.Generator, shape: tuple[int, ...], eps: float) -> Arguments:
    """Draw a batch whose own statistics are far from the running ones."""
    features = shape[1]
    return {
        "X": rng.normal(size=shape) + 2,
        "gamma": rng.uniform(1.2, 2, features),
        "beta": rng.uniform(-2, -0.5, features),
        "running_mean": rng.uniform(-3, -1, features),
        "running_var": rng.uniform(3, 6, features),
        "eps": eps,
    }


@question.cases(visible=True)
def tables(rng: np.random.Generator) -> Iterator[Arguments]:
    yield {
        "X": np.array([[3.0, 1.0]]),
        "gamma": np.array([2.0, 1.0]),
        "beta": np.array([1.0, 0.0]),
        "running_mean": np.array([1.0, 2.0]),
        "running_var": np.array([4.0, 0.25]),
        "eps": 0.0,
    }
    yield arguments(rng, (5, 3), 1e-5)


@question.cases(weight=2)
def images(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (2, 3, 4, 5), 1e-5)
    yield arguments(rng, (4, 1, 2, 3), 1e-5)


@question.cases()
def one_sample(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (1, 4), 1e-5)
    yield arguments(rng, (1, 2, 3, 4), 1e-5)


@question.cases()
def large_eps(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (4, 3), 0.1)


@question.cases(keeps_input=True)
def input_unchanged(rng: np.random.Generator) -> Iterator[Arguments]:
    yield arguments(rng, (4, 3), 1e-5)


@question.cases(keeps_dtype=True, rtol=1e-4, atol=1e-5)
def float32_stays_float32(rng: np.random.Generator) -> Iterator[Arguments]:
    drawn = arguments(rng, (2, 3, 4, 2), 1e-3)
    yield {name: v.astype(np.float32) if isinstance(v, np.ndarray) else v for name, v in drawn.items()}


def along(vector: Array, X: Array) -> Array:
    """Shape a vector so that it runs along the features or channels."""
    return vector.reshape(-1, *[1] * (X.ndim - 2))


@question.solution
def one_scale_one_shift(
    X: Array, gamma: Array, beta: Array, running_mean: Array, running_var: Array, eps: float
) -> Array:
    """Fold everything into one factor and one constant per feature."""
    factor = gamma / np.sqrt(running_var + eps)
    return np.asarray(along(factor, X) * X + along(beta - factor * running_mean, X))


@question.solution
def channel_by_channel(
    X: Array, gamma: Array, beta: Array, running_mean: Array, running_var: Array, eps: float
) -> Array:
    """Loop over the channels and follow the definition."""
    Y = np.empty_like(X)
    for c in range(X.shape[1]):
        Y[:, c] = gamma[c] * (X[:, c] - running_mean[c]) / (running_var[c] + eps) ** 0.5 + beta[c]
    return Y


@question.mistake
def batch_statistics(
    X: Array,
    gamma: Array,
    beta: Array,
    running_mean: Array,  # noqa: ARG001 - not using them is the mistake
    running_var: Array,  # noqa: ARG001 - not using them is the mistake
    eps: float,
) -> Array:
    """Normalize by the test batch's own statistics."""
    axes = (0, *range(2, X.ndim))
    x_hat = (X - X.mean(axis=axes, keepdims=True)) / np.sqrt(X.var(axis=axes, keepdims=True) + eps)
    return np.asarray(along(gamma, X) * x_hat + along(beta, X))


@question.mistake
def not_normalized(
    X: Array,
    gamma: Array,
    beta: Array,
    running_mean: Array,  # noqa: ARG001 - not using them is the mistake
    running_var: Array,  # noqa: ARG001 - not using them is the mistake
    eps: float,  # noqa: ARG001 - not using it is the mistake
) -> Array:
    """Scale and shift the input as it is."""
    return along(gamma, X) * X + along(beta, X)


@question.mistake
def divided_by_variance(
    X: Array, gamma: Array, beta: Array, running_mean: Array, running_var: Array, eps: float
) -> Array:
    """Forget the root."""
    x_hat = (X - along(running_mean, X)) / (along(running_var, X) + eps)
    return along(gamma, X) * x_hat + along(beta, X)


@question.mistake
def eps_outside(X: Array, gamma: Array, beta: Array, running_mean: Array, running_var: Array, eps: float) -> Array:
    """Add eps to the standard deviation."""
    x_hat = (X - along(running_mean, X)) / (np.sqrt(along(running_var, X)) + eps)
    return along(gamma, X) * x_hat + along(beta, X)


@question.mistake
def scale_and_shift_left_out(
    X: Array,
    gamma: Array,  # noqa: ARG001 - not using them is the mistake
    beta: Array,  # noqa: ARG001 - not using them is the mistake
    running_mean: Array,
    running_var: Array,
    eps: float,
) -> Array:
    """Stop at the normalized values."""
    return np.asarray((X - along(running_mean, X)) / np.sqrt(along(running_var, X) + eps))


@question.mistake
def vectors_along_the_last_axis(
    X: Array, gamma: Array, beta: Array, running_mean: Array, running_var: Array, eps: float
) -> Array:
    """Let NumPy broadcast the vectors, which is right for tables only."""
    return np.asarray(gamma * (X - running_mean) / np.sqrt(running_var + eps) + beta)
