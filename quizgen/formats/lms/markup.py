r"""Documents as XHTML with formulas as a platform wants them: LaTeX in \( \), MathML, or Canvas's pictures."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable
from functools import lru_cache
from html import escape
from typing import TypeAlias
from urllib.parse import quote

from markdown_it.token import Token

from quizgen.wording import Document, mathml, parse
from quizgen.wording.html import BLOCKS, INLINES

Formula: TypeAlias = Callable[[str, bool], str]
"""Writes LaTeX, displayed or within a line."""
MATHML = "http://www.w3.org/1998/Math/MathML"
ET.register_namespace("m", MATHML)
BORDERS = {"border-left": "frame", "border-right": "columnlines", "border-top": "rowlines"}
HEADING_SHIFT = 2
XHTML_BLOCKS = BLOCKS | {
    "hr": "<hr/>\n",
    "ordered_list_open": "<ol>\n",
    "table_open": "<table>\n",
    "table_close": "</table>\n",
    "th_open": '<th scope="col">',
    "td_open": "<td>",
}
XHTML_INLINES = INLINES | {"hardbreak": "<br/>\n"}


def latex_formula(latex: str, display: bool) -> str:  # noqa: FBT001 - the shape of Formula
    r"""Leave a formula as LaTeX between \( \) or \[ \]."""
    source = escape(latex.strip(), quote=False)
    return rf"\[{source}\]" if display else rf"\({source}\)"


def canvas_formula(latex: str, display: bool) -> str:  # noqa: ARG001, FBT001 - Canvas knows one size
    """Write a formula as the picture that Canvas draws, its LaTeX as alternative text."""
    source = escape(" ".join(latex.split()))
    address = quote(" ".join(latex.split()), safe="")
    return (
        f'<img class="equation_image" title="{source}" src="/equation_images/{address}" '
        f'alt="LaTeX: {source}" data-equation-content="{source}"/>'
    )


def mathml_formula(latex: str, display: bool) -> str:  # noqa: FBT001 - the shape of Formula
    """Write a formula in the MathML that the QTI schemas allow."""
    root = ET.fromstring(mathml(latex, display=display))  # noqa: S314 - our own output
    _flatten(root)
    _as_lines(root)
    root.set("xmlns", MATHML)
    return ET.tostring(root, encoding="unicode")


def _flatten(element: ET.Element) -> None:
    """Drop, in place, what MathML Core has and MathML 2 has not."""
    for child in list(element):
        if child.tag == "mspace" and not child.attrib:
            element.remove(child)
        else:
            _flatten(child)
    if element.tag == "mtext":
        element.text = "".join(element.itertext())
        del element[:]
    if element.tag in {"mtable", "mfrac"}:
        element.attrib.pop("scriptlevel", None)
    if element.tag == "mfrac":
        element.attrib.pop("displaystyle", None)
    for side in ("lspace", "rspace"):
        if element.get(side) == "0":
            element.set(side, "0em")


def _as_lines(root: ET.Element) -> None:
    """Turn the borders of tables into MathML's own lines and drop every other style."""
    for table in root.iter("mtable"):
        styles = " ".join(e.get("style", "") for e in table.iter() if e.tag in {"mtable", "mtd"})
        table.attrib.update({name: "solid" for border, name in BORDERS.items() if border in styles})
        align = re.search(r"text-align:\s*(\w+)", styles)
        if align:
            table.set("columnalign", align[1])
    for element in root.iter():
        element.attrib.pop("style", None)


@lru_cache(maxsize=2048)
def block_xhtml(text: str, formula: Formula) -> str:
    """Write Markdown as blocks."""
    return _blocks(parse(text).tokens, formula).strip()


@lru_cache(maxsize=2048)
def inline_xhtml(text: str, formula: Formula) -> str:
    """Write Markdown for a place inside a line: a single paragraph loses its `<p>`."""
    document: Document = parse(text)
    if is_line(text):
        return _inline(document.tokens[1].children or (), formula)
    return _blocks(document.tokens, formula).strip()


def is_line(text: str) -> bool:
    """Say whether Markdown is one paragraph."""
    tokens = parse(text).tokens
    return len(tokens) == 3 and tokens[0].type == "paragraph_open"


def elements(xhtml: str, tag: str) -> ET.Element:
    """Parse XHTML into one element."""
    return ET.fromstring(f"<{tag}>{xhtml}</{tag}>")  # noqa: S314 - our own output


def _blocks(tokens: Iterable[Token], formula: Formula) -> str:
    written = []
    for token in tokens:
        if token.type == "inline":
            written.append(_inline(token.children or (), formula))
        elif token.type == "math_block":
            written.append(f"<p>{formula(token.content, True)}</p>\n")  # noqa: FBT003
        elif token.type in {"heading_open", "heading_close"}:
            level = min(6, int(token.tag[1]) + HEADING_SHIFT)
            written.append(f"<h{level}>" if token.nesting > 0 else f"</h{level}>\n")
        else:
            written.append(_written(XHTML_BLOCKS[token.type], token))
    return "".join(written)


def _inline(tokens: Iterable[Token], formula: Formula) -> str:
    return "".join(
        formula(t.content, t.type != "math_inline")
        if t.type.startswith("math_inline")
        else _written(XHTML_INLINES[t.type], t)
        for t in tokens
    )


def _written(writer: str | Callable[[Token], str], token: Token) -> str:
    return writer if isinstance(writer, str) else writer(token)
