"""The report as one self-contained HTML page, with its drawings inside, in either language."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from autograder.reports.estimates import FOR_CORRELATION, FOR_RELIABILITY, FOR_SHARE
from autograder.reports.fairness import fairness
from autograder.reports.gradebook import Gradebook
from autograder.reports.item_analysis import analyze
from autograder.reports.mastery import mastery
from autograder.reports.pages import template
from autograder.reports.table import SIGNS
from quizgen.formats.html import style
from quizgen.model import Language, Status
from quizgen.wording import inline_html, parse

BINS = 10
COLORS = {
    Status.CORRECT: "#2f7d3b",
    Status.PARTIAL: "#d9a027",
    Status.INCORRECT: "#b3362f",
    Status.BLANK: "#d6d6d6",
    Status.UNREADABLE: "#8a5aa8",
    Status.ERROR: "#111111",
}
BAR_WIDTH, BAR_GAP, PLOT_HEIGHT = 44, 6, 150


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One column of the histogram, in pixels."""

    x: int
    y: float
    width: int
    height: float
    count: int
    label: str


@dataclass(frozen=True, kw_only=True)
class Share:
    """One colored part of an item's bar, in percent of its width."""

    status: str
    color: str
    count: int
    start: float
    width: float


def report_html(book: Gradebook, language: Language = "") -> str:
    """Write the page, in the exam's language unless another is asked for."""
    language = language or book.exam.language
    shares = [row.share for row in book.graded if row.share is not None]
    analysis, factors = analyze(book, language), fairness(book)
    items = {(i.number, i.question): i for i in analysis.items}
    return template("report.html.j2").render(
        book=book,
        language=language,
        bars=histogram(shares),
        plot_width=BINS * (BAR_WIDTH + BAR_GAP),
        plot_height=PLOT_HEIGHT,
        lines=[(x, status_shares(x.statuses), items.get((x.number, x.question))) for x in book.lines],
        analysis=analysis,
        factors=factors,
        uneven=[f for f in factors if f.uneven],
        mastery=mastery(book),
        needed={"share": FOR_SHARE, "correlation": FOR_CORRELATION, "reliability": FOR_RELIABILITY},
        most_points=max((r.possible for r in book.graded), default=1.0),
        numbers=sorted({line.number for line in book.lines}),
        signs={status: sign for status, (sign, _) in SIGNS.items()},
        inline=_inline,
        style=style(),
    )


def _inline(text: str) -> Markup:
    """Write a line of a question's own words as HTML."""
    return Markup(inline_html(parse(text)))  # noqa: S704 - the parser escapes what it does not know


def histogram(shares: Sequence[float]) -> tuple[Bar, ...]:
    """Count shares of the points in ten bins; 100 % belongs to the last."""
    counts = Counter(min(int(share * BINS), BINS - 1) for share in shares)
    most = max(counts.values(), default=1)
    return tuple(
        Bar(
            x=i * (BAR_WIDTH + BAR_GAP),
            y=PLOT_HEIGHT * (1 - counts[i] / most),
            width=BAR_WIDTH,
            height=PLOT_HEIGHT * counts[i] / most,
            count=counts[i],
            label=f"{10 * i}–{10 * (i + 1)} %",
        )
        for i in range(BINS)
    )


def status_shares(statuses: Counter[Status]) -> tuple[Share, ...]:
    """Divide a bar among the statuses, best first."""
    total = statuses.total() or 1
    found, start = [], 0.0
    for status in Status:
        width = 100 * statuses[status] / total
        if width:
            found.append(
                Share(status=status.value, color=COLORS[status], count=statuses[status], start=start, width=width)
            )
        start += width
    return tuple(found)
