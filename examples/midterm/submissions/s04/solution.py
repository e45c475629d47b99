"""Midterm, my functions."""

import numpy as np


def mse_gradient(X, y, theta):
    return X.T @ (X @ theta - y)


def batch_norm_forward(X, gamma, beta, eps):
    axes = (0,) if X.ndim == 2 else (0, 2, 3)
    shape = (1, -1) if X.ndim == 2 else (1, -1, 1, 1)
    mu = X.mean(axis=axes, keepdims=True)
    var = X.var(axis=axes, keepdims=True)
    return gamma.reshape(shape) * (X - mu) / np.sqrt(var + eps) + beta.reshape(shape)


def max_pool_backward(x, dY, window, stride, padding):
    kh, kw = window
    sh, sw = stride
    ph, pw = padding
    N, C, H, W = x.shape
    xp = np.full((N, C, H + 2 * ph, W + 2 * pw), -np.inf)
    xp[:, :, ph:ph + H, pw:pw + W] = x
    dx = np.zeros_like(xp)
    for n in range(N):
        for c in range(C):
            for i in range(dY.shape[2]):
                for j in range(dY.shape[3]):
                    part = xp[n, c, i * sh:i * sh + kh, j * sw:j * sw + kw]
                    r, s = np.unravel_index(np.argmax(part), part.shape)
                    dx[n, c, i * sh + r, j * sw + s] += dY[n, c, i, j]
    return dx[:, :, ph:ph + H, pw:pw + W].astype(x.dtype)
