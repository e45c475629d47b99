import math

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import elementwise_grad
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import special

from question_bank.reference import activations

quick = settings(max_examples=25, deadline=None)
slopes = st.floats(0.01, 3)


def maps(edge=30.0):
    shapes = hnp.array_shapes(min_dims=0, max_dims=4, max_side=4)
    return hnp.arrays(np.float64, shapes, elements=st.floats(-edge, edge, allow_subnormal=False))


def each(f, x, *rest):
    return np.array([f(float(v), *rest) for v in x.ravel()]).reshape(x.shape)


def slow_sigmoid(x):
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def slow_gelu(x):
    return 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


@quick
@given(maps(700.0))
def test_sigmoid(onnx_node, x):
    got = activations.sigmoid(x)
    np.testing.assert_allclose(got, each(slow_sigmoid, x), rtol=1e-12)
    np.testing.assert_allclose(got, special.expit(x), rtol=1e-12)
    np.testing.assert_allclose(got, onnx_node("Sigmoid", [x]), rtol=1e-12)


@quick
@given(maps())
def test_sigmoid_grad(central_differences, x):
    got = activations.sigmoid_grad(x)
    np.testing.assert_allclose(got, each(lambda v: math.exp(-abs(v)) / (1 + math.exp(-abs(v))) ** 2, x), rtol=1e-12)
    np.testing.assert_allclose(got, elementwise_grad(lambda v: 1 / (1 + anp.exp(-v)))(x), rtol=1e-9)
    np.testing.assert_allclose(got, central_differences(lambda v: special.expit(v).sum(), x), atol=1e-8)


@quick
@given(maps())
def test_tanh(onnx_node, x):
    got = activations.tanh(x)
    quotient = each(lambda v: (math.exp(v) - math.exp(-v)) / (math.exp(v) + math.exp(-v)), x)
    np.testing.assert_allclose(got, quotient, rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(got, onnx_node("Tanh", [x]), rtol=1e-12)
    np.testing.assert_allclose(got, 2 * special.expit(2 * x) - 1, atol=1e-14)


@quick
@given(maps())
def test_tanh_grad(x):
    got = activations.tanh_grad(x)
    np.testing.assert_allclose(got, each(lambda v: 1 / math.cosh(v) ** 2, x), atol=1e-14)
    np.testing.assert_allclose(got, elementwise_grad(anp.tanh)(x), atol=1e-14)


@quick
@given(maps(1e6))
def test_relu_and_its_slope(onnx_node, x):
    np.testing.assert_array_equal(activations.relu(x), each(lambda v: max(v, 0), x))
    np.testing.assert_array_equal(activations.relu(x), onnx_node("Relu", [x]))
    np.testing.assert_array_equal(activations.relu_grad(x), each(lambda v: 1 if v > 0 else 0, x))
    np.testing.assert_array_equal(activations.relu_grad(x), np.sign(onnx_node("Relu", [x])))


@quick
@given(maps(), st.integers(0, 2**32 - 1))
def test_relu_backward(x, seed):
    dY = np.random.default_rng(seed).normal(size=x.shape)
    got = activations.relu_backward(x, dY)
    pairs = zip(x.ravel(), dY.ravel(), strict=True)
    np.testing.assert_array_equal(got, np.array([g if v > 0 else 0 for v, g in pairs]).reshape(x.shape))
    away = np.where(x == 0, 1, x)
    slope = elementwise_grad(lambda v: dY * anp.maximum(v, 0))(away)
    np.testing.assert_array_equal(activations.relu_backward(away, dY), slope)


def test_relu_backward_at_zero_and_with_an_infinite_gradient():
    dx = activations.relu_backward(np.array([0.0, -0.0, -1.0, 1.0]), np.array([3.0, 3.0, np.inf, -2.0]))
    assert dx.tolist() == [0, 0, 0, -2]


@quick
@given(maps(), slopes)
def test_leaky_relu(onnx_node, x, slope):
    got = activations.leaky_relu(x, slope)
    np.testing.assert_allclose(got, each(lambda v: v if v > 0 else slope * v, x), rtol=1e-14)
    np.testing.assert_allclose(got, onnx_node("LeakyRelu", [x], alpha=slope), rtol=1e-6, atol=1e-12)


@quick
@given(maps(), slopes)
def test_leaky_relu_grad(central_differences, x, slope):
    got = activations.leaky_relu_grad(x, slope)
    np.testing.assert_array_equal(got, each(lambda v: 1 if v > 0 else slope, x))
    away = np.where(np.abs(x) < 0.1, 0.5, x)
    rise = central_differences(lambda v: np.where(v > 0, v, slope * v).sum(), away)
    np.testing.assert_allclose(activations.leaky_relu_grad(away, slope), rise, atol=1e-6)


@quick
@given(maps(), slopes)
def test_elu(onnx_node, x, alpha):
    got = activations.elu(x, alpha)
    np.testing.assert_allclose(got, each(lambda v: v if v > 0 else alpha * (math.exp(v) - 1), x), atol=1e-13)
    np.testing.assert_allclose(got, onnx_node("Elu", [x], alpha=alpha), rtol=1e-6, atol=1e-12)


@quick
@given(maps(), slopes)
def test_elu_grad(central_differences, x, alpha):
    got = activations.elu_grad(x, alpha)
    np.testing.assert_allclose(got, each(lambda v: 1 if v > 0 else alpha * math.exp(v), x), rtol=1e-14)
    away = np.where(np.abs(x) < 0.1, 0.5, x)
    rise = central_differences(lambda v: np.where(v > 0, v, alpha * np.expm1(v)).sum(), away)
    np.testing.assert_allclose(activations.elu_grad(away, alpha), rise, atol=1e-6)


@quick
@given(maps())
def test_gelu(onnx_node, x):
    got = activations.gelu(x)
    np.testing.assert_allclose(got, each(slow_gelu, x), atol=1e-13)
    np.testing.assert_allclose(got, onnx_node("Gelu", [x], approximate="tanh"), atol=1e-6)  # its constants are float32


@quick
@given(maps(8.0))  # further out autograd's own tanh overflows
def test_gelu_grad(central_differences, x):
    def curve(v):
        return 0.5 * v * (1 + anp.tanh(np.sqrt(2 / np.pi) * (v + 0.044715 * v**3)))

    got = activations.gelu_grad(x)
    np.testing.assert_allclose(got, elementwise_grad(curve)(x), atol=1e-12)
    np.testing.assert_allclose(got, central_differences(lambda v: curve(v).sum(), x), atol=1e-6)


@quick
@given(maps())
def test_silu(x):
    np.testing.assert_allclose(activations.silu(x), each(lambda v: v * slow_sigmoid(v), x), rtol=1e-12)
    np.testing.assert_allclose(activations.silu(x), x * special.expit(x), rtol=1e-12)


@quick
@given(maps())
def test_silu_grad(central_differences, x):
    got = activations.silu_grad(x)
    np.testing.assert_allclose(got, elementwise_grad(lambda v: v / (1 + anp.exp(-v)))(x), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(got, central_differences(lambda v: (v * special.expit(v)).sum(), x), atol=1e-6)


# name, its further arguments, values far left and far right: slopes go flat, outputs flat or equal to x
FAR = [
    ("sigmoid", (), 0, 1),
    ("sigmoid_grad", (), 0, 0),
    ("tanh", (), -1, 1),
    ("tanh_grad", (), 0, 0),
    ("relu", (), 0, "x"),
    ("relu_grad", (), 0, 1),
    ("leaky_relu", (0.5,), "x/2", "x"),
    ("leaky_relu_grad", (0.5,), 0.5, 1),
    ("elu", (2.0,), -2, "x"),
    ("elu_grad", (2.0,), 0, 1),
    ("gelu", (), 0, "x"),
    ("gelu_grad", (), 0, 1),
    ("silu", (), 0, "x"),
    ("silu_grad", (), 0, 1),
]


@pytest.mark.parametrize(("name", "rest", "left", "right"), FAR)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("far", [1e3, 1e20])
def test_far_from_zero_nothing_overflows(name, rest, left, right, dtype, far):
    x = np.array([-far, far], dtype=dtype)
    limit = {"x": lambda v: v, "x/2": lambda v: v / 2}
    wanted = [limit[end](v) if end in limit else end for end, v in zip((left, right), x, strict=True)]
    np.testing.assert_allclose(getattr(activations, name)(x, *rest), wanted, rtol=1e-6)


@pytest.mark.parametrize(("name", "rest"), [row[:2] for row in FAR])
def test_a_plain_number_gives_a_plain_number(name, rest):
    function = getattr(activations, name)
    got = function(0.75, *rest)
    assert isinstance(got, float)
    assert got == pytest.approx(function(np.array([0.75]), *rest)[0], rel=1e-15)
