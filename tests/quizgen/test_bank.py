"""Banks are found by their entry points; what is wrong with one is said in one line."""

from types import ModuleType

import pytest

from quizgen import bank
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
    monkeypatch.setattr(bank, "entry_points", lambda **_: points)


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
