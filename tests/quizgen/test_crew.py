"""Crews: the same results with any number of helpers, errors as one line, and nobody left behind.

What helpers do here is Python source for `eval`: they could not import functions of this file.
"""

import os
import signal
import subprocess
import sys
import time
from multiprocessing import active_children, parent_process
from operator import methodcaller
from pathlib import Path

import pytest

from quizgen.bank import installed
from quizgen.blueprint import read_blueprint
from quizgen.crew import Crew, helpers
from quizgen.errors import InstructorError, OperatorError

QUIZGEN = str(Path(sys.executable).with_name("quizgen"))
HERE = "__import__('multiprocessing').parent_process() is None"


@pytest.mark.parametrize("others", [0, 1, 3])
@pytest.mark.parametrize("piece", [1, 4, 100])
def test_results_come_in_order_whoever_works(others, piece):
    told = []
    with Crew(others) as crew:
        assert crew.map(eval, [f"{n} ** 2" for n in range(23)], piece=piece, progress=told.append) == [
            n**2 for n in range(23)
        ]
        assert crew.map(eval, [], piece=piece) == []
    assert sorted(told) == [n**2 for n in range(23)]
    assert active_children() == []


def test_helpers_and_the_process_itself_work():
    assert parent_process() is None
    with Crew(1) as crew:
        here = crew.map(eval, [f"__import__('time').sleep(0.03) or {HERE}"] * 60)
    assert here[0] is False
    assert here[-1] is True


@pytest.mark.parametrize("others", [0, 2])
def test_the_first_task_that_fails_says_how_all_failed(others, tmp_path):
    good = tmp_path / "exam.toml"
    good.write_text('title = "T"\nseed = 1\n[[sections]]\ntopic = "pooling"\n', encoding="utf-8")
    tasks = [good, good, tmp_path / "first.toml", *[good] * 20, tmp_path / "last.toml"]
    with Crew(others) as crew:
        with pytest.raises(InstructorError, match=r"first\.toml"):
            crew.map(read_blueprint, tasks)
        assert [plan.title for plan in crew.map(read_blueprint, tasks[:2])] == ["T", "T"]
    assert active_children() == []


def test_a_helper_that_dies_is_reported_to_the_operator():
    with Crew(1) as crew, pytest.raises(OperatorError, match="helping process died"):
        crew.map(eval, [f"{HERE} or __import__('os')._exit(3)"] * 400 + ["__import__('time').sleep(0.5)"])


def test_questions_travel_by_name():
    shelf = installed()
    questions = [shelf.question(i) for i in ("pooling/average", "backprop/order-the-steps")]
    with Crew(1) as crew:
        drawn = crew.map(methodcaller("draw", 7), questions * 8)
    assert drawn == [question.draw(7) for question in questions] * 8


def test_only_a_large_class_gets_helpers(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    assert [helpers(tasks, worth=50) for tasks in (0, 1, 99, 100, 150, 200, 1000)] == [0, 0, 0, 1, 2, 3, 3]
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert helpers(1000, worth=50) == 0


@pytest.fixture
def making(tmp_path):
    """Start `quizgen make` for a large class, in a process group of its own."""
    (tmp_path / "exam.toml").write_text(
        'title = "T"\nseed = 1\n[[sections]]\ntopic = "backprop"\nkind = "numeric"\npick = 3\n', encoding="utf-8"
    )
    rows = "".join(f"s{n},Student {n}\n" for n in range(2000))
    (tmp_path / "roster.csv").write_text(f"student,name\n{rows}", encoding="utf-8")
    process = subprocess.Popen(
        [QUIZGEN, "make", "exam.toml", "--roster", "roster.csv", "--out", "exam"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
        # A process started by one that ignores Ctrl-C, as the tests' runner may, would ignore it too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - the tests start no threads
    )
    yield process
    if process.poll() is None:
        process.kill()
    process.wait()


def members(group):
    """Return the processes of a group, those that ended but were not waited for included."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            found.append(int(stat.parent.name))
    return found


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one processor: there are no helpers")
@pytest.mark.parametrize("when", ["helpers start", "papers are drawn"])
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_whoever_is_interrupted_leaves_nobody_behind(making, tmp_path, how, when):
    deadline = time.monotonic() + 30
    while len(members(making.pid)) < 3 and time.monotonic() < deadline:
        time.sleep(0.002)
    if when == "papers are drawn":
        time.sleep(1)
    if how is signal.SIGINT:
        os.killpg(making.pid, how)
    else:
        making.kill()
    _, errors = making.communicate(timeout=30)
    assert making.returncode == (1 if how is signal.SIGINT else -how)
    if how is signal.SIGINT:  # a helper that loses its maker while Python starts it says so in Python's own way
        assert "Traceback" not in errors
    while members(making.pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert members(making.pid) == []
    assert not (tmp_path / "exam" / "exam.json").exists()
