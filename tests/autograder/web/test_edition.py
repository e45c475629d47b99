"""A page that is served takes up what changes in exam.json, and leaves everything else as it was."""

import csv
import os
import re
import time
from datetime import timedelta

import httpx2
import pytest
from msgspec.structs import replace

from autograder.web.access import COOKIE
from autograder.web.app import make_app
from autograder.web.edition import Editions
from quizgen.errors import OperatorError
from quizgen.exam_file import NAME, read_exam, write_exam
from quizgen.policy import Release

PATIENCE = 20.0


@pytest.fixture
def office(open_hall):
    """Return a hall whose exam lies in a folder, as that of a server does."""
    return in_folder(open_hall())


def in_folder(hall):
    write_exam(hall.site.exam, hall.folder)
    hall.app = make_app(hall.site, Editions(hall.site, hall.folder))
    return hall


def rewrite(hall, **changes):
    """Change the exam as `autograder policy` does."""
    write_exam(replace(hall.site.exam, **changes), hall.folder)


def deadline(browser):
    return browser.get("/paper/state").json()["deadline"]


def test_more_time_is_there_at_once(office):
    student = office.seated()
    before = deadline(student)
    rewrite(office, minutes=office.site.exam.minutes + 30)
    office.clock.move(minutes=91)
    assert deadline(student) > before
    saved = student.save(item4_z="1.5")
    assert saved.status_code == 200
    assert saved.json()["deadline"] == deadline(student)


def test_a_browser_that_has_not_heard_of_it_hands_nothing_in(office):
    student = office.seated()
    student.save(item4_z="1.5")
    office.clock.move(minutes=90)
    token = student.token()
    rewrite(office, minutes=120)
    assert student.post("/paper/hand-in", data={"csrf": token, "automatic": "1"}).status_code == 303
    assert office.store.attempts("s01") == ()
    office.clock.move(minutes=30)
    assert student.post("/paper/hand-in", data={"csrf": token, "automatic": "1"}).status_code == 303
    assert len(office.store.attempts("s01")) == 1


def test_a_student_who_comes_late_gets_a_paper(office, frozen):
    someone = frozen.papers[0]
    others = replace(frozen, papers=frozen.papers[1:])
    write_exam(others, office.folder)
    assert office.browser("s02").get("/paper").status_code == 200
    assert office.browser(someone.student).get("/paper").status_code == 403
    write_exam(frozen, office.folder)
    assert someone.name in office.browser(someone.student).start().get("/paper").text


def test_a_server_takes_up_what_commands_write(folder, start_server, autograder):
    """Under way, a student comes late and everybody gets more time."""
    exam = read_exam(folder)
    write_exam(replace(exam, papers=exam.papers[1:]), folder)
    server = start_server().ready()
    assert "s01" not in links(folder)
    write_exam(exam, folder)
    with httpx2.Client(base_url=f"http://127.0.0.1:{server.port}") as browser:
        end = time.monotonic() + PATIENCE
        while "s01" not in links(folder):
            assert time.monotonic() < end
            browser.get("/")
        known = links(folder)
        browser.cookies.set(COOKIE, known["s01"])
        token = re.search(r'name="csrf" value="(\w+)"', browser.get("/paper").text)[1]
        browser.post("/paper/start", data={"csrf": token})
        before = browser.get("/paper/state").json()["deadline"]
        done = autograder("policy", folder, "--minutes", "200", "--apply", "--reason", "fire alarm")
        assert done.code == 0
        assert "takes it up by itself" in done.out
        assert browser.get("/paper/state").json()["deadline"] > before
    assert links(folder) == known
    assert server.end() == (0, "")


def links(folder):
    with (folder / "links.csv").open(encoding="utf-8", newline="") as lines:
        return {row["student"]: row["secret"] for row in csv.DictReader(lines)}


def test_the_instructor_sees_scores_under_the_new_terms(open_hall):
    hall = in_folder(open_hall(deadline=None, late_per_day=0.0))
    student = hall.seated()
    student.save(item4_z="-0.74")
    student.hand_in()
    hall.graded("s01")
    teacher = hall.teacher()
    before = teacher.get("/teach/seats").text
    late = replace(hall.site.exam.policy, deadline=hall.clock() - timedelta(hours=1), late_per_day=100.0)
    rewrite(hall, policy=late)
    assert before != teacher.get("/teach/seats").text
    assert ">0 / 71<" in teacher.get("/teach/seats").text


def test_feedback_is_there_when_its_release_changes(office):
    student = office.seated()
    student.hand_in()
    office.graded("s01")
    assert student.get("/feedback").status_code == 403
    rewrite(office, policy=replace(office.site.exam.policy, release=Release.AT_ONCE))
    assert student.get("/feedback").status_code == 200


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda path, _: path.write_text("{"), "not an exam"),
        (lambda path, exam: write_exam(replace(exam, title="Finals", minutes=300), path.parent), "is now 'Finals'"),
    ],
)
def test_what_cannot_be_taken_up_is_told_once_and_the_exam_goes_on(office, caplog, spoil, told):
    student = office.seated()
    before = deadline(student)
    spoil(office.folder / NAME, office.site.exam)
    assert deadline(student) == before
    assert deadline(student) == before
    assert caplog.text.count(told) == 1
    rewrite(office, minutes=200)
    assert deadline(student) > before


def test_a_file_that_is_gone_changes_nothing(office):
    student = office.seated()
    before = deadline(student)
    (office.folder / NAME).unlink()
    assert deadline(student) == before


def test_while_the_database_is_away_the_next_one_tries_again(office, monkeypatch):
    editions = Editions(office.site, office.folder)
    assert editions.newest.exam == office.site.exam
    rewrite(office, minutes=200)

    def away(_self, _exam):
        raise OperatorError("away")

    with monkeypatch.context() as patched:
        patched.setattr(type(office.store), "add_exam", away)
        assert editions.newest.exam.minutes == office.site.exam.minutes
    assert editions.newest.exam.minutes == 200


def test_an_unchanged_exam_is_not_read_again(office):
    editions = Editions(office.site, office.folder)
    first = editions.newest
    assert editions.newest is first
    os.utime(office.folder / NAME)
    assert editions.newest is not first
