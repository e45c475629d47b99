"""The Gradescope zip, unpacked as its container lays it out, and the results that its own script writes."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.intake.directory import Directory
from autograder.intake.handin import read_hand_in
from autograder.reports.gradescope import _explained, whose
from quizgen.exam_file import read_exam
from quizgen.formats.export import Options
from quizgen.formats.gradescope import export
from quizgen.formats.notebook import export as export_notebooks
from quizgen.model import Finding
from quizgen.wording.phrases import phrase

VENV = Path(sys.executable).parent.parent
POSSIBLE = 71
STAFF_ONLY = {"name", "number", "status", "output", "output_format", "visibility"}


@pytest.fixture(scope="module")
def exam(example):
    return read_exam(example / "exam")


@pytest.fixture(scope="module")
def archive(exam, tmp_path_factory):
    out = tmp_path_factory.mktemp("zip") / "autograder.zip"
    assert any("71" in sentence for sentence in export(exam, out, Options()))
    return out


@pytest.fixture
def container(archive, tmp_path):
    """Lay out a folder as Gradescope lays out /autograder."""
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(tmp_path / "source")
    shutil.copy(tmp_path / "source" / "run_autograder", tmp_path / "run_autograder")
    return tmp_path


def graded(container, upload, users=()):
    shutil.copytree(upload, container / "submission", dirs_exist_ok=True)
    (container / "submission_metadata.json").write_text(json.dumps({"id": 1, "users": list(users)}), encoding="utf-8")
    places = {"AUTOGRADER_ROOT": str(container), "AUTOGRADER_VENV": str(VENV), "PATH": "/usr/bin:/bin"}
    subprocess.run(["bash", container / "run_autograder"], env=places, check=True, capture_output=True)
    found = json.loads((container / "results" / "results.json").read_text(encoding="utf-8"))
    assert found["score"] == pytest.approx(sum(t.get("score", 0) for t in found["tests"]))
    assert found["extra_data"]["sandbox_level"] in {1, 2, 3}
    assert {t["visibility"] for t in found["tests"] if "score" not in t} <= {"hidden"}
    return found


def items(found):
    return {int(t["number"]): t for t in found["tests"] if "score" in t}


def test_full_marks_and_hidden_groups_only_for_staff(container, example, exam):
    found = graded(container, example / "submissions" / "s01")
    assert (found["score"], found["extra_data"]["student"]) == (POSSIBLE, "s01")
    assert sum(t["max_score"] for t in items(found).values()) == POSSIBLE
    assert {t["status"] for t in found["tests"]} == {"passed"}
    hidden = [g for r in exam.questions.values() for g in r.groups if not g.visible]
    staff = [t for t in found["tests"] if t["visibility"] == "hidden"]
    assert 0 < len(staff) <= len(hidden)
    assert all(set(t) == STAFF_ONLY for t in staff)
    told = "\n".join(t["output"] for t in items(found).values())
    assert not any(r.words["en"][g.name] in told for r in exam.questions.values() for g in r.groups if not g.visible)


def test_a_mistake_is_told_by_its_text_and_costs_its_points(container, example):
    found = graded(container, example / "submissions" / "s05")
    assert found["score"] == POSSIBLE - 1.5 - 8
    fifth, eleventh = items(found)[5], items(found)[11]
    assert (fifth["score"], fifth["max_score"], fifth["status"]) == (4.5, 6, "failed")
    assert "divides the sum of squares by K − 1" in fifth["output"]
    assert "follows from your earlier value" in fifth["output"]
    assert (eleventh["score"], eleventh["status"]) == (0, "failed")
    assert "ddof=1" in eleventh["output"]


def test_what_cannot_be_read_is_told_with_its_place_in_the_students_language(container, example):
    found = graded(container, example / "submissions" / "s08")
    assert found["score"] == POSSIBLE - 6 - 24
    assert "第 37 行第 11 列" in items(found)[5]["output"]
    assert all("SyntaxError" in items(found)[n]["output"] for n in (10, 11, 12))


def test_an_upload_of_nobody_is_answered_with_what_to_write(container, tmp_path):
    upload = tmp_path / "upload"
    upload.mkdir()
    (upload / "answers.toml").write_text('student = "nobody"\n', encoding="utf-8")
    shutil.copytree(upload, container / "submission")
    command = VENV / "bin" / "autograder"
    out = container / "results.json"
    subprocess.run(
        [command, "gradescope", container / "source" / "exam", upload, "--out", out], check=True, capture_output=True
    )
    found = json.loads(out.read_text(encoding="utf-8"))
    assert (found["score"], found["tests"]) == (0, [])
    assert "answers.toml" in found["output"]


def hand_in(folder, text):
    folder.mkdir()
    (folder / "answers.toml").write_text(text, encoding="utf-8")
    return read_hand_in("", lambda: Directory(folder))


ADA, BRUNO = {"email": "ada@example.edu", "name": "A."}, {"email": "bruno@example.edu", "name": "B."}
TEACHER = {"email": "teacher@example.edu", "name": "Someone Else"}


@pytest.mark.parametrize(
    ("text", "users", "student"),
    [
        ('paper = "JLLB-4CBS"', [], "s01"),
        ('paper = "jllb-4cbs"', [TEACHER], "s01"),
        ('student = "s01"', [], "s01"),
        ("", [BRUNO], "s02"),
        ("", [{"email": "", "name": "Keller, Bruno"}], "s02"),
        ('paper = "JLLB-4CBS"', [BRUNO], "s02"),
        ('paper = "JLLB-4CBS"', [BRUNO, ADA], "s01"),
        ("", [BRUNO, ADA], None),
        ("", [TEACHER], None),
        ("", [], None),
    ],
    ids=["code", "code in lower case", "id", "e-mail", "name", "another's paper", "a group", "which", "staff", "none"],
)
def test_whose_an_upload_is(exam, tmp_path, text, users, student):
    assert whose(exam, hand_in(tmp_path / "in", text), users) == student


def test_a_notebook_names_its_student(exam, tmp_path):
    export_notebooks(exam, tmp_path / "notebooks", Options())
    (tmp_path / "in").mkdir()
    shutil.copy(tmp_path / "notebooks" / "s03.ipynb", tmp_path / "in" / "Untitled.ipynb")
    assert whose(exam, read_hand_in("", lambda: Directory(tmp_path / "in")), []) == "s03"


def test_the_zip_repeats_byte_for_byte_and_its_wheel_is_whole(archive, exam, tmp_path):
    export(exam, tmp_path / "again.zip", Options())
    assert (tmp_path / "again.zip").read_bytes() == archive.read_bytes()
    with zipfile.ZipFile(archive) as packed:
        assert {i.date_time for i in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {i.external_attr >> 16 & 0o777 for i in packed.infolist() if "/" not in i.filename} == {0o755}
        packed.extractall(tmp_path / "source")
    (wheel,) = (tmp_path / "source" / "packages").glob("*.whl")
    target = tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--quiet", "--target", target, wheel]
    subprocess.run(pip, check=True, capture_output=True)
    # Without site-packages' .pth files, only what the wheel brought can be imported of ours.
    where = "import autograder.batch, question_bank, quizgen; print(autograder.__file__, quizgen.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", where],
        env={"PYTHONPATH": str(target)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert all(Path(path).is_relative_to(target) for path in done.stdout.split())


def test_the_scripts_are_bash_that_parses(container):
    for name in ("setup.sh", "run_autograder"):
        subprocess.run(["bash", "-n", container / "source" / name], check=True)


@pytest.mark.parametrize(
    ("found", "lines"),
    [
        ([{"mistakes": (("a",),)}], ["x: What happened", "Text A."]),
        ([{"mistakes": (("a", "b"),)}], ["x: Either of these leads to the same numbers:", "Text A.", "Text B."]),
        (
            [{"mistakes": (("a",),)}, {"mistakes": (("b",),)}],
            ["x: Either of these leads to the same numbers:", "Text A.", "Text B."],
        ),
        (
            [{"mistakes": (("a",),), "certain": False}],
            ["x: What may have happened", "Text A.", "A guess could give this number too, so this is not certain."],
        ),
        (
            [{"mistakes": (("a",),), "other_convention": True}],
            [
                "x: What happened",
                "Text A.",
                phrase("other-convention-note", "en"),
            ],
        ),
    ],
)
def test_how_sure_we_are_of_an_explanation_is_told(found, lines):
    words = {"a": "Text A.", "b": "Text B."}
    findings = [Finding(step="x", **finding) for finding in found]
    assert [line.strip() for line in _explained("x", findings, words, {}, "en")] == lines
