"""Formulas in Typst: MathML walked into its math mode with characters, never with symbol names, which change."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from xml.etree.ElementTree import Element, fromstring

from quizgen.errors import AuthorError
from quizgen.formats.typst.text import literal
from quizgen.wording.latex import mathml

SHORT = 30
"""So many characters fit on every page, also in large print."""
LONG = 45
"""A table of more characters stands on a line of its own: within one it would not break."""
INVISIBLE = "\u2061\u2062\u2063\u2064\ufe00\ufe01"
NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
STYLED = 0x1D400
"""From here on, Unicode's letters are bold, italic or of another alphabet by themselves."""
SIGNS = frozenset("+−±∓")
"""Typst itself sees whether one of these stands between two numbers or before one."""
MOVABLE = frozenset("∑∏∐⋃⋂⨁⨂")
ACCENTS = {
    "ˆ": "\u0302", "^": "\u0302", "\u0302": "\u0302", "˜": "\u0303", "~": "\u0303", "\u0303": "\u0303",
    "¯": "\u0304", "‾": "\u0304", "˘": "\u0306", "˙": "\u0307", "¨": "\u0308", "ˇ": "\u030c", "´": "\u0301",
    "`": "\u0300", "→": "\u20d7", "\u20d7": "\u20d7",
}  # fmt: skip
SPANS = {"⏞": "overbrace", "⏟": "underbrace", "⎴": "overbracket", "⎵": "underbracket"}
PRIMES = {"′": 1, "″": 2, "‴": 3}
BORDER = re.compile(r"border-(left|right|top|bottom): ")
SIZE = re.compile(r"-?[0-9.]+em")
COLOR = re.compile(r"color:(#[0-9A-Fa-f]{6})")


@lru_cache(maxsize=8192)
def formula(latex: str, *, display: bool) -> str:
    """Return a formula as a call of the sheet's `formula`, its LaTeX as the text for those who listen."""
    root = fromstring(mathml(latex, display=display))  # noqa: S314 - written by math-core, not by a stranger
    children = list(root)
    lines = len(children) == 1 and _is_aligned(children[0])
    body = " \\ ".join(_lines(children[0])) if lines else _row(children)
    words, length = literal(latex.strip()), _length(root)
    if not display and (length <= LONG or root.find(".//mtable") is None):
        return f"#formula({words}, $ {body} $);"
    if length <= SHORT:
        return f"#formula-line({words}, $ {body} $);"
    return f"#formula-block({words}, {length}, $ {body} $);"


def _length(root: Element) -> int:
    """Bound a formula's width in characters: those that stand above others and the gaps of tables are counted too."""
    spaces = sum(float(e.get("width", "0").removesuffix("em")) for e in root.iter("mspace"))
    return len("".join(root.itertext())) + sum(1 for _ in root.iter("mtd")) + round(2 * spaces)


def _row(elements: Iterable[Element]) -> str:
    return _joined(map(_written, elements)) or '""'


def _joined(parts: Iterable[str]) -> str:
    """Put a space only between letters and digits: beside a name it would be printed."""
    joined = ""
    for part in filter(None, parts):
        joined += f" {part}" if joined[-1:].isalnum() and part[0].isalnum() else part
    return joined


def _written(element: Element) -> str:
    writer = WRITERS.get(element.tag)
    if writer is None:
        raise AuthorError(f"a formula holds <{element.tag}>, which cannot be printed as PDF")
    return writer(element)


def _text(element: Element) -> str:
    return (element.text or "").translate(dict.fromkeys(map(ord, INVISIBLE)))


def _character(sign: str) -> str:
    """Return one character as itself: escaped, it is neither syntax nor half of a pair that grows."""
    return sign if sign.isalnum() else f"\\{sign}"


def _identifier(element: Element) -> str:
    name = _text(element)
    if len(name) == 1:
        upright = element.get("mathvariant") == "normal" and name.isalpha()
        return f"upright({name})" if upright else _character(name)
    if name and all(ord(c) >= STYLED for c in name):
        return " ".join(name)
    return f"op({literal(name)})" if name else ""


def _number(element: Element) -> str:
    text = _text(element)
    return text if NUMBER.fullmatch(text) else literal(text)


def _operator(element: Element) -> str:
    sign = _text(element)
    if not sign:
        return ""
    written = _character(sign) if len(sign) == 1 else f"op({literal(sign)})"
    if size := element.get("minsize"):
        return f"lr(size: #{size}, {written})"
    kind = _class(element)
    return f'class("{kind}", {written})' if kind else written


def _class(element: Element) -> str:
    left, right = element.get("lspace"), element.get("rspace")
    if right == "0" and left in {"0", None}:
        return "" if element.text in SIGNS else "normal"
    if left == right == "0.2222em":
        return "binary"
    return {"prefix": "opening", "postfix": "closing"}.get(element.get("form", ""), "")


def _space(element: Element) -> str:
    found = SIZE.search(element.get("width", "") or element.get("style", ""))
    return f"#h({found[0]})" if found else ""


def _group(element: Element) -> str:
    children = list(element)
    body = _fenced(children) if len(children) > 1 and _grows(children[0], children[-1]) else _row(children)
    color = COLOR.search(element.get("style", ""))
    if color:
        return f"#text(fill: rgb({literal(color[1])}), ${body}$)"
    style = {"true": "display", "false": "inline"}.get(element.get("displaystyle", ""))
    return f"{style}({body})" if style else body


def _grows(first: Element, last: Element) -> bool:
    """Say whether two brackets, of which one may be invisible, grow with what they hold."""
    return all(e.tag == "mo" and len(e.text or "") == 1 and e.get("stretchy") != "false" for e in (first, last)) and (
        _is_fence(first) or _is_fence(last)
    )


def _is_fence(element: Element) -> bool:
    return (element.text or "") in set("()[]{}|‖⌊⌋⌈⌉⟨⟩")


def _fenced(children: list[Element]) -> str:
    middle = [f"mid({_written(e)})" if e.get("stretchy") == "true" and _is_fence(e) else _written(e) for e in children]
    return f"lr({_joined(middle)})"


def _fraction(element: Element) -> str:
    upper, lower = map(_written_or_empty, element)
    if element.get("linethickness") == "0":
        return f"mat({upper}; {lower})"  # a binomial: as small as a fraction
    style = {"true": "display", "false": "inline"}.get(element.get("displaystyle", ""))
    body = f"frac({upper}, {lower})"
    return f"{style}({body})" if style else body


def _written_or_empty(element: Element) -> str:
    return _written(element) or '""'


def _root(element: Element) -> str:
    body, degree = map(_written_or_empty, element)
    return f"root({degree}, {body})"


def _scripts(*places: str) -> Callable[[Element], str]:
    """Return a writer of what stands at the right, below or above."""

    def writer(element: Element) -> str:
        base, *rest = element
        parts = []
        for place, script in zip(places, rest, strict=True):
            primes = PRIMES.get(_text(script)) if script.tag == "mo" else None
            parts.append(f"tr: primes(#{primes})" if primes else f"{place}: {_written_or_empty(script)}")
        body = _written_or_empty(base)
        plain = base.tag in {"mi", "mn"} and len(base.text or "") == 1
        return f"attach({body if plain else f'scripts({body})'}, {', '.join(parts)})"

    return writer


def _limits(*places: str) -> Callable[[Element], str]:
    """Return a writer of what stands right below or above: an accent, a brace, or limits."""

    def writer(element: Element) -> str:
        base, *rest = element
        mark = _text(rest[0]) if len(rest) == 1 and rest[0].tag == "mo" else ""
        body = _written_or_empty(base)
        if "\u0332" in mark:
            return f"{'overline' if places == ('t',) else 'underline'}({body})"
        if mark in SPANS:
            return f"{SPANS[mark]}({body})"
        if element.get("accent") == "true" and mark in ACCENTS:
            return f"accent({body}, {literal(ACCENTS[mark])})"
        parts = ", ".join(f"{p}: {_written_or_empty(e)}" for p, e in zip(places, rest, strict=True))
        movable = base.tag == "mo" and _text(base) in MOVABLE and base.get("movablelimits") != "false"
        return f"attach({body if movable else f'limits({body})'}, {parts})"

    return writer


def _is_aligned(element: Element) -> bool:
    return element.tag == "mtable" and element.get("displaystyle") == "true"


def _lines(table: Element) -> list[str]:
    return [" & ".join("" if not len(cell) else _row(cell) for cell in row) for row in table]


def _table(element: Element) -> str:
    styles = [element.get("style", "")] + [cell.get("style", "") for row in element for cell in row]
    if any("border" in style for style in styles):
        return _ruled(element)
    if _is_aligned(element):
        return f"display(mat({'; '.join(_lines(element))}))"
    rows = "; ".join(", ".join(map(_cell, row)) for row in element)
    gap = "column-gap: #1em, " if any("padding-left:1em" in style for style in styles) else ""
    return f"display(mat({gap}{rows}))"


def _cell(cell: Element) -> str:
    body, style = _row(cell), cell.get("style", "")
    if "text-align: left" in style:
        return f"& {body}"
    return f"{body} &" if "text-align: right" in style else body


def _ruled(table: Element) -> str:
    """Write a table with rules as a grid: a matrix draws none at its outside."""
    outer = BORDER.findall(table.get("style", ""))
    rows = list(table)
    cells = []
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            sides = set(BORDER.findall(cell.get("style", "")))
            ends = {"left": c == 0, "right": c == len(row) - 1, "top": r == 0, "bottom": r == len(rows) - 1}
            sides |= {side for side in outer if ends[side]}
            stroke = "".join(f"{side}: rule, " for side in sorted(sides))
            cells.append(f"ruled-cell(({stroke or ':'}), ${_row(cell)}$)")
    return f"#ruled({len(rows[0])}, {', '.join(cells)})"


WRITERS: dict[str, Callable[[Element], str]] = {
    "mrow": _group,
    "mstyle": _group,
    "mpadded": _group,
    "mi": _identifier,
    "mn": _number,
    "mo": _operator,
    "mtext": lambda e: literal(_text(e)),
    "mspace": _space,
    "mfrac": _fraction,
    "msqrt": lambda e: f"sqrt({_row(e)})",
    "mroot": _root,
    "msub": _scripts("b"),
    "msup": _scripts("t"),
    "msubsup": _scripts("b", "t"),
    "munder": _limits("b"),
    "mover": _limits("t"),
    "munderover": _limits("b", "t"),
    "mtable": _table,
    "mphantom": lambda e: f"#hide(${_row(e)}$)",
    "menclose": lambda e: f"#box(stroke: rule, inset: 0.25em, baseline: 0.25em, ${_row(e)}$)",
}
