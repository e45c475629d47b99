"""Numbers within a text, as Moodle writes them: `{2:NUMERICAL:=1.5:0.01~%0%2.5:0.01#what happened}`."""

import re
from html import escape
from math import gcd, lcm

from quizgen.formats.lms.fields import Cell, Part, parts
from quizgen.formats.lms.mistakes import Trap, traps
from quizgen.formats.lms.texts import Texts

ENTITIES = str.maketrans({"}": "&#125;", "~": "&#126;", "#": "&#35;", "\\": "&#92;", "\n": " "})
"""What would end an answer; Moodle turns entities back before it shows feedback."""
BRACE = re.compile(r"(?<!\\)\\[{}]")
BRACES = {r"\{": r"\lbrace ", r"\}": r"\rbrace "}
"""Moodle takes the backslash from `\\}`, even where it comes from an entity."""
FINE = 1000
"""Weights of steps are kept to this fraction."""


def cloze(texts: Texts) -> str:
    """Write every asked step as its label and a table of places for its numbers."""
    found = parts(texts.entry)
    marks = _marks(found)
    return "\n".join(_step(texts, part, mark) for part, mark in zip(found, marks, strict=True))


def _step(texts: Texts, part: Part, mark: int) -> str:
    places = dict(zip(part.cells, traps(texts.entry, part), strict=True))
    rows = "".join(
        "<tr>" + "".join(f"<td>{_place(texts, cell, places[cell], mark)}</td>" for cell in row) + "</tr>"
        for row in part.rows
    )
    return f"<p>{texts.label(part.field)}</p>\n<table><tbody>{rows}</tbody></table>"


def _place(texts: Texts, cell: Cell, found: tuple[Trap, ...], mark: int) -> str:
    wrong = "".join(f"~%0%{number(t.value)}:{number(t.radius)}#{quoted(texts.mistakes(t.mistakes))}" for t in found)
    return f"{{{mark}:NUMERICAL:={number(cell.value)}:{number(cell.radius)}{wrong}}}"


def number(value: float) -> str:
    """Write a number with every digit; never `-0.0`."""
    return repr(value + 0.0)


def quoted(xhtml: str) -> str:
    """Write XHTML so that it can stand as the feedback of an answer."""
    named = BRACE.sub(lambda found: BRACES[found[0]], xhtml)
    return escape(named, quote=False).translate(ENTITIES)


def _marks(found: tuple[Part, ...]) -> list[int]:
    """Return each step's mark per cell, whole numbers in the ratio of weight to number of cells."""
    common = lcm(*(len(part.cells) for part in found))
    marks = [round(part.weight * FINE) * common // len(part.cells) for part in found]
    return [mark // gcd(*marks) for mark in marks]
