"""Cases come from the seed alone, group by group, with the reference's arguments in its order."""

import ast

import numpy as np
import pytest

from quizgen.authoring import CodeQuestion
from quizgen.authoring.source import as_source, freeze, unfreeze
from quizgen.errors import AuthorError


def scale(x: np.ndarray, factor: float = 2.0, *, keep: bool = False) -> np.ndarray:
    return x if keep else factor * x


@pytest.fixture
def question():
    made = CodeQuestion(source="test", level=1, minutes=1, reference=scale)

    @made.cases(weight=2)
    def hidden(rng):
        for _ in range(3):
            yield {"x": rng.normal(size=2), "factor": float(rng.uniform()), "keep": False}

    @made.cases(visible=True)
    def first_seen(rng):
        yield {"x": np.array([1.0, 2.0]), "factor": 0.5, "keep": False}
        yield {"x": rng.normal(size=3), "factor": 1.0, "keep": False}

    @made.cases(visible=True)
    def second_seen(rng):
        yield {"x": np.array([9.0]), "factor": 9.0, "keep": True}

    return made


def as_lists(cases):
    return [(c.group.name, [np.asarray(a).tolist() for a in c.arguments]) for c in cases]


def test_the_seed_alone_decides(question):
    assert as_lists(question.draw_cases(5)) == as_lists(question.draw_cases(5))
    assert as_lists(question.draw_cases(5)) != as_lists(question.draw_cases(6))


def test_cases_come_group_by_group(question):
    cases = question.draw_cases(0)
    assert [c.group.name for c in cases] == ["hidden"] * 3 + ["first_seen"] * 2 + ["second_seen"]
    assert cases[0].group.weight == 2


def test_groups_do_not_share_a_stream(question):
    with_more = CodeQuestion(source="test", level=1, minutes=1, reference=scale)

    @with_more.cases()
    def hidden(rng):
        for _ in range(50):
            yield {"x": rng.normal(size=2), "factor": float(rng.uniform()), "keep": False}

    @with_more.cases(visible=True)
    def first_seen(rng):
        yield {"x": np.array([1.0, 2.0]), "factor": 0.5, "keep": False}
        yield {"x": rng.normal(size=3), "factor": 1.0, "keep": False}

    seen = [c for c in as_lists(with_more.draw_cases(3)) if c[0] == "first_seen"]
    assert seen == [c for c in as_lists(question.draw_cases(3)) if c[0] == "first_seen"]


def test_the_example_is_the_first_case_of_the_first_visible_group(question):
    example = question.example(7)
    assert example.group.name == "first_seen"
    assert [np.asarray(a).tolist() for a in example.arguments] == [[1.0, 2.0], 0.5, False]


def test_without_a_visible_group_there_is_no_example():
    with pytest.raises(AuthorError, match="no group of cases is visible"):
        CodeQuestion(source="test", level=1, minutes=1, reference=scale).example(0)


@pytest.mark.parametrize(
    "arguments",
    [{"factor": 1.0, "x": 0.0, "keep": False}, {"x": 0.0}, {"x": 0.0, "factor": 1.0, "keep": False, "more": 1}, {}],
)
def test_arguments_must_be_the_references_in_its_order(arguments):
    made = CodeQuestion(source="test", level=1, minutes=1, reference=scale)

    @made.cases(visible=True)
    def bad(_):
        yield arguments

    for draw in (made.draw_cases, made.example):
        with pytest.raises(AuthorError) as error:
            draw(0)
        assert str(error.value) == (
            f"cases 'bad' give the arguments {list(arguments)}, the reference takes ['x', 'factor', 'keep']"
        )


def test_students_see_the_signature_without_annotations(question):
    assert question.signature == "scale(x, factor=2.0, *, keep=False)"
    assert ast.parse(f"def {question.signature}: pass")


@pytest.mark.parametrize(
    "value",
    [
        np.array([1.0, -2.5]),
        np.array([[1, 2], [3, 4]]),
        np.array([1.5, 2.0], dtype=np.float32),
        np.zeros((2, 1, 3)),
        np.zeros((0, 3)),
        (np.array([1.0]), 2.0),
        (3,),
        True,
        None,
        "text",
        7,
        0.125,
    ],
)
def test_values_survive_being_stored_and_printed(value):
    stored = unfreeze(freeze(value))
    assert type(stored) is type(value)
    printed = eval(as_source(value), {"np": np})  # noqa: S307 - our own text
    for found in (stored, printed):
        pairs = zip(found, value, strict=True) if isinstance(value, tuple) else [(found, value)]
        for one, other in pairs:
            if found is stored:
                assert np.asarray(one).dtype == np.asarray(other).dtype
                assert np.shape(one) == np.shape(other)
            assert np.asarray(one).tolist() == np.asarray(other).tolist()


def test_what_cannot_be_stored_says_so():
    with pytest.raises(AuthorError, match="a case value of type set cannot be stored"):
        freeze({1})


@pytest.mark.parametrize(
    "value", [np.zeros((0, 3)), np.array([np.inf, -np.inf, 0.5]), -np.inf, np.zeros(0, np.float32)]
)
def test_odd_values_are_printed_as_python_that_gives_them_back(value):
    again = eval(as_source(value), {"np": np})  # noqa: S307 - our own text
    assert (np.shape(again), np.asarray(again).dtype) == (np.shape(value), np.asarray(value).dtype)
    assert np.array_equal(again, value)


@pytest.mark.parametrize("value", [float("nan"), np.float64("inf"), (1.0, np.array([1.0, -np.inf]))])
def test_what_json_would_lose_is_not_stored(value):
    with pytest.raises(AuthorError, match="not finite cannot be stored"):
        freeze(value)
