"""The shipped example: what each hand-in is and what it must earn, worked out by hand from the points of the items."""

import msgspec
import pytest

from autograder.batch import Setting, grade_all, jobs
from autograder.intake import collect
from autograder.reports.gradebook import gradebook, named_mistakes
from quizgen.bank import installed
from quizgen.exam_file import read_exam
from quizgen.model import Status, Verdict

C, P, I, B, U = Status.CORRECT, Status.PARTIAL, Status.INCORRECT, Status.BLANK, Status.UNREADABLE  # noqa: E741
POINTS = (6, 6, 6, 6, 6, 6, 3, 4, 4, 8, 8, 8)

# What is not listed is right. Item: (status, points or None, mistakes named).
EXPECTED = {
    "s01": {},  # all right
    "s02": {},  # rounding at every step; fractions, scientific, U+2212, NumPy's own print
    "s03": {5: (P, 4.5, [])},  # one slip in the mean, carried through
    "s04": {2: (P, 3, ["decayed: penalty_doubled"]), 7: (I, 0, ["undivided"]), 10: (P, None, ["summed"])},
    "s05": {5: (P, 4.5, ["var: unbiased"]), 11: (I, 0, ["unbiased"])},  # divided by N - 1
    "s06": {6: (P, None, ["dx: spread_evenly"]), 9: (P, 3.2, []), 12: (I, 0, ["spread_evenly"])},  # in a zip
    "s07": {2: (P, 3, ["w_next: uphill"]), 12: (I, 0, [])},  # an endless loop in one function
    "s08": {5: (U, 0, []), 10: (U, 0, []), 11: (U, 0, []), 12: (U, 0, [])},  # a stray comma; a syntax error
    "s09": {1: (P, 3, ["da: input_not_output"]), 8: (I, 0, []), 12: (I, 0, [])},  # a function is missing
    "s10": {6: (P, 3, []), 7: (I, 0, []), 10: (I, 0, []), 11: (I, 0, []), 12: (P, None, [])},  # wrong shapes
    "s11": {3: (U, None, []), 4: (U, 5, []), 10: (I, 0, []), 11: (I, 0, [])},  # NaN
    "s12": {n: (B, 0, []) for n in range(1, 13)},  # a blank paper
}


@pytest.fixture(scope="module")
def graded(example):
    exam = read_exam(example / "exam")
    todo = jobs(collect(example / "submissions", [p.student for p in exam.papers]).submissions)
    setting = Setting(exam_folder=example / "exam", program="test")
    return {g.student: g for g in grade_all(setting, todo, workers=2)}, exam


@pytest.mark.parametrize("student", EXPECTED)
def test_every_hand_in_earns_what_it_must(graded, student):
    gradings, exam = graded
    paper = exam.paper_of(student)
    for item, verdict in zip(paper.items, gradings[student].verdicts, strict=True):
        status, points, mistakes = EXPECTED[student].get(item.number, (C, POINTS[item.number - 1], []))
        assert (item.number, verdict.status) == (item.number, status)
        assert named_mistakes(item, verdict) == mistakes
        if points is not None:
            assert verdict.points == pytest.approx(points)
        else:
            assert 0 < verdict.points < POINTS[item.number - 1]


def reason_of(verdict: Verdict) -> str:
    return verdict.reason.phrase if verdict.reason else ""


def group_reasons(verdict: Verdict) -> set[str]:
    return {g.reason.phrase for g in verdict.detail.groups if g.reason}


def test_the_reasons_are_the_ones_a_student_needs(graded):
    gradings, _ = graded
    verdict = {s: {v.item: v for v in g.verdicts} for s, g in gradings.items()}
    # On a busy machine the second is over before the function is called; what was not run names it all the same.
    assert group_reasons(verdict["s07"][12]) & {"timed-out", "not-run"}
    assert reason_of(verdict["s08"][5]) == "broken-toml"
    assert reason_of(verdict["s08"][10]) == "not-loaded"
    assert reason_of(verdict["s09"][12]) == "missing-function"
    assert verdict["s10"][7].detail.steps[0].reason.phrase == "wrong-shape"
    assert group_reasons(verdict["s10"][10]) == {"wrong-shape"}
    assert group_reasons(verdict["s10"][11]) == {"wrong-type"}
    assert "not-finite-value" in group_reasons(verdict["s11"][11])
    assert reason_of(verdict["s12"][12]) == "stub-only"


def test_the_slip_of_s03_costs_one_step(graded):
    gradings, _ = graded
    steps = gradings["s03"].verdicts[4].detail.steps
    assert [s.status for s in steps] == [I, C, C, C] or [s.status for s in steps] == [P, C, C, C]
    assert [s.carried for s in steps[2:]] == [True, True]


def test_the_example_covers_every_topic_and_kind(graded):
    _, exam = graded
    topics = {q.partition("/")[0] for q in exam.questions}
    assert topics == set(installed().topics)
    assert {r.kind.value for r in exam.questions.values()} == {"numeric", "concept", "code"}


def test_the_frozen_exam_is_that_of_the_installed_bank(graded):
    _, exam = graded
    shelf = installed()
    assert {i: r.version for i, r in exam.questions.items()} == {
        i: shelf.question(i).version for i in exam.questions
    }, "questions of the example have changed: run `make example` and look at what the hand-ins earn now"


def test_an_exam_of_another_bank_is_marked_from_its_stored_key(example, tmp_path):
    exam = read_exam(example / "exam")
    old = {i: msgspec.structs.replace(record, version="another") for i, record in exam.questions.items()}
    papers = tuple(
        msgspec.structs.replace(
            p,
            items=tuple(
                msgspec.structs.replace(item, variant=msgspec.structs.replace(item.variant, version="another"))
                for item in p.items
            ),
        )
        for p in exam.papers
    )
    changed = msgspec.structs.replace(exam, questions=old, papers=papers)
    (tmp_path / "exam.json").write_bytes(msgspec.json.encode(changed))
    hand_ins = collect(example / "submissions", ["s01", "s05"]).submissions
    setting = Setting(exam_folder=tmp_path, program="test")
    right, wrong = grade_all(setting, jobs(hand_ins), workers=1)
    assert right.points == sum(POINTS)
    assert all("bank-changed" in {n.phrase for n in v.notes} for v in right.verdicts)
    assert wrong.points < right.points
    assert gradebook(changed, [right]).rows[0].share == 1
