import math

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad as gradient_of
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto

from question_bank.reference.normalization import (
    batch_norm_backward,
    batch_norm_forward,
    batch_norm_inference,
    batch_norm_running,
    group_norm,
    instance_norm,
    layer_norm_backward,
    layer_norm_forward,
)

DOUBLE = TensorProto.DOUBLE  # else ONNX rounds the statistics to float32

quick = settings(max_examples=25, deadline=None)
sides = st.integers(1, 4)
shapes = st.tuples(sides, sides) | st.tuples(sides, sides, sides, sides)
maps = st.tuples(sides, sides, sides, sides)
epsilons = st.sampled_from([2**-10, 2**-3])  # exact in float32, ONNX's type for attributes
seeds = st.integers(0, 2**32 - 1)


def draws(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.normal(loc=1, scale=2, size=shape) for shape in shapes]


def slow_norm(x, cells_of, eps):
    """Normalize entry by entry; cells_of(cell) names all entries that share its mean."""
    y = np.empty_like(x)
    for cell in np.ndindex(*x.shape):
        shared = [x[other] for other in np.ndindex(*x.shape) if cells_of(other) == cells_of(cell)]
        mean = sum(shared) / len(shared)
        variance = sum((v - mean) ** 2 for v in shared) / len(shared)
        y[cell] = (x[cell] - mean) / math.sqrt(variance + eps)
    return y


def per_channel(vector, x):
    y = np.empty_like(x)
    for cell in np.ndindex(*x.shape):
        y[cell] = vector[cell[1]]
    return y


@quick
@given(shapes, epsilons, seeds)
def test_batch_norm_forward(onnx_node, shape, eps, seed):
    X, gamma, beta = draws(seed, shape, shape[1], shape[1])
    got = batch_norm_forward(X, gamma, beta, eps)
    slow = per_channel(gamma, X) * slow_norm(X, lambda cell: cell[1], eps) + per_channel(beta, X)
    np.testing.assert_allclose(got, slow, atol=1e-9)
    start = [np.zeros(shape[1]), np.ones(shape[1])]
    peer = onnx_node("BatchNormalization", [X, gamma, beta, *start], 3, epsilon=eps, training_mode=1)
    np.testing.assert_allclose(got, peer[0], atol=1e-8)


@quick
@given(shapes, st.sampled_from([0.25, 0.875]), seeds)
def test_batch_norm_running(onnx_node, shape, momentum, seed):
    X, old_mean, old_var = draws(seed, shape, shape[1], shape[1])
    mean, var = batch_norm_running(X, old_mean, old_var, momentum)
    for c in range(shape[1]):
        values = [X[cell] for cell in np.ndindex(*shape) if cell[1] == c]
        center = sum(values) / len(values)
        spread = sum((v - center) ** 2 for v in values) / len(values)
        assert mean[c] == pytest.approx(momentum * old_mean[c] + (1 - momentum) * center)
        assert var[c] == pytest.approx(momentum * old_var[c] + (1 - momentum) * spread)
    scale = [np.ones(shape[1]), np.zeros(shape[1])]
    peer = onnx_node("BatchNormalization", [X, *scale, old_mean, old_var], 3, momentum=momentum, training_mode=1)
    np.testing.assert_allclose((mean, var), peer[1:], atol=1e-8)


@quick
@given(shapes, epsilons, seeds)
def test_batch_norm_inference(onnx_node, shape, eps, seed):
    X, gamma, beta, mean, var = draws(seed, shape, *[shape[1]] * 4)
    var = np.abs(var)
    got = batch_norm_inference(X, gamma, beta, mean, var, eps)
    slow = np.empty_like(X)
    for cell in np.ndindex(*shape):
        c = cell[1]
        slow[cell] = gamma[c] * (X[cell] - mean[c]) / math.sqrt(var[c] + eps) + beta[c]
    np.testing.assert_allclose(got, slow, rtol=1e-9, atol=1e-12)
    peer = onnx_node("BatchNormalization", [X, gamma, beta, mean, var], epsilon=eps)
    np.testing.assert_allclose(got, peer, rtol=1e-5, atol=1e-8)


@quick
@given(shapes, epsilons, seeds)
def test_layer_norm_forward(onnx_node, shape, eps, seed):
    X, gamma, beta = draws(seed, shape, shape[1:], shape[1:])
    got = layer_norm_forward(X, gamma, beta, eps)
    np.testing.assert_allclose(got, gamma * slow_norm(X, lambda cell: cell[0], eps) + beta, atol=1e-9)
    peer = onnx_node("LayerNormalization", [X, gamma, beta], axis=1, epsilon=eps)
    np.testing.assert_allclose(got, peer, atol=1e-8)


@quick
@given(maps, epsilons, seeds)
def test_instance_norm(onnx_node, shape, eps, seed):
    x, gamma, beta = draws(seed, shape, shape[1], shape[1])
    got = instance_norm(x, gamma, beta, eps)
    slow = per_channel(gamma, x) * slow_norm(x, lambda cell: cell[:2], eps) + per_channel(beta, x)
    np.testing.assert_allclose(got, slow, atol=1e-9)
    np.testing.assert_allclose(got, onnx_node("InstanceNormalization", [x, gamma, beta], epsilon=eps), atol=1e-8)


@quick
@given(maps, st.integers(1, 3), epsilons, seeds)
def test_group_norm(onnx_node, shape, groups, eps, seed):
    samples, width, height, columns = shape
    shape = (samples, width * groups, height, columns)
    x, gamma, beta = draws(seed, shape, shape[1], shape[1])
    got = group_norm(x, gamma, beta, groups, eps)
    slow = slow_norm(x, lambda cell: (cell[0], cell[1] // width), eps)
    np.testing.assert_allclose(got, per_channel(gamma, x) * slow + per_channel(beta, x), atol=1e-9)
    peer = onnx_node("GroupNormalization", [x, gamma, beta], num_groups=groups, epsilon=eps, stash_type=DOUBLE)
    np.testing.assert_allclose(got, peer, atol=1e-8)


def test_group_norm_with_one_group_and_with_one_channel_a_group():
    (x,) = draws(7, (2, 6, 3, 4))
    ones, zeros = np.ones(6), np.zeros(6)
    layer = layer_norm_forward(x, np.ones((6, 3, 4)), np.zeros((6, 3, 4)), 0.1)
    np.testing.assert_allclose(group_norm(x, ones, zeros, 1, 0.1), layer, atol=1e-12)
    np.testing.assert_allclose(group_norm(x, ones, zeros, 6, 0.1), instance_norm(x, ones, zeros, 0.1), atol=1e-12)


def autograd_norm(X, axes, eps):
    mean = anp.mean(X, axis=axes, keepdims=True)
    variance = anp.mean((X - mean) ** 2, axis=axes, keepdims=True)
    return (X - mean) / anp.sqrt(variance + eps)


@quick
@given(shapes, epsilons, seeds)
def test_batch_norm_backward(central_differences, shape, eps, seed):
    X, dY, gamma, beta = draws(seed, shape, shape, shape[1], shape[1])
    axes = (0, 2, 3) if len(shape) == 4 else (0,)
    broad = (1, shape[1], 1, 1) if len(shape) == 4 else (1, shape[1])

    def loss(x, g, b):
        return anp.sum(dY * (anp.reshape(g, broad) * autograd_norm(x, axes, eps) + anp.reshape(b, broad)))

    got = batch_norm_backward(dY, X, gamma, eps)
    for place, one in enumerate(got):
        np.testing.assert_allclose(one, gradient_of(loss, place)(X, gamma, beta), rtol=1e-7, atol=1e-8)
    np.testing.assert_allclose(got[0].sum(axis=axes), 0, atol=1e-8)
    if X.size <= 24:
        rise = central_differences(lambda x: (dY * batch_norm_forward(x, gamma, beta, eps)).sum(), X)
        np.testing.assert_allclose(got[0], rise, rtol=1e-4, atol=1e-4)


@quick
@given(shapes, epsilons, seeds)
def test_layer_norm_backward(central_differences, shape, eps, seed):
    X, dY, gamma, beta = draws(seed, shape, shape, shape[1:], shape[1:])
    axes = tuple(range(1, len(shape)))
    got = layer_norm_backward(dY, X, gamma, eps)
    for place, one in enumerate(got):
        slope = gradient_of(lambda *a: anp.sum(dY * (a[1] * autograd_norm(a[0], axes, eps) + a[2])), place)
        np.testing.assert_allclose(one, slope(X, gamma, beta), rtol=1e-7, atol=1e-8)
    if X.size <= 24:
        rise = central_differences(lambda x: (dY * layer_norm_forward(x, gamma, beta, eps)).sum(), X)
        np.testing.assert_allclose(got[0], rise, rtol=1e-4, atol=1e-4)


def test_constant_values_become_the_shift():
    x, gamma, beta = np.full((2, 4, 3, 5), 7.0), np.full(4, 2.0), np.full(4, 0.5)
    for y in (
        batch_norm_forward(x, gamma, beta, 1e-5),
        instance_norm(x, gamma, beta, 1e-5),
        group_norm(x, gamma, beta, 2, 1e-5),
        layer_norm_forward(x, np.full(x.shape[1:], 2.0), np.full(x.shape[1:], 0.5), 1e-5),
    ):
        np.testing.assert_array_equal(y, np.full(x.shape, 0.5))


X34 = np.ones((3, 4))
V4 = np.ones(4)
MAP = np.ones((2, 4, 3, 5))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: batch_norm_forward(X34, np.ones(3), V4, 0.1), r"gamma has shape \(3,\), wanted \(4,\)"),
        (lambda: batch_norm_forward(X34, V4, np.ones(3), 0.1), r"beta has shape \(3,\), wanted \(4,\)"),
        (lambda: batch_norm_forward(V4, V4, V4, 0.1), r"X has shape \(4,\), wanted \(N, D\) or \(N, C, H, W\)"),
        (lambda: batch_norm_backward(np.ones((4, 3)), X34, V4, 0.1), r"dY has shape \(4, 3\), wanted \(3, 4\)"),
        (lambda: batch_norm_running(X34, V4, np.ones(3), 0.9), r"running_var has shape \(3,\), wanted \(4,\)"),
        (lambda: batch_norm_inference(X34, V4, V4, np.ones(3), V4, 0.1), r"running_mean has shape \(3,\)"),
        (lambda: layer_norm_forward(MAP, V4, V4, 0.1), r"gamma has shape \(4,\), wanted \(4, 3, 5\)"),
        (lambda: layer_norm_forward(X34, V4, np.ones(3), 0.1), r"beta has shape \(3,\), wanted \(4,\)"),
        (lambda: layer_norm_backward(V4, X34, V4, 0.1), r"dY has shape \(4,\), wanted \(3, 4\)"),
        (lambda: instance_norm(X34, V4, V4, 0.1), r"x has shape \(3, 4\), wanted \(N, C, H, W\)"),
        (lambda: group_norm(X34, V4, V4, 2, 0.1), r"x has shape \(3, 4\), wanted \(N, C, H, W\)"),
        (lambda: group_norm(MAP, V4, V4, 3, 0.1), "groups is 3, wanted a divisor of the 4 channels"),
        (lambda: group_norm(MAP, V4, V4, 0, 0.1), "groups is 0, wanted a divisor of the 4 channels"),
    ],
)
def test_what_does_not_fit_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
