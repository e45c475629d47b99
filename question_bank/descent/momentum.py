"""Two steps with momentum on a parabola (material Q4, eq. 10 with a memory)."""

import numpy as np

from quizgen.authoring import NumericQuestion, decimals, one_of

question = NumericQuestion(source="Q4 eq. (10)", level=2, minutes=6, decimals=3, conventions=("velocity_form",))


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Draw a parabola, and a velocity that is already there."""
    return {
        "c": one_of(rng, 2.0, 3.0, 4.0),
        "low": one_of(rng, -2.0, -1.0, 1.0, 2.0),
        "theta": float(decimals(rng, low=-3, high=3, places=1, nonzero=True)),
        "v": float(decimals(rng, low=-1, high=1, places=1, nonzero=True)),
        "alpha": one_of(rng, 0.05, 0.1),
        "mu": one_of(rng, 0.5, 0.8, 0.9),
    }


@question.step
def v_1(v: float, theta: float, c: float, low: float, alpha: float, mu: float) -> float:
    """Slow the old velocity down and add a step downhill."""
    return mu * v - alpha * c * (theta - low)


@question.step
def theta_1(theta: float, v_1: float) -> float:
    """Move by the velocity."""
    return theta + v_1


@question.step
def v_2(v_1: float, theta_1: float, c: float, low: float, alpha: float, mu: float) -> float:
    """Do the same with the gradient at the new place."""
    return mu * v_1 - alpha * c * (theta_1 - low)


@question.step
def theta_2(theta_1: float, v_2: float) -> float:
    """Move by the new velocity."""
    return theta_1 + v_2


@question.require
def slope_everywhere(theta: float, theta_1: float, low: float) -> bool:
    """Stay away from the minimum, where the gradient says nothing."""
    return abs(theta - low) > 0.5 and abs(theta_1 - low) > 0.3


@question.mistake(v_1)
def uphill(v: float, theta: float, c: float, low: float, alpha: float, mu: float) -> float:
    """Add the gradient to the velocity."""
    return mu * v + alpha * c * (theta - low)


@question.mistake(v_1)
def no_memory(theta: float, c: float, low: float, alpha: float) -> float:
    """Leave the old velocity out: plain gradient descent."""
    return -alpha * c * (theta - low)


@question.mistake(v_1)
def not_slowed_down(v: float, theta: float, c: float, low: float, alpha: float) -> float:
    """Keep the whole old velocity."""
    return v - alpha * c * (theta - low)


@question.mistake(v_1, other_convention=True)
def averaged(v: float, theta: float, c: float, low: float, alpha: float, mu: float) -> float:
    """Weigh the gradient by 1 - mu."""
    return mu * v - (1 - mu) * alpha * c * (theta - low)


@question.mistake(v_1)
def rate_left_out(v: float, theta: float, c: float, low: float, mu: float) -> float:
    """Put the gradient into the velocity without the learning rate."""
    return mu * v - c * (theta - low)


@question.mistake(v_1, other_convention=True)
def rate_outside_velocity(v: float, theta: float, c: float, low: float, mu: float) -> float:
    """Collect gradients in the velocity and leave the learning rate to the step."""
    return mu * v + c * (theta - low)


@question.mistake(v_1, other_convention=True)
def looked_ahead(v: float, theta: float, c: float, low: float, alpha: float, mu: float) -> float:
    """Take the gradient where the old velocity leads (Nesterov)."""
    return mu * v - alpha * c * (theta + mu * v - low)


@question.mistake(v_1)
def minimum_ignored(v: float, theta: float, c: float, alpha: float, mu: float) -> float:
    """Differentiate as if the minimum lay at 0."""
    return mu * v - alpha * c * theta


@question.mistake(theta_1)
def velocity_subtracted(theta: float, v_1: float) -> float:
    """Move against the velocity."""
    return theta - v_1


@question.mistake(theta_1)
def rate_applied_again(theta: float, v_1: float, alpha: float) -> float:
    """Multiply the velocity by the learning rate once more."""
    return theta + alpha * v_1


@question.mistake(v_2)
def velocity_not_kept(theta_1: float, c: float, low: float, alpha: float) -> float:
    """Begin the second step without velocity."""
    return -alpha * c * (theta_1 - low)


@question.mistake(v_2)
def old_gradient(v_1: float, theta: float, c: float, low: float, alpha: float, mu: float) -> float:
    """Use the gradient of the first step again."""
    return mu * v_1 - alpha * c * (theta - low)


@question.mistake(v_2)
def first_velocity_again(v: float, theta_1: float, c: float, low: float, alpha: float, mu: float) -> float:
    """Start from the velocity before the first step."""
    return mu * v - alpha * c * (theta_1 - low)
