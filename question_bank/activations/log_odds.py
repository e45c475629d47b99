"""Why logistic regression takes the sigmoid: its pre-activation is the log-odds (material Q1, the open question)."""

import numpy as np

from quizgen.authoring import NumericQuestion, decimals

question = NumericQuestion(source="Q1", level=2, minutes=5, decimals=3)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw a probability away from 1/2 and from the ends, and the weight of one feature."""
    return {
        "p": decimals(rng, low=0.1, high=0.8, places=2),
        "w": decimals(rng, low=-1.2, high=1.2, places=1, nonzero=True),
    }


@question.require
def not_even(p: float, w: float) -> bool:
    """Keep off the even odds and weights that do hardly anything."""
    return abs(p - 0.5) >= 0.05 and abs(w) >= 0.3


@question.step
def odds(p: float) -> float:
    """Divide the chance of yes by the chance of no."""
    return p / (1 - p)


@question.step
def log_odds(odds: float) -> float:
    """Take the natural logarithm."""
    return float(np.log(odds))


@question.step
def log_odds_next(log_odds: float, w: float) -> float:
    """Move by the weight: one unit more of the feature."""
    return log_odds + w


@question.step
def p_next(log_odds_next: float) -> float:
    """Go back to a probability: this is the sigmoid."""
    return float(1 / (1 + np.exp(-log_odds_next)))


@question.mistake(odds)
def against(p: float) -> float:
    """Divide no by yes."""
    return (1 - p) / p


@question.mistake(log_odds)
def decadic(odds: float) -> float:
    """Take the logarithm to base 10."""
    return float(np.log10(odds))


@question.mistake(log_odds)
def log_of_probability(p: float) -> float:
    """Take the logarithm of the probability."""
    return float(np.log(p))


@question.mistake(log_odds_next)
def moved_down(log_odds: float, w: float) -> float:
    """Subtract the weight."""
    return log_odds - w


@question.mistake(log_odds_next)
def multiplied(log_odds: float, w: float) -> float:
    """Multiply by the weight."""
    return log_odds * w


@question.mistake(p_next)
def probability_scaled(p: float, w: float) -> float:
    """Scale the probability, where only the odds are scaled."""
    return float(p * np.exp(w))


@question.mistake(p_next)
def probability_shifted(p: float, w: float) -> float:
    """Add the weight to the probability."""
    return p + w


@question.mistake(p_next)
def odds_returned(log_odds_next: float) -> float:
    """Stop at the new odds."""
    return float(np.exp(log_odds_next))


@question.mistake(p_next)
def exponent_positive(log_odds_next: float) -> float:
    """Use exp(+z): the probability of no."""
    return float(1 / (1 + np.exp(log_odds_next)))
