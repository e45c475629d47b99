"""What a folder and a zip have in common: paths to choose from, and bytes up to a limit."""

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from autograder.intake.limits import MAX_FILE_BYTES, shown, size
from quizgen.errors import StudentError
from quizgen.model import Reason

_JUNK = {"__macosx", "thumbs.db", "desktop.ini"}


class RefusedError(StudentError):
    """A file that is not read; `reason` says why, for the student."""

    def __init__(self, phrase: str, **values: str) -> None:
        self.reason = Reason(phrase=phrase, values=values)
        super().__init__(f"{phrase}: {values}")


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The files of a hand-in, with `/` between the parts of a path, and what was refused."""

    paths: tuple[str, ...]
    problems: tuple[Reason, ...] = ()


class Source(Protocol):
    """A folder or a zip."""

    @property
    def listing(self) -> Listing:
        """What is there."""

    def read(self, path: str, limit: int = MAX_FILE_BYTES) -> bytes:
        """Return one file of at most `limit` bytes whole, or raise RefusedError."""


def is_junk(path: str) -> bool:
    """Say whether an operating system put this there, not the student."""
    return any(part.startswith(".") or part.casefold() in _JUNK for part in path.split("/"))


def read_regular(path: Path, limit: int) -> bytes:
    """Read a regular file of at most `limit` bytes; links are not followed, pipes and devices not opened."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise RefusedError("not-a-regular-file", name=shown(path.name), count="1")
            data = file.read(limit + 1)
    except OSError as error:
        raise RefusedError("file-not-readable", name=shown(path.name), why=str(error.strerror)) from None
    if len(data) > limit:
        raise too_large(path.name, limit)
    return data


def too_large(name: str, limit: int = MAX_FILE_BYTES) -> RefusedError:
    """Make the error for a file over the limit."""
    return RefusedError("file-too-large", name=shown(name), limit=size(limit))


def counted(refused: Iterable[tuple[str, str]]) -> tuple[Reason, ...]:
    """Turn (phrase, name) pairs into one reason for each phrase: its first name, and how many there are."""
    names: dict[str, list[str]] = {}
    for phrase, name in refused:
        names.setdefault(phrase, []).append(name)
    return tuple(Reason(phrase=p, values={"name": shown(n[0]), "count": str(len(n))}) for p, n in names.items())
