"""When a sigmoid layer lets gradients grow: how large a weight, and which inputs (material Q3, on explosion)."""

import numpy as np

from quizgen.authoring import NumericQuestion, decimals, integers, signs

question = NumericQuestion(source="Q3", level=3, minutes=7, decimals=3)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """One pre-activation off the center, and one weight large enough for a band."""
    return {
        "z0": decimals(rng, low=0.5, high=2.2, places=1) * signs(rng),
        "w": integers(rng, low=5, high=16) * signs(rng),
    }


@question.step(decimals=5)
def slope(z0: float) -> float:
    """Take the sigmoid's slope at the given pre-activation."""
    a = 1 / (1 + np.exp(-z0))
    return float(a * (1 - a))


@question.step
def smallest_weight(slope: float) -> float:
    """Find the weight that makes up for the slope."""
    return 1 / slope


@question.step(decimals=5)
def a(w: float) -> float:
    """Solve a (1 - a) = 1 / |w| for the larger root."""
    return float((1 + np.sqrt(1 - 4 / abs(w))) / 2)


@question.step
def edge(a: float) -> float:
    """Go back from the output to the pre-activation."""
    return float(np.log(a / (1 - a)))


@question.mistake(slope)
def value_for_slope(z0: float) -> float:
    """Take the sigmoid for its slope."""
    return float(1 / (1 + np.exp(-z0)))


@question.mistake(slope)
def largest_slope() -> float:
    """Take the slope at 0, whatever z is."""
    return 0.25


@question.mistake(smallest_weight)
def not_inverted(slope: float) -> float:
    """Give the factor that is left instead of the one that is needed."""
    return 1 - slope


@question.mistake(a)
def four_dropped(w: float) -> float:
    """Drop the 4 under the root."""
    return float((1 + np.sqrt(1 - 1 / abs(w))) / 2)


@question.mistake(a)
def smaller_root(w: float) -> float:
    """Take the root below 1/2."""
    return float((1 - np.sqrt(1 - 4 / abs(w))) / 2)


@question.mistake(a)
def slope_for_output(w: float) -> float:
    """Take the needed slope 1 / |w| for the output."""
    return 1 / abs(w)


@question.mistake(edge)
def odds_only(a: float) -> float:
    """Stop at the odds."""
    return a / (1 - a)


@question.mistake(edge)
def decadic(a: float) -> float:
    """Take the logarithm to base 10."""
    return float(np.log10(a / (1 - a)))


@question.mistake(edge)
def whole_width(a: float) -> float:
    """Give the band's width."""
    return float(2 * np.log(a / (1 - a)))
