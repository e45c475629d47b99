"""One exam with every kind of item, in every form, compared with what is stored (how to renew: goldens.py)."""

import re
import zipfile

import msgspec
import numpy as np
import pypdfium2 as pdfium
import pytest

from quizgen.bank import Shelf
from quizgen.exam_file import read_exam
from quizgen.formats import gradescope, notebook, pdf, prairielearn
from quizgen.formats.export import Options
from quizgen.formats.hand_in import answers_form, solution_stub
from quizgen.formats.html import answer_book_html, paper_html
from quizgen.formats.lms import canvas, moodle, qti
from quizgen.formats.lms.expected import beside
from quizgen.model import Ask, CodeBody, ConceptBody, NumericBody, Select
from tests.quizgen.formats.goldens import FEW, FOLDER, different, drawn, same_pages, same_text

LAYOUTS = {
    "en-a4": ("en", Options()),
    "zh-a4": ("zh", Options()),
    "en-letter": ("en", Options(page="letter")),
    "zh-large": ("zh", Options(large_print=True)),
}
PACKAGES = {"moodle": moodle.write, "qti21": qti.write_21, "qti30": qti.write_30, "canvas": canvas.write}


@pytest.fixture(scope="module")
def exam():
    return read_exam(FOLDER)


@pytest.fixture(scope="module")
def english(exam):
    """Return the exam with its English paper alone."""
    return msgspec.structs.replace(exam, papers=(paper_in(exam, "en"),))


@pytest.fixture
def no_bank(monkeypatch):
    """Take the banks away: what is exported depends on the frozen exam alone."""
    for module in (moodle, qti, canvas, prairielearn):
        monkeypatch.setattr(module, "installed", lambda: Shelf(()))


def paper_in(exam, language):
    return next(p for p in exam.papers if p.language == language)


def test_the_exam_holds_every_kind_of_item(exam):
    for paper in exam.papers:
        bodies = [i.variant.body for i in paper.items]
        asked = [
            (i.ask, f)
            for i in paper.items
            if isinstance(i.variant.body, NumericBody)
            for f in i.variant.body.asked(i.ask)
        ]
        assert {len(f.shape) for _, f in asked} == {0, 1, 2, 3}
        assert {ask for ask, _ in asked} == set(Ask)
        assert {b.select for b in bodies if isinstance(b, ConceptBody)} == set(Select)
        assert any(isinstance(b, CodeBody) for b in bodies)
        assert sum(i.variant.picture is not None for i in paper.items) == 2


@pytest.mark.parametrize("name", LAYOUTS)
def test_pages_look_as_they_did(exam, name, tmp_path):
    language, options = LAYOUTS[name]
    same_pages(name, pdfium.PdfDocument(pdf.paper_pdf(paper_in(exam, language), exam, options)), tmp_path)


def test_the_answer_book_looks_as_it_did(exam, tmp_path):
    same_pages("book", pdfium.PdfDocument(pdf.answer_book_pdf(exam, Options())), tmp_path)


def test_another_letter_makes_another_page(exam):
    """The tolerance forgives how edges are smoothed, and nothing that is read."""
    paper = paper_in(exam, "en")
    first, second = (
        drawn(pdfium.PdfDocument(pdf.paper_pdf(one, exam, Options()))[0])
        for one in (
            paper,
            msgspec.structs.replace(paper, name="Ada Okafer"),
        )
    )
    assert different(first, first) == 0
    assert different(first, second) > FEW
    assert different(first, np.roll(first, 1, axis=0)) > FEW


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pages_and_forms_say_what_they_said(exam, language):
    paper = paper_in(exam, language)
    same_text(f"paper-{language}.html", unstyled(paper_html(paper, exam)))
    same_text(f"notebook-{language}.json", notebook.notebook(paper, exam))
    same_text(f"answers-{language}.toml", answers_form(paper, exam))
    same_text(f"solution-{language}.py.txt", solution_stub(paper, exam))


def test_the_answer_book_says_what_it_said(exam):
    same_text("answer-book.html", unstyled(answer_book_html(exam)))


def unstyled(page):
    """Leave out the style sheet, which holds a whole font."""
    return re.sub(r"(?s)<style>.*?</style>", "<style></style>", page)


@pytest.mark.parametrize("form", PACKAGES)
def test_packages_hold_what_they_held(exam, english, form, tmp_path, no_bank):
    out = tmp_path / form
    lost = PACKAGES[form](exam if form == "moodle" else english, out, Options())
    parts = members(out) if zipfile.is_zipfile(out) else {"questions.xml": out.read_text(encoding="utf-8")}
    same_text(f"{form}.txt", listed({name: lines(text) for name, text in parts.items()}))
    same_text(f"{form}.expected.json", beside(out).read_text(encoding="utf-8"))
    same_text(f"{form}.lost.txt", "\n".join(lost) + "\n")


def members(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def lines(xml):
    """Put the elements of a document on lines of their own, as far as none is inside a line of text."""
    return re.sub(r"><(?!m:|/m:)", ">\n<", xml)


def listed(parts):
    return "\n".join(f"==== {name}\n{text.rstrip()}\n" for name, text in parts.items())


def test_prairielearn_folders_hold_what_they_held(english, tmp_path, no_bank):
    out = tmp_path / "course"
    prairielearn.export(english, out, Options())
    found = sorted(p for p in out.rglob("*") if p.is_file() and p.name != "server.py")
    same_text("prairielearn.txt", listed({p.relative_to(out).as_posix(): p.read_text(encoding="utf-8") for p in found}))
    same_text("prairielearn.expected.json", beside(out).read_text(encoding="utf-8"))


def test_the_gradescope_zip_holds_what_it_held(exam, tmp_path):
    """Beside the scripts it holds this program and the exam, which change with everything."""
    lost = gradescope.export(exam, tmp_path / "grader.zip", Options())
    with zipfile.ZipFile(tmp_path / "grader.zip") as archive:
        names = [re.sub(r"-\d.*", "-VERSION.whl", n) if n.endswith(".whl") else n for n in archive.namelist()]
        scripts = {n: archive.read(n).decode() for n in ("setup.sh", "run_autograder")}
    same_text("gradescope.txt", listed({"names": "\n".join(names), **scripts, "lost": "\n".join(lost)}))
