"""Backpropagation through a neuron, a dense layer and a small network (material Q5, eq. 15-20)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from question_bank.reference.activations import relu, relu_backward, sigmoid, sigmoid_grad
from question_bank.reference.arrays import Array, Integers, require_axes, require_shape
from question_bank.reference.probabilities import log_softmax, softmax


def neuron_forward(x: Array, w: Array, b: float) -> float:
    """Activation of one sigmoid neuron: a = sigmoid(w . x + b).

    Parameters
    ----------
    x : (D,) ndarray
    w : (D,) ndarray
    b : float

    Returns
    -------
    a : float

    Raises
    ------
    ValueError
        If `x` is not a vector, or `w` not of its length.

    References
    ----------
    Material Q5, eq. (15) and (16).

    Examples
    --------
    >>> neuron_forward(np.array([1.0, 2.0]), np.array([3.0, -1.0]), -1.0)
    0.5
    """
    return float(sigmoid(_pre_activation(x, w, b)))


def neuron_backward(x: Array, w: Array, b: float, dL_da: float) -> tuple[Array, float]:
    """Gradients of one sigmoid neuron: dz = dL/da s'(z), dw = dz x, db = dz.

    Parameters
    ----------
    x : (D,) ndarray
    w : (D,) ndarray
    b : float
    dL_da : float
        Gradient of the loss with respect to the activation.

    Returns
    -------
    dw : (D,) ndarray
    db : float

    Raises
    ------
    ValueError
        If `x` is not a vector, or `w` not of its length.

    References
    ----------
    Material Q5, eq. (17) and (18).

    Examples
    --------
    >>> neuron_backward(np.array([1.0, 2.0]), np.array([3.0, -1.0]), -1.0, 4.0)
    (array([1., 2.]), 1.0)
    """
    dz = float(dL_da * sigmoid_grad(_pre_activation(x, w, b)))
    return dz * x, dz


def _pre_activation(x: Array, w: Array, b: float) -> float:
    require_axes("x", x, "D")
    require_shape("w", w, x.shape)
    return float(w @ x + b)


def dense_forward(X: Array, W: Array, b: Array) -> Array:
    """Output of a dense layer for a batch: Y = X W + b.

    Parameters
    ----------
    X : (N, D) ndarray
        One sample a row.
    W : (D, M) ndarray
    b : (M,) ndarray

    Returns
    -------
    Y : (N, M) ndarray

    Raises
    ------
    ValueError
        If the shapes do not fit.

    References
    ----------
    Material Q5, eq. (15), for M neurons and N samples at once.

    Examples
    --------
    >>> dense_forward(np.array([[1.0, 2.0]]), np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]]), np.ones(3))
    array([[2., 3., 4.]])
    """
    _require_dense(X, W)
    require_shape("b", b, W.shape[1:])
    Y: Array = X @ W + b
    return Y


def dense_backward(dY: Array, X: Array, W: Array) -> tuple[Array, Array, Array]:
    """Gradients of a dense layer: dX = dY W', dW = X' dY, db = the column sums of dY.

    Convention: gradients are summed over the batch; a mean belongs into the loss.

    Parameters
    ----------
    dY : (N, M) ndarray
        Gradient of the loss with respect to the layer's output.
    X : (N, D) ndarray
    W : (D, M) ndarray

    Returns
    -------
    dX : (N, D) ndarray
    dW : (D, M) ndarray
    db : (M,) ndarray

    Raises
    ------
    ValueError
        If the shapes do not fit.

    References
    ----------
    Material Q5, eq. (17) and (18), for M neurons and N samples at once.

    Examples
    --------
    >>> dX, dW, db = dense_backward(np.array([[1.0], [2.0]]), np.array([[3.0], [4.0]]), np.array([[5.0]]))
    >>> dX.tolist(), dW.tolist(), db.tolist()
    ([[5.0], [10.0]], [[11.0]], [3.0])
    """
    _require_dense(X, W)
    require_shape("dY", dY, (X.shape[0], W.shape[1]))
    return dY @ W.T, X.T @ dY, dY.sum(axis=0)


def _require_dense(X: NDArray[Any], W: NDArray[Any]) -> None:
    require_axes("X", X, "N D")
    require_axes("W", W, "D M")
    if X.shape[1] != W.shape[0]:
        raise ValueError(f"W has shape {W.shape}, wanted ({X.shape[1]}, M) to follow X {X.shape}")


def softmax_cross_entropy(scores: Array, y: Integers) -> tuple[float, Array]:
    """Cross-entropy of the softmax, averaged over the batch, and its gradient.

    L = -1/N sum_n log p[n, y_n], dscores = (p - onehot(y)) / N.

    Parameters
    ----------
    scores : (N, C) ndarray
        Logits.
    y : (N,) ndarray of int
        The true class of each sample, in 0 .. C - 1.

    Returns
    -------
    loss : float
    dscores : (N, C) ndarray

    Raises
    ------
    ValueError
        If the shapes do not fit, or a class does not exist.

    References
    ----------
    Material Q5, eq. (17), for the last layer; Q7 for the softmax.

    Examples
    --------
    >>> loss, dscores = softmax_cross_entropy(np.zeros((2, 4)), np.array([3, 0]))
    >>> round(loss, 4), dscores.tolist()
    (1.3863, [[0.125, 0.125, 0.125, -0.375], [-0.375, 0.125, 0.125, 0.125]])
    """
    require_axes("scores", scores, "N C")
    require_shape("y", y, scores.shape[:1])
    samples, classes = scores.shape
    if np.any((y < 0) | (y >= classes)):
        raise ValueError(f"y is {y.tolist()}, wanted classes in 0 .. {classes - 1}")
    truth = np.arange(samples), y
    dscores = softmax(scores)
    dscores[truth] -= 1
    return float(-np.mean(log_softmax(scores)[truth])), dscores / samples


def mlp_loss_and_grads(
    X: Array, y: Integers, W1: Array, b1: Array, W2: Array, b2: Array
) -> tuple[float, Array, Array, Array, Array]:
    """Loss and every gradient of a network with one hidden ReLU layer and softmax cross-entropy.

    Z = X W1 + b1, H = relu(Z), scores = H W2 + b2; the loss is averaged over the batch.

    Parameters
    ----------
    X : (N, D) ndarray
    y : (N,) ndarray of int
        The true class of each sample.
    W1 : (D, M) ndarray
    b1 : (M,) ndarray
    W2 : (M, C) ndarray
    b2 : (C,) ndarray

    Returns
    -------
    loss : float
    dW1 : (D, M) ndarray
    db1 : (M,) ndarray
    dW2 : (M, C) ndarray
    db2 : (C,) ndarray

    Raises
    ------
    ValueError
        If the shapes do not fit, or a class does not exist.

    References
    ----------
    Material Q5, eq. (15)-(18), layer by layer.

    Examples
    --------
    >>> X, y = np.array([[1.0, 2.0]]), np.array([1])
    >>> loss, *grads = mlp_loss_and_grads(X, y, np.eye(2), np.zeros(2), np.eye(2), np.array([1.0, 0.0]))
    >>> round(loss, 4), [grad.tolist() for grad in grads]
    (0.6931, [[[0.5, -0.5], [1.0, -1.0]], [0.5, -0.5], [[0.5, -0.5], [1.0, -1.0]], [0.5, -0.5]])
    """
    Z = dense_forward(X, W1, b1)
    H = relu(Z)
    loss, dscores = softmax_cross_entropy(dense_forward(H, W2, b2), y)
    dH, dW2, db2 = dense_backward(dscores, H, W2)
    _, dW1, db1 = dense_backward(relu_backward(Z, dH), X, W1)
    return loss, dW1, db1, dW2, db2
