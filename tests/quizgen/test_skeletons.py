"""`quizgen new`: what it writes works as it is, and nothing of the author's is lost."""

import pytest

from quizgen.bank import installed
from quizgen.model import Kind
from quizgen.skeletons import write_skeleton

IDS = {"numeric": "shapes/first-sum", "concept": "shapes/which-one", "code": "shapes/implement-scaled"}


@pytest.fixture
def new(workshop, quizgen):
    """Return a function that runs `quizgen new` on the bank of somebody else."""
    return lambda *args: quizgen("new", *args, "--bank", workshop.folder)


@pytest.mark.parametrize("kind", IDS)
def test_a_new_question_passes_the_check_as_written(kind, new, quizgen):
    name = IDS[kind].replace("implement-", "")
    told = new(name, "--kind", kind)
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines()[-1] == f"quizgen check {IDS[kind]}"
    assert "not installed yet" not in told.out
    question = installed().question(IDS[kind])
    assert question.kind == kind
    assert question.languages == ("en", "zh")
    checked = quizgen("check", IDS[kind], "--draws", 100)
    assert checked.code == 0, checked.out


@pytest.mark.parametrize("kind", Kind)
def test_the_files_are_named_and_hold_no_placeholder(kind, workshop):
    written = write_skeleton("maps/lp_pool", kind, workshop.folder)
    assert {p.suffix for p in written} == ({".md", ".py"})
    assert all(p.is_file() for p in written)
    assert workshop.folder / "maps" / "__init__.py" in written
    assert all("NAME" not in p.read_text(encoding="utf-8") for p in written)
    again = write_skeleton("maps/other", kind, workshop.folder)
    assert workshop.folder / "maps" / "__init__.py" not in again


def test_nothing_is_written_over(workshop, new):
    workshop.numeric()
    before = (workshop.folder / "shapes/rectangle.py").read_text(encoding="utf-8")
    told = new("shapes/rectangle", "--kind", "numeric")
    assert told.code == 1
    assert "is there already; choose another name" in told.err
    assert (workshop.folder / "shapes/rectangle.py").read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("rectangle", "'rectangle' cannot be a question's name, wanted topic/name"),
        ("Shapes/x", "'Shapes/x' cannot be a question's name"),
        ("../x", "cannot be a question's name"),
        ("shapes/lambda", "'lambda' is a word of Python"),
    ],
)
def test_names_that_cannot_be(new, name, problem):
    told = new(name, "--kind", "code")
    assert told.code == 1
    assert problem in told.err


def test_a_folder_that_is_no_bank_is_refused(quizgen, tmp_path, monkeypatch):
    told = quizgen("new", "a/b", "--kind", "concept", "--bank", tmp_path)
    assert told.code == 1
    assert "is no bank: it has no __init__.py" in told.err
    monkeypatch.chdir(tmp_path)
    told = quizgen("new", "a/b", "--kind", "concept")
    assert told.err == "Error: no folder question_bank here; name a bank's folder with --bank\n"


def test_the_checkout_s_own_bank_is_the_default(quizgen, tmp_path, monkeypatch):
    (tmp_path / "question_bank").mkdir()
    (tmp_path / "question_bank" / "__init__.py").write_text('"""A bank."""\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    told = quizgen("new", "a/b-c", "--kind", "concept")
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines()[-2:] == [
        "not installed yet: `pip install -e .` where the bank's pyproject.toml is, then",
        "quizgen check a/b-c",
    ]
    assert (tmp_path / "question_bank" / "a" / "b_c.zh.md").is_file()
