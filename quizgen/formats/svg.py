"""Pictures as SVG: static, readable in grayscale, without ids, so that a page can hold many of them."""

from collections.abc import Iterable, Sequence
from html import escape
from math import ceil, floor, hypot
from typing import TypeAlias

from quizgen.pictures import Box, Boxes, Curve, Curves, Edge, Graph, Map, Maps, Node, Picture, Point
from quizgen.wording import format_number

INK, SOFT, HAIR = "#111", "#4a4a4a", "#cfcfcf"
FONT = 14
DASHES = ("none", "7 4", "2 3", "9 3 2 3")
"""How curves differ without colors."""
CELL = 40.0
GAP = 28.0
PLOT = (420.0, 250.0)
MARGIN = 34.0
ROW_LABEL = 52.0
SPACING = (160.0, 66.0)
RADIUS = 19.0
DARKEST = 0.45
HALO = '<text stroke="#fff" stroke-width="5" paint-order="stroke" '
TICKS = 7
STEPS = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0)


def svg(picture: Picture, alt: str) -> str:
    """Draw a picture; `alt` says the same in words."""
    width, height, parts = _drawing(picture)
    attributes = (
        f'viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width)}" height="{_n(height)}" '
        f'font-size="{FONT}" fill="{INK}" role="img" aria-label="{escape(alt)}"'
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>\n' + "\n".join(parts) + "\n</svg>"


Drawing: TypeAlias = tuple[float, float, list[str]]
"""Width, height and the elements."""


def _drawing(picture: Picture) -> Drawing:
    match picture:
        case Curves():
            return _curves(picture)
        case Maps():
            return _maps(picture)
        case Boxes():
            return _boxes(picture)
        case Graph():
            return _graph(picture)


def _n(value: float) -> str:
    """Write a coordinate with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _number(value: float) -> str:
    return format_number(value).replace("-", "−")


def _text(at: Point, text: str, *, anchor: str = "middle", bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    where = f'x="{_n(at[0])}" y="{_n(at[1] + FONT * 0.36)}"'
    return f'<text {where} text-anchor="{anchor}"{weight}>{escape(text, quote=False)}</text>'


def _line(start: Point, end: Point, color: str = INK, width: float = 1.0) -> str:
    ends = f'x1="{_n(start[0])}" y1="{_n(start[1])}" x2="{_n(end[0])}" y2="{_n(end[1])}"'
    return f'<line {ends} stroke="{color}" stroke-width="{_n(width)}"/>'


def _square(corner: Point, fill: str, *, width: float = 1.0) -> str:
    where = f'x="{_n(corner[0])}" y="{_n(corner[1])}" width="{_n(CELL)}" height="{_n(CELL)}"'
    return f'<rect {where} fill="{fill}" stroke="{INK}" stroke-width="{_n(width)}"/>'


def _curves(picture: Curves) -> Drawing:
    points = [p for curve in picture.curves for stroke in curve.strokes for p in stroke]
    x, y = _range([p[0] for p in points]), _range([p[1] for p in points])

    def place(point: Point) -> Point:
        across = (point[0] - x[0]) / (x[1] - x[0]) * PLOT[0]
        return MARGIN + across, MARGIN + PLOT[1] * (1 - (point[1] - y[0]) / (y[1] - y[0]))

    parts: list[str] = []
    for tick in _ticks(x):
        parts += [_line(place((tick, y[0])), place((tick, y[1])), INK if tick == 0 else HAIR)]
        parts += [_text((place((tick, y[0]))[0], MARGIN + PLOT[1] + 14), _number(tick))]
    for tick in _ticks(y):
        parts += [_line(place((x[0], tick)), place((x[1], tick)), INK if tick == 0 else HAIR)]
        parts += [_text((MARGIN - 6, place((x[0], tick))[1]), _number(tick), anchor="end")]
    parts.append(_text((MARGIN + PLOT[0] + 12, place((0, 0))[1]), picture.across))
    for curve, dash in zip(picture.curves, DASHES, strict=False):
        parts += [_stroke([place(p) for p in stroke], dash) for stroke in curve.strokes]
    parts += _legend(picture.curves)
    return PLOT[0] + 2 * MARGIN, PLOT[1] + 2 * MARGIN, parts


def _range(values: Sequence[float]) -> Point:
    """Return where an axis begins and ends; 0 is always on it."""
    step = _step(min(0.0, *values), max(0.0, *values))
    return floor(min(0.0, *values) / step + 1e-9) * step, ceil(max(0.0, *values) / step - 1e-9) * step


def _step(low: float, high: float) -> float:
    return next((s for s in STEPS if (high - low) / s <= TICKS), STEPS[-1])


def _ticks(ends: Point) -> list[float]:
    step = _step(*ends)
    return [i * step for i in range(round(ends[0] / step), round(ends[1] / step) + 1)]


def _stroke(points: Iterable[Point], dash: str) -> str:
    path = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{INK}" stroke-width="2" stroke-dasharray="{dash}"/>'


def _legend(curves: Sequence[Curve]) -> list[str]:
    parts = []
    for place, (curve, dash) in enumerate(zip(curves, DASHES, strict=False)):
        left = MARGIN + 90.0 * place
        parts.append(_stroke([(left, 16.0), (left + 40, 16.0)], dash))
        parts.append(_text((left + 48, 16.0), curve.name, anchor="start", bold=True))
    return parts


def _maps(picture: Maps) -> Drawing:
    values = [v for one in picture.maps for row in one.cells for v in row]
    parts: list[str] = []
    left, height = 1.0, 0.0
    for one in picture.maps:
        parts += _map(one, left, (min(values), max(values)))
        left += CELL * len(one.cells[0]) + GAP
        height = max(height, MARGIN + CELL * len(one.cells))
    return left - GAP + 1, height + 1, parts


def _map(one: Map, left: float, scale: Point) -> list[str]:
    parts = [_text((left + CELL * len(one.cells[0]) / 2, MARGIN / 2), one.name, bold=True)]
    for r, row in enumerate(one.cells):
        for c, value in enumerate(row):
            corner = left + CELL * c, MARGIN + CELL * r
            parts.append(_square(corner, _gray(value, scale)))
            parts.append(_text((corner[0] + CELL / 2, corner[1] + CELL / 2), _number(value)))
    return parts


def _gray(value: float, scale: Point) -> str:
    """Shade from white for the smallest to a gray on which black numbers can still be read."""
    low, high = scale
    share = (value - low) / (high - low) if high > low else 0.0
    level = round(255 * (1 - DARKEST * share))
    return f"#{level:02x}{level:02x}{level:02x}"


def _boxes(picture: Boxes) -> Drawing:
    parts: list[str] = []
    shaded = picture.boxes[0].shaded
    width, height = CELL * len(shaded[0]) + ROW_LABEL + 2, CELL * len(shaded) + 2.4 * MARGIN
    in_a_row = max(1, int(660 // width))
    for place, box in enumerate(picture.boxes):
        parts += _box(box, picture, (width * (place % in_a_row), height * (place // in_a_row)))
    rows = ceil(len(picture.boxes) / in_a_row)
    return width * min(in_a_row, len(picture.boxes)), height * rows, parts


def _box(box: Box, picture: Boxes, at: Point) -> list[str]:
    left, top = at[0] + ROW_LABEL, at[1] + 1.6 * MARGIN
    columns = len(box.shaded[0])
    parts = [_text((left + CELL * columns / 2, at[1] + MARGIN * 0.4), box.name, bold=True)]
    parts += [_text((left + CELL * (c + 0.5), top - 12), f"{picture.across}{c}") for c in range(columns)]
    for r, row in enumerate(box.shaded):
        parts.append(_text((left - 8, top + CELL * (r + 0.5)), f"{picture.down}{r}", anchor="end"))
        parts += [_square((left + CELL * c, top + CELL * r), "#a9a9a9" if s else "#fff") for c, s in enumerate(row)]
    if picture.focus is not None:
        r, c = picture.focus
        parts.append(_square((left + CELL * c, top + CELL * r), "none", width=4))
    return parts


def _graph(picture: Graph) -> Drawing:
    places = [(45 + SPACING[0] * node.column, 28 + SPACING[1] * node.row) for node in picture.nodes]
    parts = [line for edge in picture.edges for line in _edge(edge, picture.nodes, places)]
    parts += [line for node, at in zip(picture.nodes, places, strict=True) for line in _node(node, at)]
    return max(x for x, _ in places) + 45, max(y for _, y in places) + 28, parts


def _node(node: Node, at: Point) -> list[str]:
    if not node.round:
        return [_text(at, node.label)]
    where = f'cx="{_n(at[0])}" cy="{_n(at[1])}" r="{_n(RADIUS)}"'
    return [f'<circle {where} fill="#fff" stroke="{INK}" stroke-width="1.5"/>', _text(at, node.label, bold=True)]


def _edge(edge: Edge, nodes: Sequence[Node], places: Sequence[Point]) -> list[str]:
    (x0, y0), (x1, y1) = places[edge.start], places[edge.end]
    length = hypot(x1 - x0, y1 - y0)
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    first, last = (_reach(nodes[i], ux, uy) for i in (edge.start, edge.end))
    start = x0 + ux * first, y0 + uy * first
    tip = x1 - ux * last, y1 - uy * last
    side = [(tip[0] - 9 * ux + s * 4 * uy, tip[1] - 9 * uy - s * 4 * ux) for s in (1, -1)]
    head = " ".join(f"{_n(x)},{_n(y)}" for x, y in (tip, *side))
    parts = [_line(start, tip, SOFT, 1.5), f'<polygon points="{head}" fill="{SOFT}"/>']
    if edge.label:
        middle = (start[0] + tip[0] - 9 * ux) / 2, (start[1] + tip[1] - 9 * uy) / 2
        parts.append(_text(middle, edge.label).replace("<text ", HALO, 1))
    return parts


def _reach(node: Node, ux: float, uy: float) -> float:
    """Return how far from a node's center its edges begin."""
    if node.round:
        return RADIUS
    half = 5.0 + 4.0 * len(node.label)
    return min(half / max(abs(ux), 1e-9), 13 / max(abs(uy), 1e-9))
