"""Midterm, my functions."""

import numpy as np


def mse_gradient(X, y, theta):
    m, n = X.shape
    grad = np.zeros(n)
    for i in range(m):
        error = sum(theta[j] * X[i, j] for j in range(n)) - y[i]
        for j in range(n):
            grad[j] += error * X[i, j] / m
    return grad.astype(X.dtype)


def batch_norm_forward(X, gamma, beta, eps):
    # one channel after the other, easier to think about
    out = np.zeros_like(X)
    for c in range(X.shape[1]):
        z = X[:, c]
        mu = z.sum() / z.size
        var = ((z - mu) ** 2).sum() / z.size
        out[:, c] = gamma[c] * (z - mu) / np.sqrt(var + eps) + beta[c]
    return out


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
