"""The files themselves: well-formed, self-contained, safe against names, with a place for every answer."""

import ast
import re
import tomllib
from html.parser import HTMLParser

import lxml.html
import numpy as np
import pytest

from quizgen.assembly import assemble
from quizgen.bank import installed
from quizgen.blueprint import Blueprint, Section, Student
from quizgen.exam_folder import write_folder
from quizgen.formats.hand_in import answers_form, solution_stub
from quizgen.formats.html import answer_book_html, paper_html
from quizgen.model import Ask, CodeBody, ConceptBody, ConceptKey, NumericBody, Select

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
PAPERS = [(ask, language) for ask in Ask for language in ("en", "zh")]


class Balance(HTMLParser):
    """Says where an element is closed that is not open."""

    def __init__(self):
        super().__init__()
        self.open = []
        self.wrong = []
        self.tags = set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if len({name for name, _ in attrs}) != len(attrs):
            self.wrong.append(f"<{tag}> has an attribute twice")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, _attrs):
        self.tags.add(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes nothing at {self.getpos()}")


def balance_of(html):
    parser = Balance()
    parser.feed(html)
    parser.close()
    parser.wrong += [f"<{tag}> is never closed" for tag in parser.open]
    return parser


@pytest.fixture(scope="session")
def pages(exams):
    """Return every paper's HTML, and the answer book of each exam."""
    found = {(ask, p.language): paper_html(p, exams[ask]) for ask in Ask for p in exams[ask].papers}
    return found | {(ask, "book"): answer_book_html(exams[ask]) for ask in Ask}


@pytest.fixture
def paper_of(exams):
    """Return a function that finds exam and paper."""

    def find(ask, language):
        return exams[ask], next(p for p in exams[ask].papers if p.language == language)

    return find


EVERY_PAGE = [*PAPERS, *((ask, "book") for ask in Ask)]


@pytest.mark.parametrize("which", EVERY_PAGE)
def test_pages_are_well_formed(pages, which):
    html = pages[which]
    assert html.startswith("<!DOCTYPE html>")
    assert balance_of(html).wrong == []
    page = lxml.html.fromstring(html)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids)) > 0
    assert set(page.xpath("//@aria-labelledby")) <= set(ids)
    assert page.get("lang") == ("en" if which[1] == "book" else which[1])
    assert page.xpath("//meta[@charset='utf-8']")
    assert len(page.xpath("//h1")) == 1
    assert page.xpath("string(//title)").strip()


@pytest.mark.parametrize("which", EVERY_PAGE)
def test_pages_reach_for_nothing_outside(pages, which):
    html = pages[which]
    assert not balance_of(html).tags & {"script", "iframe", "link", "object", "embed", "form", "img"}
    assert re.findall(r"url\((?![\"']?data:)[^)]*", html) == []
    assert re.findall(r"(?i)\b(?:src|href|action|xlink:href)\s*=", html) == []
    assert re.findall(r"(?i)\son\w+\s*=\s*[\"']", html) == []
    assert "@import" not in html
    outside = set(re.findall(r"https?://[^\s\"'<)]*", html))
    assert outside <= {"http://www.w3.org/1998/Math/MathML", "http://www.w3.org/2000/svg"}


@pytest.mark.parametrize("which", EVERY_PAGE)
def test_every_table_can_be_read_aloud(pages, which):
    for table in lxml.html.fromstring(pages[which]).xpath("//table"):
        assert table.xpath(".//th[@scope]") or table.get("aria-label"), lxml.html.tostring(table)[:300]


@pytest.mark.parametrize("which", EVERY_PAGE)
def test_nothing_of_a_template_is_left(pages, which):
    text = lxml.html.fromstring(pages[which].partition("</style>")[2]).text_content()
    assert re.findall(r"<<|<%|%>|\{\{|\}\}|\\frac|\bUndefined\b", text.replace(">>> ", "")) == []


@pytest.mark.parametrize("which", PAPERS)
def test_names_and_titles_are_escaped(pages, paper_of, which):
    _, paper = paper_of(*which)
    page = lxml.html.fromstring(pages[which])
    assert page.xpath("string(//h1)") == 'Exam "one" \\ <b>'
    assert f"{paper.name} ({paper.student})" in [e.text_content() for e in page.xpath("//dd")]
    assert paper.name in page.xpath("string(//title)")
    book = lxml.html.fromstring(pages[which[0], "book"])
    assert any(paper.name in h.text_content() for h in book.xpath("//section[@class='keys']/h2"))


@pytest.mark.parametrize("which", PAPERS)
def test_the_head_gives_paper_time_and_points(pages, paper_of, which):
    _, paper = paper_of(*which)
    heads = [" ".join(e.text_content().split()) for e in lxml.html.fromstring(pages[which]).xpath("//header//dd")]
    unit = "minutes" if which[1] == "en" else "分钟"
    assert heads[1:3] == [paper.code, f"105 {unit}"]
    assert heads[3].startswith(f"{len(paper.items)} ")


@pytest.mark.parametrize("which", PAPERS)
def test_a_paper_has_a_box_for_every_cell(pages, paper_of, which):
    _, paper = paper_of(*which)
    sections = lxml.html.fromstring(pages[which]).xpath("//section[@class='item']")
    for item, section in zip(paper.items, sections, strict=True):
        boxes = len(section.xpath(".//td[contains(@class, 'answer-box')]"))
        match item.variant.body:
            case NumericBody() as body:
                assert boxes == sum(int(np.prod(f.shape)) for f in body.asked(item.ask))
            case ConceptBody() as body:
                letters = [e.text for e in section.xpath(".//span[@class='letter']")]
                assert letters == list("ABCDEFGHIJ"[: len(body.targets or body.options)])
                assert boxes == (len(body.options) if body.select in {Select.MATCH, Select.ORDER} else 0)


@pytest.mark.parametrize("which", PAPERS)
def test_answers_toml_has_one_place_per_answer(paper_of, which):
    exam, paper = paper_of(*which)
    read = tomllib.loads(answers_form(paper, exam))
    assert (read.pop("student"), read.pop("paper")) == (paper.student, paper.code)
    assert list(read) == [f"item{n}" for n in range(1, len(paper.items) + 1)]
    for item, places in zip(paper.items, read.values(), strict=True):
        match item.variant.body:
            case NumericBody() as body:
                wanted = [f.name for f in body.fields if item.ask is Ask.STEPS or f.name in body.finals]
            case ConceptBody():
                wanted = ["answer"]
            case CodeBody():
                wanted = []
        assert list(places) == wanted
        assert set(places.values()) <= {""}


@pytest.mark.parametrize("name", ["a # b = 'c'", 'x = """', "\\", "[item1]", "数 \u3000 学"])
def test_no_name_or_title_breaks_the_files(name):
    questions = ("regularization/implement-weight-decay-step", "pooling/maximum")
    plan = Blueprint(title=name, seed=1, sections=(Section(questions=questions),))
    exam = assemble(plan, (Student(student="s1", name=name),), installed(), program="test")
    read = tomllib.loads(answers_form(exam.papers[0], exam))
    assert set(read) == {"student", "paper", "item1", "item2"}
    compile(solution_stub(exam.papers[0], exam), "solution.py", "exec")


@pytest.mark.parametrize("which", PAPERS)
def test_solution_py_compiles_and_its_stubs_say_that_they_are_not_written(paper_of, which):
    exam, paper = paper_of(*which)
    bodies = [i.variant.body for i in paper.items if isinstance(i.variant.body, CodeBody)]
    source = solution_stub(paper, exam)
    defined = [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    assert defined == [b.function for b in bodies]
    names = {}
    exec(compile(source, "solution.py", "exec"), names)  # noqa: S102 - our own stubs
    for body in bodies:
        stub = names[body.function]
        with pytest.raises(NotImplementedError, match=body.function):
            stub(*[None] * stub.__code__.co_argcount)
        assert body.example.call in stub.__doc__
        assert body.example.result in stub.__doc__


def test_the_example_on_the_paper_is_what_the_reference_returns(exams):
    for item in exams[Ask.STEPS].papers[0].items:
        body = item.variant.body
        if isinstance(body, CodeBody):
            reference = installed().question(item.variant.question).template.reference
            scope = {"np": np, body.function: reference}
            got = eval(body.example.call, scope)  # noqa: S307 - our own example
            wanted = eval(body.example.result, scope)  # noqa: S307 - the same
            for one, other in zip(_parts(got), _parts(wanted), strict=True):
                np.testing.assert_allclose(one, other, rtol=2e-5, atol=1e-6)


def _parts(value):
    return value if isinstance(value, tuple) else (value,)


def test_a_paper_without_code_gets_no_solution_py(tmp_path):
    plan = Blueprint(title="T", seed=1, sections=(Section(questions=("pooling/maximum",)),))
    exam = assemble(plan, (Student(student="s1", name="Ada"),), installed(), program="test")
    assert solution_stub(exam.papers[0], exam) is None
    write_folder(exam, tmp_path / "exam")
    assert sorted(p.name for p in (tmp_path / "exam/papers/s1").iterdir()) == ["answers.toml", "paper.html"]
    assert "solution.py" not in paper_html(exam.papers[0], exam)


@pytest.mark.parametrize("ask", list(Ask))
def test_the_answer_book_lists_every_key(exams, pages, rounded_key, ask):
    exam = exams[ask]
    book = lxml.html.fromstring(pages[ask, "book"])
    for paper in exam.papers:
        section = book.get_element_by_id(paper.code).getparent()
        rows = [[cell.text_content() for cell in row.xpath("./td")] for row in section.xpath(".//tbody/tr")]
        assert section.xpath(".//tbody//th/text()") == [str(i.number) for i in paper.items]
        for item, key in zip(paper.items, exam.keys[paper.student], strict=True):
            for wanted in _wanted_rows(item, key, rounded_key):
                label, value, _ = rows.pop(0)
                assert label == wanted[0]
                if wanted[1] is not None:
                    found = re.findall(r"[-−]?\d+(?:\.\d+)?(?:e[-+]?\d+)?", value)
                    assert [float(n.replace("−", "-")) for n in found] == pytest.approx(wanted[1], rel=1e-9)
        assert rows == []


def _wanted_rows(item, key, rounded_key):
    if isinstance(key, ConceptKey):
        return [(" ".join("ABCDEFGHIJ"[i] for i in key.right), None)]
    if isinstance(item.variant.body, CodeBody):
        return [(item.variant.body.function, None)]
    return [(step.name, [float(v) for v in rounded_key(item, step)]) for step in key.steps]


def test_the_answer_book_works_every_question_once(exams, pages):
    book = lxml.html.fromstring(pages[Ask.STEPS, "book"])
    shown = book.xpath("//div[@class='item-head']//code/text()")
    assert sorted(shown) == sorted(exams[Ask.STEPS].questions)
