"""Hand-ins: their content byte for byte and once for each content, and every time that one was handed in."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Select, func, insert, select
from sqlalchemy.orm import Session

from autograder.store.exams import ExamRecord
from autograder.store.packing import pack, unpack
from autograder.store.schema import HandInRow, StudentRow, SubmissionRow
from quizgen.errors import OperatorError
from quizgen.model import Reason, Submission

Known = dict[str, dict[str, int]]
"""Student -> digest -> the submission's id, in the order in which they were handed in last."""


def save_submissions(
    session: Session,
    exam: ExamRecord,
    new: Iterable[Submission],
    received: datetime,
    times: Mapping[str, datetime] = MappingProxyType({}),
) -> list[bool]:
    """Save hand-ins and say of each whether its content is new; the newest, found again, is the same hand-in.

    `times` are those of the students whose hand-in came at a time that is known; `received` is everybody else's.
    """
    students, known = _students(session, exam), _known(session, exam)
    found = []
    for submission in new:
        if submission.student not in students:
            raise OperatorError(f"student {submission.student!r} is not on the roster of exam {exam.title!r}")
        mine = known.setdefault(submission.student, {})
        found.append(submission.digest not in mine)
        if not mine or submission.digest != list(mine)[-1]:
            _hand_in(session, students[submission.student], mine, submission, times.get(submission.student, received))
    return found


def latest_submissions(session: Session, exam: ExamRecord) -> tuple[Submission, ...]:
    """Return the newest hand-in of each student, in roster order."""
    order = (StudentRow.position.nulls_last(), StudentRow.student)
    return _submissions(session, _whole(exam).where(HandInRow.id.in_(newest_hand_ins(exam))).order_by(*order))


def submissions_of(session: Session, exam: ExamRecord, digests: Iterable[str]) -> tuple[Submission, ...]:
    """Return submissions of these contents, each with the problems of the last time that it was handed in."""
    found = _submissions(session, _whole(exam).where(SubmissionRow.digest.in_(set(digests))).order_by(HandInRow.id))
    return tuple({(s.student, s.digest): s for s in found}.values())


def newest_contents(session: Session, exam: ExamRecord) -> frozenset[tuple[str, str]]:
    """Return student and digest of everyone's newest hand-in."""
    return frozenset((student, list(mine)[-1]) for student, mine in _known(session, exam).items())


def newest_hand_ins(exam: ExamRecord) -> Select[int]:
    """Select the newest hand-in of each student."""
    return (
        select(func.max(HandInRow.id))
        .join(SubmissionRow, SubmissionRow.id == HandInRow.submission_id)
        .join(StudentRow, StudentRow.id == SubmissionRow.student_id)
        .where(StudentRow.exam_id == exam.id)
        .group_by(SubmissionRow.student_id)
    )


def _hand_in(session: Session, student: int, mine: dict[str, int], submission: Submission, received: datetime) -> None:
    """Append one hand-in, with its content where that is new; it becomes the newest."""
    row = mine.pop(submission.digest, None)
    if row is None:
        row = _add(session, student, len(mine) + 1, submission)
    mine[submission.digest] = row
    values = {"submission_id": row, "received_at": received, "problems": pack(submission.problems)}
    session.execute(insert(HandInRow).values(values))


def _add(session: Session, student: int, attempt: int, submission: Submission) -> int:
    row = SubmissionRow(student_id=student, digest=submission.digest, attempt=attempt)
    row.answers, row.solution = submission.answers, submission.solution
    session.add(row)
    session.flush()
    return row.id


def _students(session: Session, exam: ExamRecord) -> dict[str, int]:
    rows = session.execute(select(StudentRow.student, StudentRow.id).where(StudentRow.exam_id == exam.id))
    return {student: row for student, row in rows}  # noqa: C416 - rows are not quite tuples to the type checker


def _known(session: Session, exam: ExamRecord) -> Known:
    query = (
        select(StudentRow.student, SubmissionRow.digest, SubmissionRow.id)
        .join(SubmissionRow, SubmissionRow.student_id == StudentRow.id)
        .join(HandInRow, HandInRow.submission_id == SubmissionRow.id)
        .where(StudentRow.exam_id == exam.id)
        .order_by(HandInRow.id)
    )
    known: Known = {}
    for student, digest, row in session.execute(query):
        mine = known.setdefault(student, {})
        mine.pop(digest, None)
        mine[digest] = row
    return known


def _whole(exam: ExamRecord) -> Select[SubmissionRow, str, object]:
    return (
        select(SubmissionRow, StudentRow.student, HandInRow.problems)
        .join(StudentRow, StudentRow.id == SubmissionRow.student_id)
        .join(HandInRow, HandInRow.submission_id == SubmissionRow.id)
        .where(StudentRow.exam_id == exam.id)
    )


def _submissions(session: Session, query: Select[SubmissionRow, str, object]) -> tuple[Submission, ...]:
    return tuple(
        Submission(
            student=student,
            digest=row.digest,
            answers=row.answers,
            solution=row.solution,
            problems=unpack(problems, tuple[Reason, ...]),
        )
        for row, student, problems in session.execute(query)
    )
