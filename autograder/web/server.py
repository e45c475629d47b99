"""Starting the page: a store, a queue of sandboxes, links for everyone, and a server that prints no secrets."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from autograder.store import Store
from autograder.store.database import utc_now
from autograder.web.access import INSTRUCTOR, Pass, alone, give_out, link, write_links
from autograder.web.app import make_app
from autograder.web.edition import Editions
from autograder.web.runner import Runner
from autograder.web.saver import Saver
from autograder.web.site import Site, load_questions
from quizgen.bank import installed
from quizgen.errors import OperatorError
from quizgen.model import Exam

LINKS = "links.csv"
BACKLOG = 2048
"""Connections that may wait: a class arrives within a second."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the command line asked for; `address` is what students type, where it is not the host and port."""

    host: str = "127.0.0.1"
    port: int = 8000
    address: str = ""
    workers: int = 1
    by_code: bool = False
    practice: bool = False
    unsafe: bool = False
    program: str = ""


@contextmanager
def open_site(exam: Exam, store: Store, wish: Wish) -> Iterator[Site]:
    """Make what the page works with, and end it in order: first the saves, then the sandboxes."""
    shelf = installed()
    load_questions(shelf, exam)
    runner = Runner(wish.workers, unsafe=wish.unsafe)
    runner.start()
    saver = Saver(store)
    try:
        yield Site(
            exam=exam,
            shelf=shelf,
            store=store,
            saver=saver,
            runner=runner,
            clock=utc_now,
            program=wish.program,
            practice=wish.practice,
            by_code=wish.by_code,
            secure=wish.address.startswith("https://"),
        )
    finally:
        saver.close()
        runner.close()


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything is promised; who comes early waits."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named, for asyncio sends answers without delay only on sockets that say they are TCP.
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen(BACKLOG)
    except OSError as error:
        found.close()
        raise OperatorError(f"{host} port {port} cannot be used: {error.strerror}; choose another --port") from None
    return found


def address_of(wish: Wish, taken: socket.socket) -> str:
    """Return what students type, without a slash at the end."""
    if wish.address:
        return wish.address.rstrip("/")
    host = f"[{wish.host}]" if ":" in wish.host else wish.host
    return f"http://{host}:{taken.getsockname()[1]}"


def links_for(exam: Exam, store: Store, folder: Path, address: str, *, by_code: bool) -> dict[str, Pass]:
    """Give everyone a pass and write them to links.csv."""
    with alone(folder):
        passes = give_out(store, exam, folder / LINKS, by_code=by_code)
        write_links(folder / LINKS, exam, passes, address)
    return passes


def instructor_link(address: str, passes: Mapping[str, Pass]) -> str:
    """Return the instructor's own link."""
    return link(address, passes[INSTRUCTOR])


def serve(site: Site, folder: Path, wish: Wish, taken: socket.socket) -> None:
    """Answer until interrupted, with what stands in the exam's folder; addresses are not logged: they hold secrets."""

    def welcome(exam: Exam) -> None:
        links_for(exam, site.store, folder, address_of(wish, taken), by_code=wish.by_code)

    config = uvicorn.Config(
        make_app(site, Editions(site, folder, welcome)),
        access_log=False,
        log_level="warning",
        server_header=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=75,
        proxy_headers=False,
    )
    uvicorn.Server(config).run(sockets=[taken])
