"""Scores by policy, against sums done by hand: the items are worth 1, 2, 4 and 8 points."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from autograder.ledger import DropItem, Place
from autograder.scores import Score, days_late, final_scores, time_received
from quizgen.errors import InstructorError
from quizgen.exam_file import read_exam
from quizgen.model import Exam, Status
from quizgen.policy import Attempts, Policy
from quizgen.wording.phrases import in_words
from tests.autograder.small_exam import NOON, attempt, entry, exam_of, grading_of

THREE = ("BB--", "BBBA", "AAB-")  # 3, 7 and 4 points


def score(policy, *letters, late=timedelta(0), extra_time=0.0, entries=()):
    exam = exam_of("ada", policy=policy, extra_time=extra_time)
    attempts = [attempt(exam, "ada", found, number, NOON + late) for number, found in enumerate(letters, start=1)]
    return final_scores(exam, attempts, entries)["ada"]


@pytest.mark.parametrize(
    ("which", "points", "counted"),
    [
        (Attempts.FIRST, 3, (1,)),
        (Attempts.LAST, 4, (3,)),
        (Attempts.BEST, 7, (2,)),
        (Attempts.AVERAGE, 14 / 3, (1, 2, 3)),
    ],
)
def test_which_attempt_counts(which, points, counted):
    found = score(Policy(attempts=which), *THREE)
    assert (found.points, found.possible, found.counted) == (pytest.approx(points), 15, counted)


def test_of_equally_good_attempts_the_first_is_shown():
    assert score(Policy(attempts=Attempts.BEST), "AB--", "-B--").attempt == 1


@pytest.mark.parametrize(
    ("minutes", "days"), [(-5, 0), (0, 0), (15, 0), (16, 1), (24 * 60, 1), (24 * 60 + 1, 2), (72 * 60, 3)]
)
def test_days_are_counted_from_the_deadline_once_the_grace_is_over(minutes, days):
    policy = Policy(deadline=NOON, late_per_day=10, grace_minutes=15)
    assert days_late(policy, 0, NOON + timedelta(minutes=minutes)) == days
    assert days_late(policy, 30, NOON + timedelta(minutes=minutes + 30)) == days


@pytest.mark.parametrize(("late", "points"), [(0, 7), (1, 6.3), (3, 4.9), (10, 0), (400, 0)])
def test_lateness_takes_its_percentage_for_each_day(late, points):
    found = score(Policy(deadline=NOON, late_per_day=10), "BBBA", late=timedelta(days=late))
    assert found.points == pytest.approx(points)
    assert found.grading.points == 7
    if late == 3:
        assert [in_words(d.reason, "en") for d in found.deductions] == ["3 day(s) late: 30 % less"]
        assert found.deductions[0].points == pytest.approx(2.1)


def test_a_student_s_extra_time_moves_the_deadline():
    policy = Policy(deadline=NOON, late_per_day=50)
    hour = timedelta(hours=1)
    assert score(policy, "B---", late=hour).points == 0.5
    assert score(policy, "B---", late=hour, extra_time=60).points == 1


def test_the_best_attempt_is_the_best_after_what_lateness_costs():
    exam = exam_of("ada", policy=Policy(attempts=Attempts.BEST, deadline=NOON, late_per_day=50))
    early, late = attempt(exam, "ada", "--B-"), attempt(exam, "ada", "BBB-", 2, NOON + timedelta(hours=1))
    found = final_scores(exam, [early, late], ())["ada"]
    assert (found.points, found.attempt) == (4, 1)


def test_dropped_items_count_for_neither_and_bonus_items_only_for_points():
    found = score(Policy(dropped=(2,), bonus=(1,)), "BBBA")
    assert (found.points, found.possible) == (5, 12)
    assert [(d.points, d.reason.values["item"]) for d in found.deductions] == [(2, "2")]


@pytest.mark.parametrize("which", Attempts)
def test_points_are_those_of_the_shown_verdicts_less_the_deductions(which):
    policy = Policy(attempts=which, deadline=NOON, late_per_day=20, dropped=(3,))
    found = score(policy, *THREE, late=timedelta(hours=30), entries=(entry(1, DropItem(place=Place(item=1))),))
    shown = sum(v.points for v in found.grading.verdicts)
    assert found.points == pytest.approx(shown - sum(d.points for d in found.deductions))
    assert found.deductions


def test_what_we_failed_to_mark_is_not_possible_either():
    exam = exam_of("ada")
    whole = attempt(exam, "ada", "BBBB")
    grading = whole.gradings[0].grading
    failed = msgspec.structs.replace(grading.verdicts[3], status=Status.ERROR, credit=0.0, points=0.0)
    grading = msgspec.structs.replace(grading, verdicts=(*grading.verdicts[:3], failed))
    marked = msgspec.structs.replace(whole.gradings[0], grading=grading)
    found = final_scores(exam, [msgspec.structs.replace(whole, gradings=(marked,))], ())["ada"]
    assert (found.points, found.possible) == (7, 7)


@pytest.mark.parametrize("which", Attempts)
def test_there_is_no_score_before_what_counts_is_graded(which):
    exam = exam_of("ada", policy=Policy(attempts=which))
    ungraded = msgspec.structs.replace(attempt(exam, "ada", "BBBB"), gradings=())
    assert final_scores(exam, [ungraded], ()) == {}
    assert final_scores(exam, [], ()) == {}


def test_an_exam_of_before_policies_still_reads(tmp_path):
    fields = msgspec.json.decode(msgspec.json.encode(exam_of("ada")))
    del fields["policy"]
    (tmp_path / "exam.json").write_bytes(msgspec.json.encode(fields))
    assert read_exam(tmp_path).policy == Policy()


def test_a_policy_survives_exam_json():
    policy = Policy(attempts=Attempts.BEST, deadline=NOON, late_per_day=12.5, dropped=(1,), bonus=(2,))
    again = msgspec.json.decode(msgspec.json.encode(exam_of("ada", policy=policy)), type=Exam)
    assert again.policy == policy


def test_the_time_of_hand_ins():
    late = Policy(deadline=NOON, late_per_day=10)
    after = NOON + timedelta(days=1)
    assert time_received(late, "2026-03-01T14:00+02:00", 3, after) == NOON
    assert time_received(late, "2026-03-01 12:00", 3, after) == NOON
    with pytest.raises(InstructorError, match="--received is '0001-01-01T00:00"):
        time_received(late, "0001-01-01T00:00+14:00", 3, after)
    assert time_received(late, None, 0, after) == after
    assert time_received(late, None, 3, NOON) == NOON
    assert time_received(Policy(deadline=NOON), None, 3, after) == after
    with pytest.raises(InstructorError, match=r"--received when the 3 new hand-ins came"):
        time_received(late, None, 3, after)
    with pytest.raises(InstructorError, match="'yesterday', wanted the like of"):
        time_received(late, "yesterday", 3, datetime.now(UTC))


def test_where_nothing_could_be_had_the_share_is_none():
    grading = grading_of(exam_of("ada"), "ada", "----")
    nothing = Score(student="ada", points=0.0, possible=0.0, grading=grading, attempt=1, counted=(1,))
    assert (nothing.share, msgspec.structs.replace(nothing, possible=4.0, points=3.0).share) == (0, 0.75)
