"""Numbers that nobody means, in every numeric question: marking neither raises nor warns nor gives full marks."""

import numpy as np
import pytest

from quizgen.authoring.numeric import NumericQuestion
from quizgen.bank import installed
from quizgen.marking.diagnosis import Way, _looks
from quizgen.marking.numeric import mark_numeric
from quizgen.model import Ask, Item, Status

NUMBERS = ["0", "-0", "1e299", "-1e299", "1e-300", "-1", "0.5", "1e12", "710", "-745", "0.0013", ""]
TRIALS = 12


def handed_in(rng, shape):
    """Draw an array of such numbers, sometimes the same in every cell; an empty text is a cell left blank."""
    alike = rng.random() < 0.2
    return np.full(shape, rng.choice(NUMBERS)).tolist() if alike else rng.choice(NUMBERS, shape).tolist()


@pytest.mark.parametrize("name", [q.id for q in installed() if isinstance(q.template, NumericQuestion)])
def test_marking_bears_any_number(name):
    question, rng = installed().question(name), np.random.default_rng(1)
    variant, key = question.draw(1)
    item = Item(number=1, points=1.0, ask=Ask.STEPS, variant=variant)
    right = {s.name: s.value for s in key.steps}
    for _ in range(TRIALS):
        drawn = {f.name: handed_in(rng, f.shape) for f in variant.body.fields}
        chosen = {n: right[n] if rng.random() < 0.3 else drawn[n] for n in drawn}
        verdict = mark_numeric(item, key, chosen, question.template)
        assert 0 <= verdict.credit <= 1
        if chosen != right:
            assert verdict.status is not Status.CORRECT


def test_what_follows_from_a_huge_number_has_no_power_of_ten_left():
    huge = Way(mistakes=(), value=np.array(1e307), half=np.array(0.5), radius=lambda: np.array(0.5))
    assert _looks(huge, "x", np.array(2.0)) == []
    assert _looks(huge, "x", np.array(1e306))[0].look.phrase == "power-of-ten"
