"""Stochastic pooling, forwards and backwards, with its draws handed in (material Q7 and Q8).

A window's cells are chosen with probability a / sum(a), so activations must not be negative.
For a draw u from [0, 1) the chosen cell is the first, in row order, whose running share exceeds u.
A window of zeros chooses its first cell.
"""

import numpy as np

from question_bank.reference.arrays import Array, Integers, require_shape
from question_bank.reference.windows import Pair, add_windows, cut_windows


def stochastic_pool(x: Array, uniforms: Array, window: Pair, stride: Pair) -> Array:
    """Value of the cell that each window's uniform draw chooses.

    Parameters
    ----------
    x : (N, C, H, W) ndarray
        Activations, none negative.
    uniforms : (N, C, H_out, W_out) ndarray
        One draw from [0, 1) a window.
    window : (kh, kw)
    stride : (sh, sw)

    Returns
    -------
    y : (N, C, H_out, W_out) ndarray
        H_out = floor((H - kh) / sh) + 1, and W_out likewise.

    Raises
    ------
    ValueError
        If the shapes do not fit, an activation is negative or a draw lies outside [0, 1).

    References
    ----------
    Material Q7, stochastic pooling.

    Examples
    --------
    >>> x = np.array([1.0, 2.0, 3.0, 4.0]).reshape(1, 1, 2, 2)
    >>> [float(stochastic_pool(x, np.full((1, 1, 1, 1), u), (2, 2), (2, 2))[0, 0, 0, 0]) for u in (0.05, 0.5, 0.95)]
    [1.0, 3.0, 4.0]
    """
    chosen = stochastic_pool_choice(x, uniforms, window, stride)
    cells = _activations(x, window, stride)
    return np.take_along_axis(cells, chosen[..., None], axis=-1)[..., 0]


def stochastic_pool_choice(x: Array, uniforms: Array, window: Pair, stride: Pair) -> Integers:
    """Place, in row order inside its window, of the cell that each uniform draw chooses.

    Parameters
    ----------
    x : (N, C, H, W) ndarray
        Activations, none negative.
    uniforms : (N, C, H_out, W_out) ndarray
        One draw from [0, 1) a window.
    window : (kh, kw)
    stride : (sh, sw)

    Returns
    -------
    chosen : (N, C, H_out, W_out) ndarray of int
        In 0 .. kh * kw - 1: the row inside the window is chosen // kw, the column chosen % kw.

    Raises
    ------
    ValueError
        If the shapes do not fit, an activation is negative or a draw lies outside [0, 1).

    References
    ----------
    Material Q7, stochastic pooling.

    Examples
    --------
    >>> x = np.array([1.0, 2.0, 3.0, 4.0]).reshape(1, 1, 2, 2)
    >>> stochastic_pool_choice(x, np.full((1, 1, 1, 1), 0.5), (2, 2), (2, 2))
    array([[[[2]]]])
    """
    reached = np.cumsum(_activations(x, window, stride), axis=-1)
    require_shape("uniforms", uniforms, reached.shape[:-1])
    if np.any((uniforms < 0) | (uniforms >= 1)):
        raise ValueError("uniforms hold a number outside [0, 1)")
    total = reached[..., -1]
    drawn = np.minimum(uniforms * total, np.nextafter(total, 0))  # rounding must not reach the total
    chosen: Integers = np.argmax(reached > drawn[..., None], axis=-1)
    return chosen


def stochastic_pool_expectation(x: Array, window: Pair, stride: Pair) -> Array:
    """Output at test time: every window's mean, weighted with the probabilities: sum(a^2) / sum(a).

    Convention: a window of zeros gives 0.

    Parameters
    ----------
    x : (N, C, H, W) ndarray
        Activations, none negative.
    window : (kh, kw)
    stride : (sh, sw)

    Returns
    -------
    y : (N, C, H_out, W_out) ndarray
        H_out = floor((H - kh) / sh) + 1, and W_out likewise.

    Raises
    ------
    ValueError
        If the shapes do not fit, or an activation is negative.

    References
    ----------
    Material Q7, stochastic pooling.

    Examples
    --------
    >>> stochastic_pool_expectation(np.array([1.0, 2.0, 3.0, 4.0]).reshape(1, 1, 2, 2), (2, 2), (2, 2))
    array([[[[3.]]]])
    """
    cells = _activations(x, window, stride)
    total = cells.sum(axis=-1, keepdims=True)
    y: Array = (cells * (cells / np.where(total > 0, total, 1))).sum(axis=-1)
    return y


def stochastic_pool_backward(x: Array, uniforms: Array, dY: Array, window: Pair, stride: Pair) -> Array:
    """Send every upstream gradient to the cell that was drawn, not to the maximum.

    Parameters
    ----------
    x : (N, C, H, W) ndarray
        Activations of the forward pass, none negative.
    uniforms : (N, C, H_out, W_out) ndarray
        The draws of the forward pass.
    dY : (N, C, H_out, W_out) ndarray
        Gradient of the loss with respect to the pooled map.
    window : (kh, kw)
    stride : (sh, sw)

    Returns
    -------
    dx : (N, C, H, W) ndarray
        A cell drawn in several windows collects the sum.

    Raises
    ------
    ValueError
        If the shapes do not fit, an activation is negative or a draw lies outside [0, 1).

    References
    ----------
    Material Q8, with the cell that stochastic pooling chose.

    Examples
    --------
    >>> x, u = np.array([1.0, 2.0, 3.0, 4.0]).reshape(1, 1, 2, 2), np.full((1, 1, 1, 1), 0.2)
    >>> stochastic_pool_backward(x, u, np.ones((1, 1, 1, 1)), (2, 2), (2, 2)).ravel()
    array([0., 1., 0., 0.])
    """
    chosen = stochastic_pool_choice(x, uniforms, window, stride)
    require_shape("dY", dY, chosen.shape)
    drawn = chosen[..., None] == np.arange(window[0] * window[1])
    return add_windows(np.where(drawn, dY[..., None], 0), x, window, stride, (0, 0))


def _activations(x: Array, window: Pair, stride: Pair) -> Array:
    cells = cut_windows(x, window, stride, (0, 0), 0.0)
    if np.any(x < 0):
        raise ValueError(f"x holds {x.min()}, wanted no negative activation")
    return cells
