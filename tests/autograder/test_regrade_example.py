"""Regrades of the shipped example, marked by the real grader: numbers, code, and questions of another version."""

import json
import shutil
from datetime import UTC, datetime

import msgspec
import numpy as np
import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from autograder.batch import Setting, grade_all, jobs
from autograder.cli import cli
from autograder.intake import collect
from autograder.ledger import Attempt, Marked, Place
from autograder.regrade import accept_mistake, new_key, plan
from autograder.renewal import changed_questions, new_version
from autograder.scores import final_scores
from quizgen.bank import installed
from quizgen.errors import InstructorError, QuizgenError
from quizgen.exam_file import read_exam
from quizgen.model import ConceptKey, NumericKey
from tests.autograder.small_exam import entry

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
CHOSEN = ("s01", "s03", "s05", "s12")
NUMERIC = "normalization/batch-norm"
CHOICE = "regularization/which-method"
CODE = "normalization/implement-batch-norm-forward"


def attempts_of(exam, hand_ins, folder):
    (folder / "exam.json").write_bytes(msgspec.json.encode(exam))
    found = grade_all(Setting(exam_folder=folder, program="test"), jobs(hand_ins, seed=5), workers=1)
    return [
        Attempt(student=g.student, number=1, received_at=NOON, digest=g.digest, gradings=(Marked(id=n, grading=g),))
        for n, g in enumerate(found, start=1)
    ]


@pytest.fixture(scope="module")
def exam(example):
    whole = read_exam(example / "exam")
    return msgspec.structs.replace(whole, papers=tuple(p for p in whole.papers if p.student in CHOSEN))


@pytest.fixture(scope="module")
def hand_ins(example):
    everybody = [p.student for p in read_exam(example / "exam").papers]
    return [s for s in collect(example / "submissions", everybody).submissions if s.student in CHOSEN]


@pytest.fixture(scope="module")
def attempts(exam, hand_ins, tmp_path_factory):
    return attempts_of(exam, hand_ins, tmp_path_factory.mktemp("right"))


def spoiled(exam):
    """Return the exam as if three of its questions had been wrong, in an older version, when it was made."""

    def item(found):
        wrong = found.variant.question in {NUMERIC, CHOICE, CODE}
        return replace(found, variant=replace(found.variant, version="old")) if wrong else found

    def key(found, item):
        match found:
            case NumericKey() if item.variant.question == NUMERIC:
                return NumericKey(steps=tuple(replace(s, value=np.add(s.value, 9).tolist()) for s in found.steps))
            case ConceptKey() if item.variant.question == CHOICE:
                return ConceptKey(right=((found.right[0] + 1) % len(item.variant.body.options),))
            case _:
                return found

    papers = tuple(replace(p, items=tuple(item(i) for i in p.items)) for p in exam.papers)
    keys = {p.student: tuple(map(key, exam.keys[p.student], p.items)) for p in papers}
    records = dict(exam.questions)
    for name in (NUMERIC, CHOICE, CODE):
        records[name] = replace(records[name], version="old")
    cases = tuple(replace(c, expected=0.0) for c in records[CODE].cases)
    records[CODE] = replace(records[CODE], cases=cases)
    return replace(exam, papers=papers, keys=keys, questions=records)


def points(scores):
    return {s: [v.points for v in f.grading.verdicts] for s, f in scores.items()}


def test_an_accepted_mistake_counts_as_right_in_numbers_and_in_code(exam, attempts):
    found = plan(exam, attempts, (), entry(1, accept_mistake(exam, Place(), "unbiased")))
    assert {m.student: (m.before.points, m.after.points) for m in found.moves} == {"s05": (61.5, 71)}
    assert [item for item, _ in found.moves[0].why] == [5, 11]
    only = plan(exam, attempts, (), entry(1, accept_mistake(exam, Place(item=11), "unbiased")))
    assert [m.after.points for m in only.moves] == [69.5]
    with pytest.raises(InstructorError, match=r"no mistake 'biased' there; there are .*unbiased"):
        accept_mistake(exam, Place(), "biased")


def test_another_key_judges_only_the_steps_that_it_names(exam, attempts):
    own = next(a for a in attempts if a.student == "s05").gradings[0].grading.verdicts[4].detail.steps
    (wrong,) = [s for s in own if s.name == "var"]
    change = new_key(exam, Place(item=5), {"s05": f"var = {wrong.raw}"})
    (move,) = plan(exam, attempts, (), entry(1, change)).moves
    assert (move.student, move.after.points - move.before.points) == ("s05", 1.5)
    steps = move.after.grading.verdicts[4].detail.steps
    assert [s for s in steps if s.name != "var"] == [s for s in own if s.name != "var"]


def test_keys_that_do_not_fit_are_refused(exam):
    with pytest.raises(InstructorError, match="the papers differ here, so one key cannot serve all"):
        new_key(exam, Place(question=NUMERIC), "var = 1")
    with pytest.raises(InstructorError, match="'w = 1' names no step"):
        new_key(exam, Place(item=5), {"s05": "w = 1"})
    with pytest.raises(InstructorError, match=r"var is '1, 2, 3, 4, 5, 6, 7', wanted numbers in the shape"):
        new_key(exam, Place(item=5), {"s05": "var = 1, 2, 3, 4, 5, 6, 7"})
    with pytest.raises(InstructorError, match="cannot be read as a number"):
        new_key(exam, Place(item=5), {"s05": "var = much"})
    with pytest.raises(InstructorError, match="code has no key"):
        new_key(exam, Place(question=CODE), {"s05": "1"})


def test_the_installed_questions_mark_as_if_they_had_been_there_from_the_start(
    exam, attempts, hand_ins, sandbox, tmp_path
):
    wrong = spoiled(exam)
    marked = attempts_of(wrong, hand_ins, tmp_path)
    before = points(final_scores(wrong, marked, ()))
    assert before["s01"] != points(final_scores(exam, attempts, ()))["s01"]
    assert set(changed_questions(wrong, Place(), installed())) == {NUMERIC, CHOICE, CODE}
    change = new_version(wrong, Place(), installed(), marked, hand_ins, sandbox)
    assert points(final_scores(wrong, marked, (entry(1, change),))) == points(final_scores(exam, attempts, ()))
    assert {k.item: k.key for k in change.keys["s01"]}[8] == exam.keys["s01"][7]
    only = new_version(wrong, Place(item=8), installed(), marked, hand_ins, sandbox)
    assert {v.item for verdicts in only.verdicts.values() for v in verdicts} == {8}


def test_there_must_be_a_new_version(exam):
    with pytest.raises(InstructorError, match="the installed questions are those that the exam froze"):
        changed_questions(exam, Place(), installed())


def run(*arguments, code=0):
    done = CliRunner().invoke(cli, list(map(str, arguments)))
    assert done.exit_code == code, done.output
    return str(done.exception) if isinstance(done.exception, QuizgenError) else done.output


def test_the_commands_from_a_dry_run_to_history(example, tmp_path):
    exam, submissions = tmp_path / "exam", tmp_path / "in"
    shutil.copytree(example / "exam", exam)
    shutil.copytree(example / "submissions" / "s05", submissions / "s05")
    run("grade", exam, submissions, "--received", "2026-03-01T12:00+00:00")
    assert "1 up, 0 down" in run("regrade", exam, "--accept-mistake", "unbiased")
    assert json.loads(run("report", exam, "--json"))["students"][4]["points"] == 61.5
    assert "--apply needs --reason" in run("regrade", exam, "--drop-item", "1", "--apply", code=2)
    assert "say one thing" in run("regrade", exam, code=2)
    assert "Applied as entry 1" in run(
        "regrade", exam, "--accept-mistake", "unbiased", "--apply", "--reason", "taught so", "--by", "prof"
    )
    assert json.loads(run("report", exam, "--json"))["students"][4]["points"] == 71
    applied = json.loads(run("regrade", exam, "--undo", "1", "--apply", "--reason", "not so", "--json"))
    assert (applied["entry"], applied["kind"], applied["applied"], applied["lowered"]) == (2, "undo", True, 1)
    events = json.loads(run("history", "s05", exam, "--json"))["events"]
    assert [e["points"] for e in events] == [None, 61.5, 71, 61.5]
    assert events[0]["at"] == "2026-03-01T12:00:00+00:00"
    assert (events[2]["by"], events[2]["reason"]) == ("prof", "taught so")
    text = " ".join(run("history", "s05", exam).split())
    assert "handed in (attempt 1)" in text
    assert "entry 1: accept-mistake unbiased prof taught so" in text
    run("db", "check", exam)
    run("db", "backup", exam, "--out", tmp_path / "copy.db")
    assert run("db", "export", exam, "--db", tmp_path / "copy.db") == run("db", "export", exam)
    assert "s99" in run("history", "s99", exam, code=1)
