"""Saves of many at once: none lost, none in another's place, none acknowledged that is not kept."""

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.event import listen

from autograder.sitting import Save
from autograder.web import saver as module
from autograder.web.saver import Saver
from quizgen.errors import OperatorError


def typed(hall, text, student="s01", field="z"):
    return Save(student=student, item=4, field=field, text=text, at=hall.clock())


def test_saves_of_many_threads_are_all_kept_and_serials_grow(hall):
    def one(student):
        return [hall.site.saver.save([typed(hall, str(n), student)]) for n in range(20)]

    students = list(hall.site.papers)
    with ThreadPoolExecutor(len(students)) as pool:
        serials = list(pool.map(one, students))
    assert all(mine == sorted(mine) for mine in serials)
    assert len({s for mine in serials for s in mine}) == 240
    assert len(hall.store.page.save_times()) == 240
    for student, mine in zip(students, serials, strict=True):
        found = hall.store.page.saved(student)
        assert (found.serial, found.texts) == (mine[-1], {4: {"z": "19"}})


def test_a_request_of_several_boxes_gets_the_last_serial(hall):
    serial = hall.site.saver.save([typed(hall, "1"), typed(hall, "2", field="a")])
    assert hall.store.page.saved("s01").serial == serial


class Slow:
    """A store whose page lets nobody go on before it is told to."""

    def __init__(self, hall):
        self.page, self.entered, self.gate, self.sizes = self, threading.Event(), threading.Event(), []
        self._inner = hall.store.page

    def add_saves(self, saves):
        self.entered.set()
        assert self.gate.wait(20)
        self.sizes.append(len(saves))
        return self._inner.add_saves(saves)


def queued(pool, slow, saver, saves):
    """Ask for saves, the first of which holds up the others."""
    asked = [pool.submit(saver.save, [saves[0]])]
    assert slow.entered.wait(20)
    asked += [pool.submit(saver.save, [save]) for save in saves[1:]]
    end = time.monotonic() + 20
    while saver._requests.qsize() < len(saves) - 1:
        assert time.monotonic() < end
        time.sleep(0.005)
    return asked


def together(hall, saves):
    """Let saves wait until all of them are there: they share a transaction."""
    slow = Slow(hall)
    saver = Saver(slow)
    with ThreadPoolExecutor(len(saves) + 1) as pool:
        asked = queued(pool, slow, saver, [typed(hall, "first"), *saves])
        slow.gate.set()
    saver.close()
    return slow, asked


def test_what_waits_together_is_written_together(hall):
    slow, asked = together(hall, [typed(hall, str(n)) for n in range(50)])
    assert slow.sizes == [1, 50]
    assert len({a.result() for a in asked}) == 51


def test_what_cannot_be_saved_does_not_cost_the_others(hall):
    _, asked = together(hall, [typed(hall, "1"), typed(hall, "2", student="nobody"), typed(hall, "3", student="s02")])
    failures = [a for a in asked if a.exception() is not None]
    assert [str(f.exception()) for f in failures] == [
        "student 'nobody' is not on the roster of exam 'Midterm: fundamentals of deep learning'"
    ]
    assert hall.store.page.saved("s02").texts == {4: {"z": "3"}}


def test_closing_finishes_what_was_asked_for_and_takes_no_more(hall):
    slow = Slow(hall)
    saver = Saver(slow)
    with ThreadPoolExecutor(30) as pool:
        asked = queued(pool, slow, saver, [typed(hall, str(n)) for n in range(30)])
        slow.gate.set()
        saver.close()
        assert len({a.result() for a in asked}) == 30
    start = time.monotonic()
    with pytest.raises(OperatorError, match="stopped"):
        saver.save([typed(hall, "late")])
    assert time.monotonic() - start < 1
    saver.close()


def test_what_takes_too_long_is_not_acknowledged(hall, monkeypatch):
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.1)
    slow = Slow(hall)
    saver = Saver(slow)
    with pytest.raises(OperatorError, match="does not take saves"):
        saver.save([typed(hall, "1")])
    slow.gate.set()
    saver.close()


def test_a_database_that_is_locked_acknowledges_nothing(hall, monkeypatch):
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.3)
    browser = hall.seated()
    token = browser.token()
    with sqlite3.connect(hall.folder / "grades.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = browser.post("/paper/save", data={"csrf": token, "item4:z": "1"})
        assert browser.get("/paper").status_code == 200  # reading goes on
        other.execute("ROLLBACK")
    other.close()
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "cannot reach its database" in answer.text
    assert browser.post("/paper/save", data={"csrf": token, "item4:z": "2"}).status_code == 200
    assert hall.store.page.saved("s01").texts == {4: {"z": "2"}}


def test_a_database_that_cannot_be_written_acknowledges_nothing(hall):
    browser = hall.seated()
    token = browser.token()
    listen(hall.store._engine, "checkout", lambda raw, *_: raw.execute("PRAGMA query_only=ON"))  # a full or broken disk
    for path, fields in [
        ("/paper/save", {"item4:z": "1"}),
        ("/paper", {"item4:z": "1"}),
        ("/paper/hand-in", {}),
        ("/paper/run", {"item": "10", "source": "def f(): pass"}),
    ]:
        answer = browser.post(path, data={"csrf": token, **fields})
        assert (path, answer.status_code) == (path, 503)
        assert "readonly" not in answer.text
    assert browser.get("/paper").status_code == 200
