import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.reference.pooling import avg_pool_forward, global_avg_pool, max_pool_forward, pool_output_size
from question_bank.reference.windows import add_windows, cut_windows, output_shape

quick = settings(max_examples=60, deadline=None)
seeds = st.integers(0, 2**32 - 1)


@st.composite
def axes(draw):
    """Size, window, stride and padding of one axis, such that a window fits; strides beyond the window too."""
    window = draw(st.integers(1, 3))
    padding = draw(st.integers(0, window - 1))
    size = draw(st.integers(max(1, window - 2 * padding), 7))
    return size, window, draw(st.integers(1, 4)), padding


@st.composite
def pools(draw):
    rows, columns = draw(axes()), draw(axes())
    (height, kh, sh, ph), (width, kw, sw, pw) = rows, columns
    rng = np.random.default_rng(draw(seeds))
    shape = (draw(st.integers(1, 3)), draw(st.integers(1, 3)), height, width)
    x = rng.integers(-9, 0, shape).astype(float) if draw(st.booleans()) else rng.normal(size=shape)
    return x, (kh, kw), (sh, sw), (ph, pw)


def starts(size, window, stride, padding):
    return [s for s in range(-padding, size + padding, stride) if s + window <= size + padding]


def slow_pool(x, window, stride, padding, pick):
    """Visit the windows one by one; pick gets the cells that lie on the map."""
    samples, channels, height, width = x.shape
    rows = starts(height, window[0], stride[0], padding[0])
    columns = starts(width, window[1], stride[1], padding[1])
    y = np.empty((samples, channels, len(rows), len(columns)))
    for n, c, i, j in np.ndindex(*y.shape):
        y[n, c, i, j] = pick(
            [
                x[n, c, r, k]
                for r in range(rows[i], rows[i] + window[0])
                for k in range(columns[j], columns[j] + window[1])
                if 0 <= r < height and 0 <= k < width
            ]
        )
    return y


def padded(x, padding, fill):
    """Pad beforehand: ONNX's evaluator takes two-sided pads in another order than ONNX's specification."""
    (ph, pw), (*outer, height, width) = padding, x.shape
    wide = np.full((*outer, height + 2 * ph, width + 2 * pw), fill)
    wide[:, :, ph : ph + height, pw : pw + width] = x
    return wide


@quick
@given(axes())
def test_pool_output_size(onnx_node, axis):
    size, window, stride, padding = axis
    got = pool_output_size(size, window, stride, padding)
    assert got == len(starts(*axis))
    wide = np.zeros((1, 1, size + 2 * padding))
    peer = onnx_node("MaxPool", [wide], kernel_shape=[window], strides=[stride])
    assert got == peer.shape[2]
    x = np.zeros((1, 1, size, 5))
    assert output_shape(x, (window, 2), (stride, 2), (padding, 1)) == (got, 3)


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ((5, 0, 1, 0), "window 0, stride 1, padding 0: wanted window >= 1"),
        ((5, 2, 0, 0), "stride >= 1"),
        ((5, 2, 1, 2), "0 <= padding < window"),
        ((5, 2, 1, -1), "0 <= padding < window"),
        ((2, 5, 1, 1), r"window is 5, wanted at most 4 \(the padded size\)"),
    ],
)
def test_pool_output_size_refuses(numbers, message):
    with pytest.raises(ValueError, match=message):
        pool_output_size(*numbers)


@quick
@given(pools())
def test_max_pool_forward(onnx_node, pool):
    x, window, stride, padding = pool
    got = max_pool_forward(x, window, stride, padding)
    np.testing.assert_array_equal(got, slow_pool(x, window, stride, padding, max))
    peer = onnx_node("MaxPool", [padded(x, padding, -np.inf)], kernel_shape=window, strides=stride)
    np.testing.assert_array_equal(got, peer)


@quick
@given(pools())
def test_avg_pool_forward(onnx_node, pool):
    x, window, stride, padding = pool
    got = avg_pool_forward(x, window, stride, padding)
    cells = window[0] * window[1]
    np.testing.assert_allclose(got, slow_pool(x, window, stride, padding, lambda v: sum(v) / cells), atol=1e-12)
    peer = onnx_node("AveragePool", [padded(x, padding, 0.0)], kernel_shape=window, strides=stride)
    np.testing.assert_allclose(got, peer, atol=1e-12)


@quick
@given(st.tuples(*[st.integers(1, 5)] * 4), seeds)
def test_global_avg_pool(onnx_node, shape, seed):
    x = np.random.default_rng(seed).normal(size=shape)
    got = global_avg_pool(x)
    for n, c in np.ndindex(*shape[:2]):
        cells = [x[n, c, i, j] for i in range(shape[2]) for j in range(shape[3])]
        assert got[n, c] == pytest.approx(sum(cells) / len(cells), rel=1e-9, abs=1e-12)
    np.testing.assert_allclose(got, onnx_node("GlobalAveragePool", [x])[..., 0, 0], atol=1e-12)


@quick
@given(pools(), seeds)
def test_adding_windows_is_the_adjoint_of_cutting_them(pool, seed):
    x, window, stride, padding = pool
    windows = cut_windows(x, window, stride, padding, 0.0)
    shares = np.random.default_rng(seed).normal(size=windows.shape)
    total = add_windows(shares, x, window, stride, padding)
    assert total.shape == x.shape
    assert np.vdot(windows, shares) == pytest.approx(np.vdot(x, total), abs=1e-9)


@pytest.mark.parametrize("pool", [max_pool_forward, avg_pool_forward])
def test_maps_without_batch_and_channels_are_refused(pool):
    with pytest.raises(ValueError, match=r"x has shape \(4, 4\), wanted \(N, C, H, W\)"):
        pool(np.zeros((4, 4)), (2, 2), (2, 2))
    with pytest.raises(ValueError, match=r"x has shape \(4, 4\), wanted \(N, C, H, W\)"):
        global_avg_pool(np.zeros((4, 4)))
