"""Midterm, my functions."""

import numpy as np


def mse_gradient(X, y, theta):
    return X.T @ (X @ theta - y) / len(y)


def batch_norm_forward(X, gamma, beta, eps):
    axes = (0,) if X.ndim == 2 else (0, 2, 3)
    shape = (1, -1) if X.ndim == 2 else (1, -1, 1, 1)
    mu = X.mean(axis=axes, keepdims=True)
    var = X.var(axis=axes, keepdims=True)
    return gamma.reshape(shape) * (X - mu) / np.sqrt(var + eps) + beta.reshape(shape)


def max_pool_backward(x, dY, window, stride, padding):
    dx = np.zeros_like(x)
    i = 0
    while i < dY.shape[2]:
        for j in range(dY.shape[3]):
            part = x[:, :, i * stride[0]:i * stride[0] + window[0], j * stride[1]:j * stride[1] + window[1]]
            best = part.max(axis=(2, 3), keepdims=True)
            part = part == best
    return dx
