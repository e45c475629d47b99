import math

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad as gradient_of
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from question_bank.reference.backprop import (
    dense_backward,
    dense_forward,
    mlp_loss_and_grads,
    neuron_backward,
    neuron_forward,
    softmax_cross_entropy,
)

quick = settings(max_examples=30, deadline=None)
sizes = st.integers(1, 5)
seeds = st.integers(0, 2**32 - 1)


@quick
@given(sizes, seeds)
def test_neuron(central_differences, inputs, seed):
    rng = np.random.default_rng(seed)
    x, w = rng.normal(size=(2, inputs))
    b, dL_da = rng.normal(size=2)
    z = b + sum(v * weight for v, weight in zip(x, w, strict=True))
    a = 1 / (1 + math.exp(-z))
    assert neuron_forward(x, w, b) == pytest.approx(a, rel=1e-12)
    assert neuron_forward(x, w, b) == pytest.approx(special.expit(np.inner(x, w) + b), rel=1e-12)
    dw, db = neuron_backward(x, w, b, dL_da)
    np.testing.assert_allclose(dw, [dL_da * a * (1 - a) * v for v in x], rtol=1e-9)
    assert db == pytest.approx(dL_da * a * (1 - a), rel=1e-9)
    loss = gradient_of(lambda p: dL_da / (1 + anp.exp(-anp.dot(p[:-1], x) - p[-1])))
    np.testing.assert_allclose([*dw, db], loss(np.array([*w, b])), rtol=1e-9)
    np.testing.assert_allclose(dw, central_differences(lambda v: dL_da * neuron_forward(x, v, b), w), atol=1e-8)


def test_a_saturated_neuron_has_no_gradient_and_no_warning():
    assert neuron_forward(np.array([1000.0]), np.array([-1.0]), 0.0) == 0
    dw, db = neuron_backward(np.array([1000.0]), np.array([-1.0]), 0.0, 1.0)
    assert dw.tolist() == [0]
    assert db == 0


@quick
@given(sizes, sizes, sizes, seeds)
def test_dense(onnx_node, samples, inputs, outputs, seed):
    rng = np.random.default_rng(seed)
    X, W = rng.normal(size=(samples, inputs)), rng.normal(size=(inputs, outputs))
    b, dY = rng.normal(size=outputs), rng.normal(size=(samples, outputs))
    Y = np.empty_like(dY)
    dX, dW, db = np.zeros_like(X), np.zeros_like(W), np.zeros_like(b)
    for n, m in np.ndindex(samples, outputs):
        Y[n, m] = b[m] + sum(X[n, d] * W[d, m] for d in range(inputs))
        db[m] += dY[n, m]
        for d in range(inputs):
            dX[n, d] += dY[n, m] * W[d, m]
            dW[d, m] += dY[n, m] * X[n, d]
    np.testing.assert_allclose(dense_forward(X, W, b), Y, atol=1e-12)
    np.testing.assert_allclose(dense_forward(X, W, b), onnx_node("Gemm", [X, W, b]), atol=1e-12)
    got = dense_backward(dY, X, W)
    for one, slow in zip(got, (dX, dW, db), strict=True):
        np.testing.assert_allclose(one, slow, atol=1e-12)
    for place, one in enumerate(got):
        slope = gradient_of(lambda *a: anp.sum(dY * (anp.dot(a[0], a[1]) + a[2])), place)(X, W, b)
        np.testing.assert_allclose(one, slope, atol=1e-12)


@quick
@given(sizes, sizes, seeds, st.sampled_from([1.0, 30.0, 1000.0]))
def test_softmax_cross_entropy(onnx_node, central_differences, samples, classes, seed, scale):
    rng = np.random.default_rng(seed)
    scores = scale * rng.normal(size=(samples, classes))
    y = rng.integers(0, classes, samples)
    loss, dscores = softmax_cross_entropy(scores, y)
    slow = [special.logsumexp(row) - row[k] for row, k in zip(scores, y, strict=True)]
    assert loss == pytest.approx(sum(slow) / samples, rel=1e-9, abs=1e-12)
    if scale < 1000:
        assert loss == pytest.approx(float(onnx_node("SoftmaxCrossEntropyLoss", [scores, y])), rel=1e-9, abs=1e-9)
    wanted = np.empty_like(scores)
    for n, k in np.ndindex(samples, classes):
        wanted[n, k] = (special.softmax(scores[n])[k] - (k == y[n])) / samples
    np.testing.assert_allclose(dscores, wanted, atol=1e-12)
    if scale == 1:
        rise = central_differences(lambda s: softmax_cross_entropy(s, y)[0], scores)
        np.testing.assert_allclose(dscores, rise, atol=1e-8)


def test_softmax_cross_entropy_of_a_hopeless_score():
    loss, dscores = softmax_cross_entropy(np.array([[0.0, 800.0]]), np.array([0]))
    assert loss == 800
    assert dscores.tolist() == [[-1, 1]]


@quick
@given(sizes, sizes, sizes, sizes, seeds)
def test_mlp(central_differences, samples, inputs, hidden, classes, seed):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(samples, inputs)), rng.integers(0, classes, samples)
    shapes = [(inputs, hidden), (hidden,), (hidden, classes), (classes,)]
    parameters = [rng.normal(size=shape) for shape in shapes]

    def loss_of(W1, b1, W2, b2):
        scores = anp.dot(anp.maximum(anp.dot(X, W1) + b1, 0), W2) + b2
        return anp.mean(anp.log(anp.sum(anp.exp(scores), axis=1)) - scores[np.arange(samples), y])

    loss, *grads = mlp_loss_and_grads(X, y, *parameters)
    slow = 0.0
    for row, k in zip(X, y, strict=True):
        W1, b1, W2, b2 = parameters
        h = [max(0.0, sum(row[d] * W1[d, j] for d in range(inputs)) + b1[j]) for j in range(hidden)]
        s = [sum(h[j] * W2[j, c] for j in range(hidden)) + b2[c] for c in range(classes)]
        slow += (math.log(sum(math.exp(v) for v in s)) - s[k]) / samples
    assert loss == pytest.approx(slow, rel=1e-9, abs=1e-12)
    for place, grad in enumerate(grads):
        np.testing.assert_allclose(grad, gradient_of(loss_of, place)(*parameters), atol=1e-10)
    rise = central_differences(lambda b2: loss_of(*parameters[:3], b2), parameters[3])
    np.testing.assert_allclose(grads[3], rise, atol=1e-7)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: neuron_forward(np.ones(2), np.ones(3), 0.0), r"w has shape \(3,\), wanted \(2,\)"),
        (lambda: neuron_backward(np.ones((1, 2)), np.ones(2), 0.0, 1.0), r"x has shape \(1, 2\), wanted \(D\)"),
        (lambda: dense_forward(np.ones((4, 3)), np.ones((2, 5)), np.ones(5)), r"wanted \(3, M\)"),
        (lambda: dense_forward(np.ones((4, 3)), np.ones((3, 5)), np.ones(4)), r"b has shape \(4,\), wanted \(5,\)"),
        (lambda: dense_forward(np.ones(3), np.ones((3, 5)), np.ones(5)), r"X has shape \(3,\), wanted \(N, D\)"),
        (
            lambda: dense_backward(np.ones((4, 3)), np.ones((4, 3)), np.ones((3, 5))),
            r"dY has shape \(4, 3\), wanted \(4, 5\)",
        ),
        (lambda: softmax_cross_entropy(np.ones((2, 3)), np.array([0, 3])), r"y is \[0, 3\], wanted classes in 0 .. 2"),
        (lambda: softmax_cross_entropy(np.ones((2, 3)), np.array([0])), r"y has shape \(1,\), wanted \(2,\)"),
        (lambda: softmax_cross_entropy(np.ones(3), np.array([0])), r"scores has shape \(3,\), wanted \(N, C\)"),
    ],
)
def test_what_does_not_fit_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
