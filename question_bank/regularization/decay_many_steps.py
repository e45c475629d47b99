"""Weight decay over many steps without any other gradient: the weight shrinks geometrically (material Q2, eq. 7)."""

import numpy as np

from quizgen.authoring import NumericQuestion, decimals, integers, one_of

question = NumericQuestion(source="Q2 eq. (7)", level=1, minutes=4, significant=4, conventions=("penalty_half_alpha",))


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw a weight, a rate and a penalty; the gradient is 0, so that only the decay moves the weight."""
    return {
        "w": decimals(rng, low=1, high=6),
        "eta": one_of(rng, 0.1, 0.2, 0.5),
        "alpha": one_of(rng, 0.1, 0.2, 0.3, 0.4),
        "n": int(integers(rng, low=5, high=20)),
    }


@question.require
def line_stays_positive(eta: float, alpha: float, n: int) -> bool:
    """Let the straight line of the linear mistake stay above 0, so that it is a tempting answer."""
    return 0.05 < n * eta * alpha < 0.95


@question.step
def factor(eta: float, alpha: float) -> float:
    """Shrink by this factor in every step."""
    return 1 - eta * alpha


@question.step
def share(factor: float, n: int) -> float:
    """Multiply n factors."""
    return float(factor**n)


@question.step
def w_n(share: float, w: float) -> float:
    """Keep that share of the weight."""
    return share * w


@question.mistake(factor, other_convention=True)
def penalty_doubled(eta: float, alpha: float) -> float:
    """Decay as if the penalty had no half."""
    return 1 - 2 * eta * alpha


@question.mistake(factor)
def rate_forgotten(alpha: float) -> float:
    """Decay by alpha alone."""
    return 1 - alpha


@question.mistake(factor)
def growing(eta: float, alpha: float) -> float:
    """Grow in place of shrinking."""
    return 1 + eta * alpha


@question.mistake(share)
def linear(factor: float, n: int) -> float:
    """Subtract the same amount in every step."""
    return 1 - n * (1 - factor)


@question.mistake(share)
def one_step_less(factor: float, n: int) -> float:
    """Take one step too few."""
    return float(factor ** (n - 1))


@question.mistake(share)
def one_step_more(factor: float, n: int) -> float:
    """Take one step too many."""
    return float(factor ** (n + 1))


@question.mistake(w_n)
def share_lost(share: float, w: float) -> float:
    """Give what the weight has lost."""
    return (1 - share) * w
