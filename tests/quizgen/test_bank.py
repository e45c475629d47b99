"""Banks are found by their entry points; what is wrong with one is said in one line."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

from quizgen import bank
from quizgen.bank import shelf
from quizgen.errors import AuthorError, InstructorError


class Point:
    """An entry point as importlib gives it: a name, and a package or an error to load."""

    value = "somewhere"

    def __init__(self, name, found):
        self.name = name
        self.found = found

    def load(self):
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


def package(tmp_path, name):
    folder = tmp_path / name / "topic"
    folder.mkdir(parents=True)
    (folder / "same.en.md").write_text("+++\ntitle = 'x'\n+++\n# stem\nx\n")
    module = ModuleType(name)
    module.__file__ = str(tmp_path / name / "__init__.py")
    return module


def install(monkeypatch, *points):
    monkeypatch.setattr(shelf, "entry_points", lambda **_: points)


def test_no_two_banks_may_have_a_question_of_the_same_id(monkeypatch, tmp_path):
    install(monkeypatch, Point("one", package(tmp_path, "one")), Point("two", package(tmp_path, "two")))
    with pytest.raises(AuthorError, match="topic/same is in two banks: one and two"):
        bank.installed()


def test_a_bank_that_cannot_be_loaded_is_named(monkeypatch):
    install(monkeypatch, Point("broken", ImportError("No module named 'broken_bank'")))
    with pytest.raises(AuthorError, match=r"bank 'broken' .* cannot be loaded: No module named"):
        bank.installed()


def test_without_any_bank_that_is_said(monkeypatch):
    install(monkeypatch)
    with pytest.raises(InstructorError, match="no question bank is installed"):
        bank.installed()


def test_a_words_file_without_sections_is_named(monkeypatch, tmp_path):
    module = package(tmp_path, "one")
    (tmp_path / "one" / "topic" / "same.en.md").write_text("+++\ntitle = 'x'\n+++\n")
    install(monkeypatch, Point("one", module))
    with pytest.raises(AuthorError, match=r"same\.en\.md.*no section"):
        bank.installed().question("topic/same")


PYTHON = """
import numpy as np

from quizgen.authoring import CodeQuestion
from {package}.reference.outer import double

question = CodeQuestion(source="test", level=1, minutes=1, reference=double)


@question.cases(visible=True)
def some(rng):
    yield {{"x": rng.normal(size=3)}}
"""
OUTER = """
from {package}.reference import inner
from {package}.reference.other import unused


def double(x):
    return inner.twice(x)
"""
FILES = {
    "reference/__init__.py": "",
    "reference/outer.py": OUTER,
    "reference/inner.py": "def twice(x):\n    return {factor} * x\n",
    "reference/other.py": "def unused():\n    return 1\n",
    "reference/stranger.py": "def stranger():\n    return {factor}\n",
}


def versions(workshop, **changed):
    """Return a question's version with one of the bank's modules written in another way."""
    for name in [m for m in sys.modules if m.startswith(workshop.package)]:
        del sys.modules[name]
    importlib.invalidate_caches()
    for name, text in FILES.items():
        factor = 2.0 if changed.get(Path(name).stem) else 2
        workshop.write(name, text.format(package=workshop.package, factor=factor))
    workshop.code(python=PYTHON.format(package=workshop.package))
    importlib.import_module(f"{workshop.package}.reference.stranger")
    return workshop.question("vectors/implement-double").version


def test_a_version_depends_on_every_module_of_the_bank_that_the_reference_calls(workshop):
    before = versions(workshop)
    assert versions(workshop) == before
    assert versions(workshop, inner=True) != before
    assert versions(workshop, stranger=True) == before


@pytest.mark.parametrize(
    ("known", "told"),
    [
        (("pooling", "descent"), "there are pooling, descent"),
        (tuple(f"pooling/{n}" for n in range(50)), "`quizgen list` names all 50"),
    ],
)
def test_a_name_like_none_is_answered_with_all_or_where_to_find_them(known, told):
    assert bank.nearest("zzzz", known) == told
    assert bank.nearest(known[0], known).startswith(f"did you mean {known[0]}")
