"""Documents in Typst markup: every text a string literal, every formula with its LaTeX for those who listen."""

from collections.abc import Callable, Iterable
from functools import lru_cache

from markdown_it.token import Token

from quizgen.formats.typst.formula import formula
from quizgen.formats.typst.text import literal, shown
from quizgen.wording.document import Document, parse
from quizgen.wording.errors import WordsError

Writer = str | Callable[[Token], str]


def to_typst(document: Document) -> str:
    """Write a document as Typst blocks."""
    return _written_once(document.source)


@lru_cache(maxsize=4096)
def _written_once(source: str) -> str:
    """Write what stands on every paper only once; a document is known by its text."""
    return _blocks(parse(source).tokens)


def inline_typst(document: Document) -> str:
    """Write a document for a place inside a line."""
    tokens = document.tokens
    if len(tokens) == 3 and tokens[0].type == "paragraph_open":
        return _inline(tokens[1].children or ())
    return to_typst(document)


def _blocks(tokens: Iterable[Token]) -> str:
    parts = [_inline(t.children or ()) if t.type == "inline" else _written(BLOCKS, t) for t in tokens]
    return "".join(parts).strip()


def _inline(tokens: Iterable[Token]) -> str:
    return "".join([_written(INLINES, token) for token in tokens])


def _written(writers: dict[str, Writer], token: Token) -> str:
    writer = writers.get(token.type)
    if writer is None:
        raise WordsError(f"Markdown of the kind {token.type!r} cannot be printed as PDF")
    return writer if isinstance(writer, str) else writer(token)


def _column_open(token: Token) -> str:
    style = str(token.attrGet("style") or "")
    side = next((side for side in ("center", "right") if side in style), "left")
    return f"({side}, ["


def _enum_open(token: Token) -> str:
    return f"#enum(start: {int(token.attrGet('start') or 1)}, "


def _fence(token: Token) -> str:
    return f"#code-block({literal(token.content.rstrip())})\n\n"


def _text(token: Token) -> str:
    return shown(token.content) if token.content else ""


def _link(token: Token) -> str:
    return f"#link({literal(str(token.attrGet('href')))})["


BLOCKS: dict[str, Writer] = {
    "paragraph_open": "",
    "paragraph_close": lambda token: "" if token.hidden else "\n\n",
    "heading_open": "#heading(level: 3)[",  # right below an item's: PDF/UA refuses to skip a level
    "heading_close": "]\n\n",
    "bullet_list_open": "#list(",
    "bullet_list_close": ")\n\n",
    "ordered_list_open": _enum_open,
    "ordered_list_close": ")\n\n",
    "list_item_open": "[",
    "list_item_close": "], ",
    "blockquote_open": "#quote(block: true)[",
    "blockquote_close": "]\n\n",
    "fence": _fence,
    "hr": "#line(length: 100%)\n\n",
    "table_open": "#marked-table(",
    "table_close": ")\n\n",
    "thead_open": "",
    "thead_close": "",
    "tbody_open": "",
    "tbody_close": "",
    "tr_open": "(",
    "tr_close": "), ",
    "th_open": _column_open,
    "th_close": "]), ",
    "td_open": "[",
    "td_close": "], ",
    "math_block": lambda token: formula(token.content, display=True) + "\n\n",
}

INLINES: dict[str, Writer] = {
    "text": _text,
    "text_special": _text,
    "softbreak": " ",
    "hardbreak": "#linebreak();",
    "strong_open": "#strong[",
    "strong_close": "];",
    "em_open": "#emph[",
    "em_close": "];",
    "code_inline": lambda token: f"#raw({literal(token.content)});",
    "link_open": _link,
    "link_close": "];",
    "math_inline": lambda token: formula(token.content, display=False),
    "math_inline_double": lambda token: formula(token.content, display=True),
}
