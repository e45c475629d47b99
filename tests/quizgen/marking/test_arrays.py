import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from quizgen.marking.arrays import agrees, difference
from quizgen.model import CaseGroup

GROUP = CaseGroup(name="g")
STRICT = CaseGroup(name="g", keeps_dtype=True)
RIGHT = np.array([[1.0, 2.0, 3.0]])


class Pretender(np.ndarray):
    """An array that might lie."""


def phrase(got, wanted=RIGHT, group=GROUP):
    why = difference(got, wanted, group)
    return None if why is None else why.phrase


@pytest.mark.parametrize(
    ("got", "wanted"),
    [
        (RIGHT.copy(), None),
        (RIGHT + 1e-9, None),
        (RIGHT + 1e-3, "wrong-value"),
        (RIGHT[0], "wrong-shape"),
        (RIGHT.T, "wrong-shape"),
        (RIGHT * np.nan, "not-finite-value"),
        (RIGHT * np.inf, "not-finite-value"),
        (RIGHT.tolist(), "wrong-type"),
        (RIGHT.astype(object), "wrong-type"),
        (RIGHT.astype(complex), "wrong-type"),
        (np.ma.masked_array(RIGHT, mask=True), "wrong-type"),
        (RIGHT.view(Pretender), "wrong-type"),
        (None, "wrong-type"),
        ("1", "wrong-type"),
        (10**30, "wrong-type"),
        (1.0, "wrong-shape"),
    ],
)
def test_what_counts_as_the_same(got, wanted):
    assert phrase(got) == wanted


def test_dtype_counts_only_where_it_is_promised():
    assert phrase(RIGHT.astype(np.float32)) is None
    assert phrase(RIGHT.astype(np.float32), group=STRICT) == "wrong-dtype"


def test_tuples_are_compared_part_by_part_and_say_which():
    assert phrase((RIGHT, 2.0), (RIGHT, 2.0)) is None
    assert phrase(RIGHT, (RIGHT, 2.0)) == "wrong-type"
    assert phrase((RIGHT,), (RIGHT, 2.0)) == "wrong-length"
    why = difference((RIGHT, 3.0), (RIGHT, 2.0), GROUP)
    assert (why.phrase, why.values["position"]) == ("wrong-value", "2")


def test_the_largest_difference_is_shown_with_its_place():
    why = difference(np.array([[1.0, 2.5, 7.0]]), RIGHT, GROUP)
    assert why.values == {"got": "7", "wanted": "3", "off": "2", "at": "[0, 2]"}


def test_a_wanted_nan_is_never_met():
    assert phrase(np.array([np.nan]), np.array([np.nan])) == "not-finite-value"
    assert agrees(np.array([np.nan]), np.array([np.nan]), GROUP)


@given(hnp.arrays(np.float64, hnp.array_shapes(max_dims=3, max_side=4), elements=st.floats(-1e6, 1e6)))
def test_a_value_is_what_it_is_and_not_its_neighbor(array):
    assert difference(array.copy(), array, GROUP) is None
    assert difference(array + (np.abs(array).max() + 1), array, GROUP) is not None


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3), st.lists, max_leaves=8)
)
def test_no_value_raises(value):
    difference(value, RIGHT, GROUP)
    difference(value, (RIGHT, 1.0), GROUP)
    agrees(value, RIGHT, GROUP)


def test_numbers_at_the_edge_of_what_floats_hold_are_just_wrong():
    largest = np.full((1, 3), -np.finfo(np.float64).max)
    assert phrase(largest, -largest) == "wrong-value"
    assert not agrees(largest, -largest, GROUP)
