"""Words and formulas: Jinja2, Markdown and LaTeX become one document, and the document HTML with MathML.

A question's words file is read by `read_words`; a section is filled in by `render`, parsed by `parse`
and written by `to_html`. Other formats are written from the same `Document`.
"""

from quizgen.wording.document import Document, parse
from quizgen.wording.errors import LatexError, WordsError
from quizgen.wording.html import inline_html, to_html
from quizgen.wording.latex import mathml
from quizgen.wording.numbers import format_number, format_value, latex_number
from quizgen.wording.options import OptionText, PairText, PlaceText, options, pairs, sequence
from quizgen.wording.template import render
from quizgen.wording.words import Words, language_of, parse_words, read_words

__all__ = [
    "Document",
    "LatexError",
    "OptionText",
    "PairText",
    "PlaceText",
    "Words",
    "WordsError",
    "format_number",
    "format_value",
    "inline_html",
    "language_of",
    "latex_number",
    "mathml",
    "options",
    "pairs",
    "parse",
    "parse_words",
    "read_words",
    "render",
    "sequence",
    "to_html",
]
