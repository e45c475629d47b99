"""Data augmentation of image batches with its draws handed in (material Q2, the list of methods)."""

import numpy as np

from question_bank.reference.arrays import Array, Integers, require_axes, require_shape


def hflip(x: Array) -> Array:
    """Mirror every image left to right: y[..., j] = x[..., W - 1 - j].

    Parameters
    ----------
    x : (..., W) ndarray
        A map (H, W) or a batch (N, C, H, W): the last axis is the width.

    Returns
    -------
    y : ndarray, the shape of `x`

    References
    ----------
    Material Q2, the list of methods.

    Examples
    --------
    >>> hflip(np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([[2., 1.],
           [4., 3.]])
    """
    return x[..., ::-1].copy()


def random_crop(x: Array, tops: Integers, lefts: Integers, size: tuple[int, int]) -> Array:
    """Cut one window out of every image, at the place drawn for it; all channels alike.

    y[n, c, i, j] = x[n, c, tops[n] + i, lefts[n] + j]

    Parameters
    ----------
    x : (N, C, H, W) ndarray
    tops : (N,) ndarray of int
        First row of each window, in 0 .. H - height.
    lefts : (N,) ndarray of int
        First column of each window, in 0 .. W - width.
    size : (height, width)

    Returns
    -------
    y : (N, C, height, width) ndarray

    Raises
    ------
    ValueError
        If the shapes do not fit or a window leaves its image.

    References
    ----------
    Material Q2, the list of methods.

    Examples
    --------
    >>> random_crop(np.arange(9.0).reshape(1, 1, 3, 3), np.array([1]), np.array([0]), (2, 2))
    array([[[[3., 4.],
             [6., 7.]]]])
    """
    require_axes("x", x, "N C H W")
    _require_inside("tops", tops, x.shape[0], x.shape[2] - size[0])
    _require_inside("lefts", lefts, x.shape[0], x.shape[3] - size[1])
    samples = np.arange(x.shape[0])[:, None, None]
    rows = tops[:, None, None] + np.arange(size[0])[:, None]
    columns = lefts[:, None, None] + np.arange(size[1])
    return x[samples, :, rows, columns].transpose(0, 3, 1, 2).copy()


def _require_inside(name: str, starts: Integers, samples: int, last: int) -> None:
    require_shape(name, starts, (samples,))
    if np.any((starts < 0) | (starts > last)):
        raise ValueError(f"{name} is {starts.tolist()}, wanted starts in 0 .. {last}")
