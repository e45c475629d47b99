import csv
import io
import json

import lxml.html
import numpy as np
import pytest
import scipy.stats

from autograder.batch import Setting, grade_all, jobs
from autograder.intake import collect
from autograder.reports.analysis_table import analysis_csv, analysis_json, print_analysis
from autograder.reports.gradebook import gradebook
from autograder.reports.item_analysis import analyze
from autograder.reports.page import report_html
from quizgen.exam_file import read_exam
from quizgen.formats.terminal import console
from quizgen.model import NumericDetail, Status


@pytest.fixture(scope="module")
def example_book(example):
    exam = read_exam(example / "exam")
    todo = jobs(collect(example / "submissions", [p.student for p in exam.papers]).submissions, seed=5)
    return gradebook(exam, list(grade_all(Setting(exam_folder=example / "exam", program="test"), todo, workers=1)))


def guttman(students=40, items=4):
    """Return marks of students who know the items up to one of them."""
    return [[1.0 if s * items // students >= i else 0.0 for i in range(items)] for s in range(students)]


def test_difficulty_and_discrimination_by_another_way(classroom):
    rng = np.random.default_rng(7)
    ability = rng.normal(size=(50, 1))
    marks = (ability + rng.normal(size=(50, 5)) > 0).astype(float)
    found = analyze(classroom(marks.tolist()), "en")
    for i, item in enumerate(found.items):
        assert item.difficulty.value == pytest.approx(marks[:, i].mean())
        rest = np.delete(marks, i, axis=1).sum(axis=1)
        expected = scipy.stats.pointbiserialr(marks[:, i], rest).statistic
        assert item.discrimination.value == pytest.approx(expected)
    variances = marks.var(axis=0, ddof=1).sum()
    expected = 5 / 4 * (1 - variances / marks.sum(axis=1).var(ddof=1))
    assert found.reliability.alpha.value == pytest.approx(expected)


def test_partial_credit_is_not_right(classroom):
    book = classroom([[0.5, 1.0]] * 12)
    first, second = analyze(book, "en").items
    assert (first.correct, second.correct, first.difficulty.value) == (0, 12, 0.0)


def test_what_we_failed_to_mark_is_left_out(classroom):
    marks = guttman()
    clean = analyze(classroom(marks), "en")
    broken = analyze(classroom([*marks, [None, 1.0, 1.0, 1.0]]), "en")
    assert broken.items[0] == clean.items[0]
    assert broken.items[1].students == 41
    assert broken.items[1].discrimination == clean.items[1].discrimination
    assert broken.reliability == clean.reliability


def test_distractors_are_counted_with_who_saw_them(classroom):
    (item, *_) = analyze(classroom([[1.0, 1.0]] * 15 + [[0.0, 1.0]] * 5), "en").items
    assert [(c.text, c.right, c.count, c.shown, c.share.value) for c in item.choices] == [
        ("right", True, 15, 20, 0.75),
        ("wrong", False, 5, 20, 0.25),
    ]


def test_the_example_s_mistakes_and_first_wrong_steps(example_book):
    items = {i.question: i for i in analyze(example_book, "en").items}
    norm = items["normalization/batch-norm"]
    named = {m.name: m.count for m in norm.mistakes}
    counted = {line.question: line.mistakes for line in example_book.lines}["normalization/batch-norm"]
    assert named == counted
    assert all(m.text for m in norm.mistakes)
    for item in items.values():
        reached = item.students
        for step in item.funnel:
            assert step.reached == reached
            reached -= step.lost
        details = [
            v.detail
            for row in example_book.graded
            for i, v in zip(row.paper.items, row.verdicts, strict=True)
            if i.variant.question == item.question and isinstance(v.detail, NumericDetail)
        ]
        if item.funnel:
            assert reached == sum(all(s.status is Status.CORRECT for s in d.steps) for d in details)


def test_matches_orders_and_ticks_are_told_in_words(example_book):
    for item in analyze(example_book, "zh").items:
        for choice in item.choices:
            assert choice.text
            assert 0 <= choice.count <= choice.shown
    kinds = {i.question for i in analyze(example_book, "en").items if i.choices}
    assert kinds == {"regularization/which-method", "backprop/order-the-steps"}


def test_csv_json_and_terminal_say_the_same(classroom, capsys):
    book = classroom(guttman())
    rows = list(csv.DictReader(io.StringIO(analysis_csv(book))))
    found = json.loads(json.dumps(analysis_json(book, "en")))["analysis"]
    print_analysis(book, "en", console())
    shown = capsys.readouterr().out
    assert len(rows) == len(found["items"]) == 4
    for row, item in zip(rows, found["items"], strict=True):
        assert float(row["difficulty"]) == pytest.approx(item["difficulty"]["value"], abs=5e-5)
        assert f"{item['correct']}/{item['students']}" in shown
    assert f"alpha: {found['reliability']['alpha']['value']:.2f} [" in shown


def test_few_students_are_said_and_not_computed(classroom, capsys):
    book = classroom(guttman(8))
    print_analysis(book, "en", console())
    shown = capsys.readouterr().out
    assert "too few students (8 of 10)" in shown
    assert "too few students (8 of 20)" in shown
    assert "too few students (8 of 30)" in shown
    assert {row["difficulty"] for row in csv.DictReader(io.StringIO(analysis_csv(book)))} == {""}


@pytest.mark.parametrize(
    ("language", "words", "foreign"),
    [
        ("en", ["Difficulty p", "too few students (12 of 20)"], "难度"),
        ("zh", ["难度 p", "人数太少（12 人，需 20 人）"], "Difficulty"),
    ],
)
def test_the_page_speaks_both_languages(example_book, language, words, foreign):
    html = report_html(example_book, language)
    page = lxml.html.fromstring(html)
    text = page.text_content()
    assert page.get("lang") == language
    assert all(word in text for word in words)
    assert foreign not in text
    assert html == report_html(example_book, language)


def test_every_drawing_has_a_title_or_label(classroom, example_book):
    for book in (classroom(guttman()), example_book):
        drawings = lxml.html.fromstring(report_html(book)).xpath("//svg[@role='img']")
        assert len(drawings) > 5
        assert [d for d in drawings if not (d.xpath("./title") or d.get("aria-label"))] == []


def test_nothing_graded_gives_a_page(example_book):
    html = report_html(gradebook(example_book.exam, []))
    assert "of 12" in html
