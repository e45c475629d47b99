"""Gradings: appended, never updated; a further one of the same hand-in stands beside the old."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Row, Select, func, insert, select
from sqlalchemy.orm import Session

from autograder.ledger import Attempt, Marked
from autograder.store.exams import ExamRecord
from autograder.store.packing import pack, unpack
from autograder.store.schema import GradingRow, HandInRow, StudentRow, SubmissionRow, VerdictRow
from autograder.store.submissions import newest_hand_ins
from quizgen.errors import OperatorError
from quizgen.model import Detail, Grading, Reason, Status, Verdict

BATCH = 500
"""Gradings that are written, with all their verdicts, by one statement each."""
ROSTER_ORDER = (StudentRow.position.nulls_last(), StudentRow.student)


def save_gradings(session: Session, exam: ExamRecord, new: Iterable[Grading], *, run: str, now: datetime) -> None:
    """Append gradings of hand-ins that were saved before."""
    pending = iter(new)
    while batch := list(islice(pending, BATCH)):
        hand_ins = _submissions_of(session, exam, batch)
        rows = [_grading_row(exam, g, hand_ins[g.student, g.digest]) | {"run": run} for g in batch]
        for row in rows:
            row["graded_at"] = row["graded_at"] or now
        returned = insert(GradingRow).returning(GradingRow.id, sort_by_parameter_order=True)
        ids = session.scalars(returned, rows).all()
        verdicts = [
            {"grading_id": row, **_verdict_row(exam, grading.student, verdict)}
            for row, grading in zip(ids, batch, strict=True)
            for verdict in grading.verdicts
        ]
        if verdicts:
            session.execute(insert(VerdictRow), verdicts)


def is_graded(session: Session, exam: ExamRecord, student: str, digest: str) -> bool:
    """Say whether this content was marked against the paper as it stands."""
    graded = _joined(select(GradingRow.id), exam).where(StudentRow.student == student, SubmissionRow.digest == digest)
    return session.scalar(graded.where(GradingRow.exam_digest == exam.digests.get(student)).limit(1)) is not None


def ungraded(session: Session, exam: ExamRecord, before: datetime) -> list[str]:
    """Name the students with a hand-in from before a time that nobody has marked against the paper as it stands."""
    handed_in = (
        select(StudentRow.student, SubmissionRow.id, GradingRow.exam_digest)
        .join(SubmissionRow, SubmissionRow.student_id == StudentRow.id)
        .join(HandInRow, HandInRow.submission_id == SubmissionRow.id)
        .outerjoin(GradingRow, GradingRow.submission_id == SubmissionRow.id)
        .where(StudentRow.exam_id == exam.id, HandInRow.received_at <= before)
    )
    digests: defaultdict[tuple[str, int], set[str | None]] = defaultdict(set)
    for student, submission, digest in session.execute(handed_in.distinct()):
        digests[student, submission].add(digest)
    return sorted({student for (student, _), found in digests.items() if exam.digests.get(student) not in found})


def latest_gradings(session: Session, exam: ExamRecord) -> tuple[Grading, ...]:
    """Return the newest grading of each student's newest hand-in, in roster order."""
    newest = select(HandInRow.submission_id).where(HandInRow.id.in_(newest_hand_ins(exam)))
    wanted = _newest(exam).where(SubmissionRow.id.in_(newest))
    order = {s: i for i, s in enumerate(session.scalars(_students(exam).order_by(*ROSTER_ORDER)))}
    found = [m.grading for _, m in _marked(session, exam, wanted)]
    return tuple(sorted(found, key=lambda g: order[g.student]))


def gradings_of(session: Session, exam: ExamRecord, student: str) -> tuple[Grading, ...]:
    """Return all gradings of a student, oldest first."""
    wanted = _joined(select(GradingRow.id), exam).where(StudentRow.student == student)
    return tuple(m.grading for _, m in _marked(session, exam, wanted))


def newest_gradings(session: Session, exam: ExamRecord) -> dict[str, int]:
    """Return the id of each student's newest grading: while it stays, nothing was marked anew."""
    query = (
        select(StudentRow.student, func.max(GradingRow.id))
        .join_from(GradingRow, SubmissionRow, SubmissionRow.id == GradingRow.submission_id)
        .join(StudentRow, StudentRow.id == SubmissionRow.student_id)
        .where(StudentRow.exam_id == exam.id)
        .group_by(StudentRow.student)
    )
    return {student: grading for student, grading in session.execute(query)}  # noqa: C416 - rows are not tuples


def attempts(session: Session, exam: ExamRecord, student: str | None) -> tuple[Attempt, ...]:
    """Return every hand-in in roster order with its newest grading; of one student, with all gradings."""
    query = (
        select(StudentRow.student, SubmissionRow.id, SubmissionRow.digest, HandInRow.received_at)
        .join(SubmissionRow, SubmissionRow.student_id == StudentRow.id)
        .join(HandInRow, HandInRow.submission_id == SubmissionRow.id)
        .where(StudentRow.exam_id == exam.id)
        .order_by(*ROSTER_ORDER, HandInRow.id)
    )
    wanted = _newest(exam)
    if student is not None:
        query = query.where(StudentRow.student == student)
        wanted = _joined(select(GradingRow.id), exam).where(StudentRow.student == student)
    marked: defaultdict[int, list[Marked]] = defaultdict(list)
    for submission, found in _marked(session, exam, wanted):
        marked[submission].append(found)
    counts: defaultdict[str, int] = defaultdict(int)
    result = []
    for name, submission, digest, received in session.execute(query):
        counts[name] += 1
        mine = tuple(marked.get(submission, ()))
        result.append(Attempt(student=name, number=counts[name], received_at=received, digest=digest, gradings=mine))
    return tuple(result)


def _students(exam: ExamRecord) -> Select[str]:
    return select(StudentRow.student).where(StudentRow.exam_id == exam.id)


def _joined(query: Select[Any], exam: ExamRecord) -> Select[Any]:
    return (
        query.join(SubmissionRow, SubmissionRow.id == GradingRow.submission_id)
        .join(StudentRow, StudentRow.id == SubmissionRow.student_id)
        .where(StudentRow.exam_id == exam.id)
    )


def _newest(exam: ExamRecord) -> Select[Any]:
    """Select the newest grading of each submission."""
    return _joined(select(func.max(GradingRow.id)), exam).group_by(GradingRow.submission_id)


def _marked(session: Session, exam: ExamRecord, wanted: Select[Any]) -> Iterator[tuple[int, Marked]]:
    """Yield gradings with the id of their submission, oldest first; rows, as objects would cost twice the time."""
    columns = select(*GradingRow.__table__.columns, SubmissionRow.digest, StudentRow.student)
    verdicts = (
        select(VerdictRow).where(VerdictRow.grading_id.in_(wanted)).order_by(VerdictRow.grading_id, VerdictRow.id)
    )
    found = _grouped(session, verdicts)
    for row in session.execute(_joined(columns, exam).where(GradingRow.id.in_(wanted)).order_by(GradingRow.id)):
        yield row.submission_id, Marked(id=row.id, grading=_grading(row, found.get(row.id, ())))


def _grouped(session: Session, query: Select[Any]) -> dict[int, list[Verdict]]:
    columns = query.with_only_columns(*VerdictRow.__table__.columns)
    grouped: defaultdict[int, list[Verdict]] = defaultdict(list)
    for row in session.execute(columns, execution_options={"yield_per": 5000}):
        grouped[row.grading_id].append(_verdict(row))
    return grouped


def _submissions_of(session: Session, exam: ExamRecord, batch: Sequence[Grading]) -> dict[tuple[str, str], int]:
    query = (
        select(StudentRow.student, SubmissionRow.digest, SubmissionRow.id)
        .join(SubmissionRow, SubmissionRow.student_id == StudentRow.id)
        .where(StudentRow.exam_id == exam.id, StudentRow.student.in_({g.student for g in batch}))
    )
    found = {(student, digest): row for student, digest, row in session.execute(query)}
    for grading in batch:
        if (grading.student, grading.digest) not in found:
            raise OperatorError(
                f"grading of {grading.student!r}: no hand-in {grading.digest[:12]} saved: save it first"
            )
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


def _grading_row(exam: ExamRecord, grading: Grading, submission: int) -> dict[str, Any]:
    return {
        "submission_id": submission,
        "exam_digest": exam.digests[grading.student],
        "graded_at": _time(grading),
        "points": grading.points,
        "possible": grading.possible,
        "level": grading.level,
        "seed": str(grading.seed),
        "seconds": grading.seconds,
        "program": grading.program,
        "banks": grading.banks,
        "problems": pack(grading.problems),
        "notes": pack(grading.notes),
    }


def _verdict_row(exam: ExamRecord, student: str, verdict: Verdict) -> dict[str, Any]:
    question = exam.questions.get((student, verdict.item))
    if question is None:
        raise OperatorError(f"grading of {student!r}: item {verdict.item} is not on the paper")
    return {
        "item": verdict.item,
        "question": question,
        "status": verdict.status.value,
        "credit": verdict.credit,
        "points": verdict.points,
        "detail": pack(verdict.detail),
        "reason": pack(verdict.reason),
        "notes": pack(verdict.notes),
    }


def _grading(row: Row[Any], verdicts: Iterable[Verdict]) -> Grading:
    return Grading(
        student=row.student,
        digest=row.digest,
        verdicts=tuple(verdicts),
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


def _verdict(row: Row[Any]) -> Verdict:
    return Verdict(
        item=row.item,
        status=Status(row.status),
        credit=row.credit,
        points=row.points,
        detail=unpack(row.detail, Detail | None),
        reason=unpack(row.reason, Reason | None),
        notes=unpack(row.notes, tuple[Reason, ...]),
    )
