"""Which state of the tables a database has, and bringing it to this program's."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, inspect

import autograder
from autograder.store.schema import Base
from quizgen.errors import OperatorError


def scripts() -> Path:
    """Find the migrations: inside an installed package, or beside the package in a checkout."""
    package = Path(autograder.__file__).parent
    installed = package / "_migrations"
    return installed if installed.is_dir() else package.parent / "migrations"


def config() -> Config:
    """Configure Alembic without a file of its own."""
    made = Config()
    made.set_main_option("script_location", str(scripts()).replace("%", "%%"))
    return made


def is_empty(connection: Connection) -> bool:
    """Say whether a database holds no table at all."""
    return not inspect(connection).get_table_names()


def check(connection: Connection, place: str) -> None:
    """Raise unless the tables are in this program's state."""
    if _known(connection, place) != _directory().get_current_head():
        raise OperatorError(f"{place}: made by an older program; `autograder db upgrade EXAM` upgrades it")


def upgrade_tables(connection: Connection, place: str) -> None:
    """Bring the tables to this program's state, all or nothing."""
    _known(connection, place)
    settings = config()
    settings.attributes["connection"] = connection
    try:
        command.upgrade(settings, "head")
    except CommandError as error:
        raise OperatorError(f"{place}: cannot be upgraded: {error}") from error


def _known(connection: Connection, place: str) -> str | None:
    """Return the database's revision, one that this program knows; None before the first."""
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        _check_ours(connection, place)
    elif revision not in {script.revision for script in _directory().walk_revisions()}:
        raise OperatorError(
            f"{place}: made by a newer program (its tables have revision {revision!r}); upgrade this one"
        )
    return revision


def _check_ours(connection: Connection, place: str) -> None:
    tables = set(inspect(connection).get_table_names()) - {"alembic_version"}
    if foreign := tables - set(Base.metadata.tables):
        raise OperatorError(f"{place}: a database of another program: it holds the table {min(foreign)!r}")


def _directory() -> ScriptDirectory:
    return ScriptDirectory.from_config(config())
