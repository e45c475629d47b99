"""What the page keeps: who may open it, when clocks started, every change of every box, feedback released by hand."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Select, Table, func, insert, select, update
from sqlalchemy.orm import Session

from autograder.sitting import Access, Mark, Save, Saved, Sitting
from autograder.store.exams import ExamRecord
from autograder.store.schema import (
    AccessRow,
    HandInRow,
    ReleaseRow,
    SaveRow,
    SittingRow,
    StudentRow,
    SubmissionRow,
)
from autograder.store.submissions import save_submissions
from quizgen.errors import OperatorError
from quizgen.model import Paper, Submission

INSTRUCTOR = ""
"""Stands for a student where the instructor's own access is meant."""


def add_accesses(session: Session, exam: ExamRecord, digests: Mapping[str, str], now: datetime) -> None:
    """Let these secrets, student -> digest, open the page."""
    students = _ids(session, exam, [s for s in digests if s != INSTRUCTOR])
    rows = [
        {"exam_id": exam.id, "student_id": students.get(student), "digest": digest, "made_at": now}
        for student, digest in digests.items()
    ]
    if rows:
        session.execute(insert(AccessRow), rows)


def renew_accesses(
    session: Session, exam: ExamRecord, keep: Collection[str], digests: Mapping[str, str], now: datetime
) -> None:
    """Let these secrets open the page besides the digests in `keep`, and no others."""
    others = update(AccessRow).where(AccessRow.exam_id == exam.id, AccessRow.revoked_at.is_(None))
    session.execute(others.where(AccessRow.digest.not_in(keep)).values(revoked_at=now))
    add_accesses(session, exam, digests, now)


def find_access(session: Session, exam: ExamRecord, digest: str) -> str | None:
    """Return whose secret this is: a student on the roster, the instructor's empty name, or None."""
    query = (
        select(StudentRow.student, AccessRow.student_id)
        .join_from(AccessRow, StudentRow, AccessRow.student_id == StudentRow.id, isouter=True)
        .where(AccessRow.exam_id == exam.id, AccessRow.digest == digest, AccessRow.revoked_at.is_(None))
    )
    found = session.execute(query).one_or_none()
    if found is None:
        return None
    return INSTRUCTOR if found.student_id is None else found.student


def accesses(session: Session, exam: ExamRecord) -> frozenset[str]:
    """Return the digests of all secrets in force."""
    query = select(AccessRow.digest).where(AccessRow.exam_id == exam.id, AccessRow.revoked_at.is_(None))
    return frozenset(session.scalars(query))


def revoke(session: Session, exam: ExamRecord, students: Sequence[str] | None, now: datetime) -> int:
    """Let the secrets of these students, or else all of them, open nothing any more; return how many there were."""
    query = update(AccessRow).where(AccessRow.exam_id == exam.id, AccessRow.revoked_at.is_(None))
    if students is not None:
        query = query.where(AccessRow.student_id.in_(_ids(session, exam, students).values()))
    return len(session.execute(query.values(revoked_at=now).returning(AccessRow.id)).all())


def accesses_of(session: Session, exam: ExamRecord, student: str) -> tuple[Access, ...]:
    """Return every access that a student was given, oldest first."""
    query = (
        select(AccessRow.made_at, AccessRow.revoked_at)
        .join(StudentRow, StudentRow.id == AccessRow.student_id)
        .where(StudentRow.exam_id == exam.id, StudentRow.student == student)
        .order_by(AccessRow.id)
    )
    return tuple(Access(made_at=row.made_at, revoked_at=row.revoked_at) for row in session.execute(query))


def start(session: Session, exam: ExamRecord, student: str, now: datetime) -> datetime:
    """Start a student's clock unless it runs; return when it did."""
    row = _lock(session, exam, student)
    started = session.scalar(select(SittingRow.started_at).where(SittingRow.student_id == row))
    if started is None:
        session.add(SittingRow(student_id=row, started_at=now))
    return started or now


def close(session: Session, exam: ExamRecord, student: str, now: datetime) -> None:
    """End a student's answering; who never started a clock starts and ends at once."""
    start(session, exam, student, now)
    session.flush()
    row = _ids(session, exam, [student])[student]
    open_one = update(SittingRow).where(SittingRow.student_id == row, SittingRow.closed_at.is_(None))
    session.execute(open_one.values(closed_at=now))


def times(session: Session, exam: ExamRecord, student: str) -> tuple[datetime | None, datetime | None]:
    """Return when a student's clock started and when answering ended."""
    query = (
        select(SittingRow.started_at, SittingRow.closed_at)
        .join(StudentRow, StudentRow.id == SittingRow.student_id)
        .where(StudentRow.exam_id == exam.id, StudentRow.student == student)
    )
    found = session.execute(query).one_or_none()
    return (None, None) if found is None else (found.started_at, found.closed_at)


def add_saves(session: Session, exam: ExamRecord, saves: Sequence[Save]) -> list[int]:
    """Append changes of boxes and return their serial numbers, which grow."""
    students = _ids(session, exam, {s.student for s in saves})
    rows = [
        {"student_id": students[s.student], "item": s.item, "field": s.field, "text": s.text, "saved_at": s.at}
        for s in saves
    ]
    table = cast("Table", SaveRow.__table__)  # rows, as objects would cost twice the time
    return list(session.scalars(insert(table).returning(table.c.id, sort_by_parameter_order=True), rows))


def saved(session: Session, exam: ExamRecord, student: str, until: datetime | None = None) -> Saved:
    """Return what stands in a student's boxes, or stood there at some time."""
    query = _newest(exam).where(StudentRow.student == student)
    if until is not None:
        query = query.where(SaveRow.saved_at <= until)
    rows = session.scalars(select(SaveRow).where(SaveRow.id.in_(query)).order_by(SaveRow.id)).all()
    texts: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for row in rows:
        texts[row.item][row.field] = row.text
    return Saved(serial=rows[-1].id, texts=dict(texts), at=rows[-1].saved_at) if rows else Saved()


def save_times(session: Session, exam: ExamRecord) -> list[tuple[str, int, datetime]]:
    """Return student, item and time of every save, oldest first."""
    query = (
        select(StudentRow.student, SaveRow.item, SaveRow.saved_at)
        .join(StudentRow, StudentRow.id == SaveRow.student_id)
        .where(StudentRow.exam_id == exam.id)
        .order_by(SaveRow.id)
    )
    return [(student, item, at) for student, item, at in session.execute(query)]


def marks(session: Session, exam: ExamRecord, after: int) -> list[Mark]:
    """Return what was changed after that serial, oldest first: enough to follow a class at little cost."""
    query = (
        select(SaveRow.id, StudentRow.student, SaveRow.item, SaveRow.field, SaveRow.text != "", SaveRow.saved_at)
        .join(StudentRow, StudentRow.id == SaveRow.student_id)
        .where(StudentRow.exam_id == exam.id, SaveRow.id > after)
        .order_by(SaveRow.id)
    )
    return [
        Mark(serial=serial, student=student, item=item, field=field, filled=full, at=at)
        for serial, student, item, field, full, at in session.execute(query)
    ]


def sitting(session: Session, exam: ExamRecord, paper: Paper) -> Sitting:
    """Return when a student started, handed in and opened the feedback."""
    handed = session.execute(_hand_ins(exam).where(StudentRow.student == paper.student).order_by(HandInRow.id))
    return _sitting(paper, times(session, exam, paper.student), [(at, digest) for _, at, digest in handed])


def sittings(session: Session, exam: ExamRecord, papers: Iterable[Paper]) -> tuple[Sitting, ...]:
    """Return the same of each of these papers' students."""
    handed: defaultdict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for student, at, digest in session.execute(_hand_ins(exam).order_by(HandInRow.id)):
        handed[student].append((at, digest))
    clocks = {student: (begun, ended) for student, begun, ended in session.execute(_clocks(exam))}
    return tuple(_sitting(p, clocks.get(p.student, (None, None)), handed.get(p.student, ())) for p in papers)


def _sitting(
    paper: Paper, clock: tuple[datetime | None, datetime | None], handed: Sequence[tuple[datetime, str]]
) -> Sitting:
    times_handed_in, newest = tuple(at for at, _ in handed), handed[-1][1] if handed else ""
    return Sitting(paper=paper, started_at=clock[0], closed_at=clock[1], hand_ins=times_handed_in, newest=newest)


def hand_in(session: Session, exam: ExamRecord, submission: Submission, received: datetime, most: int) -> bool:
    """Save a hand-in unless answering has ended or the student has handed in `most` times (0: no limit)."""
    _lock(session, exam, submission.student)
    _, closed = times(session, exam, submission.student)
    used = session.execute(_hand_ins(exam).where(StudentRow.student == submission.student)).all()
    if closed is not None or (most and len(used) >= most):
        return False
    save_submissions(session, exam, [submission], received)
    return True


def release(session: Session, exam: ExamRecord, *, visible: bool, by: str, now: datetime) -> None:
    """Append that feedback was released, or taken back."""
    session.add(ReleaseRow(exam_id=exam.id, made_at=now, made_by=by, visible=visible))


def released(session: Session, exam: ExamRecord) -> bool | None:
    """Return the newest word on whether feedback is visible; None where nobody spoke."""
    query = select(ReleaseRow.visible).where(ReleaseRow.exam_id == exam.id).order_by(ReleaseRow.id.desc()).limit(1)
    return session.scalar(query)


def _lock(session: Session, exam: ExamRecord, student: str) -> int:
    """Keep other servers from deciding on the same student until this is done; return the student's row."""
    row = _ids(session, exam, [student])[student]
    session.execute(select(StudentRow.id).where(StudentRow.id == row).with_for_update())
    return row


def _ids(session: Session, exam: ExamRecord, students: Iterable[str]) -> dict[str, int]:
    wanted = set(students)
    query = select(StudentRow.student, StudentRow.id)
    rows = session.execute(query.where(StudentRow.exam_id == exam.id, StudentRow.student.in_(wanted)))
    found = {student: row for student, row in rows}  # noqa: C416 - rows are not quite tuples to the type checker
    for student in wanted - found.keys():
        raise OperatorError(f"student {student!r} is not on the roster of exam {exam.title!r}")
    return found


def _newest(exam: ExamRecord) -> Select[int]:
    """Select the newest save of each box."""
    return (
        select(func.max(SaveRow.id))
        .join(StudentRow, StudentRow.id == SaveRow.student_id)
        .where(StudentRow.exam_id == exam.id)
        .group_by(SaveRow.student_id, SaveRow.item, SaveRow.field)
    )


def _hand_ins(exam: ExamRecord) -> Select[str, datetime, str]:
    return (
        select(StudentRow.student, HandInRow.received_at, SubmissionRow.digest)
        .join(SubmissionRow, SubmissionRow.id == HandInRow.submission_id)
        .join(StudentRow, StudentRow.id == SubmissionRow.student_id)
        .where(StudentRow.exam_id == exam.id)
    )


def _clocks(exam: ExamRecord) -> Select[str, datetime, datetime | None]:
    return (
        select(StudentRow.student, SittingRow.started_at, SittingRow.closed_at)
        .join(SittingRow, SittingRow.student_id == StudentRow.id)
        .where(StudentRow.exam_id == exam.id)
    )
