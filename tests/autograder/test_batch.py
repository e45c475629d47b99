"""Processes that die, on this machine and on the hosts of a cluster: the gradebook is the same."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from autograder import batch
from autograder.batch import Setting, grade_all, jobs
from autograder.executors import cluster as cluster_workers
from autograder.executors.station import Errand, Introduction
from autograder.intake import collect
from quizgen.errors import OperatorError
from quizgen.exam_file import read_exam
from quizgen.wording.phrases import phrase

BIN = Path(sys.executable).parent
POINTS = {"s01": 71, "s03": 69.5, "s04": 58.33, "s05": 61.5}

# Loaded by every Python process that finds it on its path: makes graders die of one student's hand-in.
DEADLY = """
import os, pathlib, signal, sys
if "--multiprocessing-fork" in sys.orig_argv or any("dask" in a for a in sys.orig_argv):
    import autograder.grading
    honest = autograder.grading.Grader.grade
    def grade(self, submission, seed, now):
        if submission.student == "s03":
            with open({log!r}, "a+") as log:
                print("died", file=log)
                log.seek(0)
                deaths = len(log.readlines())
            if deaths <= {times}:
                os.kill(os.getpid(), signal.SIGKILL)
        return honest(self, submission, seed, now)
    autograder.grading.Grader.grade = grade
"""

SLOW = """
import sys, time
if any("dask" in a for a in sys.orig_argv):
    import autograder.grading
    honest = autograder.grading.Grader.grade
    def grade(self, submission, seed, now):
        time.sleep(0.15)
        return honest(self, submission, seed, now)
    autograder.grading.Grader.grade = grade
"""


@pytest.fixture
def exam(example, tmp_path):
    """Return a fresh copy of the example's exam folder."""
    shutil.copytree(example / "exam", tmp_path / "midterm")
    return tmp_path / "midterm"


@pytest.fixture
def hand_ins(example, tmp_path):
    """Return a folder with four hand-ins."""
    for student in POINTS:
        shutil.copytree(example / "submissions" / student, tmp_path / "submissions" / student)
    return tmp_path / "submissions"


@pytest.fixture
def deadly(tmp_path):
    """Return a function that makes an environment in which graders die so many times of the hand-in of s03."""

    def environment(times):
        folder = tmp_path / "deadly"
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(DEADLY.format(log=str(tmp_path / "deaths"), times=times))
        return {**os.environ, "PYTHONPATH": str(folder)}

    return environment


def grade(*arguments, env=None, check=0):
    command = [BIN / "autograder", "grade", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=env)
    assert "Traceback" not in done.stdout + done.stderr
    assert done.returncode == check, done.stderr
    return done


def told(done):
    return json.loads(done.stdout)


def scores(report):
    return {s["student"]: s["points"] for s in report["students"] if s["points"] is not None}


def gradebook(report):
    """Return everything but the moments."""
    return [{k: v for k, v in s.items() if k != "graded_at"} for s in report["students"]], report["items"]


def test_what_a_dead_process_had_is_graded_again(exam, hand_ins, deadly, tmp_path):
    report = told(grade(exam, hand_ins, "--workers", "2", "--json", env=deadly(times=1)))
    assert len((tmp_path / "deaths").read_text().splitlines()) == 2  # the second time it lived
    assert scores(report) == pytest.approx(POINTS, abs=0.01)
    assert report["set_aside"] == []


def test_a_hand_in_that_ends_two_processes_is_set_aside(exam, hand_ins, deadly, tmp_path):
    done = grade(exam, hand_ins, "--workers", "2", env=deadly(times=9))
    assert len((tmp_path / "deaths").read_text().splitlines()) == 2
    assert "set aside, after two grading processes died of each: s03" in done.stdout
    assert "graded now: 4" in done.stdout


def test_so_it_is_where_there_is_one_process(exam, hand_ins, deadly):
    report = told(grade(exam, hand_ins, "--workers", "1", "--json", env=deadly(times=9)))
    assert report["set_aside"] == ["s03"]
    assert_set_aside(report)


def assert_set_aside(report):
    assert {s: p for s, p in scores(report).items() if s != "s03"} == pytest.approx(
        {s: p for s, p in POINTS.items() if s != "s03"}, abs=0.01
    )
    (aside,) = [s for s in report["students"] if s["student"] == "s03"]
    assert {i["status"] for i in aside["items"]} == {"error"}
    assert len(aside["items"]) == 12
    assert (aside["points"], aside["possible"]) == (0, 0)
    assert "died" in aside["items"][0]["reason"]


def test_the_reason_is_told_in_both_languages():
    assert phrase("worker-died", "en") != phrase("worker-died", "zh")


def test_processes_that_die_at_once_end_the_run_with_a_reason(exam, hand_ins, tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(
        'import os, sys\nif "--multiprocessing-fork" in sys.orig_argv:\n'
        f"    open({str(tmp_path / 'starts')!r}, 'a').write('.')\n    os._exit(1)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(batch, "PATIENCE_SECONDS", 0.2)
    submissions = collect(hand_ins, list(POINTS)).submissions
    setting = Setting(exam_folder=exam, program="test")
    with pytest.raises(OperatorError, match=r"no worker for 0\.2 seconds: grading processes cannot be started"):
        list(grade_all(setting, jobs(submissions), workers=1))
    assert 1 <= len((tmp_path / "starts").read_text()) <= 3  # not as many as can be started in a second


def test_a_worker_that_cannot_confine_code_is_refused(exam, hand_ins, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(
        'import sys\nif "--multiprocessing-fork" in sys.orig_argv:\n'
        "    import autograder.sandbox.session as s\n    s.wanted_layers = lambda level: frozenset()\n"
    )
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    refused = grade(exam, hand_ins, "--workers", "1", env=env, check=1)
    assert "a grading process cannot grade: student code cannot be shut in" in refused.stderr
    grade(exam, hand_ins, "--workers", "1", "--unsafe-no-sandbox", env=env)


HERE = {"program": "1", "NumPy": "2.3", "bank own": "abc"}


@pytest.mark.parametrize(
    ("got", "fault", "words"),
    [
        ({**HERE, "NumPy": "2.2"}, "", "worker 7 has NumPy 2.2, wanted 2.3"),
        ({"program": "1", "NumPy": "2.3"}, "", "worker 7 has bank own not installed, wanted abc"),
        ({**HERE, "bank more": "d"}, "no exam", "worker 7 has bank more d, wanted none"),
        (HERE, "no walls", "worker 7 cannot grade: no walls"),
        ({}, "a bank is broken", "worker 7 cannot grade: a bank is broken"),
    ],
)
def test_who_would_mark_otherwise_is_refused(got, fault, words):
    with pytest.raises(OperatorError, match=words):
        batch.check("worker 7", Introduction(versions=got, fault=fault), HERE)


def test_who_marks_alike_is_taken():
    batch.check("worker 7", Introduction(versions=dict(HERE)), HERE)


class Cluster:
    """A real scheduler, and hosts: loopback addresses of their own, folders of their own."""

    def __init__(self, folder):
        self.folder = folder
        self.processes = []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        self.start("scheduler", "--host", self.address)

    def start(self, *arguments, folder=None, env=None):
        with (self.folder / "log").open("a") as log:
            process = subprocess.Popen(
                [BIN / "dask", *arguments, "--no-dashboard"],
                cwd=folder or self.folder,
                env=env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def host(self, number, *, env=None, nanny=False):
        folder = self.folder / f"host{number}"
        folder.mkdir()
        how = "--nanny" if nanny else "--no-nanny"
        address = f"127.0.0.{number}"
        return self.start("worker", self.address, "--host", address, "--nthreads", "1", how, folder=folder, env=env)

    def stop(self):
        for process in self.processes:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def cluster(tmp_path):
    (tmp_path / "cluster").mkdir()
    started = Cluster(tmp_path / "cluster")
    yield started
    started.stop()


def stored(exam):
    try:
        with sqlite3.connect(f"file:{exam / 'grades.db'}?mode=ro", uri=True) as connection:
            found = connection.execute("select count(*) from grading").fetchone()[0]
        connection.close()
    except sqlite3.OperationalError:
        return 0
    return found


def test_two_hosts_one_killed_midway_give_the_gradebook_of_one_process(example, exam, cluster, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(SLOW)
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    dies, _ = cluster.host(2, env=env), cluster.host(3, env=env)
    command = [BIN / "autograder", "grade", exam, example / "submissions", "--seed", "7", "--json"]
    running = subprocess.Popen([*command, "--dask", cluster.address], stdout=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 40
    while stored(exam) < 3 and time.monotonic() < deadline:
        time.sleep(0.002)
    # Stopped first, so that it is with a submission in its hands that it dies, whatever the other does meanwhile.
    os.kill(dies.pid, signal.SIGSTOP)
    assert 3 <= stored(exam) < 12
    time.sleep(0.3)
    os.kill(dies.pid, signal.SIGKILL)
    over_hosts = json.loads(running.communicate(timeout=40)[0])
    assert running.returncode == 0
    shutil.copytree(example / "exam", tmp_path / "alone")
    alone = told(grade(tmp_path / "alone", example / "submissions", "--seed", "7", "--workers", "1", "--json"))
    assert gradebook(over_hosts) == gradebook(alone)
    assert over_hosts["graded_now"] == 12
    assert over_hosts["set_aside"] == []
    assert not list((cluster.folder).glob("**/*.db"))


def test_on_a_cluster_too_a_hand_in_that_ends_two_workers_is_set_aside(exam, hand_ins, cluster, deadly, tmp_path):
    cluster.host(4, env=deadly(times=9), nanny=True)  # a nanny starts the worker anew, at another address
    assert_set_aside(told(grade(exam, hand_ins, "--dask", cluster.address, "--json")))
    assert len((tmp_path / "deaths").read_text().splitlines()) == 2


def test_a_worker_of_another_version_is_refused_by_name(exam, hand_ins, cluster, tmp_path):
    other = tmp_path / "other" / "quizgen_deep_learning-9.9.dist-info"
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: quizgen-deep-learning\nVersion: 9.9\n")
    (other / "entry_points.txt").write_text("[quizgen.banks]\nfundamentals = question_bank\n")
    cluster.host(5, env={**os.environ, "PYTHONPATH": str(other.parent)})
    refused = grade(exam, hand_ins, "--dask", cluster.address, check=1)
    assert "worker tcp://127.0.0.5:" in refused.stderr
    assert "has program 9.9, wanted 0." in refused.stderr
    assert stored(exam) == 0


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("tcp://127.0.0.1:1", "no Dask scheduler answers at tcp://127.0.0.1:1"),
        ("127.0.0.1:8786", "wanted tcp://host:8786"),
        ("tls://127.0.0.1:8786", "TLS needs certificates"),
    ],
)
def test_an_address_where_nothing_answers_is_one_line(address, words, monkeypatch):
    monkeypatch.setattr(cluster_workers, "CONNECT_SECONDS", 1)
    with pytest.raises(OperatorError, match=words) as refused:
        cluster_workers.Cluster(Errand(exam=b"", program="test"), address)
    assert "\n" not in str(refused.value)


def test_without_dask_its_extra_is_named(exam, hand_ins, tmp_path):
    (tmp_path / "distributed.py").write_text("raise ImportError('no distributed here')")
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    refused = grade(exam, hand_ins, "--dask", "tcp://127.0.0.1:8786", check=1, env=env)
    assert "pip install 'quizgen-deep-learning[cluster]'" in refused.stderr


def test_when_is_the_time_of_the_one_who_stores(example, exam):
    """Hosts' clocks differ: a worker's own time stands nowhere."""
    submissions = collect(example / "submissions", ["s12"]).submissions
    before = batch.now()
    (grading,) = grade_all(Setting(exam_folder=exam, program="test"), jobs(submissions), workers=1)
    assert before <= grading.graded_at <= batch.now()
    aside = batch.set_aside(read_exam(exam), jobs(submissions)[0], "test")
    assert msgspec.json.decode(msgspec.json.encode(aside), type=type(aside)) == aside
