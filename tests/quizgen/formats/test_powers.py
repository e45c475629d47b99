"""Significant digits are asked as mantissa and exponent, in every form, whatever the key's size."""

import html
import re
import tomllib
import zipfile

import lxml.html
import nbformat
import pypdfium2 as pdfium
import pytest

from quizgen.assembly import assemble
from quizgen.bank import installed
from quizgen.blueprint import Blueprint, Section, Student
from quizgen.formats import pdf
from quizgen.formats.export import Options, export
from quizgen.formats.hand_in import answers_form
from quizgen.formats.html import paper_html
from quizgen.formats.notebook import notebook
from quizgen.marking.numeric import mark_numeric
from quizgen.model import Ask, Status

QUESTIONS = ("gradients/by-depth", "regularization/decay-many-steps", "gradients/chain-four-neurons")
FORM = {"en": "as a × 10^n", "zh": "写成 a × 10^n"}
TYPED = {"en": "typed like 1.5e3", "zh": "输入为 1.5e3"}
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@pytest.fixture(scope="module")
def exam():
    students = tuple(Student(student=f"s-{code}", name="Ada", language=code) for code in FORM)
    plan = Blueprint(title="T", seed=4, sections=(Section(questions=QUESTIONS, ask=Ask.STEPS),))
    return assemble(plan, students, installed(), program="test")


@pytest.fixture(params=[0, 1], ids=["en", "zh"])
def paper(exam, request):
    return exam.papers[request.param]


def fields(paper):
    return [field for item in paper.items for field in item.variant.body.asked(item.ask)]


def cells(field):
    return field.shape[0] if field.shape else 1


def powers(paper):
    return [field for field in fields(paper) if field.rounding.significant is not None]


def test_the_page_has_two_blanks_for_each_such_number_and_for_no_other(exam, paper):
    page = lxml.html.fromstring(paper_html(paper, exam))
    grids = page.xpath("//div[@class='answer']")
    assert len(grids) == len(fields(paper))
    for field, answer in zip(fields(paper), grids, strict=True):
        power = field.rounding.significant is not None
        assert len(answer.xpath(".//td")) == cells(field)
        assert len(answer.xpath(".//td//*[@class='blank']")) == 2 * power * cells(field)
        assert len(answer.xpath(".//td/sup")) == power * cells(field)
        assert (FORM[paper.language] in answer.text_content()) == power


def test_small_and_ordinary_keys_are_asked_alike(exam, paper):
    keys = {step.name: step.value for key in exam.keys[paper.student] for step in key.steps}
    assert abs(keys["ratio"]) < 0.1 < abs(keys["share"])
    page = paper_html(paper, exam)
    assert page.count("× 10<sup") == sum(cells(field) for field in powers(paper))
    assert not re.search(r"× 10(<sup[^>]*>|\^)\s*[-−]?\d", page)


def test_the_pdf_says_and_shows_it(exam, paper):
    document = pdfium.PdfDocument(pdf.paper_pdf(paper, exam, Options()))
    text = " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)
    assert text.count("× 10^n") == len(powers(paper))
    assert text.count("× 10") == len(powers(paper)) + sum(cells(field) for field in powers(paper))


def test_answers_toml_and_the_notebook_say_it_beside_the_answer(exam, paper):
    text = answers_form(paper, exam)
    assert tomllib.loads(text)["item1"]["ratio"] == ""
    told = {line.partition(" = ")[0] for line in text.splitlines() if FORM[paper.language] in line}
    assert told == {field.name for field in powers(paper)}
    sources = [cell["source"] for cell in nbformat.reads(notebook(paper, exam), 4)["cells"]]
    assert sum(FORM[paper.language] in s for s in sources if s.startswith("ratio")) == 1


@pytest.mark.parametrize("form", ["moodle", "qti21", "canvas"])
def test_a_platforms_plain_box_is_told_what_to_type(exam, form, tmp_path):
    out = tmp_path / "out"
    export(exam, form, out, Options())
    text = "".join(html.unescape(html.unescape(read)) for read in texts(out))
    for language, written in FORM.items():
        assert TYPED[language] in text
        assert written not in text


def texts(out):
    """Yield the text of every file that is there, packed or not."""
    files = [out] if out.is_file() else [path for path in out.rglob("*") if path.is_file()]
    for path in files:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                yield from (packed.read(name).decode(errors="replace") for name in packed.namelist())
        else:
            yield path.read_text(encoding="utf-8", errors="replace")


@pytest.mark.parametrize("written", ["{m} × 10^{n}", "{m}×10{raised}", "{m}e{n}", "{m} x 10^({n})", "{plain}"])
def test_what_is_written_so_is_right(exam, paper, written):
    for item, key in zip(paper.items, exam.keys[paper.student], strict=True):
        response = {step.name: in_form(step.value, written) for step in key.steps}
        verdict = mark_numeric(item, key, response, installed().question(item.variant.question).template)
        assert verdict.status is Status.CORRECT, response


def in_form(value, written):
    """Write a value as a student does who keeps many digits; several numbers are divided by commas."""
    if isinstance(value, list):
        return ", ".join(in_form(one, written) for one in value)
    mantissa, _, power = f"{value:.9e}".partition("e")
    n = str(int(power))
    return written.format(m=mantissa, n=n, raised=n.translate(RAISED), plain=repr(value))
