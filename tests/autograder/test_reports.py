import csv
import io
import json

import lxml.html
import msgspec
import pytest

from autograder.batch import Setting, grade_all, jobs
from autograder.intake import collect
from autograder.reports.feedback import feedback_html, write_sheets
from autograder.reports.gradebook import gradebook, to_json
from autograder.reports.page import report_html
from autograder.reports.plots import histogram
from autograder.reports.table import as_csv
from quizgen.exam_file import read_exam
from quizgen.model import Status


@pytest.fixture(scope="module")
def book(example):
    """Grade the example once."""
    exam = read_exam(example / "exam")
    todo = jobs(collect(example / "submissions", [p.student for p in exam.papers]).submissions, seed=5)
    setting = Setting(exam_folder=example / "exam", program="test")
    return gradebook(exam, list(grade_all(setting, todo, workers=1)))


def test_csv_has_one_row_per_student_and_adds_up(book):
    rows = list(csv.DictReader(io.StringIO(as_csv(book))))
    assert [r["student"] for r in rows] == [p.student for p in book.exam.papers]
    for row in rows:
        items = sum(float(row[f"item{n}"]) for n in range(1, 13))
        assert items == pytest.approx(float(row["points"]))
        assert float(row["percent"]) == pytest.approx(100 * float(row["points"]) / float(row["possible"]), abs=0.06)


@pytest.mark.parametrize("name", ["=1+1", "@x", "+41", "-2", '"a","b"', "O'Neil\nX"])
def test_csv_gives_a_spreadsheet_nothing_to_run(book, name):
    paper = msgspec.structs.replace(book.exam.papers[0], name=name)
    exam = msgspec.structs.replace(book.exam, papers=(paper,))
    (row,) = csv.DictReader(io.StringIO(as_csv(gradebook(exam, []))))
    assert row["name"].lstrip("'") == name
    assert not row["name"].startswith(("=", "+", "-", "@"))


def test_students_who_handed_in_nothing_have_empty_cells(book):
    (row, *_) = csv.DictReader(io.StringIO(as_csv(gradebook(book.exam, []))))
    assert row["points"] == row["item1"] == ""


def test_json_is_json_and_says_what_the_table_says(book):
    found = json.loads(json.dumps(to_json(book)))
    assert len(found["students"]) == 12
    first = found["students"][0]
    assert first["points"] == pytest.approx(sum(i["points"] for i in first["items"]))
    assert {"item", "question", "status", "credit", "points", "mistakes"} <= first["items"][0].keys()


def test_an_item_that_we_failed_to_mark_costs_nothing(book):
    row = book.graded[0]
    grading = row.grading
    broken = msgspec.structs.replace(grading.verdicts[0], status=Status.ERROR, credit=0.0, points=0.0)
    possible = grading.possible - row.paper.items[0].points
    points = grading.points - grading.verdicts[0].points
    changed = msgspec.structs.replace(
        grading, verdicts=(broken, *grading.verdicts[1:]), possible=possible, points=points
    )
    again = gradebook(book.exam, [changed])
    assert again.rows[0].share == pytest.approx(points / possible)
    assert again.lines[0].mean is None


def test_histogram_counts_everyone_once_and_full_marks_in_the_last_bin():
    found = histogram([0.0, 0.05, 0.1, 0.99, 1.0])
    assert [b.count for b in found.bars] == [2, 1, 0, 0, 0, 0, 0, 0, 0, 2]


def test_the_report_stands_alone(book):
    html = report_html(book)
    assert "http" not in html.replace("http://www.w3.org", "")
    assert "<script" not in html
    page = lxml.html.fromstring(html)
    assert len(page.xpath("//table")) > 2
    assert page.xpath("//svg/title")


def test_one_sheet_per_student_in_the_paper_s_language(book, tmp_path):
    write_sheets(book, tmp_path)
    assert sorted(p.stem for p in tmp_path.iterdir()) == [p.student for p in book.exam.papers]
    for row in book.graded:
        page = lxml.html.fromstring((tmp_path / f"{row.paper.student}.html").read_bytes())
        assert page.get("lang") == row.paper.language


def test_a_sheet_explains_the_named_mistake_with_the_worked_solution(book):
    row = next(r for r in book.rows if r.paper.student == "s05")
    page = lxml.html.fromstring(feedback_html(book.exam, row))
    item = page.xpath("//section[.//h2[@id='item5']]")[0]
    text = " ".join(item.text_content().split())
    assert "What went wrong first: The variances" in text
    assert "right under another convention" in text
    assert item.xpath(".//div[@class='solution']//math")
    assert len(item.xpath(".//td[@class='cell-wrong']")) == 2


def earned(book, student, number):
    """Return what an item's parts are said to have earned."""
    row = next(r for r in book.rows if r.paper.student == student)
    page = lxml.html.fromstring(feedback_html(book.exam, row))
    (item,) = page.xpath(f"//section[.//h2[@id='item{number}']]")
    return [t.strip() for t in item.xpath(".//small/text()") if t.strip().endswith(" points")]


def test_a_sheet_says_what_each_part_earned(book):
    assert earned(book, "s05", 5) == ["1.5 of 1.5 points", "0 of 1.5 points", "1.5 of 1.5 points", "1.5 of 1.5 points"]
    functions = earned(book, "s04", 10)
    assert len(set(functions)) > 1
    got, possible = zip(*(text.removesuffix(" points").split(" of ") for text in functions), strict=True)
    row = next(r for r in book.rows if r.paper.student == "s04")
    assert sum(map(float, got)) == pytest.approx(row.grading.verdicts[9].points, abs=0.02)
    assert sum(map(float, possible)) == pytest.approx(row.paper.items[9].points, abs=0.02)


def test_a_sheet_says_nothing_of_parts_that_do_not_make_up_the_points(book):
    row = next(r for r in book.rows if r.paper.student == "s05")
    old = row.grading.verdicts[4]
    accepted = msgspec.structs.replace(old, points=6.0, credit=1.0)
    verdicts = tuple(accepted if v.item == 5 else v for v in row.grading.verdicts)
    again = gradebook(book.exam, [msgspec.structs.replace(row.grading, verdicts=verdicts)])
    assert earned(again, "s05", 5) == []


def test_names_are_text_not_markup(book):
    paper = msgspec.structs.replace(book.graded[0].paper, name="<script>alert(1)</script>")
    exam = msgspec.structs.replace(book.exam, papers=(paper,))
    again = gradebook(exam, [book.graded[0].grading])
    for html in (report_html(again), feedback_html(exam, again.rows[0])):
        assert "<script" not in html
