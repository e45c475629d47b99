"""Documents as lines of plain text for terminals: wrapped, formulas laid out in two dimensions."""

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from quizgen.formats.boxes import LEFT, Box, beside, blank, box, columns, table
from quizgen.formats.mathtext import formula
from quizgen.wording import Document
from quizgen.wording.document import CJK, DISPLAY_MATH

INDENT = "    "
NARROWEST = 16
"""Columns that text is given at least, however deep it is indented."""
NOT_FIRST = frozenset("，。、；：？！）》」』】”’…·%,.;:?!)]}")
"""What never begins a line."""
NOT_LAST = frozenset("（《「『【“‘([{")
"""What never ends a line."""
MARKS = {"strong_open": "*", "strong_close": "*", "em_open": "*", "em_close": "*"}


def block_text(document: Document, width: int) -> str:
    """Write a document in at most `width` columns, where its words and formulas allow that."""
    return "\n".join(_Page(width).blocks(document.tree.children)).rstrip()


def hung_text(document: Document, first: str, width: int) -> str:
    """Write a document behind a sign, its further lines below each other."""
    return "\n".join(line.rstrip() for line in _Page(width).hung(document.tree.children, first, " " * columns(first)))


@dataclass(frozen=True)
class _Page:
    """Writes blocks into so many columns."""

    width: int

    def blocks(self, nodes: Sequence[SyntaxTreeNode]) -> list[str]:
        """Write blocks below each other, an empty line between them."""
        lines: list[str] = []
        for node in nodes:
            written = self._writers.get(node.type, self._nested)(node)
            lines += ["", *written] if lines else written
        return lines

    @cached_property
    def _writers(self) -> dict[str, Callable[[SyntaxTreeNode], list[str]]]:
        return {
            "paragraph": lambda n: self.inline(_tokens(n)),
            "heading": lambda n: self.inline(_tokens(n)),
            "math_block": lambda n: self._displayed(n.content),
            "fence": lambda n: textwrap.indent(n.content.rstrip("\n"), INDENT).split("\n"),
            "hr": lambda _: ["─" * self.width],
            "blockquote": lambda n: self.hung(n.children, "│ ", "│ "),
            "bullet_list": lambda n: self._items(n, lambda _: "- "),
            "ordered_list": lambda n: self._items(n, lambda i: f"{int(n.attrs.get('start', 1)) + i}. "),
            "table": self._table,
        }

    def _nested(self, node: SyntaxTreeNode) -> list[str]:
        return self.blocks(node.children)

    def _items(self, node: SyntaxTreeNode, sign: Callable[[int], str]) -> list[str]:
        lines: list[str] = []
        for i, item in enumerate(node.children):
            lines += self.hung(item.children, sign(i), " " * len(sign(i)))
        return lines

    def hung(self, nodes: Sequence[SyntaxTreeNode], first: str, others: str) -> list[str]:
        """Write blocks indented; the sign stands before the line of text, not above a tall formula."""
        inside = _Page(max(NARROWEST, self.width - columns(first)))
        lines = inside.blocks(nodes)
        at = inside._first_baseline(nodes)
        return [(first if i == at else others) + line for i, line in enumerate(lines)]

    def _first_baseline(self, nodes: Sequence[SyntaxTreeNode]) -> int:
        """Say in which row the first line of text stands."""
        if not nodes or nodes[0].type != "paragraph":
            return 0
        first = next(iter(_lines(_pieces(_tokens(nodes[0]), self.width), self.width)), None)
        return first.base if first else 0

    def _displayed(self, latex: str) -> list[str]:
        room = max(NARROWEST, self.width - len(INDENT))
        laid = formula(latex, display=True, width=room)
        lines = list(_lines(_on_one_line(laid), room)) if laid.flat else [laid]
        return [(INDENT + row).rstrip() for line in lines for row in line.rows]

    def inline(self, tokens: Sequence[Token]) -> list[str]:
        """Write a paragraph: lines of boxes, displayed formulas on lines of their own."""
        rows: list[str] = []
        part: list[Token] = []
        for token in tokens:
            if token.type in DISPLAY_MATH:
                rows += [*self._filled(part), *self._displayed(token.content)]
                part = []
            else:
                part.append(token)
        return [*rows, *self._filled(part)]

    def _filled(self, tokens: Sequence[Token]) -> list[str]:
        return [row.rstrip() for line in _lines(_pieces(tokens, self.width), self.width) for row in line.rows]

    def _table(self, node: SyntaxTreeNode) -> list[str]:
        cells = [[self._cell(cell) for cell in row.children] for part in node.children for row in part.children]
        count = len(cells[0])
        across = [False, True, *[False] * (len(cells) - 1)]
        return [row.rstrip() for row in table(cells, [LEFT] * count, across, [False] * (count + 1)).rows]

    def _cell(self, node: SyntaxTreeNode) -> Box:
        pieces = _pieces(_tokens(node), self.width)
        return beside([one for p in pieces for one in (blank(p.space), p.box)]) if pieces else blank(0)


@dataclass(frozen=True)
class _Piece:
    """What is never divided: a word, a Chinese character or a formula, and the space before it.

    `breaks` says whether a line may begin with it.
    """

    box: Box
    space: int
    breaks: bool


def _tokens(node: SyntaxTreeNode) -> Sequence[Token]:
    inline = next((child for child in node.children if child.type == "inline"), None)
    return (inline.token.children or []) if inline is not None and inline.token is not None else []


def _pieces(tokens: Sequence[Token], width: int) -> list[_Piece]:
    found: list[_Piece] = []
    space = 0
    for token in tokens:
        match token.type:
            case "softbreak" | "hardbreak":
                space = 1
            case "math_inline":
                laid = formula(token.content, display=False, width=width)
                parts = _on_one_line(laid) if laid.flat and laid.width > width else [_Piece(laid, 0, breaks=False)]
                for i, part in enumerate(parts):
                    _add(found, part.box, part.space if i else space)
                space = 0
            case "code_inline":
                _add(found, box(f"`{token.content}`"), space)
                space = 0
            case _:
                text = MARKS.get(token.type, token.content)
                for word, before in _words(text):
                    _add(found, word, max(before, space))
                    space = 0
                space = 1 if text[-1:].isspace() else space
    return found


def _on_one_line(laid: Box) -> list[_Piece]:
    """Divide a formula without height at its spaces."""
    found: list[_Piece] = []
    for word, space in _words(laid.rows[0]):
        _add(found, word, space)
    return found


def _words(text: str) -> Iterator[tuple[Box, int]]:
    """Divide a text at spaces and around Chinese characters; yield each part with the space before it."""
    word, space = "", 0
    for sign in text:
        if sign.isspace() or CJK.fullmatch(sign):
            if word:
                yield box(word), space
                word, space = "", 0
            if sign.isspace():
                space = 1
            else:
                yield box(sign), space
                space = 0
        else:
            word += sign
    if word:
        yield box(word), space


def _add(found: list[_Piece], one: Box, space: int) -> None:
    """Add a part; one that no line may begin with sticks to the part before it."""
    last, first = found[-1].box.rows[0][-1:] if found else "", one.rows[0][:1]
    between = bool(CJK.fullmatch(last) or CJK.fullmatch(first)) and last not in NOT_LAST and first not in NOT_FIRST
    found.append(_Piece(one, space, breaks=space > 0 or between))


def _lines(pieces: Sequence[_Piece], width: int) -> Iterator[Box]:
    """Fill lines with as many pieces as they hold."""
    line: list[Box] = []
    taken = 0
    for group in _groups(pieces):
        size = sum(p.box.width for p in group)
        space = group[0].space if line else 0
        if line and taken + space + size > width:
            yield beside(line)
            line, taken, space = [], 0, 0
        line += [blank(space), *(p.box for p in group)]
        taken += space + size
    if line:
        yield beside(line)


def _groups(pieces: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    """Put pieces together that no line break may divide."""
    group: list[_Piece] = []
    for piece in pieces:
        if group and piece.breaks:
            yield group
            group = []
        group.append(piece)
    if group:
        yield group
