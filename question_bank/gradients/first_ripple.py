"""How a small change of the bias changes a neuron's output (material Q3, eq. 9)."""

import numpy as np

from quizgen.authoring import NumericQuestion, decimals, one_of

question = NumericQuestion(source="Q3 eq. (9)", level=1, minutes=3, decimals=4)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """One neuron with one-decimal numbers, and a small change of its bias."""
    return {
        "w1": decimals(rng, low=-2.5, high=2.5, places=1, nonzero=True),
        "a0": decimals(rng, low=0.2, high=1.8, places=1),
        "b1": decimals(rng, low=-1, high=1, places=1, nonzero=True),
        "delta_b1": one_of(rng, -0.2, -0.1, -0.05, 0.05, 0.1, 0.2),
    }


@question.require
def neither_flat_nor_central(z1: float) -> bool:
    """Keep the neuron where the slope says something."""
    return 0.3 <= abs(z1) <= 2.5


@question.step
def z1(w1: float, a0: float, b1: float) -> float:
    """Weigh the input and add the bias."""
    return w1 * a0 + b1


@question.step
def slope(z1: float) -> float:
    """Take the sigmoid's slope there."""
    a = 1 / (1 + np.exp(-z1))
    return float(a * (1 - a))


@question.step
def delta_a1(slope: float, delta_b1: float) -> float:
    """Follow the tangent."""
    return slope * delta_b1


@question.mistake(z1)
def bias_dropped(w1: float, a0: float) -> float:
    """Leave out the bias."""
    return w1 * a0


@question.mistake(slope)
def value_for_slope(z1: float) -> float:
    """Take the sigmoid for its slope."""
    return float(1 / (1 + np.exp(-z1)))


@question.mistake(slope)
def input_not_output(z1: float) -> float:
    """Put the pre-activation into a (1 - a)."""
    return z1 * (1 - z1)


@question.mistake(delta_a1)
def slope_forgotten(delta_b1: float) -> float:
    """Let the change through undamped."""
    return delta_b1


@question.mistake(delta_a1)
def input_multiplied(slope: float, delta_b1: float, a0: float) -> float:
    """Treat the bias like a weight."""
    return slope * a0 * delta_b1


@question.mistake(delta_a1)
def weight_multiplied(slope: float, delta_b1: float, w1: float) -> float:
    """Treat the bias like an input."""
    return slope * w1 * delta_b1
