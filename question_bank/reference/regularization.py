"""Penalties, weight decay and early stopping (material Q2, eq. 4-7)."""

from collections.abc import Sequence

import numpy as np

from question_bank.reference.arrays import Array, require_shape


def l2_penalty(w: Array, alpha: float) -> float:
    """Penalize large weights: alpha/2 * w'w. Convention: with the half, as in eq. (6); biases stay out.

    Parameters
    ----------
    w : ndarray of any shape
    alpha : float

    Returns
    -------
    penalty : float

    References
    ----------
    Material Q2, eq. (6).

    Examples
    --------
    >>> l2_penalty(np.array([3.0, -4.0]), 0.1)
    1.25
    """
    return float(alpha / 2 * np.sum(w**2))


def weight_decay_step(w: Array, grad: Array, eta: float, alpha: float) -> Array:
    """Take one step down the penalized loss: (1 - eta * alpha) w - eta * grad.

    Parameters
    ----------
    w : ndarray of any shape
    grad : ndarray, the shape of `w`
        Gradient of the loss without the penalty.
    eta : float
        Learning rate.
    alpha : float
        Strength of the penalty alpha/2 * w'w.

    Returns
    -------
    w_next : ndarray, the shape of `w`

    Raises
    ------
    ValueError
        If the two shapes differ.

    References
    ----------
    Material Q2, eq. (7).

    Examples
    --------
    >>> weight_decay_step(np.array([2.0]), np.array([0.5]), 0.1, 0.5)
    array([1.85])
    """
    require_shape("grad", grad, w.shape)
    return (1 - eta * alpha) * w - eta * grad


def decayed_weights(w: Array, eta: float, alpha: float, steps: int) -> Array:
    """Shrink the weights over many steps without any other gradient: (1 - eta * alpha)^steps w.

    Parameters
    ----------
    w : ndarray of any shape
    eta : float
        Learning rate.
    alpha : float
        Strength of the penalty alpha/2 * w'w.
    steps : int

    Returns
    -------
    w_next : ndarray, the shape of `w`

    References
    ----------
    Material Q2, eq. (7), repeated with a zero gradient.

    Examples
    --------
    >>> decayed_weights(np.array([8.0, -16.0]), 0.5, 1.0, 3)
    array([ 1., -2.])
    """
    return w * (1 - eta * alpha) ** steps


def l1_penalty(w: Array, alpha: float) -> float:
    """Penalize weights by their magnitude: alpha * sum |w|.

    Parameters
    ----------
    w : ndarray of any shape
    alpha : float

    Returns
    -------
    penalty : float

    References
    ----------
    Material Q2, the list of methods.

    Examples
    --------
    >>> l1_penalty(np.array([3.0, -4.0]), 0.5)
    3.5
    """
    return float(alpha * np.sum(np.abs(w)))


def l1_subgradient_step(w: Array, grad: Array, eta: float, alpha: float) -> Array:
    """Take one step down a loss with an L1 penalty: w - eta * (grad + alpha * sign(w)).

    Convention: sign(0) = 0.

    Parameters
    ----------
    w : ndarray of any shape
    grad : ndarray, the shape of `w`
        Gradient of the loss without the penalty.
    eta : float
        Learning rate.
    alpha : float
        Strength of the penalty alpha * sum |w|.

    Returns
    -------
    w_next : ndarray, the shape of `w`

    Raises
    ------
    ValueError
        If the two shapes differ.

    References
    ----------
    Material Q2, eq. (4), with the penalty's subgradient added.

    Examples
    --------
    >>> l1_subgradient_step(np.array([2.0, 0.0, -1.0]), np.zeros(3), 0.5, 0.5)
    array([ 1.75,  0.  , -0.75])
    """
    require_shape("grad", grad, w.shape)
    return w - eta * (grad + alpha * np.sign(w))


def soft_threshold(w: Array, threshold: float) -> Array:
    """Pull every weight towards 0 by `threshold` and stop there: sign(w) max(|w| - threshold, 0).

    Parameters
    ----------
    w : ndarray of any shape
    threshold : float
        Not negative; eta * alpha after a gradient step gives the proximal step of the L1 penalty.

    Returns
    -------
    w_next : ndarray, the shape of `w`
        Exactly 0 where |w| <= threshold.

    Raises
    ------
    ValueError
        If the threshold is negative.

    References
    ----------
    Material Q2, the list of methods.

    Examples
    --------
    >>> soft_threshold(np.array([2.0, 0.25, -1.0]), 0.5)
    array([ 1.5,  0. , -0.5])
    """
    if threshold < 0:
        raise ValueError(f"threshold is {threshold}, wanted 0 or more")
    return w - np.clip(w, -threshold, threshold)


def early_stopping(losses: Sequence[float] | Array, patience: int, min_delta: float) -> tuple[int, int]:
    """Find the best epoch, and the epoch after which training stops; both count from 0.

    An epoch improves when its loss < (loss at the last improvement) - min_delta; the first epoch always
    does. Training stops after `patience` epochs in a row without improvement, else with the last epoch.

    Parameters
    ----------
    losses : (E,) ndarray
        Validation loss of each epoch.
    patience : int
        At least 1.
    min_delta : float
        Smallest gain that counts; not negative.

    Returns
    -------
    best_epoch : int
        The last epoch that improved: its weights are kept.
    stop_epoch : int
        E - 1 where patience never runs out.

    Raises
    ------
    ValueError
        If there are no losses, if patience is below 1 or min_delta below 0.

    References
    ----------
    Material Q2, the list of methods.

    Examples
    --------
    >>> early_stopping([1.0, 0.9, 0.95, 0.95, 0.95], 2, 0.0)
    (1, 3)
    """
    if len(losses) == 0 or patience < 1 or min_delta < 0:
        wanted = "wanted at least one loss, patience >= 1 and min_delta >= 0"
        raise ValueError(f"{len(losses)} losses, patience {patience}, min_delta {min_delta}: {wanted}")
    best_epoch = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best_epoch] - min_delta:
            best_epoch = epoch
        if epoch - best_epoch == patience:
            return best_epoch, epoch
    return best_epoch, len(losses) - 1
