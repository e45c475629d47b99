"""Where the sigmoid saturates: the input at which its slope has a given value (material Q1, eq. 1)."""

import numpy as np

from quizgen.authoring import NumericQuestion, decimals

question = NumericQuestion(source="Q1 eq. (1)", level=3, minutes=6, decimals=3)


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw a slope well below the largest one, 1/4."""
    return {"slope": decimals(rng, low=0.02, high=0.2, places=3)}


@question.step(decimals=5)
def a(slope: float) -> float:
    """Solve a (1 - a) = slope for the larger root."""
    return float((1 + np.sqrt(1 - 4 * slope)) / 2)


@question.step
def edge(a: float) -> float:
    """Go back from the output to the input: the inverse of the sigmoid."""
    return float(np.log(a / (1 - a)))


@question.mistake(a)
def four_dropped(slope: float) -> float:
    """Drop the 4 under the root."""
    return float((1 + np.sqrt(1 - slope)) / 2)


@question.mistake(a)
def smaller_root(slope: float) -> float:
    """Take the root below 1/2, which belongs to negative x."""
    return float((1 - np.sqrt(1 - 4 * slope)) / 2)


@question.mistake(a)
def output_of_tanh(slope: float) -> float:
    """Solve 1 - a^2 = slope, the rule of tanh."""
    return float(np.sqrt(1 - slope))


@question.mistake(edge)
def edge_of_tanh(slope: float) -> float:
    """Solve the whole task for tanh."""
    return float(np.arctanh(np.sqrt(1 - slope)))


@question.mistake(edge)
def decadic(a: float) -> float:
    """Take the logarithm to base 10."""
    return float(np.log10(a / (1 - a)))


@question.mistake(edge)
def odds_only(a: float) -> float:
    """Stop at the odds."""
    return a / (1 - a)


@question.mistake(edge)
def output_unlogged(a: float) -> float:
    """Take the logarithm of 1 - a alone."""
    return float(-np.log(1 - a))


@question.mistake(edge)
def tail_only(slope: float) -> float:
    """Use the tail's approximation exp(-x) for the slope."""
    return float(-np.log(slope))
