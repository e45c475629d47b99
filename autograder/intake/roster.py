"""Whose hand-in it is: students found by id, e-mail address or name, as it is written in downloads."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import permutations

_ALIKE = 0.5
"""How alike an id must be to be named as the nearest."""
_NAME_ALIKE = 0.75
"""The same for names, which are longer."""
_MOST_WORDS = 5
"""Of a name whose words are tried in every order."""
_UNDECOMPOSED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
"""Letters that carry no accent that could be taken off."""
_APOSTROPHES = re.compile(r"['’‘`´.]")


@dataclass(frozen=True, kw_only=True)
class Person:
    """Someone on the roster."""

    student: str
    name: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class Match:
    """The student found, or why none was."""

    student: str | None = None
    why: str = ""


class Roster:
    """People by how they may be written: by id exactly or without regard to case, by e-mail, by name in any order."""

    def __init__(self, people: Collection[Person | str]) -> None:
        found = (p if isinstance(p, Person) else Person(student=p) for p in people)
        self._people = {p.student: p for p in found}
        self._ids: dict[str, list[str]] = {}
        self._emails: dict[str, list[str]] = {}
        self._names: dict[str, list[str]] = {}
        for person in self._people.values():
            self._ids.setdefault(_folded(person.student), []).append(person.student)
            for address in filter(None, {_folded(person.email), _folded(person.email).partition("@")[0]}):
                self._emails.setdefault(address, []).append(person.student)
            for spelling in spellings(person.name):
                self._names.setdefault(spelling, []).append(person.student)

    @property
    def students(self) -> tuple[str, ...]:
        """Return all ids, in order."""
        return tuple(self._people)

    def is_exact(self, text: str) -> bool:
        """Say whether this is an id, letter by letter."""
        return text in self._people

    def by_id(self, text: str) -> Match:
        """Find a student by id alone."""
        if text in self._people:
            return Match(student=text)
        same = self._ids.get(_folded(text), [])
        if len(same) == 1:
            return Match(student=same[0])
        return Match(why=_several(same, "") if same else "")

    def find(self, text: str) -> Match:
        """Find a student by id, else by e-mail address, else by name; where it could be several, none."""
        found = self.by_id(text)
        if found.student or found.why:
            return found
        for same, what in ((self._emails.get(_folded(text), []), "e-mail"), (self._named(text), "name")):
            if len(same) == 1:
                return Match(student=same[0])
            if same:
                return Match(why=_several(same, what))
        return Match(why=f"not on the roster{self._nearest(text)}")

    def _named(self, text: str) -> list[str]:
        return list(dict.fromkeys(s for spelling in spellings(text) for s in self._names.get(spelling, [])))

    def _nearest(self, text: str) -> str:
        names = {" ".join(_words(p.name)): p for p in self._people.values() if p.name}
        alike = get_close_matches(" ".join(_words(text)), sorted(names), n=1, cutoff=_NAME_ALIKE)
        if alike:
            return f"; the nearest name is {names[alike[0]].name!r} ({names[alike[0]].student})"
        near = get_close_matches(_folded(text), self._ids, n=1, cutoff=_ALIKE)
        return f"; the nearest id is {self._ids[near[0]][0]!r}" if near else ""


def spellings(name: str) -> set[str]:
    """Return a name without accents, case and spaces, its words in every order: `Okafor, Ada` is `adaokafor` too."""
    words = _words(name)
    if len(words) > _MOST_WORDS:
        return {"".join(words)}
    return {"".join(order) for order in permutations(words)} - {""}


def _words(name: str) -> list[str]:
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    plain = _APOSTROPHES.sub("", bare).casefold().translate(_UNDECOMPOSED)
    return re.findall(r"[^\W_]+", plain)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text.strip()).casefold()


def _several(students: list[str], what: str) -> str:
    same = f" (the same {what})" if what else ""
    return f"could be any of {', '.join(students)}{same}: rename it to one of them exactly"
