"""Where things stand in the drawings of the report page: pixels and percent, worked out before the template draws."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor

from autograder.reports.item_analysis import ItemAnalysis
from quizgen.model import Status

BINS = 10
BAR_WIDTH, BAR_GAP, PLOT_HEIGHT = 32, 4, 150
MOST_LINES = 5
"""Lines across the histogram."""
COLORS = {
    Status.CORRECT: "#2f7d3b",
    Status.PARTIAL: "#d9a027",
    Status.INCORRECT: "#b3362f",
    Status.BLANK: "#d6d6d6",
    Status.UNREADABLE: "#8a5aa8",
    Status.ERROR: "#111111",
}
MAP_WIDTH, MAP_HEIGHT = 340, 220
WEAK = 0.2
"""Discrimination below which an item hardly tells students apart (Ebel and Frisbie 1991)."""
DOT, DIGIT_WIDTH, DIGIT_HEIGHT = 4, 7, 12
PLACES = ((7, 4), (-7, 4), (0, -8), (0, 17), (7, -8), (-7, -8), (7, 17), (-7, 17))
"""Where the number of a dot may stand, from the dot: right of it, left, above, below, at the corners."""


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
class Histogram:
    """Columns with lines across, (pixels from the top, students), and where the mean stands."""

    bars: tuple[Bar, ...]
    lines: tuple[tuple[float, int], ...]
    mean: float | None
    width: int = BINS * (BAR_WIDTH + BAR_GAP)
    height: int = PLOT_HEIGHT


@dataclass(frozen=True, kw_only=True)
class Share:
    """One colored part of an item's bar, in percent of its width."""

    status: str
    color: str
    count: int
    start: float
    width: float


@dataclass(frozen=True, kw_only=True)
class Dot:
    """One item by difficulty and discrimination, in pixels; its number starts, ends or is centered at `text_x`."""

    number: int
    x: float
    y: float
    text_x: float
    text_y: float
    anchor: str
    words: str


@dataclass(frozen=True, kw_only=True)
class ItemMap:
    """The items that have both numbers, from `low` to 1 in discrimination; `lines` are (pixels, discrimination)."""

    dots: tuple[Dot, ...]
    lines: tuple[tuple[float, str], ...]
    weak: float
    width: int = MAP_WIDTH
    height: int = MAP_HEIGHT


def histogram(shares: Sequence[float]) -> Histogram:
    """Count shares of the points in ten bins; 100 % belongs to the last."""
    counts = Counter(min(int(share * BINS), BINS - 1) for share in shares)
    step = max(1, ceil(max(counts.values(), default=1) / MOST_LINES))
    top = step * ceil(max(counts.values(), default=1) / step)
    bars = tuple(
        Bar(
            x=i * (BAR_WIDTH + BAR_GAP) + BAR_GAP // 2,
            y=PLOT_HEIGHT * (1 - counts[i] / top),
            width=BAR_WIDTH,
            height=PLOT_HEIGHT * counts[i] / top,
            count=counts[i],
            label=f"{10 * i}–{10 * (i + 1)} %",
        )
        for i in range(BINS)
    )
    lines = tuple((PLOT_HEIGHT * (1 - n / top), n) for n in range(0, top + 1, step))
    mean = BINS * (BAR_WIDTH + BAR_GAP) * sum(shares) / len(shares) if shares else None
    return Histogram(bars=bars, lines=lines, mean=mean)


def status_shares(statuses: Counter[Status]) -> tuple[Share, ...]:
    """Divide a bar among the statuses, best first."""
    total = statuses.total() or 1
    widths = [100 * statuses[status] / total for status in Status]
    starts = [sum(widths[:i]) for i in range(len(widths))]
    return tuple(
        Share(status=status.value, color=COLORS[status], count=statuses[status], start=start, width=width)
        for status, start, width in zip(Status, starts, widths, strict=True)
        if width
    )


def item_map(items: Sequence[ItemAnalysis]) -> ItemMap:
    """Place each item by difficulty, to the right the easy ones, and by discrimination; numbers keep off each other."""
    found = [(i.number, i.difficulty.value, i.discrimination.value) for i in items]
    known = [(number, p, r) for number, p, r in found if p is not None and r is not None]
    low = min(0.0, floor(5 * min((r for _, _, r in known), default=0.0)) / 5)

    def height(r: float) -> float:
        return MAP_HEIGHT * (1 - r) / (1 - low)

    places = [(MAP_WIDTH * p, height(r)) for _, p, r in known]
    texts = _texts(places, [len(str(number)) for number, _, _ in known])
    dots = tuple(
        Dot(number=number, x=x, y=y, text_x=at[0], text_y=at[1], anchor=at[2], words=f"{number}: {p:.0%}, {r:.2f}")
        for (number, p, r), (x, y), at in zip(known, places, texts, strict=True)
    )
    steps = range(round(5 * low), 6)
    return ItemMap(dots=dots, lines=tuple((height(n / 5), f"{n / 5:.1f}") for n in steps), weak=height(WEAK))


def _texts(dots: Sequence[tuple[float, float]], digits: Sequence[int]) -> Iterator[tuple[float, float, str]]:
    """Yield where each number stands: at the first place where it covers no dot and no number, else at the first."""
    taken = [(x - DOT, y - DOT, x + DOT, y + DOT) for x, y in dots]
    for (x, y), count in zip(dots, digits, strict=True):
        tried = [(dx, dy, _box(x + dx, y + dy, count, dx)) for dx, dy in PLACES]
        dx, dy, box = next((t for t in tried if not any(_overlap(t[2], other) for other in taken)), tried[0])
        taken.append(box)
        yield x + dx, y + dy, _anchor(dx)


def _anchor(dx: int) -> str:
    return "start" if dx > 0 else "end" if dx < 0 else "middle"


def _box(x: float, y: float, digits: int, dx: int) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of a number on its line y."""
    width = digits * DIGIT_WIDTH
    left = {"start": x, "end": x - width, "middle": x - width / 2}[_anchor(dx)]
    return left, y - DIGIT_HEIGHT + 2, left + width, y


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
