"""Looking after a database: is it whole, a copy of it while it is in use, everything in it as JSON lines."""

import base64
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, insert, select
from sqlalchemy.exc import DBAPIError

from autograder.store.engine import connection, make_engine, place, read_url
from autograder.store.packing import tagged
from autograder.store.revisions import check, upgrade_tables
from autograder.store.schema import Base, GradingRow, VerdictRow
from quizgen.errors import OperatorError

ROWS = 1000
"""Rows that are held in memory at a time."""
CENT = 0.005
"""Points by which a stored sum may differ from that of its verdicts."""


def problems(engine: Engine) -> list[str]:
    """List what is wrong with a database: its tables, its pages, its references, its sums."""
    with snapshot(engine) as opened:
        check(opened, place(engine.url))
        try:
            return [*_sqlite_problems(opened), *_sums(opened)]
        except DBAPIError as error:
            return [str(error.orig)]


def copy_to(engine: Engine, target: Path) -> int:
    """Copy everything, as it is at one moment, into a new SQLite file; return how many rows there are."""
    if target.exists():
        raise OperatorError(f"{target}: is there already; a backup is never written over")
    if not target.parent.is_dir():
        raise OperatorError(f"{target}: no folder {str(target.parent)!r} to write the copy in")
    unfinished = target.with_name(f"{target.name}.part")
    unfinished.unlink(missing_ok=True)
    copy = make_engine(read_url(unfinished))
    with ExitStack() as undo:
        undo.callback(unfinished.unlink, missing_ok=True)
        undo.callback(copy.dispose)
        with snapshot(engine) as source, connection(copy, writes=True) as opened:
            check(source, place(engine.url))
            upgrade_tables(opened, str(unfinished))
            count = sum(_copy(source, opened, table) for table in Base.metadata.sorted_tables)
        with copy.connect() as opened:  # one file, without a log beside it
            opened.connection.cursor().execute("PRAGMA journal_mode=DELETE")
        undo.pop_all()
    copy.dispose()
    unfinished.rename(target)
    return count


def lines(engine: Engine) -> Iterator[str]:
    """Yield every row of every table, as it is at one moment, as one line of JSON."""
    with snapshot(engine) as opened:
        check(opened, place(engine.url))
        for table in Base.metadata.sorted_tables:
            for row in _rows(opened, table):
                values = {name: _plain(value) for name, value in row.items()}
                yield json.dumps({"table": table.name, **values}, ensure_ascii=False)


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Read as of one moment, whatever is written meanwhile."""
    level = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with connection(engine.execution_options(**level), writes=False) as opened:
        yield opened


def _rows(opened: Connection, table: Table) -> Iterator[dict[str, Any]]:
    query = select(table).order_by(table.c.id)
    for row in opened.execution_options(yield_per=ROWS).execute(query):
        yield dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's own name for a public thing


def _copy(source: Connection, target: Connection, table: Table) -> int:
    batch: list[dict[str, Any]] = []
    count = 0
    for row in _rows(source, table):
        batch.append(row)
        count += 1
        if len(batch) == ROWS:
            target.execute(insert(table), batch)
            batch = []
    if batch:
        target.execute(insert(table), batch)
    return count


def _plain(value: Any) -> Any:
    match value:
        case bytes():
            return {"base64": base64.b64encode(value).decode()}
        case datetime():
            return value.isoformat()
        case list() | dict():
            return tagged(value)
        case _:
            return value


def _sqlite_problems(opened: Connection) -> list[str]:
    if opened.dialect.name != "sqlite":
        return []
    pages = [str(row[0]) for row in opened.exec_driver_sql("PRAGMA integrity_check")]
    broken = opened.exec_driver_sql("PRAGMA foreign_key_check").all()
    return [p for p in pages if p != "ok"] + [f"{r[0]} {r[1]} refers to a {r[2]} that is not there" for r in broken]


def _sums(opened: Connection) -> list[str]:
    """Compare every grading's points with those of its verdicts."""
    total = func.coalesce(func.sum(VerdictRow.points), 0.0)
    query = (
        select(GradingRow.id, GradingRow.points, total)
        .join(VerdictRow, VerdictRow.grading_id == GradingRow.id, isouter=True)
        .group_by(GradingRow.id, GradingRow.points)
        .having(func.abs(total - GradingRow.points) > CENT)
        .order_by(GradingRow.id)
    )
    return [
        f"grading {row} holds {points:g} points, its verdicts {found:g}" for row, points, found in opened.execute(query)
    ]
