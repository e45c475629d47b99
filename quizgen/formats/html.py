"""Papers and answer books as static HTML: MathML with its font inside, no script, no network."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from quizgen.formats.answer_book import keys, worked
from quizgen.formats.export import Options
from quizgen.formats.sheet import paper_sheets, points
from quizgen.model import CodeBody, Exam, Paper
from quizgen.wording import parse, to_html
from quizgen.wording.assets import math_font_css, sheet_css
from quizgen.wording.phrases import phrase


@cache
def templates(package: str) -> Environment:
    """Return the environment of a package's HTML templates; everything that is not Markup or named safe is escaped."""
    found = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals.update(phrase=phrase)
    return found


@cache
def style() -> Markup:
    """Return the style sheet with the math font inside."""
    return Markup(f"{math_font_css()}\n{sheet_css()}")  # noqa: S704 - our own file


def paper_html(paper: Paper, exam: Exam) -> str:
    """Write one student's paper."""
    return (
        templates("quizgen.formats")
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


def answer_book_html(exam: Exam) -> str:
    """Write the instructor's book: every question worked once, every paper's keys."""
    return (
        templates("quizgen.formats")
        .get_template("answer_book.html.j2")
        .render(exam=exam, language=exam.language, worked=worked(exam), papers=keys(exam), style=style())
    )
