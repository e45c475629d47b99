"""Zips within a hand-in, and loose files that make one up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from autograder.intake.archive import Archive
from autograder.intake.candidates import ANSWERS, SOLUTION
from autograder.intake.limits import MAX_FILE_BYTES, MAX_TOTAL_BYTES, shown
from autograder.intake.source import Listing, RefusedError, Source
from quizgen.model import Reason

MAX_ZIPS = 10
"""Zips opened within one hand-in, at whatever depth."""
MAX_DEPTH = 3
"""Zips within zips within zips."""
_ENDING = ".zip"


class Unpacked:
    """A source with what lies in its zips; a file outside of them goes before one of the same name inside."""

    def __init__(self, outer: Source) -> None:
        self._places: dict[str, tuple[Source, str]] = {}
        self._paths: list[str] = []
        self._problems = list(outer.listing.problems)
        self._left = MAX_ZIPS
        self._add(outer, "", MAX_DEPTH)
        self.listing = Listing(paths=tuple(sorted(self._paths)), problems=tuple(self._problems))

    def read(self, path: str, limit: int = MAX_FILE_BYTES) -> bytes:
        """Return one file whole, or raise RefusedError."""
        source, inside = self._places[path]
        return source.read(inside, limit)

    def _add(self, source: Source, prefix: str, depth: int) -> None:
        taken = {_name(p) for p in self._places} if prefix else set()
        for path in source.listing.paths:
            if _name(path) not in taken:
                self._paths.append(prefix + path)
                self._places[prefix + path] = source, path
        for path in source.listing.paths:
            if _name(path).endswith(_ENDING):
                self._open(source, path, prefix, depth)

    def _open(self, source: Source, path: str, prefix: str, depth: int) -> None:
        if not depth or not self._left:
            self._problems.append(Reason(phrase="zips-too-deep", values={"name": shown(path)}))
            return
        self._left -= 1
        try:
            inner = Archive.of(path, source.read(path, MAX_TOTAL_BYTES))
        except RefusedError as error:
            self._problems.append(error.reason)
            return
        self._problems += inner.listing.problems
        self._add(inner, f"{prefix}{path}/", depth - 1)


@dataclass(frozen=True)
class Loose:
    """Files that lie beside those of other students, by the names that their owner gave them.

    A single Python file is taken for solution.py, whatever it is called, and a single TOML file for answers.toml.
    """

    files: Mapping[str, Callable[[int], bytes]]

    @property
    def listing(self) -> Listing:
        """Name the files as they are asked for."""
        return Listing(paths=tuple(sorted(self._wanted)))

    def read(self, path: str, limit: int = MAX_FILE_BYTES) -> bytes:
        """Return one file whole, or raise RefusedError."""
        return self.files[self._wanted[path]](limit)

    @property
    def _wanted(self) -> dict[str, str]:
        found = {name: name for name in self.files}
        for wanted in (SOLUTION, ANSWERS):
            ending = wanted[wanted.index(".") :]
            alike = [name for name in found if name.casefold().endswith(ending)]
            if len(alike) == 1:
                found[wanted] = found.pop(alike[0])
        return found


def _name(path: str) -> str:
    return path.rpartition("/")[2].casefold()
