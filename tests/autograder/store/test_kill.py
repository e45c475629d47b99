"""Killed at any moment, the program loses nothing that it reported."""

import signal
import sqlite3
import subprocess
import sys

import msgspec
import pytest

from autograder.store import open_store

WRITER = """
import sys
import msgspec
from autograder.store import open_store
from quizgen.model import Exam, Grading, Submission

exam, submission, grading = (
    msgspec.json.decode(line, type=kind) for line, kind in zip(sys.stdin.buffer, (Exam, Submission, Grading))
)
print("ready", flush=True)
with open_store(sys.argv[1], create=True) as store:
    store.add_exam(exam)
    store.save_submission(submission)
    for number in range(1_000_000):
        store.save_grading(msgspec.structs.replace(grading, points=float(number)))
        print(number, flush=True)
"""


def start(path, exam, submission, grading):
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    writer.stdin.write("\n".join(msgspec.json.encode(v).decode() for v in (exam, submission, grading)) + "\n")
    writer.stdin.close()
    assert writer.stdout.readline() == "ready\n"
    return writer


def kill(writer):
    writer.send_signal(signal.SIGKILL)
    rest = writer.stdout.read()
    writer.stdout.close()
    assert writer.wait() == -signal.SIGKILL
    return [int(line) for line in rest.split("\n")[:-1]]


@pytest.mark.parametrize("reported", [1, 40, 100])
def test_what_was_reported_is_there(tmp_path, exam, hand_in, grade, reported):
    path = tmp_path / "grades.db"
    writer = start(path, exam, hand_in(), grade())
    seen = [int(writer.stdout.readline()) for _ in range(reported)]
    seen += kill(writer)
    with open_store(path, create=False) as store:
        store.add_exam(exam)
        points = [int(g.points) for g in store.gradings_of("zoe")]
        assert points[: len(seen)] == seen
        assert len(points) <= len(seen) + 1
        assert all(len(g.verdicts) == 2 for g in store.gradings_of("zoe"))
        store.save_grading(grade(points=3.5))
        assert store.latest_gradings()[0].points == 3.5
    with sqlite3.connect(path) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    raw.close()


@pytest.mark.parametrize("seconds", [0.001, 0.005, 0.01, 0.02, 0.03])
def test_killed_while_the_tables_are_made(tmp_path, exam, hand_in, grade, seconds):
    path = tmp_path / "grades.db"
    writer = start(path, exam, hand_in(), grade())
    with pytest.raises(subprocess.TimeoutExpired):
        writer.wait(seconds)
    kill(writer)
    with open_store(path, create=True) as store:
        store.add_exam(exam)
        store.save_submission(hand_in())
