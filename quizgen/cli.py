"""`quizgen ...`: before the exam. Commands parse, call one function and print; NumPy is imported only when needed."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quizgen.command_line import FAILED, print_json, run, version
from quizgen.formats.export import PAGES, WRITERS

if TYPE_CHECKING:
    from quizgen.bank import Question, Shelf

LANGUAGE = click.Choice(["en", "zh"])
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for other programs.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="quizgen-deep-learning", prog_name="quizgen")
def cli() -> None:
    """Make randomized exams on the fundamentals of deep learning."""


@cli.command("list")
@click.option("--topic", default="", help="Only this topic.")
@click.option("--kind", type=click.Choice(["numeric", "concept", "code"]), help="Only this kind.")
@click.option("--level", type=int, help="Only this level of difficulty.")
@click.option("--language", type=LANGUAGE, default="en", help="Language of the titles.")
@click.option("--catalogue", type=click.Path(path_type=Path), help="Write the questions with samples to this file.")
@JSON
def list_questions(
    topic: str, kind: str | None, level: int | None, language: str, catalogue: Path | None, *, as_json: bool
) -> None:
    """List the installed questions."""
    from quizgen.bank import installed, nearest
    from quizgen.errors import InstructorError
    from quizgen.formats.terminal import question_table

    shelf = installed()
    if topic and topic not in shelf.topics:
        raise InstructorError(f"no topic {topic!r}; {nearest(topic, shelf.topics)}")
    found = [
        q for q in shelf if topic in {"", q.topic} and kind in {None, q.kind.value} and level in {None, q.facts.level}
    ]
    if catalogue is not None:
        from quizgen.formats.catalogue import catalogue as write_catalogue

        catalogue.write_text(write_catalogue(found), encoding="utf-8")
    elif as_json:
        print_json([q.facts_json() for q in found])
    else:
        question_table(found, language)


@cli.command()
@click.argument("question_id", metavar="ID")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Which variant.")
@click.option("--language", type=LANGUAGE, default="en", show_default=True)
@JSON
def show(question_id: str, seed: int, language: str, *, as_json: bool) -> None:
    """Show one variant of a question with its key, solution and mistakes."""
    from quizgen.bank import installed
    from quizgen.formats.terminal import shown, variant_page

    question = installed().question(question_id)
    if as_json:
        print_json(shown(question, seed, language))
    else:
        variant_page(question, seed, language)


@cli.command()
@click.argument("question_id", metavar="ID")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="The first variant.")
@click.option("--language", type=LANGUAGE, default="en", show_default=True)
def take(question_id: str, seed: int, language: str) -> None:
    """Practise a question: answer variants of it, and see at once what went wrong."""
    from quizgen.assembly import check_languages
    from quizgen.bank import installed
    from quizgen.formats.terminal import say, text_width
    from quizgen.practice import Practice

    question = installed().question(question_id)
    check_languages([question], language)
    Practice(question=question, language=language, width=text_width(), ask=input, say=say).run(seed)


@cli.command()
@click.argument("question_id", metavar="ID")
@click.option("--watch", is_flag=True, help="Draw the page anew whenever one of the question's files is saved.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0: any that is free.")
def preview(question_id: str, port: int, *, watch: bool) -> None:
    """Serve a question's page to a browser on this machine, with key, mistakes and what is to be mended."""
    from quizgen.bank import installed
    from quizgen.preview.desk import Desk
    from quizgen.preview.server import open_preview

    with open_preview(Desk.of(installed(), question_id), port=port, watch=watch) as server:
        click.echo(f"{question_id}: {server.address}  (Ctrl-C stops)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("stopped")


@cli.command()
@click.argument("question_ids", metavar="[ID]...", nargs=-1)
@click.option("--draws", type=click.IntRange(min=1), default=200, show_default=True, help="Variants per question.")
@click.option("--kill-table", is_flag=True, help="Print which groups of cases tell which wrong implementation.")
@click.option("--write-kill-tables", "page", type=click.Path(path_type=Path), help="Write them to this file.")
@click.option("--fairness", is_flag=True, help="Print how much the work of the draws spreads.")
@click.option("--workers", type=click.IntRange(min=1), default=os.cpu_count() or 1, help="Checking processes.")
@JSON
def check(  # noqa: PLR0913 - one parameter per option
    question_ids: tuple[str, ...],
    draws: int,
    workers: int,
    *,
    kill_table: bool,
    page: Path | None,
    fairness: bool,
    as_json: bool,
) -> None:
    """Check every promise of the questions over many draws."""
    from quizgen.bank import installed
    from quizgen.battery import check_all
    from quizgen.formats.terminal import check_table, fairness_table, kill_tables, progress

    questions = _chosen(installed(), question_ids)
    with progress("Checking", len(questions), quiet=as_json) as step:
        reports = check_all(questions, draws=draws, workers=workers, progress=step)
    if as_json:
        print_json([r.to_json() for r in reports])
    else:
        check_table(reports)
        if fairness:
            fairness_table(reports)
        if kill_table:
            kill_tables(reports)
    if page is not None:
        from quizgen.formats.catalogue import kill_page

        page.write_text(kill_page(reports), encoding="utf-8")
    if not all(r.passed for r in reports):
        raise SystemExit(FAILED)


@cli.command()
@click.argument("question_id", metavar="ID")
@click.option("--kind", type=click.Choice(["numeric", "concept", "code"]), required=True, help="What is handed in.")
@click.option("--bank", type=click.Path(path_type=Path), help="The bank's folder; question_bank by default.")
def new(question_id: str, kind: str, bank: Path | None) -> None:
    """Write a working question to begin with."""
    from quizgen.bank import installed
    from quizgen.errors import InstructorError
    from quizgen.model import Kind
    from quizgen.skeletons import id_of, write_skeleton

    folder = bank or Path("question_bank")
    if bank is None and not folder.is_dir():
        raise InstructorError("no folder question_bank here; name a bank's folder with --bank")
    written = write_skeleton(question_id, Kind(kind), folder)
    for path in written:
        click.echo(path)
    if folder.resolve() not in {bank.folder.resolve() for bank in installed().banks}:
        click.echo("not installed yet: `pip install -e .` where the bank's pyproject.toml is, then")
    click.echo(f"quizgen check {id_of(next(p for p in written if p.suffix == '.md'))}")


def _chosen(shelf: "Shelf", ids: tuple[str, ...]) -> "list[Question]":
    """Return the named questions; a topic's name stands for all of its questions."""
    if not ids:
        return list(shelf)
    found = []
    for name in ids:
        found += [shelf.question(i) for i in shelf.ids if i.startswith(f"{name}/")] or [shelf.question(name)]
    return found


@cli.command()
@click.argument("blueprint", type=click.Path(path_type=Path))
@click.option("--roster", required=True, type=click.Path(path_type=Path), help="CSV with the columns student, name.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The exam's folder; it must be new.")
@click.option("--seed", type=int, help="Use this seed instead of the blueprint's.")
@click.option("--force", is_flag=True, help="Write over an exam in the folder that nobody has answered yet.")
@click.option("--extend", is_flag=True, help="Add papers for new students to the exam in the folder.")
@click.option("--format", "form", type=click.Choice(["html", "pdf"]), default="html", help="pdf: also as PDF.")
@click.option("--page", type=click.Choice(PAGES), default="a4", show_default=True, help="Size of PDF pages.")
@click.option("--large-print", is_flag=True, help="PDF in large type.")
def make(  # noqa: PLR0913 - one parameter per option
    blueprint: Path,
    roster: Path,
    out: Path,
    seed: int | None,
    form: str,
    page: str,
    *,
    force: bool,
    extend: bool,
    large_print: bool,
) -> None:
    """Make an exam: one paper per student, frozen with its keys."""
    from quizgen.assembly import assemble
    from quizgen.bank import installed
    from quizgen.blueprint import read_blueprint, read_roster
    from quizgen.exam_file import read_exam
    from quizgen.exam_folder import check_free, crew_for, write_folder, write_papers
    from quizgen.extension import check_same, extended, newcomers
    from quizgen.formats.export import Options
    from quizgen.formats.terminal import exam_summary, progress

    if extend and force:
        raise click.UsageError("--extend keeps what is there, --force writes over it: say one of them")
    plan, students, shelf = read_blueprint(blueprint, seed=seed), read_roster(roster), installed()
    frozen = read_exam(out) if extend else None
    if frozen is not None:
        students = newcomers(frozen, students)
        check_same(frozen, plan, shelf)
    else:
        check_free(out, force=force)
    steps = (3 if form == "pdf" else 2) * len(students)
    with crew_for(len(students)) as crew, progress("Drawing papers", steps) as step:
        exam = drawn = assemble(plan, students, shelf, program=version(), progress=step, crew=crew)
        if frozen is not None:
            exam = extended(frozen, drawn)
            write_papers(exam, drawn.papers, out, progress=step, crew=crew)
        else:
            write_folder(exam, out, progress=step, crew=crew)
        if form == "pdf":
            from quizgen.formats.pdf import write_beside

            write_beside(exam, drawn.papers, out, Options(page=page, large_print=large_print), progress=step)
    exam_summary(exam, out)
    if frozen is not None:
        click.echo(f"added: {', '.join(s.student for s in students)}; all other papers are as they were")


@cli.command("export")
@click.argument("folder", metavar="EXAM", type=click.Path(path_type=Path))
@click.option("--to", "form", required=True, type=click.Choice(list(WRITERS)), help="The form to write.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The file or folder to write; it is new.")
@click.option("--page", type=click.Choice(PAGES), default="a4", show_default=True, help="Size of printed pages.")
@click.option("--large-print", is_flag=True, help="Print in large type.")
@click.option("--variants", type=click.IntRange(min=1), help="For an LMS: so many new variants of each question.")
@click.option("--force", is_flag=True, help="Write over what is there already.")
def export_exam(  # noqa: PLR0913 - one parameter per option
    folder: Path, form: str, out: Path, page: str, variants: int | None, *, large_print: bool, force: bool
) -> None:
    """Write a frozen exam in another form: the same numbers, on paper or for a course's LMS."""
    from quizgen.exam_file import read_exam
    from quizgen.formats.export import Options, export

    options = Options(page=page, large_print=large_print, variants=variants or 0)
    lost = export(read_exam(folder), form, out, options, force=force)
    click.echo(f"written: {out}")
    for sentence in lost:
        click.echo(f"  not in this form: {sentence}")


def main() -> None:
    """Run `quizgen`."""
    run(cli)
