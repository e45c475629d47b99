"""The report as one self-contained HTML page, with its drawings inside, in either language."""

from markupsafe import Markup

from autograder.reports.estimates import FOR_CORRELATION, FOR_MEDIAN, FOR_RELIABILITY, FOR_SHARE
from autograder.reports.fairness import fairness
from autograder.reports.gradebook import Gradebook
from autograder.reports.item_analysis import analyze
from autograder.reports.mastery import mastery
from autograder.reports.pages import template
from autograder.reports.plots import histogram, item_map, status_shares
from autograder.reports.table import SIGNS
from autograder.reports.time_spent import CAP, MINUTE, item_times
from quizgen.formats.html import style
from quizgen.model import Language
from quizgen.wording import inline_html, parse

MOST_MISTAKES = 6
"""Mistakes of an item that are shown at once; the others unfold."""


def report_html(book: Gradebook, language: Language = "") -> str:
    """Write the page, in the exam's language unless another is asked for."""
    language = language or book.exam.language
    analysis, factors = analyze(book, language), fairness(book)
    items = {(i.number, i.question): i for i in analysis.items}
    times = item_times(book.exam, book.saves, language)
    return template("report.html.j2").render(
        book=book,
        language=language,
        scores=histogram([row.share for row in book.graded if row.share is not None]),
        item_map=item_map(analysis.items),
        lines=[(x, status_shares(x.statuses), items.get((x.number, x.question))) for x in book.lines],
        analysis=analysis,
        most_mistakes=MOST_MISTAKES,
        factors=factors,
        uneven=[f for f in factors if f.uneven],
        mastery=mastery(book),
        times=times,
        longest=max((m for t in times for m in (t.spent.high, t.estimated) if m), default=1.0),
        cap=f"{CAP / MINUTE:g}",
        needed={"share": FOR_SHARE, "correlation": FOR_CORRELATION, "reliability": FOR_RELIABILITY},
        needed_times=FOR_MEDIAN,
        most_points=max((r.possible for r in book.graded), default=1.0),
        numbers=sorted({line.number for line in book.lines}),
        signs={status: sign for status, (sign, _) in SIGNS.items()},
        inline=_inline,
        style=style(),
    )


def _inline(text: str) -> Markup:
    """Write a line of a question's own words as HTML."""
    return Markup(inline_html(parse(text)))  # noqa: S704 - the parser escapes what it does not know
