"""The example's exam on a page: a real store, real sandboxes, and a clock that a test may move."""

import re
import shutil
import signal
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from starlette.testclient import TestClient

from autograder.store import open_store
from autograder.web.access import COOKIE, INSTRUCTOR, give_out
from autograder.web.app import make_app
from autograder.web.runner import Runner
from autograder.web.saver import Saver
from autograder.web.site import Site, load_questions
from quizgen.bank import installed
from quizgen.exam_file import read_exam, write_exam
from quizgen.policy import Policy, Release

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
AUTOGRADER = Path(sys.executable).with_name("autograder")
PATIENCE = 20.0
"""Seconds after which a test gives up: none of them needs that long."""


@dataclass
class Clock:
    now: datetime = NOON

    def __call__(self):
        return self.now

    def move(self, **by):
        self.now += timedelta(**by)


class Browser(TestClient):
    """A browser with somebody's secret, or nobody's; it follows no redirection by itself."""

    def __init__(self, hall, secret="", **options):
        super().__init__(hall.app, base_url="http://testserver", follow_redirects=False, **options)
        if secret:
            self.cookies.set(COOKIE, secret)

    def token(self):
        """Read the token out of a page, as the page's own script does."""
        for path in ("/paper", "/feedback"):
            found = re.search(r'name="csrf" value="(\w+)"', self.get(path).text)
            if found:
                return found[1]
        raise AssertionError("no page with a form")

    def fill_in(self, path, /, **fields):
        return self.post(path, data={"csrf": self.token(), **fields})

    def save(self, **texts):
        """Save boxes, named as in item1_a for item1:a."""
        return self.fill_in("/paper/save", **{name.replace("_", ":", 1): text for name, text in texts.items()})

    def start(self):
        assert self.fill_in("/paper/start").status_code == 303
        return self

    def hand_in(self):
        return self.fill_in("/paper/hand-in")


@dataclass
class Hall:
    """Where an exam is taken."""

    site: Site
    clock: Clock
    passes: dict
    folder: object
    app: object = field(init=False)

    def __post_init__(self):
        self.app = make_app(self.site)

    def browser(self, student=None, **options):
        return Browser(self, self.passes[student].secret if student is not None else "", **options)

    def seated(self, student="s01", **options):
        """Return the browser of a student whose clock runs."""
        return self.browser(student, **options).start()

    def teacher(self):
        return self.browser(INSTRUCTOR)

    @property
    def store(self):
        return self.site.store

    def graded(self, student):
        """Wait until everything that a student handed in is marked; return the attempts."""
        self.site.runner.submit(student, lambda _: None, urgent=True).result(PATIENCE)
        return self.store.attempts(student)


@pytest.fixture(scope="session")
def frozen(example):
    """Return the exam of the example; its feedback is released by hand."""
    exam = read_exam(example / "exam")
    return replace(exam, policy=Policy(release=Release.BY_HAND))


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    path = tmp_path_factory.mktemp("empty") / "grades.db"
    open_store(path, create=True).close()
    return path


@pytest.fixture(scope="session")
def runner():
    with Runner(2) as started:
        started.start()
        yield started


@pytest.fixture(scope="session")
def shelf(frozen):
    found = installed()
    load_questions(found, frozen)
    return found


@pytest.fixture
def open_hall(tmp_path, frozen, empty_database, runner, shelf):
    """Return what opens a hall: `open_hall(release=..., minutes=...)`; `url` is another database."""
    with ExitStack() as opened:

        def make(*, exam=frozen, url=None, by_code=False, minutes=None, clock=None, **changes):
            policy = {n: changes.pop(n) for n in list(changes) if n in Policy.__struct_fields__}
            held = replace(exam, policy=replace(exam.policy, **policy))
            held = replace(held, minutes=minutes) if minutes is not None else held
            target = url or tmp_path / "grades.db"
            if url is None and not target.exists():
                shutil.copy(empty_database, target)
            time = clock or Clock()
            store = opened.enter_context(open_store(target, create=bool(url), clock=time))
            store.add_exam(held)
            saver = Saver(store)
            opened.callback(saver.close)
            site = Site(
                exam=held,
                shelf=shelf,
                store=store,
                saver=saver,
                runner=runner,
                clock=time,
                program="test",
                by_code=by_code,
                **changes,
            )
            passes = give_out(store, held, tmp_path / "links.csv", by_code=by_code)
            return Hall(site, time, passes, tmp_path)

        yield make


@pytest.fixture
def hall(open_hall):
    """Return the hall of the example: 90 minutes, feedback by hand."""
    return open_hall()


@pytest.fixture
def folder(tmp_path, example):
    """Return an exam's folder; feedback is there at once, so that a test sees when a hand-in is marked."""
    found = tmp_path / "midterm"
    found.mkdir()
    write_exam(replace(read_exam(example / "exam"), policy=Policy(release=Release.AT_ONCE)), found)
    return found


class Server:
    """`autograder serve`, on a port of its own that it keeps."""

    def __init__(self, folder, db="", port=0):
        command = [AUTOGRADER, "serve", folder, "--port", str(port), "--workers", "1", *(["--db", db] if db else [])]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.port = port

    def ready(self):
        line = self._process.stdout.readline()
        found = re.search(r":(\d+)/", line)
        assert found, line + self._process.stderr.read()
        self.port = int(found[1])
        self._process.stdout.readline()
        assert "links.csv" in self._process.stdout.readline()
        return self

    def end(self, sign=signal.SIGINT):
        if self._process.poll() is None:
            self._process.send_signal(sign)
        told = self._process.communicate(timeout=PATIENCE)[1]
        return self._process.returncode, told


@pytest.fixture
def start_server(folder):
    started = []

    def make(db="", port=0):
        started.append(Server(folder, db, port))
        return started[-1]

    yield make
    for server in started:
        server.end(signal.SIGKILL)
