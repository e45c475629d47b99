"""Average, maximum and global average pooling, backwards (material Q8)."""

import numpy as np

from question_bank.reference.arrays import Array, require_axes, require_shape
from question_bank.reference.windows import Pair, add_windows, cut_windows, output_shape


def max_pool_backward(x: Array, dY: Array, window: Pair, stride: Pair, padding: Pair = (0, 0)) -> Array:
    """Send every upstream gradient to the cell that held its window's maximum.

    Conventions: of tied cells the first in row order gets all of it; a cell that wins in several windows
    collects the sum.

    Parameters
    ----------
    x : (N, C, H, W) ndarray
        Input of the forward pass.
    dY : (N, C, H_out, W_out) ndarray
        Gradient of the loss with respect to the pooled map;
        H_out = floor((H + 2 * ph - kh) / sh) + 1, and W_out likewise.
    window : (kh, kw)
    stride : (sh, sw)
    padding : (ph, pw)

    Returns
    -------
    dx : (N, C, H, W) ndarray

    Raises
    ------
    ValueError
        If the shapes do not fit, or no window fits.

    References
    ----------
    Material Q8, maximum pooling.

    Examples
    --------
    >>> x = np.array([[5.0, 5.0], [1.0, 0.0]]).reshape(1, 1, 2, 2)
    >>> max_pool_backward(x, np.array([[[[7.0]]]]), (2, 2), (2, 2))
    array([[[[7., 0.],
             [0., 0.]]]])
    """
    _require_pooled(dY, x, window, stride, padding)
    winners = cut_windows(x, window, stride, padding, -np.inf).argmax(axis=-1)
    won = winners[..., None] == np.arange(window[0] * window[1])
    return add_windows(np.where(won, dY[..., None], 0), x, window, stride, padding)


def avg_pool_backward(x: Array, dY: Array, window: Pair, stride: Pair, padding: Pair = (0, 0)) -> Array:
    """Spread every upstream gradient evenly over its window: each cell gets dY / (kh * kw).

    Conventions: the divisor is the window's size, not the map's; a cell in several windows collects the
    sum; what falls on the padding is lost.

    Parameters
    ----------
    x : (N, C, H, W) ndarray
        Input of the forward pass; only its shape counts.
    dY : (N, C, H_out, W_out) ndarray
        Gradient of the loss with respect to the pooled map;
        H_out = floor((H + 2 * ph - kh) / sh) + 1, and W_out likewise.
    window : (kh, kw)
    stride : (sh, sw)
    padding : (ph, pw)

    Returns
    -------
    dx : (N, C, H, W) ndarray

    Raises
    ------
    ValueError
        If the shapes do not fit, or no window fits.

    References
    ----------
    Material Q8, average pooling.

    Examples
    --------
    >>> avg_pool_backward(np.zeros((1, 1, 1, 3)), np.array([[[[2.0, 4.0]]]]), (1, 2), (1, 1))
    array([[[[1., 3., 2.]]]])
    """
    _require_pooled(dY, x, window, stride, padding)
    cells = window[0] * window[1]
    shares = np.broadcast_to((dY / cells)[..., None], (*dY.shape, cells))
    return add_windows(shares, x, window, stride, padding)


def global_avg_pool_backward(x: Array, dY: Array) -> Array:
    """Spread every channel's gradient evenly over its map: each cell gets dY / (H * W).

    Parameters
    ----------
    x : (N, C, H, W) ndarray
        Input of the forward pass; only its shape counts.
    dY : (N, C) ndarray
        Gradient of the loss with respect to the channel means.

    Returns
    -------
    dx : (N, C, H, W) ndarray

    Raises
    ------
    ValueError
        If the shapes do not fit.

    References
    ----------
    Material Q8, average pooling, with one window that covers the map.

    Examples
    --------
    >>> global_avg_pool_backward(np.zeros((1, 2, 1, 2)), np.array([[4.0, 6.0]]))
    array([[[[2., 2.]],
    <BLANKLINE>
            [[3., 3.]]]])
    """
    require_axes("x", x, "N C H W")
    require_shape("dY", dY, x.shape[:2])
    share = dY / (x.shape[2] * x.shape[3])
    return np.broadcast_to(share[:, :, None, None], x.shape).copy()


def _require_pooled(dY: Array, x: Array, window: Pair, stride: Pair, padding: Pair) -> None:
    pooled = output_shape(x, window, stride, padding)
    require_shape("dY", dY, (*x.shape[:2], *pooled))
