"""The windows of a pooling layer: laid out side by side, and added back onto the map."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from question_bank.reference.arrays import Array, require_axes

Pair = tuple[int, int]


def pool_output_size(size: int, window: int, stride: int, padding: int) -> int:
    """Count the windows that fit along one axis: floor((size + 2 * padding - window) / stride) + 1.

    Convention: floor; an incomplete last window is left out.

    Parameters
    ----------
    size : int
        Cells along the axis.
    window : int
        Cells a window covers, at least 1.
    stride : int
        Cells from one window to the next, at least 1.
    padding : int
        Cells added on each of the two sides; at least 0 and less than the window.

    Returns
    -------
    count : int

    Raises
    ------
    ValueError
        If a number lies outside its range, or not a single window fits.

    References
    ----------
    Material Q7.

    Examples
    --------
    >>> pool_output_size(7, 3, 2, 0), pool_output_size(6, 3, 2, 1)
    (3, 3)
    """
    if window < 1 or stride < 1 or not 0 <= padding < window:
        wanted = "wanted window >= 1, stride >= 1 and 0 <= padding < window"
        raise ValueError(f"window {window}, stride {stride}, padding {padding}: {wanted}")
    if size + 2 * padding < window:
        raise ValueError(f"window is {window}, wanted at most {size + 2 * padding} (the padded size)")
    return (size + 2 * padding - window) // stride + 1


def cut_windows(x: Array, window: Pair, stride: Pair, padding: Pair, fill: float) -> Array:
    """Lay the windows of every map side by side, each read row by row.

    Parameters
    ----------
    x : (N, C, H, W) ndarray
    window, stride, padding : (rows, columns)
    fill : float
        What the padding holds.

    Returns
    -------
    windows : (N, C, H_out, W_out, kh * kw) ndarray
        H_out = floor((H + 2 * ph - kh) / sh) + 1, and W_out likewise.

    Raises
    ------
    ValueError
        If `x` has other axes, or no window fits.

    Examples
    --------
    >>> cut_windows(np.arange(6.0).reshape(1, 1, 2, 3), (2, 2), (1, 1), (0, 0), 0.0)[0, 0, 0]
    array([[0., 1., 3., 4.],
           [1., 2., 4., 5.]])
    """
    rows, columns = output_shape(x, window, stride, padding)
    (ph, pw), (sh, sw) = padding, stride
    padded = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)), constant_values=fill)
    windows = sliding_window_view(padded, window, axis=(2, 3))[:, :, ::sh, ::sw]
    return windows.reshape(*x.shape[:2], rows, columns, -1)


def add_windows(shares: Array, x: Array, window: Pair, stride: Pair, padding: Pair) -> Array:
    """Add windows back onto a map: a cell collects from every window that covers it.

    Parameters
    ----------
    shares : (N, C, H_out, W_out, kh * kw) ndarray
        What each window gives to each of its cells.
    x : (N, C, H, W) ndarray
        The map; only its shape counts.
    window, stride, padding : (rows, columns)

    Returns
    -------
    total : (N, C, H, W) ndarray

    Examples
    --------
    >>> add_windows(np.ones((1, 1, 1, 2, 2)), np.zeros((1, 1, 1, 3)), (1, 2), (1, 1), (0, 0)).ravel()
    array([1., 2., 1.])
    """
    samples, channels, height, width = x.shape
    (kh, kw), (sh, sw), (ph, pw) = window, stride, padding
    rows, columns = shares.shape[2:4]
    total = np.zeros((samples, channels, height + 2 * ph, width + 2 * pw), dtype=shares.dtype)
    for i in range(kh):
        for j in range(kw):
            total[:, :, i : i + sh * rows : sh, j : j + sw * columns : sw] += shares[..., i * kw + j]
    return total[:, :, ph : ph + height, pw : pw + width].copy()


def output_shape(x: Array, window: Pair, stride: Pair, padding: Pair) -> Pair:
    """Rows and columns of the pooled map.

    Parameters
    ----------
    x : (N, C, H, W) ndarray
    window, stride, padding : (rows, columns)

    Returns
    -------
    rows, columns : int

    Raises
    ------
    ValueError
        If `x` has other axes, or no window fits.

    Examples
    --------
    >>> output_shape(np.zeros((1, 1, 4, 6)), (2, 3), (2, 1), (0, 0))
    (2, 4)
    """
    require_axes("x", x, "N C H W")
    rows = pool_output_size(x.shape[2], window[0], stride[0], padding[0])
    return rows, pool_output_size(x.shape[3], window[1], stride[1], padding[1])
