import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.reference.augmentation import hflip, random_crop

quick = settings(max_examples=30, deadline=None)
sides = st.integers(1, 5)


@quick
@given(st.tuples(sides, sides, sides, sides))
def test_hflip(onnx_node, shape):
    x = np.arange(np.prod(shape), dtype=float).reshape(shape)
    slow = np.empty_like(x)
    for n, c, i, j in np.ndindex(*shape):
        slow[n, c, i, j] = x[n, c, i, shape[3] - 1 - j]
    np.testing.assert_array_equal(hflip(x), slow)
    reverse = onnx_node("Slice", [x, np.array([-1]), np.array([-shape[3] - 1]), np.array([3]), np.array([-1])])
    np.testing.assert_array_equal(hflip(x), reverse)
    np.testing.assert_array_equal(hflip(x[0, 0]), slow[0, 0])


@quick
@given(st.data())
def test_random_crop(onnx_node, data):
    samples, channels, height, width = shape = tuple(data.draw(sides) for _ in range(4))
    size = data.draw(st.integers(1, height)), data.draw(st.integers(1, width))
    starts = [
        st.lists(st.integers(0, side - s), min_size=samples, max_size=samples)
        for side, s in zip((height, width), size, strict=True)
    ]
    tops, lefts = (np.array(data.draw(start)) for start in starts)
    x = np.arange(np.prod(shape), dtype=float).reshape(shape)
    got = random_crop(x, tops, lefts, size)
    slow = np.empty((samples, channels, *size))
    for n, c, i, j in np.ndindex(*slow.shape):
        slow[n, c, i, j] = x[n, c, tops[n] + i, lefts[n] + j]
    np.testing.assert_array_equal(got, slow)
    for n in range(samples):
        first = np.array([tops[n], lefts[n]])
        np.testing.assert_array_equal(got[n], onnx_node("Slice", [x[n], first, first + size, np.array([1, 2])]))


@pytest.mark.parametrize(
    ("x", "tops", "lefts", "message"),
    [
        (np.zeros((3, 3)), [0], [0], r"x has shape \(3, 3\), wanted \(N, C, H, W\)"),
        (np.zeros((1, 1, 3, 3)), [0, 0], [0], r"tops has shape \(2,\), wanted \(1,\)"),
        (np.zeros((1, 1, 3, 3)), [2], [0], r"tops is \[2\], wanted starts in 0 .. 1"),
        (np.zeros((1, 1, 3, 3)), [0], [-1], r"lefts is \[-1\], wanted starts in 0 .. 1"),
    ],
)
def test_random_crop_refuses(x, tops, lefts, message):
    with pytest.raises(ValueError, match=message):
        random_crop(x, np.array(tops), np.array(lefts), (2, 2))
