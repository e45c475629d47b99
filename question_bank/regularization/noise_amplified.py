"""Large weights amplify noise: two neurons that agree on a sample, and not on its noisy copy (material Q2)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals, integers, one_of, signs

Vector = NDArray[np.float64]

question = NumericQuestion(source="Q2", level=1, minutes=5, decimals=3)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Small weights, and large ones that differ from them at right angles to the sample."""
    x = integers(rng, shape=(2,), low=1, high=4, distinct=True)
    small = decimals(rng, shape=(2,), low=-1, high=1, distinct=True, nonzero=True)
    return {
        "x": x,
        "small": small,
        "large": small + one_of(rng, -8, -6, -5, 5, 6, 8) * np.array([x[1], -x[0]]),
        "delta": decimals(rng, shape=(2,), low=0.01, high=0.09, places=2, distinct=True) * signs(rng, shape=(2,)),
    }


@question.require
def noise_shows(small: Vector, large: Vector, delta: Vector) -> bool:
    """Ask for a visible change with small weights and a much larger one with large weights."""
    return bool(abs(small @ delta) >= 0.01 and abs(large @ delta) > 4 * abs(small @ delta))


@question.step
def y_small(small: Vector, x: Vector) -> float:
    """Work out the output with small weights."""
    return float(small @ x)


@question.step
def y_large(large: Vector, x: Vector) -> float:
    """Work out the output with large weights: it is the same."""
    return float(large @ x)


@question.step
def change_small(small: Vector, delta: Vector) -> float:
    """Work out how far the noise moves the output with small weights."""
    return float(small @ delta)


@question.step
def change_large(large: Vector, delta: Vector) -> float:
    """Work out how far the noise moves the output with large weights."""
    return float(large @ delta)


@question.mistake(change_small)
def small_noisy_output(y_small: float, small: Vector, delta: Vector) -> float:
    """Give the noisy output, not the change."""
    return y_small + float(small @ delta)


@question.mistake(change_small)
def small_magnitudes(small: Vector, delta: Vector) -> float:
    """Drop the signs."""
    return float(np.abs(small) @ np.abs(delta))


@question.mistake(change_large)
def large_noisy_output(y_large: float, large: Vector, delta: Vector) -> float:
    """Give the noisy output, not the change."""
    return y_large + float(large @ delta)


@question.mistake(change_large)
def large_magnitudes(large: Vector, delta: Vector) -> float:
    """Drop the signs."""
    return float(np.abs(large) @ np.abs(delta))


@question.mistake(change_large)
def noise_added_up(delta: Vector) -> float:
    """Leave the weights out."""
    return float(delta.sum())
