"""When hand-ins came, from the download to what lateness costs."""

import json
import shutil
from datetime import UTC, datetime

import msgspec
import pytest
from click.testing import CliRunner

from autograder.cli import cli
from quizgen.exam_file import read_exam
from quizgen.policy import Policy

METADATA = """
submission_1:
  :submitters:
  - :sid: s01
  :created_at: 2026-03-01 13:00:00.000000000 +01:00
submission_2:
  :submitters:
  - :sid: s03
  :created_at: 2026-03-01 12:00:00.000000001 -00:30
"""


@pytest.fixture
def exam(example, tmp_path):
    """Return the folder of an exam whose deadline is over, and lateness costs half a day."""
    frozen = read_exam(example / "exam")
    policy = Policy(deadline=datetime(2026, 3, 1, 12, tzinfo=UTC), late_per_day=50)
    (tmp_path / "exam").mkdir()
    (tmp_path / "exam" / "exam.json").write_bytes(msgspec.json.encode(msgspec.structs.replace(frozen, policy=policy)))
    return tmp_path / "exam"


@pytest.fixture
def download(example, tmp_path):
    """Return a download of Gradescope's with two hand-ins."""
    root = tmp_path / "assignment_7_export"
    for folder, student in (("submission_1", "s01"), ("submission_2", "s03")):
        shutil.copytree(example / "submissions" / student, root / folder)
    (root / "submission_metadata.yml").write_text(METADATA)
    return root


def grade(*arguments):
    return CliRunner().invoke(cli, ["grade", "--workers", "1", "--json", *map(str, arguments)])


def deductions(done):
    assert done.exit_code == 0, done.output
    students = json.loads(done.stdout)["students"]
    return {s["student"]: [d["why"] for d in s["deductions"]] for s in students if s["points"] is not None}


def test_known_times_need_no_option_and_go_before_it(exam, download, tmp_path):
    found = deductions(grade(exam, download))
    assert found["s01"] == []
    assert "late" in found["s03"][0]
    shutil.copytree(download / "submission_1", download / "s02")
    refused = grade(exam, download)
    assert "when the 1 new hand-ins came" in str(refused.exception)
    again = deductions(grade(exam, download, "--received", "2026-03-01T12:00+00:00"))
    assert again == {**found, "s02": []}
