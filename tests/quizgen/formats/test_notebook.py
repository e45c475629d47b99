"""Notebooks: valid, the same bytes each time, a cell for every answer, examples that run."""

import ast
import re
from base64 import b64decode
from pathlib import Path

import lxml.html
import nbformat
import pytest
from lxml import etree
from markdown_it import MarkdownIt
from nbclient import NotebookClient

from quizgen.bank import installed
from quizgen.exam_file import read_exam
from quizgen.formats.notebook import notebook
from quizgen.model import Ask, CodeBody, ConceptBody, NumericBody
from quizgen.solution import picture_text

EXAMPLE = Path(__file__).parents[3] / "examples" / "midterm" / "exam"


@pytest.fixture(scope="module")
def written(exams):
    return {
        (ask, paper.language): nbformat.reads(notebook(paper, exams[ask]), as_version=4)
        for ask in Ask
        for paper in exams[ask].papers
    }


def test_every_question_makes_a_valid_notebook(written):
    for found in written.values():
        nbformat.validate(found)
        ids = [cell.id for cell in found.cells]
        assert len(ids) == len(set(ids))


def test_every_answer_has_its_cell(written, exams):
    for (ask, language), found in written.items():
        paper = next(p for p in exams[ask].papers if p.language == language)
        cells = {cell.id: cell for cell in found.cells}
        for item in paper.items:
            assert cells.pop(f"item{item.number}").cell_type == "markdown"
            match item.variant.body:
                case NumericBody() as body:
                    for field in body.asked(ask):
                        (line,) = ast.parse(cells.pop(f"item{item.number}-{field.name}").source).body
                        assert (line.targets[0].id, line.value.value) == (field.name, "")
                case ConceptBody():
                    assert cells.pop(f"item{item.number}-answer").source.startswith('answer = ""')
                case CodeBody() as body:
                    stub = ast.parse(cells.pop(f"code{item.number}").source).body[0]
                    assert stub.name == body.function
                    assert body.example.call in cells.pop(f"example{item.number}").source
        assert set(cells) == {"head", "setup"}


def test_words_keep_their_latex_and_hold_no_key(written):
    texts = ["\n".join(c.source for c in found.cells if c.cell_type == "markdown") for found in written.values()]
    assert all(re.search(r"\$.*\\frac", text) and "\\begin{bmatrix}" in text for text in texts)
    assert not any(re.search(r"<<|<%|%>", text) for text in texts)
    assert all("<script>" not in text.replace(r"\<script\>", "") for text in texts)
    assert "\\<script\\>alert(1)" in texts[0]


def test_pictures_are_inside_and_said_in_the_papers_language(written, exams):
    """Read as Jupyter's and VS Code's viewers do: Markdown with HTML in it."""
    pictured = 0
    for (ask, language), found in written.items():
        paper = next(p for p in exams[ask].papers if p.language == language)
        cells = {cell.id: cell for cell in found.cells}
        for item in paper.items:
            page = MarkdownIt("commonmark").render(cells[f"item{item.number}"].source)
            drawn = lxml.html.fromstring(f"<div>{page}</div>").findall(".//img")
            assert len(drawn) == (item.variant.picture is not None)
            for image in drawn:
                words = exams[ask].questions[item.variant.question].words[language]
                assert image.get("alt") == picture_text(item.variant, words)
                kind, _, data = image.get("src").partition(",")
                assert kind == "data:image/svg+xml;base64"
                assert etree.fromstring(b64decode(data)).get("aria-label") == image.get("alt")
                pictured += 1
    assert pictured == 16


def test_the_same_exam_gives_the_same_bytes(exams):
    exam = exams[Ask.STEPS]
    assert notebook(exam.papers[0], exam) == notebook(exam.papers[0], exam)


def test_export_writes_one_notebook_per_student(quizgen, tmp_path):
    told = quizgen("export", EXAMPLE, "--to", "notebook", "--out", tmp_path / "out")
    assert (told.code, told.err) == (0, "")
    papers = read_exam(EXAMPLE).papers
    assert {p.name for p in (tmp_path / "out").iterdir()} == {f"{p.student}.ipynb" for p in papers}
    again = quizgen("export", EXAMPLE, "--to", "notebook", "--out", tmp_path / "again")
    assert again.code == 0
    for path in (tmp_path / "out").iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()


def test_the_visible_examples_run(tmp_path):
    exam = read_exam(EXAMPLE)
    paper = exam.papers[0]
    found = nbformat.reads(notebook(paper, exam), as_version=4)
    wanted = {}
    for item in paper.items:
        if isinstance(item.variant.body, CodeBody):
            cell = next(c for c in found.cells if c.id == f"code{item.number}")
            reference = installed().question(item.variant.question).template.reference
            name = item.variant.body.function
            cell.source = f"from {reference.__module__} import {reference.__name__} as {name}"
            wanted[f"example{item.number}"] = item.variant.body.example.result
    done = NotebookClient(
        found, timeout=60, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    ).execute()
    shown = {c.id: c.outputs[0]["data"]["text/plain"] for c in done.cells if c.id in wanted}
    assert len(wanted) == 3
    for cell, result in wanted.items():
        assert numbers(shown[cell]) == pytest.approx(numbers(result), rel=1e-5)


def numbers(text):
    return [float(n) for n in re.findall(r"(?<![\w.])-?\d+\.?\d*(?:e-?\d+)?", text)]
