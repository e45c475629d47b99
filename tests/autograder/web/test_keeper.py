"""What is done though nobody asks."""

import time

import pytest

from autograder.sitting import Save
from autograder.web.edition import Editions
from autograder.web.handing import submission_of
from autograder.web.keeper import Keeper
from quizgen.errors import OperatorError


def eventually(condition, seconds=20.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def keeper(hall):
    found = Keeper(Editions(hall.site), seconds=0.02)
    yield found
    found.close()


def left_over(hall, text="1"):
    """Store a hand-in that nobody grades."""
    hall.store.page.add_saves([Save(student="s01", item=4, field="z", text=text, at=hall.clock())])
    hall.store.save_submission(submission_of(hall.site.papers["s01"], hall.store.page.saved("s01")))


def gradings(hall):
    return [len(a.gradings) for a in hall.store.attempts("s01")]


def test_who_sits_in_front_of_a_closed_laptop_is_handed_in(hall, keeper):
    hall.seated().save(item4_z="-0.74")
    keeper.start()
    hall.clock.move(minutes=91)
    eventually(lambda: gradings(hall) == [1])


def test_what_an_earlier_server_left_over_is_graded_at_the_start(hall, keeper):
    left_over(hall)
    keeper.start()
    eventually(lambda: gradings(hall) == [1])


def test_what_another_server_left_over_is_graded_after_a_while(hall, keeper):
    keeper.start()
    eventually(lambda: keeper._patience)
    left_over(hall)
    time.sleep(0.5)  # some rounds
    assert gradings(hall) == [0]
    hall.clock.move(minutes=6)
    eventually(lambda: gradings(hall) == [1])


@pytest.mark.parametrize("trouble", [OperatorError("the database is away"), RuntimeError("a bug")])
def test_trouble_does_not_end_it(hall, keeper, monkeypatch, caplog, trouble):
    left_over(hall)
    real, asked = hall.store.ungraded, []

    def ungraded(before):
        asked.append(before)
        if len(asked) < 3:
            raise trouble
        return real(before)

    monkeypatch.setattr(type(hall.store), "ungraded", lambda _, before: ungraded(before))
    keeper.start()
    eventually(lambda: gradings(hall) == [1])
    assert str(trouble) in caplog.text


def test_it_stops_when_told(hall):
    keeper = Keeper(Editions(hall.site), seconds=60.0)
    keeper.start()
    start = time.monotonic()
    keeper.close()
    assert time.monotonic() - start < 5
