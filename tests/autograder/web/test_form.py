"""What is typed into the boxes of a paper is what marking sees, whatever it is."""

import ast
import re
import time
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.grading import Grader
from autograder.intake import read_answers
from autograder.web.form import answers_toml, box_name, boxes, filled, places, posted, solution_py, stub
from quizgen.bank import installed
from quizgen.exam_file import read_exam
from quizgen.marking.concept import read_letters
from quizgen.marking.reading import read
from quizgen.model import (
    Ask,
    CodeBody,
    ConceptBody,
    Example,
    Field,
    Item,
    NumericBody,
    Paper,
    Rounding,
    Select,
    Status,
    Submission,
    Variant,
)

SHAPES = {"rate": (), "w": (3,), "W": (2, 2), "maps": (2, 1, 2), "batch": (1, 2, 1, 2)}
ROUNDED = Rounding(decimals=3)
NUMERIC = NumericBody(
    fields=tuple(Field(name=n, shape=s, rounding=ROUNDED) for n, s in SHAPES.items()), finals=("batch",)
)
CONCEPTS = {
    select: ConceptBody(select=select, options=(2, 0, 1, 3), targets=(1, 0, 3, 2) if select is Select.MATCH else ())
    for select in Select
}
EXAMPLE = Example(call="f(1)", result="1")
CODE = tuple(
    CodeBody(function=name, signature=f"{name}(x, axis=0)", example=EXAMPLE) for name in ("first", "second", "third")
)
HOSTILE = st.text() | st.sampled_from(
    [
        "",
        " ",
        '"',
        '"""',
        "'''",
        "\\",
        "\\u0041",
        "]",
        "#",
        "= 1\n[item2]\n",
        "\x00",
        "\x7f",
        "\x1b[31m",
        "\u2028",
        "−1",
    ]
)


def paper_of(*bodies):
    items = tuple(
        Item(
            number=number,
            points=1.0,
            ask=Ask.STEPS,
            variant=Variant(question=f"q/{number}", version="1", seed=1, givens={}, body=body),
        )
        for number, body in enumerate(bodies, 1)
    )
    return Paper(student='s "1"', name="Ada", code="AB\\CD", language="en", items=items)


def handed_in(paper, saved):
    """Read the hand-in of saved texts as the intake does."""
    found = read_answers(answers_toml(paper, saved))
    assert not found.unreadable
    assert not found.problems
    return found


def test_every_box_has_its_place():
    paper = paper_of(NUMERIC, CONCEPTS[Select.SEVERAL], CONCEPTS[Select.MATCH], CONCEPTS[Select.ONE], CODE[0])
    fields = [[p.field for p in places(item)] for item in paper.items]
    assert fields[0][:8] == ["rate", "w[0]", "w[1]", "w[2]", "W[0,0]", "W[0,1]", "W[1,0]", "W[1,1]"]
    assert fields[0][8:10] == ["maps[0,0,0]", "maps[0,0,1]"]
    assert fields[0][-1] == "batch[0,1,0,1]"
    assert fields[1:] == [
        ["answer[A]", "answer[B]", "answer[C]", "answer[D]"],
        ["answer[1]", "answer[2]", "answer[3]", "answer[4]"],
        ["answer"],
        ["source"],
    ]
    assert list(boxes(paper))[:2] == ["item1:rate", "item1:w[0]"]


def test_a_paper_that_asks_for_the_end_has_no_box_for_the_way():
    item = paper_of(NUMERIC).items[0]
    final = Item(number=1, points=1.0, ask=Ask.FINAL, variant=item.variant)
    assert {p.part for p in places(final)} == {"batch"}


def nested(name, texts):
    """Arrange typed cells by their names, by hand."""
    shape = SHAPES[name]
    if not shape:
        return texts[name]
    array = np.empty(shape, dtype=object)
    for at in product(*map(range, shape)):
        array[at] = texts[f"{name}[{','.join(map(str, at))}]"]
    return array.tolist()


@given(st.fixed_dictionaries({p.field: HOSTILE for p in places(paper_of(NUMERIC).items[0])}))
def test_cells_come_back_as_typed(texts):
    found = handed_in(paper_of(NUMERIC), {1: texts})
    assert (found.student, found.paper) == ('s "1"', "AB\\CD")
    for name, shape in SHAPES.items():
        cells = [t for f, t in texts.items() if f.split("[")[0] == name]
        full = [t for t in cells if t.strip()]
        wanted = nested(name, texts) if full else None
        got = found.items[1].get(name)
        assert got == wanted or (shape and len(full) == 1 and got == full[0])


STYLES = ("list", "numpy", "rows", "lines")
NUMBERS = st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 3))


@given(st.lists(NUMBERS, min_size=4, max_size=4), st.sampled_from(STYLES), st.integers(0, 3))
def test_a_matrix_in_one_cell_is_the_whole_answer(numbers, style, at):
    matrix = np.array(numbers).reshape(2, 2)
    text = {
        "list": str(matrix.tolist()),
        "numpy": np.array2string(matrix, floatmode="unique").replace("\n", ""),
        "rows": "; ".join(", ".join(map(repr, row)) for row in matrix.tolist()),
        "lines": repr(matrix),
    }[style]
    field = [p.field for p in places(paper_of(NUMERIC).items[0]) if p.part == "W"][at]
    answer = handed_in(paper_of(NUMERIC), {1: {field: text}}).items[1]["W"]
    np.testing.assert_array_equal(read(answer).array, matrix)


@pytest.mark.parametrize("text", ["0.5", "-1/3", "0,5", "2e-3", "0.5 * 0.2", "50%", "x"])
def test_one_number_in_one_cell_is_that_cell(text):
    assert handed_in(paper_of(NUMERIC), {1: {"w[1]": text}}).items[1]["w"] == ["", text, ""]


@given(st.sets(st.sampled_from("ABCD")))
def test_ticks_are_the_letters_ticked(letters):
    body = CONCEPTS[Select.SEVERAL]
    texts = {f"answer[{a}]": a if a in letters else "" for a in "ABCD"}
    answer = handed_in(paper_of(body), {1: texts}).items[1].get("answer")
    ticked = () if answer is None else read_letters(answer, body)
    assert ticked == tuple(sorted("ABCD".index(a) for a in letters))


@given(st.lists(st.sampled_from(["", *"ABCD"]), min_size=4, max_size=4))
def test_letters_picked_for_rows_stay_with_their_rows(picked):
    body = CONCEPTS[Select.MATCH]
    answer = handed_in(paper_of(body), {1: {f"answer[{n}]": a for n, a in enumerate(picked, 1)}}).items[1].get("answer")
    if answer is None:
        assert not any(picked)
    else:
        assert read_letters(answer, body) == tuple("ABCD".find(a) if a else -1 for a in picked)


@given(st.sampled_from(list(Select)), st.data())
def test_choices_come_back_as_posted(select, data):
    paper = paper_of(CONCEPTS[select])
    texts = {p.field: data.draw(HOSTILE) for p in places(paper.items[0])}
    answer = handed_in(paper, {1: texts}).items[1].get("answer")
    typed = [t for t in texts.values() if t.strip()]
    got = [] if answer is None else [answer] if isinstance(answer, str) else [a for a in answer if a.strip()]
    assert got == typed


def test_only_boxes_that_were_asked_for_are_taken():
    paper = paper_of(NUMERIC, CONCEPTS[Select.SEVERAL])
    form = {"item1:rate": "1\r\n2\r3", "item1:w[7]": "x", "item9:rate": "x", "csrf": "x", "item2:answer[B]": "B"}
    assert posted(paper, form) == {1: {"rate": "1\n2\n3"}, 2: {"answer[B]": "B"}}
    blank = {"answer[A]": "", "answer[B]": "B", "answer[C]": "", "answer[D]": ""}
    assert posted(paper, form, whole=True) == {1: {"rate": "1\n2\n3"}, 2: blank}
    assert box_name(2, "answer[B]") in boxes(paper)


def test_what_is_filled_is_counted():
    items = paper_of(NUMERIC, CONCEPTS[Select.SEVERAL], CODE[0]).items
    assert filled(items[0], {"rate": "1", "w[0]": " "}) == (1, 16)
    assert filled(items[1], {"answer[A]": "A", "answer[B]": "B"}) == (1, 1)
    assert filled(items[2], {"source": stub(CODE[0])}) == (0, 1)
    assert filled(items[2], {"source": "x = 1"}) == (1, 1)


def run(paper, *sources):
    """Import solution.py as a module of its own would be."""
    saved = {number: {"source": text} for number, text in enumerate(sources, 1)}
    module = {}
    exec(compile(solution_py(paper, saved), "solution.py", "exec"), module)  # noqa: S102 - our own functions
    return module


GOOD = "import math\n\ndef second(x, axis=0):\n    return np.sum(x) + math.pi\n"
BROKEN = [
    "def first(x:\n    return 1",
    "def first(x):\nreturn 1",
    "return 3",
    'x = """never closed',
    "x = (1,",
    "x = 1 \\",
    "from __future__ import annotations",
    "\ufeffx = 1",
    "x = 1\x00",
    "\tx = 1\n  y = 2",
    "(" * 500,
]


@pytest.mark.parametrize("broken", BROKEN)
def test_a_box_that_does_not_compile_costs_only_its_own_function(broken):
    module = run(paper_of(*CODE), broken, GOOD, "")
    assert module["second"](np.ones(2)) == 2 + np.pi
    with pytest.raises(SyntaxError):
        module["first"](1)
    with pytest.raises(NotImplementedError):
        module["third"](1)


def test_the_error_names_the_line_of_the_box():
    module = run(paper_of(*CODE), "", GOOD, "def third(x):\n    y = 1\n    return y +\n")
    with pytest.raises(SyntaxError, match=r"^line 3: invalid syntax"):
        module["third"](1)


def test_a_box_may_clash_with_another_only_at_its_own_cost():
    module = run(paper_of(*CODE), "x = 1\ndef first(v):\n    return v", "global x\n", GOOD.replace("second", "third"))
    assert module["first"](7) == 7
    assert module["third"](np.zeros(1)) == np.pi
    with pytest.raises(SyntaxError, match="global"):
        module["second"](1)


@given(st.lists(HOSTILE | st.sampled_from(BROKEN), min_size=3, max_size=3))
def test_solution_is_always_a_module_that_defines_or_compiles(sources):
    paper = paper_of(CODE[0], CODE[2], CODE[1], CODE[0])
    saved = {n: {"source": t} for n, t in enumerate([sources[0], sources[1], GOOD, sources[2]], 1)}
    tree = ast.parse(solution_py(paper, saved))
    assert "second" in {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}


def test_what_python_takes_seconds_to_compile_is_a_fault_found_at_once():
    nested = f"def first(x):\n    return {'lambda a, b, c:' * 1300}1"
    used = f"def third(x):\n    return [{'(lambda: 1), ' * 200}]"
    start = time.thread_time()
    module = run(paper_of(*CODE), nested, GOOD, used)
    assert time.thread_time() - start < 0.3
    with pytest.raises(SyntaxError, match="more than 200 lambdas"):
        module["first"](1)
    assert len(module["third"](1)) == 200


def test_nothing_typed_is_lost_in_a_broken_box():
    text = "def first(x:\n    # my idea 想法\f\x1b\n\treturn 1"
    source = solution_py(paper_of(*CODE), {1: {"source": text}}).decode()
    assert "# def first(x:\n#     # my idea 想法  \n# \treturn 1\n" in source


def test_a_paper_without_functions_has_no_solution():
    assert solution_py(paper_of(NUMERIC), {}) is None


@pytest.fixture(scope="module")
def grader(example, sandbox):
    return Grader(read_exam(example / "exam"), installed(), sandbox, "test")


def typed(paper, answers):
    """Put the answers of a file into the boxes: each list or matrix whole into one cell, each letter to its box."""
    saved = {}
    for item in paper.items:
        given_ = answers.items.get(item.number, {})
        texts = saved.setdefault(item.number, {})
        letters = re.findall("[A-Z]", str(given_.get("answer", "")))
        for place in places(item):
            if place.tick:
                texts[place.field] = place.tick if place.tick in letters else ""
            elif place.part == "answer" and letters:
                texts[place.field] = letters.pop(0)
            elif not any(place.index) and place.part in given_:
                texts[place.field] = str(given_[place.part])
    return saved


@pytest.mark.parametrize("student", ["s01", "s03", "s09", "s11"])
def test_the_form_is_marked_as_the_file_is(grader, example, student):
    paper, data = grader.exam.paper_of(student), (example / "submissions" / student / "answers.toml").read_bytes()
    form = answers_toml(paper, typed(paper, read_answers(data)))
    marked = [
        grader.grade(Submission(student=student, digest="d", answers=answers), seed=1, now="").verdicts
        for answers in (data, form)
    ]
    assert [(v.status, v.credit) for v in marked[1]] == [(v.status, v.credit) for v in marked[0]]


def test_functions_are_judged_box_by_box(grader, example):
    paper = grader.exam.paper_of("s01")
    source = (example / "submissions" / "s01" / "solution.py").read_text(encoding="utf-8")
    functions = {n.name: ast.get_source_segment(source, n) for n in ast.parse(source).body if hasattr(n, "name")}
    saved = {10: {"source": "def mse_gradient(X:"}, 11: {}, 12: {"source": functions["max_pool_backward"]}}
    submission = Submission(student="s01", digest="d", solution=solution_py(paper, saved))
    broken, blank, right = grader.grade(submission, seed=1, now="").verdicts[-3:]
    whole = Submission(student="s01", digest="d", solution=source.encode())
    assert broken.status is Status.INCORRECT
    assert "SyntaxError" in {v for g in broken.detail.groups for v in g.reason.values.values()}
    assert blank.status is Status.BLANK
    assert right.credit == grader.grade(whole, seed=1, now="").verdicts[-1].credit > 0
