"""期中考试：我的函数"""

import numpy as np


def mse_gradient(X, y, theta):
    return X.T @ (X @ theta - y) / len(y)


def batch_norm_forward(X, gamma, beta, eps):
    axes = (0,) if X.ndim == 2 else (0, 2, 3)
    shape = (1, -1) if X.ndim == 2 else (1, -1, 1, 1)
    mu = X.mean(axis=axes, keepdims=True)
    var = X.var(axis=axes, keepdims=True)
    return gamma.reshape(shape) * (X - mu) / np.sqrt(var + eps) + beta.reshape(shape)
