"""What the import contracts cannot say: which libraries the innermost parts touch, and that every phrase exists."""

import ast
import re
import string
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
REFERENCE = sorted((ROOT / "question_bank" / "reference").glob("*.py"))
INSIDE = sorted((ROOT / "autograder" / "sandbox" / "inside").glob("*.py"))
SOURCES = sorted([*(ROOT / "quizgen").rglob("*.py"), *(ROOT / "autograder").rglob("*.py")])
TEMPLATES = sorted([*(ROOT / "quizgen").rglob("*.j2"), *(ROOT / "autograder").rglob("*.j2")])
PHRASES = {
    path.name.split(".")[1]: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "quizgen" / "wording").glob("phrases.*.toml"))
}
SAYERS = {"phrase": 0, "RefusedError": 0, "UnreadableError": 0, "note_html": 0, "ration": 2}
"""Calls with the place of the argument that names a phrase."""


def imported(path):
    """Return the modules that a file imports, at whatever depth of its code."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno}: a relative import"
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", REFERENCE, ids=lambda p: p.name)
def test_the_reference_is_numpy_and_nothing_else(path):
    allowed = {"numpy", "typing", "collections", "math"}
    foreign = {m for m in imported(path) if m.partition(".")[0] not in allowed}
    assert {m for m in foreign if not m.startswith("question_bank.reference.")} == set()


@pytest.mark.parametrize("path", INSIDE, ids=lambda p: p.name)
def test_what_runs_inside_the_sandbox_is_the_standard_library_and_numpy(path):
    foreign = {m for m in imported(path) if m.partition(".")[0] not in {"numpy", *sys.stdlib_module_names}}
    assert {m for m in foreign if not m.startswith("autograder.sandbox.inside")} == set()
    assert "pickle" not in imported(path)


def test_the_folders_that_are_looked_at_are_there():
    assert len(REFERENCE) > 5
    assert len(INSIDE) > 5
    assert set(PHRASES) == {"en", "zh"}


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_all_languages_have_the_same_phrases_with_the_same_places():
    english = {name: placeholders(text) for name, text in PHRASES["en"].items()}
    for language, phrases in PHRASES.items():
        assert {name: placeholders(text) for name, text in phrases.items()} == english, language
        assert all(text.strip() for text in phrases.values())


def literals(node):
    """Return the names that an expression can stand for, as patterns: a literal, a choice, or one with holes."""
    match node:
        case ast.Constant(value=str() as name):
            return {re.escape(name)}
        case ast.IfExp(body=body, orelse=orelse):
            return literals(body) | literals(orelse)
        case ast.JoinedStr(values=parts):
            return {"".join(re.escape(p.value) if isinstance(p, ast.Constant) else ".+" for p in parts)}
        case _:
            return set()


def used_in(path):
    """Return the phrases that a Python file names, with the place."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = getattr(node.func, "id", getattr(node.func, "attr", ""))
        named = [k.value for k in node.keywords if k.arg == "phrase"]
        if called in SAYERS and node.args:
            named.append(node.args[SAYERS[called]])
        for value in named:
            for pattern in literals(value):
                yield pattern, f"{path.name}:{node.lineno}"


USED = sorted({found for path in SOURCES for found in used_in(path)})


def test_every_phrase_that_the_code_names_exists():
    assert len({pattern for pattern, _ in USED}) > 60
    assert [(p, at) for p, at in USED if not any(re.fullmatch(p, name) for name in PHRASES["en"])] == []


def test_every_phrase_that_a_template_names_exists():
    texts = "\n".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    calls = re.findall(r"\bphrase\((.*?)(?:\blanguage\b|\))", texts)
    named = {found for call in calls for found in re.findall(r"\"([a-z0-9-]+)\"(\s*~)?", call)}
    assert len(named) > 20
    unknown = {
        name
        for name, joined in named
        if not (any(known.startswith(name) for known in PHRASES["en"]) if joined else name in PHRASES["en"])
    }
    assert unknown == set()
