"""Scaling the features of a table, column by column (material Q6, the reasons for normalization)."""

import numpy as np

from question_bank.reference.arrays import Array, require_axes


def min_max_scale(train: Array, X: Array) -> Array:
    """Scale every column by the training rows' range: (X - min) / (max - min).

    Conventions: minimum and maximum come from `train`; a column that is constant there is only shifted,
    so that it is 0 on the training rows.

    Parameters
    ----------
    train : (M, D) ndarray
        The rows that the statistics come from.
    X : (N, D) ndarray
        The rows to scale: the training rows again, or others.

    Returns
    -------
    scaled : (N, D) ndarray

    Raises
    ------
    ValueError
        If the shapes do not fit, or `train` has no row.

    References
    ----------
    Material Q6, part 1.

    Examples
    --------
    >>> train = np.array([[1.0, 7.0], [5.0, 7.0]])
    >>> min_max_scale(train, np.array([[2.0, 7.0], [9.0, 7.0]]))
    array([[0.25, 0.  ],
           [2.  , 0.  ]])
    """
    _require_columns(train, X)
    low = train.min(axis=0)
    spread = train.max(axis=0) - low
    scaled: Array = (X - low) / np.where(spread > 0, spread, 1)
    return scaled


def standardize(train: Array, X: Array) -> Array:
    """Center and scale every column by the training rows: (X - mean) / standard deviation.

    Conventions: the statistics come from `train`, the variance is biased (1/M); a column that is constant
    there is only shifted, so that it is 0 on the training rows.

    Parameters
    ----------
    train : (M, D) ndarray
        The rows that the statistics come from.
    X : (N, D) ndarray
        The rows to scale: the training rows again, or others.

    Returns
    -------
    scaled : (N, D) ndarray

    Raises
    ------
    ValueError
        If the shapes do not fit, or `train` has no row.

    References
    ----------
    Material Q6, part 1.

    Examples
    --------
    >>> train = np.array([[1.0, 7.0], [5.0, 7.0]])
    >>> standardize(train, np.array([[2.0, 7.0], [9.0, 7.0]]))
    array([[-0.5,  0. ],
           [ 3. ,  0. ]])
    """
    _require_columns(train, X)
    constant = train.min(axis=0) == train.max(axis=0)
    mean = np.where(constant, train[0], train.mean(axis=0))
    scaled: Array = (X - mean) / np.where(constant, 1, train.std(axis=0))
    return scaled


def _require_columns(train: Array, X: Array) -> None:
    require_axes("train", train, "M D")
    require_axes("X", X, "N D")
    if len(train) == 0 or train.shape[1] != X.shape[1]:
        raise ValueError(f"train has shape {train.shape}, wanted (M, {X.shape[1]}) with M >= 1")
