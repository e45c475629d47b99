"""The program's own sentences, in every language: reasons, headings and labels by name."""

import tomllib
from functools import cache
from importlib.resources import files

from quizgen.errors import AuthorError
from quizgen.model import Language, Reason


def phrase(name: str, language: Language, /, **values: object) -> str:
    """Return one of the program's sentences with its values filled in."""
    text = catalogue(language).get(name)
    if text is None:
        raise AuthorError(f"no phrase {name!r} in {language!r}")
    return text.format_map(values) if values else text


def in_words(reason: Reason, language: Language) -> str:
    """Put a reason into words, with the call, the cell and the position in a tuple that it names."""
    values = dict(reason.values)
    position = values.pop("position", None)
    place = values.pop("at", None)
    call = values.pop("call", None)
    text = phrase(reason.phrase, language, **values) if values else phrase(reason.phrase, language)
    if place:
        text += phrase("at-cell", language, at=place)
    if call:
        text += phrase("on-call", language, call=call)
    return phrase("in-part", language, position=position, text=text) if position else text


@cache
def catalogue(language: Language) -> dict[str, str]:
    """Read all phrases of one language."""
    source = files("quizgen.wording").joinpath(f"phrases.{language}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))
