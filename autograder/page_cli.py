"""`autograder serve`, `links`, `release`: the page where students answer, who may open it, when they see feedback."""

import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.options import DATABASE, EXAM, UNSAFE, account, database_of
from quizgen.command_line import version

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

    from autograder.store import Store
    from autograder.web.access import Pass
    from autograder.web.server import Wish
    from autograder.web.site import Site


@click.command()
@EXAM
@DATABASE
@click.option("--host", default="127.0.0.1", show_default=True, help="Listen here; 0.0.0.0 for every network.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
@click.option("--address", default="", help="What students type, such as https://quiz.example.edu; for the links.")
@click.option(
    "--login",
    type=click.Choice(["link", "code"]),
    default="link",
    show_default=True,
    help="A link for each student, or student id and a code.",
)
@click.option("--practice", is_flag=True, help="Let everyone with an access practise: any question, no marks.")
@click.option(
    "--workers", type=click.IntRange(min=1), default=os.cpu_count() or 1, help="Sandboxes that run code side by side."
)
@click.option("--demo", is_flag=True, help="Serve a copy in a temporary folder, with a class that is alive.")
@UNSAFE
def serve(  # noqa: PLR0913 - one parameter per option
    exam: Path,
    *,
    db: str,
    host: str,
    port: int,
    address: str,
    login: str,
    workers: int,
    practice: bool,
    demo: bool,
    unsafe: bool,
) -> None:
    """Serve EXAM as a page: students answer in the browser, the instructor watches."""
    from autograder.batch import Setting, check_sandbox
    from autograder.web import server

    if demo and db:
        raise click.UsageError("--demo has a database of its own: leave --db out")
    check_sandbox(Setting(exam_folder=exam, program=version(), unsafe=unsafe))
    wish = server.Wish(
        host=host,
        port=port,
        address=address,
        workers=workers,
        by_code=login == "code",
        practice=practice,
        unsafe=unsafe,
        program=version(),
    )
    if demo:
        _serve_demo(exam, wish)
    else:
        _serve(exam, db, wish)


def _serve(exam: Path, db: str, wish: "Wish") -> None:
    from autograder.web import server

    with _opened(exam, database_of(exam, db), wish) as (site, taken, shown, passes):
        click.echo(f"serving {site.exam.title!r} at {shown}/ until Ctrl-C")
        click.echo(f"  instructor   {server.instructor_link(shown, passes)}")
        click.echo(f"  students     {exam / server.LINKS}: one line each; whoever has a line has the paper")
        with suppress(KeyboardInterrupt):
            server.serve(site, exam, wish, taken)


def _serve_demo(exam: Path, wish: "Wish") -> None:
    from autograder.web import demo, server
    from autograder.web.access import link

    with demo.copied(exam) as folder, _opened(folder, folder / "grades.db", wish) as (site, taken, shown, passes):
        first = passes[site.exam.papers[0].student]
        sign_in = f" as {first.student} with the code {first.shown}" if first.by_code else ""
        click.echo(f"demonstrating {site.exam.title!r} at {shown}/ until Ctrl-C, in a copy that is deleted then:")
        click.echo(f"{exam} is not touched. All students but the first are simulated.")
        click.echo(f"  watch the class   {server.instructor_link(shown, passes)}")
        click.echo(f"  answer yourself   {link(shown, first)}{sign_in}")
        with demo.Classroom(site, demo.script(site.exam, site.shelf)), suppress(KeyboardInterrupt):
            server.serve(site, folder, wish, taken)


@contextmanager
def _opened(folder: Path, db: str | Path, wish: "Wish") -> "Iterator[tuple[Site, socket.socket, str, dict[str, Pass]]]":
    """Take the port, open the database, and give everyone an access: the site, its socket, its address, the passes."""
    import signal

    from autograder.store import open_store
    from autograder.web import server
    from quizgen.exam_file import read_exam

    # Being told to end is as good as Ctrl-C: what is open is closed, in order.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    frozen = read_exam(folder)
    with server.listen(wish.host, wish.port) as taken, open_store(db, create=True, exam=frozen) as store:
        shown = server.address_of(wish, taken)
        passes = server.links_for(frozen, store, folder, shown, by_code=wish.by_code)
        with server.open_site(frozen, store, wish) as site:
            yield site, taken, shown, passes


@click.command()
@EXAM
@DATABASE
@click.option("--revoke", "students", multiple=True, metavar="STUDENT", help="Let this student's access open nothing.")
@click.option("--revoke-all", is_flag=True, help="Let no access open anything, the instructor's neither.")
def links(exam: Path, db: str, students: tuple[str, ...], *, revoke_all: bool) -> None:
    """Take accesses to the page back; the next `serve` gives new ones to those who have none."""
    if not students and not revoke_all:
        raise click.UsageError("say whose: --revoke STUDENT, or --revoke-all")
    with _store(exam, db) as store:
        count = store.page.revoke(None if revoke_all else students)
    click.echo(f"accesses taken back: {count}")


@click.command()
@EXAM
@DATABASE
@click.option("--withdraw", is_flag=True, help="Take the feedback back.")
def release(exam: Path, db: str, *, withdraw: bool) -> None:
    """Let students see their feedback now, whatever the exam's policy says."""
    with _store(exam, db) as store:
        store.page.release(visible=not withdraw, by=account())
    click.echo("feedback is taken back" if withdraw else "feedback is released")


def _store(exam: Path, db: str) -> "Store":
    from autograder.store import open_store
    from quizgen.exam_file import read_exam

    return open_store(database_of(exam, db), create=False, exam=read_exam(exam))
