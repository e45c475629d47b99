"""Handing in: by hand, by the clock, late, too often, and from two windows at once."""

import dataclasses
import threading
from datetime import timedelta

import pytest

from autograder.sitting import Save
from autograder.web.handing import grade_left_over, hand_in, hand_in_overdue, submission_of
from autograder.web.rate import RateLimiter
from autograder.web.site import usual_limits
from quizgen.policy import Attempts, Release
from quizgen.wording.phrases import in_words

RIGHT, WRONG = "-0.74", "9"
"""Answers to item 4's first step on s01's paper, as its student's own file has it."""


def points(attempt):
    """Return what one hand-in got for item 4."""
    return attempt.gradings[-1].grading.verdicts[3].points


def notes(hall, student):
    return [in_words(p, "en") for s in hall.store.latest_submissions() if s.student == student for p in s.problems]


def test_what_is_saved_is_handed_in_and_marked(hall):
    browser = hall.seated()
    browser.save(item4_z=RIGHT)
    answer = browser.hand_in()
    assert (answer.status_code, answer.headers["location"]) == (303, "/paper")
    (attempt,) = hall.graded("s01")
    assert attempt.received_at == hall.clock.now
    assert points(attempt) > 0
    assert "Handed in at" in browser.get("/paper").text


def test_a_blank_paper_can_be_handed_in(hall):
    hall.seated().hand_in()
    (attempt,) = hall.graded("s01")
    assert attempt.gradings[-1].grading.points == 0


def test_the_page_says_when_there_are_changes_since(hall):
    browser = hall.seated()
    browser.save(item4_z=RIGHT)
    browser.hand_in()
    changed = "You have changed answers since"
    assert changed not in browser.get("/paper").text
    hall.clock.move(minutes=1)
    browser.save(item4_z=WRONG)
    assert changed in browser.get("/paper").text
    browser.save(item4_z=RIGHT)
    assert changed not in browser.get("/paper").text


def test_who_sends_within_the_courtesy_has_not_changed_anything_since(hall):
    browser = hall.seated()
    hall.clock.move(minutes=90, seconds=5)
    browser.save(item4_z=RIGHT)
    hall.clock.move(seconds=20)
    browser.hand_in()
    (attempt,) = hall.graded("s01")
    assert attempt.received_at == hall.clock.now - timedelta(seconds=25)  # the end
    assert notes(hall, "s01") == []
    assert "You have changed answers since" not in browser.get("/paper").text


@pytest.mark.parametrize(
    ("student", "minutes", "words"),
    [
        ("s01", 97, "handed in 7 minutes after the time was over"),
        ("s09", 97, "7"),
        ("s05", 112, "handed in 7 minutes after the time was over"),
    ],
)
def test_a_late_hand_in_is_kept_and_marked_late(hall, student, minutes, words):
    browser = hall.seated(student)
    hall.clock.move(minutes=minutes)
    assert ("Your time is over" in browser.get("/paper").text) is (student != "s09")
    browser.save(item4_z=RIGHT)
    browser.hand_in()
    (submission,) = hall.store.latest_submissions()
    language = hall.site.papers[student].language
    (said,) = [in_words(p, language) for p in submission.problems]
    assert words in said
    assert ("分钟" in said) is (language == "zh")
    assert hall.graded(student)[0].received_at == hall.clock.now


def test_extra_time_is_in_time(hall):
    browser = hall.seated("s05")
    hall.clock.move(minutes=104)
    browser.hand_in()
    assert notes(hall, "s05") == []


def test_the_clock_hands_in_what_was_saved_in_time(hall):
    browser = hall.seated()
    browser.save(item4_z=RIGHT)
    hall.clock.move(minutes=90, seconds=20)
    browser.save(item4_a="0.323")  # still in time, for the network's sake
    assert hand_in_overdue(hall.site, hall.clock()) == []
    hall.clock.move(seconds=20)
    browser.save(item4_z=WRONG)  # after the time was over
    (submission,) = hand_in_overdue(hall.site, hall.clock())
    assert b'"z" = "-0.74"' in submission.answers
    assert b'"a" = "0.323"' in submission.answers
    assert notes(hall, "s01") == ["handed in by the clock: what was saved when the time was over"]
    assert hall.graded("s01")[0].received_at == hall.clock.now - timedelta(seconds=40)
    assert "You have changed answers since" in browser.get("/paper").text


def test_the_clock_hands_in_once_and_leaves_alone_who_has(hall):
    first, second, idle = hall.seated("s01"), hall.seated("s02"), hall.seated("s03")
    for browser in (first, second):
        browser.save(item4_z=RIGHT)
    second.hand_in()
    hall.clock.move(minutes=91)
    assert [s.student for s in hand_in_overdue(hall.site, hall.clock())] == ["s01"]
    assert hand_in_overdue(hall.site, hall.clock()) == []
    assert idle.get("/paper").status_code == 200


def test_the_clock_hands_in_again_where_something_was_changed_in_time(hall):
    browser = hall.seated()
    browser.save(item4_z=WRONG)
    browser.hand_in()
    hall.clock.move(minutes=1)
    browser.save(item4_z=RIGHT)
    hall.clock.move(minutes=91)
    assert len(hand_in_overdue(hall.site, hall.clock())) == 1
    assert [points(a) > 0 for a in hall.graded("s01")] == [False, True]


def test_the_deadline_ends_what_minutes_do_not(open_hall, hall):
    hall = open_hall(minutes=0.0, deadline=hall.clock() + timedelta(minutes=60))
    for student in ("s01", "s05"):
        hall.browser(student).save(item4_z=RIGHT)
    hall.clock.move(minutes=61)
    assert [s.student for s in hand_in_overdue(hall.site, hall.clock())] == ["s01"]
    hall.clock.move(minutes=15)  # s05's extra time
    assert [s.student for s in hand_in_overdue(hall.site, hall.clock())] == ["s05"]


def test_only_so_many_hand_ins_are_taken(open_hall):
    hall = open_hall(hand_ins=2)
    browser = hall.seated()
    for text in "12":
        hall.clock.move(minutes=1)
        browser.save(item4_z=text)
        assert browser.hand_in().status_code == 303
    token = browser.token()
    page = browser.get("/paper").text
    assert 'name="hand_in"' not in page
    assert browser.post("/paper/save", data={"csrf": token, "item4:z": "3"}).status_code == 409
    assert browser.get("/paper/hand-in").status_code == 409
    assert browser.post("/paper/hand-in", data={"csrf": token}).headers["location"] == "/paper"
    hall.clock.move(minutes=91)
    assert hand_in_overdue(hall.site, hall.clock()) == []
    assert len(hall.graded("s01")) == 2


def test_the_same_again_is_no_further_hand_in(open_hall):
    hall = open_hall(hand_ins=2)
    browser = hall.seated()
    browser.save(item4_z="1")
    browser.hand_in()
    browser.hand_in()
    assert len(hall.store.attempts("s01")) == 1


def racing(*works):
    """Do several things at the same moment."""
    gate = threading.Barrier(len(works))

    def run(work):
        gate.wait()
        work()

    threads = [threading.Thread(target=run, args=(w,)) for w in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_windows_cannot_hand_in_more_often_than_allowed(open_hall):
    """Each has looked before the other has handed in."""
    hall = open_hall(hand_ins=1)
    hall.seated().save(item4_z="1")
    before = hall.store.page.sitting(hall.site.papers["s01"])
    hand_in(hall.site, before, hall.clock())
    hall.store.page.add_saves([typed(hall, "2")])
    hand_in(hall.site, before, hall.clock())
    assert len(hall.store.attempts("s01")) == 1


def typed(hall, text):
    return Save(student="s01", item=4, field="z", text=text, at=hall.clock())


def test_twenty_windows_at_once(open_hall):
    hall = open_hall(hand_ins=3)
    hall.seated()
    before = hall.store.page.sitting(hall.site.papers["s01"])

    def one(text):
        hall.store.page.add_saves([typed(hall, text)])
        hand_in(hall.site, before, hall.clock())

    racing(*[lambda n=n: one(str(n)) for n in range(20)])
    assert len(hall.store.attempts("s01")) == 3


def test_who_has_opened_the_feedback_hands_in_no_more_however_it_is_tried(open_hall):
    hall = open_hall(release=Release.AT_ONCE)
    first, second = hall.seated(), hall.browser("s01")
    first.save(item4_z=WRONG)
    first.hand_in()
    hall.graded("s01")
    hall.clock.move(minutes=1)
    second.save(item4_a="0.1")
    token, before = second.token(), hall.store.page.sitting(hall.site.papers["s01"])
    assert "cannot change or hand in anything" in first.get("/feedback").text
    assert "-0.74" not in first.get("/feedback").text
    assert first.fill_in("/feedback").status_code == 303
    assert "-0.74" in first.get("/feedback").text
    for path in ("/paper/save", "/paper", "/paper/run"):
        fields = {"csrf": token, "item4:z": RIGHT, "item": "10", "source": "x", "hand_in": "1"}
        assert second.post(path, data=fields).status_code == 409
    assert second.get("/paper/hand-in").status_code == 409
    assert second.post("/paper/hand-in", data={"csrf": token}).headers["location"] == "/paper"
    hand_in(hall.site, before, hall.clock())  # a window whose request was under way
    hall.clock.move(minutes=91)
    assert hand_in_overdue(hall.site, hall.clock()) == []  # the clock does not either
    (attempt,) = hall.graded("s01")
    assert points(attempt) == 0


def test_every_attempt_is_marked_though_several_wait(open_hall):
    hall = open_hall(attempts=Attempts.BEST, release=Release.AT_ONCE)
    held, free = threading.Event(), threading.Event()
    hall.site.runner.submit("s01", lambda _: (held.set(), free.wait(20)), urgent=True)
    held.wait(20)
    browser = hall.seated()
    for text in (WRONG, RIGHT, "8"):
        hall.clock.move(minutes=1)
        browser.save(item4_z=text)
        browser.hand_in()
    free.set()
    assert [points(a) > 0 for a in hall.graded("s01")] == [False, True, False]
    hall.browser("s01").fill_in("/feedback")
    assert "-0.74" in hall.browser("s01").get("/feedback").text


def test_what_an_earlier_server_did_not_come_to_mark_is_marked(hall):
    paper = hall.site.papers["s01"]
    hall.store.page.start("s01")
    for text in (WRONG, RIGHT):
        hall.store.page.add_saves([typed(hall, text)])
        hall.store.save_submission(submission_of(paper, hall.store.page.saved("s01")))
    assert [len(a.gradings) for a in hall.store.attempts("s01")] == [0, 0]
    grade_left_over(hall.site, hall.clock())
    assert [points(a) > 0 for a in hall.graded("s01")] == [False, True]
    grade_left_over(hall.site, hall.clock())
    assert [len(a.gradings) for a in hall.graded("s01")] == [1, 1]


def test_hand_ins_are_rationed(open_hall):
    hall = open_hall(limits=dataclasses.replace(usual_limits(), hand_ins=RateLimiter(3, 0.1)))
    browser = hall.seated()
    token = browser.token()
    answers = [browser.post("/paper/hand-in", data={"csrf": token}) for _ in range(5)]
    assert [a.status_code for a in answers] == [303] * 3 + [429] * 2
    assert int(answers[-1].headers["retry-after"]) >= 1
