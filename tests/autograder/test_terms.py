"""`autograder policy`: an exam's terms change after it was frozen, graded or not."""

import json
import shutil

import pytest
from click.testing import CliRunner

from autograder.cli import cli
from quizgen.errors import QuizgenError

LATE = "2026-03-02T12:00+00:00"


@pytest.fixture
def exam(example, tmp_path):
    """Return a copy of the example, with the hand-ins of two of its students."""
    shutil.copytree(example / "exam", tmp_path / "exam")
    for student in ("s01", "s05"):
        shutil.copytree(example / "submissions" / student, tmp_path / "in" / student)
    return tmp_path / "exam"


def run(*arguments, code=0):
    done = CliRunner().invoke(cli, list(map(str, arguments)))
    assert done.exit_code == code, done.output
    return str(done.exception) if isinstance(done.exception, QuizgenError) else done.output


def points(exam):
    students = json.loads(run("report", exam, "--json"))["students"]
    return {s["student"]: s["points"] for s in students if s["points"] is not None}


def test_a_deadline_that_moves_moves_scores_and_marks_nobody_again(exam, tmp_path):
    run("policy", exam, "--deadline", "2026-03-01T12:00Z", "--late-per-day", 10, "--apply", "--reason", "set")
    run("grade", exam, tmp_path / "in", "--received", LATE)
    assert points(exam) == {"s01": 63.9, "s05": 55.35}
    frozen = (exam / "exam.json").read_bytes()
    dry = run("policy", exam, "--deadline", "2026-03-02T13:00+01:00")
    assert "deadline: 2026-03-01 12:00+00:00 → 2026-03-02 13:00+01:00" in dry
    assert "2 up, 0 down" in dry
    assert "no longer late" in dry
    assert "nothing is changed" in dry
    assert (exam / "exam.json").read_bytes() == frozen
    done = run("policy", exam, "--deadline", "2026-03-02T13:00+01:00", "--apply", "--reason", "fire alarm")
    assert "exam.json" in done
    assert points(exam) == {"s01": 71, "s05": 61.5}
    assert "graded now: 0, unchanged: 2" in run("grade", exam, tmp_path / "in")
    events = json.loads(run("history", "s05", exam, "--json"))["events"]
    (moved,) = [e for e in events if e["reason"] == "fire alarm"]
    assert (moved["what"], moved["points"]) == ("other terms: see `autograder policy`", 61.5)
    assert [e["points"] for e in events[: events.index(moved)]][-1] == 55.35


def test_one_student_gets_more_time(exam, tmp_path):
    run("policy", exam, "--deadline", "2026-03-02T11:00Z", "--late-per-day", 10, "--apply", "--reason", "set")
    run("grade", exam, tmp_path / "in", "--received", LATE)
    told = run("policy", exam, "--extra-time", "s01=60", "--apply", "--reason", "certificate", "--by", "prof")
    assert "extra_time of s01: 0 → 60" in told
    assert "already written print the old time" in told
    assert points(exam) == {"s01": 71, "s05": 55.35}
    shown = run("policy", exam)
    assert "late_per_day  10" in shown
    assert "by prof: certificate" in shown
    found = json.loads(run("policy", exam, "--json"))
    assert found["extra_time"]["s01"] == 60
    assert [c["reason"] for c in found["changes"]] == ["set", "certificate"]


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (["--deadline", "Monday"], 2, "--deadline is 'Monday', wanted the like of 2026-11-30T23:59+01:00"),
        (["--deadline", "2026-03-02T11:00"], 1, "no time zone"),
        (["--release", "soon"], 2, "--release is 'soon', wanted at_once, after_deadline, by_hand, never"),
        (["--late-per-day", "10"], 1, "there is no deadline"),
        (["--extra-time", "s05"], 2, "wanted the like of s01=15"),
        (["--extra-time", "s05=-5"], 2, "wanted the like of s01=15"),
        (["--extra-time", "s99=5"], 1, "'s99' has no paper"),
        (["--minutes", "70", "--apply"], 2, "--apply needs --reason"),
    ],
)
def test_terms_that_cannot_be_are_refused_before_anything_is_written(exam, options, code, told):
    before = (exam / "exam.json").read_bytes()
    assert told in run("policy", exam, *options, code=code)
    assert (exam / "exam.json").read_bytes() == before


def test_before_anything_is_graded_there_is_no_database_and_none_is_made(exam):
    assert "minutes: 90 → 100" in run("policy", exam, "--minutes", 100, "--apply", "--reason", "longer")
    assert not (exam / "grades.db").exists()
