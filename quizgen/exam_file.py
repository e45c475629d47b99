"""exam.json: the exam whole and frozen."""

from pathlib import Path

import msgspec

from quizgen.errors import InstructorError, OperatorError
from quizgen.model import EXAM_FORMAT, Exam

NAME = "exam.json"


class _Format(msgspec.Struct, frozen=True):
    """All that can be read of an exam whose form this program does not know."""

    format: int = EXAM_FORMAT


def write_exam(exam: Exam, folder: Path) -> None:
    """Write exam.json, one paper to a line so that differences can be read."""
    encoded = msgspec.json.encode(exam, order="deterministic")
    (folder / NAME).write_bytes(msgspec.json.format(encoded, indent=1) + b"\n")


def read_exam(folder: Path) -> Exam:
    """Read exam.json of an exam's folder."""
    path = folder / NAME
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InstructorError(f"{folder}: no {NAME} there: is it an exam made by `quizgen make`?") from None
    except OSError as error:
        raise InstructorError(f"{path}: {error.strerror}") from None
    try:
        _check_format(data, path)
        exam = msgspec.json.decode(data, type=Exam)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InstructorError(f"{path}: not an exam: {error}") from None
    except RecursionError:
        raise InstructorError(f"{path}: not an exam: it is nested too deep") from None
    _check_whole(exam, path)
    return exam


def _check_format(data: bytes, path: Path) -> None:
    """Refuse a newer form before it is read: its fields may be others."""
    found = msgspec.json.decode(data, type=_Format).format
    if found > EXAM_FORMAT:
        raise OperatorError(f"{path}: format {found} is newer than this program reads ({EXAM_FORMAT}): upgrade it")


def _check_whole(exam: Exam, path: Path) -> None:
    """Check that papers, keys and questions belong together: an exam.json that was edited may have lost some."""
    for paper in exam.papers:
        keys, items = len(exam.keys.get(paper.student, ())), len(paper.items)
        if keys != items:
            raise InstructorError(f"{path}: the paper of {paper.student!r} has {items} items, but {keys} keys")
        for item in paper.items:
            if item.variant.question not in exam.questions:
                raise InstructorError(f"{path}: {item.variant.question!r} is on a paper, but not among the questions")
