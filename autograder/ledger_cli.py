"""`autograder regrade`, `history` and `db`: what is done with scores once they are stored."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.options import DATABASE, EXAM, FOLDER, JSON, UNSAFE, account, database_of
from quizgen.command_line import FAILED, print_json, version

if TYPE_CHECKING:
    from autograder.ledger import Change, Place
    from autograder.regrade import Wish
    from autograder.store import Store
    from quizgen.model import Exam


@click.command()
@EXAM
@DATABASE
@click.option("--item", type=click.IntRange(min=1), default=None, help="The item that is meant, by its number.")
@click.option("--question", default="", help="The question that is meant, by its id.")
@click.option("--student", default="", help="With --key: on this student's paper only.")
@click.option("--key", help="Another key, typed as students type answers; `step=0.4; other=2` for several steps.")
@click.option("--keys", type=FOLDER, help="Another key for each paper: a CSV with the columns student and key.")
@click.option("--accept-mistake", "mistake", help="Count a listed mistake as right.")
@click.option("--drop-item", "drop", type=click.IntRange(min=1), help="Let this item count for nobody.")
@click.option("--full-marks", is_flag=True, help="Give everybody who handed in all points of the item.")
@click.option("--question-version", type=click.Choice(["new"]), help="Mark again with the installed question.")
@click.option("--undo", type=click.IntRange(min=1), help="Let this entry of the ledger no longer hold.")
@click.option("--never-lower", is_flag=True, help="Take points from nobody.")
@click.option("--apply", "applied", is_flag=True, help="Do it; without this, only show who would move.")
@click.option("--reason", default="", help="Why; required with --apply, and stored with the entry.")
@click.option("--by", default="", help="Who decides; by default the name of the account.")
@UNSAFE
@JSON
def regrade(  # noqa: PLR0913 - one parameter per option that is not the wish
    exam: Path,
    db: str,
    *,
    never_lower: bool,
    applied: bool,
    reason: str,
    by: str,
    as_json: bool,
    question_version: str | None,
    unsafe: bool,
    **asked: Any,
) -> None:
    """Count something differently: show who would move, and with --apply enter it into the ledger."""
    from autograder.regrade import Wish, change_of, propose
    from autograder.reports.regrades import plan_json, print_plan
    from autograder.store import open_store
    from autograder.store.database import utc_now
    from quizgen.exam_file import read_exam
    from quizgen.formats.terminal import console

    if applied and not reason.strip():
        raise click.UsageError("--apply needs --reason: it is stored with the entry")
    wish = Wish(**asked)
    _check_one(wish, renewed=question_version is not None)
    frozen = read_exam(exam)
    with open_store(database_of(exam, db), create=False, exam=frozen) as store:
        ledger, attempts = store.entries(), store.attempts()
        renewed = question_version is not None
        change = _new_version(wish.place, frozen, store, unsafe=unsafe) if renewed else change_of(wish, frozen, ledger)
        words = {"by": by or account(), "reason": reason}
        found = propose(frozen, attempts, ledger, change, at=utc_now(), never_lower=never_lower, **words)
        if applied:
            store.add_entry(found.entry)
    if as_json:
        print_json({**plan_json(found), "applied": applied})
    else:
        print_plan(found, console(), applied=applied)


@click.command()
@click.argument("student")
@EXAM
@DATABASE
@JSON
def history(student: str, exam: Path, db: str, *, as_json: bool) -> None:
    """Tell every score that STUDENT has had, and what changed it."""
    from autograder.reports.history import history_json, history_of, print_history
    from autograder.store import open_store
    from quizgen.errors import InstructorError
    from quizgen.exam_file import read_exam
    from quizgen.formats.terminal import console

    frozen = read_exam(exam)
    paper = frozen.paper_of(student)
    if paper is None:
        raise InstructorError(f"student {student!r} has no paper in this exam")
    with open_store(database_of(exam, db), create=False, exam=frozen) as store:
        events = history_of(frozen, paper, store.attempts(student), store.entries())
    if as_json:
        print_json(history_json(paper, events))
    else:
        print_history(paper, events, console())


@click.group("db")
def database() -> None:
    """Look after the database of scores."""


@database.command("upgrade")
@EXAM
@DATABASE
def upgrade_database(exam: Path, db: str) -> None:
    """Bring an older database up to this program's tables."""
    from autograder.store import upgrade

    upgrade(database_of(exam, db))
    click.echo(f"{database_of(exam, db)} is up to date")


@database.command("check")
@EXAM
@DATABASE
def check_database(exam: Path, db: str) -> None:
    """Check that the database is whole: tables, pages, references, sums. Exits with 1 where it is not."""
    from autograder.store import examine

    found = examine(database_of(exam, db))
    for problem in found:
        click.echo(problem)
    if found:
        raise SystemExit(FAILED)
    click.echo(f"{database_of(exam, db)} is whole and up to date")


@database.command("backup")
@EXAM
@DATABASE
@click.option("--out", required=True, type=FOLDER, help="The file for the copy, an SQLite database; it must be new.")
def backup_database(exam: Path, db: str, out: Path) -> None:
    """Copy the database as it is at this moment, also while it is in use or on a server."""
    from autograder.store import backup

    click.echo(f"wrote {backup(database_of(exam, db), out)} rows to {out}")


@database.command("export")
@EXAM
@DATABASE
def export_database(exam: Path, db: str) -> None:
    """Print everything in the database, one line of JSON for each row."""
    from autograder.store import export

    for line in export(database_of(exam, db)):
        click.echo(line)


def _check_one(wish: "Wish", *, renewed: bool) -> None:
    asked = {
        "--key": wish.key is not None,
        "--keys": wish.keys is not None,
        "--accept-mistake": wish.mistake is not None,
        "--drop-item": wish.drop is not None,
        "--full-marks": wish.full_marks,
        "--question-version": renewed,
        "--undo": wish.undo is not None,
    }
    if sum(asked.values()) != 1:
        raise click.UsageError(f"say one thing that is to count differently: one of {', '.join(asked)}")
    if wish.student and wish.key is None:
        raise click.UsageError("--student goes with --key")


def _new_version(place: "Place", exam: "Exam", store: "Store", *, unsafe: bool) -> "Change":
    from autograder.batch import Setting, check_sandbox
    from autograder.renewal import changed_questions, new_version
    from autograder.sandbox import Sandbox
    from quizgen.bank import installed

    shelf = installed()
    changed_questions(exam, place, shelf)
    check_sandbox(Setting(exam_folder=Path(), program=version(), unsafe=unsafe))
    attempts = store.attempts()
    submissions = store.submissions_of(a.digest for a in attempts)
    with Sandbox(unsafe=unsafe) as sandbox:
        return new_version(exam, place, shelf, attempts, submissions, sandbox)
