"""A student's pages: one's own paper and nothing of anybody else's, no key before its time, nothing taken on trust."""

import dataclasses
import html
import json
import re
import threading
from datetime import timedelta

import pytest
from msgspec.structs import replace

from autograder.sitting import Save
from autograder.web.assets import assets
from autograder.web.form import boxes
from autograder.web.rate import RateLimiter
from autograder.web.site import usual_limits
from quizgen.formats.html import paper_html
from quizgen.formats.keys import key_rows
from quizgen.model import CodeBody, Status, Verdict
from quizgen.policy import Release

NUMBER = re.compile(r"\d+\.\d{3,}")
"""Numbers with three decimals or more: shorter ones stand on any page."""
RUN_OF_WORDS = {"en": re.compile(r"[\w ,.;:'-]{25,}"), "zh": re.compile(r"[\u4e00-\u9fff，。；：]{10,}")}
STUDENTS = [f"s{n:02}" for n in range(1, 13)]


def functions(example, student):
    """Return a function for each code item's box: the whole file that the student of the example handed in."""
    return (example / "submissions" / student / "solution.py").read_text(encoding="utf-8")


def code_items(paper):
    return [i.number for i in paper.items if isinstance(i.variant.body, CodeBody)]


def seen(browser, paper, source):
    """Return everything that a student gets to see before feedback is released."""
    answers = [browser.get("/"), browser.get("/paper"), browser.start().get("/paper"), browser.get("/paper/state")]
    some = next(iter(boxes(paper)))
    answers += [browser.fill_in("/paper/save", **{some: "1"}), browser.get("/paper/state"), browser.get("/feedback")]
    for number in code_items(paper)[:1]:
        answers.append(browser.fill_in("/paper/run", item=str(number), source=source))
        answers.append(browser.fill_in("/paper", run=str(number)))
    answers += [browser.get("/paper/hand-in"), browser.hand_in(), browser.get("/paper"), browser.get("/feedback")]
    return answers


@pytest.fixture(scope="module")
def files():
    """Return the text of every script and style."""
    return [a.data.decode() for a in assets().values() if a.media.startswith("text")]


@pytest.mark.parametrize("student", STUDENTS)
def test_no_key_and_no_word_of_a_solution_is_seen_before_the_release(hall, student, example, files):
    """What the paper on paper shows may be seen: it is made without keys."""
    exam, paper = hall.site.exam, hall.site.papers[student]
    source = functions(example, "s01")
    answers = seen(hall.browser(student), paper, source)
    texts = [html.unescape(a.text) for a in answers]
    on_paper = html.unescape(paper_html(paper, exam))
    keys = {
        found
        for item, key in zip(paper.items, exam.keys[student], strict=True)
        for row in key_rows(item, key, exam.questions[item.variant.question], paper.language)
        for found in NUMBER.findall(row.value)
    } - set(NUMBER.findall(on_paper))
    assert len(keys) > 20
    assert [k for text in texts for k in keys & set(NUMBER.findall(text))] == []
    words = {
        run
        for item in paper.items
        for name, text in exam.questions[item.variant.question].words[paper.language].items()
        if name not in {"stem", "docstring", "options"}
        for run in RUN_OF_WORDS[paper.language].findall(text)
        if run not in on_paper
    }
    assert len(words) > 20
    everything = "\n".join(texts + files)
    assert [w for w in words if w in everything] == []


def test_the_key_is_found_where_it_may_be_seen(open_hall, example):
    """The search above finds it in the feedback."""
    hall = open_hall(release=Release.AT_ONCE)
    browser = hall.seated()
    browser.hand_in()
    hall.graded("s01")
    browser.fill_in("/feedback")
    shown = browser.get("/feedback").text
    assert "0.148" in shown
    assert "Early stopping" in shown or "validation" in shown


def test_with_one_students_secret_nothing_of_the_others_is_had(hall):
    """Every address, with every other student's id, paper code, item and ticket."""
    others = {s: hall.seated(s) for s in STUDENTS[1:]}
    tickets = {}
    for student, browser in others.items():
        browser.save(item4_z=f"secret of {student}")
        tickets[student] = hall.site.runner.submit(student, lambda _: "theirs")
    mine = hall.seated("s01")
    token = mine.token()
    before = {s: hall.store.page.saved(s) for s in others}
    for student, ticket in tickets.items():
        ticket.result(20)
        paper = hall.site.papers[student]
        answers = [mine.get(path) for path in ("/paper", "/paper/state", "/paper/hand-in", "/feedback")]
        answers += [mine.get(f"/paper/run/{n}/{ticket.id}") for n in (*code_items(paper), 4, 99)]
        answers += [
            mine.get(path, params={"student": student, "since": "x", "paper": paper.code})
            for path in ("/paper", "/paper/state", f"/paper/{student}", f"/teach/student/{student}", "/teach/files")
        ]
        fields = {"csrf": token, "student": student, "paper": paper.code, "item4:z": "mine", "item": "10"}
        answers += [mine.post(path, data=fields) for path in ("/paper/save", "/paper")]
        text = "".join(a.text for a in answers)
        assert "secret of" not in text
        assert "theirs" not in text
        assert paper.name not in text.replace("O&#39;", "O'")
        assert paper.code not in text
    assert {s: hall.store.page.saved(s) for s in others} == before
    assert "This run is no longer known" in mine.get(f"/paper/run/10/{tickets['s02'].id}").text


def test_a_run_is_shown_where_it_was_asked_for_only(hall):
    browser = hall.seated()
    verdict = Verdict(item=10, status=Status.CORRECT, credit=1.0, points=0.0)
    for value, words in [
        (verdict, "These are the visible cases"),
        ("of practice", "no longer known"),
        (None, "no long"),
    ]:
        ticket = hall.site.runner.submit("s01", lambda _, value=value: value)
        ticket.result(20)
        assert words in browser.get(f"/paper/run/10/{ticket.id}").text
        assert "no longer known" in browser.get(f"/paper/run/11/{ticket.id}").text


@pytest.mark.parametrize("path", ["/paper", "/paper/start", "/paper/save", "/paper/run", "/paper/hand-in", "/feedback"])
def test_a_form_counts_only_with_the_token_of_its_own_page(open_hall, path):
    hall = open_hall(release=Release.AT_ONCE)
    browser, other = hall.browser("s01"), hall.browser("s02")
    for token in (None, "", "x", other.token(), hall.passes["s01"].secret, "é", "\udcff"):
        fields = {"item4:z": "1", "item": "10", "source": "x", "hand_in": "1"}
        answer = browser.post(path, data=fields | ({} if token is None else {"csrf": token.encode(errors="replace")}))
        assert answer.status_code == 403
        assert "does not belong to this sign-in" in answer.text
    assert hall.store.page.saved("s01").serial == 0
    assert hall.store.page.sitting(hall.site.papers["s01"]).started_at is None
    assert hall.store.attempts("s01") == ()


def test_the_instructor_is_no_student_and_a_student_no_instructor(hall):
    assert hall.teacher().get("/paper").status_code == 403
    assert hall.browser("s01").get("/teach").status_code == 403


def test_before_the_exam_opens_there_is_nothing_to_see(open_hall, hall):
    hall = open_hall(opens=hall.clock() + timedelta(minutes=5))
    browser = hall.browser("s01")
    page = browser.get("/paper")
    assert "The paper opens at" in page.text
    assert "sigmoid" not in page.text.lower()
    assert browser.get("/paper/state").status_code == 409
    hall.clock.move(minutes=5)
    assert "You have 90 minutes for 12 items" in browser.get("/paper").text
    assert "You have 105 minutes" in hall.browser("s05").get("/paper").text


def test_before_the_clock_starts_nothing_is_seen_or_taken(hall):
    browser = hall.browser("s01")
    assert "sigmoid" not in browser.get("/paper").text.lower()
    for path in ("/paper/state", "/paper/hand-in"):
        assert browser.get(path).status_code == 409
    for path in ("/paper", "/paper/save", "/paper/run", "/paper/hand-in"):
        assert browser.fill_in(path, **{"item4:z": "1", "item": "10", "source": "x"}).status_code == 409


def test_the_clock_starts_once(hall):
    browser = hall.seated()
    hall.clock.move(minutes=30)
    token = browser.token()
    browser.post("/paper/start", data={"csrf": token})
    answer = browser.get("/paper/state").json()
    assert answer["deadline"] == (hall.clock() + timedelta(minutes=60)).isoformat()
    assert answer["now"] == hall.clock().isoformat()


@pytest.mark.parametrize(
    ("release", "hours", "shown"),
    [
        (Release.AT_ONCE, 0, True),
        (Release.BY_HAND, 0, False),
        (Release.NEVER, 99, False),
        (Release.AFTER_DEADLINE, 1, False),
        (Release.AFTER_DEADLINE, 1.49, False),  # s11 has 30 minutes more
        (Release.AFTER_DEADLINE, 1.51, True),
    ],
)
def test_feedback_is_shown_when_the_exam_says(open_hall, hall, release, hours, shown):
    hall = open_hall(release=release, minutes=0.0, deadline=hall.clock() + timedelta(hours=1))
    browser = hall.browser("s01")
    browser.save(item4_z="9")
    browser.hand_in()
    hall.graded("s01")
    hall.clock.move(hours=hours)
    first = browser.get("/feedback")
    assert first.status_code == (200 if shown else 403)
    assert browser.fill_in("/feedback").status_code == (303 if shown else 403)
    assert ("-0.74" in browser.get("/feedback").text) is shown
    assert ("/feedback" in re.findall('href="([^"]+)"', browser.get("/paper").text)) is shown


def test_an_instructors_word_releases_and_takes_back(hall):
    browser = hall.seated()
    browser.hand_in()
    hall.graded("s01")
    assert browser.get("/feedback").status_code == 403
    hall.store.page.release(visible=True, by="test")
    assert browser.get("/feedback").status_code == 200
    hall.store.page.release(visible=False, by="test")
    assert browser.get("/feedback").status_code == 403
    assert browser.fill_in("/feedback").status_code == 403


def test_feedback_that_is_not_graded_yet_waits(open_hall):
    hall = open_hall(release=Release.AT_ONCE)
    free, held = threading.Event(), threading.Event()
    hall.site.runner.submit("s01", lambda _: (held.set(), free.wait(20)), urgent=True)
    held.wait(20)
    browser = hall.seated()
    assert browser.get("/feedback").status_code == 404
    browser.hand_in()
    assert 'http-equiv="refresh"' in browser.get("/feedback").text
    free.set()
    hall.graded("s01")
    assert 'http-equiv="refresh"' not in browser.get("/feedback").text


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"item4:z": "1" * 2000}, 200),
        ({"item4:z": "1" * 2001}, 413),
        ({"item10:source": "#" * 20_000}, 200),
        ({"item10:source": "#" * 20_001}, 413),
        ({"item4:nothing": "1"}, 400),
        ({"item99:z": "1"}, 400),
        ({"item4:z[0]": "1"}, 400),
        ({"ITEM4:Z": "1"}, 400),
        ({}, 400),
    ],
)
def test_what_may_be_saved(hall, fields, status):
    browser = hall.seated()
    answer = browser.fill_in("/paper/save", **fields)
    assert answer.status_code == status
    assert (hall.store.page.saved("s01").serial > 0) is (status == 200)


def test_one_text_that_is_too_long_keeps_none_of_its_request(hall):
    browser = hall.seated()
    assert browser.save(item4_z="1", item4_a="2" * 2001).status_code == 413
    assert hall.store.page.saved("s01").texts == {}


@pytest.mark.parametrize(
    "text", ["a\0b", "\ufffe\uffff", "𝟙", "\x1b[31m", "\u202e1", "<script>", "'; drop table save;--", "{{7*7}}"]
)
def test_whatever_is_typed_comes_back_as_text(hall, text):
    browser = hall.seated()
    assert browser.save(item4_z=text).status_code == 200
    kept = text.replace("\0", "\ufffd")  # which no database keeps alike
    assert browser.get("/paper/state").json()["fields"]["item4:z"] == kept
    page = browser.get("/paper").text
    assert f'value="{html.escape(kept, quote=True).replace("&#x27;", "&#39;")}"' in page
    assert browser.hand_in().status_code == 303
    assert len(hall.graded("s01")[0].gradings) == 1


def test_line_ends_are_those_of_python(hall):
    browser = hall.seated()
    browser.fill_in("/paper/save", **{"item10:source": "a\r\nb\rc\n"})
    assert hall.store.page.saved("s01").texts[10]["source"] == "a\nb\nc\n"


def test_without_scripts_the_whole_form_is_one_save(hall):
    browser = hall.seated()
    browser.save(item4_z="1")
    serial = hall.store.page.saved("s01").serial
    assert browser.fill_in("/paper", **{"item4:z": "1", "save": "1"}).headers["location"] == "/paper"
    assert hall.store.page.saved("s01").serial == serial  # nothing was changed
    answer = browser.fill_in("/paper", **{"item4:z": "2", "item8:answer[A]": "A", "hand_in": "1"})
    assert answer.headers["location"] == "/paper/hand-in"
    assert hall.store.page.saved("s01").texts[8]["answer[A]"] == "A"
    browser.fill_in("/paper", **{"item4:z": "2"})
    assert hall.store.page.saved("s01").texts[8]["answer[A]"] == ""


def test_a_run_shows_visible_cases_only_and_saves(hall, example):
    browser = hall.seated()
    answer = browser.fill_in("/paper/run", item="10", source="def mse_gradient(X, y, theta):\n    return theta\n")
    while "hx-get" in answer.text:
        answer = browser.get(re.search('hx-get="([^"]+)"', answer.text)[1])
    assert "✗" in answer.text
    assert "These are the visible cases" in answer.text
    record = hall.site.exam.questions["descent/implement-mse-gradient"]
    hidden = [record.words["en"][g.name] for g in record.groups if not g.visible]
    assert hidden
    assert not [label for label in hidden if label in answer.text]
    assert hall.store.page.saved("s01").texts[10]["source"].startswith("def mse_gradient")


def replace_limit(**limits):
    return dataclasses.replace(usual_limits(), **limits)


def test_runs_are_rationed(open_hall):
    hall = open_hall(limits=replace_limit(runs=RateLimiter(3, 0.1)))
    browser = hall.seated()
    fields = {"csrf": browser.token(), "item": "10", "source": "x = 1"}
    answers = [browser.post("/paper/run", data=fields) for _ in range(5)]
    assert [a.status_code for a in answers] == [200] * 3 + [429] * 2
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert hall.seated("s02").fill_in("/paper/run", item="10", source="x = 1").status_code == 200


def test_saves_are_rationed_and_what_is_refused_is_not_kept(open_hall):
    hall = open_hall(limits=replace_limit(saves=RateLimiter(3, 0.1)))
    browser = hall.seated()
    token = browser.token()
    found = [browser.post("/paper/save", data={"csrf": token, "item4:z": str(n)}).status_code for n in range(5)]
    assert found == [200] * 3 + [429] * 2
    assert hall.store.page.saved("s01").texts == {4: {"z": "2"}}


@pytest.mark.parametrize("item", ["", "4", "99", "x", "-1", "10.0", "٣", "1e1"])
def test_only_functions_of_ones_own_paper_are_run(hall, item):
    assert hall.seated().fill_in("/paper/run", item=item, source="x = 1").status_code == 404


HOSTILE = (
    "<script>alert(1)</script>",
    '"onload="alert(1)',
    "'onfocus='alert(1)",
    "{{7*7}}<% 7*7 %>",
    "</title></textarea></pre><img src=x onerror=alert(1)>",
    "a\x1b[31mb\x85\u2028\u202e",
    "&lt;b&gt;",
)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("student", ["s01", "s09"])
def test_hostile_names_titles_and_code_are_text_on_every_page(open_hall, frozen, text, student):
    papers = tuple(replace(p, name=text, code=p.code) for p in frozen.papers)
    hall = open_hall(exam=replace(frozen, title=text, papers=papers), release=Release.AT_ONCE)
    browser = hall.browser(student)
    pages = [browser.get(p) for p in ("/", "/paper")]
    browser.start()
    source = f"def mse_gradient(X, y, theta):\n    print({text!r})\n    raise ValueError({text!r})\n# {text}\n"
    hall.store.page.add_saves([Save(student=student, item=4, field="z", text=text, at=hall.clock())])
    pages += [browser.fill_in("/paper/run", item="10", source=source)]
    while "hx-get" in pages[-1].text:
        pages.append(browser.get(re.search('hx-get="([^"]+)"', pages[-1].text)[1]))
    pages += [browser.fill_in("/paper", run="10")]
    pages += [browser.get(p) for p in ("/paper", "/paper/hand-in")]
    browser.hand_in()
    hall.graded(student)
    pages += [browser.get("/feedback"), browser.fill_in("/feedback"), browser.get("/feedback"), browser.get("/paper")]
    teacher = hall.teacher()
    pages += [teacher.get(p) for p in ("/teach", "/teach/report", f"/teach/student/{student}", "/teach/regrade")]
    for page in pages:
        assert page.status_code in {200, 303}
        harmless(page.text)
        assert "49" not in re.findall(r">\s*(49)\s*<", page.text)
    assert any("ValueError" in p.text for p in pages)
    state = browser.get("/paper/state")
    assert state.headers["content-type"] == "application/json"
    assert json.loads(state.text)["fields"]["item4:z"] == text


TAG = re.compile(r"<[a-zA-Z][^>]*>")


def harmless(page):
    """Hold that a page has no script of its own and no handler, as a browser would find them."""
    tags = TAG.findall(re.sub(r"<!--.*?-->", "", page, flags=re.DOTALL))
    bare = [re.sub(r'"[^"]*"|\'[^\']*\'', '""', tag) for tag in tags]
    assert not [t for t in bare if re.search(r"\son\w+\s*=", t, re.IGNORECASE)]
    assert not [t for t in tags if re.match("<(script|iframe|object|embed|base)", t, re.IGNORECASE) and "src=" not in t]
    assert not [t for t in tags if "javascript:" in t.lower()]
    assert "<img src=x" not in page
