"""The gradebook's rows; the items of the small exam are worth 1, 2, 4 and 8 points."""

import csv
import io

import pytest

from autograder.ledger import DropItem, FullMarks, Place, Undo
from autograder.reports.gradebook import gradebook, scored_gradebook
from autograder.reports.table import as_csv
from quizgen.policy import Policy
from tests.autograder.small_exam import attempt, entry, exam_of

DROP = entry(1, DropItem(place=Place(item=4)))
ENTRIES = {
    "nothing dropped": (),
    "dropped by the ledger": (DROP,),
    "never lower": (entry(1, DropItem(place=Place(question="q/3")), never_lower=True),),
    "dropped twice": (DROP, entry(2, DropItem(place=Place(question="q/4")))),
    "undone": (DROP, entry(2, Undo(entry=1))),
    "another entry": (entry(1, FullMarks(place=Place(item=4))),),
}


@pytest.mark.parametrize(
    "policy", [Policy(), Policy(dropped=(2,)), Policy(bonus=(3,)), Policy(dropped=(1,), bonus=(1,))]
)
@pytest.mark.parametrize("entries", ENTRIES.values(), ids=ENTRIES)
def test_who_was_absent_could_have_had_what_others_could(policy, entries):
    exam = exam_of("ada", "bo", policy=policy)
    ada, bo = scored_gradebook(exam, [attempt(exam, "ada", "----")], entries).rows
    assert (ada.score is None, bo.score is None) == (False, True)
    assert bo.possible == ada.possible


def test_what_counts_for_nobody_is_not_possible_by_hand():
    exam = exam_of("ada", policy=Policy(dropped=(2,), bonus=(1,)))
    (row,) = scored_gradebook(exam, (), (DROP,)).rows
    assert row.possible == 4
    (line,) = csv.DictReader(io.StringIO(as_csv(gradebook(exam, ()))))
    assert (line["points"], line["possible"]) == ("", "12")
