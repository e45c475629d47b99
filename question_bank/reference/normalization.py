"""Batch, layer, instance and group normalization (material Q6, eq. 21 and 22).

The material gives the means only. Here every variance is biased (divided by the count), and eps stands
inside the root: x_hat = (x - mean) / sqrt(variance + eps), y = gamma * x_hat + beta.
"""

import numpy as np

from question_bank.reference.arrays import Array, require_axes, require_shape


def batch_norm_forward(X: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Normalize every feature over the batch, or every channel over batch, rows and columns.

    Conventions: biased variance, eps inside the root.

    Parameters
    ----------
    X : (N, D) or (N, C, H, W) ndarray
    gamma : (D,) or (C,) ndarray
        Scale.
    beta : (D,) or (C,) ndarray
        Shift.
    eps : float

    Returns
    -------
    Y : ndarray, the shape of `X`

    Raises
    ------
    ValueError
        If the shapes do not fit.

    References
    ----------
    Material Q6, eq. (21), with the variance 1/K sum (z - mean)^2.

    Examples
    --------
    >>> batch_norm_forward(np.array([[1.0], [5.0]]), np.array([2.0]), np.array([3.0]), 0.0)
    array([[1.],
           [5.]])
    """
    _require_per_channel(X, gamma=gamma, beta=beta)
    scale, shift = _along_channels(gamma, X), _along_channels(beta, X)
    Y: Array = scale * _normalize(X, _batch_axes(X), eps) + shift
    return Y


def batch_norm_backward(dY: Array, X: Array, gamma: Array, eps: float) -> tuple[Array, Array, Array]:
    """Gradients of batch normalization in training; they also flow through mean and variance.

    Conventions: biased variance, eps inside the root, gradients summed over the batch.

    Parameters
    ----------
    dY : ndarray, the shape of `X`
        Gradient of the loss with respect to the layer's output.
    X : (N, D) or (N, C, H, W) ndarray
    gamma : (D,) or (C,) ndarray
    eps : float

    Returns
    -------
    dX : ndarray, the shape of `X`
    dgamma : (D,) or (C,) ndarray
    dbeta : (D,) or (C,) ndarray

    Raises
    ------
    ValueError
        If the shapes do not fit.

    References
    ----------
    Material Q6, eq. (21), differentiated.

    Examples
    --------
    >>> dX, dgamma, dbeta = batch_norm_backward(
    ...     np.array([[1.0], [2.0]]), np.array([[1.0], [5.0]]), np.array([1.0]), 0.0)
    >>> dX.tolist(), dgamma.tolist(), dbeta.tolist()
    ([[0.0], [0.0]], [1.0], [3.0])
    """
    _require_per_channel(X, gamma=gamma)
    require_shape("dY", dY, X.shape)
    axes = _batch_axes(X)
    dgamma: Array = (dY * _normalize(X, axes, eps)).sum(axis=axes)
    dbeta: Array = dY.sum(axis=axes)
    return _normalize_backward(dY * _along_channels(gamma, X), X, axes, eps), dgamma, dbeta


def batch_norm_running(X: Array, running_mean: Array, running_var: Array, momentum: float) -> tuple[Array, Array]:
    """Blend a training batch into the running statistics: momentum * old + (1 - momentum) * batch.

    Conventions: momentum is the weight of the OLD value; the batch's variance is biased.

    Parameters
    ----------
    X : (N, D) or (N, C, H, W) ndarray
    running_mean : (D,) or (C,) ndarray
    running_var : (D,) or (C,) ndarray
    momentum : float

    Returns
    -------
    mean_next : (D,) or (C,) ndarray
    var_next : (D,) or (C,) ndarray

    Raises
    ------
    ValueError
        If the shapes do not fit.

    References
    ----------
    Material Q6, eq. (21), kept for the time after training.

    Examples
    --------
    >>> batch_norm_running(np.array([[1.0], [5.0]]), np.array([1.0]), np.array([2.0]), 0.75)
    (array([1.5]), array([2.5]))
    """
    _require_per_channel(X, running_mean=running_mean, running_var=running_var)
    axes = _batch_axes(X)
    mean_next: Array = momentum * running_mean + (1 - momentum) * X.mean(axis=axes)
    var_next: Array = momentum * running_var + (1 - momentum) * X.var(axis=axes)
    return mean_next, var_next


def batch_norm_inference(
    X: Array, gamma: Array, beta: Array, running_mean: Array, running_var: Array, eps: float
) -> Array:
    """Normalize at test time with the running statistics, whatever the batch.

    Y = gamma * (X - running_mean) / sqrt(running_var + eps) + beta

    Parameters
    ----------
    X : (N, D) or (N, C, H, W) ndarray
    gamma : (D,) or (C,) ndarray
    beta : (D,) or (C,) ndarray
    running_mean : (D,) or (C,) ndarray
    running_var : (D,) or (C,) ndarray
    eps : float

    Returns
    -------
    Y : ndarray, the shape of `X`

    Raises
    ------
    ValueError
        If the shapes do not fit.

    References
    ----------
    Material Q6, eq. (21), after training.

    Examples
    --------
    >>> batch_norm_inference(np.array([[3.0]]), *np.array([[2.0], [1.0], [1.0], [3.0]]), 1.0)
    array([[3.]])
    """
    _require_per_channel(X, gamma=gamma, beta=beta, running_mean=running_mean, running_var=running_var)
    x_hat = (X - _along_channels(running_mean, X)) / np.sqrt(_along_channels(running_var, X) + eps)
    Y: Array = _along_channels(gamma, X) * x_hat + _along_channels(beta, X)
    return Y


def layer_norm_forward(X: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Normalize every sample over all its features: one mean and one variance a sample.

    Conventions: biased variance, eps inside the root; an image counts with all channels, rows and columns.

    Parameters
    ----------
    X : (N, D) or (N, C, H, W) ndarray
    gamma : ndarray, the shape of one sample
        Scale.
    beta : ndarray, the shape of one sample
        Shift.
    eps : float

    Returns
    -------
    Y : ndarray, the shape of `X`

    Raises
    ------
    ValueError
        If the shapes do not fit.

    References
    ----------
    Material Q6, eq. (22), with the variance 1/n sum (z - mean)^2.

    Examples
    --------
    >>> layer_norm_forward(np.array([[1.0, 3.0], [5.0, 9.0]]), np.ones(2), np.zeros(2), 0.0)
    array([[-1.,  1.],
           [-1.,  1.]])
    """
    _require_per_sample(X, gamma=gamma, beta=beta)
    Y: Array = gamma * _normalize(X, _sample_axes(X), eps) + beta
    return Y


def layer_norm_backward(dY: Array, X: Array, gamma: Array, eps: float) -> tuple[Array, Array, Array]:
    """Gradients of layer normalization; they also flow through mean and variance.

    Conventions: biased variance, eps inside the root, dgamma and dbeta summed over the batch.

    Parameters
    ----------
    dY : ndarray, the shape of `X`
        Gradient of the loss with respect to the layer's output.
    X : (N, D) or (N, C, H, W) ndarray
    gamma : ndarray, the shape of one sample
    eps : float

    Returns
    -------
    dX : ndarray, the shape of `X`
    dgamma : ndarray, the shape of one sample
    dbeta : ndarray, the shape of one sample

    Raises
    ------
    ValueError
        If the shapes do not fit.

    References
    ----------
    Material Q6, eq. (22), differentiated.

    Examples
    --------
    >>> dX, dgamma, dbeta = layer_norm_backward(
    ...     np.array([[1.0, 2.0]]), np.array([[1.0, 5.0]]), np.ones(2), 0.0)
    >>> dX.tolist(), dgamma.tolist(), dbeta.tolist()
    ([[0.0, 0.0]], [-1.0, 2.0], [1.0, 2.0])
    """
    _require_per_sample(X, gamma=gamma)
    require_shape("dY", dY, X.shape)
    axes = _sample_axes(X)
    dgamma: Array = (dY * _normalize(X, axes, eps)).sum(axis=0)
    dbeta: Array = dY.sum(axis=0)
    return _normalize_backward(dY * gamma, X, axes, eps), dgamma, dbeta


def instance_norm(x: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """Normalize every channel of every sample over its rows and columns: N * C means.

    Conventions: biased variance, eps inside the root.

    Parameters
    ----------
    x : (N, C, H, W) ndarray
    gamma : (C,) ndarray
        Scale.
    beta : (C,) ndarray
        Shift.
    eps : float

    Returns
    -------
    y : (N, C, H, W) ndarray

    Raises
    ------
    ValueError
        If the shapes do not fit.

    References
    ----------
    Material Q6, instance normalization and figure 7.

    Examples
    --------
    >>> instance_norm(np.array([[[[1.0, 3.0]], [[5.0, 9.0]]]]), np.ones(2), np.zeros(2), 0.0).ravel()
    array([-1.,  1., -1.,  1.])
    """
    require_axes("x", x, "N C H W")
    return group_norm(x, gamma, beta, x.shape[1], eps)


def group_norm(x: Array, gamma: Array, beta: Array, groups: int, eps: float) -> Array:
    """Normalize every group of channels of every sample over channels, rows and columns: N * G means.

    Conventions: `groups` groups of C / groups neighboring channels; biased variance, eps inside the root;
    gamma and beta belong to channels, not to groups.

    Parameters
    ----------
    x : (N, C, H, W) ndarray
    gamma : (C,) ndarray
        Scale.
    beta : (C,) ndarray
        Shift.
    groups : int
        Number of groups G; divides C.
    eps : float

    Returns
    -------
    y : (N, C, H, W) ndarray

    Raises
    ------
    ValueError
        If the shapes do not fit, or the channels cannot be split evenly.

    References
    ----------
    Material Q6, group normalization and figure 8.

    Examples
    --------
    >>> x = np.array([1.0, 3.0, 5.0, 9.0]).reshape(1, 4, 1, 1)
    >>> group_norm(x, np.ones(4), np.zeros(4), 2, 0.0).ravel()
    array([-1.,  1., -1.,  1.])
    """
    require_axes("x", x, "N C H W")
    _require_per_channel(x, gamma=gamma, beta=beta)
    if groups < 1 or x.shape[1] % groups != 0:
        raise ValueError(f"groups is {groups}, wanted a divisor of the {x.shape[1]} channels")
    grouped = x.reshape(x.shape[0], groups, -1)
    x_hat = _normalize(grouped, (2,), eps).reshape(x.shape)
    y: Array = _along_channels(gamma, x) * x_hat + _along_channels(beta, x)
    return y


def _batch_axes(X: Array) -> tuple[int, ...]:
    return (0, *range(2, X.ndim))


def _sample_axes(X: Array) -> tuple[int, ...]:
    return tuple(range(1, X.ndim))


def _along_channels(vector: Array, X: Array) -> Array:
    return vector.reshape(-1, *[1] * (X.ndim - 2))


def _normalize(X: Array, axes: tuple[int, ...], eps: float) -> Array:
    variance = X.var(axis=axes, keepdims=True)
    x_hat: Array = (X - X.mean(axis=axes, keepdims=True)) / np.sqrt(variance + eps)
    return x_hat


def _normalize_backward(dx_hat: Array, X: Array, axes: tuple[int, ...], eps: float) -> Array:
    x_hat = _normalize(X, axes, eps)
    through_mean = dx_hat.mean(axis=axes, keepdims=True)
    through_variance = x_hat * (dx_hat * x_hat).mean(axis=axes, keepdims=True)
    dX: Array = (dx_hat - through_mean - through_variance) / np.sqrt(X.var(axis=axes, keepdims=True) + eps)
    return dX


def _require_per_channel(X: Array, **vectors: Array) -> None:
    require_axes("X", X, "N D", "N C H W")
    for name, vector in vectors.items():
        require_shape(name, vector, X.shape[1:2])


def _require_per_sample(X: Array, **scales: Array) -> None:
    require_axes("X", X, "N D", "N C H W")
    for name, scale in scales.items():
        require_shape(name, scale, X.shape[1:])
