"""A bank of somebody else's, made as a real package with a real entry point; and the commands, run for real."""

import itertools
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from quizgen import cli
from quizgen.bank import Bank, Question, installed
from quizgen.battery import Report, check
from tests.commands import Here, Outcome

COUNTER = itertools.count()
RECTANGLE = '''
"""Area of a rectangle and a bit more."""

from quizgen.authoring import NumericQuestion, decimals

question = NumericQuestion(source="page 3", level=2, minutes=4)


@question.given
def draw(rng):
    return {
        "a": decimals(rng, low=1, high=9, places=1),
        "b": decimals(rng, low=1, high=9, places=1),
        "c": decimals(rng, low=0.1, high=3, places=2),
    }


@question.step
def area(a, b):
    return a * b


@question.step
def total(area, c):
    return area + c


@question.mistake(area)
def added(a, b):
    return a + b


@question.mistake(total)
def subtracted(area, c):
    return area - c
'''
RECTANGLE_SECTIONS = {
    "stem": "Sides $<< a | num >>$ and $<< b | num >>$, rest $<< c | num >>$.",
    "area": "Area",
    "total": "Total",
    "solution": "$<< a | num >> \\cdot << b | num >> = << area | num >>$",
    "added": "The sides were added.",
    "subtracted": "The rest was subtracted.",
}
CHOICE_META = {"title": "Fruit", "source": "page 4", "level": 1, "minutes": 2, "select": "one", "show": 3}
CHOICE_SECTIONS = {
    "stem": "Which is a fruit?",
    "options": (
        "- [x] apple\n  > It grows on a tree.\n- [x] pear\n  > So does this.\n"
        "- [ ] chair\n  > It has legs.\n- [ ] table\n  > It has legs as well.\n- [ ] lamp\n  > It shines."
    ),
    "solution": "Fruit grows.",
}
DOUBLE = '''
"""Twice a vector."""

import numpy as np

from quizgen.authoring import CodeQuestion


def double(x):
    return 2 * x


question = CodeQuestion(source="page 5", level=1, minutes=3, reference=double)


@question.cases(visible=True)
def vectors(rng):
    yield {"x": np.array([1.0, 2.5])}
    yield {"x": rng.normal(size=4)}


@question.cases(keeps_input=True)
def untouched(rng):
    yield {"x": rng.normal(size=3)}


@question.solution
def summed(x):
    return x + x


@question.mistake
def squared(x):
    return x**2


@question.mistake
def in_place(x):
    x *= 2
    return x
'''
DOUBLE_SECTIONS = {
    "stem": "Double a vector.",
    "docstring": "Return twice the vector x.",
    "vectors": "vectors",
    "untouched": "the input is not changed",
    "solution": "Multiply by two.",
    "squared": "It squares.",
    "in_place": "It works in place.",
}


def words_text(sections, *, meta=None, title="A title"):
    """Write a words file from its sections."""
    front = {"title": title, **(meta or {})}
    lines = [f"{name} = {_toml(value)}" for name, value in front.items()]
    body = [f"# {name}\n\n{text}" for name, text in sections.items()]
    return "\n".join(["+++", *lines, "+++", ""]) + "\n" + "\n\n".join(body) + "\n"


def _toml(value):
    return str(value) if isinstance(value, int | float) else '"' + value.replace('"', '\\"') + '"'


@dataclass
class Workshop:
    """Files of a bank that is installed under the name `theirs`."""

    root: Path
    package: str

    @property
    def folder(self) -> Path:
        return self.root / self.package

    def write(self, path, text):
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if not (target.parent / "__init__.py").exists():
            (target.parent / "__init__.py").write_text('"""A topic."""\n', encoding="utf-8")
        target.write_text(text, encoding="utf-8")

    def numeric(self, *, python=RECTANGLE, name="shapes/rectangle", en=None, zh=None, without=()):
        """Write the rectangle, with these sections replaced or left out."""
        self._written(name, python, RECTANGLE_SECTIONS, (en, zh), without)

    def choice(self, *, name="things/fruit", python=None, meta=None, en=None, zh=None):
        """Write the fruit."""
        self._written(name, python, CHOICE_SECTIONS, (en, zh), (), CHOICE_META | (meta or {}))

    def code(self, *, python=DOUBLE, name="vectors/implement_double", en=None, zh=None, without=()):
        """Write the function to implement."""
        self._written(name, python, DOUBLE_SECTIONS, (en, zh), without)

    def _written(self, name, python, sections, changes, without, meta=None):
        if python is not None:
            self.write(f"{name}.py", python)
        for language, changed in zip(("en", "zh"), changes, strict=True):
            kept = {k: v for k, v in {**sections, **(changed or {})}.items() if k not in without}
            self.write(f"{name}.{language}.md", words_text(kept, meta=meta))

    def bank(self) -> Bank:
        return next(b for b in installed().banks if b.name == "theirs")

    def question(self, question_id) -> Question:
        return self.bank().question(question_id)

    def check(self, question_id, draws=25) -> Report:
        return check(self.question(question_id), draws=draws)


@pytest.fixture
def workshop(tmp_path, monkeypatch):
    """Return an empty bank that `installed()` finds."""
    package = f"their_bank_{next(COUNTER)}"
    made = Workshop(root=tmp_path / "site", package=package)
    made.write("__init__.py", '"""A bank."""\n')
    info = made.root / f"{package}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[quizgen.banks]\ntheirs = {package}\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(made.root))
    yield made
    for name in [m for m in sys.modules if m.partition(".")[0] == package]:
        del sys.modules[name]


@pytest.fixture
def quizgen(monkeypatch, capfd):
    """Return a function that runs the command in this process, exactly as the console script does."""
    return Here("quizgen", cli.main, monkeypatch, capfd)


@pytest.fixture
def shell():
    """Return a function that runs the installed command in a process of its own."""

    def run(*args, **environment):
        command = [str(Path(sys.executable).with_name("quizgen")), *map(str, args)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment or None)
        return Outcome(done.returncode, done.stdout, done.stderr)

    return run
