"""A student's zip: nothing is unpacked, members are read one by one up to a limit."""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from autograder.intake.limits import MAX_FILE_BYTES, MAX_MEMBERS, MAX_TOTAL_BYTES, shown, size
from autograder.intake.source import Listing, RefusedError, counted, is_junk, too_large

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
    LookupError,
    ArithmeticError,
)
"""What zipfile raises on bytes made to hurt it."""
_MEMBER_SIGNATURE = b"PK\x01\x02"
_ENCRYPTED_BIT = 0x1
_OUTSIDE = re.compile(r"^/|^[A-Za-z]:|(^|/)\.\.(/|$)")


class Archive:
    """A zip as a source; `refused` are (phrase, name) pairs of the members that are not read."""

    def __init__(self, opened: ZipFile) -> None:
        self._zip = opened
        accepted: list[tuple[str, ZipInfo]] = []
        refused: list[tuple[str, str]] = []
        for name, info in _members(self._zip):
            if phrase := _refusal(name, info):
                refused.append((phrase, name))
            else:
                accepted.append((name, info))
        self._members = dict(accepted)
        self.refused = tuple(refused)
        self.listing = Listing(paths=tuple(sorted(n for n, _ in accepted)), problems=counted(refused))

    @classmethod
    def of(cls, name: str, data: bytes) -> Self:
        """Open a student's zip, or raise RefusedError."""
        return cls(_open(name, data))

    def read(self, path: str, limit: int = MAX_FILE_BYTES) -> bytes:
        """Return one member whole, or raise RefusedError; no more than the limit is ever inflated."""
        try:
            with self._zip.open(self._members[path]) as member:
                data = member.read(limit + 1)
                complete = len(data) <= limit
        except _BROKEN:
            raise RefusedError("zip-member-broken", name=shown(path), count="1") from None
        if not complete:
            raise too_large(path, limit)
        return data


def _open(name: str, data: bytes) -> ZipFile:
    """Open a zip in memory; its members are counted before zipfile makes an object of each."""
    if data.count(_MEMBER_SIGNATURE) > MAX_MEMBERS:
        raise RefusedError("too-many-files", name=shown(name), limit=str(MAX_MEMBERS))
    try:
        opened = ZipFile(io.BytesIO(data))
    except _BROKEN:
        raise RefusedError("not-a-zip", name=shown(name)) from None
    if sum(info.file_size for info in opened.infolist()) > MAX_TOTAL_BYTES:
        raise RefusedError("zip-too-large", name=shown(name), limit=size(MAX_TOTAL_BYTES))
    return opened


def _members(opened: ZipFile) -> Iterator[tuple[str, ZipInfo]]:
    """Yield the files with their paths, in which some programs on Windows write backslashes."""
    for info in opened.infolist():
        name = info.filename.replace("\\", "/").removeprefix("./")
        if name and not name.endswith("/") and (_OUTSIDE.search(name) or not is_junk(name)):
            yield name, info


def _refusal(name: str, info: ZipInfo) -> str:
    """Name the phrase for a member that is not read, or return nothing."""
    if _OUTSIDE.search(name):
        return "zip-member-outside"
    if stat.S_IFMT(info.external_attr >> 16) not in {0, stat.S_IFREG}:
        return "not-a-regular-file"
    if info.flag_bits & _ENCRYPTED_BIT:
        return "zip-member-encrypted"
    return "" if info.compress_type in {ZIP_STORED, ZIP_DEFLATED} else "zip-member-compression"
