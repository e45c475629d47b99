"""The arguments and options that several commands of `autograder` share."""

from getpass import getuser
from pathlib import Path

import click

FOLDER = click.Path(path_type=Path)
EXAM = click.argument("exam", type=FOLDER)
DATABASE = click.option("--db", default="", help="Database URL; without it, grades.db in the exam's folder.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for other programs.")
UNSAFE = click.option(
    "--unsafe-no-sandbox", "unsafe", is_flag=True, help="Run student code without a sandbox; every result says so."
)


def database_of(exam: Path, db: str) -> str | Path:
    """Return the database that `--db` names, else the one in the exam's folder."""
    return db or exam / "grades.db"


def account() -> str:
    """Return the name of the account, which stands in for who decides; empty where it has none."""
    try:
        return getuser()
    except (KeyError, OSError):
        return ""
