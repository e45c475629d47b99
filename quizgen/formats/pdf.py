"""Papers and answer books as PDF: what a printer needs, tagged for screen readers, the same bytes each time."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

import segno
from jinja2 import Environment, PackageLoader, StrictUndefined

from quizgen.crew import Crew, helpers
from quizgen.errors import QuizgenError
from quizgen.formats.answer_book import keys, worked
from quizgen.formats.export import Options
from quizgen.formats.sheet import Markup, for_papers, paper_sheets, points
from quizgen.formats.svg import svg
from quizgen.formats.typst.compiler import to_pdf
from quizgen.formats.typst.document import inline_typst, to_typst
from quizgen.formats.typst.text import literal
from quizgen.model import CodeBody, Exam, Paper
from quizgen.pictures import Picture
from quizgen.wording import parse
from quizgen.wording.phrases import phrase


def _picture(picture: Picture, said: str) -> str:
    return f"\n\n#picture({literal(svg(picture, said))}, {literal(said)})\n\n"


TYPST = Markup(block=to_typst, inline=inline_typst, picture=_picture)
SIZES = {False: 10.5, True: 18.0}
"""Size of the type in points, by whether it is large print."""
WIDTHS = {"a4": 481.0, "letter": 498.0}
"""Width of a page's text in points."""


WORTH_A_HELPER = 20
"""Papers that are made in the time that a helper takes to start."""
PIECE = 4
"""Papers that a helper is handed at a time."""


class Written(str):
    """Typst markup, to be set as it is."""

    __slots__ = ()


def export(exam: Exam, out: Path, options: Options) -> tuple[str, ...]:
    """Write every paper and the answer book into a folder."""
    folder = out / "papers"
    folder.mkdir(parents=True, exist_ok=True)
    _write_papers(exam, exam.papers, folder, "{}.pdf", options)
    (out / "answer-book.pdf").write_bytes(answer_book_pdf(exam, options))
    return ()


def write_beside(
    exam: Exam, papers: Sequence[Paper], folder: Path, options: Options, *, progress: Callable[[], None] = lambda: None
) -> None:
    """Put paper.pdf beside the paper.html of each of these papers, and answer-book.pdf beside the answer book."""
    _write_papers(exam, papers, folder / "papers", "{}/paper.pdf", options, progress=progress)
    (folder / "answer-book.pdf").write_bytes(answer_book_pdf(exam, options))


def _write_papers(
    exam: Exam,
    papers: Sequence[Paper],
    folder: Path,
    name: str,
    options: Options,
    *,
    progress: Callable[[], None] = lambda: None,
) -> None:
    """Write papers into files whose names hold the student's; Typst keeps to one processor, so a crew does it."""
    write = partial(_write_paper, exam=for_papers(exam), folder=folder, name=name, options=options)
    with Crew(helpers(len(papers), worth=WORTH_A_HELPER)) as crew:
        crew.map(write, papers, piece=PIECE, progress=lambda _: progress())


def _write_paper(paper: Paper, exam: Exam, folder: Path, name: str, options: Options) -> None:
    (folder / name.format(paper.student)).write_bytes(paper_pdf(paper, exam, options))


def paper_pdf(paper: Paper, exam: Exam, options: Options) -> bytes:
    """Write one student's paper."""
    with _named(f"the paper of {paper.student}"):
        return to_pdf(paper_source(paper, exam, options))


def answer_book_pdf(exam: Exam, options: Options) -> bytes:
    """Write the instructor's book: every question worked once, every paper's keys."""
    with _named("the answer book"):
        return to_pdf(answer_book_source(exam, options))


@contextmanager
def _named(document: str) -> Iterator[None]:
    """Let an error say which document it concerns."""
    try:
        yield
    except QuizgenError as error:
        raise type(error)(f"{document}: {error}") from error


def paper_source(paper: Paper, exam: Exam, options: Options) -> str:
    """Return one student's paper in Typst."""
    return _filled(
        "paper.typ.j2",
        options,
        paper=paper,
        title=exam.title,
        minutes=exam.minutes + paper.extra_time if exam.minutes else 0,
        note=Written(to_typst(parse(exam.notes.get(paper.language, "")))),
        total=points(sum(i.points for i in paper.items), paper.language),
        items=paper_sheets(paper, exam, TYPST),
        has_code=any(isinstance(i.variant.body, CodeBody) for i in paper.items),
        qr=segno.make(paper.code, error="m", micro=False).svg_inline(border=0),
    )


def answer_book_source(exam: Exam, options: Options) -> str:
    """Return the answer book in Typst."""
    return _filled(
        "answer_book.typ.j2",
        options,
        exam=exam,
        language=exam.language,
        worked=worked(exam, TYPST),
        papers=keys(exam),
    )


def _filled(template: str, options: Options, **values: Any) -> str:
    size = SIZES[options.large_print]
    room = round(WIDTHS[options.page] / size, 1)
    return environment().get_template(template).render(options=options, size=size, room=room, **values)


@cache
def environment() -> Environment:
    """Return the environment of the Typst templates; every text that is not markup becomes a string literal."""
    found = Environment(
        loader=PackageLoader("quizgen.formats"),
        autoescape=False,  # noqa: S701 - `finalize` quotes what comes in
        undefined=StrictUndefined,
        finalize=_quoted,
        variable_start_string="<<",
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals.update(phrase=phrase)
    found.filters["markup"] = Written
    return found


def _quoted(value: object) -> str:
    return literal(value) if isinstance(value, str) and not isinstance(value, Written) else str(value)
