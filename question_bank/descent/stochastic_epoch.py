"""One epoch of stochastic gradient descent over three samples (material Q4, stochastic gradient descent)."""

import numpy as np
from numpy.typing import NDArray

from quizgen.authoring import NumericQuestion, decimals, integers, one_of

Vector = NDArray[np.float64]

question = NumericQuestion(source="Q4", level=2, minutes=8, decimals=3, conventions=("simultaneous_update",))


def pull(theta: Vector, x: Vector, y: Vector, i: int) -> Vector:
    """Return the gradient of sample i's loss (h - y)^2 / 2."""
    return np.asarray((theta[0] + theta[1] * x[i] - y[i]) * np.array([1.0, x[i]]))


@question.given
def draw(rng: np.random.Generator) -> dict[str, object]:
    """Three samples and an order that does not begin with the first."""
    return {
        "x": integers(rng, low=-2, high=3, shape=(3,), distinct=True, nonzero=True),
        "y": integers(rng, low=-3, high=5, shape=(3,), distinct=True, nonzero=True),
        "theta": decimals(rng, low=-1, high=1, places=1, shape=(2,), distinct=True, nonzero=True),
        "alpha": one_of(rng, 0.1, 0.2),
        "order": one_of(rng, [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]),
    }


@question.step
def theta_1(theta: Vector, x: Vector, y: Vector, alpha: float, order: Vector) -> Vector:
    """Step on the sample that comes first."""
    return theta - alpha * pull(theta, x, y, int(order[0]) - 1)


@question.step
def theta_2(theta_1: Vector, x: Vector, y: Vector, alpha: float, order: Vector) -> Vector:
    """Step on from there on the second sample."""
    return theta_1 - alpha * pull(theta_1, x, y, int(order[1]) - 1)


@question.step
def theta_3(theta_2: Vector, x: Vector, y: Vector, alpha: float, order: Vector) -> Vector:
    """Finish the epoch with the last sample."""
    return theta_2 - alpha * pull(theta_2, x, y, int(order[2]) - 1)


@question.require
def few_digits(theta_3: Vector) -> bool:
    """Keep the parameters from flying off."""
    return bool(np.all(np.abs(theta_3) < 5))


@question.mistake(theta_1)
def batch_gradient(theta: Vector, x: Vector, y: Vector, alpha: float) -> Vector:
    """Take the mean gradient over all samples."""
    return np.asarray(theta - alpha * np.mean([pull(theta, x, y, i) for i in range(3)], axis=0))


@question.mistake(theta_1)
def first_in_the_table(theta: Vector, x: Vector, y: Vector, alpha: float) -> Vector:
    """Begin with sample 1 whatever the order says."""
    return theta - alpha * pull(theta, x, y, 0)


@question.mistake(theta_1)
def divided_by_all(theta: Vector, x: Vector, y: Vector, alpha: float, order: Vector) -> Vector:
    """Divide the gradient of one sample by the number of samples."""
    return theta - alpha * pull(theta, x, y, int(order[0]) - 1) / 3


@question.mistake(theta_1)
def uphill(theta: Vector, x: Vector, y: Vector, alpha: float, order: Vector) -> Vector:
    """Add the gradient."""
    return theta + alpha * pull(theta, x, y, int(order[0]) - 1)


@question.mistake(theta_1)
def input_forgotten(theta: Vector, x: Vector, y: Vector, alpha: float, order: Vector) -> Vector:
    """Move both parameters by the residual."""
    return np.asarray(theta - alpha * pull(theta, x, y, int(order[0]) - 1)[0])


@question.mistake(theta_1)
def rate_left_out(theta: Vector, x: Vector, y: Vector, order: Vector) -> Vector:
    """Subtract the whole gradient."""
    return theta - pull(theta, x, y, int(order[0]) - 1)


@question.mistake(theta_2)
def stale_second(theta: Vector, theta_1: Vector, x: Vector, y: Vector, alpha: float, order: Vector) -> Vector:
    """Take the second gradient at the parameters before the epoch."""
    return theta_1 - alpha * pull(theta, x, y, int(order[1]) - 1)


@question.mistake(theta_2)
def started_again(theta: Vector, x: Vector, y: Vector, alpha: float, order: Vector) -> Vector:
    """Take the second step from the first parameters."""
    return theta - alpha * pull(theta, x, y, int(order[1]) - 1)


@question.mistake(theta_3)
def stale_third(theta_1: Vector, theta_2: Vector, x: Vector, y: Vector, alpha: float, order: Vector) -> Vector:
    """Take the third gradient at the parameters before the second step."""
    return theta_2 - alpha * pull(theta_1, x, y, int(order[2]) - 1)


@question.mistake(theta_3)
def order_of_the_table(theta: Vector, x: Vector, y: Vector, alpha: float) -> Vector:
    """Go through the samples from 1 to 3."""
    for i in range(3):
        theta = theta - alpha * pull(theta, x, y, i)
    return theta


@question.mistake(theta_3)
def all_at_the_start(theta: Vector, x: Vector, y: Vector, alpha: float) -> Vector:
    """Add up all gradients at the first parameters: one step with the summed gradient."""
    return np.asarray(theta - alpha * np.sum([pull(theta, x, y, i) for i in range(3)], axis=0))
