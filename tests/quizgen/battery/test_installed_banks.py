"""The public promise: every question of every installed bank keeps all of its promises."""

import pytest

from quizgen.bank import installed
from quizgen.battery import check

SHELF = installed()


@pytest.mark.parametrize("question_id", SHELF.ids)
def test_question_keeps_its_promises(question_id):
    report = check(SHELF.question(question_id), draws=25)
    assert report.passed, "\n".join(report.failures)
