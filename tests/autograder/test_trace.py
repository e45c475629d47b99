import json
import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest

from autograder.intake import Answers, read_answers
from autograder.trace import _half_unit, _stands, borrowed, trace
from quizgen.errors import InstructorError
from quizgen.exam_file import read_exam
from quizgen.model import Ask, NumericBody, NumericKey
from quizgen.solution import rounded

AUTOGRADER = str(Path(sys.executable).with_name("autograder"))


@pytest.fixture(scope="module")
def exam(example):
    return read_exam(example / "exam")


def right_answers(exam, student, items=None):
    """Return what a student who makes no mistake hands in for the numeric items."""
    paper = exam.paper_of(student)
    found = {}
    for item, key in zip(paper.items, exam.keys[student], strict=True):
        if isinstance(key, NumericKey) and (items is None or item.number in items):
            rounding = {f.name: f.rounding for f in item.variant.body.fields}
            found[item.number] = {s.name: np.asarray(rounded(s.value, rounding[s.name])).tolist() for s in key.steps}
    return Answers(items=found)


def test_right_answers_lead_to_their_paper(exam):
    for paper in exam.papers:
        numbers = np.concatenate([np.ravel(v) for v in right_answers(exam, paper.student).items[2].values()])
        best, *others = trace(exam, " ".join(f"{v:.3f}" for v in numbers))
        assert best.student == paper.student
        assert best.code == paper.code
        assert all(len(o.places) < len(best.places) for o in others)
        assert any(p.item == 2 and p.answer for places in best.places.values() for p in places)


def test_givens_lead_to_their_paper(exam):
    paper = exam.papers[4]
    item = next(i for i in paper.items if i.variant.question == "normalization/batch-norm")
    numbers = [v for value in item.variant.givens.values() for v in np.ravel(value) if not isinstance(v, str)]
    origins = trace(exam, ", ".join(str(v) for v in numbers))
    best = next(o for o in origins if o.student == paper.student)
    assert len(best.places) == len(origins[0].places) == len({str(v) for v in numbers})
    assert all(any(p.item == item.number and not p.answer for p in places) for places in best.places.values())


def test_rare_numbers_weigh_more_than_those_on_every_paper(exam):
    origins = trace(exam, "0")
    if len(origins) == len(exam.papers):
        assert {o.weight for o in origins} == {0.0}
    numbers = right_answers(exam, "s03").items[2]["w_next"]
    (origin, *_) = trace(exam, f"{numbers[0]}")
    assert origin.weight > 0


def test_numbers_of_no_paper_and_no_numbers(exam):
    assert trace(exam, "123456.789") == ()
    with pytest.raises(InstructorError, match="cannot be read as a number: “abc”"):
        trace(exam, "abc")


def test_answers_of_a_neighbor_are_found_and_the_own_ones_are_not(exam):
    answers = {p.student: right_answers(exam, p.student) for p in exam.papers}
    assert borrowed(exam, answers) == ()
    answers["s02"] = right_answers(exam, "s07")
    (found,) = borrowed(exam, answers)
    assert (found.student, found.other) == ("s02", "s07")
    assert found.chance < 1e-6
    assert {item for item, _ in found.steps} >= {1, 2, 3, 5}


def test_one_answer_that_fits_by_chance_is_not_listed(exam):
    answers = {"s02": right_answers(exam, "s07", items={1})}
    item = exam.paper_of("s02").items[0]
    single = {n: v for n, v in answers["s02"].items[1].items() if np.ndim(v) == 0}
    assert isinstance(item.variant.body, NumericBody)
    assert borrowed(exam, {"s02": Answers(items={1: dict(list(single.items())[:1])})}) == ()


def test_unreadable_blank_and_misshapen_answers_fit_nobody(exam):
    junk = read_answers(b'[item1]\nx = "?"\n[item2]\nw_next = ""\ndecayed = [1, 2, 3]\n[item3]\nz1 = "nan"\n')
    assert borrowed(exam, {"s01": junk}) == ()


def test_only_what_was_asked_counts(exam):
    final = [i.number for i in exam.papers[0].items if i.ask is Ask.FINAL]
    assert final
    found = borrowed(exam, {"s02": right_answers(exam, "s07", items=set(final))})
    asked = {f.name for f in exam.papers[0].items[final[0] - 1].variant.body.asked(Ask.FINAL)}
    assert all({name for _, name in b.steps} <= asked for b in found)


def test_the_example_as_a_person_sees_it(example):
    def told(*arguments):
        done = subprocess.run([AUTOGRADER, *map(str, arguments)], capture_output=True, text=True, check=True)
        return done.stdout

    found = json.loads(told("similar", example / "exam", example / "submissions", "--json"))
    assert {"first", "second", "share", "tokens", "blocks"} == found["code"][0].keys()
    assert found["answers"] == []
    shown = told("similar", example / "exam", example / "submissions", "--threshold", "0.99")
    assert "s01, s09" in shown
    assert "s02, s03" not in shown
    assert "Answers that fit another paper: none" in shown
    exam = read_exam(example / "exam")
    number = f"{right_answers(exam, 's05').items[2]['w_next'][0]}"
    assert "s05" in told("trace", example / "exam", number)
    places = json.loads(told("trace", example / "exam", number, "--json"))[0]["places"]
    assert set(places) == {number}


def test_an_exam_of_one_paper(exam):
    alone = msgspec.structs.replace(exam, papers=exam.papers[:1])
    assert borrowed(alone, {"s01": right_answers(exam, "s02")}) == ()
    assert trace(alone, "-123.5") == ()


@pytest.mark.parametrize(("text", "half"), [("0.418", 5e-4), ("−2", 0.5), ("4.2e-3", 5e-5), ("1e5", 5e4), (".5", 0.05)])
def test_a_decimal_stands_for_all_that_round_to_it(text, half):
    assert _half_unit(text) == pytest.approx(half)


@pytest.mark.parametrize("text", ["1/3", "50%", "2*10^-3", "3.0/7"])
def test_a_number_without_a_last_digit_is_exact(text):
    assert _half_unit(text) == 0


@pytest.mark.parametrize(("number", "stands"), [(2e6, True), (2e6 + 1e-3, True), (2e6 + 1e-2, False)])
def test_a_given_stands_on_a_paper_to_its_last_digit(number, stands):
    assert _stands(np.array([1.0, 2e6]), None, number, half=0.5) is stands


@pytest.mark.parametrize(("half", "stands"), [(0.5, True), (0.05, False), (0.2, True)])
def test_an_answer_stands_within_what_is_accepted_or_the_number_was_rounded_to(half, stands):
    assert _stands(np.array([1.0]), np.array([0.01]), 1.2, half) is stands
