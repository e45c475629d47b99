"""Files of an export: XML documents, and zips whose bytes depend on nothing but their contents."""

import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Mapping
from pathlib import Path

from quizgen.errors import AuthorError

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest date a zip can hold."""


def document(root: ET.Element) -> bytes:
    """Write an XML document; characters that XML has no place for are refused."""
    text = ET.tostring(root, encoding="unicode")
    if found := CONTROL.search(text):
        near = text[max(0, found.start() - 30) : found.start()]
        raise AuthorError(f"the control character {found[0]!r} cannot be exported; it stands after {near!r}")
    return b"<?xml version='1.0' encoding='UTF-8'?>\n" + text.encode() + b"\n"


def write_zip(files: Mapping[str, bytes], out: Path) -> None:
    """Write a zip with fixed dates, its members in the order given."""
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name, date_time=EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, content)
