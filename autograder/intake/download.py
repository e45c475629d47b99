"""The folder or zip with everybody's hand-ins, as it was downloaded: what lies at its top."""

import os
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from autograder.intake.archive import Archive
from autograder.intake.directory import Directory
from autograder.intake.limits import MAX_FILE_BYTES
from autograder.intake.source import Listing, Source, counted, is_junk, read_regular
from quizgen.errors import InstructorError

MAX_DOWNLOAD_MEMBERS = 500_000
"""Files in a zip with everybody's hand-ins."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One folder or file at the top; nothing of it is read before it is asked for."""

    name: str
    is_folder: bool
    is_file: bool
    source: Callable[[], Source]
    data: Callable[[int], bytes]

    @property
    def is_zip(self) -> bool:
        """Say whether it is called a zip."""
        return self.is_file and self.name.casefold().endswith(".zip")

    @property
    def stem(self) -> str:
        """Return the name, for files less the ending."""
        return self.name.rpartition(".")[0] if self.is_file and "." in self.name[1:] else self.name


@dataclass(frozen=True, kw_only=True)
class Download:
    """All that lies at the top, and members of a zip that are not read: (phrase, name)."""

    entries: tuple[Entry, ...]
    refused: tuple[tuple[str, str], ...] = ()


def open_download(root: Path) -> Download:
    """Look at a folder or zip; a single folder at the top of a zip is looked through."""
    return _in_zip(root) if root.suffix.casefold() == ".zip" and root.is_file() else Download(entries=_in_folder(root))


def _in_folder(root: Path) -> tuple[Entry, ...]:
    try:
        with os.scandir(root) as entries:
            return tuple(_on_disk(entry) for entry in entries if not is_junk(entry.name))
    except FileNotFoundError:
        raise InstructorError(f"{root}: no such folder of hand-ins") from None
    except OSError as error:
        raise InstructorError(f"{root}: cannot be read as a folder of hand-ins: {error.strerror}") from None


def _on_disk(entry: os.DirEntry[str]) -> Entry:
    path = Path(entry.path)
    return Entry(
        name=entry.name,
        is_folder=entry.is_dir(follow_symlinks=False),
        is_file=entry.is_file(follow_symlinks=False),
        source=lambda: Directory(path),
        data=lambda limit: read_regular(path, limit),
    )


def _in_zip(root: Path) -> Download:
    try:
        opened = ZipFile(root)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise InstructorError(f"{root}: is not a zip file that can be opened") from None
    if len(opened.infolist()) > MAX_DOWNLOAD_MEMBERS:
        raise InstructorError(f"{root}: holds more than {MAX_DOWNLOAD_MEMBERS} files")
    archive = Archive(opened)
    prefix = _only_folder(archive.listing.paths)
    paths = _by_top(archive.listing.paths, prefix)
    refused = _by_top([name for _, name in archive.refused], prefix)
    phrases = {name: phrase for phrase, name in archive.refused}
    return Download(
        entries=tuple(
            _zipped(archive, prefix + top, inside, [(phrases[name], name) for name in refused.pop(top, ())])
            for top, inside in paths.items()
        ),
        refused=tuple((phrases[name], name) for names in refused.values() for name in names),
    )


def _by_top(paths: Iterable[str], prefix: str) -> dict[str, list[str]]:
    """Group paths by their first part below the prefix."""
    found: dict[str, list[str]] = {}
    for path in paths:
        found.setdefault(path.removeprefix(prefix).partition("/")[0], []).append(path)
    return found


def _only_folder(paths: tuple[str, ...]) -> str:
    """Return the folder that holds folders or several files and is alone at the top, with its slash."""
    tops = {p.partition("/")[0] for p in paths}
    if len(tops) != 1 or not all("/" in p for p in paths):
        return ""
    prefix = f"{tops.pop()}/"
    inside = {p.removeprefix(prefix).partition("/")[0] for p in paths}
    deep = any("/" in p.removeprefix(prefix) for p in paths)
    return prefix if deep or any(name.casefold().endswith(".zip") or "_" in name for name in inside) else ""


def _zipped(archive: Archive, path: str, inside: list[str], refused: list[tuple[str, str]]) -> Entry:
    is_file = inside == [path]
    return Entry(
        name=path.rpartition("/")[2],
        is_folder=not is_file,
        is_file=is_file,
        source=lambda: Members(archive, f"{path}/", inside, refused),
        data=lambda limit: archive.read(path, limit),
    )


class Members:
    """One folder of a zip as a source."""

    def __init__(self, archive: Archive, prefix: str, paths: list[str], refused: list[tuple[str, str]]) -> None:
        self._archive = archive
        self._prefix = prefix
        self.listing = Listing(paths=tuple(p.removeprefix(prefix) for p in paths), problems=counted(refused))

    def read(self, path: str, limit: int = MAX_FILE_BYTES) -> bytes:
        """Return one file whole, or raise RefusedError."""
        return self._archive.read(self._prefix + path, limit)
