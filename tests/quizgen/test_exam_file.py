"""exam.json: what was written is read back, and what is no exam is refused with its place."""

import json

import pytest
from msgspec.structs import replace

from quizgen.assembly import assemble
from quizgen.bank import installed
from quizgen.blueprint import Blueprint, Section, Student
from quizgen.errors import InstructorError, OperatorError
from quizgen.exam_file import NAME, read_exam, write_exam
from quizgen.model import EXAM_FORMAT


@pytest.fixture(scope="module")
def exam():
    plan = Blueprint(
        title="T", seed=10**30, sections=(Section(questions=("pooling/maximum", "pooling/which-pooling")),)
    )
    return assemble(plan, [Student(student="s1", name="Ann")], installed(), program="test")


@pytest.fixture
def edited(exam, tmp_path):
    """Return a function that writes exam.json with some of its fields changed, and reads it."""

    def read(**fields):
        write_exam(exam, tmp_path)
        path = tmp_path / NAME
        path.write_text(json.dumps({**json.loads(path.read_bytes()), **fields}))
        return read_exam(tmp_path)

    return read


def test_an_exam_is_read_back_as_it_was_whatever_its_seed(exam, tmp_path):
    write_exam(exam, tmp_path)
    assert read_exam(tmp_path) == exam


def test_a_newer_form_is_named_before_its_fields_are_looked_at(edited):
    with pytest.raises(OperatorError, match=f"format {EXAM_FORMAT + 1} is newer than this program reads"):
        edited(format=EXAM_FORMAT + 1, papers="all at once")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b'{"title"', "truncated"),
        (b'{"title": "\xff"}', "utf-8"),
        (b'{"a": ' + b"[" * 100_000, "nested too deep"),
        (b"[]", "Expected `object`"),
        (b"", "truncated"),
    ],
)
def test_what_is_no_exam_is_refused(tmp_path, data, told):
    (tmp_path / NAME).write_bytes(data)
    with pytest.raises(InstructorError, match=told) as refused:
        read_exam(tmp_path)
    assert str(tmp_path / NAME) in str(refused.value)


def test_papers_keys_and_questions_belong_together(edited, exam):
    with pytest.raises(InstructorError, match="paper of 's1' has 2 items, but 0 keys"):
        edited(keys={})
    with pytest.raises(InstructorError, match="'pooling/maximum' is on a paper, but not among the questions"):
        edited(questions={})
    swapped = [{"type": "code"}] * 2
    with pytest.raises(InstructorError, match="item 1 of 's1' has the key of another kind"):
        edited(keys={"s1": swapped})
    assert edited(title="Another") == replace(exam, title="Another")
