"""Gradients that vanish or explode along a chain of layers (material Q3, eq. 8 and 9)."""

import math

import numpy as np

from question_bank.reference.activations import relu, relu_grad, sigmoid, sigmoid_grad
from question_bank.reference.arrays import Array, require_axes, require_shape
from question_bank.reference.probabilities import saturation_edge


def chain_forward(w: Array, b: Array, a0: float) -> tuple[Array, Array]:
    """Run a chain of single sigmoid neurons: z_j = w_j a_(j-1) + b_j, a_j = sigmoid(z_j).

    Parameters
    ----------
    w : (L,) ndarray
    b : (L,) ndarray
    a0 : float
        Input of the first neuron.

    Returns
    -------
    z : (L,) ndarray
    a : (L,) ndarray

    Raises
    ------
    ValueError
        If `w` is not a vector, or `b` not of its length.

    References
    ----------
    Material Q3, figure 4.

    Examples
    --------
    >>> z, a = chain_forward(np.array([2.0, 4.0]), np.array([-2.0, -2.0]), 1.0)
    >>> z, a
    (array([0., 0.]), array([0.5, 0.5]))
    """
    require_axes("w", w, "L")
    require_shape("b", b, w.shape)
    z, a = np.empty_like(w), np.empty_like(w)
    before = a0
    for layer in range(len(w)):
        z[layer] = w[layer] * before + b[layer]
        before = a[layer] = sigmoid(z[layer])
    return z, a


def chain_gradient(w: Array, b: Array, a0: float, dL_da: float) -> float:
    """Gradient of the loss with respect to the first bias of a chain of sigmoid neurons.

    dL/db_1 = dL/da_L s'(z_L) w_L s'(z_(L-1)) w_(L-1) ... s'(z_2) w_2 s'(z_1): w_1 is not in it,
    because z_1 = w_1 a_0 + b_1 meets b_1 with the factor 1.

    Parameters
    ----------
    w : (L,) ndarray
    b : (L,) ndarray
    a0 : float
        Input of the first neuron.
    dL_da : float
        Gradient of the loss with respect to the last activation.

    Returns
    -------
    dL_db1 : float

    Raises
    ------
    ValueError
        If `w` is not a vector, or `b` not of its length.

    References
    ----------
    Material Q3, eq. (8).

    Examples
    --------
    >>> chain_gradient(np.array([2.0, 4.0]), np.array([-2.0, -2.0]), 1.0, 1.0)
    0.25
    """
    z, _ = chain_forward(w, b, a0)
    return float(dL_da * np.prod(sigmoid_grad(z)) * np.prod(w[1:]))


def first_ripple(z1: float, delta_b1: float) -> float:
    """Change of the first activation when its bias changes a little: s'(z_1) delta_b_1.

    Parameters
    ----------
    z1 : float
        Pre-activation of the first neuron.
    delta_b1 : float

    Returns
    -------
    delta_a1 : float

    References
    ----------
    Material Q3, eq. (9).

    Examples
    --------
    >>> first_ripple(0.0, 0.5)
    0.125
    """
    return float(sigmoid_grad(z1) * delta_b1)


def vanishing_bound(w: float, layers: int) -> float:
    """Bound what `layers` factors w s'(z) can leave of a gradient: (|w| / 4)^layers.

    Parameters
    ----------
    w : float
        The weight of every layer.
    layers : int

    Returns
    -------
    bound : float

    References
    ----------
    Material Q3, eq. (8) and figure 5 (the sigmoid's slope is at most 1/4).

    Examples
    --------
    >>> vanishing_bound(-2.0, 3)
    0.125
    """
    return float((abs(w) / 4) ** layers)


def explosion_band(w: float) -> tuple[float, float]:
    """Find the pre-activations z at which a sigmoid layer does not shrink the gradient: |w s'(z)| >= 1.

    Parameters
    ----------
    w : float
        Needs |w| >= 4, because the sigmoid's slope is at most 1/4.

    Returns
    -------
    low, high : float
        The band's ends; low = -high.

    Raises
    ------
    ValueError
        If |w| < 4: there is no such band.

    References
    ----------
    Material Q3, eq. (8), the paragraph on explosion.

    Examples
    --------
    >>> [round(z, 4) for z in explosion_band(-10.0)]
    [-2.0634, 2.0634]
    """
    if abs(w) < 4:
        raise ValueError(f"w is {w}, wanted |w| >= 4: below that no pre-activation keeps the gradient")
    edge = saturation_edge(1 / abs(w))
    return -edge, edge


def gradient_norms(W: Array, x: Array, dY: Array, activation: str) -> Array:
    """Frobenius norm of the loss's gradient with respect to every layer's weights, first layer first.

    The layers are a_l = f(a_(l-1) W_l) without biases; a_0 = x. ReLU's slope at 0 is 0.

    Parameters
    ----------
    W : (L, D, D) ndarray
        One square weight matrix a layer.
    x : (N, D) ndarray
        A batch of inputs, one a row.
    dY : (N, D) ndarray
        Gradient of the loss with respect to the last layer's activations.
    activation : "sigmoid" or "relu"

    Returns
    -------
    norms : (L,) ndarray

    Raises
    ------
    ValueError
        If the shapes do not fit or the activation has another name.

    References
    ----------
    Material Q3, eq. (8), in matrix form.

    Examples
    --------
    >>> W, x, dY = np.full((3, 1, 1), 1.0), np.array([[1.0]]), np.array([[1.0]])
    >>> gradient_norms(W, x, dY, "relu")
    array([1., 1., 1.])
    >>> gradient_norms(W, x, dY, "sigmoid").round(4)
    array([0.0096, 0.0359, 0.1509])
    """
    if activation not in {"sigmoid", "relu"}:
        raise ValueError(f"activation is {activation!r}, wanted 'sigmoid' or 'relu'")
    require_axes("W", W, "L D D")
    require_axes("x", x, "N D")
    require_shape("W", W, (W.shape[0], x.shape[1], x.shape[1]))
    require_shape("dY", dY, x.shape)
    f, slope = (sigmoid, sigmoid_grad) if activation == "sigmoid" else (relu, relu_grad)
    inputs, slopes = [x], []
    for weights in W:
        z = inputs[-1] @ weights
        inputs.append(f(z))
        slopes.append(slope(z))
    norms = np.empty(len(W), dtype=W.dtype)
    da = dY
    for layer in reversed(range(len(W))):
        dz = da * slopes[layer]
        norms[layer] = gradient_norm(inputs[layer].T @ dz)
        da = dz @ W[layer].T
    return norms


def gradient_norm(grad: Array) -> float:
    """Euclidean length of all entries together: sqrt(sum g^2), without overflow.

    Parameters
    ----------
    grad : ndarray of any shape

    Returns
    -------
    norm : float

    References
    ----------
    Material Q3, the explosion of gradients.

    Examples
    --------
    >>> gradient_norm(np.array([[3.0], [-4.0]]))
    5.0
    """
    peak = float(np.max(np.abs(grad), initial=0))
    return peak * math.sqrt(np.sum((grad / peak) ** 2)) if peak > 0 else 0.0


def clip_by_norm(grad: Array, max_norm: float) -> Array:
    """Scale the gradient down to the length `max_norm` where it is longer; else leave it as it is.

    Parameters
    ----------
    grad : ndarray of any shape
    max_norm : float
        Positive.

    Returns
    -------
    clipped : ndarray, the shape of `grad`
        grad * max_norm / norm where norm > max_norm: the direction stays.

    Raises
    ------
    ValueError
        If max_norm is not positive.

    References
    ----------
    Material Q3, the explosion of gradients.

    Examples
    --------
    >>> clip_by_norm(np.array([6.0, -8.0]), 5.0)
    array([ 3., -4.])
    >>> clip_by_norm(np.array([0.3, -0.4]), 5.0)
    array([ 0.3, -0.4])
    """
    if not max_norm > 0:
        raise ValueError(f"max_norm is {max_norm}, wanted a positive number")
    return grad * min(1.0, max_norm / max(gradient_norm(grad), max_norm))
