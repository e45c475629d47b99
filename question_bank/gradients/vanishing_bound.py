"""How fast gradients vanish at best: a bound of (|w| / 4)^n for n sigmoid layers (material Q3, eq. 8, figure 5)."""

import math

import numpy as np

from quizgen.authoring import NumericQuestion, decimals, one_of, signs

question = NumericQuestion(source="Q3 eq. (8)", level=2, minutes=5, decimals=3)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw a weight for which the factor is below 1, and two tasks of different depth."""
    return {
        "w": decimals(rng, low=1.2, high=3.4, places=1) * signs(rng),
        "n": int(rng.integers(4, 11)),
        "eps": one_of(rng, 1e-3, 1e-4, 1e-5, 1e-6),
    }


@question.require
def far_from_the_next_count(w: float, eps: float) -> bool:
    """No count hangs by a hair, and twice the factor is not 1."""
    count = math.log(eps) / math.log(abs(w) / 4)
    return abs(count - round(count)) >= 0.05 and abs(abs(w) - 2) > 0.05


@question.step
def factor(w: float) -> float:
    """Bound one layer's factor: the sigmoid's slope is at most 1/4."""
    return abs(w) / 4


@question.step(significant=3)
def bound(factor: float, n: int) -> float:
    """Multiply over the layers."""
    return float(factor ** int(n))


@question.step(decimals=0)
def layers(factor: float, eps: float) -> float:
    """Count until the bound falls below eps."""
    return float(np.floor(np.log(eps) / np.log(factor)) + 1)


@question.mistake(factor)
def quarter_dropped(w: float) -> float:
    """Leave out the largest slope."""
    return abs(w)


@question.mistake(factor)
def half_for_quarter(w: float) -> float:
    """Take the sigmoid's value at 0 for its slope there."""
    return abs(w) / 2


@question.mistake(bound)
def one_layer_less(factor: float, n: int) -> float:
    """Count the gaps between the layers."""
    return float(factor ** (int(n) - 1))


@question.mistake(bound)
def one_layer_more(factor: float, n: int) -> float:
    """Count one layer too many."""
    return float(factor ** (int(n) + 1))


@question.mistake(bound)
def quarter_not_raised(w: float, n: int) -> float:
    """Raise the weight only."""
    return float(abs(w) ** int(n) / 4)


@question.mistake(bound)
def multiplied(factor: float, n: int) -> float:
    """Multiply by the number of layers."""
    return factor * n


@question.mistake(layers)
def rounded_down(factor: float, eps: float) -> float:
    """Stop one layer before the bound is met."""
    return float(np.floor(np.log(eps) / np.log(factor)))


@question.mistake(layers)
def divided(factor: float, eps: float) -> float:
    """Divide instead of taking logarithms."""
    return float(np.floor(factor / eps) + 1)
