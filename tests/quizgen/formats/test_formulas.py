"""The golden formulas through every writer: pages, PDFs, the terminal, learning platforms and notebooks."""

from pathlib import Path
from urllib.parse import unquote

import pypdfium2 as pdfium
import pytest
from lxml import etree

from quizgen.formats.html import style
from quizgen.formats.lms.markup import block_xhtml, canvas_formula, inline_xhtml, latex_formula, mathml_formula
from quizgen.formats.markdown import MARKDOWN
from quizgen.formats.mathtext import formula as text_formula
from quizgen.formats.typst.compiler import to_pdf
from quizgen.formats.typst.formula import formula as typst_formula
from quizgen.wording import mathml, parse, to_html
from tests.browsers import needs_chromium
from tests.quizgen.formats.goldens import same_pages, same_text

FORMULAS = (Path(__file__).parents[1] / "wording" / "formulas.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
W3C = Path("/usr/share/xml/w3c-sgml-lib/schema/dtd")
DTDS = ("XX-MathML2-20031104/mathml2.dtd", "REC-MathML3-20101021/mathml3.dtd")
HEAD = '#import "sheet.typ": *\n#show: sheet.with(title: "T", language: "en")\n= T\n== U\n'
ROOMY, NONE = 200, -1


def squeezed(latex):
    return " ".join(latex.split())


def test_there_are_enough():
    assert len(set(FORMULAS)) >= 60


def test_formulas_are_written_as_they_were():
    """One entry per formula: LaTeX, then the terminal's two forms, Typst, and the MathML of pages and of QTI."""
    entries = [
        "\n".join([
            f"==== {latex}",
            *(row.rstrip() for row in text_formula(latex, display=True, width=ROOMY).rows),
            *text_formula(latex, display=True, width=NONE).rows,
            typst_formula(latex, display=True),
            mathml(latex, display=True),
            mathml_formula(latex, True),
        ])
        for latex in FORMULAS
    ]  # fmt: skip
    same_text("formulas.txt", "\n\n".join(entries) + "\n")


def test_formulas_look_as_they_did(tmp_path):
    body = "\n\n".join(typst_formula(latex, display=True) for latex in FORMULAS)
    same_pages("formulas", pdfium.PdfDocument(to_pdf(HEAD + body)), tmp_path)


@pytest.mark.skipif(not W3C.exists(), reason="W3C's DTDs are not installed (apt install w3c-sgml-lib)")
@pytest.mark.parametrize("dtd", DTDS)
def test_qti_gets_valid_mathml(dtd):
    schema = etree.DTD(str(W3C / dtd))
    for latex in FORMULAS:
        for display in (True, False):
            math = etree.fromstring(mathml_formula(latex, display))
            for one in math.iter():
                one.tag = etree.QName(one).localname
            etree.cleanup_namespaces(math)
            assert schema.validate(math), (latex, schema.error_log)
            assert math.get("alttext")


@pytest.mark.parametrize("latex", FORMULAS)
def test_platforms_and_notebooks_get_the_latex_itself(latex):
    moodle = etree.fromstring(f"<div>{block_xhtml(f'$${latex}$$', latex_formula)}</div>")
    assert "".join(moodle.itertext()).strip() == rf"\[{latex.strip()}\]"
    inline = etree.fromstring(f"<div>{inline_xhtml(f'a ${latex}$ b', latex_formula)}</div>")
    assert inline.text == rf"a \({latex.strip()}\) b"
    (picture,) = etree.fromstring(f"<div>{inline_xhtml(f'a ${latex}$ b', canvas_formula)}</div>")
    assert picture.get("data-equation-content") == squeezed(latex)
    assert unquote(picture.get("src")) == f"/equation_images/{squeezed(latex)}"
    assert picture.get("alt") == f"LaTeX: {squeezed(latex)}"
    assert MARKDOWN.block(parse(f"a ${latex}$ b")) == f"a ${latex}$ b"


@needs_chromium
def test_a_browser_lays_out_every_formula(browser):
    body = "\n\n".join(f"$${latex}$$" for latex in FORMULAS)
    page_html = f"<!DOCTYPE html><html><head><style>{style()}</style></head><body>{to_html(parse(body))}</body></html>"
    with browser.new_page() as page:
        page.set_content(page_html)
        sizes = page.evaluate("""async () => {
            await document.fonts.ready;
            const seen = (x) => x.getBoundingClientRect().width > 0;
            return [...document.querySelectorAll('math')].map((e) => {
                const box = e.getBoundingClientRect();
                return [box.width, box.height, [...e.querySelectorAll('mi, mn')].every(seen)];
            });
        }""")
    assert len(sizes) == len(FORMULAS)
    bad = [
        latex
        for latex, (width, height, whole) in zip(FORMULAS, sizes, strict=True)
        if min(width, height) < 4 or not whole
    ]
    assert bad == []
