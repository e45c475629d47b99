"""The command as a person uses it: real folders, real interruptions, and real processes where these are the point."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.commands import Outcome

AUTOGRADER = str(Path(sys.executable).parent / "autograder")


def checked(done, check):
    assert "Traceback" not in done.out + done.err
    if check is not None:
        assert done.code == check, done.err + done.out
    return done


def process(*arguments, check=None, cwd=None):
    """Run the installed command in a process of its own."""
    command = [AUTOGRADER, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=cwd)
    return checked(Outcome(done.returncode, done.stdout, done.stderr), check)


@pytest.fixture
def run(autograder):
    """Return a function that runs the command in this process."""
    return lambda *arguments, check=None: checked(autograder(*arguments), check)


@pytest.fixture
def exam(example, tmp_path):
    """Return a fresh copy of the example's exam folder."""
    shutil.copytree(example / "exam", tmp_path / "midterm")
    return tmp_path / "midterm"


@pytest.fixture
def two(example, tmp_path):
    """Return a folder with two hand-ins."""
    for student in ("s01", "s03"):
        shutil.copytree(example / "submissions" / student, tmp_path / "submissions" / student)
    return tmp_path / "submissions"


def scores(exam, run):
    report = json.loads(run("report", exam, "--json", check=0).out)
    return {s["student"]: s["points"] for s in report["students"]}


def test_grade_report_feedback(exam, two, tmp_path):
    first = process("grade", exam, two, check=0)
    assert "graded now: 2, unchanged: 0" in first.out
    assert "nothing handed in: s02, s04" in first.out
    assert scores(exam, process)["s01"] == 71
    assert scores(exam, process)["s03"] == 69.5
    assert scores(exam, process)["s02"] is None
    csv = process("report", exam, "--csv", check=0).out.splitlines()
    assert len(csv) == 13
    process("report", exam, "--html", tmp_path / "r.html", check=0)
    assert "<svg" in (tmp_path / "r.html").read_text()
    process("feedback", exam, "--out", tmp_path / "sheets", check=0)
    assert sorted(p.name for p in (tmp_path / "sheets").iterdir()) == ["s01.html", "s03.html"]


def test_nothing_is_marked_twice_unless_it_changed(exam, two, run):
    run("grade", exam, two, check=0)
    assert "graded now: 0, unchanged: 2" in run("grade", exam, two, check=0).out
    answers = two / "s03" / "answers.toml"
    answers.write_text(answers.read_text().replace("[item8]", "[item8]\n#", 1))
    assert "graded now: 1, unchanged: 1" in run("grade", exam, two, check=0).out
    assert "graded now: 2, unchanged: 0" in run("grade", exam, two, "--again", check=0).out


def test_json_says_what_was_graded(exam, two, run):
    found = json.loads(run("grade", exam, two, "--json", check=0).out)
    assert found["graded_now"] == 2
    assert found["problems"] == []


def test_a_folder_that_is_nobody_s_is_reported_with_the_nearest_name(exam, two, run):
    (two / "s03").rename(two / "s0003")
    done = run("grade", exam, two, check=0)
    assert "s0003" in done.out
    assert "s03" in done.out.split("s0003", 1)[1]
    assert scores(exam, run)["s01"] == 71


def test_one_unreadable_hand_in_does_not_stop_the_others(exam, two, run):
    (two / "s03" / "answers.toml").write_bytes(b"\xff\xfe\x00garbage\x00")
    (two / "s05.zip").write_bytes(b"PK no zip")
    done = run("grade", exam, two, check=0)
    assert scores(exam, run)["s01"] == 71
    assert "s05" in done.out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["grade", "nowhere", "nowhere"], 1, "exam.json"),
        (["report", "nowhere"], 1, "exam.json"),
        (["feedback", "nowhere"], 2, "--out"),
        (["grade"], 2, "Missing argument"),
        (["nonsense"], 2, "No such command"),
    ],
)
def test_wrong_calls_say_what_is_wrong(arguments, code, words, tmp_path):
    assert words in process(*arguments, check=code, cwd=tmp_path).err


def test_commands_start_where_the_system_gives_nobody_processors_of_their_own():
    source = "import os; del os.sched_getaffinity; from autograder.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", source, "--help"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_report_before_any_grading_says_so(exam, run):
    done = run("report", exam, check=1)
    assert "grades.db" in done.err


def test_a_missing_folder_of_hand_ins(exam, tmp_path, run):
    assert "no such" in run("grade", exam, tmp_path / "none", check=1).err.lower()


def test_a_broken_exam_file_is_named(exam, two, run):
    (exam / "exam.json").write_text("{")
    assert "exam.json" in run("grade", exam, two, check=1).err


def test_a_database_of_another_time_is_refused_and_left_alone(exam, two, run):
    run("grade", exam, two, check=0)
    database = exam / "grades.db"
    with sqlite3.connect(database) as connection:
        connection.execute("update alembic_version set version_num = 'ffff'")
    connection.close()
    before = database.read_bytes()
    done = run("grade", exam, two, check=1)
    assert "newer" in done.err
    assert database.read_bytes() == before


def test_doctor_prints_probes_and_a_level(run):
    found = json.loads(run("doctor", "--json", check=0).out)
    assert found["level"] >= 1
    assert {"name", "holds", "reason", "remedy"} <= found["probes"][0].keys()
    assert f"level {found['level']}" in run("doctor", check=0).out


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_run_keeps_what_is_done_and_the_next_does_the_rest(example, exam, how, run):
    process = subprocess.Popen(
        [AUTOGRADER, "grade", str(exam), str(example / "submissions"), "--workers", "2"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
        # A process started by one that ignores Ctrl-C, as the tests' runner may, would ignore it too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - the tests start no threads
    )
    deadline = time.monotonic() + 60
    while stored(exam) < 2 and time.monotonic() < deadline:
        time.sleep(0.005)
    if how is signal.SIGINT:
        os.killpg(process.pid, how)
    else:
        process.kill()
    _, errors = process.communicate(timeout=30)
    assert "Traceback" not in errors
    kept = stored(exam)
    assert kept >= 2
    left = wait_until_gone(process.pid)
    assert left == []
    done = run("grade", exam, example / "submissions", check=0)
    assert f"graded now: {12 - kept}, unchanged: {kept}" in done.out
    assert stored(exam) == 12


def stored(exam: Path) -> int:
    try:
        connection = sqlite3.connect(f"file:{exam / 'grades.db'}?mode=ro", uri=True)
        try:
            return connection.execute("select count(*) from grading").fetchone()[0]
        finally:
            connection.close()
    except sqlite3.OperationalError:
        return 0


def wait_until_gone(session: int, seconds: float = 10) -> list[int]:
    """Return the processes of a session that are still there, once they have had their time to go."""
    deadline = time.monotonic() + seconds
    while (left := processes_of(session)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def processes_of(session: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(status.parent.name))
    return found


def test_without_a_sandbox_every_result_says_so(exam, two, tmp_path, run):
    # Whether or not this machine can confine code, the switch is honored only where nothing can: here it is not needed.
    run("grade", exam, two, "--unsafe-no-sandbox", check=0)
    report = json.loads(run("report", exam, "--json", check=0).out)
    levels = {s["sandbox_level"] for s in report["students"] if s["points"] is not None}
    assert levels == {json.loads(run("doctor", "--json").out)["level"]}


def test_try_runs_the_visible_cases_and_says_what_grading_would_say(example, run):
    exam, hand_ins = example / "exam", example / "submissions"
    right = run("try", hand_ins / "s01" / "solution.py", "--exam", exam, "--student", "s01", check=0)
    assert right.out.count("✓") == 3
    slow = run("try", hand_ins / "s07" / "solution.py", "--exam", exam, "--student", "s07", check=1)
    assert "did not finish within 1 s" in slow.out
    broken = run(
        "try", hand_ins / "s08" / "solution.py", "--language", "zh", "--exam", exam, "--student", "s08", check=1
    )
    assert "文件无法导入" in broken.out


def test_try_needs_no_exam_and_shows_no_hidden_case(example, tmp_path, run):
    solution = tmp_path / "solution.py"
    solution.write_text("def mse_gradient(X, y, theta):\n    print('hello')\n    return X.T @ (X @ theta - y)\n")
    done = run("try", solution, check=1)
    assert "wrong value" in done.out
    assert "hello" in done.out
    assert "descent/implement-mse-gradient" in done.out
    solution.write_text("def something_else(x):\n    return x\n")
    assert "no function that a question asks for" in run("try", solution, check=1).err
    assert run("try", solution, "--student", "s01").code == 2
    assert "no-such.py" in run("try", tmp_path / "no-such.py", check=1).err
