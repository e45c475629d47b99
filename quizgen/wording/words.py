"""One words file: front matter between `+++` lines, then sections headed `# name`."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from msgspec import Struct

from quizgen.wording.errors import WordsError
from quizgen.wording.fences import outside_fences

MetaValue: TypeAlias = str | int | float | bool | list[str]

FRONT = "+++"
FILE_NAME = re.compile(r"[^.]+\.([a-z]{2,3}(?:-[A-Za-z]{2,4})?)\.md")
HEADING = re.compile(r"# +(.*?)(?: +#+)? *")
TOML_LINE = re.compile(r" \(at line (\d+), column \d+\)$")


class Words(Struct, frozen=True, kw_only=True):
    """What a question says in one language; `lines` says in which line of `file` the text of a section begins."""

    language: str
    file: str
    meta: dict[str, MetaValue]
    sections: dict[str, str]
    lines: dict[str, int]


def language_of(path: Path) -> str:
    """Return the language that a words file's name gives: `max_map.en.md` is English."""
    match = FILE_NAME.fullmatch(path.name)
    if match is None:
        raise WordsError("a words file is called name.language.md, as in max_map.en.md", file=path.name)
    return match[1]


def read_words(path: Path) -> Words:
    """Read a words file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise WordsError(f"is not UTF-8: {error.reason} at byte {error.start}", file=path.name) from error
    return parse_words(text, language=language_of(path), file=path.name)


def parse_words(text: str, *, language: str, file: str) -> Words:
    """Take a words file's text apart; `file` is what errors call it."""
    lines = text.split("\n")
    body = _end_of_front(lines, file)
    sections: dict[str, str] = {}
    starts: dict[str, int] = {}
    for name, first, content in _sections(lines, body, file):
        if name in sections:
            raise WordsError(f"section {name!r} appears twice", file=file, line=first)
        if not any(line.strip() for line in content):
            raise WordsError(f"section {name!r} is empty", file=file, line=first)
        blank = next(i for i, line in enumerate(content) if line.strip())
        sections[name] = "\n".join(content[blank:]).rstrip()
        starts[name] = first + 1 + blank
    return Words(language=language, file=file, meta=_meta(lines, body, file), sections=sections, lines=starts)


def _end_of_front(lines: list[str], file: str) -> int:
    """Return the index of the first line after the front matter."""
    if lines[0].rstrip() != FRONT:
        return 0
    for i, line in enumerate(lines[1:], start=1):
        if line.rstrip() == FRONT:
            return i + 1
    raise WordsError(f"front matter that begins with {FRONT} must end with {FRONT}", file=file, line=1)


def _meta(lines: list[str], end: int, file: str) -> dict[str, MetaValue]:
    try:
        meta = tomllib.loads("\n".join(lines[1 : end - 1])) if end else {}
    except tomllib.TOMLDecodeError as error:
        found = TOML_LINE.search(str(error))
        problem = TOML_LINE.sub("", str(error))
        raise WordsError(f"front matter: {problem}", file=file, line=int(found[1]) + 1 if found else 1) from error
    for name, value in meta.items():
        if not _is_meta(value):
            kind = type(value).__name__
            raise WordsError(f"front matter: {name!r} is a {kind}, not a number, text or list of texts", file=file)
    return meta


def _is_meta(value: Any) -> bool:
    if isinstance(value, list):
        return all(isinstance(entry, str) for entry in value)
    return isinstance(value, str | int | float)


def _sections(lines: list[str], body: int, file: str) -> Iterator[tuple[str, int, list[str]]]:
    """Yield each section's name, the line of its heading counted from 1, and its lines."""
    heads: list[tuple[str, int]] = []
    for i in outside_fences(lines, body, file):
        match = HEADING.fullmatch(lines[i].rstrip())
        if match is not None:
            if not match[1].isidentifier():
                raise WordsError(f"heading {match[1]!r} is not a name; use ## inside text", file=file, line=i + 1)
            heads.append((match[1], i))
        elif lines[i].strip() and not heads:
            raise WordsError("text before the first heading '# name'", file=file, line=i + 1)
    if not heads:
        raise WordsError("no section: text is headed by lines like '# stem'", file=file)
    ends = [i for _, i in heads[1:]] + [len(lines)]
    for (name, at), end in zip(heads, ends, strict=True):
        yield name, at + 1, lines[at + 1 : end]
