"""Which mistakes cannot be told apart, which never show, and which draws are refused, by what name."""

import numpy as np
import pytest

from quizgen.authoring import NumericQuestion, decimals
from quizgen.authoring.tolerance import radii
from quizgen.errors import AuthorError


@pytest.fixture
def question():
    """A unit's error, its gradient and its step; a norm at the side hides signs."""
    made = NumericQuestion(source="test", level=1, minutes=1)

    @made.given
    def draw(rng):
        return {
            "x": decimals(rng, low=1, high=5, nonzero=True),
            "y": decimals(rng, low=6, high=9),
            "w": decimals(rng, low=-1, high=1, nonzero=True),
        }

    @made.step
    def error(x, y, w):
        return w * x - y

    @made.step
    def size(error):
        return abs(error)

    @made.step
    def step(error, x, w):
        return w - 0.1 * error * x

    @made.mistake(error)
    def flipped(x, y, w):
        return y - w * x

    @made.mistake(step)
    def uphill(error, x, w):
        return w + 0.1 * error * x

    @made.mistake(step)
    def climbed(error, x, w):
        return w + 0.1 * x * error

    @made.mistake(error)
    def target_forgotten(x, w):
        return w * x

    return made


def test_what_always_ends_the_same_is_one_group_there(question):
    fairness = question.fairness
    assert set(fairness.group_of("flipped", "step")) == {"flipped", "uphill", "climbed"}
    assert fairness.group_of("flipped", "error") == ("flipped",)
    assert set(fairness.group_of("uphill", "step")) == {"flipped", "uphill", "climbed"}
    assert fairness.group_of("target_forgotten", "step") == ("target_forgotten",)


def test_groups_are_apart_and_hold_every_mistake_that_shows(question):
    groups = question.fairness.groups
    assert {step: {frozenset(g) for g in found} for step, found in groups.items()} == {
        "error": {frozenset({"flipped"}), frozenset({"target_forgotten"})},
        "size": {frozenset({"target_forgotten"})},
        "step": {frozenset({"flipped", "uphill", "climbed"}), frozenset({"target_forgotten"})},
    }


def test_a_mistake_that_never_shows_later_is_silent_there(question):
    assert question.fairness.silent == {("flipped", "size")}


def test_each_mistake_must_show_at_its_own_step_and_at_the_ends_it_reaches(question):
    assert {m: set(steps) for m, steps in question.fairness.checkpoints.items()} == {
        "flipped": {"error", "size", "step"},
        "target_forgotten": {"error", "size", "step"},
        "uphill": {"step"},
        "climbed": {"step"},
    }


def judged(question, **givens):
    values = question.program.run(givens)
    return question.fairness.refusal(values, radii(question.program, values))


def test_a_fair_draw_is_not_refused(question):
    assert judged(question, x=2.0, y=7.0, w=0.5) == ""


def test_a_mistake_equal_to_the_key_is_refused_by_name(question):
    assert judged(question, x=2.0, y=0.0, w=0.5) == "at 'error' mistake 'target_forgotten' looks like the key"


def test_so_near_the_key_that_rounding_could_reach_it_is_refused_too(question):
    assert judged(question, x=2.0, y=0.0008, w=0.5) == "at 'error' mistake 'target_forgotten' looks like the key"
    assert judged(question, x=2.0, y=0.03, w=0.5) == ""


def test_mistakes_that_meet_by_accident_are_refused_by_both_names(question):
    # w x = y - w x, so that forgetting the target and turning the sign give the same number.
    assert judged(question, x=2.0, y=2.0, w=0.5) == "at 'error' mistake 'target_forgotten' looks like flipped"


def test_a_key_of_zeros_is_refused(question):
    assert judged(question, x=2.0, y=1.0, w=0.5) == "the key of 'error' is all zeros"


@pytest.mark.parametrize(("b", "c"), [(0.9, 0.7), (0.9, 0.7004), (-0.9, -0.7)])
def test_a_mistake_that_is_handed_in_as_zeros_is_refused(b, c):
    question = NumericQuestion(source="test", level=1, minutes=1, decimals=3)

    @question.given
    def draw(rng):
        return {"a": decimals(rng, low=1, high=3, nonzero=True), "b": 0.9, "c": decimals(rng, low=0.1, high=0.8)}

    @question.step
    def total(a, b, c):
        return a + b + c

    @question.mistake(total)
    def subtracted(a, b, c):
        return a - b - c

    assert 0 < abs(1.6 - 0.9 - 0.7) < 1e-15
    why = judged(question, a=0.8 * 2 * np.sign(b), b=b, c=c)
    assert why == "mistake 'subtracted' gives only zeros at 'total': the rest would be trivial"
    assert judged(question, a=1.7, b=0.9, c=0.7) == ""


@pytest.mark.parametrize("y", [float("inf"), float("nan")])
def test_a_key_that_is_not_finite_is_the_authors_fault(question, y):
    with pytest.raises(AuthorError, match="step 'error' is not finite"):
        judged(question, x=2.0, y=y, w=0.5)


def test_an_infinite_mistake_is_no_trouble(question):
    @question.mistake(question.program.steps["error"].function)
    def divided(x, y, w):
        return w * x / np.float64(0) - y

    assert judged(question, x=2.0, y=7.0, w=0.5) == ""


def test_draws_say_why_others_were_refused(question):
    @question.require
    def error_is_large(error):
        return abs(error) > 7.5

    drawn = [question.draw(seed) for seed in range(20)]
    refused = {why for d in drawn for why in d.refused}
    assert "requirement 'error_is_large'" in refused
    for d in drawn:
        assert abs(d.key.steps[0].value) > 7.5


def test_what_is_never_fair_says_how_often_and_why(question):
    @question.require
    def never(error):
        return False

    with pytest.raises(AuthorError, match="no fair draw in 400: 400 times because requirement 'never'"):
        question.draw(0)


def test_the_key_follows_from_the_numbers_as_printed(question):
    for seed in range(30):
        drawn = question.draw(seed)
        x, y, w = (drawn.givens[name] for name in "xyw")
        error, size, step = (s.value for s in drawn.key.steps)
        assert error == pytest.approx(w * x - y, abs=1e-12)
        assert size == pytest.approx(abs(w * x - y), abs=1e-12)
        assert step == pytest.approx(w - 0.1 * (w * x - y) * x, abs=1e-12)
        assert drawn.body.finals == ("size", "step")
