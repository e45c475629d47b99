"""A student's folder, looked at one level deep below its top."""

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from autograder.intake.limits import MAX_ENTRIES, MAX_FILE_BYTES, shown
from autograder.intake.source import Listing, RefusedError, counted, is_junk, read_regular


class Directory:
    """A folder as a source; links and special files are named as refused and never followed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.listing = _list(root)

    def read(self, path: str, limit: int = MAX_FILE_BYTES) -> bytes:
        """Return one file whole, or raise RefusedError."""
        return read_regular(self._root / path, limit)


def _list(root: Path) -> Listing:
    try:
        entries = list(islice(_walk(root, ""), MAX_ENTRIES + 1))
    except OSError as error:
        raise RefusedError("file-not-readable", name=shown(root.name), why=str(error.strerror)) from None
    if len(entries) > MAX_ENTRIES:
        raise RefusedError("too-many-files", name=shown(root.name), limit=str(MAX_ENTRIES))
    paths = tuple(sorted(path for path, entry in entries if entry.is_file(follow_symlinks=False)))
    special = (path for path, entry in entries if not (entry.is_file(follow_symlinks=False) or _is_folder(entry)))
    return Listing(paths=paths, problems=counted(("not-a-regular-file", path) for path in sorted(special)))


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if is_junk(entry.name):
                continue
            yield prefix + entry.name, entry
            if not prefix and _is_folder(entry):
                yield from _walk(Path(entry.path), f"{entry.name}/")


def _is_folder(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False)
