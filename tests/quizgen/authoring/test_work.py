"""The weight of work by hand, counted out on paper; and the band that draws keep to."""

import numpy as np
import pytest

from quizgen.authoring import NumericQuestion, decimals
from quizgen.authoring.work import effort
from quizgen.errors import AuthorError
from quizgen.model import Rounding

THREE = Rounding(decimals=3)


@pytest.mark.parametrize(
    ("value", "rounding", "count"),
    [
        (0.5, THREE, 1),
        (-0.5, THREE, 2),
        (12.0, THREE, 2),
        (100.0, THREE, 1),
        (1.0625, THREE, 4),
        (1.0004, THREE, 1),
        (0.0, THREE, 0),
        (-0.0001, THREE, 0),
        (-0.00123456, Rounding(significant=3), 4),
        (np.array([[1.0, -2.0], [0.25, 0.0]]), THREE, 5),
        (("word", 3, (4, -5)), Rounding(significant=10), 4),
    ],
)
def test_effort_counts_digits_and_minus_signs(value, rounding, count):
    assert effort(value, rounding) == count


def scaled(high):
    """Multiply a number by a vector of at least one and at most `high` cells."""
    question = NumericQuestion(source="page 1", level=1, minutes=1)

    @question.given
    def draw(rng):
        return {
            "k": 2.0,
            "x": decimals(rng, low=0.1, high=0.9, shape=(int(rng.integers(1, high + 1)),)),
        }

    @question.step
    def y(x, k):
        return k * x

    return question


def test_a_draw_weighs_what_is_read_and_written():
    question = scaled(3)
    givens = {"k": 2.0, "x": np.array([0.3, -0.7])}
    values = question.program.run(givens)
    # k: 2 is one digit; x: 3 and -7 are three signs; y: 0.6 and -1.4 are four.
    assert question.workload.of(values) == 1 + 3 + 4


def test_draws_keep_to_a_band_around_the_usual_weight():
    question = scaled(9)
    low, high = question.workload.band
    raw = [question.workload.of(question.program.run(question.sample(seed))) for seed in range(200)]
    assert min(raw) < low
    assert max(raw) > high
    drawn = [question.draw(seed) for seed in range(100)]
    kept = [question.workload.of(question.program.run({"k": 2.0, "x": np.array(d.givens["x"])})) for d in drawn]
    assert low <= min(kept) <= max(kept) <= high
    reasons = {reason for d in drawn for reason in d.refused}
    assert reasons == {"it is less work than others", "it is more work than others"}


def test_an_author_can_weigh_otherwise():
    question = scaled(3)

    @question.work
    def cells(x):
        return len(x)

    assert question.workload.usual == 2
    assert {len(question.draw(seed).givens["x"]) for seed in range(20)} == {2}


def test_a_weigher_asks_for_what_there_is():
    question = scaled(3)

    @question.work
    def cells(z):
        return len(z)

    with pytest.raises(AuthorError, match="'cells' asks for 'z', which is neither given nor an earlier step"):
        question.draw(0)
