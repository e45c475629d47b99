"""What the page keeps, on SQLite and on PostgreSQL."""

from datetime import UTC, datetime, timedelta

import pytest

from autograder.sitting import Save
from autograder.store import open_store
from quizgen.errors import OperatorError

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(database, exam, clock):
    with open_store(database, create=True, clock=clock) as opened:
        opened.add_exam(exam)
        yield opened


def save(text, *, student="zoe", item=1, field="dx", minutes=0):
    return Save(student=student, item=item, field=field, text=text, at=NOON + timedelta(minutes=minutes))


def test_a_box_holds_what_was_saved_last_and_nothing_is_forgotten(store):
    first = store.page.add_saves([save("1"), save("2", minutes=1), save("x", item=2, field="source", minutes=2)])
    assert first == sorted(set(first))
    (later,) = store.page.add_saves([save("3", minutes=3)])
    assert later > first[-1]
    found = store.page.saved("zoe")
    assert found.texts == {1: {"dx": "3"}, 2: {"source": "x"}}
    assert (found.serial, found.at) == (later, NOON + timedelta(minutes=3))
    assert store.page.saved("zoe", until=NOON + timedelta(minutes=1)).texts == {1: {"dx": "2"}}
    assert [(s, i) for s, i, _ in store.page.save_times()] == [("zoe", 1), ("zoe", 1), ("zoe", 2), ("zoe", 1)]


def test_boxes_of_others_are_others(store):
    store.page.add_saves([save("1"), save("2", student="adam")])
    assert store.page.saved("zoe").texts == {1: {"dx": "1"}}
    assert store.page.saved("adam").texts == {1: {"dx": "2"}}


def test_an_untouched_paper_has_no_serial(store):
    assert (store.page.saved("zoe").serial, store.page.saved("zoe").texts) == (0, {})


def test_a_save_for_nobody_on_the_roster_is_refused(store):
    with pytest.raises(OperatorError, match="'eve' is not on the roster"):
        store.page.add_saves([save("1"), save("1", student="eve")])
    assert store.page.saved("zoe").texts == {}


def test_a_clock_starts_once(store, clock, exam):
    assert store.page.start("zoe") == NOON
    clock.now += timedelta(hours=1)
    assert store.page.start("zoe") == NOON
    assert store.page.sitting(exam.papers[0]).started_at == NOON
    assert store.page.sitting(exam.papers[1]).started_at is None


def test_answering_ends_once_whether_or_not_a_clock_ran(store, clock, exam):
    store.page.start("zoe")
    for student in ("zoe", "adam", "zoe"):
        clock.now += timedelta(minutes=1)
        store.page.close(student)
    zoe, adam = (store.page.sitting(p) for p in exam.papers)
    assert (zoe.started_at, zoe.closed_at) == (NOON, NOON + timedelta(minutes=1))
    assert (adam.started_at, adam.closed_at) == (NOON + timedelta(minutes=2), NOON + timedelta(minutes=2))


def test_a_secret_opens_until_it_is_revoked(store):
    store.page.add_accesses({"zoe": "a" * 64, "": "b" * 64, "adam": "c" * 64})
    assert [store.page.find_access(d * 64) for d in "abcd"] == ["zoe", "", "adam", None]
    assert store.page.revoke(["zoe"]) == 1
    assert [store.page.find_access(d * 64) for d in "abc"] == [None, "", "adam"]
    assert store.page.accesses() == {"b" * 64, "c" * 64}
    assert store.page.revoke() == 2
    assert store.page.accesses() == frozenset()


def test_secrets_open_their_own_exam_only(store, make_exam):
    store.page.add_accesses({"zoe": "a" * 64})
    store.add_exam(make_exam(title="Other"))
    assert store.page.find_access("a" * 64) is None


def test_the_newest_word_on_release_counts(store):
    assert store.page.released() is None
    store.page.release(visible=True, by="mei")
    assert store.page.released() is True
    store.page.release(visible=False, by="mei")
    assert store.page.released() is False


def test_a_follower_reads_only_what_is_new(store):
    first, *_ = store.page.add_saves([save("1"), save("", field="dy", minutes=1)])
    last = store.page.add_saves([save("2", item=2, minutes=2)])[-1]
    found = store.page.marks()
    assert [(m.item, m.field, m.filled) for m in found] == [(1, "dx", True), (1, "dy", False), (2, "dx", True)]
    assert [m.serial for m in store.page.marks(first)] == [m.serial for m in found[1:]]
    assert store.page.marks(last) == []


def test_all_sittings_are_those_of_each_student(store, clock, hand_in, exam):
    store.page.start("zoe")
    clock.now += timedelta(minutes=5)
    store.save_submission(hand_in())
    store.page.close("zoe")
    assert store.page.sittings(exam.papers) == tuple(store.page.sitting(paper) for paper in exam.papers)


def test_accesses_of_a_student_say_since_when_and_until_when(store, clock):
    store.page.add_accesses({"zoe": "a" * 64, "": "b" * 64})
    clock.now += timedelta(minutes=5)
    store.page.revoke(["zoe"])
    (access,) = store.page.accesses_of("zoe")
    assert (access.made_at, access.revoked_at) == (NOON, NOON + timedelta(minutes=5))
    assert store.page.accesses_of("adam") == ()
