"""The manual keeps up with the commands: every command, option, key and example in it is real."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

import autograder.cli
import quizgen.cli
from quizgen.authoring import ConceptQuestion
from quizgen.bank import installed
from quizgen.blueprint import Blueprint, Section, Student, read_blueprint, read_roster

MANUAL = Path(__file__).parent.parent / "docs" / "manual.md"
TEXT = MANUAL.read_text(encoding="utf-8")
TOOLS = {"quizgen": quizgen.cli.cli, "autograder": autograder.cli.cli}


def commands(group, path):
    """Walk the tree down to the commands that do something."""
    if not isinstance(group, click.Group):
        yield path, group
        return
    for name, command in group.commands.items():
        yield from commands(command, f"{path} {name}")


EVERY = [found for tool, group in TOOLS.items() for found in commands(group, tool)]


def section(command):
    """Return what the manual says under a command's heading."""
    match = re.search(rf"(?ms)^### {re.escape(command)}\b(.*?)(?=^##)", TEXT)
    assert match, f"docs/manual.md has no heading '### {command}'"
    return match[1]


def fenced(language):
    return [text for found, text in re.findall(r"(?ms)^```(\w*)\n(.*?)^```$", TEXT) if found == language]


@pytest.mark.parametrize(("path", "command"), EVERY, ids=[path for path, _ in EVERY])
def test_every_command_and_option_stands_in_the_manual(path, command):
    text = section(path)
    heading = text.splitlines()[0]
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            assert parameter.make_metavar(click.Context(command)).strip("[].") in heading
        else:
            names = [n for n in parameter.opts if n.startswith("--")]
            assert [n for n in names if not re.search(rf"^\| `{n}\b[^|]*(\\\|[^|]*)*\| \w", text, re.MULTILINE)] == []


@pytest.mark.parametrize(("path", "command"), EVERY, ids=[path for path, _ in EVERY])
def test_no_option_in_the_manual_is_gone(path, command):
    real = {name for parameter in command.params for name in parameter.opts}
    assert set(re.findall(r"(?m)^\| `(--[\w-]+)", section(path))) <= real


def test_every_heading_of_a_command_is_a_command():
    named = {" ".join(w for w in h.split() if w.islower()) for h in re.findall(r"(?m)^### (.*)", TEXT)}
    assert named == {path for path, _ in EVERY}


def test_toml_examples_parse():
    assert len(fenced("toml")) >= 3
    for example in fenced("toml"):
        assert tomllib.loads(example)


def test_python_examples_parse():
    assert fenced("python")
    for example in fenced("python"):
        ast.parse(example)


def test_exam_examples_are_accepted_and_show_every_key(tmp_path):
    examples = [e for e in fenced("toml") if "[[sections]]" in e]
    assert examples
    for number, example in enumerate(examples):
        path = tmp_path / f"{number}.toml"
        path.write_text(example, encoding="utf-8")
        read_blueprint(path)
        data = tomllib.loads(example)
        assert set(data) == set(Blueprint.__struct_fields__)
        assert {key for one in data["sections"] for key in one} == set(Section.__struct_fields__)
        for one in data["sections"]:
            assert one.get("topic", "pooling") in installed().topics
            for question_id in one.get("questions", ()):
                assert installed().question(question_id)


def test_the_roster_example_is_accepted_and_shows_every_column(tmp_path):
    (example,) = [e for e in fenced("") if e.startswith("student,")]
    path = tmp_path / "roster.csv"
    path.write_text(example, encoding="utf-8")
    assert [s.student for s in read_roster(path)] == ["s01", "s02"]
    assert set(example.splitlines()[0].split(",")) == set(Student.__struct_fields__)


def test_the_front_matter_example_makes_a_question():
    (example,) = [tomllib.loads(e) for e in fenced("toml") if "select" in e]
    assert example.pop("title")
    assert ConceptQuestion(**example).facts.minutes == 3


def told(*arguments):
    command = Path(sys.executable).with_name(arguments[0])
    done = subprocess.run([command, *map(str, arguments[1:])], capture_output=True, text=True, check=False)
    return json.loads(done.stdout)


def keys_in(value):
    """Return the names of an object's members, as the manual has to list them."""
    return set(value[0] if isinstance(value, list) else value)


@pytest.mark.parametrize(
    ("arguments", "also"),
    [
        (("quizgen", "list", "--topic", "pooling", "--json"), ()),
        (("quizgen", "show", "pooling/maximum", "--json"), ("quizgen list",)),
        (("quizgen", "check", "pooling/maximum", "--draws", "5", "--json"), ()),
        (("autograder", "doctor", "--json"), ()),
    ],
    ids=lambda a: " ".join(a[:2]) if a else "",
)
def test_json_keys_stand_in_the_manual(arguments, also):
    text = "".join(section(command) for command in (" ".join(arguments[:2]), *also))
    assert {key for key in keys_in(told(*arguments)) if f"`{key}`" not in text} == set()


def test_json_keys_of_grading_stand_in_the_manual(tmp_path):
    plan, roster = tmp_path / "exam.toml", tmp_path / "roster.csv"
    plan.write_text('title = "T"\nseed = 1\n[[sections]]\nquestions = ["pooling/maximum"]\n', encoding="utf-8")
    roster.write_text("student,name\ns1,Ada\ns2,Bo\n", encoding="utf-8")
    make = [Path(sys.executable).with_name("quizgen"), "make", plan, "--roster", roster, "--out", tmp_path / "exam"]
    subprocess.run(make, check=True, capture_output=True)
    (tmp_path / "in" / "nobody").mkdir(parents=True)
    (tmp_path / "exam" / "papers" / "s1").rename(tmp_path / "in" / "s1")
    graded = told("autograder", "grade", tmp_path / "exam", tmp_path / "in", "--json")
    reported = told("autograder", "report", tmp_path / "exam", "--json")
    assert set(graded) - set(reported) == {"graded_now", "set_aside"} | ({"problems"} - set(reported))
    text = section("autograder grade") + section("autograder report")
    student = graded["students"][0]
    for found in (graded, graded["problems"][0], student, student["items"][0], graded["items"][0]):
        assert {key for key in found if f"`{key}`" not in text} == set()
