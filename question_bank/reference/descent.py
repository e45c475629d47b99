"""Gradient descent on the mean squared error of a linear model (material Q4, eq. 10-14).

The material's eq. (14) leaves the learning rate out; every step here has it, as eq. (10) does.
"""

import numpy as np

from question_bank.reference.arrays import Array, Integers, require_axes, require_shape


def mse_loss(X: Array, y: Array, theta: Array) -> float:
    """Half the mean squared error: J = 1/(2m) sum_i (h_i - y_i)^2 with h = X theta.

    Parameters
    ----------
    X : (m, n) ndarray
        One sample a row; a column of ones gives an intercept.
    y : (m,) ndarray
    theta : (n,) ndarray

    Returns
    -------
    loss : float

    Raises
    ------
    ValueError
        If the shapes do not fit, or there is no sample.

    References
    ----------
    Material Q4, eq. (11) and (12).

    Examples
    --------
    >>> mse_loss(np.array([[1.0, 1.0], [1.0, 2.0]]), np.array([2.0, 4.0]), np.zeros(2))
    5.0
    """
    return float(np.mean(_residual(X, y, theta) ** 2) / 2)


def mse_gradient(X: Array, y: Array, theta: Array) -> Array:
    """Gradient of half the mean squared error: 1/m X'(X theta - y).

    Parameters
    ----------
    X : (m, n) ndarray
    y : (m,) ndarray
    theta : (n,) ndarray

    Returns
    -------
    grad : (n,) ndarray

    Raises
    ------
    ValueError
        If the shapes do not fit, or there is no sample.

    References
    ----------
    Material Q4, eq. (13).

    Examples
    --------
    >>> mse_gradient(np.array([[1.0, 1.0], [1.0, 2.0]]), np.array([2.0, 4.0]), np.zeros(2))
    array([-3., -5.])
    """
    return X.T @ _residual(X, y, theta) / len(y)


def batch_gd(X: Array, y: Array, theta: Array, alpha: float, steps: int) -> Array:
    """Take `steps` steps of batch gradient descent: theta - alpha * gradient, all parameters at once.

    Parameters
    ----------
    X : (m, n) ndarray
    y : (m,) ndarray
    theta : (n,) ndarray
        Where to start.
    alpha : float
        Learning rate.
    steps : int

    Returns
    -------
    theta_next : (n,) ndarray

    Raises
    ------
    ValueError
        If the shapes do not fit, or there is no sample.

    References
    ----------
    Material Q4, eq. (10) with (13).

    Examples
    --------
    >>> X = np.array([[1.0, 1.0], [1.0, 2.0], [1.0, 3.0]])
    >>> batch_gd(X, np.array([2.0, 4.0, 6.0]), np.zeros(2), 0.1, 1).round(4)
    array([0.4   , 0.9333])
    """
    theta_next = theta.copy()
    for _ in range(steps):
        theta_next = theta_next - alpha * mse_gradient(X, y, theta_next)
    return theta_next


def sgd_epoch(X: Array, y: Array, theta: Array, alpha: float, order: Integers) -> Array:
    """Take one step of stochastic gradient descent for every sample, in the given order.

    theta <- theta - alpha * (x_i theta - y_i) x_i for i in order

    Parameters
    ----------
    X : (m, n) ndarray
    y : (m,) ndarray
    theta : (n,) ndarray
        Where to start.
    alpha : float
        Learning rate.
    order : (m,) ndarray of int
        Which sample comes when.

    Returns
    -------
    theta_next : (n,) ndarray

    Raises
    ------
    ValueError
        If the shapes do not fit, or there is no sample.

    References
    ----------
    Material Q4, stochastic gradient descent.

    Examples
    --------
    >>> sgd_epoch(np.array([[1.0], [2.0]]), np.array([1.0, 4.0]), np.zeros(1), 0.25, np.array([1, 0]))
    array([1.75])
    """
    return minibatch_epoch(X, y, theta, alpha, order, 1)


def minibatches(order: Integers, size: int) -> tuple[Integers, ...]:
    """Cut the order of the samples into mini-batches of indices; the last one may be shorter.

    Parameters
    ----------
    order : (m,) ndarray of int
    size : int
        Samples a batch, at least 1.

    Returns
    -------
    batches : tuple of ceil(m / size) ndarrays of int
        Batch k is order[k * size : (k + 1) * size].

    Raises
    ------
    ValueError
        If size is below 1.

    References
    ----------
    Material Q4, between the batch and the stochastic way.

    Examples
    --------
    >>> minibatches(np.array([3, 0, 4, 1, 2]), 2)
    (array([3, 0]), array([4, 1]), array([2]))
    """
    if size < 1:
        raise ValueError(f"size is {size}, wanted at least 1")
    return tuple(order[start : start + size].copy() for start in range(0, len(order), size))


def minibatch_epoch(X: Array, y: Array, theta: Array, alpha: float, order: Integers, size: int) -> Array:
    """Take one step for every mini-batch, each with the mean gradient of its own samples.

    Parameters
    ----------
    X : (m, n) ndarray
    y : (m,) ndarray
    theta : (n,) ndarray
        Where to start.
    alpha : float
        Learning rate.
    order : (m,) ndarray of int
        Which sample comes when.
    size : int
        Samples a batch; the last batch may be shorter and is divided by its own length.

    Returns
    -------
    theta_next : (n,) ndarray

    Raises
    ------
    ValueError
        If the shapes do not fit, there is no sample, or size is below 1.

    References
    ----------
    Material Q4, between the batch and the stochastic way.

    Examples
    --------
    >>> X, y = np.array([[1.0], [1.0], [2.0]]), np.array([1.0, 3.0, 4.0])
    >>> minibatch_epoch(X, y, np.zeros(1), 0.5, np.array([0, 1, 2]), 2)
    array([3.])
    """
    require_shape("order", order, (len(y),))
    theta_next = theta.copy()
    for batch in minibatches(order, size):
        theta_next = theta_next - alpha * mse_gradient(X[batch], y[batch], theta_next)
    return theta_next


def momentum_step(theta: Array, velocity: Array, grad: Array, alpha: float, mu: float) -> tuple[Array, Array]:
    """Take one step with momentum: velocity <- mu * velocity - alpha * grad, theta <- theta + velocity.

    Convention: the learning rate is part of the velocity, which points the way the parameters move.

    Parameters
    ----------
    theta : ndarray of any shape
    velocity : ndarray, the shape of `theta`
    grad : ndarray, the shape of `theta`
    alpha : float
        Learning rate.
    mu : float
        Weight of the old velocity.

    Returns
    -------
    theta_next : ndarray, the shape of `theta`
    velocity_next : ndarray, the shape of `theta`

    Raises
    ------
    ValueError
        If the shapes differ.

    References
    ----------
    Material Q4, eq. (10), with a memory.

    Examples
    --------
    >>> momentum_step(np.array([1.0]), np.array([2.0]), np.array([1.0]), 0.5, 0.5)
    (array([1.5]), array([0.5]))
    """
    require_shape("velocity", velocity, theta.shape)
    require_shape("grad", grad, theta.shape)
    velocity_next = mu * velocity - alpha * grad
    return theta + velocity_next, velocity_next


def largest_curvature(X: Array) -> float:
    """Largest eigenvalue of the loss's second derivative X'X / m.

    Parameters
    ----------
    X : (m, n) ndarray

    Returns
    -------
    curvature : float

    Raises
    ------
    ValueError
        If `X` is not a matrix with at least one row.

    References
    ----------
    Material Q4, eq. (13), differentiated once more.

    Examples
    --------
    >>> largest_curvature(np.array([[3.0], [4.0]]))
    12.5
    """
    _require_samples(X)
    return float(np.linalg.norm(X, 2) ** 2 / len(X))


def step_size_limit(X: Array) -> float:
    """Learning rate from which batch gradient descent no longer converges: 2 / largest curvature.

    Parameters
    ----------
    X : (m, n) ndarray
        Not all zeros.

    Returns
    -------
    limit : float
        Steps with 0 < alpha < limit converge.

    Raises
    ------
    ValueError
        If `X` is not a matrix with at least one row, or all zeros.

    References
    ----------
    Material Q4, the remark on the step's length.

    Examples
    --------
    >>> step_size_limit(np.array([[3.0], [4.0]]))
    0.16
    """
    curvature = largest_curvature(X)
    if curvature == 0:
        raise ValueError("X is all zeros, wanted a loss with some curvature")
    return 2 / curvature


def _residual(X: Array, y: Array, theta: Array) -> Array:
    _require_samples(X)
    require_shape("y", y, X.shape[:1])
    require_shape("theta", theta, X.shape[1:])
    residual: Array = X @ theta - y
    return residual


def _require_samples(X: Array) -> None:
    require_axes("X", X, "m n")
    if len(X) == 0:
        raise ValueError(f"X has shape {X.shape}, wanted at least one sample")
