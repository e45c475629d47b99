import csv
import io
import zipfile

import msgspec
import pytest

from autograder.reports.feedback import feedback_html
from autograder.reports.feedback_zip import write_zip
from autograder.reports.gradebook import gradebook
from autograder.reports.lms_gradebook import lms_csv


@pytest.fixture
def book(classroom):
    found = classroom([[1.0, 0.5], [0.0, 1.0], [1.0, 1.0]])
    names = ["Ada Maria Okafor", "何雨桐", "=Bo"]
    papers = tuple(
        msgspec.structs.replace(p, name=n, email=f"{p.student}@x.edu")
        for p, n in zip(found.exam.papers, names, strict=True)
    )
    exam = msgspec.structs.replace(found.exam, papers=papers)
    return gradebook(exam, [r.grading for r in found.graded][:2])


def table(book, system):
    return list(csv.reader(io.StringIO(lms_csv(book, system))))


def test_canvas(book):
    head, maximum, *rows = table(book, "canvas")
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "T"]
    assert maximum == ["    Points Possible", "", "", "", "", "4"]
    assert rows == [
        ["Ada Maria Okafor", "", "s000", "s000@x.edu", "", "3"],
        ["何雨桐", "", "s001", "s001@x.edu", "", "2"],
        ["'=Bo", "", "s002", "s002@x.edu", "", ""],
    ]


def test_moodle(book):
    head, *rows = table(book, "moodle")
    assert head == ["ID number", "Full name", "Email address", "T"]
    assert rows[0] == ["s000", "Ada Maria Okafor", "s000@x.edu", "3"]
    assert rows[2][3] == ""


def test_blackboard(book):
    head, *rows = table(book, "blackboard")
    assert head == ["Last Name", "First Name", "Username", "Student ID", "T [Total Pts: 4 Score]"]
    assert rows[0] == ["Okafor", "Ada Maria", "s000", "s000", "3"]
    assert rows[1] == ["何雨桐", "", "s001", "s001", "2"]


def test_one_zip_with_the_same_bytes_every_time(book, tmp_path):
    for name in ("a.zip", "b.zip"):
        write_zip(book, tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.namelist() == ["s000.html", "s001.html"]
        assert archive.read("s001.html").decode() == feedback_html(book.exam, book.graded[1])
