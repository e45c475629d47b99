"""Rectangles of text with a baseline: what two-dimensional formulas and tables are put together from.

Widths are columns of a terminal: a Chinese character takes two, a combining accent none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from wcwidth import wcswidth

CENTER, LEFT, RIGHT = "center", "left", "right"

STRETCHED = {
    "(": "⎛⎜⎜⎝",
    ")": "⎞⎟⎟⎠",
    "[": "⎡⎢⎢⎣",
    "]": "⎤⎥⎥⎦",
    "{": "⎧⎪⎨⎩",
    "}": "⎫⎪⎬⎭",
    "⌊": "⎢⎢⎢⎣",
    "⌋": "⎥⎥⎥⎦",
    "⌈": "⎡⎢⎢⎢",
    "⌉": "⎤⎥⎥⎥",
    "|": "││││",
    "‖": "║║║║",
}
"""Of each fence that stretches: its top, what continues it, its middle and its bottom."""

JUNCTIONS = dict(zip(range(16), " ╵╷│╴┘┐┤╶└┌├─┴┬┼", strict=True))
"""Lines that meet, as the sum of 1 (up), 2 (down), 4 (left) and 8 (right)."""


@dataclass(frozen=True)
class Box:
    """Rows of equal width; `base` is the row that stands on the line of text."""

    rows: tuple[str, ...]
    base: int = 0

    @cached_property
    def width(self) -> int:
        """Return the columns it takes."""
        return columns(self.rows[0])

    @property
    def height(self) -> int:
        """Return the rows it takes."""
        return len(self.rows)

    @property
    def below(self) -> int:
        """Return the rows under the baseline."""
        return self.height - self.base - 1

    @property
    def flat(self) -> bool:
        """Say whether it is one row."""
        return self.height == 1


def columns(text: str) -> int:
    """Return the columns that a text takes in a terminal."""
    width = wcswidth(text)
    return width if width >= 0 else len(text)


def box(*rows: str, base: int = 0, align: str = LEFT) -> Box:
    """Make a box of rows, padding the shorter ones."""
    width = max(columns(row) for row in rows)
    return Box(tuple(_aligned(row, width, align) for row in rows), base)


def blank(width: int) -> Box:
    """Return so many spaces."""
    return Box((" " * width,))


def beside(boxes: Sequence[Box]) -> Box:
    """Put boxes next to each other on one baseline."""
    if all(one.flat for one in boxes):
        return Box(("".join(one.rows[0] for one in boxes),))
    above, below = max(b.base for b in boxes), max(b.below for b in boxes)
    grown = [grow(one, above, below) for one in boxes]
    return Box(tuple("".join(parts) for parts in zip(*(g.rows for g in grown), strict=True)), above)


def grow(one: Box, above: int, below: int) -> Box:
    """Add empty rows until there are so many above and below the baseline."""
    empty = (" " * one.width,)
    return Box(empty * (above - one.base) + one.rows + empty * (below - one.below), max(above, one.base))


def stack(boxes: Sequence[Box], on: int, align: str = CENTER) -> Box:
    """Put boxes on top of each other; the baseline is that of box number `on`."""
    width = max(one.width for one in boxes)
    rows = [_aligned(row, width, align) for one in boxes for row in one.rows]
    return Box(tuple(rows), sum(one.height for one in boxes[:on]) + boxes[on].base)


def scripted(base: Box, above: Box | None, below: Box | None) -> Box:
    """Put scripts behind a box: beside its first and last row where it is tall, else over and under its line."""
    width = max(one.width for one in (above, below) if one is not None)
    overlap = 0 if base.flat else 1
    top = list(above.rows) if above else []
    bottom = list(below.rows) if below else []
    raised, lowered = max(0, len(top) - overlap), max(0, len(bottom) - overlap)
    body = grow(base, base.base + raised, base.below + lowered)
    gap = [""] * (body.height - len(top) - len(bottom))
    scripts = [_aligned(row, width, LEFT) for row in (*top, *gap, *bottom)]
    return Box(tuple(row + script for row, script in zip(body.rows, scripts, strict=True)), body.base)


def fence(sign: str, above: int, below: int) -> Box:
    """Stretch a fence to so many rows above and below the baseline."""
    height = above + 1 + below
    if height == 1 or sign not in STRETCHED:
        return grow(box(sign), above, below)
    top, more, middle, bottom = tuple(STRETCHED[sign])
    rows = [top, *more * (height - 2), bottom]
    if 0 < above < height - 1:
        rows[above] = middle
    return Box(tuple(rows), above)


def table(
    cells: Sequence[Sequence[Box]], aligns: Sequence[str], across: Sequence[bool], down: Sequence[bool], gap: int = 2
) -> Box:
    """Lay out rows of cells; `across` and `down` say where lines run, from the first edge to the last."""
    widths = [max(row[i].width for row in cells) for i in range(len(aligns))]
    spread = any(not one.flat for row in cells for one in row)
    lines: list[str] = []
    for number, row in enumerate(cells):
        if across[number]:
            lines.append(_rule(widths, down, first=number == 0, last=False, gap=gap))
        elif number and spread:
            lines.append(_between([" " * w for w in widths], down, gap))
        above, below = max(one.base for one in row), max(one.below for one in row)
        padded = [
            [_aligned(line, width, align) for line in grow(one, above, below).rows]
            for one, width, align in zip(row, widths, aligns, strict=True)
        ]
        lines += [_between(parts, down, gap) for parts in zip(*padded, strict=True)]
    if across[-1]:
        lines.append(_rule(widths, down, first=False, last=True, gap=gap))
    return box(*lines, base=(len(lines) - 1) // 2)


def _between(parts: Sequence[str], down: Sequence[bool], gap: int) -> str:
    """Join the cells of one line of text."""
    text = "│ " if down[0] else ""
    for i, part in enumerate(parts):
        last = i == len(parts) - 1
        text += part + (" │" if down[i + 1] and last else " │ " if down[i + 1] else "" if last else " " * gap)
    return text


def _rule(widths: Sequence[int], down: Sequence[bool], *, first: bool, last: bool, gap: int) -> str:
    """Draw a line across, with what meets it."""
    upright = 3 - first - 2 * last
    text = JUNCTIONS[8 + upright] + "─" if down[0] else ""
    for i, width in enumerate(widths):
        end = i == len(widths) - 1
        text += "─" * width
        if down[i + 1]:
            text += "─" + JUNCTIONS[4 + (0 if end else 8) + upright] + ("" if end else "─")
        elif not end:
            text += "─" * gap
    return text


def _aligned(text: str, width: int, align: str) -> str:
    free = width - columns(text)
    before = {LEFT: 0, CENTER: free // 2, RIGHT: free}[align]
    return " " * before + text + " " * (free - before)
