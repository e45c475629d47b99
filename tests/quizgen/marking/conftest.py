"""A small network's step, written out here so that no test depends on the bank."""

import numpy as np
import pytest

from quizgen.authoring import NumericQuestion, decimals, one_of
from quizgen.model import Ask, Item, Variant


@pytest.fixture(scope="session")
def neuron() -> NumericQuestion:
    """Gradient step of a linear unit: error, gradient, new weights; the last step is a sink."""
    question = NumericQuestion(source="test", level=1, minutes=1, decimals=3)

    @question.given
    def draw(rng):
        return {
            "x": decimals(rng, shape=(3,), low=-2, high=2, places=1, distinct=True, nonzero=True),
            "w": decimals(rng, shape=(3,), low=-1, high=1, places=1, distinct=True, nonzero=True),
            "y": decimals(rng, low=-2, high=2, places=1, nonzero=True),
            "eta": one_of(rng, 0.1, 0.2),
        }

    @question.require
    def error_is_large(error):
        return abs(error) > 0.5

    @question.step
    def error(x, w, y):
        return w @ x - y

    @question.step
    def grad(error, x):
        return error * x

    @question.step
    def w_next(w, grad, eta):
        return w - eta * grad

    @question.mistake(error)
    def flipped(x, w, y):
        return y - w @ x

    @question.mistake(grad)
    def input_forgotten(error, x):
        return error * np.ones_like(x)

    @question.mistake(grad, other_convention=True)
    def doubled(error, x):
        return 2 * error * x

    @question.mistake(w_next)
    def uphill(w, grad, eta):
        return w + eta * grad

    return question


@pytest.fixture
def sat(neuron):
    """Return a function that draws an item and its key."""

    def draw(seed=0, ask=Ask.STEPS):
        drawn = neuron.draw(seed)
        variant = Variant(question="t/neuron", version="v", seed=seed, givens=drawn.givens, body=drawn.body)
        return Item(number=1, points=6.0, ask=ask, variant=variant), drawn.key

    return draw
