"""Item sheets as Markdown with LaTeX left as it is."""

import textwrap

from quizgen.formats.sheet import ItemSheet, Markup
from quizgen.wording import Document


def source(document: Document) -> str:
    """Return the Markdown that a document was parsed from."""
    return document.source.strip()


MARKDOWN = Markup(block=source, inline=source)


def hanging(sign: str, text: str) -> str:
    """Put a sign before a text and indent its further lines below it."""
    return sign + textwrap.indent(text, " " * len(sign), lambda line: bool(line.strip())).lstrip(" ")


def option_list(sheet: ItemSheet) -> str:
    """List what is to be matched, and the options with their letters."""
    rows = [hanging(f"{number}. ", text) for number, text in enumerate(sheet.rows, start=1)]
    choices = [hanging("- ", f"**{choice.letter}**  {choice.text}") for choice in sheet.choices]
    return "\n\n".join("\n".join(part) for part in (rows, choices) if part)
