"""Pages in Chromium: axe finds nothing serious, nothing is wider than a telephone, print hides nothing."""

import shutil
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner

from autograder.cli import cli
from quizgen.assembly import assemble
from quizgen.bank import installed
from quizgen.blueprint import Blueprint, Section, Student
from quizgen.formats.html import answer_book_html, paper_html
from quizgen.model import Ask
from tests.browsers import needs_chromium

EXAMPLE = Path(__file__).parents[3] / "examples" / "midterm"
SERIOUS = {"serious", "critical"}
GRADED = ("s01", "s03", "s09")
GRADED_PAGES = ("feedback-en", "feedback-zh", "report-en", "report-zh")
WRITTEN_PAGES = ("paper-en", "paper-zh", "answer-book-en", "answer-book-zh")
PAGES = (*WRITTEN_PAGES, *GRADED_PAGES)
SAMPLE = (*(f"some-{name}" for name in WRITTEN_PAGES), *GRADED_PAGES)
"""What axe looks at: with every question it takes its time."""
SCREEN, PHONE, SHEET = {"width": 1280, "height": 720}, {"width": 360, "height": 740}, {"width": 642, "height": 950}

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def pages(tmp_path_factory, exams):
    """Return every kind of page as a file: papers with all questions and with some, and the example graded in part."""
    folder = tmp_path_factory.mktemp("pages")
    ids = installed().ids
    kinds = [next(i for i in ids if i.endswith(name)) for name in ("read-the-plot", "order-the-steps", "max-map")]
    plan = Blueprint(title="Some", seed=3, sections=(Section(questions=(*ids[::12], *kinds)),))
    students = tuple(Student(student=s, name=s, language=s) for s in ("en", "zh"))
    for prefix, exam in (("", exams[Ask.STEPS]), ("some-", assemble(plan, students, installed(), program="test"))):
        for paper in exam.papers:
            path = folder / f"{prefix}paper-{paper.language}.html"
            path.write_text(paper_html(paper, exam), encoding="utf-8")
            book = answer_book_html(msgspec.structs.replace(exam, language=paper.language))
            (folder / f"{prefix}answer-book-{paper.language}.html").write_text(book, encoding="utf-8")
    shutil.copytree(EXAMPLE / "exam", folder / "exam")
    for student in GRADED:
        shutil.copytree(EXAMPLE / "submissions" / student, folder / "submissions" / student)
    autograder("grade", folder / "exam", folder / "submissions", "--seed", 1, "--workers", 1)
    for language in ("en", "zh"):
        report = folder / f"report-{language}.html"
        autograder("report", folder / "exam", "--html", report, "--language", language)
    autograder("feedback", folder / "exam", "--out", folder / "feedback")
    shutil.copy(folder / "feedback" / "s03.html", folder / "feedback-en.html")
    shutil.copy(folder / "feedback" / "s09.html", folder / "feedback-zh.html")
    return folder


def autograder(*args):
    done = CliRunner().invoke(cli, list(map(str, args)), catch_exceptions=False)
    assert done.exit_code == 0, done.output


@pytest.fixture(scope="module")
def opened(browser):
    """Return the pages that are open, by name: to lay one out anew is cheaper than to load it again."""
    found = {}
    yield found
    for page in found.values():
        page.close()


@pytest.fixture
def shown(browser, pages, opened):
    """Return a function that shows a page in a window of this size, on the screen or as printed."""

    def show(name, viewport=SCREEN, media="screen"):
        if name not in opened:
            opened[name] = browser.new_page()
            opened[name].goto((pages / f"{name}.html").as_uri())
        opened[name].set_viewport_size(viewport)
        opened[name].emulate_media(media=media)
        return opened[name]

    return show


@pytest.mark.parametrize("name", SAMPLE)
def test_axe_finds_nothing_serious(shown, name):
    found = Axe().run(shown(name)).response["violations"]
    told = [(v["id"], v["help"], v["nodes"][0]["html"]) for v in found if v["impact"] in SERIOUS]
    assert told == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_a_telephone(shown, name):
    page = shown(name, viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("name", PAGES)
def test_what_is_printed_fits_its_paper(shown, name):
    page = shown(name, viewport=SHEET, media="print")
    wide = """() => [...document.querySelectorAll('main *')]
        .filter(e => e.getClientRects().length && e.getBoundingClientRect().right > innerWidth + 1)
        .map(e => e.outerHTML.slice(0, 120))"""
    assert page.evaluate(wide) == []


def test_what_scrolls_on_a_telephone_is_a_line_and_not_the_page(shown):
    page = shown("answer-book-en", viewport=PHONE)
    scrolled = "[...document.querySelectorAll('p, .formula, .wide, dl, ul')].some(e => e.scrollWidth > e.clientWidth)"
    assert page.evaluate(scrolled)
    assert page.evaluate("document.body.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_names_its_language_and_has_one_title(shown, name):
    page = shown(name)
    assert page.locator("html").get_attribute("lang") == ("zh" if name.endswith("zh") else "en")
    assert page.locator("h1").count() == 1
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])")
    assert all(after <= before + 1 for before, after in pairwise(levels))
