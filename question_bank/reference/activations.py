"""Activations and their slopes (material Q1, eq. 1-3).

Every function but `relu_backward` takes a plain number as well as an array of any shape.
Slopes are taken at the input `x`, never at the output.
"""

import math

import numpy as np

from question_bank.reference.arrays import Array, Numbers, require_shape

_GELU_SCALE = math.sqrt(2 / math.pi)
_GELU_CUBE = 0.044715
_GELU_EDGE = 30.0  # the tanh inside is exactly +-1 from here on, and the cube cannot overflow


def sigmoid(x: Numbers) -> Numbers:
    """Squash into (0, 1): 1 / (1 + exp(-x)), without overflow.

    Parameters
    ----------
    x : ndarray of any shape, or float

    Returns
    -------
    a : the shape of `x`

    References
    ----------
    Material Q1, eq. (1).

    Examples
    --------
    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    a: Numbers = np.exp(-np.logaddexp(0, -x))
    return a


def sigmoid_grad(x: Numbers) -> Numbers:
    """Slope of the sigmoid at the input `x`: s(x) (1 - s(x)) = s(x) s(-x).

    Parameters
    ----------
    x : ndarray of any shape, or float
        The input, not the sigmoid's output.

    Returns
    -------
    da : the shape of `x`

    References
    ----------
    Material Q1, eq. (1), and Q3, figure 5.

    Examples
    --------
    >>> sigmoid_grad(np.array([-1000.0, 0.0, 1000.0]))
    array([0.  , 0.25, 0.  ])
    """
    return sigmoid(x) * sigmoid(-x)


def tanh(x: Numbers) -> Numbers:
    """Squash into (-1, 1): (exp(x) - exp(-x)) / (exp(x) + exp(-x)), without overflow.

    Parameters
    ----------
    x : ndarray of any shape, or float

    Returns
    -------
    a : the shape of `x`

    References
    ----------
    Material Q1, eq. (2).

    Examples
    --------
    >>> tanh(np.array([-800.0, 0.0, 800.0]))
    array([-1.,  0.,  1.])
    """
    a: Numbers = np.tanh(x)
    return a


def tanh_grad(x: Numbers) -> Numbers:
    """Slope of tanh at the input `x`: 1 - tanh(x)^2.

    Parameters
    ----------
    x : ndarray of any shape, or float

    Returns
    -------
    da : the shape of `x`

    References
    ----------
    Material Q1, eq. (2).

    Examples
    --------
    >>> tanh_grad(np.array([-800.0, 0.0, 0.5])).round(4)
    array([0.    , 1.    , 0.7864])
    """
    return 1 - tanh(x) ** 2


def relu(x: Numbers) -> Numbers:
    """Keep what is positive: max(x, 0).

    Parameters
    ----------
    x : ndarray of any shape, or float

    Returns
    -------
    a : the shape of `x`

    References
    ----------
    Material Q1, eq. (3).

    Examples
    --------
    >>> relu(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 3.])
    """
    a: Numbers = np.maximum(x, 0)
    return a


def relu_grad(x: Numbers) -> Numbers:
    """Slope of the ReLU: 1 where x > 0, else 0. Convention: the slope at exactly 0 is 0.

    Parameters
    ----------
    x : ndarray of any shape, or float

    Returns
    -------
    da : the shape of `x`

    References
    ----------
    Material Q1, eq. (3).

    Examples
    --------
    >>> relu_grad(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 1.])
    """
    da: Numbers = np.heaviside(x, 0)
    return da


def relu_backward(x: Array, dY: Array) -> Array:
    """Send the upstream gradient back through a ReLU: dY where x > 0, else 0.

    Convention: the slope at exactly 0 is 0.

    Parameters
    ----------
    x : ndarray of any shape
        The ReLU's input.
    dY : ndarray, the shape of `x`
        Gradient of the loss with respect to the ReLU's output.

    Returns
    -------
    dx : ndarray, the shape of `x`

    Raises
    ------
    ValueError
        If the two shapes differ.

    References
    ----------
    Material Q1, eq. (3).

    Examples
    --------
    >>> relu_backward(np.array([-2.0, 0.0, 3.0]), np.array([5.0, 6.0, -7.0]))
    array([ 0.,  0., -7.])
    """
    require_shape("dY", dY, x.shape)
    return np.where(x > 0, dY, 0)


def leaky_relu(x: Numbers, slope: float) -> Numbers:
    """Keep what is positive and shrink the rest: x where x > 0, else slope * x.

    Parameters
    ----------
    x : ndarray of any shape, or float
    slope : float

    Returns
    -------
    a : the shape of `x`

    References
    ----------
    Material Q1, eq. (3), with a slope on the left.

    Examples
    --------
    >>> leaky_relu(np.array([-2.0, 3.0]), 0.1)
    array([-0.2,  3. ])
    """
    a: Numbers = np.maximum(x, 0) + slope * np.minimum(x, 0)
    return a


def leaky_relu_grad(x: Numbers, slope: float) -> Numbers:
    """Slope of the leaky ReLU: 1 where x > 0, else `slope` (also at exactly 0).

    Parameters
    ----------
    x : ndarray of any shape, or float
    slope : float

    Returns
    -------
    da : the shape of `x`

    References
    ----------
    Material Q1, eq. (3), with a slope on the left.

    Examples
    --------
    >>> leaky_relu_grad(np.array([-2.0, 0.0, 3.0]), 0.1)
    array([0.1, 0.1, 1. ])
    """
    da: Numbers = np.heaviside(x, 0) + slope * np.heaviside(-x, 1)
    return da


def elu(x: Numbers, alpha: float) -> Numbers:
    """Keep what is positive and bend the rest: x where x > 0, else alpha * (exp(x) - 1).

    Parameters
    ----------
    x : ndarray of any shape, or float
    alpha : float
        The output tends to -alpha on the far left.

    Returns
    -------
    a : the shape of `x`

    References
    ----------
    Material Q1, eq. (3), with a bend on the left.

    Examples
    --------
    >>> elu(np.array([-1000.0, 0.0, 3.0]), 2.0)
    array([-2.,  0.,  3.])
    """
    a: Numbers = np.maximum(x, 0) + alpha * np.expm1(np.minimum(x, 0))
    return a


def elu_grad(x: Numbers, alpha: float) -> Numbers:
    """Slope of the ELU: 1 where x > 0, else alpha * exp(x) (also at exactly 0).

    Parameters
    ----------
    x : ndarray of any shape, or float
    alpha : float

    Returns
    -------
    da : the shape of `x`

    References
    ----------
    Material Q1, eq. (3), with a bend on the left.

    Examples
    --------
    >>> elu_grad(np.array([-1000.0, 0.0, 3.0]), 2.0)
    array([0., 2., 1.])
    """
    da: Numbers = np.heaviside(x, 0) + alpha * np.heaviside(-x, 1) * np.exp(np.minimum(x, 0))
    return da


def gelu(x: Numbers) -> Numbers:
    """Weigh by the normal distribution, in its tanh form.

    a = x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))). Convention: this form, not the one with erf.

    Parameters
    ----------
    x : ndarray of any shape, or float

    Returns
    -------
    a : the shape of `x`

    References
    ----------
    Material Q1 (a smooth relative of eq. 3).

    Examples
    --------
    >>> gelu(np.array([-1000.0, 0.0, 1.0])).round(4) + 0.0
    array([0.    , 0.    , 0.8412])
    """
    a: Numbers = x / 2 * (1 + _gelu_tanh(x))
    return a


def gelu_grad(x: Numbers) -> Numbers:
    """Slope of the GELU in its tanh form, at the input `x`.

    Parameters
    ----------
    x : ndarray of any shape, or float

    Returns
    -------
    da : the shape of `x`

    References
    ----------
    Material Q1 (a smooth relative of eq. 3).

    Examples
    --------
    >>> gelu_grad(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    t = _gelu_tanh(x)
    near = np.clip(x, -_GELU_EDGE, _GELU_EDGE)
    inner = _GELU_SCALE * (1 + 3 * _GELU_CUBE * near**2)
    da: Numbers = (1 + t) / 2 + near / 2 * (1 - t**2) * inner
    return da


def _gelu_tanh(x: Numbers) -> Numbers:
    near = np.clip(x, -_GELU_EDGE, _GELU_EDGE)
    t: Numbers = np.tanh(_GELU_SCALE * (near + _GELU_CUBE * near**3))
    return t


def silu(x: Numbers) -> Numbers:
    """Weigh by the sigmoid: x s(x).

    Parameters
    ----------
    x : ndarray of any shape, or float

    Returns
    -------
    a : the shape of `x`

    References
    ----------
    Material Q1, eq. (1), times x.

    Examples
    --------
    >>> silu(np.array([0.0, 1.0, 1000.0])).round(4)
    array([0.000e+00, 7.311e-01, 1.000e+03])
    """
    return x * sigmoid(x)


def silu_grad(x: Numbers) -> Numbers:
    """Slope of the SiLU: s(x) + x s(x) (1 - s(x)).

    Parameters
    ----------
    x : ndarray of any shape, or float

    Returns
    -------
    da : the shape of `x`

    References
    ----------
    Material Q1, eq. (1), times x.

    Examples
    --------
    >>> silu_grad(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    return sigmoid(x) + x * sigmoid_grad(x)
