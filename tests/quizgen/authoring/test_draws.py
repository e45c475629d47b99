import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizgen.authoring import decimals, integers, one_of, signs, some_of
from quizgen.errors import AuthorError

SEEDS = st.integers(0, 2**32)
SHAPES = st.sampled_from([(), (1,), (5,), (2, 3), (2, 1, 4)])


@given(SEEDS, SHAPES, st.integers(-30, 30), st.integers(1, 40), st.integers(0, 3))
def test_decimals_lie_on_the_grid_within_the_bounds(seed, shape, low, width, places):
    low, high = low / 10, (low + width) / 10
    if places == 0:
        low, high = np.ceil(low), np.ceil(low) + width
    drawn = decimals(np.random.default_rng(seed), low=low, high=high, places=places, shape=shape)
    assert drawn.shape == shape
    assert drawn.dtype == np.float64
    assert np.all((drawn >= low - 0.5 * 10.0**-places) & (drawn <= high + 0.5 * 10.0**-places))
    for value in drawn.ravel():
        assert float(f"{value:.{places}f}") == value


def test_both_bounds_are_drawn():
    rng = np.random.default_rng(0)
    drawn = {float(decimals(rng, low=-0.2, high=0.3)) for _ in range(200)}
    assert drawn == {-0.2, -0.1, 0.0, 0.1, 0.2, 0.3}


@given(SEEDS)
def test_distinct_numbers_differ(seed):
    drawn = decimals(np.random.default_rng(seed), low=0, high=1, shape=(11,), distinct=True)
    assert sorted(drawn) == [n / 10 for n in range(11)]


@given(SEEDS)
def test_nonzero_leaves_only_zero_out(seed):
    drawn = integers(np.random.default_rng(seed), low=-2, high=2, shape=(4,), distinct=True, nonzero=True)
    assert sorted(drawn) == [-2, -1, 1, 2]
    assert drawn.dtype == np.float64


def test_more_distinct_numbers_than_there_are():
    with pytest.raises(AuthorError, match="cannot draw 12 distinct numbers from 11 candidates"):
        decimals(np.random.default_rng(0), low=0, high=1, shape=(3, 4), distinct=True)


@given(SEEDS, SHAPES)
def test_signs_are_signs(seed, shape):
    drawn = signs(np.random.default_rng(seed), shape=shape)
    assert drawn.shape == shape
    assert set(drawn.ravel()) <= {-1.0, 1.0}


@given(SEEDS, st.integers(0, 5))
def test_some_of_draws_without_repetition(seed, count):
    drawn = some_of(np.random.default_rng(seed), "abcde", count)
    assert len(drawn) == len(set(drawn)) == count
    assert set(drawn) <= set("abcde")


def test_one_of_draws_every_choice_and_the_choice_itself():
    rng = np.random.default_rng(0)
    choices = ("a", (1, 2), None)
    assert {one_of(rng, *choices) for _ in range(60)} == set(choices)


@given(SEEDS)
def test_the_same_stream_draws_the_same(seed):
    one, other = (
        (decimals(rng, low=-1, high=1, shape=(3,)).tolist(), signs(rng, shape=(3,)).tolist(), one_of(rng, *range(9)))
        for rng in (np.random.default_rng(seed), np.random.default_rng(seed))
    )
    assert one == other


def test_some_of_never_draws_fewer_than_it_was_asked_for():
    with pytest.raises(AuthorError, match="cannot draw 4 different choices from 3"):
        some_of(np.random.default_rng(0), "abc", 4)
