"""exam.json: the exam whole and frozen."""

from pathlib import Path

import msgspec

from quizgen.errors import InstructorError, OperatorError
from quizgen.model import EXAM_FORMAT, Exam

NAME = "exam.json"


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
        exam = msgspec.json.decode(data, type=Exam)
    except msgspec.DecodeError as error:
        raise InstructorError(f"{path}: not an exam: {error}") from None
    if exam.format > EXAM_FORMAT:
        raise OperatorError(
            f"{path}: format {exam.format} is newer than this program reads ({EXAM_FORMAT}): upgrade it"
        )
    return exam
