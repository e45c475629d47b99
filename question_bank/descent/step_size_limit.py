"""The largest learning rate that still converges, and what a given one does (material Q4, on the length of a step)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals, one_of

Vector = NDArray[np.float64]

question = NumericQuestion(source="Q4", level=3, minutes=8, decimals=3, conventions=("half_mean_squares",))


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Four inputs and a learning rate below, near or above the limit."""
    x = decimals(rng, low=-3, high=3, places=1, shape=(4,), distinct=True, nonzero=True)
    ratio = rng.uniform(0.3, 2.7)
    return {
        "x": x,
        "alpha": round(float(ratio / np.mean(x**2)), 2),
        "distance": one_of(rng, 1.0, 2.0, 4.0),
        "steps": one_of(rng, 3, 4),
    }


@question.step
def curvature(x: Vector) -> float:
    """Differentiate the loss twice: the mean of the squared inputs."""
    return float(np.mean(x**2))


@question.step
def limit(curvature: float) -> float:
    """Find where 1 - alpha * curvature reaches -1."""
    return float(np.divide(2, curvature))


@question.step
def factor(curvature: float, alpha: float) -> float:
    """Say what one step multiplies the distance from the minimum by."""
    return 1 - alpha * curvature


@question.step
def distance_after(factor: float, distance: float, steps: float) -> float:
    """Multiply once per step."""
    return float(distance * factor ** int(steps))


@question.require
def clearly_one_way(factor: float, curvature: float, x: Vector) -> bool:
    """Keep away from the factors 0 and -1, and from inputs that cancel."""
    return (
        abs(float(np.mean(x))) > 0.3
        and 0.15 < abs(factor) < 1.7
        and abs(abs(factor) - 1) > 0.08
        and 0.7 < curvature < 5
    )


@question.mistake(curvature)
def curvature_summed(x: Vector) -> float:
    """Leave 1/m out."""
    return float(np.sum(x**2))


@question.mistake(curvature)
def square_of_mean(x: Vector) -> float:
    """Square the mean input."""
    return float(np.mean(x) ** 2)


@question.mistake(curvature)
def curvature_halved(x: Vector) -> float:
    """Keep the loss's 1/2."""
    return float(np.mean(x**2) / 2)


@question.mistake(curvature, other_convention=True)
def curvature_doubled(x: Vector) -> float:
    """Differentiate the loss without its 1/2."""
    return float(2 * np.mean(x**2))


@question.mistake(limit)
def half_the_limit(curvature: float) -> float:
    """Take the rate that reaches the minimum in one step."""
    return float(np.divide(1, curvature))


@question.mistake(limit)
def upside_down(curvature: float) -> float:
    """Turn the fraction round."""
    return curvature / 2


@question.mistake(factor)
def plus(curvature: float, alpha: float) -> float:
    """Step uphill."""
    return 1 + alpha * curvature


@question.mistake(factor)
def one_left_out(curvature: float, alpha: float) -> float:
    """Leave out the distance that was there."""
    return alpha * curvature


@question.mistake(distance_after)
def linear(factor: float, distance: float, steps: float) -> float:
    """Multiply by the number of steps instead of raising to its power."""
    return distance * factor * steps


@question.mistake(distance_after)
def one_step_short(factor: float, distance: float, steps: float) -> float:
    """Stop one step early."""
    return float(distance * factor ** (int(steps) - 1))


@question.mistake(distance_after)
def same_stretch(factor: float, distance: float, steps: float) -> float:
    """Subtract the same stretch in every step."""
    return distance - steps * (1 - factor) * distance
