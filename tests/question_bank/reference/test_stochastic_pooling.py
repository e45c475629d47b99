from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.reference.stochastic_pooling import (
    stochastic_pool,
    stochastic_pool_backward,
    stochastic_pool_choice,
    stochastic_pool_expectation,
)

quick = settings(max_examples=40, deadline=None)


@st.composite
def pools(draw):
    """Small whole activations, many zeros among them, and draws with an exact binary value."""
    (kh, kw), (sh, sw) = (draw(st.tuples(st.integers(1, 3), st.integers(1, 3))) for _ in range(2))
    height, width = draw(st.integers(kh, 6)), draw(st.integers(kw, 6))
    outer = (draw(st.integers(1, 3)), draw(st.integers(1, 2)))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    x = rng.integers(0, 5, (*outer, height, width)) * rng.integers(0, 2, (*outer, height, width)) * 1.0
    shape = (*outer, (height - kh) // sh + 1, (width - kw) // sw + 1)
    return x, rng.integers(0, 64, shape) / 64, rng.normal(size=shape), (kh, kw), (sh, sw)


def cells_of(x, place, window, stride):
    n, c, i, j = place
    return [(n, c, i * stride[0] + r, j * stride[1] + k) for r in range(window[0]) for k in range(window[1])]


def slow_choice(x, u, place, window, stride):
    cells = cells_of(x, place, window, stride)
    total = sum(Fraction(x[cell]) for cell in cells)
    running = Fraction(0)
    for index, cell in enumerate(cells):
        running += Fraction(x[cell])
        if total > 0 and running / total > Fraction(u):
            return index
    return 0


@quick
@given(pools())
def test_choice_value_and_gradient(pool):
    x, uniforms, dY, window, stride = pool
    chosen = stochastic_pool_choice(x, uniforms, window, stride)
    values = stochastic_pool(x, uniforms, window, stride)
    dx = np.zeros_like(x)
    for place in np.ndindex(*uniforms.shape):
        index = slow_choice(x, uniforms[place], place, window, stride)
        cell = cells_of(x, place, window, stride)[index]
        assert chosen[place] == index
        assert values[place] == x[cell]
        dx[cell] += dY[place]
    got = stochastic_pool_backward(x, uniforms, dY, window, stride)
    np.testing.assert_allclose(got, dx, atol=1e-12)
    # the pooled values are linear in the chosen cells, so that <dY, y> = <dx, x>
    assert np.vdot(dY, values) == pytest.approx(np.vdot(got, x), abs=1e-9)


@quick
@given(st.lists(st.integers(0, 6), min_size=4, max_size=4).filter(any))
def test_evenly_spread_draws_choose_each_cell_as_often_as_its_share(values):
    total = sum(values)
    x = np.tile(np.reshape(values, (1, 1, 2, 2)), (total, 1, 1, 1)).astype(float)
    uniforms = ((np.arange(total) + 0.5) / total).reshape(total, 1, 1, 1)
    chosen = stochastic_pool_choice(x, uniforms, (2, 2), (2, 2))
    assert np.bincount(chosen.ravel(), minlength=4).tolist() == values
    mean = stochastic_pool(x, uniforms, (2, 2), (2, 2)).mean()
    assert stochastic_pool_expectation(x[:1], (2, 2), (2, 2)).item() == pytest.approx(mean, rel=1e-12)


@quick
@given(pools())
def test_expectation(pool):
    x, uniforms, _, window, stride = pool
    got = stochastic_pool_expectation(x, window, stride)
    for place in np.ndindex(*uniforms.shape):
        values = [Fraction(x[cell]) for cell in cells_of(x, place, window, stride)]
        wanted = sum(v * v for v in values) / (sum(values) or 1)
        assert got[place] == pytest.approx(float(wanted), rel=1e-12)


def test_the_largest_draw_below_one_never_chooses_a_trailing_zero():
    x = np.array([[[[0.1, 0.2, 0.7, 0.0]]]], dtype=np.float32)
    almost = np.full((1, 1, 1, 1), np.nextafter(np.float32(1), np.float32(0)), dtype=np.float32)
    assert stochastic_pool_choice(x, almost, (1, 4), (1, 4)).item() == 2
    assert stochastic_pool_choice(x, almost.astype(float), (1, 4), (1, 4)).item() == 2


def test_a_window_of_zeros_gives_zero_without_a_warning():
    zeros, half = np.zeros((1, 1, 2, 2)), np.full((1, 1, 1, 1), 0.5)
    assert stochastic_pool(zeros, half, (2, 2), (2, 2)).item() == 0
    assert stochastic_pool_expectation(zeros, (2, 2), (2, 2)).item() == 0


@pytest.mark.parametrize(
    ("x", "u", "message"),
    [
        (-1.0, np.full((1, 1, 1, 1), 0.5), "x holds -1.0, wanted no negative activation"),
        (1.0, np.full((1, 1, 1, 1), 1.0), r"uniforms hold a number outside \[0, 1\)"),
        (1.0, np.full((1, 1, 1, 1), -0.1), r"uniforms hold a number outside \[0, 1\)"),
        (1.0, np.full((1, 1), 0.5), r"uniforms has shape \(1, 1\), wanted \(1, 1, 1, 1\)"),
    ],
)
def test_impossible_inputs_are_refused(x, u, message):
    with pytest.raises(ValueError, match=message):
        stochastic_pool(np.full((1, 1, 2, 2), x), u, (2, 2), (2, 2))


def test_an_upstream_gradient_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"dY has shape \(1, 1\), wanted \(1, 1, 1, 1\)"):
        stochastic_pool_backward(np.ones((1, 1, 2, 2)), np.full((1, 1, 1, 1), 0.5), np.ones((1, 1)), (2, 2), (2, 2))
