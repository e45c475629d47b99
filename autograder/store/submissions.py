"""Hand-ins, kept byte for byte and once for each content."""

from datetime import datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from autograder.store.exams import ExamRecord, find_student
from autograder.store.packing import pack, unpack
from autograder.store.schema import StudentRow, SubmissionRow
from quizgen.model import Reason, Submission


def save_submission(session: Session, exam: ExamRecord, submission: Submission, now: datetime) -> bool:
    """Save a hand-in and say whether its content is new; one handed in again becomes the newest."""
    student = find_student(session, exam, submission.student)
    known = select(SubmissionRow.digest, SubmissionRow.turn).where(SubmissionRow.student_id == student)
    turns = {row.digest: row.turn for row in session.execute(known)}
    turn = max(turns.values(), default=0)
    if submission.digest in turns:
        turn = turn if turns[submission.digest] == turn else turn + 1
        _hand_in_again(session, student, submission, turn)
        return False
    row = SubmissionRow(student_id=student, digest=submission.digest, attempt=len(turns) + 1, turn=turn + 1)
    row.received_at, row.problems = now, pack(submission.problems)
    row.answers, row.solution = submission.answers, submission.solution
    session.add(row)
    return True


def latest_submissions(session: Session, exam: ExamRecord) -> tuple[Submission, ...]:
    """Return the newest hand-in of each student, in roster order."""
    rows = session.execute(
        select(SubmissionRow, StudentRow.student)
        .join(StudentRow, StudentRow.id == SubmissionRow.student_id)
        .where(SubmissionRow.id.in_(newest_submissions(exam)))
        .order_by(StudentRow.position.nulls_last(), StudentRow.student)
    )
    return tuple(_submission(row, student) for row, student in rows)


def newest_submissions(exam: ExamRecord) -> Select[int]:
    """Select the newest hand-in of each student."""
    last = (
        select(SubmissionRow.student_id, func.max(SubmissionRow.turn).label("turn"))
        .join(StudentRow, StudentRow.id == SubmissionRow.student_id)
        .where(StudentRow.exam_id == exam.id)
        .group_by(SubmissionRow.student_id)
        .subquery()
    )
    same = (last.c.student_id == SubmissionRow.student_id) & (last.c.turn == SubmissionRow.turn)
    return select(SubmissionRow.id).join(last, same)


def _hand_in_again(session: Session, student: int, submission: Submission, turn: int) -> None:
    same = (SubmissionRow.student_id == student, SubmissionRow.digest == submission.digest)
    session.execute(update(SubmissionRow).where(*same).values(turn=turn, problems=pack(submission.problems)))


def _submission(row: SubmissionRow, student: str) -> Submission:
    return Submission(
        student=student,
        digest=row.digest,
        answers=row.answers,
        solution=row.solution,
        problems=unpack(row.problems, tuple[Reason, ...]),
    )
