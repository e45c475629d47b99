"""A whole exam in Chromium, against `autograder serve` itself: in both languages, through every kind of trouble."""

import ast
import csv
import re
import signal
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace
from playwright.sync_api import expect

from autograder.grading import Grader
from autograder.intake import read_answers
from autograder.store import open_store
from autograder.web.form import box_name, places
from quizgen.bank import installed
from quizgen.exam_file import read_exam, write_exam
from quizgen.marking.reading import read
from quizgen.model import CodeBody, ConceptBody, Submission
from quizgen.policy import Policy
from quizgen.wording.phrases import phrase
from tests.browsers import needs_chromium

PATIENCE = 15_000
"""Milliseconds after which a step gives up."""

pytestmark = needs_chromium


@pytest.fixture
def sit(browser, folder):
    """Return what opens a student's link, as often as wanted; whatever the browser complains of fails the test."""
    contexts, complaints = [], []

    def open_link(server, student, context=None, **options):
        with (folder / "links.csv").open(encoding="utf-8", newline="") as lines:
            link = next(row["link"] for row in csv.DictReader(lines) if row["student"] == student)
        if context is None:
            context = browser.new_context(**options)
            context.set_default_timeout(PATIENCE)
            contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda m: complaints.append(m.text) if "Content Security" in m.text else None)
        page.goto(re.sub(r":\d+/", f":{server.port}/", link))
        return page

    yield open_link
    for context in contexts:
        context.close()
    assert complaints == []


def handed_in(example, paper):
    """Return what the student of the example handed in, box by box: name -> text; ticks have their letter."""
    files = example / "submissions" / paper.student
    answers = read_answers((files / "answers.toml").read_bytes()).items
    source = (files / "solution.py").read_text(encoding="utf-8")
    written = {n.name: ast.get_source_segment(source, n) for n in ast.parse(source).body if hasattr(n, "name")}
    texts = {}
    for item in paper.items:
        body, given = item.variant.body, answers.get(item.number, {})
        letters = re.findall("[A-Z]", str(given.get("answer", "")))
        for place in places(item):
            if isinstance(body, CodeBody):
                text = written.get(body.function, "")  # s09 gave one another name: no points
            elif isinstance(body, ConceptBody):
                text = (place.tick if place.tick in letters else "") if place.tick else letters.pop(0)
            else:
                text = cell(given.get(place.part, ""), place.index)
            texts[box_name(item.number, place.field)] = text
    return {name: text for name, text in texts.items() if text}


def cell(answer, index):
    """Return one number of an answer."""
    return str(answer) if not index else f"{read(answer).array[index]:.10g}"


def fill(page, texts):
    """Fill boxes as a student does, whatever kind each is."""
    for name, text in texts.items():
        boxes = page.locator(f'[name="{name}"]')
        kind = boxes.first.evaluate("e => e.dataset.editor !== undefined ? 'editor' : e.type")
        match kind:
            case "checkbox" | "radio":
                page.locator(f'[name="{name}"][value="{text}"]').check()
            case "select-one":
                boxes.select_option(text)
            case "editor" if page.locator(f'[data-shows="{name}"]').count():
                page.locator(f'[data-shows="{name}"] .cm-content').click()
                page.keyboard.press("Control+a")
                page.keyboard.insert_text(text)
                assert boxes.input_value() == text
            case _:
                boxes.fill(text)


def saved(page):
    expect(page.locator("#save-state")).to_have_attribute("data-state", "saved")


def standing(page, names):
    """Read boxes as they stand on the page."""
    return page.evaluate(
        """names => Object.fromEntries(names.map(name => {
            const found = [...document.getElementsByName(name)];
            const on = found.find(e => e.checked) ?? found[0];
            return [name, /checkbox|radio/.test(on.type) && !on.checked ? "" : on.value];
        }))""",
        list(names),
    )


def start(page):
    page.locator("form[action='/paper/start'] button").click()
    expect(page.locator("#items")).to_be_visible()


def hand_in(page):
    page.locator("button[name=hand_in]").click()
    expect(page.locator("table.answered")).to_be_visible()
    page.locator("form[action='/paper/hand-in'] button").click()
    expect(page.locator("h1")).to_be_visible()


def earned(page):
    """Open the feedback and read the points of every item."""
    page.locator("a[href='/feedback']").click()
    opens = page.locator("form[action='/feedback'] button")
    expect(opens).to_be_visible()  # after the page has reloaded itself until it was marked
    opens.click()
    expect(page.locator(".item-head").first).to_be_visible()
    return [float(re.search(r"[\d.]+", text)[0]) for text in page.locator(".item-head .points").all_inner_texts()]


@pytest.fixture(scope="module")
def marked(example, sandbox):
    """Return what the files of a student of the example are worth, item by item."""
    grader = Grader(read_exam(example / "exam"), installed(), sandbox, "test")

    def points(student):
        files = example / "submissions" / student
        answers, solution = ((files / name).read_bytes() for name in ("answers.toml", "solution.py"))
        submission = Submission(student=student, digest="d", answers=answers, solution=solution)
        return [v.points for v in grader.grade(submission, seed=1, now="").verdicts]

    return points


def halves(texts):
    names = list(texts)
    return [{n: texts[n] for n in part} for part in (names[: len(names) // 2], names[len(names) // 2 :])]


@pytest.mark.parametrize("student", ["s01", "s09"])
def test_a_whole_exam_with_a_reload_and_a_server_that_is_killed(folder, start_server, sit, example, marked, student):
    server = start_server().ready()
    paper = read_exam(folder).paper_of(student)
    texts = handed_in(example, paper)
    first, second = halves(texts)
    page = sit(server, student)
    start(page)
    assert page.locator("html").get_attribute("lang") == paper.language
    fill(page, first)
    saved(page)
    page.reload()
    assert standing(page, first) == first
    server.end(signal.SIGKILL)
    some = dict(list(second.items())[:5])
    fill(page, some)
    expect(page.locator("#save-state")).to_have_attribute("data-state", "trouble")
    server = start_server(port=server.port).ready()
    fill(page, {n: t for n, t in second.items() if n not in some})
    saved(page)
    for number in (i.number for i in paper.items if isinstance(i.variant.body, CodeBody)):
        page.locator(f"button[name=run][value='{number}']").click()
        expect(page.locator(f"#item{number}-result .run-groups")).to_be_visible()
    assert standing(page, texts) == texts
    page.reload()
    assert standing(page, texts) == texts
    hand_in(page)
    assert earned(page) == marked(student)
    assert page.locator("html").get_attribute("lang") == paper.language
    page.locator(".way-back a").click()
    expect(page.locator("button[name=hand_in]")).to_have_count(0)


def test_a_whole_exam_without_scripts(folder, start_server, sit, example, marked):
    server = start_server().ready()
    texts = handed_in(example, read_exam(folder).paper_of("s01"))
    page = sit(server, "s01", java_script_enabled=False)
    start(page)
    fill_plainly(page, texts)
    page.locator("button[name=save]:not(.first-submit)").click()
    expect(page.locator('[name="item4:z"]')).to_have_value(texts["item4:z"])
    page.locator("button[name=run][value='10']").click()
    expect(page.locator("#item10-result")).to_contain_text("✓")
    hand_in(page)
    assert earned(page) == marked("s01")


def fill_plainly(page, texts):
    """Fill boxes where no script can be asked what they are."""
    for name, text in texts.items():
        boxes = page.locator(f'[name="{name}"]')
        if boxes.first.get_attribute("type") in {"checkbox", "radio"}:
            page.locator(f'[name="{name}"][value="{text}"]').check()
        elif page.locator(f'select[name="{name}"]').count():
            boxes.select_option(text)
        else:
            boxes.fill(text)


def test_two_tabs_are_one_paper(start_server, sit):
    server = start_server().ready()
    first = sit(server, "s01")
    start(first)
    second = sit(server, "s01", context=first.context)
    fill(first, {"item4:z": "-0.74"})
    fill(second, {"item4:a": "0.323"})
    saved(first)
    saved(second)
    for page in (first, second):
        page.reload()
        expect(page.locator('[name="item4:z"]')).to_have_value("-0.74")
        expect(page.locator('[name="item4:a"]')).to_have_value("0.323")
    hand_in(first)
    earned(first)
    fill(second, {"item4:dL_da": "1"})
    expect(second.locator("#save-state")).to_have_attribute("data-state", "trouble")
    expect(second.locator("#save-state")).to_contain_text(phrase("page-closed", "en"))


def test_when_time_is_up_what_was_typed_is_handed_in(folder, start_server, sit):
    exam = read_exam(folder)
    deadline = datetime.now(UTC) + timedelta(seconds=12)
    write_exam(replace(exam, minutes=0.0, policy=Policy(deadline=deadline, hand_ins=1)), folder)
    server = start_server().ready()
    page = sit(server, "s01")
    fill(page, {"item4:z": "-0.74"})
    page.locator('[name="item4:a"]').press_sequentially("0.323")  # still in the middle of it
    expect(page.locator(".notice").first).to_contain_text("Handed in at", timeout=30_000)
    with open_store(folder / "grades.db", create=False) as store:
        store.add_exam(read_exam(folder))
        (submission,) = store.latest_submissions()
        (attempt,) = store.attempts("s01")
    assert b'"z" = "-0.74"\n"a" = "0.323"' in submission.answers
    assert submission.problems == ()
    assert attempt.received_at <= deadline


def test_by_keyboard_alone(start_server, sit):
    server = start_server().ready()
    page = sit(server, "s01")
    tab_to(page, "button-main", "Enter")
    expect(page.locator("#items")).to_be_visible()
    tab_to(page, "item2:decayed[0]")
    for key in ("1", "ArrowRight", "2", "Enter", "3", "ArrowRight", "4"):  # cells beside each other, then the next step
        page.keyboard.type(key) if key.isdigit() else page.keyboard.press(key)
    tab_to(page, "item8:answer[A]", "Space")
    tab_to(page, "item9:answer[1]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "cm-content")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("def mse_gradient(X, y, theta):\n    return X.T @ (X @ theta - y) / len(y)")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#item10-result .run-groups")).to_be_visible()
    page.keyboard.press("Escape")
    saved(page)
    names = [f"item2:{step}[{n}]" for step in ("decayed", "w_next") for n in (0, 1)]
    names += ["item8:answer[A]", "item9:answer[1]"]
    assert list(standing(page, names).values()) == ["1", "2", "3", "4", "A", "A"]
    tab_to(page, "hand_in", "Enter")
    expect(page.locator("table.answered")).to_be_visible()
    tab_to(page, "button-main", "Enter")
    expect(page.locator(".notice").first).to_contain_text("Handed in at")


def tab_to(page, wanted, *keys):
    """Press the tab key until something is reached, by its name or class."""
    for _ in range(150):
        page.keyboard.press("Tab")
        reached = page.evaluate("(document.activeElement.name || '') + ' ' + document.activeElement.className")
        if wanted in reached:
            for key in keys:
                page.keyboard.press(key)
            return
        if "cm-content" in reached:
            page.keyboard.press("Escape")  # leaves the editor with the next tab
    raise AssertionError(f"{wanted} is not reached by the tab key")
