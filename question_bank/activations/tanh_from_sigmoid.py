"""tanh is a stretched sigmoid: value and slope from the sigmoid alone (material Q1, eq. 1 and 2)."""

import numpy as np

from quizgen.authoring import NumericQuestion, decimals

question = NumericQuestion(source="Q1 eq. (1), (2)", level=2, minutes=4, decimals=3)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """One input with two decimals, not at 0 and not where tanh is flat."""
    return {"x": decimals(rng, low=-1.2, high=1.2, places=2, nonzero=True)}


@question.require
def off_center(x: float) -> bool:
    """Keep away from the symmetry at 0."""
    return abs(x) >= 0.15


@question.step(decimals=4)
def s(x: float) -> float:
    """Take the sigmoid of twice the input."""
    return float(1 / (1 + np.exp(-2 * x)))


@question.step
def t(s: float) -> float:
    """Stretch (0, 1) to (-1, 1)."""
    return 2 * s - 1


@question.step
def dt(s: float) -> float:
    """Differentiate 2 s(2x) - 1 by the chain rule: both twos count."""
    return 4 * s * (1 - s)


@question.mistake(s)
def not_doubled(x: float) -> float:
    """Take the sigmoid of the input itself."""
    return float(1 / (1 + np.exp(-x)))


@question.mistake(s)
def halved(x: float) -> float:
    """Take the sigmoid of half the input."""
    return float(1 / (1 + np.exp(-x / 2)))


@question.mistake(t)
def not_shifted(s: float) -> float:
    """Forget the -1."""
    return 2 * s


@question.mistake(t)
def not_stretched(s: float) -> float:
    """Shift without stretching."""
    return s - 1


@question.mistake(t)
def mirrored(s: float) -> float:
    """Subtract the wrong way round."""
    return 1 - 2 * s


@question.mistake(dt)
def inner_slope_forgotten(s: float) -> float:
    """Forget the 2 of the inner function 2x."""
    return 2 * s * (1 - s)


@question.mistake(dt)
def both_twos_forgotten(s: float) -> float:
    """Take the slope of the sigmoid alone."""
    return s * (1 - s)


@question.mistake(dt)
def constant_kept(s: float) -> float:
    """Let the -1 survive differentiation."""
    return 4 * s * (1 - s) - 1
