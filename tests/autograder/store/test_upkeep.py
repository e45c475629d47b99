"""Upgrading, checking, copying and exporting databases, on SQLite and on PostgreSQL."""

import base64
import json
import sqlite3

import msgspec
import pytest
from sqlalchemy import text

from autograder.ledger import FullMarks, Place
from autograder.store import backup, examine, export, open_store, upgrade
from autograder.store.engine import connection, make_engine, read_url
from quizgen.errors import OperatorError
from tests.autograder.small_exam import entry

OLD = """
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL);
INSERT INTO alembic_version VALUES ('0001');
CREATE TABLE exam (id INTEGER PRIMARY KEY, title TEXT, seed TEXT, digest VARCHAR(64), created DATETIME);
CREATE TABLE student (id INTEGER PRIMARY KEY, exam_id INTEGER, student TEXT, name TEXT, position INTEGER);
CREATE TABLE submission (id INTEGER PRIMARY KEY, student_id INTEGER, digest VARCHAR(64), attempt INTEGER,
  turn INTEGER NOT NULL, received_at DATETIME NOT NULL, answers BLOB, solution BLOB, problems JSON NOT NULL);
CREATE TABLE grading (id INTEGER PRIMARY KEY, submission_id INTEGER REFERENCES submission (id));
INSERT INTO exam VALUES (1, 'Midterm', '{seed}', 'x', '2026-01-01 00:00:00.000000');
INSERT INTO student VALUES (1, 1, 'zoe', 'Zoe', 0);
INSERT INTO submission VALUES (1, 1, '{a}', 1, 3, '2026-01-01 00:00:00.000000', x'00ff', NULL, '[]'),
  (2, 1, '{b}', 2, 2, '2026-01-02 00:00:00.000000', NULL, NULL, '[{{"phrase": "no-files"}}]');
INSERT INTO grading VALUES (1, 1);
"""


def fill(where, exam, hand_in, grade):
    with open_store(where, create=True) as store:
        store.add_exam(exam)
        for digest in "aba":
            store.save_submission(hand_in(digest=digest))
        store.save_grading(grade(points=1.0, graded_at="2026-03-01T00:00:00+00:00"))
        store.add_entry(entry(1, FullMarks(place=Place(item=1))))


def told(where, exam):
    """Return all that a store tells of an exam."""
    with open_store(where, create=False) as store:
        store.add_exam(exam)
        return repr((store.attempts(), store.gradings_of("zoe"), store.entries(), store.latest_submissions()))


def test_a_whole_database_is_said_to_be_whole(database, exam, hand_in, grade):
    fill(database, exam, hand_in, grade)
    assert examine(database) == []


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        ("UPDATE verdict SET points = 2 WHERE item = 1", "grading 1 holds 1 points, its verdicts 2"),
        ("DELETE FROM exam", "student 1 refers to a exam that is not there"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, exam, hand_in, grade, harm, problem):
    path = tmp_path / "grades.db"
    fill(path, exam, hand_in, grade)
    with sqlite3.connect(path) as raw:
        raw.execute(harm)
    raw.close()
    assert problem in examine(path)


def test_a_file_with_damaged_pages_is_not_called_whole(tmp_path, exam, hand_in, grade):
    path = tmp_path / "grades.db"
    fill(path, exam, hand_in, grade)
    data = bytearray(path.read_bytes())
    data[5 * 4096 : 6 * 4096] = bytes(4096)
    path.write_bytes(bytes(data))
    try:
        found = examine(path)
    except OperatorError as error:
        found = [str(error)]
    assert "malformed" in " ".join(found)


def test_a_backup_tells_all_that_the_original_does(database, tmp_path, exam, hand_in, grade):
    fill(database, exam, hand_in, grade)
    copy = tmp_path / "copy.db"
    assert backup(database, copy) > 8
    assert told(copy, exam) == told(database, exam)
    assert examine(copy) == []
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith("copy")) == ["copy.db"]


def test_a_backup_is_of_one_moment_while_others_write(database, tmp_path, exam, hand_in, grade):
    fill(database, exam, hand_in, grade)
    before = told(database, exam)
    engine = make_engine(read_url(database))
    with connection(engine, writes=True) as opened:
        opened.execute(
            text(
                "INSERT INTO hand_in (submission_id, received_at, problems) SELECT submission_id, "
                "received_at, problems FROM hand_in WHERE id = 1"
            )
        )
        backup(database, tmp_path / "copy.db")
    engine.dispose()
    assert told(tmp_path / "copy.db", exam) == before != told(database, exam)


def test_a_backup_is_never_written_over(tmp_path, exam, hand_in, grade):
    path = tmp_path / "grades.db"
    fill(path, exam, hand_in, grade)
    backup(path, tmp_path / "copy.db")
    with pytest.raises(OperatorError, match=r"copy\.db: is there already"):
        backup(path, tmp_path / "copy.db")
    with pytest.raises(OperatorError, match="no folder"):
        backup(path, tmp_path / "missing" / "copy.db")


def test_a_failed_backup_leaves_nothing(tmp_path):
    (tmp_path / "grades.db").write_text("not a database at all\n" * 100)
    with pytest.raises(OperatorError, match="not a database"):
        backup(tmp_path / "grades.db", tmp_path / "copy.db")
    assert [p.name for p in tmp_path.iterdir()] == ["grades.db"]


def test_everything_is_exported_as_json_lines(database, exam, hand_in, grade):
    fill(database, exam, hand_in, grade)
    lines = [json.loads(line) for line in export(database)]
    counts = {t: sum(line["table"] == t for line in lines) for t in {line["table"] for line in lines}}
    assert counts == {"exam": 1, "student": 2, "submission": 2, "hand_in": 3, "grading": 1, "verdict": 2, "entry": 1}
    content = next(line for line in lines if line["table"] == "submission")
    assert base64.b64decode(content["answers"]["base64"]) == hand_in().answers
    assert next(line for line in lines if line["table"] == "entry")["change"]["type"] == "full-marks"
    assert next(line for line in lines if line["table"] == "exam")["seed"] == str(exam.seed)


def test_an_older_database_keeps_its_hand_ins_in_their_order(tmp_path, exam):
    path = tmp_path / "grades.db"
    with sqlite3.connect(path) as raw:
        raw.executescript(OLD.format(seed=exam.seed, a="a" * 64, b="b" * 64))
    raw.close()
    upgrade(path)
    with open_store(path, create=False) as store:
        store.add_exam(msgspec.structs.replace(exam, papers=exam.papers[:1]))
        (newest,) = store.latest_submissions()
        assert (newest.digest[0], newest.answers) == ("a", b"\x00\xff")
    with sqlite3.connect(path) as raw:
        kept = raw.execute("SELECT submission_id, received_at, problems FROM hand_in ORDER BY id").fetchall()
    raw.close()
    assert kept == [
        (2, "2026-01-02 00:00:00.000000", '[{"phrase": "no-files"}]'),
        (1, "2026-01-01 00:00:00.000000", "[]"),
    ]


def test_an_entry_planned_upon_an_older_ledger_is_refused(database, exam):
    with open_store(database, create=True) as store:
        store.add_exam(exam)
        store.add_entry(entry(1, FullMarks(place=Place(item=1))))
        with pytest.raises(OperatorError, match="entry 1 was planned when the ledger had 0 entries, now it has 1"):
            store.add_entry(entry(1, FullMarks(place=Place(item=2))))
        assert len(store.entries()) == 1
