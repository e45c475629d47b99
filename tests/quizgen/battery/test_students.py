"""Simulated students over every numeric question; `make bench` lets many more of them sit."""

import pytest

from quizgen.bank import installed
from quizgen.battery.students import Rates, simulate
from quizgen.model import Kind

VARIANTS = 3


@pytest.fixture(scope="module")
def rates():
    total = Rates()
    for question in installed():
        if question.kind is Kind.NUMERIC:
            total.merge(simulate(question, range(VARIANTS)))
    return total


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        ("honest", 1.0),
        ("refused", 1.0),
        ("named in steps", 0.99),
        ("slip costs once", 1.0),
        ("named at the end", 0.97),
        ("pairs named", 0.85),
        ("guesses not named", 0.995),
    ],
)
def test_students_are_judged_as_they_should_be(rates, kind, least):
    assert rates.totals[kind] > 100
    assert rates.share(kind) >= least, rates.missed.most_common(10)


@pytest.mark.parametrize(
    ("question_id", "seed"),
    [
        ("activations/sigmoid", 90),
        ("descent/momentum", 121),
        ("descent/momentum", 182),
        ("descent/momentum", 187),
        ("descent/stochastic-epoch", 44),
    ],
)
def test_a_slip_to_zero_by_chance_costs_once(question_id, seed):
    rates = simulate(installed().question(question_id), [seed])
    assert rates.share("slip costs once") == 1, rates.missed


def test_only_numeric_questions_have_such_students():
    concept = next(q for q in installed() if q.kind is Kind.CONCEPT)
    with pytest.raises(TypeError, match="not numeric"):
        simulate(concept, range(1))
