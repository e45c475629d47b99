"""Moodle XML as Moodle reads it: categories, fractions, feedback, and functions run as CodeRunner runs them."""

import contextlib
import inspect
import io
import re
import subprocess
import sys

import pytest
from lxml import etree

from quizgen.bank import installed
from quizgen.formats.export import Options
from quizgen.formats.lms import moodle
from quizgen.formats.lms.entries import chosen_entries
from quizgen.model import Ask, Kind
from tests.quizgen.formats.lms import moodle_rules

TITLE = 'Exam "one" \\ <b>'


@pytest.fixture(scope="session")
def questions(exported):
    return {ask: moodle_rules.read_questions(exported("moodle", ask).path) for ask in Ask}


def test_every_question_has_a_category_of_its_own(questions, exported):
    for ask, found in questions.items():
        names = {item["id"]: (item["question"], item["language"]) for item in exported("moodle", ask).items}
        for ident, question in found.items():
            name, language = names[ident]
            suffix = "" if language == "en" else "/zh"
            assert question.get("category") == f"$course$/top/{TITLE}/{name}{suffix}"


def test_each_kind_of_item_has_its_type(questions):
    kinds = {q.get("type") for found in questions.values() for q in found.values()}
    assert kinds == {"numerical", "cloze", "multichoice", "matching", "ordering", "coderunner"}


def test_mistakes_are_told_with_nothing_earned(questions):
    bank = installed()
    for question in questions[Ask.FINAL].values():
        if question.get("type") == "numerical" and question.get("category").endswith("regularization/l2-loss"):
            right, *wrong = moodle_rules.answers(question)
            assert right[0] == 1
            assert {f for f, *_ in wrong} == {0}
            assert len(wrong) >= len(bank.question("regularization/l2-loss").template.program.mistakes) - 1
            assert all(told for *_, told in wrong)


def test_feedback_in_cloze_comes_out_as_it_went_in(questions):
    """Moodle decodes entities and takes backslashes from braces: LaTeX and HTML must survive both."""
    told = [
        answer[3]
        for question in questions[Ask.STEPS].values()
        if question.get("type") == "cloze"
        for _, answers in moodle_rules.places(question)
        for answer in answers[1:]
    ]
    assert len(told) > 500
    for text in told:
        etree.fromstring(f"<div>{text}</div>")
        assert text.count(r"\(") == text.count(r"\)")
        assert all(latex.count("{") == latex.count("}") for latex in re.findall(r"\\\((.*?)\\\)", text))
    assert any(r"\lbrace" in text and r"\rbrace" in text for text in told)


def test_the_exact_value_of_a_mistake_is_answered_with_its_text(questions, exported):
    """The response that a mistake leads to is met by feedback wherever one number is asked for."""
    found = questions[Ask.FINAL]
    met = 0
    for item in exported("moodle", Ask.FINAL).items:
        question = found[item["id"]]
        for response in item["responses"]:
            if question.get("type") == "numerical" and response["kind"].startswith("mistake: "):
                fraction, told = moodle_rules.numeric(moodle_rules.answers(question), response["entered"][0])
                assert fraction == response["fraction"]
                met += bool(told)
    assert met > 20


def test_the_same_exam_gives_the_same_bytes(exams, exported, tmp_path):
    moodle.write(exams[Ask.FINAL], tmp_path / "again.xml", Options())
    assert (tmp_path / "again.xml").read_bytes() == exported("moodle", Ask.FINAL).path.read_bytes()


def test_fresh_variants_are_as_many_as_asked_for(exams):
    drawn = chosen_entries(exams[Ask.FINAL], installed(), 3)
    numeric = [e for e in drawn if e.record.kind is Kind.NUMERIC]
    count = len([q for q in installed() if q.kind is Kind.NUMERIC])
    assert len(numeric) == 3 * count
    on_papers = {e.ident for e in chosen_entries(exams[Ask.FINAL], installed(), 0)}
    assert not on_papers & {e.ident for e in numeric}


def programs(question, solution):
    """Return, for each test, the program that CodeRunner would run, what must be printed, and its mark."""
    template = question.findtext("template")
    escaped = solution.replace("\\", "\\\\").replace('"', '\\"')
    for case in question.iterfind("testcases/testcase"):
        program = template.replace("{{ STUDENT_ANSWER | e('py') }}", escaped)
        program = program.replace("{{ TEST.testcode }}", case.findtext("testcode/text"))
        yield program, case.findtext("expected/text"), float(case.get("mark"))


def coderunner(questions, name):
    return next(
        q for q in questions.values() if q.get("type") == "coderunner" and q.get("category").endswith(f"/{name}")
    )


def earned(question, solution):
    """Run every test in a process of its own, as CodeRunner does; return the share of the marks."""
    total = got = 0.0
    for program, expected, mark in programs(question, solution):
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        total += mark
        got += mark * (done.stdout.strip() == expected)
    return got / total


RIGHT = """\
import numpy as np
print("thinking")

def mse_loss(X, y, theta):
    return np.mean((X @ theta - y) ** 2) / 2
"""


def test_a_function_is_run_in_a_process_of_its_own(questions):
    question = coderunner(questions[Ask.STEPS], "descent/implement-mse-loss")
    assert earned(question, RIGHT) == 1
    assert earned(question, RIGHT.replace("np.mean", "np.sum")) < 1
    assert earned(question, "print('True')\n") == 0
    assert question.find("testcases/testcase").get("useasexample") == "1"
    assert {c.findtext("display/text") for c in question.findall("testcases/testcase")[1:]} == {"HIDE"}


def marks_of(function, name, question):
    """Run the tests on a function of the bank's, in this process; its text alone would lack its imports."""
    judging = question.findtext("template").partition("globals())\n")[2].replace("{{ TEST.testcode }}", "")
    space = {name: function}
    exec(judging, space)  # noqa: S102 - our own program
    total = got = 0.0
    for case in question.findall("testcases/testcase")[1:]:
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.suppress(Exception):
            exec(case.findtext("testcode/text"), space)  # noqa: S102 - our own program
        total += float(case.get("mark"))
        got += float(case.get("mark")) * (out.getvalue().strip() == case.findtext("expected/text"))
    return got / total


@pytest.mark.filterwarnings("ignore")
def test_references_and_solutions_earn_all_and_mistakes_do_not(questions):
    seen = 0
    for listed in installed():
        if listed.kind is not Kind.CODE:
            continue
        question = coderunner(questions[Ask.STEPS], listed.id)
        template = listed.template
        for right in (template.reference, *template.solutions.values()):
            assert marks_of(right, template.function, question) == 1, (listed.id, right)
        for wrong in template.mistakes.values():
            assert marks_of(wrong, template.function, question) < 1, (listed.id, wrong)
            seen += 1
        assert inspect.isfunction(template.reference)
    assert seen > 100
