import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad as gradient_of
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.reference.pooling_backward import (
    avg_pool_backward,
    global_avg_pool_backward,
    max_pool_backward,
)

quick = settings(max_examples=40, deadline=None)
seeds = st.integers(0, 2**32 - 1)


@st.composite
def axes(draw):
    """Size, window, stride and padding of one axis, such that a window fits; strides beyond the window too."""
    window = draw(st.integers(1, 3))
    padding = draw(st.integers(0, window - 1))
    size = draw(st.integers(max(1, window - 2 * padding), 6))
    return size, window, draw(st.integers(1, 4)), padding


def starts(size, window, stride, padding):
    return [s for s in range(-padding, size + padding, stride) if s + window <= size + padding]


@st.composite
def pools(draw):
    rows, columns = draw(axes()), draw(axes())
    (height, kh, sh, ph), (width, kw, sw, pw) = rows, columns
    rng = np.random.default_rng(draw(seeds))
    outer = (draw(st.integers(1, 3)), draw(st.integers(1, 2)))
    shape = (*outer, height, width)
    x = rng.permutation(np.prod(shape)).reshape(shape) - float(draw(st.sampled_from([0, 1000])))
    dY = rng.normal(size=(*outer, len(starts(*rows)), len(starts(*columns))))
    return x, dY, (kh, kw), (sh, sw), (ph, pw)


def windows_of(x, window, stride, padding):
    """Name each window by its place in the output and list its cells on the map, in row order."""
    samples, channels, height, width = x.shape
    for n, c in np.ndindex(samples, channels):
        for i, top in enumerate(starts(height, window[0], stride[0], padding[0])):
            for j, left in enumerate(starts(width, window[1], stride[1], padding[1])):
                yield (
                    (n, c, i, j),
                    [
                        (n, c, row, column)
                        for row in range(max(top, 0), min(top + window[0], height))
                        for column in range(max(left, 0), min(left + window[1], width))
                    ],
                )


def slow_max_backward(x, dY, window, stride, padding):
    dx = np.zeros_like(x)
    for place, cells in windows_of(x, window, stride, padding):
        winner = cells[0]
        for cell in cells:
            if x[cell] > x[winner]:
                winner = cell
        dx[winner] += dY[place]
    return dx


def pooled_loss(x, dY, window, stride, padding, pick):
    """Weigh every pooled value with its upstream gradient, in a form that autograd can follow."""
    total = 0.0
    for place, cells in windows_of(x, window, stride, padding):
        total = total + dY[place] * pick(anp.array([x[cell] for cell in cells]))
    return total


@quick
@given(pools())
def test_max_pool_backward(pool):
    x, dY, *rest = pool
    got = max_pool_backward(x, dY, *rest)
    np.testing.assert_allclose(got, slow_max_backward(x, dY, *rest), atol=1e-12)


@settings(max_examples=20, deadline=None)
@given(pools())
def test_max_pool_backward_is_the_slope_of_the_pooled_maxima(central_differences, pool):
    x, dY, *rest = pool
    small = x[:1, :1]
    rise = central_differences(lambda v: pooled_loss(v, dY, *rest, np.max), small, 0.25)
    np.testing.assert_allclose(max_pool_backward(small, dY[:1, :1], *rest), rise, atol=1e-9)


@quick
@given(pools())
def test_of_tied_maxima_the_first_in_row_order_gets_the_gradient(pool):
    x, dY, *rest = pool
    tied = np.floor(x / 7)
    np.testing.assert_allclose(max_pool_backward(tied, dY, *rest), slow_max_backward(tied, dY, *rest), atol=1e-12)
    flat = np.zeros_like(x)
    np.testing.assert_allclose(max_pool_backward(flat, dY, *rest), slow_max_backward(flat, dY, *rest), atol=1e-12)


@quick
@given(pools())
def test_avg_pool_backward(pool):
    x, dY, window, *rest = pool
    slow = np.zeros_like(x)
    for place, cells in windows_of(x, window, *rest):
        for cell in cells:
            slow[cell] += dY[place] / (window[0] * window[1])
    np.testing.assert_allclose(avg_pool_backward(x, dY, window, *rest), slow, atol=1e-12)


@settings(max_examples=10, deadline=None)
@given(pools())
def test_avg_pool_backward_is_the_slope_of_the_pooled_means(pool):
    x, dY, window, *rest = pool
    small, upstream = x[:1, :1], dY[:1, :1]

    def loss(v):
        return pooled_loss(v, upstream, window, *rest, lambda cells: anp.sum(cells) / (window[0] * window[1]))

    np.testing.assert_allclose(avg_pool_backward(small, upstream, window, *rest), gradient_of(loss)(small), atol=1e-12)


@quick
@given(st.tuples(*[st.integers(1, 4)] * 4), seeds)
def test_global_avg_pool_backward(shape, seed):
    rng = np.random.default_rng(seed)
    x, dY = rng.normal(size=shape), rng.normal(size=shape[:2])
    got = global_avg_pool_backward(x, dY)
    slow = np.empty(shape)
    for n, c, i, j in np.ndindex(*shape):
        slow[n, c, i, j] = dY[n, c] / (shape[2] * shape[3])
    np.testing.assert_allclose(got, slow, rtol=1e-12)
    np.testing.assert_allclose(got, gradient_of(lambda v: anp.sum(dY * anp.mean(v, axis=(2, 3))))(x), rtol=1e-12)


def test_an_infinite_gradient_stays_at_its_cell():
    dx = max_pool_backward(np.array([[[[1.0, 2.0]]]]), np.array([[[[np.inf]]]]), (1, 2), (1, 2))
    assert dx.tolist() == [[[[0, np.inf]]]]


@pytest.mark.parametrize("backward", [max_pool_backward, avg_pool_backward])
def test_an_upstream_gradient_of_another_shape_is_refused(backward):
    with pytest.raises(ValueError, match=r"dY has shape \(1, 1, 2, 2\), wanted \(1, 1, 3, 1\)"):
        backward(np.zeros((1, 1, 7, 3)), np.zeros((1, 1, 2, 2)), (3, 2), (2, 2))
    with pytest.raises(ValueError, match=r"x has shape \(4, 4\), wanted \(N, C, H, W\)"):
        backward(np.zeros((4, 4)), np.zeros((2, 2)), (2, 2), (2, 2))


def test_a_global_gradient_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"dY has shape \(2, 1\), wanted \(1, 2\)"):
        global_avg_pool_backward(np.zeros((1, 2, 3, 4)), np.zeros((2, 1)))
