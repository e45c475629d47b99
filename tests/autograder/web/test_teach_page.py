"""The instructor's pages in Chromium: accessible, within the policy, on a screen and on a telephone, and alive."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from autograder.web.access import COOKIE, INSTRUCTOR
from tests.browsers import listening, needs_chromium

SCREEN, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
OWN = ("/teach", "/teach/student/s01", "/teach/regrade", "/teach/files")
INSET = ("/teach/student/s01/sheet", "/teach/report")

pytestmark = needs_chromium


@pytest.fixture
def visit(hall, browser):
    """Return what opens an instructor's page; at the end, no browser may have complained."""
    student = hall.seated("s01")
    student.save(**{"item1_a[0]": "0.5"})
    student.hand_in()
    hall.graded("s01")
    complaints, contexts = [], []
    with listening(hall.app) as url:

        def go(**options):
            context = browser.new_context(**options)
            context.set_default_timeout(10_000)
            context.add_cookies([{"name": COOKIE, "value": hall.passes[INSTRUCTOR].secret, "url": url}])
            contexts.append(context)
            page = context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
            page.base = url
            return page

        yield go
        for context in contexts:
            context.close()
    assert complaints == []


def serious(page):
    return [
        (v["id"], v["nodes"][0]["target"]) for v in Axe().run(page).response["violations"] if v["impact"] != "minor"
    ]


@pytest.mark.parametrize(
    ("viewport", "locale", "colors", "paths"),
    [
        (SCREEN, "en-US", "light", (*OWN, *INSET)),
        (PHONE, "zh-CN", "light", OWN),
        (SCREEN, "en-US", "dark", ("/teach", "/teach/student/s01")),
    ],
    ids=["screen", "telephone", "dark"],
)
def test_pages_hold_to_axe_and_to_their_width(visit, viewport, locale, colors, paths):
    page = visit(viewport=viewport, locale=locale, color_scheme=colors)
    for path in paths:
        page.goto(page.base + path)
        assert serious(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path


def test_the_math_font_comes_in_though_pages_do_not_carry_it(visit):
    page = visit()
    page.goto(f"{page.base}/teach/student/s01/sheet")
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px \"Latin Modern Math\"'))")
    assert page.evaluate("[...document.fonts].some(f => f.family.includes('Latin Modern') && f.status === 'loaded')")
    page.get_by_role("link", name="Back to the student").click()
    expect(page).to_have_title("Ada Okafor · Midterm: fundamentals of deep learning")


def test_the_table_follows_the_class_by_itself_and_keeps_the_focus(visit, hall):
    page = visit(viewport=SCREEN)
    page.goto(f"{page.base}/teach")
    row = page.get_by_role("row").filter(has_text="Bruno Keller")
    expect(row).to_contain_text("Not begun")
    page.get_by_role("link", name="Bruno Keller").focus()
    hall.seated("s02").save(**{"item1_a[0]": "0.5"})
    expect(row).to_contain_text("Answering")
    expect(row).to_contain_text("1 / 74")
    expect(page.locator("#sums div", has_text="Answering")).to_have_text(re.compile(r"\s*Answering\s*1\s*"))
    expect(page.get_by_role("link", name="Bruno Keller")).to_be_focused()


def test_without_scripts_the_page_loads_itself_anew(visit):
    page = visit(java_script_enabled=False)
    page.goto(f"{page.base}/teach")
    assert page.locator('noscript meta[http-equiv="refresh"]').count() == 1
    expect(page.get_by_role("link", name="Load it now")).to_be_visible()


def test_a_regrade_by_keyboard_from_the_dry_run_to_its_undoing(visit, hall):
    page = visit()
    page.goto(f"{page.base}/teach/regrade")
    section = page.locator("section[aria-labelledby=full]")
    section.get_by_label("Item").select_option("5")
    section.get_by_role("button").press("Enter")
    expect(page.locator("main")).to_contain_text("full marks: item 5")
    page.get_by_label("Reason").fill("the stem was wrong")
    page.get_by_label("Reason").press("Enter")
    expect(page.locator("main")).to_contain_text("the stem was wrong")
    page.get_by_role("button", name="Undo entry 1").press("Enter")
    page.get_by_label("Reason").fill("it was not")
    page.get_by_role("button", name="Enter it into the ledger").press("Enter")
    expect(page.locator("main")).to_contain_text("undone")
    assert [e.reason for e in hall.store.entries()] == ["the stem was wrong", "it was not"]
