"""All feedback sheets in one zip, for an LMS."""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from autograder.reports.feedback import feedback_html
from autograder.reports.gradebook import Gradebook

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of every member: the first that a zip can hold, so that the same sheets give the same bytes."""
READABLE = 0o644 << 16


def write_zip(book: Gradebook, path: Path | BinaryIO, *, progress: Callable[[str], None] = lambda _: None) -> None:
    """Write one HTML file per graded student into a zip."""
    with ZipFile(path, "w") as archive:
        for row in book.graded:
            member = ZipInfo(f"{row.paper.student}.html", date_time=EPOCH)
            member.external_attr = READABLE
            member.compress_type = ZIP_DEFLATED
            archive.writestr(member, feedback_html(book.exam, row))
            progress(row.paper.student)
