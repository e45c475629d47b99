"""The ledger of regrades: entries are appended, never changed."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from autograder.ledger import Change, Entry
from autograder.store.exams import ExamRecord
from autograder.store.packing import pack, unpack
from autograder.store.schema import EntryRow
from quizgen.errors import OperatorError


def save_entry(session: Session, exam: ExamRecord, entry: Entry, now: datetime) -> Entry:
    """Append an entry under the next number; one planned upon an older state of the ledger is refused."""
    last = session.scalar(select(func.max(EntryRow.number)).where(EntryRow.exam_id == exam.id)) or 0
    if entry.number != last + 1:
        raise OperatorError(
            f"entry {entry.number} was planned when the ledger had {entry.number - 1} entries, now it has {last}: "
            "look at the dry run again"
        )
    row = EntryRow(exam_id=exam.id, number=entry.number, made_at=now, made_by=entry.by, reason=entry.reason)
    row.never_lower, row.change = entry.never_lower, pack(entry.change)
    session.add(row)
    session.flush()
    return _entry(row)


def entries(session: Session, exam: ExamRecord) -> tuple[Entry, ...]:
    """Return all entries, oldest first."""
    rows = session.scalars(select(EntryRow).where(EntryRow.exam_id == exam.id).order_by(EntryRow.number))
    return tuple(_entry(row) for row in rows)


def _entry(row: EntryRow) -> Entry:
    return Entry(
        number=row.number,
        at=row.made_at,
        by=row.made_by,
        reason=row.reason,
        change=unpack(row.change, Change),
        never_lower=row.never_lower,
    )
