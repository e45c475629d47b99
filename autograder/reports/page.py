"""The report as one self-contained HTML page, with a histogram of scores and a bar per item."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.reports.gradebook import Gradebook
from autograder.reports.pages import template
from autograder.reports.table import MOST_MISTAKES, SIGNS
from quizgen.formats.html import style
from quizgen.model import Status

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


def report_html(book: Gradebook) -> str:
    """Write the page."""
    shares = [row.share for row in book.graded if row.share is not None]
    lines = [(line, status_shares(line.statuses), line.mistakes.most_common(MOST_MISTAKES)) for line in book.lines]
    return template("report.html.j2").render(
        book=book,
        bars=histogram(shares),
        plot_width=BINS * (BAR_WIDTH + BAR_GAP),
        plot_height=PLOT_HEIGHT,
        lines=lines,
        numbers=sorted({line.number for line in book.lines}),
        signs={status: sign for status, (sign, _) in SIGNS.items()},
        style=style(),
    )


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
