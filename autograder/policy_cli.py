"""`autograder policy`: the terms of an exam that is frozen, and how they are changed."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.options import DATABASE, EXAM, JSON, account, database_of
from quizgen.command_line import print_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import Enum

    from autograder.regrade import Effect
    from quizgen.model import Exam

MOMENT = "2026-11-30T23:59+01:00"
TIME = f"As {MOMENT}; `none` takes it away."


@click.command()
@EXAM
@DATABASE
@click.option("--deadline", metavar="TIME", help=TIME)
@click.option("--opens", metavar="TIME", help=TIME)
@click.option("--extra-time", "extra", multiple=True, metavar="STUDENT=MINUTES", help="A student's; may be repeated.")
@click.option("--minutes", type=click.FloatRange(min=0), help="How long the exam takes; 0 says nothing of it.")
@click.option("--release", help="When students see feedback: at_once, after_deadline, by_hand, never.")
@click.option("--hand-ins", type=click.IntRange(min=0), help="How often the page takes a paper; 0: any number.")
@click.option("--attempts", help="Which hand-in counts: first, last, best, average.")
@click.option("--late-per-day", type=float, help="Percent of the points for each day begun after the deadline.")
@click.option("--grace-minutes", type=float, help="So late is not late yet.")
@click.option("--apply", "applied", is_flag=True, help="Do it; without this, only show what would change.")
@click.option("--reason", default="", help="Why; required with --apply, and kept in exam.json.")
@click.option("--by", default="", help="Who decides; by default the name of the account.")
@JSON
def policy(  # noqa: PLR0913 - one parameter per option
    exam: Path,
    db: str,
    *,
    extra: tuple[str, ...],
    minutes: float | None,
    applied: bool,
    reason: str,
    by: str,
    as_json: bool,
    **asked: Any,
) -> None:
    """Show the terms of EXAM, or change them: deadline, extra time, release and the like."""
    from autograder.reports.terms import print_change, print_terms, terms_json
    from autograder.store.database import utc_now
    from quizgen.exam_file import read_exam, write_exam
    from quizgen.formats.terminal import console
    from quizgen.terms import changed, new_terms, terms_of

    frozen = read_exam(exam)
    terms = new_terms(frozen, _policy(asked), dict(_extra(text) for text in extra), minutes=minutes)
    if terms == terms_of(frozen):
        print_json(terms_json(frozen)) if as_json else print_terms(frozen, console())
        return
    if applied and not reason.strip():
        raise click.UsageError("--apply needs --reason: it is kept in exam.json")
    found = changed(frozen, terms, at=utc_now(), by=by or account(), reason=reason)
    if applied:
        write_exam(found, exam)
    if as_json:
        print_json({**terms_json(found), "applied": applied})
        return
    print_change(frozen, found, _effect(frozen, found, database_of(exam, db)), console())
    if applied:
        click.echo(f"Written to {exam / 'exam.json'}; a page that is being served takes it up by itself.")
    else:
        click.echo('A dry run: nothing is changed. Do it with --apply --reason "…".')


def _policy(asked: dict[str, Any]) -> dict[str, Any]:
    """Return the policy's terms that were asked for, with times and choices read."""
    from quizgen.policy import Attempts, Release

    found = {name: value for name, value in asked.items() if value is not None}
    time = (_time, f"the like of {MOMENT}, or none")
    readers = {"deadline": time, "opens": time, "release": _choice(Release), "attempts": _choice(Attempts)}
    for name in [n for n in readers if n in found]:
        read, wanted = readers[name]
        try:
            found[name] = read(found[name])
        except ValueError:
            raise click.UsageError(f"--{name} is {found[name]!r}, wanted {wanted}") from None
    return found


def _choice(kind: "type[Enum]") -> "tuple[Callable[[str], Any], str]":
    return kind, ", ".join(str(member.value) for member in kind)


def _time(text: str) -> datetime | None:
    return None if text == "none" else datetime.fromisoformat(text)


def _extra(text: str) -> tuple[str, float]:
    student, _, minutes = text.rpartition("=")
    try:
        found = float(minutes)
    except ValueError:
        found = -1.0
    if not student or not 0 <= found < 10_000:
        raise click.UsageError(f"--extra-time is {text!r}, wanted the like of s01=15")
    return student, found


def _effect(before: "Exam", after: "Exam", db: str | Path) -> "Effect | None":
    """Say whose score moves; None where nothing was handed in yet."""
    from autograder.regrade import effect
    from autograder.scores import final_scores
    from autograder.store import open_store

    if isinstance(db, Path) and not db.exists():
        return None
    with open_store(db, create=False, exam=before) as store:
        attempts, ledger = store.attempts(), store.entries()
    return effect(after, final_scores(before, attempts, ledger), final_scores(after, attempts, ledger))
