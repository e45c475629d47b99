"""PDFs as printers, screen readers and cameras see them: read back by pdfium, QR codes by ZXing."""

import os

import pypdfium2 as pdfium
import pytest
import typst
import zxingcpp
from scipy import ndimage

from quizgen.assembly import assemble
from quizgen.bank import installed
from quizgen.blueprint import Blueprint, Section, Student
from quizgen.errors import InstructorError
from quizgen.formats import pdf
from quizgen.formats.export import Options
from quizgen.formats.typst import compiler
from quizgen.model import Ask

SIZES = {"a4": (595.3, 841.9), "letter": (612, 792)}
MARGIN = 20
KINDS = (
    "normalization/batch-norm",
    "pooling-backward/max-map",
    "activations/read-the-plot",
    "regularization/which-method",
    "backprop/order-the-steps",
    "descent/implement-mse-gradient",
)


def exam(*, names=("Ada Okafor", "何雨桐"), questions=KINDS, title="Midterm <b>"):
    students = tuple(
        Student(student=f"s-{language}", name=name, language=language, extra_time=15)
        for name, language in zip(names, ("en", "zh"), strict=True)
    )
    plan = Blueprint(title=title, seed=3, sections=(Section(questions=questions, ask=Ask.STEPS, points=2),), minutes=90)
    return assemble(plan, students, installed(), program="test")


@pytest.fixture(scope="module")
def made():
    """Return an exam with every kind of item, and a way to open its papers."""
    return exam()


def opened(exam, number, **options):
    return pdfium.PdfDocument(pdf.paper_pdf(exam.papers[number], exam, Options(**options)))


def text_of(document):
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


@pytest.mark.parametrize("number", [0, 1], ids=["en", "zh"])
def test_every_page_says_whose_it_is_and_how_many_there_are(made, number):
    paper, pages = made.papers[number], text_of(opened(made, number))
    assert len(pages) > 1
    for i, text in enumerate(pages, start=1):
        assert f"{paper.name} ({paper.student})" in text
        assert paper.code in text
        assert f"{i} / {len(pages)}" in text


def test_the_paper_says_what_the_exam_says(made):
    text = " ".join(text_of(opened(made, 0)))
    assert "Midterm <b>" in text
    assert "105 minutes" in text
    assert "12 points" in text
    assert text.count("2 points") >= len(KINDS)
    assert "def mse_gradient(X, y, theta):" in text


@pytest.mark.parametrize("number", [0, 1], ids=["en", "zh"])
def test_a_camera_reads_the_papers_code(made, number):
    page = opened(made, number)[0]
    assert [found.text for found in zxingcpp.read_barcodes(page.render(scale=3).to_numpy())] == [
        made.papers[number].code
    ]


@pytest.mark.parametrize("page", SIZES)
def test_pages_have_the_size_asked_for(made, page):
    assert [opened(made, 0, page=page)[0].get_size()] == [pytest.approx(SIZES[page], abs=0.5)]


@pytest.mark.parametrize("options", [{}, {"page": "letter", "large_print": True}], ids=["normal", "large"])
@pytest.mark.parametrize("number", [0, 1], ids=["en", "zh"])
def test_nothing_is_cut_off_at_the_edge_of_any_question(exams, number, options):
    every = exams[Ask.STEPS]
    document = pdfium.PdfDocument(pdf.paper_pdf(every.papers[number], every, Options(**options)))
    for page in document:
        width, height = page.get_size()
        for thing in page.get_objects():
            left, bottom, right, top = thing.get_bounds()
            assert left > MARGIN
            assert right < width - MARGIN
            assert bottom > MARGIN
            assert top < height - MARGIN


def test_large_print_is_large(made):
    sizes = {
        large: max(t.get_font_size() for t in opened(made, 0, large_print=large)[0].get_objects() if is_text(t))
        for large in (False, True)
    }
    assert sizes[True] > 1.6 * sizes[False]


def is_text(thing):
    return isinstance(thing, pdfium.PdfTextObj)


def test_the_document_is_tagged_and_declares_pdf_ua(made):
    data = pdf.paper_pdf(made.papers[0], made, Options())
    document = pdfium.PdfDocument(data)
    assert document.is_tagged()
    assert b"<pdfuaid:part>1</pdfuaid:part>" in data
    assert document.get_metadata_value("Title") == "Midterm <b> · Ada Okafor"


def test_the_same_paper_has_the_same_bytes(made):
    first = pdf.paper_pdf(made.papers[1], made, Options())
    pdf.paper_pdf(made.papers[0], made, Options())
    compiler._compiler.cache_clear()
    assert pdf.paper_pdf(made.papers[1], made, Options()) == first
    assert b"CreationDate(D:1970" in first.replace(b" ", b"") or b"CreationDate" not in first


def test_the_answer_book_holds_every_key(made):
    text = " ".join(text_of(pdfium.PdfDocument(pdf.answer_book_pdf(made, Options()))))
    assert "For instructors only" in text
    for paper in made.papers:
        assert f"{paper.name} ({paper.student}) · {paper.code}" in text
    for question in KINDS:
        assert question in text


def test_the_paper_holds_no_key(made):
    text = " ".join(text_of(opened(made, 0)))
    assert "Mistakes people make" not in text
    assert "Worked solution" not in text


def test_a_name_that_no_font_holds_is_an_error_that_names_it():
    odd = exam(names=("Ada \U0001f600", "何雨桐"), questions=KINDS[:1])
    with pytest.raises(InstructorError, match=r"the paper of s-en: no font has the character '\U0001f600'"):
        pdf.paper_pdf(odd.papers[0], odd, Options())


@pytest.fixture
def rare():
    """Return an exam of one whose name GB 2312 cannot write."""
    compiler._compiler_for_rare_characters.cache_clear()
    yield exam(names=("龘", "何雨桐"), questions=KINDS[:1])
    compiler._compiler_for_rare_characters.cache_clear()


def test_a_rare_name_is_refused_where_the_system_lacks_its_characters(rare, monkeypatch):
    monkeypatch.setattr(compiler, "RARE", ())
    with pytest.raises(InstructorError, match="fonts-noto-cjk"):
        pdf.paper_pdf(rare.papers[0], rare, Options())


@pytest.mark.skipif(
    not set(compiler.RARE) & set(typst.Fonts().families()), reason="no large Chinese font (apt install fonts-noto-cjk)"
)
def test_a_rare_name_is_printed_where_the_system_has_its_characters(rare):
    document = opened(rare, 0)
    assert "龘 (s-en)" in text_of(document)[0]
    assert any("CJK" in t.get_font().get_base_name() for t in document[0].get_objects() if is_text(t))


def test_names_and_titles_are_never_markup():
    odd = exam(names=('#panic("x") $x$ *b* \\', '"何'), questions=KINDS[:1], title="#{ [a] \\ <l> @r // x")
    assert '#panic("x") $x$ *b* \\' in text_of(pdfium.PdfDocument(pdf.paper_pdf(odd.papers[0], odd, Options())))[0]


def test_make_puts_pdfs_beside_the_pages(quizgen, tmp_path):
    plan = '[[sections]]\nquestions = ["pooling/average"]\n'
    (tmp_path / "exam.toml").write_text(f'title = "T"\nseed = 1\n{plan}', encoding="utf-8")
    (tmp_path / "roster.csv").write_text("student,name\na,Ada\n", encoding="utf-8")
    made = ("make", tmp_path / "exam.toml", "--roster", tmp_path / "roster.csv", "--out", tmp_path / "exam")
    assert quizgen(*made, "--format", "pdf", "--page", "letter").code == 0
    first = pdfium.PdfDocument(tmp_path / "exam" / "papers" / "a" / "paper.pdf")[0]
    assert first.get_size() == pytest.approx(SIZES["letter"])
    assert (tmp_path / "exam" / "papers" / "a" / "paper.html").exists()
    assert quizgen("export", tmp_path / "exam", "--to", "pdf", "--out", tmp_path / "out").code == 0
    assert {p.name for p in (tmp_path / "out").rglob("*.pdf")} == {"a.pdf", "answer-book.pdf"}
    again = quizgen("export", tmp_path / "exam", "--to", "pdf", "--out", tmp_path / "out")
    assert again.code == 1
    assert "is there already" in again.err


def test_one_answer_box_is_drawn_for_every_number(made):
    wanted = sum(
        f.shape[0] * (f.shape[1] if len(f.shape) > 1 else 1) if f.shape else 1
        for f in made.papers[0].items[0].variant.body.fields
    )
    one = exam(questions=KINDS[:1])
    pages = [one_page_boxes(page) for page in opened(one, 0)]
    assert sum(pages) == wanted


def one_page_boxes(page):
    """Count white rectangles that are closed in by dark lines and as wide as an answer box."""
    picture = page.render(scale=2, grayscale=True).to_numpy().squeeze() < 128
    labels, count = ndimage.label(~picture)
    places = ndimage.find_objects(labels)
    sizes = [(s[0].stop - s[0].start, s[1].stop - s[1].start) for s in places[:count]]
    return sum(abs(h - 2 * 2.5 * 10.5) < 6 and abs(w - 2 * 7.2 * 10.5) < 6 for h, w in sizes)


def test_many_papers_are_made_by_several_processes_with_the_same_bytes(made, tmp_path, monkeypatch):
    pdf.export(made, tmp_path / "alone", Options())
    monkeypatch.setattr(pdf, "WORTH_A_HELPER", 1)
    monkeypatch.setattr(pdf, "PIECE", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    pdf.export(made, tmp_path / "crew", Options())
    for path in sorted((tmp_path / "alone").rglob("*.pdf")):
        assert (tmp_path / "crew" / path.relative_to(tmp_path / "alone")).read_bytes() == path.read_bytes()
    assert len(list((tmp_path / "crew").rglob("*.pdf"))) == len(made.papers) + 1
    odd = exam(names=("Ada \U0001f600", "何雨桐"), questions=KINDS[:1])
    with pytest.raises(InstructorError, match="the paper of s-en: no font has the character"):
        pdf.export(odd, tmp_path / "odd", Options())
