import os
import platform
import tempfile
import time
from pathlib import Path

import pytest

from tests.autograder.sandbox import corpus, tasks
from tests.autograder.sandbox.world import World, adopt_orphans, descendants


def next_student(sandbox):
    return corpus.verdicts(sandbox, tasks.HONEST)


@pytest.fixture(scope="module")
def undisturbed(sandbox):
    """Return what the next student gets where nobody came before."""
    adopt_orphans()
    return next_student(sandbox)


@pytest.fixture
def world(monkeypatch):
    # pytest's own tmp_path lies in a folder that only root may enter, which would hide a hole.
    with tempfile.TemporaryDirectory() as folder:
        made = World(folder)
        monkeypatch.setenv("GRADER_SECRET", made.secret)
        yield made
        made.close()


def submission(name):
    """Skip what is written for another processor."""
    path = tasks.CORPUS / name / "solution.py"
    foreign = platform.machine() != "x86_64" and path.exists() and b"def raw(" in path.read_bytes()
    return pytest.param(name, marks=pytest.mark.skipif(foreign, reason="it uses the call numbers of x86_64"))


def strangers(before):
    """Wait a moment for processes to be buried; list those that nobody expects."""
    end = time.monotonic() + 2
    while len(descendants(os.getpid()) - before) > 2 and time.monotonic() < end:
        time.sleep(0.01)
    left = descendants(os.getpid()) - before
    return left if len(left) > 2 else set()


@pytest.mark.parametrize("name", [submission(name) for name in corpus.NAMES])
def test_submission(name, sandbox, undisturbed, world):
    before = descendants(os.getpid())
    judged, output = corpus.verdicts(sandbox, world.fill(tasks.source(name)))
    assert corpus.differences(name, judged) == []
    assert corpus.expected(name).get("output", "") in output
    assert world.effects(output) == set()
    sandbox.canary()
    assert next_student(sandbox) == undisturbed
    assert strangers(before) == set()


def test_the_next_student_is_neither_all_right_nor_all_wrong(undisturbed):
    verdicts, _ = undisturbed
    assert [verdict.points for verdict in verdicts] == [6, 0]


def test_the_corpus_is_large_and_every_folder_of_it_is_complete():
    folders = {path.name for path in tasks.CORPUS.iterdir() if path.is_dir() and not path.name.startswith("__")}
    assert folders == set(corpus.NAMES)
    assert len(corpus.HOSTILE) >= 80
    assert len(corpus.HONEST) >= 40
    for name in folders:
        kept = {path.name for path in Path(tasks.CORPUS / name).iterdir() if path.is_file()}
        assert kept in ({"solution.py", "expected.toml"}, {"make.py", "expected.toml"}), name


def test_no_hostile_submission_earns_more_than_what_it_does_right():
    for name in corpus.HOSTILE:
        assert corpus.expected(name)["points"] < 10 or corpus.control(name).get("effect") != "marks", name
