"""`autograder ...`: after the exam. Commands parse, call one function and print."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.ledger_cli import database, history, regrade
from autograder.options import DATABASE, EXAM, FOLDER, JSON, UNSAFE, database_of
from autograder.page_cli import links, release, serve
from autograder.policy_cli import policy
from quizgen.command_line import FAILED, print_json, run, version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from autograder.intake import Intake
    from autograder.reports.gradebook import Gradebook
    from autograder.store import Store
    from quizgen.model import Exam, Grading


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="quizgen-deep-learning", prog_name="autograder")
def cli() -> None:
    """Grade what students hand in, store the scores and report."""


@cli.command()
@EXAM
@click.argument("submissions", type=FOLDER)
@DATABASE
@click.option("--again", is_flag=True, help="Grade everything again, also what has not changed.")
@click.option("--workers", type=click.IntRange(min=1), default=os.cpu_count() or 1, help="Grading processes.")
@click.option("--dask", default="", metavar="URL", help="Grade on the Dask cluster of this scheduler: tcp://host:8786.")
@click.option("--seed", type=click.IntRange(min=0), help="Draw cases from this seed, not a secret one.")
@click.option(
    "--received", help="When hand-ins came whose time is not known, as 2026-11-30T18:00+01:00; without it, now."
)
@UNSAFE
@JSON
def grade(  # noqa: PLR0913 - one parameter per option
    exam: Path,
    submissions: Path,
    db: str,
    workers: int,
    seed: int | None,
    received: str | None,
    *,
    dask: str,
    again: bool,
    unsafe: bool,
    as_json: bool,
) -> None:
    """Grade the hand-ins in SUBMISSIONS: a folder or zip, as an LMS gives it, or one folder or zip per student."""
    from autograder.batch import Setting, grade_together, jobs
    from autograder.intake import Person, collect
    from autograder.reports.gradebook import scored_gradebook, to_json
    from autograder.reports.table import print_gradebook, print_problems
    from autograder.store import open_store
    from quizgen.exam_file import read_exam
    from quizgen.formats.terminal import console, progress

    frozen = read_exam(exam)
    people = [Person(student=p.student, name=p.name, email=p.email) for p in frozen.papers]
    intake = collect(submissions, people)
    place = database_of(exam, db)
    with open_store(place, create=True, exam=frozen) as store:
        _save_new(store, frozen, intake, received)
        todo = [s for s in intake.submissions if again or not store.is_graded(s.student, s.digest)]
        setting = Setting(exam_folder=exam, program=version(), unsafe=unsafe, dask=dask)
        with progress("Grading", len(todo), quiet=as_json) as step:
            given_up = _grade_and_store(store, grade_together(setting, jobs(todo, seed), workers), step)
        book = scored_gradebook(frozen, store.attempts(), store.entries())
    if as_json:
        print_json(
            {
                **to_json(book),
                "graded_now": len(todo),
                "set_aside": given_up,
                "problems": [vars(p) for p in intake.problems],
            }
        )
        return
    out = console()
    print_gradebook(book, out)
    print_problems(book, intake.problems, out)
    unchanged = len(intake.submissions) - len(todo)
    if given_up:
        click.echo(f"\nset aside, after two grading processes died of each: {', '.join(given_up)}; --again tries again")
    click.echo(f"\ngraded now: {len(todo)}, unchanged: {unchanged}; stored in {place}")


@cli.command()
@EXAM
@DATABASE
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, one row per student; with --items, per item.")
@click.option("--html", type=FOLDER, help="Write a self-contained page with charts to this file.")
@click.option("--items", is_flag=True, help="Print the item analysis: difficulty, discrimination, mistakes, fairness.")
@click.option(
    "--gradebook", "system", type=click.Choice(["canvas", "moodle", "blackboard"]), help="Print CSV for this system."
)
@click.option("--language", type=click.Choice(["en", "zh"]), help="Language of the page; by default the exam's.")
@JSON
def report(  # noqa: PLR0913 - one parameter per option
    exam: Path,
    db: str,
    html: Path | None,
    system: str | None,
    language: str | None,
    *,
    as_csv: bool,
    items: bool,
    as_json: bool,
) -> None:
    """Report scores per student and per question."""
    from autograder.reports import analysis_table, table
    from autograder.reports.gradebook import to_json
    from autograder.reports.lms_gradebook import lms_csv
    from autograder.reports.page import report_html
    from quizgen.formats.terminal import console

    book = _gradebook(exam, db, times=items or html is not None)
    spoken = language or book.exam.language
    if html is not None:
        html.write_text(report_html(book, spoken), encoding="utf-8")
        click.echo(f"wrote {html}", err=True)
    if system is not None:
        click.echo(lms_csv(book, system), nl=False)
    elif as_csv:
        click.echo(analysis_table.analysis_csv(book) if items else table.as_csv(book), nl=False)
    elif as_json:
        print_json({**to_json(book), **(analysis_table.analysis_json(book, spoken) if items else {})})
    elif items:
        analysis_table.print_analysis(book, spoken, console())
    elif html is None:
        out = console()
        table.print_gradebook(book, out)
        table.print_problems(book, (), out)


@cli.command()
@EXAM
@DATABASE
@click.option("--out", type=FOLDER, help="A folder for the sheets, one per student.")
@click.option("--zip", "archive", type=FOLDER, help="A zip for the sheets, the same bytes every time.")
@click.option("--early", is_flag=True, help="Write the sheets though the exam's policy has not released them yet.")
def feedback(exam: Path, db: str, out: Path | None, archive: Path | None, *, early: bool) -> None:
    """Write one feedback sheet per student: what went wrong first, and why."""
    from autograder.reports.feedback import write_sheets
    from autograder.reports.feedback_zip import write_zip
    from autograder.reports.gradebook import scored_gradebook
    from autograder.store import open_store
    from quizgen.exam_file import read_exam
    from quizgen.formats.terminal import progress

    if out is None and archive is None:
        raise click.UsageError("say where to: --out FOLDER, --zip FILE or both")
    frozen = read_exam(exam)
    with open_store(database_of(exam, db), create=False, exam=frozen) as store:
        if not early:
            _check_released(frozen, store)
        book = scored_gradebook(frozen, store.attempts(), store.entries())
    for write, place in ((write_sheets, out), (write_zip, archive)):
        if place is not None:
            with progress("Writing feedback", len(book.graded)) as step:
                write(book, place, progress=step)
            click.echo(f"wrote {len(book.graded)} sheets to {place}")


@cli.command()
@EXAM
@click.argument("submissions", type=FOLDER)
@click.option(
    "--threshold", type=click.FloatRange(0, 1), default=0.6, help="List code that is alike to at least this share."
)
@JSON
def similar(exam: Path, submissions: Path, threshold: float, *, as_json: bool) -> None:
    """Compare the code in SUBMISSIONS, and find answers that fit another student's paper."""
    from dataclasses import asdict

    from autograder.intake import Person, collect, read_answers
    from autograder.intake.decoding import decode
    from autograder.reports.integrity import print_similar
    from autograder.similar import similar_pairs
    from autograder.trace import borrowed
    from quizgen.exam_file import read_exam
    from quizgen.formats.hand_in import solution_stub
    from quizgen.formats.terminal import console

    frozen = read_exam(exam)
    people = [Person(student=p.student, name=p.name, email=p.email) for p in frozen.papers]
    found = collect(submissions, people).submissions
    codes = {s.student: decode(s.solution) or "" for s in found if s.solution}
    starters = {p.student: solution_stub(p, frozen) or "" for p in frozen.papers}
    pairs = similar_pairs(codes, starters, threshold)
    fits = borrowed(frozen, {s.student: read_answers(s.answers) for s in found if s.answers})
    if as_json:
        print_json({"code": [asdict(p) for p in pairs], "answers": [asdict(b) for b in fits]})
    else:
        print_similar(pairs, fits, threshold, console())


@cli.command(context_settings={"ignore_unknown_options": True})
@EXAM
@click.argument("numbers", nargs=-1, required=True)
@JSON
def trace(exam: Path, numbers: tuple[str, ...], *, as_json: bool) -> None:
    """Say which papers NUMBERS come from, as givens or as right answers: "0.418 1.27"."""
    from dataclasses import asdict

    from autograder.reports.integrity import print_origins
    from autograder.trace import trace as find
    from quizgen.exam_file import read_exam
    from quizgen.formats.terminal import console

    text = " ".join(numbers)
    origins = find(read_exam(exam), text)
    if as_json:
        print_json([asdict(o) for o in origins])
    else:
        print_origins(origins, console())


@cli.command("try")
@click.argument("solution", type=FOLDER)
@click.option("--exam", type=FOLDER, help="Try the functions of a paper of this exam; --student says whose.")
@click.option("--student", default="", help="Whose paper.")
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", help="Language of the messages.")
@UNSAFE
def try_out(solution: Path, exam: Path | None, student: str, language: str, *, unsafe: bool) -> None:
    """Run the visible cases of SOLUTION's functions, as grading would, before it is handed in."""
    from autograder.batch import Setting, check_sandbox
    from autograder.reports.trial import all_right, print_trial
    from autograder.sandbox import Sandbox
    from autograder.trial import questions_for, questions_of, try_solution
    from quizgen.bank import installed
    from quizgen.exam_file import read_exam
    from quizgen.formats.terminal import console

    if bool(exam) != bool(student):
        raise click.UsageError("--exam and --student go together")
    source, shelf = solution.read_bytes(), installed()
    frozen = read_exam(exam) if exam else None
    questions = questions_of(frozen, student, shelf) if frozen else questions_for(source, shelf)
    check_sandbox(Setting(exam_folder=exam or Path(), program=version(), unsafe=unsafe))
    with Sandbox(unsafe=unsafe) as sandbox:
        tried = try_solution(source, questions, sandbox, seed=0)
    print_trial(tried, language, console())
    if not all_right([t.verdict for t in tried]):
        raise SystemExit(FAILED)


@cli.command()
@EXAM
@click.argument("submission", type=FOLDER)
@click.option("--metadata", type=FOLDER, help="Gradescope's submission_metadata.json, which names the uploader.")
@click.option("--out", type=FOLDER, required=True, help="The results.json to write.")
@UNSAFE
def gradescope(exam: Path, submission: Path, metadata: Path | None, out: Path, *, unsafe: bool) -> None:
    """Grade one upload, the folder SUBMISSION, as Gradescope's container does, and write its results.json."""
    import json

    from autograder.batch import Setting
    from autograder.reports.gradescope import grade_upload

    setting = Setting(exam_folder=exam, program=version(), unsafe=unsafe)
    results = grade_upload(setting, submission, metadata)
    out.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    click.echo(f"wrote {out}: {results['score']:g} points")


@cli.command()
@JSON
def doctor(*, as_json: bool) -> None:
    """Try what confines student code on this machine, and say how to get more."""
    from autograder.reports.health import examine, print_health

    health = examine()
    if as_json:
        print_json(health)
    else:
        print_health(health)
    if not health["level"]:
        raise SystemExit(FAILED)


for command in (policy, regrade, history, database, serve, links, release):
    cli.add_command(command)


def _save_new(store: "Store", frozen: "Exam", intake: "Intake", received: str | None) -> None:
    """Store the hand-ins that nobody has stored, each as received when it is known to have come."""
    from autograder.scores import time_received
    from autograder.store.database import utc_now

    known = store.newest_contents()
    new = [s for s in intake.submissions if (s.student, s.digest) not in known]
    untimed = sum(s.student not in intake.times for s in new)
    store.save_submissions(new, time_received(frozen.policy, received, untimed, utc_now()), intake.times)


def _grade_and_store(store: "Store", gradings: "Iterable[list[Grading]]", step: "Callable[[str], None]") -> list[str]:
    """Store gradings as they come, so that an interruption loses none that is done; name who was set aside."""
    from autograder.batch import was_set_aside
    from quizgen.errors import OperatorError

    done, given_up = 0, []
    try:
        for gathered in gradings:
            store.save_gradings(gathered)
            done += len(gathered)
            given_up += [g.student for g in gathered if was_set_aside(g)]
            for grading in gathered:
                step(grading.student)
    except KeyboardInterrupt:
        raise OperatorError(f"interrupted: {done} gradings are stored; run again to do the rest") from None
    return given_up


def _check_released(frozen: "Exam", store: "Store") -> None:
    """Refuse to write what students are not to see yet."""
    from autograder.sitting import is_released, released_at
    from autograder.store.database import utc_now
    from quizgen.errors import InstructorError

    if not is_released(frozen, utc_now(), by_hand=store.page.released()):
        after = released_at(frozen)
        when = f" (the last student's time ends {after.isoformat(' ', 'minutes')})" if after else ""
        raise InstructorError(
            f"feedback is not released: the exam says release = {frozen.policy.release.value!r}{when}; "
            "`autograder release` releases it, --early writes the sheets for your own eyes"
        )


def _gradebook(exam: Path, db: str, *, times: bool = False) -> "Gradebook":
    from autograder.reports.gradebook import scored_gradebook
    from autograder.reports.time_spent import Save
    from autograder.store import open_store
    from quizgen.exam_file import read_exam

    frozen = read_exam(exam)
    with open_store(database_of(exam, db), create=False, exam=frozen) as store:
        saves = [Save(student=s, item=n, at=at) for s, n, at in store.page.save_times()] if times else []
        return scored_gradebook(frozen, store.attempts(), store.entries(), saves)


def main() -> None:
    """Run `autograder`."""
    run(cli)
