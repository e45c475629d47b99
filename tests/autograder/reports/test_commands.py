"""Reports as a person asks for them."""

import csv
import io
import json
import re
import shutil
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli import cli
from autograder.sitting import Save
from autograder.store import open_store
from quizgen.exam_file import read_exam

MANUAL = Path(__file__).parents[3] / "docs" / "manual.md"


def run(*arguments, code=0):
    done = CliRunner().invoke(cli, [str(a) for a in arguments])
    assert done.exit_code == code, done.output
    return done


@pytest.fixture(scope="module")
def exam(example, tmp_path_factory):
    """Return the folder of an exam with two hand-ins graded, as Moodle gives them."""
    root = tmp_path_factory.mktemp("class")
    shutil.copytree(example / "exam", root / "exam")
    frozen = json.loads((root / "exam" / "exam.json").read_text(encoding="utf-8"))
    names = {p["student"]: p["name"] for p in frozen["papers"]}
    with zipfile.ZipFile(root / "Quiz-1.zip", "w") as archive:
        for number, student in enumerate(("s01", "s03")):
            for file in sorted((example / "submissions" / student).iterdir()):
                archive.write(file, f"{names[student]}_{number}_assignsubmission_file_/{file.name}")
        archive.writestr("Nobody Known_7_assignsubmission_file_/answers.toml", "")
    graded = run("grade", root / "exam", root / "Quiz-1.zip")
    assert "graded now: 2" in graded.stdout
    assert "Nobody Known_7_assignsubmission_file_: not on the roster" in graded.stdout
    return root / "exam"


def test_the_item_analysis(exam):
    assert "too few students (2 of 10)" in run("report", exam, "--items").stdout
    rows = list(csv.DictReader(io.StringIO(run("report", exam, "--items", "--csv").stdout)))
    assert len(rows) == 12
    found = json.loads(run("report", exam, "--items", "--json").stdout)
    plain = json.loads(run("report", exam, "--json").stdout)
    assert found.keys() - plain.keys() == {"analysis", "fairness", "mastery", "times"}
    section = re.search(r"(?ms)^### autograder report.*?(?=^### )", MANUAL.read_text(encoding="utf-8"))[0]
    estimate = found["analysis"]["items"][0]["difficulty"]
    score = next(iter(found["mastery"]["s01"].values()))
    for name in (*estimate, *score, *found["analysis"]["reliability"], "analysis", "fairness", "mastery", "times"):
        assert f"`{name}`" in section


def test_times_saved_on_the_page_are_reported(exam):
    assert "no times were recorded" in run("report", exam, "--items").stdout
    frozen = read_exam(exam)
    start = datetime(2026, 3, 1, 9, tzinfo=UTC)
    saves = [
        Save(student=p.student, item=1, field="answer", text=str(m), at=start + timedelta(minutes=m))
        for p in frozen.papers
        for m in (0, 4)
    ]
    with open_store(exam / "grades.db", create=False) as store:
        store.add_exam(frozen)
        store.page.add_saves(saves)
    found = json.loads(run("report", exam, "--items", "--json").stdout)["times"]
    assert (found[0]["number"], found[0]["spent"]["value"], found[0]["spent"]["students"]) == (1, 4, 12)
    assert "4.0 [4.0, 4.0], estimated" in run("report", exam, "--items").stdout


def test_gradebooks_and_pages(exam, tmp_path):
    for system, lines in (("canvas", 14), ("moodle", 13), ("blackboard", 13)):
        assert len(run("report", exam, "--gradebook", system).stdout.splitlines()) == lines
    run("report", exam, "--html", tmp_path / "zh.html", "--language", "zh")
    assert '<html lang="zh">' in (tmp_path / "zh.html").read_text(encoding="utf-8")


def test_feedback_in_a_folder_or_a_zip_or_both(exam, tmp_path):
    run("feedback", exam, "--zip", tmp_path / "a.zip")
    run("feedback", exam, "--zip", tmp_path / "b.zip", "--out", tmp_path / "sheets")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        for name in archive.namelist():
            assert archive.read(name) == (tmp_path / "sheets" / name).read_bytes()
    assert "--zip" in run("feedback", exam, code=2).stderr
