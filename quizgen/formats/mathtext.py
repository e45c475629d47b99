r"""Formulas as text: MathML walked into boxes, in two dimensions or, where there is no room, on one line.

Two dimensions leave no doubt about what a fraction bar or a root covers; on one line, brackets say it.
"""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from xml.etree import ElementTree as ET

from quizgen.formats.boxes import CENTER, LEFT, RIGHT, Box, beside, blank, box, columns, fence, scripted, stack, table
from quizgen.formats.signs import ACCENTS, TERMS, Kind, gap, kind_of, lowered, plain_letters, raised, settled, visible
from quizgen.wording import mathml

Element = ET.Element
WIDTH_OF_EM = 2
"""Columns of a space as wide as the type is high."""
LINE = "\u0332"
NO_FENCE = "\u2063"
WIDE_ACCENTS = {"\u0302": "^", "\u0303": "~"}
"""What stands over more than one letter instead of a combining character."""


@lru_cache(maxsize=2048)
def formula(latex: str, *, display: bool, width: int) -> Box:
    """Lay a formula out in at most `width` columns if it can be: in two dimensions, else on one line."""
    element = ET.fromstring(mathml(latex, display=display))  # noqa: S314 - our own writer's, and no DTD is read
    laid = _Writer(linear=False).row(list(element))
    return laid if laid.width <= width else _Writer(linear=True).row(list(element))


@dataclass(frozen=True)
class _Writer:
    """Turns elements into boxes; with `linear`, every box is one row."""

    linear: bool

    def write(self, element: Element) -> Box:
        """Write any element; one that is not known is a row of its children."""
        writers: dict[str, Callable[[Element], Box]] = {
            "mfrac": self._fraction,
            "msqrt": self._root,
            "mroot": self._root,
            "mtable": self._table,
            "msub": self._scripts,
            "msup": self._scripts,
            "msubsup": self._scripts,
            "munder": self._limits,
            "mover": self._limits,
            "munderover": self._limits,
            "mspace": _space,
            "mphantom": lambda e: blank(self.row(list(e)).width),
        }
        if element.tag in writers:
            return writers[element.tag](element)
        return self.row(list(element)) if len(element) else box(_letters(element))

    def row(self, elements: Sequence[Element]) -> Box:
        """Write elements next to each other, fences as tall as what stands between them."""
        kinds = [kind_of(e, first=i == 0) for i, e in enumerate(elements)]
        boxes = [self.write(e) for e in elements]
        above, below = max((b.base for b in boxes), default=0), max((b.below for b in boxes), default=0)
        parts: list[Box] = []
        before = Kind.NOTHING
        for i, element in enumerate(elements):
            kind = settled(kinds[i], before)
            after = next((k for k in kinds[i + 1 :] if k is not Kind.SPACE), Kind.NOTHING)
            one = fence(boxes[i].rows[0], above, below) if _stretches(element, kind) else boxes[i]
            room = gap(before, kind) if one.width else 0
            if self.linear:
                one = _bracketed(one, element, kind, before, after)
                room = room or _after_mark(parts, kind)
            parts += [blank(room), one]
            before = kind if one.width or kind in {Kind.APPLY, Kind.COMMA} else before
        return beside(parts or [blank(0)])

    def _fraction(self, element: Element) -> Box:
        over, under = (self.write(e) for e in element)
        if self.linear and element.get("linethickness") == "0":
            return beside([over, box("; "), under])
        if self.linear:
            return beside([_grouped(over, element[0]), box("/"), _grouped(under, element[1])])
        bar = " " if element.get("linethickness") == "0" else "─"
        width = max(over.width, under.width) + (0 if over.flat and under.flat else 2)
        return stack([over, box(bar * width), under], on=1)

    def _root(self, element: Element) -> Box:
        under = [element[0]] if element.tag == "mroot" else list(element)
        inside = self.row(under)
        degree = _degree(_Writer(linear=True).row([element[1]])) if element.tag == "mroot" else ""
        if self.linear or (inside.flat and inside.width == 1):
            return beside([box(f"{degree}√"), _grouped(inside, under[0])])
        edge = " " * columns(degree)
        rows = [f"{edge} ┌{'─' * inside.width}", *(f"{edge} │{row}" for row in inside.rows)]
        rows[-1] = f"{degree}√{rows[-1][len(edge) + 1 :]}"
        return Box(tuple(rows), inside.base + 1)

    def _scripts(self, element: Element) -> Box:
        base = self.write(element[0])
        scripts = [self.write(e) for e in element[1:]]
        below = scripts[0] if element.tag != "msup" else None
        above = scripts[-1] if element.tag != "msub" else None
        small = _small(below, lowered) + _small(above, raised)
        if len(small) == sum(s.width for s in scripts) and all(s.flat for s in scripts):
            return beside([base, box(small)]) if base.flat else scripted(base, *_as_boxes(above, below))
        if self.linear:
            return beside([_grouped(base, element[0]), *_marked("_", below), *_marked("^", above)])
        return scripted(base, above, below)

    def _limits(self, element: Element) -> Box:
        base = self.write(element[0])
        scripts = [self.write(e) for e in element[1:]]
        if element.get("accent") == "true" or element.get("accentunder") == "true":
            return self._accented(base, scripts[0].rows[0], over=element.tag == "mover")
        below = scripts[0] if element.tag != "mover" else None
        above = scripts[-1] if element.tag != "munder" else None
        if self.linear:
            return beside([base, *_marked("_", below), *_marked("^", above)])
        parts = [one for one in (above, base, below) if one is not None]
        return stack(parts, on=1 if above else 0)

    def _accented(self, base: Box, sign: str, *, over: bool) -> Box:
        if base.flat and base.width == 1 and sign in ACCENTS:
            return box(unicodedata.normalize("NFC", base.rows[0] + ACCENTS[sign][over]))
        if self.linear:
            return beside([box("("), base, box(")")]) if sign not in ACCENTS else _combined(base, ACCENTS[sign][over])
        line = box(_drawn(sign, base.width))
        return stack([line, base], on=1) if over else stack([base, line], on=0)

    def _table(self, element: Element) -> Box:
        rows = [[(cell, self.row(list(cell))) for cell in row] for row in element]
        if self.linear:
            comma = " " if element.get("displaystyle") == "true" else ", "
            return box("; ".join(comma.join(b.rows[0] for _, b in row).strip() for row in rows))
        count = max(len(row) for row in rows)
        cells = [[b for _, b in row] + [blank(0)] * (count - len(row)) for row in rows]
        aligns = [_alignment([row[i] for row in rows if i < len(row)]) for i in range(count)]
        style = element.get("style", "")
        across = ["border-top" in style, *("border-top" in _style(r) for r in element[1:]), "border-bottom" in style]
        across[0] = across[0] or "border-top" in _style(element[0])
        right = ["border-right" in cell.get("style", "") for cell, _ in rows[0]]
        down = ["border-left" in style, *right, *[False] * (count - len(right))]
        return table(cells, aligns, across, down, gap=1 if element.get("displaystyle") == "true" else 2)


def _degree(index: Box) -> str:
    """Write which root it is: small where it can be, else in brackets."""
    return raised(index.rows[0]) or f"({index.rows[0]})"


def _letters(element: Element) -> str:
    return plain_letters(element.text or "")


def _space(element: Element) -> Box:
    em = element.get("width", "0").removesuffix("em")
    return blank(max(0, round(float(em) * WIDTH_OF_EM)))


def _style(row: Element) -> str:
    return row[0].get("style", "") if len(row) else ""


def _stretches(element: Element, kind: Kind) -> bool:
    plain = element.get("stretchy") != "false" and element.get("minsize") is None
    return element.tag == "mo" and kind in {Kind.OPEN, Kind.CLOSE} and plain


def _alignment(column: Sequence[tuple[Element, Box]]) -> str:
    """Align as the formula says; numbers by their last digit."""
    style = column[0][0].get("style", "")
    for side in (LEFT, RIGHT):
        if f"text-align: {side}" in style:
            return side
    numbers = all(cell.find("mn") is not None and {e.tag for e in cell} <= {"mn", "mo"} for cell, _ in column)
    return RIGHT if numbers else CENTER


def _small(script: Box | None, letters: Callable[[str], str]) -> str:
    return letters(script.rows[0]) if script is not None and script.flat else ""


def _as_boxes(above: Box | None, below: Box | None) -> Iterator[Box | None]:
    """Write scripts small, for a tall box that carries them at its corners."""
    yield box(raised(above.rows[0])) if above else None
    yield box(lowered(below.rows[0])) if below else None


def _marked(mark: str, script: Box | None) -> list[Box]:
    if script is None or not script.width:
        return []
    text = script.rows[0]
    bracketed = text[0] == "(" and text.find(")") == len(text) - 1
    return [box(mark + text if bracketed or text.isalnum() or script.width == 1 else f"{mark}({text})")]


def _combined(base: Box, accent: str) -> Box:
    return box("".join(c + accent for c in base.rows[0]))


def _drawn(sign: str, width: int) -> str:
    """Draw a brace or a line as wide as what it covers."""
    if sign in "⏟⏞" and width > 2:
        ends, middle = ("└┘", "┬") if sign == "⏟" else ("┌┐", "┴")
        half = (width - 3) // 2
        return ends[0] + "─" * half + middle + "─" * (width - 3 - half) + ends[1]
    return "─" * width if sign == LINE else WIDE_ACCENTS.get(sign, sign)


def _grouped(one: Box, element: Element) -> Box:
    """Put brackets around what is more than one sign or name."""
    if one.width == 1:
        return one
    atoms = [e for e in element.iter() if not len(e) and visible(e)]
    return one if len(atoms) <= 1 else beside([box("("), one, box(")")])


def _after_mark(parts: Sequence[Box], kind: Kind) -> int:
    """Keep a factor from being read as part of the script before it."""
    before = parts[-1].rows[0] if parts else ""
    return int(kind in TERMS | {Kind.OPEN} and any(mark in before for mark in "_^") and not before.endswith(")"))


def _bracketed(one: Box, element: Element, kind: Kind, before: Kind, after: Kind) -> Box:
    """Bracket, on one line, a fraction that touches a factor and a table that has no fences."""
    if element.text == NO_FENCE:
        return box("}")
    factors = {Kind.OPERAND, Kind.FUNCTION, Kind.FRACTION}
    touched = before in {*factors, Kind.CLOSE} or after in {*factors, Kind.OPEN}
    if kind is Kind.FRACTION and touched:
        return beside([box("("), one, box(")")])
    plain = element.tag == "mtable" and element.get("displaystyle") != "true"
    return beside([box("["), one, box("]")]) if plain and before is not Kind.OPEN else one
