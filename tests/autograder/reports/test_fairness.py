import pytest

from autograder.reports.fairness import LANGUAGE, QUESTION, fairness, features
from autograder.reports.mastery import mastery
from autograder.reports.page import report_html


def test_a_number_that_makes_the_item_harder_is_found(classroom):
    book = classroom(
        [[float(s % 2 == 0 or s % 10 == 1)] * 2 for s in range(60)],
        givens=lambda s: {"eta": 0.5 if s % 2 else 0.1},
    )
    (factor,) = fairness(book)
    assert (factor.number, factor.name, factor.uneven) == (1, "eta", True)
    easy, hard = factor.levels
    assert (easy.label, easy.students, easy.correct) == ("0.1", 30, 30)
    assert (hard.label, hard.students, hard.correct) == ("0.5", 30, 6)


def test_an_even_number_is_compared_and_not_flagged(classroom):
    book = classroom([[float(s % 4 < 2)] * 2 for s in range(40)], givens=lambda s: {"k": s % 2})
    assert [(f.name, f.uneven) for f in fairness(book)] == [("k", False)]


def test_many_values_are_divided_into_thirds_of_the_class(classroom):
    book = classroom([[1.0, 1.0]] * 36, givens=lambda s: {"x": s / 8})
    (factor,) = fairness(book)
    assert [level.students for level in factor.levels] == [12, 12, 12]
    assert factor.levels[0].label == "0 … 1.375"


def test_parts_that_are_too_small_are_not_compared(classroom):
    assert fairness(classroom([[1.0]] * 19, givens=lambda s: {"x": s % 2})) == ()
    assert fairness(classroom([[1.0]] * 30, givens=lambda s: {"x": f"text {s}"})) == ()


def test_languages_and_varied_questions_are_compared(classroom):
    book = classroom(
        [[float(s % 2)] for s in range(40)],
        questions=lambda s: f"pooling/q{s % 2}",
        languages=["en" if s < 20 else "zh" for s in range(40)],
    )
    found = {(f.name, f.question): f for f in fairness(book)}
    assert found[QUESTION, ""].uneven
    assert not found[LANGUAGE, "pooling/q0"].uneven
    assert [level.students for level in found[LANGUAGE, "pooling/q0"].levels] == [10, 10]
    html = report_html(book)
    assert "which question" in html
    assert "pooling/q0" in html


def test_of_arrays_size_and_signs_are_compared():
    assert features({"w": [[-1.0, 2.0], [0.0, -3.0]], "on": True, "nested": {"a": 1}, "texts": ["a", "b"]}) == {
        "w: n": 4,
        "w < 0: n": 2,
        "on": True,
    }


def test_topics_add_up_by_hand(classroom):
    """Items of two points; items 1 and 3 are of one topic, item 2 of the other."""
    found = mastery(classroom([[1.0, 0.5, 0.0], [1.0, 1.0, None]]))
    assert found.topics == ("topic0", "topic1")
    first, second = found.students["s000"], found.students["s001"]
    assert (first["topic0"].earned, first["topic0"].possible, first["topic0"].items) == (2.0, 4.0, 2)
    assert first["topic1"].share == 0.5
    assert (second["topic0"].earned, second["topic0"].possible) == (2.0, 2.0)
    assert found.mean("topic0") == pytest.approx((0.5 + 1.0) / 2)
