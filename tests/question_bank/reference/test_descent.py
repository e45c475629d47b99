from fractions import Fraction

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad as gradient_of
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.reference.descent import (
    batch_gd,
    largest_curvature,
    minibatch_epoch,
    minibatches,
    momentum_step,
    mse_gradient,
    mse_loss,
    sgd_epoch,
    step_size_limit,
)

quick = settings(max_examples=30, deadline=None)
seeds = st.integers(0, 2**32 - 1)
samples = st.integers(1, 7)
features = st.integers(1, 4)


def draw(m, n, seed):
    rng = np.random.default_rng(seed)
    return rng.integers(-3, 4, (m, n)) / 2, rng.integers(-6, 7, m) / 2, rng.integers(-4, 5, n) / 4


def exact_gradient(X, y, theta):
    """Eq. (13) in fractions, one sample and one parameter at a time."""
    total = [Fraction(0)] * len(theta)
    for row, target in zip(X, y, strict=True):
        error = sum(t * Fraction(v) for t, v in zip(theta, row, strict=True)) - Fraction(target)
        total = [g + error * Fraction(v) for g, v in zip(total, row, strict=True)]
    return [g / len(y) for g in total]


def exact_step(X, y, theta, alpha):
    grad = exact_gradient(X, y, theta)
    return [t - Fraction(alpha) * g for t, g in zip(theta, grad, strict=True)]


def autograd_step(X, y, theta, alpha):
    return theta - alpha * gradient_of(lambda t: anp.mean((anp.dot(X, t) - y) ** 2) / 2)(theta)


def start(theta):
    return [Fraction(t) for t in theta]


def numbers(fractions):
    return [float(f) for f in fractions]


@quick
@given(samples, features, seeds)
def test_loss_and_gradient(central_differences, m, n, seed):
    X, y, theta = draw(m, n, seed)
    residuals = [sum(Fraction(t) * Fraction(v) for t, v in zip(theta, row, strict=True)) for row in X]
    squares = [(h - Fraction(target)) ** 2 for h, target in zip(residuals, y, strict=True)]
    assert mse_loss(X, y, theta) == pytest.approx(float(sum(squares) / (2 * m)), rel=1e-12)
    assert mse_loss(X, y, theta) == pytest.approx(np.linalg.norm(X @ theta - y) ** 2 / 2 / m, rel=1e-9, abs=1e-12)
    got = mse_gradient(X, y, theta)
    np.testing.assert_allclose(got, numbers(exact_gradient(X, y, start(theta))), atol=1e-12)
    np.testing.assert_allclose(got, central_differences(lambda t: mse_loss(X, y, t), theta), atol=1e-7)


@quick
@given(samples, features, seeds, st.integers(0, 5))
def test_batch_gd(m, n, seed, steps):
    X, y, theta = draw(m, n, seed)
    got = batch_gd(X, y, theta, 0.125, steps)
    slow, slope = start(theta), theta
    for _ in range(steps):
        slow, slope = exact_step(X, y, slow, 0.125), autograd_step(X, y, slope, 0.125)
    np.testing.assert_allclose(got, numbers(slow), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(got, slope, rtol=1e-9, atol=1e-12)


@quick
@given(samples, features, seeds)
def test_sgd_epoch(m, n, seed):
    X, y, theta = draw(m, n, seed)
    order = np.random.default_rng(seed).permutation(m)
    slow, slope = start(theta), theta
    for i in order:
        slow = exact_step(X[i : i + 1], y[i : i + 1], slow, 0.125)
        slope = autograd_step(X[i : i + 1], y[i : i + 1], slope, 0.125)
    got = sgd_epoch(X, y, theta, 0.125, order)
    np.testing.assert_allclose(got, numbers(slow), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(got, slope, rtol=1e-9, atol=1e-12)


@quick
@given(st.integers(0, 12), st.integers(1, 14), seeds)
def test_minibatches(m, size, seed):
    order = np.random.default_rng(seed).permutation(m)
    got = [batch.tolist() for batch in minibatches(order, size)]
    slow: list[list[int]] = []
    for place, sample in enumerate(order.tolist()):
        if place % size == 0:
            slow.append([])
        slow[-1].append(sample)
    assert got == slow
    split = np.split(order, range(size, m, size)) if m else []
    assert got == [part.tolist() for part in split]


@quick
@given(samples, features, st.integers(1, 8), seeds)
def test_minibatch_epoch(m, n, size, seed):
    X, y, theta = draw(m, n, seed)
    order = np.random.default_rng(seed).permutation(m)
    slow, slope = start(theta), theta
    for first in range(0, m, size):
        batch = [int(i) for i in order[first : first + size]]
        slow = exact_step([X[i] for i in batch], [y[i] for i in batch], slow, 0.125)
        slope = autograd_step(X[batch], y[batch], slope, 0.125)
    got = minibatch_epoch(X, y, theta, 0.125, order, size)
    np.testing.assert_allclose(got, numbers(slow), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(got, slope, rtol=1e-9, atol=1e-12)


@quick
@given(st.integers(1, 4), st.integers(1, 3), seeds)
def test_momentum_over_three_steps(onnx_node, rows, columns, seed):
    rng = np.random.default_rng(seed)
    theta, velocity, *grads = rng.integers(-8, 9, (5, rows, columns)) / 8
    slow = [(Fraction(t), Fraction(v)) for t, v in zip(theta.ravel(), velocity.ravel(), strict=True)]
    peer = theta, -4 * velocity  # the operator's velocity holds gradients: ours is -alpha times it
    for grad in grads:
        theta, velocity = momentum_step(theta, velocity, grad, 0.25, 0.75)
        speeds = [Fraction(3, 4) * v - Fraction(g) / 4 for (_, v), g in zip(slow, grad.ravel(), strict=True)]
        slow = [(t + v, v) for (t, _), v in zip(slow, speeds, strict=True)]
        peer = onnx_node(
            "Momentum",
            [np.float64(0.25), np.int64(0), peer[0], grad, peer[1]],
            2,
            "ai.onnx.preview.training",
            alpha=0.75,
            beta=1.0,
            mode="standard",
            norm_coefficient=0.0,
        )
    assert [(Fraction(t), Fraction(v)) for t, v in zip(theta.ravel(), velocity.ravel(), strict=True)] == slow
    np.testing.assert_allclose((theta, -4 * velocity), peer)


@quick
@given(samples, features, seeds)
def test_largest_curvature(m, n, seed):
    X = np.random.default_rng(seed).normal(size=(m, n))
    got = largest_curvature(X)
    second = [[sum(row[i] * row[j] for row in X) / m for j in range(n)] for i in range(n)]
    assert got == pytest.approx(np.linalg.eigvalsh(second).max(), rel=1e-9)
    v = np.ones(n)
    for _ in range(400):
        v = second @ v / np.linalg.norm(second @ v)
    assert v @ second @ v <= got * (1 + 1e-9)
    assert step_size_limit(X) == pytest.approx(2 / np.linalg.eigvalsh(second).max(), rel=1e-9)


@quick
@given(samples, features, seeds)
def test_the_step_size_limit_divides_shrinking_from_growing(m, n, seed):
    X = np.random.default_rng(seed).normal(size=(m, n))
    _, axes = np.linalg.eigh(X.T @ X)
    steepest, limit = axes[:, -1], step_size_limit(X)
    below = batch_gd(X, np.zeros(m), steepest, 0.95 * limit, 40)
    above = batch_gd(X, np.zeros(m), steepest, 1.05 * limit, 40)
    assert np.linalg.norm(below) < 0.1
    assert np.linalg.norm(above) > 10


@pytest.mark.parametrize(
    ("X", "y", "theta", "message"),
    [
        ((3,), (3,), (1,), r"X has shape \(3,\), wanted \(m, n\)"),
        ((0, 2), (0,), (2,), "wanted at least one sample"),
        ((3, 2), (3, 1), (2,), r"y has shape \(3, 1\), wanted \(3,\)"),
        ((3, 2), (3,), (3,), r"theta has shape \(3,\), wanted \(2,\)"),
    ],
)
@pytest.mark.parametrize("function", [mse_loss, mse_gradient])
def test_shapes_that_do_not_fit_are_refused(function, X, y, theta, message):
    with pytest.raises(ValueError, match=message):
        function(np.ones(X), np.ones(y), np.ones(theta))


def test_other_refusals():
    with pytest.raises(ValueError, match="size is 0, wanted at least 1"):
        minibatches(np.arange(3), 0)
    with pytest.raises(ValueError, match=r"order has shape \(2,\), wanted \(3,\)"):
        sgd_epoch(np.ones((3, 1)), np.ones(3), np.ones(1), 0.1, np.arange(2))
    with pytest.raises(ValueError, match=r"velocity has shape \(3,\), wanted \(2,\)"):
        momentum_step(np.ones(2), np.ones(3), np.ones(2), 0.1, 0.9)
    with pytest.raises(ValueError, match=r"grad has shape \(3,\), wanted \(2,\)"):
        momentum_step(np.ones(2), np.ones(2), np.ones(3), 0.1, 0.9)
    with pytest.raises(ValueError, match="X is all zeros"):
        step_size_limit(np.zeros((3, 2)))
