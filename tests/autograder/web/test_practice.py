"""Practice: every question can be practiced, is marked as an exam would be, and leaves nothing behind."""

import itertools
import logging
import re
import sqlite3
import threading
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
from lxml import html as lxml_html

from autograder.web.access import COOKIE, Identity
from autograder.web.form import places
from autograder.web.practice_exercise import SEEDS, Exercise, new_seed, read_seed
from autograder.web.rate import RateLimiter
from autograder.web.site import usual_limits
from quizgen.bank import installed
from quizgen.marking.concept import LETTERS
from quizgen.model import ConceptBody, Kind, NumericBody, Select
from quizgen.policy import Release
from quizgen.wording.phrases import phrase

SHELF = installed()
SEED = 7
DECAY = "regularization/weight-decay-step"  # on the example's exam
BATCH = "normalization/batch-norm"  # on the example's exam
MAXIMUM = "pooling/maximum"
RELU = "activations/implement-relu"
RELU_RIGHT = "def relu(x):\n    return np.where(x > 0, x, 0).astype(x.dtype)\n"
RELU_WRONG = "def relu(x):\n    print('I see', x.shape)\n    return np.abs(x)\n"
PATIENCE = 20.0


def patient():
    """Return limits that many requests of one test do not meet."""
    often = RateLimiter(burst=10_000, per_minute=10_000)
    return replace(usual_limits(), saves=often, runs=often)


@pytest.fixture
def practice_hall(open_hall):
    return open_hall(practice=True, limits=patient())


@pytest.fixture
def reader(practice_hall):
    """Return the browser of a student who has not started: the whole bank is open."""
    return practice_hall.browser("s01")


def address(question, seed=SEED, language="en"):
    return f"/practice/{question}?seed={seed}&language={language}"


def check(browser, question, fields, *, scripts=True, seed=SEED, language="en", button="check"):
    """Send boxes, named without the item, as the page does."""
    token = Identity(student="", secret=browser.cookies[COOKIE]).csrf
    data = {"csrf": token, button: "1", **{f"item1:{name}": text for name, text in fields.items()}}
    headers = {"HX-Request": "true"} if scripts else {}
    return browser.post(address(question, seed, language), data=data, headers=headers)


def tree(response):
    assert response.status_code == 200, response.text
    return lxml_html.fromstring(response.text)


def verdict(response):
    """Return the class of the heading that says how the answer stands."""
    (heading,) = tree(response).xpath("//h2[@data-arrived]")
    return heading.get("class")


def text_of(response):
    return " ".join(tree(response).text_content().split())


def written(value, rounding):
    """Write a number as somebody does who rounds as the paper asks."""
    if rounding.decimals is not None:
        return f"{value:.{rounding.decimals}f}"
    return f"{value:.{rounding.significant - 1}e}" if rounding.significant is not None else repr(float(value))


def right_answer(question, seed):
    """Return what a student types who has the answer book."""
    variant, key = question.draw(seed)
    match variant.body:
        case NumericBody(fields=fields):
            right = {s.name: np.asarray(s.value, dtype=float) for s in key.steps}
            return {
                f"{f.name}[{','.join(map(str, at))}]" if at else f.name: written(right[f.name][at], f.rounding)
                for f in fields
                for at in np.ndindex(f.shape)
            }
        case ConceptBody(select=Select.ONE):
            return {"answer": LETTERS[key.right[0]]}
        case ConceptBody(select=Select.SEVERAL):
            return {f"answer[{LETTERS[at]}]": LETTERS[at] for at in key.right}
        case ConceptBody():
            return {f"answer[{n}]": LETTERS[at] for n, at in enumerate(key.right, 1)}


def rows(folder):
    with sqlite3.connect(folder / "grades.db") as database:
        return list(database.iterdump())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_question_of_the_bank_is_listed_and_can_be_opened(reader, language):
    page = tree(reader.get(f"/practice?language={language}"))
    links = dict(zip(page.xpath("//li/a/@href"), page.xpath("//li/a/text()"), strict=True))
    assert links == {f"/practice/{q.id}?language={language}": q.title(language) for q in SHELF}
    names = [h.text for h in page.xpath("//h2")]
    assert names == [phrase(f"topic-{topic}", language) for topic in SHELF.topics]
    for question in SHELF:
        found = tree(reader.get(address(question.id, language=language)))
        assert found.get("lang") == language
        assert found.xpath("//h2")[0].text == question.title(language)
        wanted = {f"item1:{p.field}" for p in places(Exercise(question=question, seed=SEED, language=language).item)}
        assert {n for n in found.xpath("//form//@name") if n.startswith("item1:")} == wanted, question.id


def test_right_answers_are_right_in_every_question(reader):
    questions = [q for q in SHELF if q.kind is not Kind.CODE]
    wrong = [q.id for q in questions if verdict(check(reader, q.id, right_answer(q, SEED))) != "verdict-correct"]
    assert wrong == []


def decayed(factor):
    """Work one step of weight decay out by hand, shrinking by `factor`."""
    givens = SHELF.question(DECAY).draw(SEED)[0].givens
    shrunk = [factor(givens["eta"], givens["alpha"]) * w for w in givens["w"]]
    after = [s - givens["eta"] * g for s, g in zip(shrunk, givens["grad"], strict=True)]
    return {
        f"{name}[{n}]": f"{v:.3f}" for name, row in (("decayed", shrunk), ("w_next", after)) for n, v in enumerate(row)
    }


def test_a_listed_mistake_is_named_and_costs_one_step(reader):
    response = check(reader, DECAY, decayed(lambda eta, alpha: 1 + eta * alpha))
    page, text = tree(response), text_of(response)
    assert verdict(response) == "verdict-partial"
    assert "What went wrong first: The shrunk weights" in text
    assert "Decay shrinks." in text
    assert "follows from your earlier value" in text
    assert [len(page.xpath(f"//td[@class='cell-{kind}']")) for kind in ("right", "wrong")] == [2, 2]
    assert "Worked solution" in text
    right = right_answer(SHELF.question(DECAY), SEED)
    assert all(value.replace("-", "−") in text for value in right.values())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_number_that_is_easily_guessed_is_explained_with_care(reader, language):
    question = "regularization/early-stopping"
    _, key = SHELF.question(question).draw(SEED)
    best, last = (int(np.asarray(step.value)) for step in key.steps)
    for stop, certain in ((str(last), True), ("", False)):
        told = text_of(check(reader, question, {"best_epoch": str(best + 1), "stop_epoch": stop}, language=language))
        assert phrase("mistake-named", language) in told or not certain
        assert (phrase("mistake-perhaps", language) in told) == (not certain)
        assert (phrase("perhaps-note", language) in told) == (not certain)


def test_blank_and_unreadable_answers_are_called_so(reader):
    assert verdict(check(reader, DECAY, {})) == "verdict-blank"
    response = check(reader, DECAY, {"decayed[0]": "<b>one</b>", "decayed[1]": "2"})
    assert "cannot be read as a number: “<b>one</b>”" in text_of(response)
    assert "<b>one" not in response.text


def test_without_scripts_the_page_comes_back_with_what_was_typed(reader):
    page = tree(check(reader, DECAY, {"decayed[0]": "1.5", "w_next[1]": '"><script>'}, scripts=False))
    assert page.xpath("//input[@name='item1:decayed[0]']/@value") == ["1.5"]
    assert page.xpath("//input[@name='item1:w_next[1]']/@value") == ['"><script>']
    assert page.xpath("//section[@id='feedback']//h2/@class") == ["verdict-unreadable"]
    assert not page.xpath("//script[not(@src)]")


@pytest.mark.parametrize("scripts", [True, False])
def test_functions_run_in_the_sandbox(reader, scripts):
    def settled(source):
        response = check(reader, RELU, {"source": source}, scripts=scripts)
        while again := tree(response).xpath("//@hx-get"):
            response = reader.get(again[0])
        return response

    right, wrong, broken, blank = (settled(s) for s in (RELU_RIGHT, RELU_WRONG, "def relu(x:", ""))
    assert [verdict(r) for r in (right, wrong, broken, blank)] == [
        "verdict-correct",
        "verdict-incorrect",
        "verdict-incorrect",
        "verdict-blank",
    ]
    assert "It returns |x|" in text_of(wrong)
    assert "I see (" in text_of(wrong)
    assert "SyntaxError" in text_of(broken)


def test_the_solution_is_shown_without_an_answer(reader):
    asked = {MAXIMUM: "Right answer", RELU: "return np.maximum(x, 0)", "regularization/which-method": "Why"}
    for question, words in asked.items():
        response = check(reader, question, {}, button="solution")
        (heading,) = tree(response).xpath("//h2")
        assert heading.text == "How it is done"
        assert words in text_of(response)
    assert "How it is done" not in text_of(reader.get(address(MAXIMUM)))


def test_a_next_variant_is_another_one_and_this_one_can_be_tried_again(reader):
    page = tree(check(reader, MAXIMUM, {}, language="zh"))
    further, again = page.xpath("//a[contains(@class, 'button')]/@href")
    assert again == address(MAXIMUM, language="zh")
    seed = re.fullmatch(rf"/practice/{MAXIMUM}\?seed=(\d+)&language=zh", further)[1]
    assert read_seed(seed) not in {None, SEED}
    drawn = reader.get(f"/practice/{MAXIMUM}?language=zh")
    assert drawn.status_code == 303
    assert re.fullmatch(rf"/practice/{MAXIMUM}\?seed=\d+&language=zh", drawn.headers["location"])


def test_the_language_is_kept_from_page_to_page(reader):
    page = tree(reader.get("/practice?language=zh"))
    assert page.xpath("//h1")[0].text == "练习"
    assert all(link.endswith("language=zh") for link in page.xpath("//li/a/@href"))
    page = tree(reader.get(address(MAXIMUM, language="zh")))
    ways = dict(zip(page.xpath("//a[@hreflang]/@hreflang"), page.xpath("//a[@hreflang]/@href"), strict=True))
    assert ways == {language: address(MAXIMUM, language=language) for language in ("en", "zh")}
    assert "/practice?language=zh#pooling" in page.xpath("//a/@href")
    assert "检查答案" in page.text_content()
    assert tree(reader.get("/practice?language=xx")).get("lang") == "en"  # the paper's


@pytest.mark.parametrize("seed", ["-1", str(SEEDS), "007", "1.5", "", "１", "9" * 30, "0x10", "7 "])
def test_seeds_of_papers_are_not_drawn(reader, seed):
    response = reader.get(f"/practice/{MAXIMUM}", params={"seed": seed})
    assert response.status_code == 404
    assert "no such variant" in response.text
    assert read_seed(seed) is None


def test_the_seeds_of_practice_and_of_papers_lie_apart(frozen):
    assert read_seed(str(SEEDS - 1)) == SEEDS - 1
    assert all(0 <= new_seed() < SEEDS for _ in range(100))
    assert min(i.variant.seed for p in frozen.papers for i in p.items) >= SEEDS


def test_nothing_is_stored_and_nothing_logged(practice_hall, caplog):
    caplog.set_level(logging.DEBUG)
    reader = practice_hall.browser("s02")
    reader.get("/practice")  # the session's first request
    before = rows(practice_hall.folder)
    answers = right_answer(SHELF.question(DECAY), SEED) | {"w_next[1]": "31.4159"}
    for scripts in (True, False):
        check(reader, DECAY, answers, scripts=scripts)
        check(reader, "regularization/which-method", {"answer[A]": "A"}, scripts=scripts)
        check(reader, RELU, {"source": RELU_WRONG}, scripts=scripts)
        check(reader, MAXIMUM, {}, scripts=scripts, button="solution")
    assert rows(practice_hall.folder) == before
    assert practice_hall.store.attempts("s02") == ()
    assert practice_hall.store.page.saved("s02").serial == 0
    assert "31.4159" not in caplog.text
    assert "I see" not in caplog.text


def test_before_the_start_nothing_tells_what_is_on_the_exam(practice_hall):
    for language in ("en", "zh"):
        page = practice_hall.browser("s01").get(f"/practice?language={language}")
        assert phrase("practice-kept-back", language) not in page.text
        assert len(tree(page).xpath("//li/a")) == len(SHELF.ids)


def test_what_is_on_the_exam_is_kept_back_until_its_feedback_is_opened(practice_hall, frozen):
    student = practice_hall.seated("s01")

    def listed():
        return {
            link.split("?")[0].removeprefix("/practice/")
            for link in tree(student.get("/practice")).xpath("//li/a/@href")
        }

    assert listed() == set(SHELF.ids) - set(frozen.questions)
    page = student.get("/practice")
    assert page.text.count(phrase("practice-kept-back", "en")) == len(frozen.questions)
    refused = student.get(address(BATCH))
    assert refused.status_code == 403
    assert phrase("practice-kept-back", "en") in refused.text
    token = student.token()
    body = {"csrf": token, "solution": "1"}
    assert student.post(address(BATCH), data=body).status_code == 403
    said = student.post(address(BATCH), data=body, headers={"HX-Request": "true"})
    assert said.text == f'<p class="run-note">{phrase("practice-kept-back", "en")}</p>'
    assert student.get(address(MAXIMUM)).status_code == 200
    assert practice_hall.teacher().get(address(BATCH)).status_code == 200

    student.post("/paper/hand-in", data={"csrf": student.token()})
    practice_hall.graded("s01")
    practice_hall.store.page.release(visible=True, by="test")
    assert student.get(address(BATCH)).status_code == 403  # the answers can still be changed
    assert student.post("/feedback", data={"csrf": token}).status_code == 303
    assert listed() == set(SHELF.ids)
    links = tree(student.get("/feedback")).xpath("//a[starts-with(@href, '/practice/')]/@href")
    assert links == [f"/practice/{i.variant.question}" for i in practice_hall.site.paper("s01").items]
    assert student.get(links[0]).status_code == 303


def test_after_the_last_hand_in_what_is_on_the_exam_waits_for_the_release(open_hall):
    hall = open_hall(practice=True, limits=patient(), hand_ins=1, release=Release.BY_HAND)
    student = hall.seated("s01")
    student.post("/paper/hand-in", data={"csrf": student.token()})
    assert student.get(address(BATCH)).status_code == 403
    hall.store.page.release(visible=True, by="test")
    assert student.get(address(BATCH)).status_code == 200


def test_where_practice_is_off_there_is_no_such_page(hall):
    student = hall.seated("s01")
    for path in ("/practice", address(MAXIMUM)):
        response = student.get(path)
        assert response.status_code == 404
        assert phrase("page-not-found", "en") in response.text
    assert student.post(address(MAXIMUM), data={"csrf": student.token()}).status_code == 404
    assert "/practice" not in student.get("/paper").text


def test_practice_is_for_those_with_an_access(practice_hall):
    assert practice_hall.browser().get("/practice").status_code == 403
    reader = practice_hall.browser("s01")
    assert reader.post(address(MAXIMUM), data={"check": "1"}).status_code == 403
    assert reader.get("/practice/pooling/nothing").status_code == 404
    assert reader.get("/practice/..%2f..%2fetc/passwd").status_code == 404


def test_the_students_pages_link_to_practice(practice_hall):
    student = practice_hall.browser("s01")
    assert tree(student.get("/paper")).xpath("//a[@href='/practice']")
    student.start()
    assert tree(student.get("/paper")).xpath("//a[@href='/practice']")


def test_answers_are_rationed_and_limited(open_hall):
    rare = RateLimiter(burst=1, per_minute=1)
    hall = open_hall(practice=True, limits=replace(usual_limits(), runs=rare))
    reader = hall.browser("s01")
    check(reader, RELU, {"source": RELU_RIGHT})
    assert (
        check(reader, RELU, {"source": RELU_RIGHT}).text == f'<p class="run-note">{phrase("page-run-busy", "en")}</p>'
    )
    assert check(reader, RELU, {"source": RELU_RIGHT}, scripts=False).status_code == 429
    assert check(reader, DECAY, {"decayed[0]": "1" * 2001}, scripts=False).status_code == 413
    assert check(reader, RELU, {"source": "#" * 20_001}, scripts=False).status_code == 413
    for _ in itertools.takewhile(lambda r: r.status_code == 200, iter(lambda: reader.get(address(MAXIMUM)), None)):
        pass
    assert reader.get("/practice").status_code == 429
    assert reader.get("/paper").status_code == 200
    assert hall.site.limits.saves.admit("s01") == 0  # the exam's saves have their own


@contextmanager
def held_up(runner, sandboxes=2):
    """Keep every sandbox busy."""
    begun, release = threading.Barrier(sandboxes + 1), threading.Event()

    def wait(_):
        begun.wait(PATIENCE)
        return release.wait(PATIENCE)

    jobs = [runner.submit(f"other {n}", wait) for n in range(sandboxes)]
    begun.wait(PATIENCE)
    yield
    release.set()
    for job in jobs:
        job.result(PATIENCE)


def test_who_waits_is_told_the_place_and_then_the_verdict(practice_hall, runner):
    reader, other = practice_hall.browser("s01"), practice_hall.browser("s02")
    with held_up(runner):
        response = check(reader, RELU, {"source": RELU_RIGHT}, language="zh")
        (again,) = tree(response).xpath("//@hx-get")
        assert again.endswith(f"?seed={SEED}&language=zh")
        assert "前面还有 1 个" in text_of(response)
        assert tree(reader.get(again)).xpath("//@hx-get") == [again]
        forgotten = other.get(again)
        assert phrase("page-run-forgotten", "zh") in forgotten.text
        newer = check(reader, RELU, {"source": RELU_WRONG})
        assert phrase("page-run-replaced", "zh") in reader.get(again).text
    (again,) = tree(newer).xpath("//@hx-get")
    while tree(found := reader.get(again)).xpath("//@hx-get"):
        pass
    assert verdict(found) == "verdict-incorrect"
    elsewhere = again.replace("implement-relu", "implement-sigmoid")
    assert phrase("page-run-forgotten", "en") in reader.get(elsewhere).text
