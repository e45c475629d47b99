"""Notebooks handed in: the same marks as the two files with the same content; nothing in them stops a batch."""

import ast
import json
import tomllib
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.grading import Grader
from autograder.intake import collect, read_answers
from autograder.intake.notebook import answer, read_notebook
from quizgen.bank import installed
from quizgen.exam_file import read_exam
from quizgen.formats.notebook import notebook
from quizgen.model import CodeBody

FILLED = ["s01", "s02", "s03", "s04", "s05", "s07", "s09", "s10", "s11", "s12"]
"""Students of the example whose two files can be taken apart: the others hand in a zip, and broken files."""


def made(*cells, **metadata):
    """Return a notebook with these (id, text) cells."""
    listed = [{"cell_type": "code", "id": name, "source": text, "outputs": []} for name, text in cells]
    return json.dumps({"cells": listed, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}).encode()


OURS = made(("item1-w", "w = 1"))


def read(*cells):
    files = read_notebook("x.ipynb", made(*cells))
    return read_answers(files.answers).items, files.solution


def filled(paper, exam, folder):
    """Write a student's answers and functions into the notebook of the paper."""
    found = json.loads(notebook(paper, exam))
    cells = {cell["id"]: cell for cell in found["cells"]}
    for item, answers in tomllib.loads((folder / "answers.toml").read_text(encoding="utf-8")).items():
        for name, value in answers.items() if isinstance(answers, dict) else ():
            if f"{item}-{name}" in cells:
                cells[f"{item}-{name}"]["source"] = f"{name} = {value!r}"
    source = (folder / "solution.py").read_text(encoding="utf-8")
    functions = {i.variant.body.function: i.number for i in paper.items if isinstance(i.variant.body, CodeBody)}
    for number in functions.values():
        cells[f"code{number}"]["source"] = ""
    shared = []
    for node in ast.parse(source).body:
        text = ast.get_source_segment(source, node)
        if isinstance(node, ast.FunctionDef) and node.name in functions:
            cells[f"code{functions[node.name]}"]["source"] = text.splitlines(keepends=True)
        else:
            shared.append(text)
    cells["setup"]["source"] = "\n".join(shared)
    return json.dumps(found).encode()


def test_a_whole_exam_earns_the_same_marks_as_the_two_files(example, sandbox, tmp_path):
    exam = read_exam(example / "exam")
    grader = Grader(exam, installed(), sandbox, "test")
    for student in FILLED:
        (tmp_path / student).mkdir()
        data = filled(exam.paper_of(student), exam, example / "submissions" / student)
        (tmp_path / student / f"{student} (1).ipynb").write_bytes(data)
    files = {s.student: s for s in collect(example / "submissions", FILLED).submissions}
    notebooks = {s.student: s for s in collect(tmp_path, FILLED).submissions}
    total = 0
    for student in FILLED:
        one, other = (grader.grade(found[student], 5, "") for found in (files, notebooks))
        assert other.problems == one.problems == ()
        for a, b in zip(one.verdicts, other.verdicts, strict=True):
            assert (b.item, b.status, b.credit, b.reason) == (a.item, a.status, a.credit, a.reason)
            assert getattr(b.detail, "findings", ()) == getattr(a.detail, "findings", ())
            assert getattr(b.detail, "mistakes", ()) == getattr(a.detail, "mistakes", ())
        total += other.points
    assert total > 300


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('w = "0.48, -1.44"', "0.48, -1.44"),
        ('w = ""  # 2 numbers', ""),
        ("w = 0.48, -1.44", "0.48, -1.44"),
        ("w = [[1, 2], [3, 4]]", "[[1, 2], [3, 4]]"),
        ('w = ["1/3", 0.5]', ["1/3", "0.5"]),
        ("w = np.array([1, 2])", "np.array([1, 2])"),
        ("w = 1/3", "1/3"),
        ("w = -0.25", "-0.25"),
        ("w = −0.25  # U+2212", "−0.25"),
        ("w = １.５", "１.５"),
        ("w = 1 2", "1 2"),
        ("w = B", "B"),
        ("w =", ""),
        ("w = None", ""),
        ("", ""),
        ("0.5", "0.5"),
        ("w = 1\nw = 2", "2"),
        ("h = 3\nw = 2 * h", "2 * h"),
        ("w == 3", "w == 3"),
        ('w = "学', "学"),
        ('w = """a\nb"""', "a\nb"),
    ],
)
def test_an_answer_is_a_literal_or_the_text_that_stands_there(text, wanted):
    assert answer(text, "w") == wanted


def test_nothing_is_executed(tmp_path):
    target = tmp_path / "touched"
    text = f"w = open({str(target)!r}, 'w').write('x')"
    items, _ = read(("item1-w", text), ("code2", f"open({str(target)!r}, 'w')"), ("scratch", "1/0"))
    assert items[1]["w"] == text.removeprefix("w = ")
    assert not target.exists()


def test_functions_are_joined_with_what_they_share_and_nothing_else():
    _, solution = read(
        ("setup", "import numpy as np"),
        ("scratch", "print(1)"),
        ("code3", ["def f():\n", "    return 1"]),
        ("code4", "x = 2"),
    )
    assert solution.decode() == "import numpy as np\n\n\ndef f():\n    return 1\n\n\nx = 2\n"
    assert read(("setup", "import numpy as np"))[1] is None


def test_commands_of_the_notebook_do_not_break_functions():
    _, solution = read(("code1", "%matplotlib inline\n!pip install x\ndef f(a, b):\n    return (a\n  % b)"))
    names = {}
    exec(solution, names)  # noqa: S102 - our own text
    assert names["f"](7, 4) == 3


def test_outputs_do_not_count_as_another_hand_in(tmp_path):
    for name, outputs in (("one", []), ("two", [{"output_type": "stream", "text": "hello"}])):
        (tmp_path / name / "s1").mkdir(parents=True)
        cells = [{"cell_type": "code", "id": "item1-w", "source": "w = 1", "outputs": outputs}]
        (tmp_path / name / "s1" / "a.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    one, two = (collect(tmp_path / name, ["s1"]).submissions[0] for name in ("one", "two"))
    assert one.digest == two.digest
    assert one.problems == ()


def test_ids_among_the_metadata_are_found():
    cells = [{"cell_type": "code", "metadata": {"id": "item1-w"}, "source": "w = 4"}]
    files = read_notebook("x", json.dumps({"cells": cells}).encode())
    assert read_answers(files.answers).items == {1: {"w": "4"}}


def marked(*cells):
    """Return what is read of cells that have (id, name among the metadata, text)."""
    listed = [{"cell_type": "code", "id": i, "metadata": {"quizgen": m}, "source": text} for i, m, text in cells]
    return read_answers(read_notebook("x", json.dumps({"cells": listed}).encode()).answers).items


def test_cells_with_new_ids_are_found_by_their_metadata():
    assert marked(("3f2a", "item1-w", "w = 4"), ("9c1b", "item2-v", "v = 5")) == {1: {"w": "4"}, 2: {"v": "5"}}


def test_of_a_cell_and_its_copies_the_one_with_the_id_counts():
    assert marked(("3f2a", "item1-w", "w = 4"), ("item1-w", "item1-w", "w = 5"), ("7d", "item1-w", "w = 6")) == {
        1: {"w": "5"}
    }
    assert marked(("item1-w", "item2-v", "w = 5")) == {1: {"w": "5"}}


def test_the_papers_notebook_is_read_also_with_new_ids(example, tmp_path):
    exam = read_exam(example / "exam")
    found = json.loads(filled(exam.papers[0], exam, example / "submissions" / "s01"))
    known = read_notebook("x", json.dumps(found).encode())
    for number, cell in enumerate(found["cells"]):
        cell["id"] = f"new-{number}"
    assert read_notebook("x", json.dumps(found).encode()) == known


def test_heads_are_kept():
    files = read_notebook("x", made(quizgen={"student": "s1", "paper": "AB"}))
    assert (read_answers(files.answers).student, read_answers(files.answers).paper) == ("s1", "AB")


@pytest.mark.parametrize(
    ("files", "phrases"),
    [
        ({"a.ipynb": OURS}, []),
        ({"in/a.ipynb": OURS}, []),
        ({"a.ipynb": OURS, "in/b.ipynb": OURS, ".ipynb_checkpoints/a.ipynb": OURS}, []),
        ({"a.ipynb": made(("my-own", "x = 1"))}, ["no-answer-cells"]),
        ({"a.ipynb": made(), "b.ipynb": made()}, ["two-notebooks"]),
        ({"a.ipynb": made(), "answers.toml": b"#"}, ["notebook-passed-over"]),
        ({"a.ipynb": b"{"}, ["not-a-notebook"]),
        ({"a.ipynb": b"[]"}, ["not-a-notebook"]),
        ({"a.ipynb": b"\x00\x01\x02\x03"}, ["not-a-notebook"]),
        ({"a.ipynb": b'{"cells": 3}'}, ["not-a-notebook"]),
        ({"a.ipynb": b"[" * 300_000}, ["not-a-notebook"]),
        ({"a.ipynb": b" " * (8 * 1024 * 1024 + 1)}, ["file-too-large"]),
    ],
)
@pytest.mark.parametrize("zipped", [False, True])
def test_folders_and_zips_with_notebooks(tmp_path, files, phrases, zipped):
    folder = tmp_path / "in"
    folder.mkdir()
    if zipped:
        with zipfile.ZipFile(folder / "s1.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(name, data)
    for name, data in () if zipped else files.items():
        (folder / "s1" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "s1" / name).write_bytes(data)
    (submission,) = collect(folder, ["s1"]).submissions
    assert [p.phrase for p in submission.problems] == phrases


@pytest.mark.parametrize(
    "text",
    [
        "w = " + "-" * 15_000 + "1",
        "w = " + "(" * 9_000,
        "w = " + "[" * 100 + "]" * 100,
        "w = " + "1+" * 7_000 + "1",
        "w = " + "a." * 7_000 + "a",
        "w = " + "9" * 15_000,
        "w = '" + "\\ud800" + "'",
        "w = \x00",
        "w = '\x7f\x01'",
        "w = " + "'x'," * 4_000,
        "x" * 300_000,
    ],
    ids=range(11),
)
def test_hostile_answers_stop_nothing(text):
    items, _ = read(("item1-w", text), ("item2-v", "v = 7"))
    assert items[2] == {"v": "7"}


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_comes_through_and_leaves_other_items_alone(text):
    items, _ = read(("item1-w", f"w = {json.dumps(text, ensure_ascii=False)}"), ("item2-v", text), ("item3-u", "u = 1"))
    assert items[3] == {"u": "1"}
    if ast.literal_eval(json.dumps(text)) == text:
        assert items[1]["w"] == text
