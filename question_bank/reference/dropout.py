"""Inverted dropout with its draws handed in (material Q2, the list of methods)."""

import numpy as np

from question_bank.reference.arrays import Array, require_shape


def dropout_mask(uniforms: Array, p: float) -> Array:
    """Decide which units stay: 1 where the uniform draw is at least `p`, else 0.

    Parameters
    ----------
    uniforms : ndarray of any shape
        Draws from [0, 1).
    p : float
        Probability to drop a unit, in [0, 1).

    Returns
    -------
    mask : ndarray, the shape of `uniforms`
        1 = kept, 0 = dropped.

    Raises
    ------
    ValueError
        If p is not in [0, 1).

    References
    ----------
    Material Q2, the list of methods.

    Examples
    --------
    >>> dropout_mask(np.array([0.1, 0.3, 0.9]), 0.3)
    array([0., 1., 1.])
    """
    _require_probability(p)
    return (uniforms >= p).astype(uniforms.dtype)


def dropout_forward(x: Array, mask: Array, p: float) -> Array:
    """Drop units in training and scale up the others: x * mask / (1 - p).

    Conventions: p is the probability to drop; inverted scaling, so that the test pass is the identity.

    Parameters
    ----------
    x : ndarray of any shape
    mask : ndarray, the shape of `x`
        1 = kept, 0 = dropped.
    p : float
        Probability to drop a unit, in [0, 1).

    Returns
    -------
    y : ndarray, the shape of `x`

    Raises
    ------
    ValueError
        If the two shapes differ, or p is not in [0, 1).

    References
    ----------
    Material Q2, the list of methods.

    Examples
    --------
    >>> dropout_forward(np.array([2.0, 4.0]), np.array([1.0, 0.0]), 0.2)
    array([2.5, 0. ])
    """
    require_shape("mask", mask, x.shape)
    _require_probability(p)
    return np.where(mask != 0, x / (1 - p), 0)


def dropout_backward(dY: Array, mask: Array, p: float) -> Array:
    """Send the upstream gradient back through inverted dropout: dY * mask / (1 - p).

    Conventions: p is the probability to drop; the scale is the forward pass's.

    Parameters
    ----------
    dY : ndarray of any shape
        Gradient of the loss with respect to the layer's output.
    mask : ndarray, the shape of `dY`
        The mask of the forward pass: 1 = kept, 0 = dropped.
    p : float
        Probability to drop a unit, in [0, 1).

    Returns
    -------
    dx : ndarray, the shape of `dY`

    Raises
    ------
    ValueError
        If the two shapes differ, or p is not in [0, 1).

    References
    ----------
    Material Q2, the list of methods.

    Examples
    --------
    >>> dropout_backward(np.array([1.0, 1.0]), np.array([1.0, 0.0]), 0.2)
    array([1.25, 0.  ])
    """
    return dropout_forward(dY, mask, p)


def _require_probability(p: float) -> None:
    if not 0 <= p < 1:
        raise ValueError(f"p is {p}, wanted a probability to drop in [0, 1)")
