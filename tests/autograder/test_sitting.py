from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from autograder.sitting import (
    Sitting,
    Stage,
    ends_at,
    hand_ins_left,
    is_released,
    minutes_late,
    received_at,
    stage,
)
from quizgen.model import Exam, Paper
from quizgen.policy import Policy, Release

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ZOE = Paper(student="zoe", name="Zoe", code="ABCD", language="en", items=())
SLOW = replace(ZOE, student="adam", extra_time=30.0)


def minutes(count):
    return timedelta(minutes=count)


def exam(length=0.0, **policy):
    return Exam(
        title="T",
        language="en",
        seed=1,
        program="0",
        banks={},
        questions={},
        papers=(ZOE, SLOW),
        keys={},
        minutes=length,
        policy=Policy(**policy),
    )


@pytest.mark.parametrize(
    ("length", "deadline", "paper", "end"),
    [
        (0.0, None, ZOE, None),
        (90.0, None, ZOE, 90),
        (90.0, None, SLOW, 120),
        (0.0, 60, ZOE, 60),
        (0.0, 60, SLOW, 90),
        (90.0, 60, ZOE, 60),
        (90.0, 200, ZOE, 90),
    ],
)
def test_time_is_over_at_the_earlier_of_minutes_and_deadline(length, deadline, paper, end):
    held = exam(length, deadline=NOON + minutes(deadline) if deadline else None)
    found = ends_at(held, Sitting(paper=paper, started_at=NOON))
    assert found == (NOON + minutes(end) if end else None)


def test_before_the_start_only_the_deadline_ends_anything():
    assert ends_at(exam(90.0), Sitting(paper=ZOE)) is None


def test_stages():
    held = exam(90.0, opens=NOON, hand_ins=2)
    begun = Sitting(paper=ZOE, started_at=NOON)
    assert stage(held, Sitting(paper=ZOE), NOON - minutes(1)) is Stage.NOT_YET
    assert stage(held, Sitting(paper=ZOE), NOON) is Stage.READY
    assert stage(held, begun, NOON) is Stage.OPEN
    assert stage(held, replace(begun, hand_ins=(NOON,)), NOON) is Stage.OPEN
    assert stage(held, replace(begun, hand_ins=(NOON, NOON)), NOON) is Stage.DONE
    assert stage(held, begun, NOON + minutes(500)) is Stage.OPEN  # late, but never lost
    assert stage(held, replace(begun, closed_at=NOON), NOON) is Stage.DONE  # has seen the right answers
    assert stage(exam(), Sitting(paper=ZOE), NOON) is Stage.OPEN  # no clock to start


def test_hand_ins_left():
    assert hand_ins_left(Policy(), 7) is None
    assert [hand_ins_left(Policy(hand_ins=2), used) for used in (0, 1, 2, 3)] == [2, 1, 0, 0]


@pytest.mark.parametrize(("after", "late"), [(-1, 0), (0, 0), (5, 0), (6, 6), (90, 90)])
def test_lateness_begins_after_the_grace_and_counts_from_the_end(after, late):
    held = exam(60.0, grace_minutes=5)
    sitting = Sitting(paper=ZOE, started_at=NOON)
    assert minutes_late(held, sitting, NOON + minutes(60 + after)) == late


@pytest.mark.parametrize(("seconds", "counts_as"), [(-5, -5), (0, 0), (1, 0), (30, 0), (31, 31)])
def test_what_the_network_delays_is_not_late(seconds, counts_as):
    held = exam(60.0)
    sitting = Sitting(paper=ZOE, started_at=NOON)
    end = NOON + minutes(60)
    assert received_at(held, sitting, end + timedelta(seconds=seconds)) == end + timedelta(seconds=counts_as)


def test_feedback_waits_for_the_student_with_the_most_time():
    held = exam(release=Release.AFTER_DEADLINE, deadline=NOON, grace_minutes=10)
    assert not is_released(held, NOON + minutes(40), by_hand=None)
    assert is_released(held, NOON + minutes(41), by_hand=None)


@pytest.mark.parametrize(
    ("release", "seen"),
    [(Release.AT_ONCE, True), (Release.BY_HAND, False), (Release.NEVER, False)],
)
def test_an_instructors_word_goes_before_the_policy(release, seen):
    held = exam(release=release)
    assert is_released(held, NOON, by_hand=None) is seen
    assert is_released(held, NOON, by_hand=True)
    assert not is_released(held, NOON, by_hand=False)
