import math

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad as gradient_of
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import linalg, special

from question_bank.reference.gradients import (
    chain_forward,
    chain_gradient,
    clip_by_norm,
    explosion_band,
    first_ripple,
    gradient_norm,
    gradient_norms,
    vanishing_bound,
)

quick = settings(max_examples=30, deadline=None)
seeds = st.integers(0, 2**32 - 1)


def slow_chain(w, b, a0):
    zs, activations = [], [a0]
    for weight, bias in zip(w, b, strict=True):
        zs.append(weight * activations[-1] + bias)
        activations.append(1 / (1 + math.exp(-zs[-1])))
    return zs, activations[1:]


@quick
@given(st.integers(1, 6), seeds)
def test_chain_forward(onnx_node, layers, seed):
    w, b = np.random.default_rng(seed).normal(scale=3, size=(2, layers))
    z, a = chain_forward(w, b, 0.75)
    slow_z, slow_a = slow_chain(w, b, 0.75)
    np.testing.assert_allclose(z, slow_z, rtol=1e-12)
    np.testing.assert_allclose(a, slow_a, rtol=1e-12)
    np.testing.assert_allclose(a, onnx_node("Sigmoid", [w * np.array([0.75, *a[:-1]]) + b]), rtol=1e-12)


@quick
@given(st.integers(1, 6), seeds)
def test_chain_gradient(central_differences, layers, seed):
    rng = np.random.default_rng(seed)
    w, b = rng.normal(scale=3, size=(2, layers))
    a0, dL_da = rng.normal(size=2)
    got = chain_gradient(w, b, a0, dL_da)
    zs, activations = slow_chain(w, b, a0)
    slow = dL_da
    for layer in range(layers - 1, 0, -1):
        slow *= activations[layer] * (1 - activations[layer]) * w[layer]
    slow *= activations[0] * (1 - activations[0])
    assert got == pytest.approx(slow, rel=1e-9)
    assert len(zs) == layers

    def last(biases):
        return dL_da * slow_chain(w, biases, a0)[1][-1]

    assert got == pytest.approx(central_differences(last, b)[0], abs=1e-7)


@quick
@given(st.floats(-20, 20), st.floats(-1, 1))
def test_first_ripple(z1, delta):
    got = first_ripple(z1, delta)
    assert got == pytest.approx(delta * special.expit(z1) * special.expit(-z1), rel=1e-9)
    slope = gradient_of(lambda z: 1 / (1 + anp.exp(-z)))(z1)
    assert got == pytest.approx(slope * delta, rel=1e-6)


@quick
@given(st.integers(-24, 24), st.integers(0, 9))
def test_vanishing_bound_is_met_at_zero_and_never_passed(w, layers):
    got = vanishing_bound(float(w), layers)
    assert got == math.prod([abs(w) / 4] * layers)
    met = np.prod(np.full(layers, w * gradient_of(lambda z: 1 / (1 + anp.exp(-z)))(0.0)))
    assert got == pytest.approx(abs(met))


@quick
@given(st.floats(4.001, 1e6) | st.floats(-1e6, -4.001))
def test_explosion_band(w):
    low, high = explosion_band(w)
    z = np.array([low, high])
    np.testing.assert_allclose(np.abs(w) * special.expit(z) * special.expit(-z), 1, rtol=1e-9)
    # the closed form of the band: cosh(z / 2) = sqrt(|w|) / 2
    assert high == -low == pytest.approx(2 * math.acosh(math.sqrt(abs(w)) / 2), rel=1e-6)


@pytest.mark.parametrize("w", [4.0, -4.0])
def test_explosion_band_of_the_smallest_weight_is_a_point(w):
    assert explosion_band(w) == (0, 0)


@pytest.mark.parametrize("w", [3.999, 0.0, -3.999])
def test_explosion_band_needs_a_large_weight(w):
    with pytest.raises(ValueError, match=r"wanted \|w\| >= 4"):
        explosion_band(w)


CURVES = {"relu": lambda z: anp.maximum(z, 0), "sigmoid": lambda z: 1 / (1 + anp.exp(-z))}


@quick
@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 5), st.sampled_from(sorted(CURVES)), seeds)
def test_gradient_norms(central_differences, layers, width, samples, activation, seed):
    rng = np.random.default_rng(seed)
    W = rng.normal(size=(layers, width, width))
    x, dY = rng.normal(size=(2, samples, width))

    def loss(weights):
        a = x
        for layer in range(layers):
            a = CURVES[activation](anp.dot(a, weights[layer]))
        return anp.sum(a * dY)

    got = gradient_norms(W, x, dY, activation)
    slow = gradient_of(loss)(W)
    np.testing.assert_allclose(got, [linalg.norm(g) for g in slow], rtol=1e-9, atol=1e-14)
    if activation == "sigmoid" and W.size <= 18:
        rises = central_differences(loss, W)
        np.testing.assert_allclose(got, [linalg.norm(g) for g in rises], rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize(
    ("W", "x", "dY", "activation", "message"),
    [
        ((2, 3, 3), (4, 3), (4, 3), "tanh", "activation is 'tanh', wanted 'sigmoid' or 'relu'"),
        ((3, 3), (4, 3), (4, 3), "relu", r"W has shape \(3, 3\), wanted \(L, D, D\)"),
        ((2, 3, 2), (4, 3), (4, 3), "relu", r"W has shape \(2, 3, 2\), wanted \(2, 3, 3\)"),
        ((2, 3, 3), (3,), (3,), "relu", r"x has shape \(3,\), wanted \(N, D\)"),
        ((2, 3, 3), (4, 3), (3, 4), "relu", r"dY has shape \(3, 4\), wanted \(4, 3\)"),
    ],
)
def test_gradient_norms_refuses(W, x, dY, activation, message):
    with pytest.raises(ValueError, match=message):
        gradient_norms(np.ones(W), np.ones(x), np.ones(dY), activation)


@quick
@given(st.lists(st.floats(-1e6, 1e6, allow_subnormal=False), min_size=1, max_size=12), st.floats(0.1, 1e3))
def test_norm_and_clip(onnx_node, values, bound):
    grad = np.array(values)
    length = math.hypot(*values)
    assert gradient_norm(grad) == pytest.approx(length, rel=1e-12)
    assert gradient_norm(grad) == pytest.approx(float(onnx_node("ReduceL2", [grad / 2**10], keepdims=0)) * 2**10)
    slow = [v * bound / length for v in values] if length > bound else values
    np.testing.assert_allclose(clip_by_norm(grad, bound), slow, rtol=1e-12)
    assert linalg.norm(clip_by_norm(grad, bound)) <= bound * (1 + 1e-12)
    if length <= bound:
        np.testing.assert_array_equal(clip_by_norm(grad, bound), grad)


def test_clip_survives_an_explosion_and_a_zero():
    burst = np.full((2, 2), 1e30, dtype=np.float32)
    np.testing.assert_allclose(clip_by_norm(burst, 1.0), np.full((2, 2), 0.5), rtol=1e-6)
    np.testing.assert_array_equal(clip_by_norm(np.zeros(3), 1.0), np.zeros(3))
    assert gradient_norm(np.zeros((0, 2))) == 0


@pytest.mark.parametrize("bound", [0.0, -1.0, math.nan])
def test_clip_refuses_a_bound_that_is_not_positive(bound):
    with pytest.raises(ValueError, match="wanted a positive number"):
        clip_by_norm(np.ones(2), bound)
