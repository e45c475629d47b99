"""The demonstration: what simulated students type is what it is meant to be, and the exam itself is not touched."""

import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from autograder.cli import cli
from autograder.grading import Grader
from autograder.web.demo import Act, Classroom, Doing, copied, perform, script
from autograder.web.demo_answers import answer, source_of
from autograder.web.handing import submission_of
from quizgen.authoring.code import CodeQuestion
from quizgen.bank import installed
from quizgen.exam_file import read_exam
from quizgen.model import NumericDetail, Status
from quizgen.policy import Policy, Release
from quizgen.wording.phrases import phrase

SEED = 3


def graded(hall, student, skill):
    """Return the verdicts of a paper that a student of this skill fills in."""
    exam, paper, rng = hall.site.exam, hall.site.paper(student), np.random.default_rng(SEED)
    texts = {
        item.number: answer(item, key, hall.site.shelf, rng, skill)
        for item, key in zip(paper.items, exam.keys[student], strict=True)
    }
    saved = hall.store.page.saved(student)
    found = submission_of(paper, replace(saved, texts={n: t for n, t in texts.items() if t}))

    def work(sandbox):
        return Grader(exam, hall.site.shelf, sandbox, "test").grade(found, SEED, hall.clock().isoformat())

    return texts, hall.site.runner.submit(student, work, urgent=True).result(30).verdicts


def test_what_is_meant_to_be_right_is_right(hall):
    texts, verdicts = graded(hall, "s01", skill=1.0)
    assert any(texts.values())
    for verdict in verdicts:
        assert verdict.status is (Status.CORRECT if texts[verdict.item] else Status.BLANK), verdict


def test_what_is_meant_to_be_wrong_is_a_mistake_that_marking_names(hall):
    texts, verdicts = graded(hall, "s01", skill=0.0)
    written = [v for v in verdicts if texts[v.item]]
    assert len(written) > 6
    assert all(v.status in {Status.PARTIAL, Status.INCORRECT} for v in written)
    for verdict in written:
        if isinstance(verdict.detail, NumericDetail):
            assert any(finding.mistakes for finding in verdict.detail.findings), verdict


def test_functions_are_taken_from_every_code_question(shelf):
    for question in installed():
        if isinstance(question.template, CodeQuestion):
            template = question.template
            assert any(source_of(f, template.function) for f in template.solutions.values()), question.id
            assert any(source_of(f, template.function) for f in template.mistakes.values()), question.id


def test_a_function_without_a_source_is_none():
    assert source_of(np.sum, "f") == ""
    assert source_of(eval("lambda: 1"), "f") == ""  # noqa: S307 - a function whose source nobody has


def test_the_script_repeats_and_leaves_the_first_student_alone(hall):
    acts = script(hall.site.exam, hall.site.shelf)
    assert acts == script(hall.site.exam, hall.site.shelf)
    assert acts != script(hall.site.exam, hall.site.shelf, seed=9)
    assert {a.student for a in acts} == {p.student for p in hall.site.exam.papers[1:]}
    assert [a.at for a in acts] == sorted(a.at for a in acts)
    assert acts[-1].at < 10 * 60
    handed = {a.student for a in acts if a.doing is Doing.HAND_IN}
    assert 0 < len(handed) < len(hall.site.exam.papers) - 1


def test_a_class_starts_types_and_hands_in(hall):
    acts = [a for a in script(hall.site.exam, hall.site.shelf) if a.student in {"s02", "s03"}]
    for act in acts:
        hall.clock.now = hall.clock.now + timedelta(seconds=1)
        perform(hall.site, act)
    handed = {a.student for a in acts if a.doing is Doing.HAND_IN}
    assert handed
    for student in ("s02", "s03"):
        typed = {(a.item, f): t for a in acts if a.student == student for f, t in a.texts.items()}
        saved = hall.store.page.saved(student).texts
        assert {(n, f): t for n, found in saved.items() for f, t in found.items()} == typed
        assert bool(hall.graded(student)) == (student in handed)
    (attempt,) = hall.graded(min(handed))
    assert 0 < attempt.newest.grading.points < 71


def test_the_class_runs_beside_the_server_and_ends_with_it(hall):
    acts = [
        Act(at=0.0, student="s02", doing=Doing.START),
        Act(at=0.01, student="nobody", doing=Doing.START),  # what fails stops nobody else
        Act(at=0.02, student="s03", doing=Doing.START),
        Act(at=900.0, student="s04", doing=Doing.START),
    ]
    with Classroom(hall.site, acts):
        begin = time.monotonic()
        while not hall.store.page.sitting(hall.site.paper("s03")).started_at and time.monotonic() < begin + 10:
            time.sleep(0.01)
    started = {p.student for p in hall.site.exam.papers if hall.store.page.sitting(p).started_at}
    assert started == {"s02", "s03"}


def test_the_copy_is_open_and_the_exam_is_not_touched(tmp_path, frozen):
    over = Policy(
        release=Release.NEVER, opens=datetime(2020, 1, 1, tzinfo=UTC), deadline=datetime(2020, 1, 2, tzinfo=UTC)
    )
    (tmp_path / "exam.json").write_bytes(msgspec.json.encode(replace(frozen, policy=over)))
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    with copied(tmp_path) as folder:
        policy = read_exam(folder).policy
        assert (policy.opens, policy.deadline, policy.release) == (None, None, Release.AT_ONCE)
        (folder / "grades.db").touch()
    assert not folder.exists()
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def opened(link):
    """Open a link as soon as the server answers."""
    for _ in range(100):
        try:
            with urllib.request.build_opener(urllib.request.HTTPCookieProcessor()).open(link) as page:
                return page.read().decode()
        except urllib.error.URLError:
            time.sleep(0.05)
    raise AssertionError(link)


def test_one_command_shows_a_class_and_leaves_nothing_behind(example):
    before = sorted(p.name for p in (example / "exam").iterdir())
    command = [Path(sys.executable).with_name("autograder"), "serve", example / "exam", "--demo", "--port", "0"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([*command, "--workers", "1"], **pipes) as server:
        try:
            said = [server.stdout.readline() for _ in range(4)]
            teacher, student = (re.search(r"http://\S+", text)[0] for text in said[2:])
            assert "is not touched" in said[1]
            assert phrase("teach-class", "en") in opened(teacher)
            assert "Ada Okafor" in opened(student)
        finally:
            server.send_signal(signal.SIGTERM)
        out, err = server.communicate(timeout=20)
    assert (server.returncode, out, err) == (0, "", "")
    assert sorted(p.name for p in (example / "exam").iterdir()) == before


def test_a_demonstration_has_a_database_of_its_own(example):
    done = CliRunner().invoke(cli, ["serve", str(example / "exam"), "--demo", "--db", "sqlite:///x.db"])
    assert done.exit_code == 2
    assert "--demo has a database of its own" in done.output


@pytest.fixture(autouse=True)
def _handlers():
    """Leave the process's signals as they were."""
    held = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, held)
