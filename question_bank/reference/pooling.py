"""Average, maximum and global average pooling, forwards (material Q7)."""

import numpy as np

from question_bank.reference.arrays import Array, require_axes
from question_bank.reference.windows import Pair, cut_windows, pool_output_size

__all__ = ["avg_pool_forward", "global_avg_pool", "max_pool_forward", "pool_output_size"]


def avg_pool_forward(x: Array, window: Pair, stride: Pair, padding: Pair = (0, 0)) -> Array:
    """Mean of every window.

    Conventions: floor output size; the zeros of the padding count as cells (divide by kh * kw).

    Parameters
    ----------
    x : (N, C, H, W) ndarray
    window : (kh, kw)
    stride : (sh, sw)
    padding : (ph, pw)
        Rows added above and below, columns added left and right; less than the window.

    Returns
    -------
    y : (N, C, H_out, W_out) ndarray
        H_out = floor((H + 2 * ph - kh) / sh) + 1, and W_out likewise.

    Raises
    ------
    ValueError
        If `x` has other axes, or no window fits.

    References
    ----------
    Material Q7, average pooling.

    Examples
    --------
    >>> x = np.array([[1.0, 2.0, 5.0], [3.0, 6.0, 3.0]]).reshape(1, 1, 2, 3)
    >>> avg_pool_forward(x, (2, 2), (1, 1))
    array([[[[3., 4.]]]])
    """
    y: Array = cut_windows(x, window, stride, padding, 0.0).mean(axis=-1)
    return y


def max_pool_forward(x: Array, window: Pair, stride: Pair, padding: Pair = (0, 0)) -> Array:
    """Maximum of every window.

    Conventions: floor output size; the padding never wins (it holds minus infinity).

    Parameters
    ----------
    x : (N, C, H, W) ndarray
    window : (kh, kw)
    stride : (sh, sw)
    padding : (ph, pw)
        Rows added above and below, columns added left and right; less than the window.

    Returns
    -------
    y : (N, C, H_out, W_out) ndarray
        H_out = floor((H + 2 * ph - kh) / sh) + 1, and W_out likewise.

    Raises
    ------
    ValueError
        If `x` has other axes, or no window fits.

    References
    ----------
    Material Q7, maximum pooling.

    Examples
    --------
    >>> x = np.array([[-1.0, -2.0, -5.0], [-3.0, -6.0, -3.0]]).reshape(1, 1, 2, 3)
    >>> max_pool_forward(x, (2, 2), (1, 1))
    array([[[[-1., -2.]]]])
    """
    y: Array = cut_windows(x, window, stride, padding, -np.inf).max(axis=-1)
    return y


def global_avg_pool(x: Array) -> Array:
    """Mean of every channel over all its rows and columns.

    Parameters
    ----------
    x : (N, C, H, W) ndarray

    Returns
    -------
    y : (N, C) ndarray

    Raises
    ------
    ValueError
        If `x` has other axes.

    References
    ----------
    Material Q7, global average pooling.

    Examples
    --------
    >>> global_avg_pool(np.array([[[[1.0, 3.0]], [[5.0, 9.0]]]]))
    array([[2., 7.]])
    """
    require_axes("x", x, "N C H W")
    y: Array = x.mean(axis=(2, 3))
    return y
