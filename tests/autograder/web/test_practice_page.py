"""Practice in Chromium: boxes, editor and feedback, on a screen, on a telephone, without scripts."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from autograder.web.access import COOKIE
from tests.browsers import listening, needs_chromium

SERIOUS = {"serious", "critical"}
PHONE = {"width": 360, "height": 740}
MAP = "pooling-backward/max-map"
WHICH = "normalization/which-axes"
RELU = "activations/implement-relu"

pytestmark = needs_chromium


@pytest.fixture
def visit(open_hall, browser):
    """Return what opens a page of practice for a student; at the end, no browser may have complained."""
    hall = open_hall(practice=True)
    complaints, contexts = [], []
    with listening(hall.app) as url:

        def go(path, **options):
            context = browser.new_context(**options)
            context.set_default_timeout(10_000)
            context.add_cookies([{"name": COOKIE, "value": hall.passes["s01"].secret, "url": url}])
            contexts.append(context)
            page = context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda m: complaints.append(m.text) if "Content Security" in m.text else None)
            page.goto(f"{url}/practice{path}")
            return page

        yield go
        for context in contexts:
            context.close()
    assert complaints == []


def exercise(question, language="en"):
    return f"/{question}?seed=7&language={language}"


def serious(page):
    found = Axe().run(page).response["violations"]
    return [(v["id"], v["help"], v["nodes"][0]["html"]) for v in found if v["impact"] in SERIOUS]


def write(page, source):
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.type(source)


def test_numbers_are_pasted_checked_and_explained(visit):
    page = visit(exercise(MAP))
    first = page.locator('[name="item1:winners[0,0]"]')
    first.focus()
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text/plain", "[[2, 3], [1, 1]]");
            const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
            document.activeElement.dispatchEvent(event);
        }"""
    )
    assert [b.input_value() for b in page.locator('[name^="item1:winners["]').all()] == ["2", "3", "1", "1"]
    expect(page.locator("#said")).to_contain_text("4 cells filled in")
    page.get_by_role("button", name="Check").click()
    heading = page.get_by_role("heading", name=re.compile("correct"))
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    feedback = page.get_by_role("region", name="Feedback")
    assert feedback.locator("td.cell-right").count() == 3
    assert feedback.locator("td.cell-wrong").count() == 1
    assert first.input_value() == "2"  # the form stays
    feedback.get_by_role("link", name="Try this one again").click()
    expect(first).to_have_value("")
    page.get_by_role("link", name="Another variant").click()
    assert "seed=7&" not in page.url


def test_a_function_is_run_from_the_keyboard_and_the_caret_stays(visit):
    page = visit(exercise(RELU))
    write(page, "def relu(x):\nreturn np.abs(x)")
    page.keyboard.press("Control+Enter")
    feedback = page.get_by_role("region", name="Feedback")
    expect(feedback).to_contain_text("Your function behaves exactly like this")
    expect(page.locator(".cm-content")).to_be_focused()
    expect(page.locator("#said")).to_contain_text("not correct")
    write(page, "def relu(x):\nreturn np.maximum(x, 0)")
    page.get_by_role("button", name="Run").click()
    heading = feedback.locator("h2")
    expect(heading).to_have_text("correct")
    expect(heading).to_be_focused()


def test_what_goes_wrong_on_the_way_is_said(visit):
    page = visit(exercise(MAP))
    page.context.set_offline(True)
    page.get_by_role("button", name="Check").click()
    feedback = page.get_by_role("region", name="Feedback")
    expect(feedback).to_contain_text("no connection")
    page.context.set_offline(False)
    page.route("**/practice/**", lambda route: route.fulfill(status=503))
    page.get_by_role("button", name="Check").click()
    expect(feedback).to_contain_text("This did not work")


def test_it_works_without_scripts(visit):
    page = visit(exercise(WHICH), java_script_enabled=False)
    page.locator("select").first.select_option("B")
    page.get_by_role("button", name="Check").click()
    assert page.locator("#feedback h2").inner_text() != ""
    assert page.locator("select").first.input_value() == "B"
    page.get_by_role("button", name="Show the solution").click()
    assert page.locator("#feedback h2").inner_text() == "How it is done"
    page.get_by_role("link", name="All questions").click()
    page.get_by_role("link", name="Implement ReLU", exact=True).click()
    page.get_by_role("textbox", name="Your function").fill("def relu(x):\n    return np.maximum(x, 0)")
    page.get_by_role("button", name="Run").click()
    assert page.locator("#feedback h2").inner_text() == "correct"


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh", "dark")])
def test_axe_finds_nothing_serious_and_telephones_are_wide_enough(visit, language, scheme):
    page = visit(f"?language={language}", color_scheme=scheme, viewport=PHONE, has_touch=True, is_mobile=True)
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for question in (MAP, WHICH, RELU):
        page.goto(page.url.split("/practice")[0] + "/practice" + exercise(question, language))
        if question == RELU:
            write(page, "def relu(x):\nprint(x.shape)\nreturn np.abs(x)")
        else:
            boxes = page.locator(".answer-box").first
            boxes.fill("1") if question == MAP else boxes.select_option("A")
        page.locator("#check").tap()
        expect(page.locator(".practice-feedback")).to_be_visible()
        assert serious(page) == [], question
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], question
