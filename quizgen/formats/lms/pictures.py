"""Pictures of exported items: a file beside the question, shown where its words would stand."""

from dataclasses import dataclass
from html import escape

from quizgen.formats.lms.entries import Entry
from quizgen.formats.lms.markup import block_xhtml
from quizgen.formats.lms.texts import Texts
from quizgen.formats.svg import svg
from quizgen.solution import picture_text


@dataclass(frozen=True, kw_only=True)
class Image:
    """An SVG file; `alt` says in the paper's language what it shows."""

    name: str
    content: bytes
    alt: str


def image(entry: Entry) -> Image | None:
    """Draw an entry's picture, or return None where it has none."""
    picture = entry.item.variant.picture
    if picture is None:
        return None
    alt = picture_text(entry.item.variant, entry.record.words[entry.language])
    return Image(name=f"{entry.ident}.svg", content=svg(picture, alt).encode(), alt=alt)


def illustrated(texts: Texts, figure: str) -> str:
    """Return the stem with its picture; `figure` is how the platform shows a file, with {name} and {alt}."""
    found = image(texts.entry)
    if found is None:
        return texts.stem()
    shown = figure.format(name=found.name, alt=escape(found.alt))
    return texts.stem().replace(block_xhtml(found.alt, texts.formula), shown, 1)
