"""The folder of all hand-ins: one folder or one zip for each student, named by student id."""

import os
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from autograder.intake.handin import read_hand_in
from autograder.intake.limits import shown
from autograder.intake.source import is_junk
from quizgen.errors import InstructorError
from quizgen.model import Submission

_ALIKE = 0.5


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Something in the folder that is no student's hand-in, for the instructor."""

    place: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Intake:
    """The hand-ins, in the order of the roster, and what could not be taken for one."""

    submissions: tuple[Submission, ...]
    problems: tuple[Problem, ...]


def collect(root: Path, students: Collection[str]) -> Intake:
    """Read the hand-ins of the students on the roster; nothing in them raises."""
    problems: list[Problem] = []
    chosen: dict[str, os.DirEntry[str]] = {}
    names = _Names(students)
    for entry in sorted(_entries(root), key=names.rank):
        student = _owner(entry, names, problems)
        if student is None:
            continue
        if student in chosen:
            problems.append(Problem(place=shown(entry.name), reason=_second(student, chosen[student])))
        else:
            chosen[student] = entry
    wanted = (s for s in dict.fromkeys(students) if s in chosen)
    submissions = (read_hand_in(s, Path(chosen[s].path), zipped=_is_zip(chosen[s])) for s in wanted)
    return Intake(submissions=tuple(submissions), problems=tuple(problems))


class _Names:
    """Student ids by how they may be written: exactly, or else without regard to case."""

    def __init__(self, students: Collection[str]) -> None:
        self._students = tuple(dict.fromkeys(students))
        self._folded: dict[str, list[str]] = {}
        for student in self._students:
            self._folded.setdefault(_folded(student), []).append(student)

    def find(self, name: str) -> str | None:
        """Return the student id of that name, None where there is none or more than one."""
        if name in self._students:
            return name
        same = self._folded.get(_folded(name), [])
        return same[0] if len(same) == 1 else None

    def rank(self, entry: os.DirEntry[str]) -> tuple[bool, bool, str]:
        """Put folders before zips, which an instructor may have unpacked and mended, and exact names before others."""
        return _is_zip(entry), _stem(entry) not in self._students, entry.name

    def explain(self, name: str) -> str:
        """Say why a name was not found."""
        same = self._folded.get(_folded(name), [])
        if same:
            return f"could be any of {', '.join(same)}: rename it to one of them exactly"
        near = get_close_matches(_folded(name), self._folded, n=1, cutoff=_ALIKE)
        return "not on the roster" + (f"; the nearest id is {self._folded[near[0]][0]!r}" if near else "")


def _owner(entry: os.DirEntry[str], names: _Names, problems: list[Problem]) -> str | None:
    """Return whose hand-in this is, or say why it is nobody's."""
    place = shown(entry.name)
    if not (entry.is_dir(follow_symlinks=False) or _is_zip(entry)):
        problems.append(Problem(place=place, reason="neither a folder nor a .zip file: not read"))
        return None
    student = names.find(_stem(entry))
    if student is None:
        problems.append(Problem(place=place, reason=f"{names.explain(_stem(entry))}: not read"))
    return student


def _entries(root: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(root) as entries:
            return [entry for entry in entries if not is_junk(entry.name)]
    except FileNotFoundError:
        raise InstructorError(f"{root}: no such folder of hand-ins") from None
    except OSError as error:
        raise InstructorError(f"{root}: cannot be read as a folder of hand-ins: {error.strerror}") from None


def _is_zip(entry: os.DirEntry[str]) -> bool:
    return entry.name.casefold().endswith(".zip") and entry.is_file(follow_symlinks=False)


def _stem(entry: os.DirEntry[str]) -> str:
    return entry.name[: -len(".zip")] if _is_zip(entry) else entry.name


def _second(student: str, first: os.DirEntry[str]) -> str:
    return f"a second hand-in of {student!r}: {shown(first.name)} was read, this was not"


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name.strip()).casefold()
