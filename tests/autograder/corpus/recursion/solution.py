"""Recursion over the rows."""
import numpy as np


def softmax(x):
    if x.ndim > 1:
        return np.stack([softmax(row) for row in x])
    e = np.exp(x - maximum(list(x)))
    return e / e.sum()


def maximum(values):
    if len(values) == 1:
        return values[0]
    rest = maximum(values[1:])
    return values[0] if values[0] > rest else rest


def max_pool(x, k):
    if x.shape[0] < k:
        return np.empty((0, x.shape[1] // k))
    first = np.array([[x[:k, j * k : j * k + k].max() for j in range(x.shape[1] // k)]])
    return np.concatenate([first, max_pool(x[k:], k)])
