"""answers.toml, item by item: what is broken in one item does not cost the others."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from autograder.intake.candidates import ANSWERS
from autograder.intake.decoding import decode
from autograder.intake.limits import shown
from autograder.intake.toml import BrokenTomlError, parse
from quizgen.model import Reason, Value

MAX_ITEMS = 1000
"""Tables in a broken file that are tried one by one."""
MAX_PROBLEMS = 20
"""Problems told of one file."""
MAX_DEPTH = 8
"""Lists within lists."""
MAX_BITS = 10_000
"""Of a number in decimal; Python refuses to write longer ones."""
_INT64 = 2**63
_NAME = re.compile(r"item[ _-]?([0-9]{1,6})", re.IGNORECASE)
_HEADER = re.compile(
    r"""
      \s*\[+\s*                           # a bracket and a word: rows of a matrix do not start so
      (?!(?:true|false|inf|nan)\b)
      (?!item[ _-]?[0-9]+\s*\.)           # [item1.more] belongs to [item1]
      [^\W\d_]
    | (?!\s*[\w.-]+\s*=)                 # or an item's name and a bracket, with anything before
      .*item[ _-]?[0-9]{1,6}["'\s]*\]
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""The line that starts an item or other table, also with a slip in it."""


class _TooDeepError(ValueError):
    """Lists nested deeper than any answer."""


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What a student wrote: item number -> name -> value; `unreadable` items are not in `items`.

    `nothing_readable` is set where not even the items can be told apart.
    """

    items: Mapping[int, Mapping[str, Value]] = field(default_factory=dict)
    unreadable: Mapping[int, Reason] = field(default_factory=dict)
    problems: tuple[Reason, ...] = ()
    student: str = ""
    paper: str = ""
    nothing_readable: Reason | None = None

    def why_unreadable(self, number: int) -> Reason | None:
        """Return why an item cannot be read; None where it can be, or was left out."""
        return self.unreadable.get(number, self.nothing_readable)


@dataclass(kw_only=True)
class _Draft:
    """Answers while they are read."""

    items: dict[int, dict[str, Value]] = field(default_factory=dict)
    unreadable: dict[int, Reason] = field(default_factory=dict)
    problems: list[Reason] = field(default_factory=list)
    heads: dict[str, str] = field(default_factory=dict)

    def add_all(self, table: Mapping[str, Any]) -> None:
        """Take over the entries of a parsed file or part."""
        for name, value in table.items():
            found = _NAME.fullmatch(name)
            if found:
                self.add_item(int(found[1]), value)
            elif name in {"student", "paper"}:
                self.heads[name] = "" if isinstance(value, list | dict) else shown(str(_plain(value)))
            else:
                self.add_problem(Reason(phrase="unknown-entry", values={"name": shown(name)}))

    def add_item(self, number: int, value: Any) -> None:
        """Take over one item."""
        if number in self.items or number in self.unreadable:
            self.refuse(number, Reason(phrase="item-twice", values={"item": str(number)}))
        elif not isinstance(value, dict):
            self.refuse(number, Reason(phrase="item-not-a-table", values={"item": str(number)}))
        else:
            try:
                self.items[number] = {name: _plain(v) for name, v in value.items()}
            except _TooDeepError:
                self.refuse(number, Reason(phrase="nested-too-deep", values={"item": str(number)}))

    def refuse(self, number: int, reason: Reason) -> None:
        """Make an item unreadable, for the reason found first."""
        self.items.pop(number, None)
        self.unreadable.setdefault(number, reason)

    def add_broken(self, header: str, reason: Reason) -> None:
        """Refuse the item of a broken part; a slip may have turned its header into another item's, which stays."""
        found = _NAME.search(header) if _HEADER.match(header) else None
        if found and int(found[1]) not in self.items:
            self.refuse(int(found[1]), reason)
        else:
            self.add_problem(reason)

    def add_problem(self, reason: Reason) -> None:
        """Take over a problem of no item in particular, up to as many as anyone reads."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(reason)

    def answers(self) -> Answers:
        """Return what was read, items in order."""
        return Answers(
            items=dict(sorted(self.items.items())),
            unreadable=dict(sorted(self.unreadable.items())),
            problems=tuple(self.problems),
            student=self.heads.get("student", ""),
            paper=self.heads.get("paper", ""),
        )


def read_answers(data: bytes) -> Answers:
    """Read answers.toml; what cannot be read is told with its place, and nothing raises."""
    text = decode(data)
    if text is None:
        reason = Reason(phrase="not-text", values={"name": ANSWERS})
        return Answers(problems=(reason,), nothing_readable=reason)
    draft = _Draft()
    try:
        draft.add_all(parse(text))
    except BrokenTomlError:
        return _read_parts(text.split("\n"))
    return draft.answers()


def _read_parts(lines: list[str]) -> Answers:
    """Read the part before the first item, and each item, by itself."""
    draft = _Draft()
    starts = [i for i, line in enumerate(lines) if _HEADER.match(line)][:MAX_ITEMS]
    broken: list[tuple[str, Reason]] = []
    for start, end in pairwise([0, *starts, len(lines)]):
        try:
            draft.add_all(parse("\n".join(lines[start:end])))
        except BrokenTomlError as error:
            broken.append((lines[start], _broken(lines, start, error)))
    for header, reason in broken:
        draft.add_broken(header, reason)
    answers = draft.answers()
    return answers if starts else replace(answers, nothing_readable=next(iter(answers.problems), None))


def _broken(lines: list[str], start: int, error: BrokenTomlError) -> Reason:
    at = start + error.line - 1
    values = {"line": str(at + 1), "column": str(error.column), "text": shown(lines[at].strip())}
    return Reason(phrase="broken-toml", values=values)


def _plain(value: Any, depth: int = 0) -> Value:
    """Return a JSON value: what JSON lacks becomes its text."""
    if depth > MAX_DEPTH:
        raise _TooDeepError
    if isinstance(value, list):
        return [_plain(v, depth + 1) for v in value]
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k} = {_plain(v, depth + 1)}" for k, v in value.items()) + "}"
    if isinstance(value, int) and not -_INT64 <= value < _INT64:
        return str(value) if value.bit_length() < MAX_BITS else hex(value)
    return value if isinstance(value, bool | int | float | str) else str(value)
