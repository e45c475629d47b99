"""When a mistake is named and when numbers say too little to name one."""

from types import SimpleNamespace

import numpy as np
import pytest

from quizgen.authoring import NumericQuestion
from quizgen.marking.diagnosis import Way, _named, _telling, diagnose
from quizgen.marking.numeric import mark_numeric
from quizgen.model import Ask, Item, Variant


def way(value, *names, half=0.5):
    """Return a way whose answer is known."""
    mistakes = tuple(SimpleNamespace(name=name, other_convention=False) for name in names)
    return Way(mistakes=mistakes, value=np.array(value), half=np.array(half), radius=lambda: np.array(half))


@pytest.mark.parametrize(("names", "named"), [("", 0), ("a", 1), ("ab", 2), ("abc", 0)])
def test_at_most_two_unrelated_explanations_are_given(names, named):
    solver = SimpleNamespace(fairness=SimpleNamespace(group_of=lambda name, _: (name,)))
    options = [SimpleNamespace(name=name) for name in "abc"]
    assert len(_named(solver, "x", [way(1.0, name) for name in names], options)) == named


@pytest.mark.parametrize(("count", "telling"), [(100, True), (300, False)])
def test_further_explanations_are_tried_while_chance_hardly_fits_them(count, telling):
    # One radius of 0.0005 either side of a span of 10 is a chance of 0.0001.
    assert _telling([way(0.0, half=0.0005), way(10.0)], np.array(0.0005), count) is telling


def test_answers_are_no_finer_than_the_paper_asks_for():
    # An exact whole number is one of ten here, however small its own radius is.
    assert not _telling([way(0.0, half=0.5), way(10.0)], np.array(1e-9), 1)


@pytest.mark.parametrize("values", [[], [0.0, 0.0], [np.nan, np.inf]])
def test_where_no_size_is_known_nothing_tells(values):
    assert not _telling([way(v) for v in values], np.array(0.0005), 1)


def quotient(decimals):
    """Make a question whose two mistakes can be made together: take the divisor for the quotient, do not double it."""
    question = NumericQuestion(source="test", level=1, minutes=1, decimals=decimals)
    question.given(lambda rng: {"a": float(rng.integers(20, 40)), "b": float(rng.integers(3, 7))})

    @question.step
    def part(a, b):
        return a / b

    @question.step
    def whole(part):
        return 2 * part

    @question.mistake(part)
    def divisor(b):
        return b

    @question.mistake(whole)
    def not_doubled(part):
        return part

    return question


@pytest.mark.parametrize(("decimals", "named"), [(3, [(("divisor",), ("not_doubled",))]), (1, [])])
def test_two_mistakes_together_are_named_only_where_rounding_leaves_enough(decimals, named):
    found = diagnose(quotient(decimals), {"a": 31.0, "b": 6.0}, {}, "whole", np.array(6.0))
    assert [f.mistakes for f in found] == named


@pytest.mark.parametrize(("answer", "name"), [(12.0, "divisor"), (5.167, "not_doubled")])
def test_one_mistake_is_named_however_it_is_rounded(answer, name):
    for decimals in (1, 3):
        (found,) = diagnose(quotient(decimals), {"a": 31.0, "b": 6.0}, {}, "whole", np.array(answer))
        assert found.mistakes == ((name,),)


def counting():
    """Make a question that asks for two small whole numbers."""
    question = NumericQuestion(source="test", level=1, minutes=1, decimals=0)
    question.given(lambda rng: {"n": int(rng.integers(5, 9))})

    @question.step
    def posts(n):
        return n + 1

    @question.step
    def wires(n):
        return 2 * n

    @question.mistake(posts)
    def as_many_as_gaps(n):
        return n

    return question


@pytest.mark.parametrize(
    ("handed_in", "certain"),
    [({"posts": 1, "wires": 2}, True), ({"posts": 1, "wires": 9}, False), ({"posts": 1}, False)],
)
def test_a_number_easily_guessed_tells_a_mistake_only_beside_other_work(handed_in, certain):
    question = counting()
    drawn = question.draw(0)
    variant = Variant(question="test/counting", version="1", seed=0, givens=drawn.givens, body=drawn.body)
    item = Item(number=1, points=2.0, ask=Ask.STEPS, variant=variant)
    gaps = drawn.givens["n"]
    verdict = mark_numeric(item, drawn.key, {name: gaps * times for name, times in handed_in.items()}, question)
    assert [(f.mistakes, f.certain) for f in verdict.detail.findings if f.mistakes] == [
        ((("as_many_as_gaps",),), certain)
    ]
