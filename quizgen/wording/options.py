"""What a concept question offers: options to choose from, pairs to match, places of a sequence."""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from msgspec import Struct

from quizgen.wording.errors import WordsError
from quizgen.wording.fences import outside_fences

BULLET = re.compile(r"- +(.*)")
NUMBERED = re.compile(r"(\d+)\. +(.*)")
MARK = re.compile(r"\[(x|X| |\?[A-Za-z_]\w*)\] +(.*)", re.DOTALL)
REASON = re.compile(r"\s+> ?(.*)")
PAIR = " :: "


class OptionText(Struct, frozen=True, kw_only=True):
    """One option; `mark` says whether it is right, or names the truth that decides it."""

    text: str
    mark: bool | str
    reason: str


class PairText(Struct, frozen=True, kw_only=True):
    """A left side and the right side that belongs to it."""

    left: str
    right: str
    reason: str


class PlaceText(Struct, frozen=True, kw_only=True):
    """One place of a sequence; the file lists places in the right order."""

    text: str
    reason: str


@dataclass(frozen=True)
class _Entry:
    """One list item: its own lines and those of the quotation under it."""

    line: int
    own: list[str]
    quoted: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        rest = textwrap.dedent("\n".join(self.own[1:]))
        return f"{self.own[0]}\n{rest}".strip()

    @property
    def reason(self) -> str:
        return "\n".join(self.quoted).strip()


@lru_cache(maxsize=1024)
def options(text: str, *, file: str = "", first: int = 1) -> tuple[OptionText, ...]:
    """Read `- [x] right`, `- [ ] wrong` and `- [?name] decided by name`, each with a `> reason` under it."""
    found = []
    for entry in _entries(text, BULLET, file, first):
        match = MARK.fullmatch(entry.text)
        if match is None:
            raise WordsError("an option begins with - [x], - [ ] or - [?name]", file=file, line=entry.line)
        mark = match[1][1:] if match[1].startswith("?") else match[1] != " "
        found.append(OptionText(text=match[2].strip(), mark=mark, reason=entry.reason))
    return tuple(found)


@lru_cache(maxsize=1024)
def pairs(text: str, *, file: str = "", first: int = 1) -> tuple[PairText, ...]:
    """Read `- left :: right`, each with a `> reason` under it."""
    found = []
    for entry in _entries(text, BULLET, file, first):
        sides = [side.strip() for side in entry.text.split(PAIR)]
        if len(sides) != 2 or not all(sides):
            raise WordsError("a pair is written '- left :: right'", file=file, line=entry.line)
        found.append(PairText(left=sides[0], right=sides[1], reason=entry.reason))
    return tuple(found)


@lru_cache(maxsize=1024)
def sequence(text: str, *, file: str = "", first: int = 1) -> tuple[PlaceText, ...]:
    """Read `1. first`, `2. second` and so on, each with a `> reason` under it."""
    found = []
    for number, entry in enumerate(_entries(text, NUMBERED, file, first), start=1):
        given, _, own = entry.text.partition("\0")
        if int(given) != number:
            raise WordsError(f"place {given} stands where {number} belongs", file=file, line=entry.line)
        found.append(PlaceText(text=own, reason=entry.reason))
    return tuple(found)


def _entries(text: str, marker: re.Pattern[str], file: str, first: int) -> Iterator[_Entry]:
    """Yield list items; a numbered one's text is its number, a NUL and its text."""
    entries: list[_Entry] = []
    lines = text.split("\n")
    free = set(outside_fences(lines, 0, file, first))
    for i, line in enumerate(lines):
        item = marker.fullmatch(line) if i in free else None
        if item is not None:
            entries.append(_Entry(first + i, ["\0".join(item.groups())]))
        elif line.strip() and (not entries or not line[0].isspace()):
            raise WordsError("neither an item of the list nor indented under one", file=file, line=first + i)
        elif entries:
            _continue(entries[-1], line, REASON.fullmatch(line) if i in free else None, (file, first + i))
    if not entries:
        raise WordsError("no item of a list is here", file=file, line=first)
    for entry in entries:
        if not entry.reason:
            raise WordsError("an item has no reason: an indented line '> why' under it", file=file, line=entry.line)
        yield entry


def _continue(entry: _Entry, line: str, quoted: re.Match[str] | None, place: tuple[str, int]) -> None:
    if quoted is not None:
        entry.quoted.append(quoted[1])
    elif not entry.quoted:
        entry.own.append(line)
    elif line.strip():
        raise WordsError("a reason is over here: put > before this line too", file=place[0], line=place[1])
    else:
        entry.quoted.append("")
