import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizgen.authoring import CodeQuestion, NumericQuestion
from quizgen.authoring.steps import from_json, to_json
from quizgen.errors import AuthorError


@pytest.fixture
def question():
    """Return a diamond: a -> left, right -> end; and `aside`, which nothing needs."""
    made = NumericQuestion(source="test", level=1, minutes=1)

    @made.step
    def start(a):
        return a + 1

    @made.step
    def left(start):
        return 2 * start

    @made.step
    def right(start, b):
        return start - b

    @made.step
    def end(left, right):
        return left * right

    @made.step
    def aside(right):
        return -right

    @made.mistake(left)
    def tripled(start):
        return 3 * start

    @made.mistake(start)
    def not_added(a):
        return a

    return made


def test_finals_are_what_no_other_step_needs(question):
    assert question.program.finals() == ("end", "aside")


def test_ancestors_are_all_steps_on_the_way(question):
    wanted = {
        "start": set(),
        "left": {"start"},
        "right": {"start"},
        "end": {"start", "left", "right"},
        "aside": {"start", "right"},
    }
    assert {name: set(question.program.ancestors(name)) for name in wanted} == wanted


def test_steps_are_worked_out_in_order(question):
    assert question.program.run({"a": 2.0, "b": 1.0}) == {
        "a": 2.0, "b": 1.0, "start": 3.0, "left": 6.0, "right": 2.0, "end": 12.0, "aside": -2.0
    }  # fmt: skip


def test_a_swap_changes_its_step_and_what_follows_only(question):
    mistake = question.program.mistakes["tripled"]
    values = question.program.run({"a": 2.0, "b": 1.0}, swaps=[mistake])
    assert (values["start"], values["left"], values["right"], values["end"], values["aside"]) == (3, 9, 2, 18, -2)
    assert question.program.without([mistake]) == {"left", "end"}


def test_two_swaps_act_together(question):
    values = question.program.run({"a": 2.0, "b": 1.0}, swaps=question.program.mistakes.values())
    assert (values["start"], values["left"], values["right"], values["end"]) == (2, 6, 1, 6)


def test_known_values_are_taken_as_they_are(question):
    values = question.program.run({"a": 2.0, "b": 1.0}, known={"start": 10.0, "right": -1.0})
    assert (values["left"], values["right"], values["end"], values["aside"]) == (20, -1, -20, 1)


def test_a_missing_input_is_named(question):
    with pytest.raises(AuthorError, match="'right' asks for 'b', which is neither given nor an earlier step"):
        question.program.run({"a": 2.0})


def test_a_step_cannot_ask_for_a_later_one():
    made = NumericQuestion(source="test", level=1, minutes=1)

    @made.step
    def first(second):
        return second

    @made.step
    def second(a):
        return a

    with pytest.raises(AuthorError, match="'first' asks for 'second', which is neither given nor an earlier step"):
        made.program.run({"a": 1.0})


def test_names_are_given_once(question):
    def left(a):
        return a

    with pytest.raises(AuthorError, match="two steps or mistakes are called 'left'"):
        question.step(left)
    with pytest.raises(AuthorError, match="two steps or mistakes are called 'left'"):
        question.mistake(left)(left)


def test_a_mistake_stands_for_a_step(question):
    def stray(a):
        return a

    def wrong(a):
        return a

    with pytest.raises(AuthorError, match="mistake 'wrong' stands for 'stray', which is not a step"):
        question.mistake(stray)(wrong)


def test_one_function_draws():
    made = NumericQuestion(source="test", level=1, minutes=1)
    made.given(lambda _: {})
    with pytest.raises(AuthorError, match="one @given function"):
        made.given(lambda _: {})


NUMBERS = st.floats(-1e6, 1e6).map(lambda x: round(x, 6) + 0.0) | st.integers(-999, 999)


@given(st.integers(1, 3), st.integers(1, 3), st.data())
def test_arrays_come_back_as_they_were(rows, columns, data):
    cells = st.lists(st.floats(-1e6, 1e6).map(lambda x: round(x, 6) + 0.0), min_size=columns, max_size=columns)
    array = np.array(data.draw(st.lists(cells, min_size=rows, max_size=rows)))
    back = from_json(json.loads(json.dumps(to_json(array))))
    assert isinstance(back, np.ndarray)
    assert back.shape == array.shape
    assert back.tolist() == array.tolist()


@given(st.recursive(NUMBERS | st.booleans() | st.none() | st.text(max_size=5), lambda v: st.lists(v, max_size=4)))
def test_what_is_stored_is_json_and_storing_it_again_changes_nothing(value):
    stored = to_json(value)
    assert json.loads(json.dumps(stored)) == stored
    assert to_json(from_json(stored)) == stored


@pytest.mark.parametrize(
    ("value", "back"),
    [(["a", "b"], ("a", "b")), ([1, "b"], (1, "b")), ([[1, 2], [3]], None), ("text", "text"), (None, None)],
)
def test_what_is_no_array_becomes_tuples(value, back):
    got = from_json(to_json(value))
    if back is None and value is not None:
        assert [part.tolist() for part in got] == value
    else:
        assert got == back


def test_noise_of_the_last_binary_digits_is_not_printed():
    assert to_json(0.1 + 0.2) == 0.3
    assert str(to_json(-0.0)) == "0.0"
    assert to_json(np.float64(0.1) * 3) == 0.3


@pytest.mark.parametrize("value", [{1, 2}, {"a": 1}, object(), 1j])
def test_what_cannot_be_stored_says_so(value):
    with pytest.raises(AuthorError, match=f"a given of type {type(value).__name__} cannot be stored"):
        to_json(value)


@pytest.mark.parametrize("weight", [0, -1, float("nan")])
def test_a_step_or_group_without_weight_is_refused(weight):
    question = NumericQuestion(source="test", level=1, minutes=1)
    with pytest.raises(AuthorError, match=f"step's weight is {weight}, wanted more than 0"):
        question.step(weight=weight)
    with pytest.raises(AuthorError, match=f"weight of a group of cases is {weight}, wanted more than 0"):
        CodeQuestion(source="test", level=1, minutes=1, reference=abs).cases(weight=weight)
