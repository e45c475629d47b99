"""Documents as HTML with MathML: nothing of the text reaches the page unescaped."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from html import escape

from markdown_it.token import Token

from quizgen.wording.document import Document, parse
from quizgen.wording.errors import WordsError
from quizgen.wording.latex import mathml

HEADING_SHIFT = 2
"""How far headings move down: the paper's title is h1 and an item's head h2."""

LONG = 40
"""A displayed formula of more characters may have to scroll, then also by keyboard, and be made smaller on paper."""
TEXT = re.compile(r">([^<]+)")


def to_html(document: Document, *, shift: int = HEADING_SHIFT) -> str:
    """Write a document as HTML blocks, its headings `shift` levels lower."""
    return _written_once(document.source, shift)


@lru_cache(maxsize=4096)
def _written_once(source: str, shift: int) -> str:
    """Write what stands on every paper only once; a document is known by its text."""
    return _blocks(parse(source).tokens, shift)


def inline_html(document: Document) -> str:
    """Write a document for a place inside a line: a single paragraph loses its `<p>`."""
    tokens = document.tokens
    if len(tokens) == 3 and tokens[0].type == "paragraph_open":
        return _inline(tokens[1].children or ())
    return to_html(document)


def _blocks(tokens: Iterable[Token], shift: int) -> str:
    parts: list[str] = []
    for token in tokens:
        if token.type == "inline":
            parts.append(_inline(token.children or ()))
        elif token.type in {"heading_open", "heading_close"}:
            level = min(6, int(token.tag[1]) + shift)
            parts.append(f"<h{level}>" if token.nesting > 0 else f"</h{level}>\n")
        else:
            parts.append(_written(BLOCKS, token))
    return "".join(parts).strip()


def _inline(tokens: Iterable[Token]) -> str:
    return "".join([_written(INLINES, token) for token in tokens])


def _written(writers: dict[str, str | Callable[[Token], str]], token: Token) -> str:
    writer = writers.get(token.type)
    if writer is None:
        raise WordsError(f"Markdown of the kind {token.type!r} has no HTML")
    return writer if isinstance(writer, str) else writer(token)


def _paragraph_open(token: Token) -> str:
    return "" if token.hidden else "<p>"


def _paragraph_close(token: Token) -> str:
    return "\n" if token.hidden else "</p>\n"


def _list_open(token: Token) -> str:
    start = token.attrGet("start")
    return "<ol>\n" if start is None else f'<ol start="{start}">\n'


def _fence(token: Token) -> str:
    language = token.info.split()[0] if token.info.strip() else ""
    marked = f' class="language-{escape(language)}"' if language else ""
    return f"<pre><code{marked}>{escape(token.content, quote=False)}</code></pre>\n"


def _cell(start: str) -> Callable[[Token], str]:
    def opened(token: Token) -> str:
        style = token.attrGet("style")
        return f"<{start}>" if style is None else f'<{start} style="{escape(str(style))}">'

    return opened


def _link(token: Token) -> str:
    return f'<a href="{escape(str(token.attrGet("href")))}">'


def _text(token: Token) -> str:
    return escape(token.content, quote=False)


def _inline_math(token: Token) -> str:
    return mathml(token.content, display=False)


def _display_math(token: Token) -> str:
    return mathml(token.content, display=True)


def _math_block(token: Token) -> str:
    element = mathml(token.content, display=True)
    long = sum(map(len, TEXT.findall(element))) + element.count("<mtd")
    style = f' tabindex="0" style="--characters: {long}"' if long > LONG else ""
    return f'<div class="formula"{style}>{element}</div>\n'


BLOCKS: dict[str, str | Callable[[Token], str]] = {
    "paragraph_open": _paragraph_open,
    "paragraph_close": _paragraph_close,
    "bullet_list_open": "<ul>\n",
    "bullet_list_close": "</ul>\n",
    "ordered_list_open": _list_open,
    "ordered_list_close": "</ol>\n",
    "list_item_open": "<li>",
    "list_item_close": "</li>\n",
    "blockquote_open": "<blockquote>\n",
    "blockquote_close": "</blockquote>\n",
    "fence": _fence,
    "hr": "<hr>\n",
    "table_open": '<div class="wide"><table>\n',
    "table_close": "</table></div>\n",
    "thead_open": "<thead>\n",
    "thead_close": "</thead>\n",
    "tbody_open": "<tbody>\n",
    "tbody_close": "</tbody>\n",
    "tr_open": "<tr>",
    "tr_close": "</tr>\n",
    "th_open": _cell('th scope="col"'),
    "th_close": "</th>",
    "td_open": _cell("td"),
    "td_close": "</td>",
    "math_block": _math_block,
}

INLINES: dict[str, str | Callable[[Token], str]] = {
    "text": _text,
    "text_special": _text,
    "softbreak": "\n",
    "hardbreak": "<br>\n",
    "strong_open": "<strong>",
    "strong_close": "</strong>",
    "em_open": "<em>",
    "em_close": "</em>",
    "code_inline": lambda token: f"<code>{_text(token)}</code>",
    "link_open": _link,
    "link_close": "</a>",
    "math_inline": _inline_math,
    "math_inline_double": _display_math,
}
