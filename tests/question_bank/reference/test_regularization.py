from fractions import Fraction

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad as gradient_of
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from question_bank.reference.regularization import (
    decayed_weights,
    early_stopping,
    l1_penalty,
    l1_subgradient_step,
    l2_penalty,
    soft_threshold,
    weight_decay_step,
)

quick = settings(max_examples=40, deadline=None)
eighths = st.integers(-40, 40).map(lambda k: k / 8)  # exact in binary, so that fractions can be compared
rates = st.integers(1, 16).map(lambda k: k / 16)


@st.composite
def weights_and_gradient(draw):
    pairs = draw(st.lists(st.tuples(eighths, eighths), min_size=1, max_size=6))
    return tuple(np.array(column) for column in zip(*pairs, strict=True))


def exact(values):
    return [Fraction(v) for v in values]


@quick
@given(weights_and_gradient(), rates)
def test_penalties(central_differences, pair, alpha):
    w, _ = pair
    assert l2_penalty(w, alpha) == Fraction(alpha) / 2 * sum(v * v for v in exact(w))
    assert l1_penalty(w, alpha) == Fraction(alpha) * sum(abs(v) for v in exact(w))
    slope = central_differences(lambda v: l2_penalty(v, alpha), w)
    np.testing.assert_allclose(slope, alpha * w, atol=1e-8)
    assert l2_penalty(w, alpha) == pytest.approx(alpha / 2 * np.linalg.norm(w) ** 2)
    assert l1_penalty(w, alpha) == pytest.approx(alpha * np.linalg.norm(w, 1))


@quick
@given(weights_and_gradient(), rates, rates)
def test_weight_decay_step(pair, eta, alpha):
    w, grad = pair
    got = weight_decay_step(w, grad, eta, alpha)
    e, a = Fraction(eta), Fraction(alpha)
    assert exact(got) == [(1 - e * a) * v - e * g for v, g in zip(exact(w), exact(grad), strict=True)]
    loss = gradient_of(lambda v: anp.sum(grad * v) + alpha / 2 * anp.sum(v**2))
    np.testing.assert_allclose(got, w - eta * loss(w), atol=1e-12)


@quick
@given(weights_and_gradient(), rates, rates, st.integers(0, 7))
def test_decayed_weights(pair, eta, alpha, steps):
    w, _ = pair
    got = decayed_weights(w, eta, alpha, steps)
    slow = exact(w)
    for _ in range(steps):
        slow = [v - Fraction(eta) * Fraction(alpha) * v for v in slow]
    np.testing.assert_allclose(got, [float(v) for v in slow], rtol=1e-12)
    step_by_step = w
    for _ in range(steps):
        step_by_step = step_by_step - eta * gradient_of(lambda v: alpha / 2 * anp.sum(v**2))(step_by_step)
    np.testing.assert_allclose(got, step_by_step, rtol=1e-12)


@quick
@given(weights_and_gradient(), rates, rates)
def test_l1_subgradient_step(pair, eta, alpha):
    w, grad = pair
    got = l1_subgradient_step(w, grad, eta, alpha)
    signs = [int(v > 0) - int(v < 0) for v in w]
    steps = [Fraction(eta) * (g + Fraction(alpha) * s) for g, s in zip(exact(grad), signs, strict=True)]
    assert exact(got) == [v - step for v, step in zip(exact(w), steps, strict=True)]
    off_zero = np.where(w == 0, 1, w)
    slope = gradient_of(lambda v: anp.sum(grad * v) + alpha * anp.sum(anp.abs(v)))(off_zero)
    np.testing.assert_allclose(l1_subgradient_step(off_zero, grad, eta, alpha), off_zero - eta * slope)


@quick
@given(weights_and_gradient(), rates | st.just(0.0))
def test_soft_threshold(pair, threshold):
    w, _ = pair
    got = soft_threshold(w, threshold)
    t = Fraction(threshold)
    slow = [v - t if v > t else v + t if v < -t else 0 for v in exact(w)]
    assert exact(got) == slow
    for value, shrunk in zip(w, got, strict=True):
        nearest = optimize.minimize_scalar(
            lambda v, value=value: (v - value) ** 2 / 2 + threshold * abs(v), bounds=(-6, 6), method="bounded"
        )
        assert shrunk == pytest.approx(nearest.x, abs=1e-4)


def test_soft_threshold_refuses_a_negative_threshold():
    with pytest.raises(ValueError, match="threshold is -1, wanted 0 or more"):
        soft_threshold(np.ones(2), -1)


@pytest.mark.parametrize("step", [weight_decay_step, l1_subgradient_step])
def test_steps_refuse_a_gradient_of_another_shape(step):
    with pytest.raises(ValueError, match=r"grad has shape \(3,\), wanted \(2,\)"):
        step(np.ones(2), np.ones(3), 0.1, 0.1)


def improvements(losses, min_delta):
    """Every epoch that improves, straight from the definition."""
    epochs = [0]
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[epochs[-1]] - min_delta:
            epochs.append(epoch)
    return epochs


@settings(max_examples=200, deadline=None)
@given(st.lists(eighths, min_size=1, max_size=12), st.integers(1, 5), st.sampled_from([0.0, 0.125, 1.0]))
def test_early_stopping_stops_after_the_first_long_gap(losses, patience, min_delta):
    better = improvements(losses, min_delta)
    ends = [*better[1:], len(losses)]
    wanted = better[-1], len(losses) - 1
    for start, end in zip(better, ends, strict=True):
        if end - start > patience:
            wanted = start, start + patience
            break
    assert early_stopping(np.array(losses), patience, min_delta) == wanted


@settings(max_examples=200, deadline=None)
@given(st.lists(eighths, min_size=1, max_size=12), st.integers(1, 5), st.sampled_from([0.0, 0.125, 1.0]))
def test_early_stopping_counts_like_a_training_loop(losses, patience, min_delta):
    best, best_epoch, waited, epoch = losses[0], 0, 0, 0
    while epoch + 1 < len(losses) and waited < patience:
        epoch += 1
        improved = best - losses[epoch] > min_delta
        waited = 0 if improved else waited + 1
        best, best_epoch = (losses[epoch], epoch) if improved else (best, best_epoch)
    assert early_stopping(losses, patience, min_delta) == (best_epoch, epoch)


@pytest.mark.parametrize(
    ("losses", "patience", "min_delta", "wanted"),
    [
        ([1.0, 0.9, 0.95, 0.95, 0.95], 2, 0.0, (1, 3)),  # the counter rises before it is compared
        ([1.0], 1, 0.0, (0, 0)),  # the first epoch always improves
        ([1.0, 1.1, 0.9, 1.0, 0.8], 2, 0.0, (4, 4)),  # the counter starts again
        ([0.5, 0.4, 0.9, 0.8, 0.7], 3, 0.0, (1, 4)),  # compared with the best, not with the worst
        ([1.0, 0.97, 0.94, 0.91], 3, 0.05, (2, 3)),  # small gains add up
        ([0.5, 0.5, 0.5, 0.5], 2, 0.0, (0, 2)),  # equal is not better
        ([0.5, 0.499, 0.498], 2, 0.01, (0, 2)),  # a gain below min_delta does not count
    ],
)
def test_early_stopping_by_hand(losses, patience, min_delta, wanted):
    assert early_stopping(losses, patience, min_delta) == wanted


@pytest.mark.parametrize(("losses", "patience", "min_delta"), [([], 1, 0.0), ([1.0], 0, 0.0), ([1.0], 1, -0.1)])
def test_early_stopping_refuses(losses, patience, min_delta):
    with pytest.raises(ValueError, match="wanted at least one loss, patience >= 1 and min_delta >= 0"):
        early_stopping(losses, patience, min_delta)
