"""Gradings: appended, never updated; a further one of the same hand-in stands beside the old."""

from datetime import UTC, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, load_only, selectinload

from autograder.store.exams import ExamRecord
from autograder.store.packing import pack, unpack
from autograder.store.schema import GradingRow, StudentRow, SubmissionRow, VerdictRow
from autograder.store.submissions import newest_submissions
from quizgen.errors import OperatorError
from quizgen.model import Detail, Grading, Reason, Status, Verdict


def save_grading(session: Session, exam: ExamRecord, grading: Grading, *, run: str, now: datetime) -> None:
    """Append a grading of a hand-in that was saved before."""
    row = GradingRow(
        submission_id=_submission_of(session, exam, grading),
        run=run,
        exam_digest=exam.digest,
        graded_at=_time(grading) or now,
        points=grading.points,
        possible=grading.possible,
        level=grading.level,
        seed=str(grading.seed),
        seconds=grading.seconds,
        program=grading.program,
        banks=grading.banks,
        problems=pack(grading.problems),
        notes=pack(grading.notes),
        verdicts=[_verdict_row(exam, grading.student, verdict) for verdict in grading.verdicts],
    )
    session.add(row)


def is_graded(session: Session, exam: ExamRecord, student: str, digest: str) -> bool:
    """Say whether this content was marked against the exam as it stands."""
    graded = _of_exam(exam).where(StudentRow.student == student, SubmissionRow.digest == digest)
    return session.scalar(graded.where(GradingRow.exam_digest == exam.digest).limit(1)) is not None


def latest_gradings(session: Session, exam: ExamRecord) -> tuple[Grading, ...]:
    """Return the newest grading of each student's newest hand-in, in roster order."""
    newest = (
        select(func.max(GradingRow.id))
        .where(GradingRow.submission_id.in_(newest_submissions(exam)))
        .group_by(GradingRow.submission_id)
    )
    order = (StudentRow.position.nulls_last(), StudentRow.student)
    return _gradings(session, _of_exam(exam).where(GradingRow.id.in_(newest)).order_by(*order))


def gradings_of(session: Session, exam: ExamRecord, student: str) -> tuple[Grading, ...]:
    """Return all gradings of a student, oldest first."""
    return _gradings(session, _of_exam(exam).where(StudentRow.student == student).order_by(GradingRow.id))


def _of_exam(exam: ExamRecord) -> Select[GradingRow]:
    return (
        select(GradingRow)
        .join(SubmissionRow, SubmissionRow.id == GradingRow.submission_id)
        .join(StudentRow, StudentRow.id == SubmissionRow.student_id)
        .where(StudentRow.exam_id == exam.id)
    )


def _gradings(session: Session, wanted: Select[GradingRow]) -> tuple[Grading, ...]:
    """Load gradings whole, without the files that were marked."""
    hand_in = joinedload(GradingRow.submission)
    loading = (
        selectinload(GradingRow.verdicts),
        hand_in.options(load_only(SubmissionRow.digest), joinedload(SubmissionRow.student)),
    )
    return tuple(_grading(row) for row in session.scalars(wanted.options(*loading)))


def _submission_of(session: Session, exam: ExamRecord, grading: Grading) -> int:
    found = session.scalar(
        select(SubmissionRow.id)
        .join(StudentRow, StudentRow.id == SubmissionRow.student_id)
        .where(StudentRow.exam_id == exam.id, StudentRow.student == grading.student)
        .where(SubmissionRow.digest == grading.digest)
    )
    if found is None:
        raise OperatorError(f"grading of {grading.student!r}: no hand-in {grading.digest[:12]} saved: save it first")
    return found


def _time(grading: Grading) -> datetime | None:
    """Read when it was graded; a time without a zone is taken as UTC, no time as now."""
    if not grading.graded_at:
        return None
    try:
        time = datetime.fromisoformat(grading.graded_at)
    except ValueError:
        raise OperatorError(f"grading of {grading.student!r}: graded at {grading.graded_at!r}, not a time") from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _verdict_row(exam: ExamRecord, student: str, verdict: Verdict) -> VerdictRow:
    question = exam.questions.get((student, verdict.item))
    if question is None:
        raise OperatorError(f"grading of {student!r}: item {verdict.item} is not on the paper")
    return VerdictRow(
        item=verdict.item,
        question=question,
        status=verdict.status.value,
        credit=verdict.credit,
        points=verdict.points,
        detail=pack(verdict.detail),
        reason=pack(verdict.reason),
        notes=pack(verdict.notes),
    )


def _grading(row: GradingRow) -> Grading:
    return Grading(
        student=row.submission.student.student,
        digest=row.submission.digest,
        verdicts=tuple(_verdict(v) for v in row.verdicts),
        points=row.points,
        possible=row.possible,
        level=row.level,
        seconds=row.seconds,
        program=row.program,
        banks=row.banks,
        seed=int(row.seed),
        problems=unpack(row.problems, tuple[Reason, ...]),
        graded_at=row.graded_at.isoformat(),
        notes=unpack(row.notes, tuple[Reason, ...]),
    )


def _verdict(row: VerdictRow) -> Verdict:
    return Verdict(
        item=row.item,
        status=Status(row.status),
        credit=row.credit,
        points=row.points,
        detail=unpack(row.detail, Detail | None),
        reason=unpack(row.reason, Reason | None),
        notes=unpack(row.notes, tuple[Reason, ...]),
    )
