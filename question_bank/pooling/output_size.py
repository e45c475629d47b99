"""The size of a pooled map (material Q7)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, integers, one_of

Vector = NDArray[np.float64]

question = NumericQuestion(source="Q7", level=1, minutes=3, conventions=("floor_output_size",))


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw a layer, then sizes where the windows come out even along one axis and leave cells over along the other."""
    window, stride, padding = one_of(rng, (4, 2, 1), (5, 2, 1), (6, 2, 1), (6, 3, 1), (6, 3, 2), (7, 3, 2))
    fits = integers(rng, shape=(2,), low=3, high=9, distinct=True)
    left_over = rng.permutation([0, stride - 1])
    return {
        "N": one_of(rng, 2, 4, 8),
        "C": one_of(rng, 3, 6, 16),
        "size": (stride * (fits - 1) + window + left_over - 2 * padding).astype(int),
        "window": window,
        "stride": stride,
        "padding": padding,
    }


@question.require
def not_square(size: Vector) -> bool:
    """Tell rows from columns."""
    return bool(size[0] != size[1])


@question.step(decimals=0)
def padded(size: Vector, padding: int) -> Vector:
    """Add the padding on both sides."""
    return size + 2.0 * padding


@question.step(decimals=0)
def pooled(padded: Vector, window: int, stride: int) -> Vector:
    """Count the places where the window fits."""
    return np.floor((padded - window) / stride) + 1


@question.step(decimals=0)
def numbers(pooled: Vector, N: int, C: int) -> float:
    """Count the numbers of the whole output: samples and channels stay."""
    return float(N * C * pooled[0] * pooled[1])


@question.mistake(padded)
def padding_once(size: Vector, padding: int) -> Vector:
    """Add the padding on one side only."""
    return size + 1.0 * padding


@question.mistake(pooled, other_convention=True)
def rounded_up(padded: Vector, window: int, stride: int) -> Vector:
    """Keep a last window that does not fit."""
    return np.ceil((padded - window) / stride) + 1


@question.mistake(pooled)
def one_too_few(padded: Vector, window: int, stride: int) -> Vector:
    """Forget the window at the very beginning."""
    return np.floor((padded - window) / stride)


@question.mistake(pooled)
def divided_by_window(padded: Vector, window: int) -> Vector:
    """Lay windows side by side, whatever the stride."""
    return np.floor(padded / window)


@question.mistake(pooled)
def divided_by_stride(padded: Vector, stride: int) -> Vector:
    """Leave the window out."""
    return np.floor(padded / stride)


@question.mistake(pooled)
def stride_forgotten(padded: Vector, window: int) -> Vector:
    """Move on by one cell."""
    return padded - window + 1


@question.mistake(numbers)
def channels_merged(pooled: Vector, N: int) -> float:
    """Let pooling run over the channels too."""
    return float(N * pooled[0] * pooled[1])


@question.mistake(numbers)
def one_sample(pooled: Vector, C: int) -> float:
    """Count one sample only."""
    return float(C * pooled[0] * pooled[1])
