"""From scores to probabilities and back (material Q1's open question, and Q7's softmax layer)."""

import math

import numpy as np

from question_bank.reference.arrays import Array, Numbers


def log_odds(p: Numbers) -> Numbers:
    """Logarithm of the odds p / (1 - p): the inverse of the sigmoid.

    Logistic regression makes the log-odds linear in the features; that is why its probability is a sigmoid.

    Parameters
    ----------
    p : ndarray of any shape, or float
        Probabilities, all inside (0, 1).

    Returns
    -------
    z : the shape of `p`

    Raises
    ------
    ValueError
        If a probability is not strictly between 0 and 1.

    References
    ----------
    Material Q1, eq. (1), solved for x.

    Examples
    --------
    >>> log_odds(np.array([0.2, 0.5, 0.8])).round(4)
    array([-1.3863,  0.    ,  1.3863])
    """
    if not np.all((np.asarray(p) > 0) & (np.asarray(p) < 1)):
        raise ValueError(f"p is {p}, wanted probabilities strictly between 0 and 1")
    z: Numbers = np.log(p) - np.log1p(-p)
    return z


def softmax(scores: Array) -> Array:
    """Turn the scores of the last axis into probabilities: exp(s_i) / sum_j exp(s_j), without overflow.

    Parameters
    ----------
    scores : (..., C) ndarray

    Returns
    -------
    p : (..., C) ndarray
        Each row adds up to 1.

    References
    ----------
    Material Q7, global average pooling.

    Examples
    --------
    >>> softmax(np.array([1000.0, 1001.0])).round(4)
    array([0.2689, 0.7311])
    """
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    p: Array = raised / raised.sum(axis=-1, keepdims=True)
    return p


def log_softmax(scores: Array) -> Array:
    """Logarithm of the softmax over the last axis: s_i - log(sum_j exp(s_j)), without overflow.

    Parameters
    ----------
    scores : (..., C) ndarray

    Returns
    -------
    log_p : (..., C) ndarray

    References
    ----------
    Material Q7, global average pooling.

    Examples
    --------
    >>> log_softmax(np.array([0.0, 800.0]))
    array([-800.,    0.])
    """
    shifted = scores - scores.max(axis=-1, keepdims=True)
    log_p: Array = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return log_p


def saturation_edge(slope: float) -> float:
    """Find the |x| at which the sigmoid's slope has fallen to `slope`; beyond it the unit is saturated.

    From a (1 - a) = slope: a = (1 + sqrt(1 - 4 slope)) / 2 and |x| = log(a / (1 - a)).

    Parameters
    ----------
    slope : float
        In (0, 1/4].

    Returns
    -------
    x : float
        Not negative.

    Raises
    ------
    ValueError
        If the sigmoid nowhere has that slope.

    References
    ----------
    Material Q1, eq. (1), and Q3, figure 5.

    Examples
    --------
    >>> saturation_edge(0.25)
    0.0
    >>> round(saturation_edge(0.01), 4)
    4.5849
    """
    if not 0 < slope <= 0.25:
        raise ValueError(f"slope is {slope}, wanted a number in (0, 0.25]")
    a = (1 + math.sqrt(1 - 4 * slope)) / 2
    return 2 * math.log(a) - math.log(slope)


def active_share(z: Array) -> float:
    """Share of ReLU units that are active, that is z > 0 (a zero is not active).

    Parameters
    ----------
    z : ndarray of any shape
        Pre-activations.

    Returns
    -------
    share : float
        Between 0 and 1.

    References
    ----------
    Material Q1, eq. (3) and the remark on sparsity.

    Examples
    --------
    >>> active_share(np.array([-1.0, 0.0, 2.0, 3.0]))
    0.5
    """
    return float(np.mean(z > 0))
