"""Terms of a frozen exam: what they are, what they become, what they were."""

from datetime import UTC, datetime, timedelta

import pytest

from quizgen.assembly import assemble
from quizgen.bank import installed
from quizgen.blueprint import Blueprint, Section, Student
from quizgen.errors import InstructorError
from quizgen.exam_file import read_exam, write_exam
from quizgen.policy import Policy, Release, Terms
from quizgen.terms import changed, differences, exam_at, new_terms, terms_of

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def exam():
    plan = Blueprint(
        title="T",
        seed=1,
        minutes=60,
        sections=(Section(questions=("pooling/maximum",)),),
        policy=Policy(deadline=NOON, grace_minutes=5),
    )
    roster = (Student(student="s1", name="Ada", extra_time=15), Student(student="s2", name="Bo"))
    return assemble(plan, roster, installed(), program="test")


def test_terms_are_policy_minutes_and_extra_time(exam):
    assert terms_of(exam) == Terms(policy=exam.policy, minutes=60, extra_time={"s1": 15})


def test_only_what_is_asked_for_changes(exam):
    terms = new_terms(exam, {"deadline": NOON + HOUR}, {"s2": 20, "s1": 0})
    after = changed(exam, terms, at=NOON, by="prof", reason="fire alarm")
    assert after.policy == Policy(deadline=NOON + HOUR, grace_minutes=5)
    assert [(p.student, p.extra_time) for p in after.papers] == [("s1", 0), ("s2", 20)]
    assert [p.items for p in after.papers] == [p.items for p in exam.papers]
    assert (after.minutes, after.keys, after.questions) == (60, exam.keys, exam.questions)
    found = [(d.name, d.student, d.before, d.after) for d in differences(terms_of(exam), terms)]
    assert found == [
        ("deadline", "", NOON, NOON + HOUR),
        ("extra_time", "s1", 15, 0),
        ("extra_time", "s2", 0, 20),
    ]


def test_every_time_has_the_terms_that_held_then(exam, tmp_path):
    first = changed(exam, new_terms(exam, {}, {}, minutes=70), at=NOON, by="a", reason="slow start")
    second = changed(first, new_terms(first, {"deadline": None}, {}), at=NOON + HOUR, by="b", reason="strike")
    write_exam(second, tmp_path)
    kept = read_exam(tmp_path)
    assert [(c.at, c.by, c.reason) for c in kept.changes] == [(NOON, "a", "slow start"), (NOON + HOUR, "b", "strike")]
    at = [terms_of(exam_at(kept, NOON + n * HOUR / 2)) for n in (-1, 0, 1, 2)]
    assert [(t.minutes, t.policy.deadline) for t in at] == [(60, NOON), (70, NOON), (70, NOON), (70, None)]


@pytest.mark.parametrize(
    ("policy", "extra", "told"),
    [
        ({"deadline": datetime(2026, 11, 30, 12)}, {}, "deadline is 2026-11-30T12:00:00, which has no time zone"),  # noqa: DTZ001 - that is the slip
        ({"late_per_day": 200}, {}, "late_per_day is 200"),
        ({"release": Release.AFTER_DEADLINE, "deadline": None}, {}, "there is no deadline"),
        ({"opens": NOON + HOUR}, {}, "not before the deadline"),
        ({}, {"s9": 15}, "student 's9' has no paper"),
    ],
)
def test_terms_that_cannot_be_followed_are_refused(exam, policy, extra, told):
    with pytest.raises(InstructorError, match=told):
        new_terms(exam, policy, extra)
