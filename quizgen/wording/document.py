"""Markdown with `$formulas$` as a document: the one tree that every format is written from."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.dollarmath import dollarmath_plugin

from quizgen.wording.errors import WordsError

INLINE_MATH = "math_inline"
DISPLAY_MATH = frozenset({"math_inline_double", "math_block"})
BREAKS = frozenset({"softbreak", "hardbreak"})
CJK = re.compile("[\u2014\u2018-\u201d\u2026\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
COMMAND = re.compile(r"\\[A-Za-z]")
UNOPENED = re.compile(r"\$(?!\d)[^$]*\$")
ROW_FORMULA = re.compile(r"(?<!\\)\$(?! )((?:\\.|[^$\\])+)(?<! )\$")
DELIMITER_ROW = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)+\|?\s*")


@dataclass(frozen=True)
class Document:
    """Parsed Markdown: markdown-it tokens, shared by all who hold the document and therefore never to be changed.

    Formulas are tokens of the types `math_inline`, `math_inline_double` and `math_block` (the last two displayed),
    with their LaTeX as content.
    """

    source: str
    tokens: tuple[Token, ...]

    @property
    def tree(self) -> SyntaxTreeNode:
        """Return the tokens as a tree."""
        return SyntaxTreeNode(self.tokens)

    def formulas(self) -> Iterator[tuple[str, bool]]:
        """Yield the LaTeX of every formula and whether it is displayed."""
        for token in self.tokens:
            for one in (token, *(token.children or ())):
                if one.type == INLINE_MATH or one.type in DISPLAY_MATH:
                    yield one.content.strip(), one.type in DISPLAY_MATH


@lru_cache(maxsize=256)
def parse(text: str) -> Document:
    """Parse Markdown, refusing what would silently print as something else."""
    tokens = _parser().parse(text)
    _check_tables(text, tokens)
    for token in tokens:
        if token.type == "inline":
            token.children = _inline(token.children or [], line=token.map[0] + 1 if token.map else 0)
    return Document(text, tuple(tokens))


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    parser.enable("table")
    # Indented text is never code and `---` under a line never a heading: both arise by accident from indented options.
    # References would take lines like `[a]: b` out of the text.
    # Without text_join, what the author escaped stays apart from what was meant as markup and failed.
    parser.disable(["code", "lheading", "reference", "html_block", "html_inline", "text_join"])
    return parser.use(dollarmath_plugin, allow_space=False, allow_digits=True, allow_labels=False, double_inline=True)


def _inline(children: list[Token], line: int) -> list[Token]:
    kept = []
    for i, token in enumerate(children):
        if token.type == "text":
            _check_text(token.content, line)
        elif token.type == "text_special" and COMMAND.fullmatch(token.content):
            raise WordsError(f"{token.content}... stands outside a formula: $ takes no space inside", line=line)
        elif token.type == "image":
            raise WordsError("pictures cannot be put into words: not every format could show them", line=line)
        elif token.type == "softbreak":
            line += 1
            if _last_is_cjk(children[:i]) and _first_is_cjk(children[i + 1 :]):
                continue
        kept.append(token)
    return kept


def _last_is_cjk(tokens: list[Token]) -> bool:
    content = next((t.content for t in reversed(tokens) if t.content or t.type in BREAKS), "")
    return bool(CJK.fullmatch(content[-1:]))


def _first_is_cjk(tokens: list[Token]) -> bool:
    content = next((t.content for t in tokens if t.content or t.type in BREAKS), "")
    return bool(CJK.fullmatch(content[:1]))


def _check_text(text: str, line: int) -> None:
    if "**" in text:
        hint = "put a space outside the bold words or move punctuation out of them"
        raise WordsError(f"** is left in {_excerpt(text, '**')}: {hint}", line=line)
    if opened := UNOPENED.search(text):
        raise WordsError(rf"{opened[0]} is no formula: $ takes no space inside, and money is written \$", line=line)


def _check_tables(text: str, tokens: list[Token]) -> None:
    lines = text.split("\n")
    for token in tokens:
        if token.type == "tr_open" and token.map:
            _check_row(lines[token.map[0]], token.map[0] + 1)
        elif token.type == "inline" and token.map:
            for i in range(*token.map):
                if DELIMITER_ROW.fullmatch(lines[i]):
                    raise WordsError("the row above has another number of cells than this one", line=i + 1)


def _check_row(source: str, line: int) -> None:
    for formula in ROW_FORMULA.findall(source):
        if "|" in formula:
            raise WordsError(rf"| inside ${formula}$ ends the table's cell; write \lvert \rvert or \Vert", line=line)


def _excerpt(text: str, needle: str) -> str:
    at = text.index(needle)
    return repr(text[max(0, at - 10) : at + 20])
