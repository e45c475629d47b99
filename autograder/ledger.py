"""The ledger's values: hand-ins with their gradings, and entries that say what is to count differently.

Entries are only ever appended; what counts follows from gradings and entries in order (`autograder.amendment`).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from msgspec import Struct

from quizgen.model import Grading, Item, Key, Verdict


class Marked(Struct, frozen=True, kw_only=True):
    """A stored grading with the number under which it is stored."""

    id: int
    grading: Grading


class Attempt(Struct, frozen=True, kw_only=True):
    """One hand-in of a student, counted from 1, with gradings of its content, oldest first."""

    student: str
    number: int
    received_at: datetime
    digest: str
    gradings: tuple[Marked, ...] = ()

    @property
    def newest(self) -> Marked | None:
        """Return the newest grading, or None before the first."""
        return self.gradings[-1] if self.gradings else None


class Place(Struct, frozen=True, kw_only=True):
    """Which items are meant: those of a number (0: any), of a question (empty: any), of both."""

    item: int = 0
    question: str = ""

    def holds(self, item: Item) -> bool:
        """Say whether this item is meant."""
        return self.item in {0, item.number} and self.question in {"", item.variant.question}


class ItemKey(Struct, frozen=True, kw_only=True):
    """The key of one item of a paper."""

    item: int
    key: Key


class NewKey(Struct, frozen=True, kw_only=True, tag="new-key"):
    """Another key: of numeric items, only the steps that it names are judged anew."""

    place: Place
    keys: dict[str, tuple[ItemKey, ...]]


class AcceptMistake(Struct, frozen=True, kw_only=True, tag="accept-mistake"):
    """A listed mistake counts as right."""

    place: Place
    mistake: str


class DropItem(Struct, frozen=True, kw_only=True, tag="drop-item"):
    """An item counts neither for nor against anybody."""

    place: Place


class FullMarks(Struct, frozen=True, kw_only=True, tag="full-marks"):
    """Everybody who handed in gets all points of an item."""

    place: Place


class NewVersion(Struct, frozen=True, kw_only=True, tag="new-version"):
    """Marked again with the questions of these versions; `verdicts` are those of each grading there was.

    Hand-ins that are graded later are judged by `keys` alone.
    """

    place: Place
    versions: dict[str, str]
    keys: dict[str, tuple[ItemKey, ...]]
    verdicts: dict[str, tuple[Verdict, ...]]


class Undo(Struct, frozen=True, kw_only=True, tag="undo"):
    """An earlier entry no longer holds; where that was an undoing, what it undid holds again."""

    entry: int


Change: TypeAlias = NewKey | AcceptMistake | DropItem | FullMarks | NewVersion | Undo


class Entry(Struct, frozen=True, kw_only=True):
    """One line of the ledger: what, when, by whom, why; with `never_lower` it takes no points from anybody."""

    number: int
    at: datetime
    by: str
    reason: str
    change: Change
    never_lower: bool = False


def in_force(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return the entries that hold, oldest first: neither undoings nor what they undid."""
    undone: set[int] = set()
    found = []
    for entry in reversed(entries):
        if entry.number in undone:
            continue
        if isinstance(entry.change, Undo):
            undone.add(entry.change.entry)
        else:
            found.append(entry)
    return tuple(reversed(found))
