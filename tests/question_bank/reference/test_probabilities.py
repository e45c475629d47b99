import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import optimize, special

from question_bank.reference.probabilities import active_share, log_odds, log_softmax, saturation_edge, softmax

quick = settings(max_examples=25, deadline=None)
scores = hnp.arrays(np.float64, hnp.array_shapes(min_dims=1, max_dims=3, max_side=5), elements=st.floats(-1000, 1000))


@quick
@given(hnp.arrays(np.float64, hnp.array_shapes(), elements=st.floats(1e-9, 1 - 1e-9)))
def test_log_odds(p):
    got = log_odds(p)
    np.testing.assert_allclose(got, special.logit(p), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(special.expit(got), p, rtol=1e-12)
    slow = [math.log(v / (1 - v)) for v in p.ravel()]
    np.testing.assert_allclose(got.ravel(), slow, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("p", [0.0, 1.0, -0.5, 2.0, math.nan])
def test_log_odds_refuses_what_is_no_open_probability(p):
    with pytest.raises(ValueError, match="wanted probabilities strictly between 0 and 1"):
        log_odds(p)


@quick
@given(scores)
def test_softmax(onnx_node, s):
    got = softmax(s)
    np.testing.assert_allclose(got, special.softmax(s, axis=-1), rtol=1e-9, atol=1e-300)
    np.testing.assert_allclose(got, onnx_node("Softmax", [s], axis=-1), rtol=1e-9, atol=1e-300)
    for row, p in zip(s.reshape(-1, s.shape[-1]), got.reshape(-1, s.shape[-1]), strict=True):
        slow = [1 / sum(math.exp(min(other - one, 700)) for other in row) for one in row]
        np.testing.assert_allclose(p, slow, rtol=1e-9, atol=1e-300)


@quick
@given(scores)
def test_log_softmax(onnx_node, s):
    got = log_softmax(s)
    np.testing.assert_allclose(got, s - special.logsumexp(s, axis=-1, keepdims=True), atol=1e-9)
    np.testing.assert_allclose(got, special.log_softmax(s, axis=-1), atol=1e-9)
    small = s / 100
    np.testing.assert_allclose(log_softmax(small), onnx_node("LogSoftmax", [small], axis=-1), atol=1e-9)


@quick
@given(st.floats(1e-12, 0.2499))
def test_saturation_edge(slope):
    got = saturation_edge(slope)
    assert special.expit(got) * special.expit(-got) == pytest.approx(slope, rel=1e-9)
    root = optimize.brentq(lambda x: special.expit(x) * special.expit(-x) - slope, 0, 40, xtol=1e-13, rtol=1e-13)
    assert got == pytest.approx(root, abs=1e-3 if slope < 1e-9 else 1e-6)


@pytest.mark.parametrize("slope", [0.0, -0.1, 0.26, math.nan])
def test_saturation_edge_refuses_slopes_the_sigmoid_has_not(slope):
    with pytest.raises(ValueError, match="wanted a number in"):
        saturation_edge(slope)


@quick
@given(hnp.arrays(np.float64, hnp.array_shapes(), elements=st.integers(-2, 2)))
def test_active_share(onnx_node, z):
    active = [v for v in z.ravel() if v > 0]
    assert active_share(z) == float(Fraction(len(active), z.size))
    assert active_share(z) == np.count_nonzero(onnx_node("Relu", [z])) / z.size
