"""All installed banks together (entry-point group `quizgen.banks`): where a question is found by its id."""

import copyreg
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from quizgen.bank.package import Bank
from quizgen.bank.question import Question
from quizgen.errors import AuthorError, InstructorError

ENTRY_POINTS = "quizgen.banks"
FEW = 20
"""Names that a message can list."""


@dataclass(frozen=True)
class Shelf:
    """All installed banks together."""

    banks: tuple[Bank, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """Name all questions of all banks."""
        return tuple(i for bank in self.banks for i in bank.ids)

    @property
    def topics(self) -> tuple[str, ...]:
        """Name all topics, in the banks' order."""
        return tuple(dict.fromkeys(i.partition("/")[0] for i in self.ids))

    @property
    def versions(self) -> dict[str, str]:
        """Return each bank's digest."""
        return {bank.name: bank.version for bank in self.banks}

    def find(self, question_id: str) -> Question | None:
        """Load a question, or return None where no bank has it."""
        bank = next((b for b in self.banks if question_id in b.ids), None)
        return bank.question(question_id) if bank else None

    def question(self, question_id: str) -> Question:
        """Load a question; an unknown id is answered with the nearest ones."""
        found = self.find(question_id)
        if found is None:
            raise InstructorError(f"no question {question_id!r}; {nearest(question_id, self.ids)}")
        return found

    def __iter__(self) -> Iterator[Question]:
        return (bank.question(i) for bank in self.banks for i in bank.ids)


def installed() -> Shelf:
    """Find every installed bank; no two may have a question of the same id."""
    points = sorted(entry_points(group=ENTRY_POINTS), key=lambda p: p.name)
    if not points:
        raise InstructorError(f"no question bank is installed (entry-point group {ENTRY_POINTS!r})")
    banks = tuple(_open(point) for point in points)
    owners: dict[str, str] = {}
    for bank in banks:
        for question_id in bank.ids:
            if question_id in owners:
                raise AuthorError(f"{question_id} is in two banks: {owners[question_id]} and {bank.name}; rename one")
            owners[question_id] = bank.name
    return Shelf(banks)


def _open(point: EntryPoint) -> Bank:
    try:
        return Bank(point.name, point.load())
    except (ImportError, AttributeError) as error:
        raise AuthorError(f"bank {point.name!r} ({point.value}) cannot be loaded: {error}") from error


def nearest(name: str, known: tuple[str, ...]) -> str:
    """Say which known names are nearest to one that is not known."""
    close = get_close_matches(name, known, n=3, cutoff=0.4)
    if close:
        return f"did you mean {', '.join(close)}?"
    return f"there are {', '.join(known)}" if len(known) <= FEW else f"`quizgen list` names all {len(known)}"


def _by_name(question: Question) -> tuple[Callable[[str], Question], tuple[str]]:
    """Let a question travel to other processes by name: its template's functions cannot."""
    return _again, (question.id,)


def _again(question_id: str) -> Question:
    """Find in this process a question that came from another."""
    return _installed_once().question(question_id)


_installed_once = cache(installed)
copyreg.pickle(Question, _by_name)
