"""Papers and answer books as static HTML: MathML with its font inside, no script, no network."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from quizgen.formats.export import Options
from quizgen.formats.keys import KeyRow, key_rows
from quizgen.formats.sheet import item_sheet, paper_sheets, points
from quizgen.model import (
    CodeBody,
    Exam,
    Item,
    Key,
    NumericBody,
    Paper,
)
from quizgen.solution import solution_values
from quizgen.wording import inline_html, parse, render, to_html
from quizgen.wording.assets import math_font_css, sheet_css
from quizgen.wording.phrases import phrase


@cache
def environment() -> Environment:
    """Return the environment of the HTML templates; everything that is not Markup is escaped."""
    found = Environment(
        loader=PackageLoader("quizgen.formats"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals.update(phrase=phrase, markup=Markup)
    return found


@cache
def style() -> Markup:
    """Return the style sheet with the math font inside."""
    return Markup(f"{math_font_css()}\n{sheet_css()}")  # noqa: S704 - our own file


def paper_html(paper: Paper, exam: Exam) -> str:
    """Write one student's paper."""
    return (
        environment()
        .get_template("paper.html.j2")
        .render(
            paper=paper,
            title=exam.title,
            minutes=exam.minutes + paper.extra_time if exam.minutes else 0,
            note=to_html(parse(exam.notes[paper.language])) if exam.notes.get(paper.language) else "",
            total=points(sum(i.points for i in paper.items), paper.language),
            items=paper_sheets(paper, exam),
            style=style(),
            has_code=any(isinstance(i.variant.body, CodeBody) for i in paper.items),
        )
    )


def export(exam: Exam, out: Path, options: Options) -> tuple[str, ...]:  # noqa: ARG001 - the page is the printer's
    """Write every paper and the answer book into a folder, without what an exam's folder has beside them."""
    folder = out / "papers"
    folder.mkdir(parents=True, exist_ok=True)
    for paper in exam.papers:
        (folder / f"{paper.student}.html").write_text(paper_html(paper, exam), encoding="utf-8")
    (out / "answer-book.html").write_text(answer_book_html(exam), encoding="utf-8")
    return ()


@dataclass(frozen=True, kw_only=True)
class Worked:
    """One question in the answer book, worked with the numbers of the first paper that has it."""

    title: str
    id: str
    student: str
    stem: str
    solution: str
    mistakes: tuple[tuple[str, str], ...]


def answer_book_html(exam: Exam) -> str:
    """Write the instructor's book: every question worked once, every paper's keys."""
    language = exam.language
    papers = [
        (
            paper,
            [
                (i, key_rows(i, k, exam.questions[i.variant.question], paper.language))
                for i, k in zip(paper.items, exam.keys[paper.student], strict=True)
            ],
        )
        for paper in exam.papers
    ]
    return (
        environment()
        .get_template("answer_book.html.j2")
        .render(exam=exam, language=language, worked=_worked(exam), papers=papers, style=style())
    )


def _paper_keys(paper: Paper, exam: Exam) -> list[tuple[Item, tuple[KeyRow, ...]]]:
    """Pair each item of a paper with its right answers."""
    return [
        (item, key_rows(item, key, exam.questions[item.variant.question], paper.language))
        for item, key in zip(paper.items, exam.keys[paper.student], strict=True)
    ]


def _worked(exam: Exam) -> list[Worked]:
    found: dict[str, Worked] = {}
    for paper in sorted(exam.papers, key=lambda p: p.language != exam.language):
        for item, key in zip(paper.items, exam.keys[paper.student], strict=True):
            if item.variant.question not in found:
                found[item.variant.question] = _work(item, key, paper, exam)
    return list(found.values())


def _work(item: Item, key: Key, paper: Paper, exam: Exam) -> Worked:
    record = exam.questions[item.variant.question]
    words = record.words[paper.language]
    values = solution_values(item.variant, key)
    known = {"stem", "solution", "docstring", "options", "pairs", "sequence", *(g.name for g in record.groups)}
    if isinstance(item.variant.body, NumericBody):
        known |= {f.name for f in item.variant.body.fields}
    return Worked(
        title=record.titles[paper.language],
        id=record.id,
        student=paper.name,
        stem=item_sheet(item, record, paper.language).stem,
        solution=to_html(parse(render(words["solution"], values))),
        mistakes=tuple(
            (name.replace("_", " "), inline_html(parse(render(text, values))))
            for name, text in words.items()
            if name not in known
        ),
    )
