"""exam.json: the exam whole and frozen."""

from pathlib import Path

import msgspec

from quizgen.errors import InstructorError, OperatorError
from quizgen.model import EXAM_FORMAT, CodeBody, CodeKey, ConceptBody, ConceptKey, Exam, NumericBody, NumericKey

NAME = "exam.json"
KEYS = {NumericBody: NumericKey, ConceptBody: ConceptKey, CodeBody: CodeKey}
"""Which key belongs to which kind of item."""


class _Format(msgspec.Struct, frozen=True):
    """All that can be read of an exam whose form this program does not know."""

    format: int = EXAM_FORMAT


def write_exam(exam: Exam, folder: Path) -> None:
    """Write exam.json, one value to a line so that differences can be read; half of one is never left there."""
    encoded = msgspec.json.encode(exam, order="deterministic")
    unfinished = folder / f"{NAME}.part"
    unfinished.write_bytes(msgspec.json.format(encoded, indent=1) + b"\n")
    unfinished.replace(folder / NAME)


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
        exam = _decoded(data, path)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InstructorError(f"{path}: not an exam: {error}") from None
    except RecursionError:
        raise InstructorError(f"{path}: not an exam: it is nested too deep") from None
    _check_whole(exam, path)
    return exam


def _decoded(data: bytes, path: Path) -> Exam:
    try:
        exam = msgspec.json.decode(data, type=Exam)
    except msgspec.ValidationError:
        _check_format(msgspec.json.decode(data, type=_Format).format, path)
        raise
    _check_format(exam.format, path)
    return exam


def _check_format(found: int, path: Path) -> None:
    if found > EXAM_FORMAT:
        raise OperatorError(f"{path}: format {found} is newer than this program reads ({EXAM_FORMAT}): upgrade it")


def _check_whole(exam: Exam, path: Path) -> None:
    """Check that papers, keys and questions belong together: an exam.json that was edited may have lost some."""
    for paper in exam.papers:
        keys, items = len(exam.keys.get(paper.student, ())), len(paper.items)
        if keys != items:
            raise InstructorError(f"{path}: the paper of {paper.student!r} has {items} items, but {keys} keys")
        for item, key in zip(paper.items, exam.keys[paper.student], strict=True):
            if KEYS[type(item.variant.body)] is not type(key):
                raise InstructorError(f"{path}: item {item.number} of {paper.student!r} has the key of another kind")
            if item.variant.question not in exam.questions:
                raise InstructorError(f"{path}: {item.variant.question!r} is on a paper, but not among the questions")
