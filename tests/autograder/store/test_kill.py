"""Killed at any moment, the program loses nothing that it reported."""

import multiprocessing
import signal
import sqlite3
import time
from datetime import UTC, datetime
from itertools import count

import msgspec
import numpy as np
import pytest

from autograder.ledger import Entry, FullMarks, Place
from autograder.store import open_store

CONTEXT = multiprocessing.get_context("fork")
"""Forked, so that a process is up in milliseconds; nothing is shared but the imports."""
ROUNDS = 10
KILLS_PER_ROUND = 20
MOST_HEARD = 4
"""Reports after which a writer lives for a moment more at most: a count, so that a busy machine tests as much."""
LAST_MOMENT = 0.01
"""Seconds; longer than it takes to write one thing."""
COUNTS = {
    "hand-in": "SELECT count(*) FROM hand_in",
    "grading": "SELECT count(*) FROM grading",
    "entry": "SELECT count(*) FROM entry",
}
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def write(path, pipe, exam, submission, grading):
    """Save hand-ins, gradings and entries for ever, and report each once it is saved."""
    with open_store(path, create=True) as store:
        store.add_exam(exam)
        start = len(store.attempts())
        store.save_submission(submission)
        for number in count(start):
            digest = f"{number:064x}"
            store.save_submission(msgspec.structs.replace(submission, digest=digest))
            pipe.send("hand-in")
            store.save_grading(msgspec.structs.replace(grading, digest=digest))
            pipe.send("grading")
            change = FullMarks(place=Place(item=1))
            store.add_entry(Entry(number=len(store.entries()) + 1, at=NOON, by="me", reason="r", change=change))
            pipe.send("entry")


def killed(heard, seconds, *what):
    """Let a writer report so many times and live for so long, kill it, and return all that it had reported."""
    listening, reporting = CONTEXT.Pipe(duplex=False)
    writer = CONTEXT.Process(target=write, args=(what[0], reporting, *what[1:]))
    writer.start()
    reporting.close()
    reported = [listening.recv() for _ in range(heard)]
    time.sleep(seconds)
    writer.kill()
    try:
        while True:
            reported.append(listening.recv())
    except EOFError:
        listening.close()
    writer.join()
    assert writer.exitcode == -signal.SIGKILL
    return reported


def rows(path):
    """Count what is stored, read by SQLite alone."""
    with sqlite3.connect(path) as raw:
        try:
            found = {kind: raw.execute(query).fetchone()[0] for kind, query in COUNTS.items()}
        except sqlite3.OperationalError:  # killed before there were tables
            found = dict.fromkeys(COUNTS, 0)
        assert raw.execute("PRAGMA quick_check").fetchone() == ("ok",)
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
    raw.close()
    return found


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # the test runner has threads; the child uses none
@pytest.mark.parametrize("turn", range(ROUNDS))
def test_whatever_was_reported_is_there(tmp_path, exam, hand_in, grade, turn):
    path = tmp_path / "grades.db"
    rng = np.random.default_rng(turn)
    before = dict.fromkeys(COUNTS, 0)
    for _ in range(KILLS_PER_ROUND):
        point = int(rng.integers(0, MOST_HEARD)), rng.uniform(0, LAST_MOMENT)
        reported = killed(*point, path, exam, hand_in(), grade())
        after = rows(path)
        for kind in COUNTS:
            assert after[kind] >= before[kind] + reported.count(kind)
        before = after
    with open_store(path, create=True) as store:
        store.add_exam(exam)
        assert all(len(g.verdicts) == 2 for g in store.gradings_of("zoe"))
        assert len(store.entries()) == before["entry"]
        store.save_submission(hand_in())
