"""Connections: SQLite with foreign keys and a write-ahead log, PostgreSQL by URL, errors as the operator's."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import Session

from autograder.store.packing import read_json, write_json
from quizgen.errors import OperatorError

WAIT_SECONDS = 30
"""How long a writer waits for another one."""
_LOCK = 0x9012
"""The number by which programs that make tables or an exam wait for each other on a server."""
_PRAGMAS = (f"busy_timeout={WAIT_SECONDS * 1000}", "foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL")


def read_url(url_or_path: str | Path) -> URL:
    """Read a database URL, or else the path of an SQLite file."""
    text = str(url_or_path)
    if "://" not in text:
        return URL.create("sqlite", database=text)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # the latter for a port that is no number
        raise OperatorError("database URL cannot be read; wanted the like of postgresql://user@host/name") from None
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def place(url: URL) -> str:
    """Name a database in messages: the file, or the URL without its password."""
    return (url.database or "sqlite") if _is_sqlite(url) else url.render_as_string(hide_password=True)


def file_of(url: URL) -> Path | None:
    """Return the file of an SQLite database, None for one in memory or on a server."""
    in_file = _is_sqlite(url) and url.database and url.database != ":memory:"
    return Path(str(url.database)) if in_file else None


def make_engine(url: URL) -> Engine:
    """Make the engine of a database; nothing is connected yet."""
    try:
        engine = create_engine(url, json_serializer=write_json, json_deserializer=read_json)
    except NoSuchModuleError:
        raise OperatorError(f"{place(url)}: no support for {url.drivername!r}; wanted sqlite or postgresql") from None
    except ModuleNotFoundError as error:
        raise OperatorError(f"{place(url)}: the Python package {error.name!r} is not installed") from None
    if _is_sqlite(url):
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def connection(engine: Engine, *, writes: bool) -> Iterator[Connection]:
    """One transaction; trouble becomes an OperatorError that names the database."""
    with _trouble(engine), engine.execution_options(writes=writes).begin() as opened:
        yield opened


def one_at_a_time(opened: Connection) -> None:
    """Let other programs that make the same database ready wait for this transaction; SQLite has one writer anyway."""
    if opened.dialect.name == "postgresql":
        opened.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


@contextmanager
def session(engine: Engine, *, writes: bool) -> Iterator[Session]:
    """One transaction for objects; trouble becomes an OperatorError that names the database."""
    with _trouble(engine), Session(engine.execution_options(writes=writes)) as opened, opened.begin():
        yield opened


@contextmanager
def _trouble(engine: Engine) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        what = str(error.orig) if isinstance(error, DBAPIError) else str(error)
        raise OperatorError(f"{place(engine.url)}: {_explain(what.strip())}") from error


def _explain(what: str) -> str:
    if "file is not a database" in what:
        return "not a database"
    if "database is locked" in what:
        return f"another program has been writing to it for {WAIT_SECONDS} seconds"
    return f"the database says: {what}"


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _prepare_sqlite(raw: Any, record: Any) -> None:
    """Let `_begin_sqlite` open transactions: the driver's own begin too late and not for table changes."""
    del record
    raw.isolation_level = None
    for pragma in _PRAGMAS:
        raw.execute(f"PRAGMA {pragma}")


def _begin_sqlite(opened: Connection) -> None:
    """Take the write lock at once where writing is meant: taken later, two writers would refuse each other."""
    writes = opened.get_execution_options().get("writes", False)
    opened.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
