"""Texts in Typst markup: only as string literals, so that no text can ever be read as markup."""

ESCAPES: dict[int, str | None] = dict.fromkeys(range(32)) | {
    ord("\n"): "\\n",
    ord("\t"): "\\t",
    ord("\\"): "\\\\",
    ord('"'): '\\"',
}


def literal(text: str) -> str:
    """Return a text as a Typst string, without control characters."""
    return f'"{text.translate(ESCAPES)}"'


def shown(text: str) -> str:
    """Return markup that shows a text as it is."""
    return f"#{literal(text)};"
