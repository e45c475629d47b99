import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad as gradient_of
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from question_bank.reference.dropout import dropout_backward, dropout_forward, dropout_mask

quick = settings(max_examples=30, deadline=None)
shapes = hnp.array_shapes(min_dims=1, max_dims=4, max_side=4)
chances = st.sampled_from([0.0, 0.2, 0.3, 0.5, 0.8])
seeds = st.integers(0, 2**32 - 1)


@quick
@given(shapes, chances, seeds)
def test_mask_keeps_draws_from_p_on(shape, p, seed):
    uniforms = np.random.default_rng(seed).random(shape)
    uniforms.flat[0] = p
    slow = np.array([1 if u >= p else 0 for u in uniforms.ravel()]).reshape(shape)
    np.testing.assert_array_equal(dropout_mask(uniforms, p), slow)
    np.testing.assert_array_equal(dropout_mask(uniforms, p), np.heaviside(uniforms - p, 1))


@quick
@given(shapes, chances, seeds)
def test_forward(onnx_node, shape, p, seed):
    rng = np.random.default_rng(seed)
    x, mask = rng.normal(size=shape), rng.integers(0, 2, size=shape).astype(float)
    slow = [v / (1 - p) if m == 1 else 0 for v, m in zip(x.ravel(), mask.ravel(), strict=True)]
    np.testing.assert_allclose(dropout_forward(x, mask, p), np.reshape(slow, shape), rtol=1e-14)
    kept = onnx_node("Where", [mask == 1, onnx_node("Div", [x, np.float64(1 - p)]), np.zeros(())])
    np.testing.assert_allclose(dropout_forward(x, mask, p), kept, rtol=1e-14)


@quick
@given(shapes, chances, seeds)
def test_backward(central_differences, shape, p, seed):
    rng = np.random.default_rng(seed)
    x, dY = rng.normal(size=(2, *shape))
    mask = rng.integers(0, 2, size=shape).astype(float)
    slope = gradient_of(lambda v: anp.sum(dY * v * mask / (1 - p)))(x)
    np.testing.assert_allclose(dropout_backward(dY, mask, p), slope, rtol=1e-12)
    if x.size <= 16:
        rise = central_differences(lambda v: (dY * dropout_forward(v, mask, p)).sum(), x)
        np.testing.assert_allclose(dropout_backward(dY, mask, p), rise, atol=1e-7)


def test_the_mean_over_many_masks_is_the_input():
    uniforms = (np.arange(1000) + 0.5) / 1000
    kept = dropout_forward(np.full(1000, 2.0), dropout_mask(uniforms, 0.3), 0.3)
    assert kept.mean() == pytest.approx(2.0)


def test_a_dropped_unit_is_zero_even_when_it_is_infinite():
    assert dropout_forward(np.array([np.inf]), np.zeros(1), 0.5).tolist() == [0]


@pytest.mark.parametrize("p", [-0.1, 1.0, 1.5])
def test_impossible_chances_are_refused(p):
    for call in (dropout_forward, dropout_backward):
        with pytest.raises(ValueError, match="wanted a probability to drop"):
            call(np.ones(2), np.ones(2), p)
    with pytest.raises(ValueError, match="wanted a probability to drop"):
        dropout_mask(np.ones(2), p)


def test_a_mask_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"mask has shape \(3,\), wanted \(2,\)"):
        dropout_forward(np.ones(2), np.ones(3), 0.5)
