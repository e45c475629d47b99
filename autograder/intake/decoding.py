"""Bytes as text, whatever editor wrote them."""

import codecs

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_GUESSES = ("utf-8", "gb18030", "cp1252")
"""In this order: what is valid UTF-8 is UTF-8; Chinese Windows writes GB18030; an é alone is neither."""
_STRAY = 3
"""Control characters that a slip of the hand can leave in a text; their items are broken, the others not."""
_CONTROLS = {chr(c) for c in range(32)} - set("\t\n\r\f")


def decode(data: bytes) -> str | None:
    """Return the text with one kind of line end, or None where this is no text."""
    text = _decoded(data)
    if text is None or sum(c in _CONTROLS for c in text) > _STRAY:
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")


def _decoded(data: bytes) -> str | None:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _try(data[len(bom) :], encoding)
    halves = data[0::2], data[1::2]
    for half, other, encoding in ((*halves, "utf-16-be"), (*halves[::-1], "utf-16-le")):
        if b"\0" not in other and half.count(0) > len(half) / 4:
            return _try(data, encoding)
    return next((text for encoding in _GUESSES if (text := _try(data, encoding)) is not None), None)


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
