"""Exams over every installed question, once with all steps asked and once with the last ones only."""

from decimal import ROUND_HALF_UP, Decimal

import lxml.html
import numpy as np
import pytest

from quizgen.assembly import assemble
from quizgen.bank import installed
from quizgen.blueprint import Blueprint, Section, Student
from quizgen.model import Ask

ODD_NAMES = ("<script>alert(1)</script>", '"O\'Neil & Søn"')


def text_of(html):
    """Return the text of a piece of HTML with single spaces."""
    return " ".join(lxml.html.fromstring(f"<div>{html}</div>").text_content().split())


def rounded(value, rounding):
    """Round the numbers of a key with Python's decimal, halves away from zero."""
    return [_round(float(v), rounding) for v in np.ravel(value)]


def _round(value, rounding):
    exact = Decimal(repr(round(value, 12)))
    places = rounding.decimals
    if places is None:
        places = rounding.significant - 1 - exact.adjusted() if exact else 0
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


@pytest.fixture(scope="session")
def exams():
    """Return, per way of asking, an exam with one paper per language over all questions."""
    shelf = installed()
    made = {}
    for ask in Ask:
        plan = Blueprint(
            title='Exam "one" \\ <b>', seed=11, sections=(Section(questions=shelf.ids, ask=ask),), minutes=90
        )
        students = tuple(
            Student(student=f"s-{language}", name=name, language=language, extra_time=15)
            for name, language in zip(ODD_NAMES, ("en", "zh"), strict=True)
        )
        made[ask] = assemble(plan, students, shelf, program="test")
    return made


@pytest.fixture(scope="session")
def rounded_key():
    """Return a function that rounds one step's right value as the paper asks, without the code under test."""

    def work(item, step):
        rounding = next(f.rounding for f in item.variant.body.fields if f.name == step.name)
        return rounded(step.value, rounding)

    return work
