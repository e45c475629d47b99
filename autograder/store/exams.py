"""The exam a store is opened for, and its roster."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from autograder.store.schema import ExamRow, StudentRow
from quizgen.model import Exam


@dataclass(frozen=True, kw_only=True)
class ExamRecord:
    """What saving and finding need to know of the exam."""

    id: int
    title: str
    digest: str
    """Of the roster and of what marking depends on."""
    digests: Mapping[str, str]
    """student -> digest of what marking that paper depends on."""
    questions: Mapping[tuple[str, int], str]
    """(student, item number) -> question id."""


def paper_digests(exam: Exam) -> dict[str, str]:
    """Return for every student the digest of what marking depends on: items, keys and their questions.

    Neither the terms of the exam nor other papers are in it: whatever becomes of these, nobody is marked again.
    """
    questions = {name: _digest(record) for name, record in exam.questions.items()}
    return {
        paper.student: _digest(
            (
                paper.language,
                paper.items,
                exam.keys.get(paper.student, ()),
                [questions.get(item.variant.question) for item in paper.items],
            )
        )
        for paper in exam.papers
    }


def _digest(value: object) -> str:
    """Digest a value whatever the layout of exam.json."""
    return hashlib.sha256(msgspec.json.encode(value, order="deterministic")).hexdigest()


def save_exam(session: Session, exam: Exam, now: datetime) -> ExamRecord:
    """Save an exam with its roster, or bring the one of this title and seed up to date."""
    digests = paper_digests(exam)
    digest = _whole(exam, digests)
    row = session.scalar(select(ExamRow).where(ExamRow.title == exam.title, ExamRow.seed == str(exam.seed)))
    if row is None:
        row = ExamRow(title=exam.title, seed=str(exam.seed), digest="", created=now)
        session.add(row)
        session.flush()
    if row.digest != digest:
        row.digest = digest
        _save_roster(session, exam, row.id)
    return _record(exam, row.id, digest, digests)


def find_exam(session: Session, exam: Exam) -> ExamRecord | None:
    """Return the exam if it stands in the database just as it is."""
    digests = paper_digests(exam)
    digest = _whole(exam, digests)
    where = (ExamRow.title == exam.title, ExamRow.seed == str(exam.seed), ExamRow.digest == digest)
    found = session.scalar(select(ExamRow.id).where(*where))
    return None if found is None else _record(exam, found, digest, digests)


def _whole(exam: Exam, digests: Mapping[str, str]) -> str:
    return _digest([(paper.student, paper.name, digests[paper.student]) for paper in exam.papers])


def _record(exam: Exam, row: int, digest: str, digests: Mapping[str, str]) -> ExamRecord:
    questions = {(p.student, i.number): i.variant.question for p in exam.papers for i in p.items}
    return ExamRecord(id=row, title=exam.title, digest=digest, digests=digests, questions=questions)


def _save_roster(session: Session, exam: Exam, row: int) -> None:
    """Add who is new and renumber; who left keeps hand-ins and gradings, without a position."""
    known = {s.student: s for s in session.scalars(select(StudentRow).where(StudentRow.exam_id == row))}
    for student in known.values():
        student.position = None
    for position, paper in enumerate(exam.papers):
        if paper.student in known:
            known[paper.student].position, known[paper.student].name = position, paper.name
        else:
            session.add(StudentRow(exam_id=row, student=paper.student, name=paper.name, position=position))
