from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import msgspec
import pytest
from sqlalchemy import text

from autograder.store import open_store
from quizgen.errors import OperatorError
from quizgen.model import CodeKey, Reason
from quizgen.policy import Policy

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(database, exam):
    with open_store(database, create=True, clock=lambda: NOON) as opened:
        opened.add_exam(exam)
        yield opened


def rows(store, query):
    with store._engine.connect() as connection:
        return [SimpleNamespace(**row._mapping) for row in connection.execute(text(query))]


def test_a_hand_in_comes_back_byte_for_byte(store, hand_in):
    submission = hand_in(problems=(Reason(phrase="misnamed-file", values={"name": "x", "found": "y"}),))
    assert store.save_submission(submission)
    assert store.latest_submissions() == (submission,)


def test_the_same_content_is_kept_once(store, hand_in):
    assert [store.save_submission(hand_in(digest=d)) for d in "aabab"] == [True, False, True, False, False]
    assert [(r.digest[0], r.attempt) for r in rows(store, "SELECT * FROM submission ORDER BY id")] == [
        ("a", 1),
        ("b", 2),
    ]


def test_content_handed_in_again_is_the_newest(store, hand_in, grade):
    for digest in "aba":
        store.save_submission(hand_in(digest=digest))
    store.save_grading(grade(digest="a"))
    assert [s.digest[0] for s in store.latest_submissions()] == ["a"]
    assert [g.digest[0] for g in store.latest_gradings()] == ["a"]


def test_a_grading_comes_back_whole(store, hand_in, grade):
    store.save_submission(hand_in())
    grading = grade(graded_at="2026-03-01T08:00:00+08:00")
    store.save_grading(grading)
    (found,) = store.latest_gradings()
    assert repr(found) == repr(msgspec.structs.replace(grading, graded_at="2026-03-01T00:00:00+00:00"))


@pytest.mark.parametrize(
    ("written", "read"),
    [("", "2026-03-01T12:00:00+00:00"), ("2026-01-02T03:04:05", "2026-01-02T03:04:05+00:00")],
)
def test_times_are_utc(store, hand_in, grade, written, read):
    store.save_submission(hand_in())
    store.save_grading(grade(graded_at=written))
    assert [g.graded_at for g in store.gradings_of("zoe")] == [read]


def test_a_verdict_knows_its_question_and_run(store, hand_in, grade):
    store.save_submission(hand_in())
    store.save_grading(grade())
    assert [v.question for v in rows(store, "SELECT * FROM verdict ORDER BY item")] == [
        "gradients/chain",
        "pooling/max_map",
    ]
    assert [g.run for g in rows(store, "SELECT * FROM grading")] == [store.run]


def test_gradings_are_appended(store, hand_in, grade):
    store.save_submission(hand_in())
    for points in (1.0, 3.0, 2.0):
        store.save_grading(grade(points=points))
    assert [g.points for g in store.gradings_of("zoe")] == [1.0, 3.0, 2.0]
    assert [g.points for g in store.latest_gradings()] == [2.0]


def test_the_latest_gradings_stand_in_roster_order(store, hand_in, grade):
    for student in ("adam", "zoe"):
        store.save_submission(hand_in(student))
        store.save_grading(grade(student))
    assert [g.student for g in store.latest_gradings()] == ["zoe", "adam"]
    assert [s.student for s in store.latest_submissions()] == ["zoe", "adam"]


def test_a_grading_of_an_older_hand_in_is_not_the_latest(store, hand_in, grade):
    store.save_submission(hand_in(digest="a"))
    store.save_grading(grade(digest="a"))
    store.save_submission(hand_in(digest="b"))
    assert store.latest_gradings() == ()
    assert len(store.gradings_of("zoe")) == 1


def test_is_graded(store, hand_in, grade):
    store.save_submission(hand_in())
    assert not store.is_graded("zoe", "a" * 64)
    store.save_grading(grade())
    assert store.is_graded("zoe", "a" * 64)
    assert not store.is_graded("adam", "a" * 64)
    assert not store.is_graded("zoe", "b" * 64)


def test_each_hand_in_has_the_time_at_which_it_came(store, hand_in):
    early, late = NOON - timedelta(days=2), NOON + timedelta(days=2)
    store.save_submissions([hand_in("adam"), hand_in("zoe")], times={"zoe": early, "nobody": late})
    store.save_submissions([hand_in("adam", "b"), hand_in("zoe", "b")], late, {"zoe": NOON})
    times = {(a.student, a.number): a.received_at for a in store.attempts()}
    assert times == {("adam", 1): NOON, ("adam", 2): late, ("zoe", 1): early, ("zoe", 2): NOON}


def test_a_changed_paper_keeps_its_gradings_but_wants_marking_again(store, exam, hand_in, grade):
    for student in ("adam", "zoe"):
        store.save_submission(hand_in(student))
        store.save_grading(grade(student))
    papers = tuple(
        msgspec.structs.replace(p, items=(msgspec.structs.replace(p.items[0], points=3.0), p.items[1]))
        if p.student == "zoe"
        else p
        for p in exam.papers
    )
    store.add_exam(msgspec.structs.replace(exam, papers=papers))
    assert store.is_graded("adam", "a" * 64)
    assert not store.is_graded("zoe", "a" * 64)
    assert store.ungraded(NOON) == ["zoe"]
    assert [g.student for g in store.latest_gradings()] == ["zoe", "adam"]
    store.add_exam(msgspec.structs.replace(exam, keys={"zoe": (CodeKey(), CodeKey())}))
    assert store.ungraded(NOON) == ["zoe"]


def test_other_students_and_other_terms_mark_nobody_again(store, make_exam, hand_in, grade):
    for student in ("adam", "zoe"):
        store.save_submission(hand_in(student))
        store.save_grading(grade(student))
    exam = make_exam("adam", "late", minutes=10.0)
    longer = tuple(msgspec.structs.replace(p, extra_time=15.0, name="New Name") for p in exam.papers)
    store.add_exam(msgspec.structs.replace(exam, papers=longer, policy=Policy(grace_minutes=5)))
    assert store.is_graded("adam", "a" * 64)
    assert [g.student for g in store.latest_gradings()] == ["adam", "zoe"]
    assert store.save_submission(hand_in("late"))
    assert [(s.student, s.position) for s in rows(store, "SELECT * FROM student ORDER BY student")] == [
        ("adam", 0),
        ("late", 1),
        ("zoe", None),
    ]


def test_exams_share_a_database_without_mixing(store, exam, make_exam, hand_in, grade):
    store.save_submission(hand_in())
    store.save_grading(grade())
    store.add_exam(make_exam(title="Final"))
    assert store.latest_gradings() == ()
    assert store.save_submission(hand_in())
    store.add_exam(exam)
    assert len(store.latest_gradings()) == 1


def test_what_does_not_fit_is_refused_by_name(store, hand_in, grade):
    with pytest.raises(OperatorError, match="'eve' is not on the roster of exam 'Midterm'"):
        store.save_submission(hand_in("eve"))
    with pytest.raises(OperatorError, match="no hand-in aaaaaaaaaaaa saved"):
        store.save_grading(grade())
    store.save_submission(hand_in())
    stray = msgspec.structs.replace(grade(), verdicts=(msgspec.structs.replace(grade().verdicts[0], item=9),))
    with pytest.raises(OperatorError, match="item 9 is not on the paper"):
        store.save_grading(stray)
    with pytest.raises(OperatorError, match="graded at 'noon', not a time"):
        store.save_grading(grade(graded_at="noon"))
    assert store.gradings_of("zoe") == ()


def test_a_grading_is_saved_whole_or_not_at_all(store, hand_in, grade):
    store.save_submission(hand_in())
    twice = msgspec.structs.replace(grade(), verdicts=(grade().verdicts[0], grade().verdicts[0]))
    with pytest.raises(OperatorError, match=r"the database says: (UNIQUE|duplicate key)"):
        store.save_grading(twice)
    assert rows(store, "SELECT * FROM grading") == []


def test_the_exam_comes_first(tmp_path):
    with (
        open_store(tmp_path / "grades.db", create=True) as store,
        pytest.raises(OperatorError, match="add_exam comes first"),
    ):
        store.latest_gradings()
