"""Right sides of a matching question where a platform shows them in a menu: plain texts, or letters of a list."""

from html import escape, unescape

from quizgen.formats.lms.texts import Texts
from quizgen.marking.concept import LETTERS

MARKUP = ("<", "\\(", "\\[")


def targets(texts: Texts) -> tuple[str, list[str]]:
    """Return what is added to the stem, and the menu's entries in the order of the right sides."""
    found = texts.choices()[0]
    if not any(mark in text for text in found for mark in MARKUP):
        return "", [unescape(text) for text in found]
    rows = "".join(f"<li>{escape(LETTERS[at])}: {text}</li>" for at, text in enumerate(found))
    return f"\n<ul>{rows}</ul>", [LETTERS[at] for at in range(len(found))]
