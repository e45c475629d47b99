"""The tables; they are made and changed only by the migrations, which a test compares with them."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcTime(TypeDecorator[datetime]):
    """A time zone aware time, stored as UTC also where the database knows no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Bring an aware time to UTC; a naive one would be a guess and is refused."""
        del dialect
        if value is not None and value.tzinfo is None:
            raise ValueError(f"time {value.isoformat()} has no time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Say that what SQLite returns without a time zone is UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """What all tables share: constraints have names, so that migrations can change them."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {str: Text, float: Double, datetime: UtcTime, bytes: LargeBinary}  # noqa: RUF012


class ExamRow(Base):
    """An exam, known by title and seed; `digest` is that of exam.json when it was last opened."""

    __tablename__ = "exam"
    __table_args__ = (UniqueConstraint("title", "seed"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    seed: Mapped[str]
    digest: Mapped[str] = mapped_column(String(64))
    created: Mapped[datetime]


class StudentRow(Base):
    """Who sits the exam; `position` is the place on the roster, None once off it."""

    __tablename__ = "student"
    __table_args__ = (UniqueConstraint("exam_id", "student"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    student: Mapped[str]
    name: Mapped[str]
    position: Mapped[int | None]


class SubmissionRow(Base):
    """What was handed in, once for each content; `attempt` counts a student's contents."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("student_id", "digest"), UniqueConstraint("student_id", "attempt"))

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    digest: Mapped[str] = mapped_column(String(64))
    attempt: Mapped[int]
    answers: Mapped[bytes | None]
    solution: Mapped[bytes | None]


class HandInRow(Base):
    """One time that a submission was handed in: never changed; a student's highest id is the newest."""

    __tablename__ = "hand_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    received_at: Mapped[datetime]
    problems: Mapped[Any] = mapped_column(JSON)


class GradingRow(Base):
    """One marking of a submission in one run, against the exam.json of that digest: never changed."""

    __tablename__ = "grading"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    run: Mapped[str] = mapped_column(String(32), index=True)
    exam_digest: Mapped[str] = mapped_column(String(64))
    graded_at: Mapped[datetime]
    points: Mapped[float]
    possible: Mapped[float]
    level: Mapped[int | None]
    seed: Mapped[str]
    seconds: Mapped[float]
    program: Mapped[str]
    banks: Mapped[Any] = mapped_column(JSON)
    problems: Mapped[Any] = mapped_column(JSON)
    notes: Mapped[Any] = mapped_column(JSON)


class VerdictRow(Base):
    """The judgement of one response, with the question's id for item analysis."""

    __tablename__ = "verdict"
    __table_args__ = (UniqueConstraint("grading_id", "item"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    grading_id: Mapped[int] = mapped_column(ForeignKey("grading.id"))
    item: Mapped[int]
    question: Mapped[str] = mapped_column(index=True)
    status: Mapped[str] = mapped_column(String(16))
    credit: Mapped[float]
    points: Mapped[float]
    detail: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    reason: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    notes: Mapped[Any] = mapped_column(JSON)


class EntryRow(Base):
    """One entry of an exam's ledger of regrades: never changed; undoing it is another entry."""

    __tablename__ = "entry"
    __table_args__ = (UniqueConstraint("exam_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    number: Mapped[int]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    reason: Mapped[str]
    never_lower: Mapped[bool]
    change: Mapped[Any] = mapped_column(JSON)


class ReleaseRow(Base):
    """Feedback released by hand, or taken back: the newest row counts, none is changed."""

    __tablename__ = "release"

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    visible: Mapped[bool]


class AccessRow(Base):
    """A secret that opens the page, by its digest; without a student it is the instructor's."""

    __tablename__ = "access"

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    student_id: Mapped[int | None] = mapped_column(ForeignKey("student.id"))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class SittingRow(Base):
    """When a student's clock started on the page, and when the feedback was opened, which ends answering."""

    __tablename__ = "sitting"

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), unique=True)
    started_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class SaveRow(Base):
    """One change of one box on the page: never changed; the highest id of a box is what stands in it."""

    __tablename__ = "save"
    __table_args__ = (Index("ix_save_box", "student_id", "item", "field"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    item: Mapped[int]
    field: Mapped[str]
    text: Mapped[str]
    saved_at: Mapped[datetime]
